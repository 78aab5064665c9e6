"""The corpus manifest: corpus.csv, one row a document, filled from what was read; what the researcher writes in it wins.

The column `read` keeps a short hash of each cell that the tool wrote, so that a cell that differs from its hash is
the researcher's, and stays so; `yours` names those cells. Without that column every cell that is filled is theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graph.records import DocumentRecord
from ingest.errors import BadSheet
from ingest.sheets import SheetRow, read_sheet
from ingest.told import METADATA, read_told

COLUMNS = ("file", "document", "title", "kind", "sha256", "url", "retrieved_on", "issuer", "place", "level", "doc_number", "signed_on", "published_on",
           "years", "genre", "series", "status", "tasks", "include", "note", "yours", "read")
# What the researcher's word settles; the other columns only tell.
TOLD = tuple(name for name in COLUMNS if name in METADATA)
WATCHED = (*TOLD, "retrieved_on", "include", "note")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One document as corpus.csv has it; `yours` are the cells that the researcher wrote."""

    sheet: str
    line: int
    file: str
    document: int  # 1 for the first document of its file
    cells: dict[str, str]
    yours: frozenset[str]

    @property
    def included(self) -> bool:
        return self.cells.get("include", "") != "no"

    def told(self) -> dict[str, Any]:
        """The metadata that the researcher settles."""
        return {name: read_told(name, self.cells.get(name, "")) for name in TOLD if name in self.yours}


def read_manifest(path: str) -> list[ManifestRow]:
    """The rows of a corpus.csv; raises BadSheet that names line and cell."""
    rows = []
    for row in read_sheet(path, COLUMNS, needed=("file",)):
        if not row["file"]:
            raise BadSheet(path, row.line, "the file is missing")
        if row["document"] and not row["document"].isdigit():
            raise BadSheet(path, row.line, f"document is {row['document']!r}, expected 1 for the first document of its file, 2 for the second")
        if row["include"] not in ("", "yes", "no"):
            raise BadSheet(path, row.line, f"include is {row['include']!r}, expected yes or no")
        yours = _yours(row)
        for name in TOLD:
            if name in yours:
                try:
                    read_told(name, row[name])
                except ValueError as problem:
                    raise BadSheet(path, row.line, f"{name}: {problem}") from None
        rows.append(ManifestRow(path, row.line, row["file"], int(row["document"] or 1), row.cells, yours))
    return rows


def _yours(row: SheetRow) -> frozenset[str]:
    written = dict(pair.split("=") for pair in row["read"].split() if pair.count("=") == 1)
    if not written:
        return frozenset(name for name in WATCHED if row[name])
    return frozenset(name for name in WATCHED if name in row.cells and written.get(name) != _hash(row[name]))


def _hash(cell: str) -> str:
    return hashlib.sha256("".join(cell.split()).encode()).hexdigest()[:6]


def manifest_cells(record: DocumentRecord, file: str, place: int, include: bool, note: str, before: ManifestRow | None) -> dict[str, Any]:
    """The row of one document: what was read, and over it what the researcher wrote in the row before."""
    front = {"retrieved_on": record.retrieved_on}
    read = {
        "file": file, "document": place, "title": record.title, "kind": record.kind, "sha256": record.sha256, "url": record.url, **front,
        "issuer": record.body if record.issuer is None else record.issuer, "place": record.place, "level": record.level, "doc_number": record.doc_number,
        "signed_on": record.signed_on, "published_on": record.published_on, "years": years_cell(record.years), "genre": record.genre,
        "series": record.series, "status": ("draft" if record.draft else "final") if record.kind == "plan" else "", "tasks": len(record.tasks),
        "include": "yes" if include else "no", "note": note}
    cells = {name: "" if value is None else str(value) for name, value in read.items()}
    yours = sorted(before.yours) if before else []
    written = {name: cells[name] for name in WATCHED}
    for name in yours:
        assert before is not None
        cells[name] = before.cells.get(name, "")
        # The hash stays that of what the tool would write, so that the cell goes on being theirs.
        written[name] = "\0" + written[name]
    cells["yours"] = " ".join(yours)
    cells["read"] = " ".join(f"{name}={_hash(value)}" for name, value in written.items())
    return cells


def years_cell(years: Iterable[int]) -> str:
    """2021, 2021-2023, 2019；2021."""
    listed = sorted(years)
    if len(listed) > 1 and listed[-1] - listed[0] == len(listed) - 1:
        return f"{listed[0]}-{listed[-1]}"
    return "；".join(map(str, listed))
