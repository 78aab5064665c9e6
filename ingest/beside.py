"""What researchers keep beside their plans: corpus.csv, corrections.csv, codes.csv and verdicts.csv, and which of their rows concern a file.

Of each sheet the nearest counts: in the file's own folder, or in one above it up to the folder that was named on the
command line or the working directory.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Generic, TypeVar

from graph.ids import squeeze
from graph.records import DocumentRecord, TaskRecord
from graph.stored import plan_id
from ingest.codes import CodeRow, apply_codes, read_codes
from ingest.corpus import ManifestRow, read_manifest
from ingest.correction_sheet import COLUMNS, Correction, read_corrections
from ingest.readers import iter_files
from ingest.told import METADATA, read_told

MANIFEST, CORRECTIONS, CODES = "corpus.csv", "corrections.csv", "codes.csv"
VERDICTS = "verdicts.csv"


@dataclass(slots=True)
class FileRows:
    """The rows that concern one file. `by_hand` has a hash of those of each sheet (m=… c=… k=…), empty where there are none."""

    path: str
    manifest: list[ManifestRow] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    codes: list[CodeRow] = field(default_factory=list)
    by_hand: str = ""
    met: set[Correction | CodeRow] = field(default_factory=set)  # rows whose document was found
    used: set[CodeRow] = field(default_factory=set)  # those of codes.csv that a task meets
    lost: list[tuple[Correction | CodeRow, str]] = field(default_factory=list)  # rows that found nothing to change, and why

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
        from ingest.corrections import apply_corrections  # brings what reads a text, and spaCy: who reads none has no need of them

        ids = (record.id, *((plan_id(record), plan_id(as_read)) if record.kind == "plan" else ()))
        rows = [row for row in self.corrections if row.field not in METADATA and (self._means(row, place, record.title) or row.document in ids)]
        coded = [row for row in self.codes if not row.document or self._means(row, place, record.title) or row.document in ids]
        self.met.update(rows, coded)
        tasks = {before.id: task for side in (as_read, record) for before, task in zip(side.tasks, record.tasks, strict=True)}
        self.lost += apply_corrections(record, as_read, rows, text)
        self._code(record, coded, tasks | {task.id: task for task in record.tasks}, place)
        record.by_hand = self.by_hand

    def _code(self, record: DocumentRecord, rows: list[CodeRow], tasks: dict[str, TaskRecord], place: int) -> None:
        """A row that names a file of several documents is lost where none of them has its task, and told once."""
        used, lost = apply_codes(record, rows, tasks)
        self.used |= {row for row in used if row.task or self.includes(place)}
        told = {row for row, _ in self.lost}
        self.lost = [(row, why) for row, why in self.lost if row not in self.used] + [(row, why) for row, why in lost if row not in self.used | told]

    def _means(self, row: Correction | CodeRow, place: int, title: str) -> bool:
        """plans.txt, plans.txt#2 and plans.txt#the title of its second document; or a title alone."""
        name, _, which = row.document.partition("#")
        if not _is_of(name, self.path):
            return squeeze(row.document) == squeeze(title)
        return not which or (int(which) == place if which.isdigit() else squeeze(which) == squeeze(title))


Row = TypeVar("Row", ManifestRow, Correction, CodeRow)


class _Sheet(Generic[Row]):
    """A sheet's rows by the files that they name: with a row a file it must not be gone through for each file."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self._of_any: list[Row] = []  # rows of a title or id, which may be that of any file's document
        self._by_name: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if isinstance(row, ManifestRow) or PurePath(row.document).suffix:
                self._by_name[PurePath(file_named(row)).name].append(row)
            else:
                self._of_any.append(row)

    def rows_of(self, path: str) -> list[Row]:
        """The rows that may be about a document of a file, in the sheet's order."""
        named = [row for row in self._by_name.get(PurePath(path).name, ()) if _is_of(file_named(row), path)]
        return sorted([*named, *self._of_any], key=lambda row: row.line)


def file_named(row: ManifestRow | Correction | CodeRow) -> str:
    """What a row writes in the place of a file's name: that of plans.txt#2 is plans.txt."""
    return row.file if isinstance(row, ManifestRow) else row.document.partition("#")[0]


def _is_of(name: str, path: str) -> bool:
    """Whether a name in a sheet is that of a file: the whole path or its end."""
    parts, wanted = PurePath(path).parts, PurePath(name).parts
    return bool(wanted) and parts[-len(wanted):] == wanted


class NamedFiles(list[str]):
    """The files of a run; `named` are the files and folders that the user named to get them."""

    def __init__(self, files: Iterable[str], named: Iterable[str]) -> None:
        super().__init__(files)
        self.named = list(named)


class Beside:
    """The sheets beside the files of one run, each read once."""

    def __init__(self, named: Iterable[str | os.PathLike] = ()) -> None:
        here = Path.cwd()
        self._ends = {os.path.abspath(path) for path in (named.named if isinstance(named, NamedFiles) else named)} | {str(here)}
        self._sheets: dict[tuple[str, str], str | None] = {}  # by folder and name
        self._manifests: dict[str, _Sheet[ManifestRow]] = {}
        self._corrections: dict[str, _Sheet[Correction]] = {}
        self._codes: dict[str, _Sheet[CodeRow]] = {}
        self.met: set[Correction | CodeRow] = set()  # rows whose document was found in one of the files
        self.used: set[CodeRow] = set()  # those of codes.csv that a task of one of them meets

    @classmethod
    def none(cls) -> Beside:
        """No sheet at all: files as they are read."""
        found = cls()
        found._ends = set()
        return found

    def fresh(self) -> Beside:
        """The same with nothing read yet, for another process."""
        found = Beside()
        found._ends = self._ends
        return found

    def read_sheets(self, path: str) -> tuple[_Sheet[ManifestRow] | None, _Sheet[Correction] | None, _Sheet[CodeRow] | None]:
        """The sheets beside a file; raises BadSheet where one cannot be read."""
        manifest, corrections, codes = (self._nearest(path, name) for name in (MANIFEST, CORRECTIONS, CODES))
        if manifest and manifest not in self._manifests:
            self._manifests[manifest] = _Sheet(read_manifest(manifest))
        if corrections and corrections not in self._corrections:
            self._corrections[corrections] = _Sheet(read_corrections(corrections))
        if codes and codes not in self._codes:
            self._codes[codes] = _Sheet(read_codes(codes))
        return self._manifests.get(manifest or ""), self._corrections.get(corrections or ""), self._codes.get(codes or "")

    def rows_of(self, path: str) -> FileRows:
        """The rows that concern a file; raises BadSheet where a sheet cannot be read."""
        manifest, corrections, codes = self.read_sheets(path)
        rows = FileRows(path, manifest.rows_of(path) if manifest else [], corrections.rows_of(path) if corrections else [], codes.rows_of(path) if codes else [])
        told = [f"{row.document} {row.included} {sorted(row.told().items())}" for row in rows.manifest if row.yours or not row.included]
        put_right = ["\x1f".join(getattr(row, column) for column in COLUMNS) for row in rows.corrections]
        coded = sorted({row.meaning() for row in rows.codes})  # their order and notes change nothing
        rows.by_hand = " ".join(f"{letter}={hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:12]}" for letter, parts in (("m", told), ("c", put_right), ("k", coded)) if parts)
        return rows

    def verdict_sheets(self, paths: Iterable[str]) -> list[str]:
        """The verdicts.csv that lie beside files, each once. Verdicts are on pairs, so none is a file's own."""
        return list(dict.fromkeys(sheet for path in paths if (sheet := self.verdict_sheet(path))))

    def verdict_sheet(self, path: str) -> str | None:
        """The verdicts.csv that covers a file; None too where the file's folder is gone: what lies above is not beside it."""
        sheet = self._nearest(path, VERDICTS)
        return sheet if sheet and Path(path).parent.exists() else None

    def correction_sheet(self, path: str) -> str | None:
        """The corrections.csv that covers a file."""
        return self._nearest(path, CORRECTIONS)

    def _nearest(self, path: str, name: str) -> str | None:
        if not self._ends:
            return None
        folder = os.path.dirname(os.path.abspath(path))
        if (folder, name) not in self._sheets:
            self._sheets[folder, name] = self._find(Path(folder), name)
        return self._sheets[folder, name]

    def _find(self, folder: Path, name: str) -> str | None:
        way = (folder, *folder.parents)
        last = next((above for above in reversed(way) if str(above) in self._ends), folder)
        for above in way:
            if (above / name).is_file():
                sheet = os.path.relpath(above / name)
                return sheet if not sheet.startswith("..") else str(above / name)
            if above == last:
                return None
        return None

    def unmet(self, whole_run: bool, files: Sequence[str]) -> list[tuple[Correction | CodeRow, str]]:
        """Rows of the sheets that were read which no document or task of these files met, and why. Where files were skipped
        as unchanged (not a whole run) only rows that name a file are told: a title may be in one of those."""
        left: list[tuple[Correction | CodeRow, str]] = []
        idle = [(sheet, row) for sheet, listed in (*self._corrections.items(), *self._codes.items()) for row in listed.rows if row.document and row not in self.met]
        names = {PurePath(file_named(row)).name for _, row in idle}
        of_name: dict[str, list[str]] = defaultdict(list)
        for path in files if idle and not whole_run else ():
            if (name := PurePath(path).name) in names:
                of_name[name].append(path)
        for sheet, row in idle:
            name = file_named(row)
            named = any(_is_of(name, path) for path in of_name[PurePath(name).name])
            if whole_run or not named and PurePath(name).suffix and not (Path(sheet).parent / name).exists():
                left.append((row, f"no document {row.document!r} is among the files"))
        tried = {os.path.abspath(path) for path in files} if self._codes else set()
        for sheet, codes in self._codes.items():
            without = [row for row in codes.rows if not row.task and row not in self.used and (row in self.met or not row.document)]
            # A rule for every document may be met by one that this run left out.
            complete = bool(without) and whole_run and self._all_beside(sheet, tried)
            left += [(row, "no task meets this rule") for row in without if complete or row.document]
        return left

    def _all_beside(self, sheet: str, tried: set[str]) -> bool:
        """Whether all files beside a sheet are among these absolute paths."""
        return all(os.path.abspath(path) in tried for path in iter_files([Path(sheet).parent]))

    def rows(self) -> list[Correction | CodeRow]:
        """Every row of the sheets of corrections and codes that were read."""
        return [row for listed in (*self._corrections.values(), *self._codes.values()) for row in listed.rows]
