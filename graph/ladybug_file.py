"""A LadybugDB file opened: what the reading and the writing store of the embedded engine share. No server, no account.

Facts that bind it (measured with ladybug 0.22):
- commits are appended to the log (.wal) and change nothing of the file itself; a checkpoint changes it in place, and a reading
  handle that is asked meanwhile or afterwards gives wrong rows: hence graph/file_lock.py, and no checkpoint of the engine's own accord;
- opening replays the log, some 25 µs a row or 50 ms a megabyte, and no other thread of Python runs meanwhile; with no log it takes 5 ms;
- a second writing Database on one path in the same process is not refused and loses commits: one a path and process;
- a checkpoint, or the replay of a log, takes the more of the buffer pool the larger the graph is (of 760,000 tasks a log of
  370 MB took more than 1 GB): where the pool is full a handle with a larger one is opened;
- a log that a kill or a full disk cut short refuses to open, committed transactions and all, unless it is opened with
  throw_on_wal_replay_failure=False, which leaves out what comes after the damage without a word: so the version is compared;
- a kill or a full disk in the middle of a checkpoint leaves a graph that only a writing handle can open, which ends the checkpoint,
  or undoes one that had not written all; where one fails in closing the engine says nothing: no handle makes one in closing;
- what COPY writes is in no log: a kill or a full disk at the checkpoint behind it leaves the transaction without these rows,
  half documents. LOAD FROM an Arrow table with CREATE is logged as every CREATE is, four times as quick as UNWIND of maps;
- a connection keeps every statement that it ran, with the memory of its last run, until it is closed: kept for longer than a query
  they fill the buffer pool of a service within a minute, and the engine crashes; kept for longer than a transaction, that of an
  ingest (some 45 MB for 2,000 tasks);
- a handle whose write to disk failed ends the process when it is closed (std::terminate): it is never closed.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from typing import Any

import ladybug
import psutil

from graph.errors import BadCypher, DiskFull, NotReading, QueryTooLarge, QueryTooSlow, StoreLocked, StoreMissing, StoreNotWritable, StoreUnreadable, StoreUnrecovered
from graph.store import Store
from graph.version_file import lost_commits

BUFFER = 1 << 30  # bytes of the buffer pool, of a larger graph as many as it has; the engine's default takes most of the machine
LARGEST = 1 << 40  # bytes of a graph; each handle takes so much of a process's addresses, and of the engine's default, 8 TB, fifteen fill them
WRITE_FAILED = re.compile(r"Cannot write to file|No space left|File too large|Disk quota exceeded")
POOL_FULL = re.compile(r"buffer pool is full|Cannot read from file: .* numBytesRead: 0 ")  # the latter: of a page that was put away before it was written
_MAY_NOT = re.compile(r"Read-only file system|Permission denied")


class RecoveryPending(Exception):
    """A checkpoint was broken off, and only a writing handle can end it."""


def wider(buffer: int) -> int | None:
    """Twice a buffer pool; None where the machine has not that much memory to give."""
    return 2 * buffer if 2 * buffer <= most() else None


def most() -> int:
    """Bytes of memory that a buffer pool may have on this machine."""
    return psutil.virtual_memory().total * 3 // 4


def open_database(path: str, read_only: bool, buffer: int = 0, threads: int = 0) -> ladybug.Database:
    """Open the file, under its lock, with a buffer pool of at least some bytes, and more where its log takes more, and some
    threads, 0 being as many as cores; raises RecoveryPending for a reading handle, else a StoreError."""
    buffer = max(buffer, BUFFER, min(sum(size_of(path + end) for end in ("", ".wal", ".wal.checkpoint")), most()))
    try:
        database = ladybug.Database(
            path, read_only=read_only, buffer_pool_size=buffer, max_num_threads=threads, max_db_size=LARGEST, auto_checkpoint=False, throw_on_wal_replay_failure=False)
        if not read_only:
            with ladybug.Connection(database) as connection:  # of a checkpoint that fails in closing the engine says nothing
                connection.execute("CALL force_checkpoint_on_close = false")
        return database
    except RuntimeError as error:
        reason = " ".join(str(error).removeprefix("Runtime exception: ").split())
        if POOL_FULL.search(reason) and (more := wider(buffer)):
            return open_database(path, read_only, more, threads)
        if "recovery is pending" in reason and read_only:
            raise RecoveryPending(reason) from None
        if "recovery" in reason:
            raise StoreUnrecovered(path, reason) from None
        if WRITE_FAILED.search(reason):
            raise DiskFull(path) from None
        if not read_only and (refused := _MAY_NOT.search(reason)):
            raise StoreNotWritable(path, refused[0]) from None
        if not read_only and "lock" in reason.lower():
            holder = re.search(r"PID (\d+)", reason)
            raise StoreLocked(path, f"process {holder[1]}" if holder else "another process") from None
        if "checkpointing" in reason:  # the engine's guess; nobody is, under the lock
            reason = "it is cut short or damaged; copy it again with all files beside it, or ingest anew"
        raise StoreUnreadable(path, reason) from None


def end_checkpoint(path: str) -> None:
    """Have one that was broken off ended or undone, under the exclusive lock, which a reading handle cannot; undoing takes no room."""
    open_database(path, read_only=False).close()


def run_query(connection: ladybug.Connection, query: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a query as dicts; raises NotReading, QueryTooSlow or BadCypher."""
    try:
        return rows_of(connection.execute(query, params or {}))
    except RuntimeError as error:
        reason = " ".join(str(error).split())
        if "read-only" in reason:
            raise NotReading("the query writes") from None
        if reason == "Interrupted.":
            raise QueryTooSlow from None
        if POOL_FULL.search(reason):
            raise QueryTooLarge from None
        raise BadCypher(reason) from None


def size_of(path: str) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


class EmbeddedStore(Store):
    """What a writing store and a snapshot say alike."""

    lost: int  # commits that the version file tells of and the graph does not hold

    def tables(self) -> set[str]:
        """The names of its tables; of a new file none."""
        return {row["name"] for row in self.read("CALL show_tables() RETURN name")}

    def check_schema(self) -> dict[str, Any]:
        if not self.tables():  # its making was killed before the first commit
            raise StoreMissing(self.url)
        return super().check_schema()

    def warnings(self) -> list[str]:
        return super().warnings() + ([lost_commits(self.lost)] if self.lost else [])


def rows_of(result: Any) -> list[dict[str, Any]]:
    """The rows of what `execute` returned, as dicts."""
    if isinstance(result, list):
        result = result[-1]
    names = result.get_column_names()
    rows = [dict(zip(names, row, strict=True)) for row in result.get_all()]
    for name, kind in zip(names, result.get_column_data_types(), strict=True):
        if kind == "INT128" or kind.startswith("DECIMAL"):  # no cell is looked at where no column can hold one
            for row in rows:
                row[name] = _plain(row[name])
    return rows


def _plain(value: Decimal | None) -> int | float | None:
    """sum() gives Decimal here and int on Neo4j."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
