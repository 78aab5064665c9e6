"""`extract --cluster`: the files of a folder to records, a partition of files to one Parquet file."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from api.cluster import FILES
from api.cluster.folders import Listed, Output, everywhere, file_system, list_folder, local_copy, sheets_beside
from api.cluster.rows import RowFile, read_metadata
from api.cluster.scheduler import connect, iter_done
from api.jobs import Failures
from graph.errors import InputError, MissingFile, PolicygraphError, Unfinished, UnreadableFile
from graph.records import DocumentRecord
from graph.settings import VERSION
from ingest.beside import Beside, FileRows
from ingest.codes import CodeRow
from ingest.correction_sheet import Correction
from ingest.readers import Source, read_bytes, read_source
from ingest.reading import Reading, read_text
from ingest.rules import read_with

MANIFEST = "records.json"  # which files of a folder are its records; written when all are there
_PART = re.compile(r"part-\d{5,}-[0-9a-f]{12}\.parquet|\.part-.*\.writing")
_READING = 16  # metadata of so many files are read at a time
_ONE = Lock()  # the pipeline is made for one thread


@dataclass(frozen=True, slots=True)
class Asked:
    """One file of a partition: the rows of the sheets beside it, or why these cannot be read."""

    file: Listed
    rows: FileRows | None
    error: str = ""


@dataclass(slots=True)
class Partition:
    """What becomes one Parquet file. All of it goes to the worker."""

    name: str  # of the file; says what it was made from
    folder: str  # where the files are read
    output: str
    read_with: str
    files: list[Asked]


@dataclass(slots=True)
class Report:
    """What came of a partition; it stands in the metadata of its file."""

    read_with: str
    sources: list[tuple[str, str]]  # each file and its version
    documents: int = 0
    tasks: int = 0
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)  # rows of the sheets whose document is here, by `_name_of`
    used: list[str] = field(default_factory=list)
    passing: bool = False  # a file could not be opened, which may be otherwise next time


@dataclass(slots=True)
class Extracted:
    """What a run did, in counts."""

    partitions: int = 0
    there: int = 0  # partitions that a run before had made
    files: int = 0
    documents: int = 0
    tasks: int = 0


def extract_folder(address: str, folder: str, output: str, failures: Failures, advance: Callable[[int, int], None], size: int = FILES) -> Extracted:
    """Write the records of a folder's files to Parquet files in another, which is made; raises NoCluster, OtherWorker, ClusterLost.

    `advance` is called with how many files are done, of how many. What failed is in `failures`; where a whole partition did, the
    folder is not complete and the next run tries it again.
    """
    listing, place = list_folder(folder), Output(output)
    beside, seen = sheets_beside(folder, listing), read_with()
    parts = {_part_name(k, files, beside, seen): files for k, files in enumerate(_cut(listing.files, size))}
    place.make()
    there = place.names()
    reports = dict(_read_reports(place, [name for name in parts if name in there]))
    done = sum(len(parts[name]) for name in reports)
    result = Extracted(len(parts), len(reports), len(listing.files))
    if missing := [name for name in parts if name not in reports]:
        with connect(address) as client:
            advance(done, len(listing.files))
            jobs = (Partition(name, everywhere(folder), everywhere(output), seen, [_ask(file, beside) for file in parts[name]]) for name in missing)
            for partition, report in iter_done(client, address, extract_partition, jobs, len(missing)):
                if isinstance(report, Exception):
                    failures.errors.append(_told(partition, report))
                else:
                    reports[partition.name] = report
                done += len(partition.files)
                advance(done, len(listing.files))
    _conclude(parts, reports, beside, [file.source for file in listing.files], failures, result)
    if len(reports) == len(parts):
        told = {"policygraph": VERSION, "read_with": seen, "folder": folder, "files": result.files, "documents": result.documents, "tasks": result.tasks, "parts": list(parts)}
        place.put_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", MANIFEST)
        place.remove({name for name in place.names() if _PART.fullmatch(name)} - set(parts))
    return result


def parts_of(folder: Output) -> dict[str, Any]:
    """What records.json says of a folder of records; raises Unfinished where it is not there, or one of its files is not."""
    try:
        with folder.open(MANIFEST) as file:
            told = json.load(file)
    except FileNotFoundError:
        raise Unfinished(folder.url, f"{MANIFEST} is not in it", f"extract --cluster ADDRESS FOLDER -o {folder.url}") from None
    if gone := set(told["parts"]) - folder.names():
        raise Unfinished(folder.url, f"{len(gone)} of {len(told['parts'])} files of its records are gone", f"extract --cluster ADDRESS {told['folder']} -o {folder.url}")
    return told


def _cut(files: list[Listed], size: int) -> Iterator[list[Listed]]:
    for start in range(0, len(files), size):
        yield files[start:start + size]


def _ask(file: Listed, beside: Beside) -> Asked:
    try:
        return Asked(file, beside.rows_of(file.source))
    except InputError as error:
        return Asked(file, None, str(error))


def _part_name(k: int, files: list[Listed], beside: Beside, seen: str) -> str:
    """From all that decides what is in it: policygraph's version and rules, the files, and the rows by hand that concern them."""
    digest = hashlib.sha256(seen.encode())
    for file in files:
        asked = _ask(file, beside)
        digest.update("\0".join((file.source, file.version, asked.rows.by_hand if asked.rows else asked.error, "")).encode())
    return f"part-{k:05}-{digest.hexdigest()[:12]}.parquet"


def _read_reports(place: Output, names: list[str]) -> Iterator[tuple[str, Report]]:
    """The reports of files that are there; one that may be otherwise next time is left out."""
    def read(name: str) -> tuple[str, Report]:
        with place.open(name) as file:
            return name, Report(**read_metadata(file))

    with ThreadPoolExecutor(_READING) as threads:
        for name, report in threads.map(read, names):
            if not report.passing:
                yield name, report


def _conclude(parts: Iterable[str], reports: dict[str, Report], beside: Beside, sources: list[str], failures: Failures, result: Extracted) -> None:
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


def _told(partition: Partition, error: Exception) -> str:
    first, last = partition.files[0].file.source, partition.files[-1].file.source
    why = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, PolicygraphError):
        why = str(error)
    elif type(error).__name__ == "KilledWorker":
        why = "worker after worker died of it, most often because memory ran out; `policygraph extract` names the file"
    return f"{partition.name} ({len(partition.files)} files, {first} to {last}) is not written: {why}"


def _name_of(row: Correction | CodeRow) -> str:
    """A row of a sheet by what it says, wherever it stands: lines shift."""
    said = row.meaning() if isinstance(row, CodeRow) else repr(replace(row, sheet="", line=0))
    return hashlib.sha256(f"{row.sheet}\0{said}".encode()).hexdigest()[:16]


# --- on a worker ------------------------------------------------------------------------------------

def extract_partition(partition: Partition) -> Report:
    """Read a partition's files, a file at a time, and put their records where they belong."""
    if (here := read_with()) != partition.read_with:  # a worker that came later
        raise PolicygraphError(f"a worker has policygraph {here}, expected {partition.read_with} as here")
    report, met, used = Report(here, [(asked.file.source, asked.file.version) for asked in partition.files]), set(), set()
    with _ONE, TemporaryDirectory(prefix="policygraph-") as folder:
        local = str(Path(folder, partition.name))
        with RowFile(local, DocumentRecord) as rows:
            for asked, reading in _read_all(partition, report):
                rows.add(reading.made or [])
                _note(report, reading)
                met |= reading.met
                used |= reading.used
            report.met, report.used = (sorted({_name_of(row) for row in found}) for found in (met, used))
            rows.metadata = asdict(report)
        Output(partition.output).put(local, partition.name)
    return report


def _read_all(partition: Partition, report: Report) -> Iterator[tuple[Asked, Reading]]:
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
        return read_bytes(file.source, system.cat_file(file.path))
    except FileNotFoundError:
        raise MissingFile(file.source) from None


def _read_member(file: Listed, copy: str) -> Source:
    """A file of an archive, or the archive itself, named as it was found and not as its copy here."""
    archive = file.source.removesuffix(f"/{file.member}") if file.member else file.source
    try:
        return replace(read_source(f"{copy}/{file.member}" if file.member else copy), path=file.source)
    except InputError as error:
        raise InputError(str(error).replace(copy, archive)) from None


def _note(report: Report, reading: Reading) -> None:
    if reading.error is not None:
        report.errors += [reading.error] if reading.error not in report.errors else []
        return
    report.documents += len(reading.made)
    report.tasks += sum(len(record.tasks) for record in reading.made)
    report.warnings += reading.warnings
