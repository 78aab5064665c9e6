"""The embedded engine, read: a store that shows the newest state of a file, whoever writes it meanwhile."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import ladybug

from graph.errors import StoreLocked, StoreMissing, StoreNotWritable, StoreUnrecovered
from graph.file_lock import WAIT, FileLock
from graph.ladybug_file import EmbeddedStore, RecoveryPending, end_checkpoint, open_database, run_query
from graph.store import META, Store, Transaction
from graph.version_file import count_lost, read_said, tag_of

T = TypeVar("T")
LONG = 16 << 20  # bytes of a log that are not replayed with every commit: it takes some 50 ms a megabyte, in which nothing else runs in Python
SETTLED = 30.0  # seconds without a commit after which they are: the writer may have ended without a checkpoint
THREADS = min(os.cpu_count() or 1, 8)  # of the engine that a query takes at most, as long as it runs
READING = 4  # queries that a handle answers at a time: each takes of its buffer pool, and a server's threads are forty


class _Handle:
    """The file opened, at one state."""

    def __init__(self, path: str, stamp: _Stamp) -> None:
        self.stamp = stamp
        # As many as two cores would be taken by two long queries, and as many as all turns can take need half as much memory again.
        self.database = open_database(path, read_only=True, threads=max(THREADS, READING) + 1)
        self.slots = threading.BoundedSemaphore(READING)
        self.working, self.kept = threading.RLock(), dict[str, Any]()  # what was worked out for this state
        self.users = 0  # snapshots that read it
        self.tag, self.lost = "", 0  # its version, and what it has lost

    def close(self) -> None:
        self.database.close()


class EmbeddedReader(Store):
    """Each block of `snapshot` shows the state that is newest when it begins, a query outside of one that of its own moment;
    while somebody writes a long log, the state that was shown last, until the log is in the file, nobody has written for
    SETTLED seconds or `refresh` is called. No query takes longer than `seconds`, which None leaves open."""

    def __init__(self, path: str, seconds: float | None = None) -> None:
        self.url = path
        self.seconds = seconds
        self._file_lock = FileLock(path)
        self._lock = threading.Lock()
        self._handle: _Handle | None = None
        self._entered = ExitStack()
        with self.snapshot():
            pass

    @contextmanager
    def snapshot(self) -> Iterator[Store]:
        """The newest state of the graph for all reads of the block; no writer changes the file meanwhile."""
        with ExitStack() as held:
            handle = self._hold(held)
            seen = Snapshot(self.url, handle, self.seconds)
            held.callback(self._let_go, handle)
            held.callback(seen.close)
            yield seen

    def _hold(self, held: ExitStack) -> _Handle:
        """The newest handle, one user more, under the lock that `held` then holds."""
        if not os.path.exists(self.url):
            raise StoreMissing(self.url)
        for _ in range(2):
            with ExitStack() as entered:
                entered.enter_context(self._file_lock.shared())
                with contextlib.suppress(RecoveryPending):
                    handle = self._newest()
                    held.push(entered.pop_all())
                    return handle
            self._recover()
        raise StoreUnrecovered(self.url, "its checkpoint does not end")

    def _newest(self) -> _Handle:
        with self._lock:
            stamp = _stamp(self.url)
            if stamp is None:
                raise StoreMissing(self.url)
            if self._handle is None or self._handle.stamp != stamp and not _is_growing(self._handle.stamp, stamp):
                self._retire()
                said = read_said(self.url)  # before opening: what another process commits in between is no loss
                handle = _Handle(self.url, stamp)
                try:
                    meta = Snapshot(self.url, handle, self.seconds).check_schema()
                    handle.tag, handle.lost = tag_of(meta), count_lost(said, meta)
                except BaseException:
                    handle.close()
                    raise
                self._handle = handle
            self._handle.users += 1
            return self._handle

    def _let_go(self, handle: _Handle) -> None:
        with self._lock:
            handle.users -= 1
            if handle is not self._handle and not handle.users:
                handle.close()

    def _retire(self) -> None:
        """No more users for the present handle; who has it keeps it until the end."""
        handle, self._handle = self._handle, None
        if handle is not None and not handle.users:
            handle.close()

    def _recover(self) -> None:
        """End a checkpoint in whose middle a process was killed or the disk was full: a reading handle cannot."""
        with contextlib.suppress(StoreLocked), self._file_lock.exclusive(WAIT):  # whoever writes has ended it
            end_checkpoint(self.url)

    def read(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        with self.snapshot() as store:
            return store.read(query, **params)

    def meta(self) -> dict[str, Any] | None:
        with self.snapshot() as store:
            return store.meta()

    def warnings(self) -> list[str]:
        with self.snapshot() as store:
            return store.warnings()

    def version_tag(self) -> str:
        with self.snapshot() as store:
            return store.version_tag()

    def refresh(self) -> None:
        with self._lock:
            self._retire()

    def transact(self, work: Callable[[Transaction], T]) -> T:
        with self.snapshot() as store:
            return store.transact(work)

    def close(self) -> None:
        with self._lock:
            self._retire()

    def __enter__(self) -> Store:
        return self._entered.enter_context(self.snapshot())

    def __exit__(self, *_: object) -> None:
        self._entered.close()
        self.close()


class Snapshot(EmbeddedStore):
    """One state of the graph; all its reads see the same."""

    def __init__(self, path: str, handle: _Handle, seconds: float | None) -> None:
        self.url = path
        self._handle = handle
        self._seconds = seconds

    @contextmanager
    def snapshot(self) -> Iterator[Store]:
        """Itself."""
        yield self

    def read(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        with self._handle.slots:
            return self._run(query, params)

    def meta(self) -> dict[str, Any] | None:
        """Out of turn, as it takes next to nothing: whether a graph answers is asked while others ask much."""
        rows = self._run(META, {})
        return rows[0] if rows else None

    def _run(self, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        with ladybug.Connection(self._handle.database, num_threads=THREADS) as connection:
            if self._seconds is not None:
                connection.set_query_timeout(int(self._seconds * 1000))
            return run_query(connection, query, params)

    def once(self, name: str, work: Callable[[], T]) -> T:
        with self._handle.working:
            if name not in self._handle.kept:
                self._handle.kept[name] = work()
            return self._handle.kept[name]

    @property
    def lost(self) -> int:  # type: ignore[override]
        return self._handle.lost

    def version_tag(self) -> str:
        return self._handle.tag

    def transact(self, work: Callable[[Transaction], T]) -> T:
        raise StoreNotWritable(self.url, "it was opened for reading")

    def close(self) -> None:
        del self._handle


@dataclass(frozen=True, slots=True)
class _File:
    """What of a file changes whenever it is written."""

    inode: int
    changed: int  # nanoseconds
    size: int


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What changes with every commit and every checkpoint, ended or broken off."""

    file: _File
    log: _File | None
    checkpoint: _File | None  # the log while it is being written into the file


def _stamp(path: str) -> _Stamp | None:
    """None where there is no file."""
    file, log, checkpoint = (_of_file(path + end) for end in ("", ".wal", ".wal.checkpoint"))
    return None if file is None else _Stamp(file, log, checkpoint)


def _of_file(path: str) -> _File | None:
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _File(found.st_ino, found.st_mtime_ns, found.st_size)


def _is_growing(held: _Stamp, now: _Stamp) -> bool:
    """Whether all that has changed is a long log to which somebody adds: what is held is still a true state of the graph."""
    log, before = now.log, held.log
    if (held.file, held.checkpoint, None) != (now.file, None, now.checkpoint) or log is None or log.size <= LONG:
        return False
    is_same = before is None or before.inode == log.inode and before.size <= log.size
    return is_same and abs(time.time() - log.changed / 1e9) < SETTLED
