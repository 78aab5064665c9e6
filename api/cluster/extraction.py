"""`extract --cluster`: the files of a folder to records, a partition of files to one Parquet file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from api.cluster import FILES
from api.cluster.folders import Listed, Output, everywhere, file_system, is_of_this_machine, list_folder, local_copy, sheets_beside
from api.cluster.partitions import Job, Report, finish, iter_made, part_name, read_list, why, writing
from api.cluster.scheduler import Advance
from api.jobs import Failures
from graph.records import DocumentRecord
from ingest.beside import Beside, FileRows
from ingest.codes import CodeRow
from ingest.correction_sheet import Correction
from ingest.errors import InputError, MissingFile, UnreadableFile
from ingest.readers import Source, read_bytes, read_regular, read_source
from ingest.reading import Reading, read_text
from ingest.rules import read_with

RECORDS = "records.json"  # says which files of a folder are its records; written when all are there
_ONE = Lock()  # the pipeline is made for one thread


@dataclass(frozen=True, slots=True)
class Asked:
    """One file of a partition: the rows of the sheets beside it, or why these cannot be read."""

    file: Listed
    rows: FileRows | None
    error: str = ""


@dataclass(slots=True)
class Partition(Job):
    """What becomes one Parquet file of records."""

    folder: str  # where the files are read
    files: list[Asked]


@dataclass(slots=True)
class FilesReport(Report):
    """What came of a partition of files."""

    sources: list[tuple[str, str]] = field(default_factory=list)  # each file and its version
    documents: int = 0
    tasks: int = 0
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)  # rows of the sheets whose document is here, by `_name_of`
    used: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Extracted:
    """What a run did, in counts."""

    partitions: int = 0
    there: int = 0  # partitions that a run before had made
    files: int = 0
    documents: int = 0
    tasks: int = 0


def extract_folder(address: str, folder: str, output: str, failures: Failures, advance: Advance, size: int = FILES) -> Extracted:
    """Write the records of a folder's files to Parquet files in another, which is made; raises NoCluster, OtherWorker, ClusterLost.

    `advance` is called with how many files are done, of how many. What failed is in `failures`; where a whole partition did, the
    folder is not complete and the next run tries it again.
    """
    listing, place = list_folder(folder), Output(output)
    beside, seen = sheets_beside(folder, listing), read_with()
    parts = {part_name(k, _digest(files, beside, seen)): files for k, files in enumerate(_cut(listing.files, size))}
    result, reports = Extracted(len(parts), files=len(listing.files)), {}

    def ask(name: str) -> Partition:
        return Partition(name, everywhere(output), seen, everywhere(folder), [_ask(file, beside) for file in parts[name]])

    for name, report, there in iter_made(address, place, {name: len(files) for name, files in parts.items()}, ask, extract_partition, FilesReport, advance):
        if isinstance(report, Exception):
            first, last = parts[name][0].source, parts[name][-1].source
            failures.errors.append(f"{name} ({len(parts[name])} files, {first} to {last}) is not written: {why(report)}; `policygraph extract` on these says of which file")
        else:
            reports[name] = report
            result.there += there
    _conclude(parts, reports, beside, [file.source for file in listing.files], failures, result)
    if len(reports) == len(parts):
        finish(place, RECORDS, {"read_with": seen, "folder": folder, "files": result.files, "documents": result.documents, "tasks": result.tasks}, list(parts))
    return result


def list_records(folder: Output) -> dict[str, Any]:
    """What records.json says of a folder of records; raises Unfinished."""
    return read_list(folder, RECORDS, f"extract --cluster ADDRESS FOLDER -o {folder.url}")


def _cut(files: list[Listed], size: int) -> Iterator[list[Listed]]:
    for start in range(0, len(files), size):
        yield files[start:start + size]


def _ask(file: Listed, beside: Beside) -> Asked:
    try:
        return Asked(file, beside.rows_of(file.source))
    except InputError as error:
        return Asked(file, None, str(error))


def _digest(files: list[Listed], beside: Beside, seen: str) -> str:
    """Of all that decides what is in a partition: policygraph's version and rules, the files, and the rows by hand that concern them."""
    digest = hashlib.sha256(seen.encode())
    for file in files:
        asked = _ask(file, beside)
        digest.update("\0".join((file.source, file.version, asked.rows.by_hand if asked.rows else asked.error, "")).encode())
    return digest.hexdigest()


def _conclude(parts: Iterable[str], reports: dict[str, FilesReport], beside: Beside, sources: list[str], failures: Failures, result: Extracted) -> None:
    """Failures and counts in the order of the files, whatever order they were done in."""
    named: dict[str, list[Any]] = defaultdict(list)
    for row in beside.rows():
        named[_name_of(row)].append(row)
    for name in parts:
        if report := reports.get(name):
            failures.warnings += report.warnings
            failures.errors += [error for error in report.errors if error not in failures.errors]  # a sheet that cannot be read concerns every file beside it
            beside.met.update(row for told in report.met for row in named[told])
            beside.used.update(row for told in report.used for row in named[told])
            result.documents += report.documents
            result.tasks += report.tasks
    if len(reports) == result.partitions:
        failures.warnings += [f"{row.place()}: not applied: {reason}" for row, reason in beside.unmet(True, sources)]


def _name_of(row: Correction | CodeRow) -> str:
    """A row of a sheet by what it says, wherever it stands: lines shift."""
    said = row.meaning() if isinstance(row, CodeRow) else repr(replace(row, sheet="", line=0))
    return hashlib.sha256(f"{row.sheet}\0{said}".encode()).hexdigest()[:16]


# --- on a worker ------------------------------------------------------------------------------------

def extract_partition(partition: Partition) -> FilesReport:
    """Read a partition's files, a file at a time, and put their records where they belong."""
    report, met, used = FilesReport(partition.read_with, sources=[(asked.file.source, asked.file.version) for asked in partition.files]), set(), set()
    with _ONE, writing(partition, DocumentRecord, report) as rows:
        for asked, reading in _read_all(partition, report):
            rows.add(reading.made or [])
            _note(report, reading)
            met |= reading.met
            used |= reading.used
        report.met, report.used = (sorted({_name_of(row) for row in found}) for found in (met, used))
    return report


def _read_all(partition: Partition, report: FilesReport) -> Iterator[tuple[Asked, Reading]]:
    system, _ = file_system(partition.folder)
    for (path, in_archive), files in groupby(partition.files, key=lambda asked: (asked.file.path, asked.file.member is not None)):
        if in_archive:
            with local_copy(system, path) as copy:
                for asked in files:
                    yield asked, _read(asked, lambda asked=asked, copy=copy: _read_member(asked.file, copy))
        else:
            for asked in files:
                try:
                    yield asked, _read(asked, lambda asked=asked: _read_file(asked.file, system))
                except PermissionError as error:
                    report.passing = True
                    yield asked, Reading(asked.file.source, error=str(UnreadableFile(asked.file.source, error.strerror or error)))


def _read(asked: Asked, source: Callable[[], Source]) -> Reading:
    if asked.rows is None:
        return Reading(asked.file.source, error=asked.error)
    try:
        return read_text(source(), asked.rows, lambda records: records)
    except InputError as error:
        return Reading(asked.file.source, error=str(error))


def _read_file(file: Listed, system: Any) -> Source:
    try:
        if Path(file.path).suffix.lower() == ".zip":  # a broken or empty one: why is told
            with local_copy(system, file.path) as copy:
                return _read_member(file, copy)
        return read_bytes(file.source, read_regular(file.path, file.source) if is_of_this_machine(system) else system.cat_file(file.path))
    except FileNotFoundError:
        raise MissingFile(file.source) from None


def _read_member(file: Listed, copy: str) -> Source:
    """A file of an archive, or the archive itself, named as it was found and not as its copy here."""
    archive = file.source.removesuffix(f"/{file.member}") if file.member else file.source
    try:
        return replace(read_source(f"{copy}/{file.member}" if file.member else copy), path=file.source)
    except InputError as error:
        raise InputError(str(error).replace(copy, archive)) from None


def _note(report: FilesReport, reading: Reading) -> None:
    if reading.error is not None:
        report.errors += [reading.error] if reading.error not in report.errors else []
        return
    report.documents += len(reading.made)
    report.tasks += sum(len(record.tasks) for record in reading.made)
    report.warnings += reading.warnings
