"""What researchers keep beside their plans: corpus.csv and corrections.csv, and which of their rows concern a file.

Of each sheet the nearest counts: in the file's own folder, or in one above it up to the folder that was named on the
command line or the working directory.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from graph.ids import squeeze
from graph.records import DocumentRecord
from graph.stored import plan_id
from ingest.corpus import ManifestRow, read_manifest
from ingest.corrections import COLUMNS, Correction, apply_corrections, read_corrections
from ingest.metadata import METADATA, read_told

MANIFEST, CORRECTIONS = "corpus.csv", "corrections.csv"


@dataclass(slots=True)
class FileRows:
    """The rows that concern one file. `by_hand` has a hash of those of each sheet (m=… c=…), empty where there are none."""

    path: str
    manifest: list[ManifestRow] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    by_hand: str = ""
    met: set[Correction] = field(default_factory=set)  # rows whose document was found
    lost: list[tuple[Correction, str]] = field(default_factory=list)  # rows that found nothing to change, and why

    def told(self, place: int, title: str) -> dict[str, Any]:
        """Metadata of the n-th document that the sheets settle; corrections.csv wins over corpus.csv."""
        found: dict[str, Any] = {}
        for row in self.manifest:
            if row.document == place:
                found |= row.told()
        for row in self.corrections:
            if row.field in METADATA and self._means(row, place, title):
                found[row.field] = read_told(row.field, row.value)
                self.met.add(row)
        return found

    def includes(self, place: int) -> bool:
        return all(row.included for row in self.manifest if row.document == place)

    def apply(self, record: DocumentRecord, as_read: DocumentRecord, place: int, text: str) -> None:
        """Put the n-th document right; what could not be applied is in `lost`. Its ids of before anything was told count too."""
        rows = [row for row in self.corrections if row.field not in METADATA
                and (self._means(row, place, record.title) or row.document in (record.id, *((plan_id(record), plan_id(as_read)) if record.kind == "plan" else ())))]
        self.met.update(rows)
        self.lost += apply_corrections(record, as_read, rows, text)
        record.by_hand = self.by_hand

    def _means(self, row: Correction, place: int, title: str) -> bool:
        """plans.txt, plans.txt#2 and plans.txt#the title of its second document; or a title alone."""
        name, _, which = row.document.partition("#")
        if not _is_of(name, self.path):
            return squeeze(row.document) == squeeze(title)
        return not which or (int(which) == place if which.isdigit() else squeeze(which) == squeeze(title))


def _is_of(name: str, path: str) -> bool:
    """Whether a name in a sheet is that of a file: the whole path or its end."""
    parts, wanted = PurePath(path).parts, PurePath(name).parts
    return bool(wanted) and parts[-len(wanted):] == wanted


class Beside:
    """The sheets beside the files of one run, each read once."""

    def __init__(self, named: Iterable[str | os.PathLike] = ()) -> None:
        here = Path.cwd()
        self._ends = [Path(os.path.abspath(path)) for path in named] + [here]
        self._manifests: dict[str, list[ManifestRow]] = {}
        self._corrections: dict[str, list[Correction]] = {}
        self.seen: list[FileRows] = []

    @classmethod
    def none(cls) -> Beside:
        """No sheet at all: files as they are read."""
        found = cls()
        found._ends = []
        return found

    def rows_of(self, path: str) -> FileRows:
        """The rows that concern a file; raises BadSheet where a sheet cannot be read."""
        rows = FileRows(path)
        if sheet := self._nearest(path, MANIFEST):
            if sheet not in self._manifests:
                self._manifests[sheet] = read_manifest(sheet)
            rows.manifest = [row for row in self._manifests[sheet] if _is_of(row.file, path)]
        if sheet := self._nearest(path, CORRECTIONS):
            if sheet not in self._corrections:
                self._corrections[sheet] = read_corrections(sheet)
            rows.corrections = [row for row in self._corrections[sheet] if _is_of(row.document.partition("#")[0], path) or not PurePath(row.document).suffix]
        told = [f"{row.document} {row.included} {sorted(row.told().items())}" for row in rows.manifest if row.yours or not row.included]
        put_right = ["\x1f".join(getattr(row, column) for column in COLUMNS) for row in rows.corrections]
        rows.by_hand = " ".join(f"{letter}={hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:12]}" for letter, parts in (("m", told), ("c", put_right)) if parts)
        self.seen.append(rows)
        return rows

    def _nearest(self, path: str, name: str) -> str | None:
        if not self._ends:
            return None
        folder = Path(os.path.abspath(path)).parent
        ends = [end for end in self._ends if end == folder or end in folder.parents]
        last = min(ends, key=lambda end: len(end.parts), default=folder)
        for above in (folder, *folder.parents):
            if (above / name).is_file():
                sheet = os.path.relpath(above / name)
                return sheet if not sheet.startswith("..") else str(above / name)
            if above == last:
                return None
        return None

    def unmet(self, whole_run: bool) -> list[Correction]:
        """Rows of the sheets that were read whose document was not among the files. Where files were skipped as
        unchanged (not a whole run) only rows that name a file are told: a title may be in one of those."""
        met = set().union(*(rows.met for rows in self.seen)) if self.seen else set()
        left = []
        for sheet, rows in self._corrections.items():
            for row in rows:
                name = row.document.partition("#")[0]
                named = [seen for seen in self.seen if _is_of(name, seen.path)]
                if row not in met and (whole_run or not named and PurePath(name).suffix and not (Path(sheet).parent / name).exists()):
                    left.append(row)
        return left
