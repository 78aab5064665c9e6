"""Files read one after the other, here or in several processes: the same in the same order.

A process that reads dies with one file: it is named, and another takes its place. However many files there are, few wait to
be read or taken, so that memory stays the same; and when the run is stopped, or its process killed, no reader stays behind.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Generic, TypeVar

from graph.errors import ProcessDied
from graph.records import DocumentRecord
from ingest.beside import Beside, FileRows
from ingest.codes import CodeRow
from ingest.correction_sheet import Correction
from ingest.errors import InputError
from ingest.processes import Processes
from ingest.readers import Source, read_source

Made = TypeVar("Made")
Make = Callable[[list[DocumentRecord]], Made]  # what a run wants of a file's records; made where they are read, so a function of a module
MUCH = 1_000_000  # bytes of files that are all left to other processes: what takes longer to read than these take to start
ALONE = 1.0  # seconds of reading from which on other processes read the rest of less, too
AHEAD = 8  # files a process that are being read or wait to be taken


@dataclass(slots=True)
class Reading(Generic[Made]):
    """What came of one file."""

    path: str
    made: Made | None = None  # None: it was not read
    error: str | None = None  # why it could not be read
    warnings: list[str] = field(default_factory=list)
    met: set[Correction | CodeRow] = field(default_factory=set)  # as of FileRows
    used: set[CodeRow] = field(default_factory=set)


def read_file(path: str, beside: Beside, make: Make[Made]) -> Reading[Made]:
    """Read one file with the sheets beside it. Documents that corpus.csv leaves out are left out."""
    try:
        return read_text(read_source(path), beside.rows_of(path), make)
    except InputError as error:
        return Reading(path, error=str(error))


def read_text(source: Source, rows: FileRows, make: Make[Made]) -> Reading[Made]:
    """What comes of one file's text and the rows of the sheets that concern it; raises an InputError."""
    from ingest.pipeline import extract

    path = source.path
    records = [record for place, record in enumerate(extract(source, rows), 1) if rows.includes(place)]
    warnings = _doubts(path, records) + [f"{row.place()}: not applied: {reason}" for row, reason in rows.lost]
    return Reading(path, make(records), None, warnings, rows.met, rows.used)


def _doubts(path: str, records: list[DocumentRecord]) -> list[str]:
    doubts = [f"{path}: 《{record.title}》 at {warning.start}: {warning.message}" for record in records for warning in record.warnings]
    if records and not any(record.kind == "plan" for record in records):
        kinds = ", ".join(sorted({record.kind for record in records}))
        return [f"{path}: no plan in this file ({kinds}); it is kept as a document without tasks", *doubts]
    return doubts


def is_much(paths: Iterable[str]) -> bool:
    """Whether files hold so much that none of them is to be read here."""
    size = 0
    for path in paths:
        with suppress(OSError):  # one that is gone, or lies in an archive
            size += os.path.getsize(path)
        if size >= MUCH:
            return True
    return False


def iter_readings(files: Iterable[str | Reading[Made]], beside: Beside, make: Make[Made], processes: int, much: bool = False) -> Iterator[Reading[Made]]:
    """What comes of each file, in their order. What is no path passes through: a file that need not be read keeps its place.

    Where there is `much` to read, so many processes read it, else the first files are read here. Close it to stop them at once.
    """
    files, spent = iter(files), 0.0
    while processes < 2 or not much and spent < ALONE:
        try:
            file = next(files)
        except StopIteration:
            return
        begin = perf_counter()
        reading = file if isinstance(file, Reading) else read_file(file, beside, make)
        spent += perf_counter() - begin
        yield reading
    with closing(Processes(processes, _Reader(beside.fresh(), make))) as readers:
        waiting: deque[Reading[Made] | tuple[str, Future[Reading[Made]]]] = deque()
        for file in files:
            waiting.append(file if isinstance(file, Reading) else (file, readers.submit(file)))
            while waiting and (len(waiting) >= AHEAD * processes or isinstance(waiting[0], Reading)):
                yield _taken(waiting.popleft())
        while waiting:
            yield _taken(waiting.popleft())


def _taken(found: Reading[Made] | tuple[str, Future[Reading[Made]]]) -> Reading[Made]:
    if isinstance(found, Reading):
        return found
    path, future = found
    try:
        return future.result()
    except ProcessDied as died:
        return Reading(path, error=f"{path}: {died}")


class _Reader(Generic[Made]):
    """What each process does: read the files of which it gets the paths."""

    def __init__(self, beside: Beside, make: Make[Made]) -> None:
        self._beside, self._make = beside, make

    def __call__(self, path: str) -> Reading[Made]:
        reading = read_file(path, self._beside, self._make)
        # A rule for every document is told once, not with each file.
        reading.met -= self._beside.met
        reading.used -= self._beside.used
        self._beside.met |= reading.met
        self._beside.used |= reading.used
        return reading
