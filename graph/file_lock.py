"""Who may touch an embedded graph's file: many that read it, or the one that writes a checkpoint into it.

A writer's commits go to the log beside the file; only its checkpoints change the file itself, in place, and a reading handle
takes pages from there when it needs them. So whoever reads holds the lock for as long as an answer takes, and a checkpoint
waits until nobody does. Readers that come while a checkpoint waits queue behind it at a second lock, so that it gets its turn.

The locks are advisory (flock) and end with the process that holds them, whatever ends it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import DiskFull, GraphRead, StoreNotWritable

WAIT = 30.0  # seconds for which a writer waits for those who read, before it goes on without a checkpoint or says so
_POLL = 0.002  # seconds between two tries of a writer


class FileLock:
    """The lock of the graph at a path; each block holds it through descriptors of its own, so that threads count like processes."""

    def __init__(self, path: str) -> None:
        self._path, self._turn, self._held = path, path + ".turn", path + ".lock"

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Nobody writes into the file meanwhile. A graph in a folder that may not be written and has no lock has no writer."""
        turn = _open(self._turn)
        try:
            if turn is not None:
                fcntl.flock(turn, fcntl.LOCK_SH)
            held = _open(self._held)
            if held is not None:
                fcntl.flock(held, fcntl.LOCK_SH)
        finally:
            _close(turn)
        try:
            yield
        finally:
            _close(held)

    @contextmanager
    def exclusive(self, wait: float) -> Iterator[None]:
        """Nobody reads the file meanwhile; raises GraphRead where somebody does for `wait` seconds, StoreNotWritable and DiskFull
        where no lock can be made."""
        end = time.monotonic() + wait
        turn = held = None
        try:
            try:
                turn = os.open(self._turn, os.O_RDWR | os.O_CREAT, 0o666)
                is_free = _is_free(turn, end)
                held = os.open(self._held, os.O_RDWR | os.O_CREAT, 0o666)
                is_free = is_free and _is_free(held, end)
            except OSError as error:
                raise DiskFull(self._path) if error.errno == errno.ENOSPC else StoreNotWritable(self._path, error.strerror) from None
            if not is_free:
                raise GraphRead(self._path, wait)
            yield
        finally:
            _close(held)
            _close(turn)


def _open(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CREAT, 0o666)
    except OSError:
        try:
            return os.open(path, os.O_RDONLY)  # made by somebody who may write here
        except OSError:
            return None


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)


def _is_free(descriptor: int, end: float) -> bool:
    """Whether the lock was to be had until then; it is held now."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_POLL)
