"""A folder's manifest made: what each file's documents are, and which of them are one plan again."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.records import DocumentRecord
from graph.stored import plan_id
from graph.twins import preference, same_plan
from ingest.corpus import ManifestRow, manifest_cells


@dataclass(slots=True)
class Entry:
    """One document on its way into the manifest."""

    file: str  # as the sheet's folder sees it
    place: int
    record: DocumentRecord
    include: bool = True
    notes: list[str] = field(default_factory=list)


def build_manifest(folder: str, records: Iterable[tuple[str, list[DocumentRecord]]], before: list[ManifestRow]) -> tuple[list[dict[str, Any]], list[Entry]]:
    """The rows of corpus.csv for files with the records as read; what `before` has of the researcher stays.

    Files that are gone keep their row, with a note, so that nothing that somebody wrote is lost.
    """
    entries = [Entry(Path(os.path.relpath(path, folder)).as_posix(), place, record) for path, of_file in records for place, record in enumerate(of_file, 1)]
    _mark_twins([entry for entry in entries if entry.record.kind == "plan"])
    known = {(row.file, row.document): row for row in before}
    rows = [manifest_cells(entry.record, entry.file, entry.place, entry.include, "; ".join(entry.notes), known.pop((entry.file, entry.place), None)) for entry in entries]
    for row in known.values():
        rows.append(row.cells | {"file": row.file, "document": str(row.document), "note": row.cells.get("note", "") or "the file is gone"})
    return rows, entries


def _mark_twins(plans: list[Entry]) -> None:
    """Name reposts, drafts, forwarded copies and the same plan in two formats; the better one stays in."""
    by_series: dict[str | None, list[Entry]] = defaultdict(list)
    for entry in plans:
        if entry.record.draft:
            entry.notes.append("draft")
        if entry.record.forwarded_by:
            entry.notes.append(f"forwarded by {entry.record.forwarded_by}")
        by_series[entry.record.series].append(entry)
    for entries in by_series.values():
        entries.sort(key=lambda entry: preference(entry.record), reverse=True)
        kept: list[Entry] = []
        for entry in entries:
            for better in kept:
                why = "the same plan" if plan_id(entry.record) == plan_id(better.record) else same_plan(entry.record, better.record)
                if why:
                    entry.include = False
                    entry.notes.append(f"{why} as {better.file}" if why == "the same plan" else f"{why} of {better.file}")
                    break
            else:
                kept.append(entry)
