"""Who may touch an embedded graph's file: many that read it, or the one that writes a checkpoint into it.

A writer's commits go to the log beside the file; only its checkpoints change the file itself, in place, and a reading handle
takes pages from there when it needs them. So whoever reads holds the lock for as long as an answer takes, and a checkpoint
waits until nobody does. Readers that come while a checkpoint waits queue behind it at a second lock, so that it gets its turn.

The locks are advisory (flock) and end with the process that holds them, whatever ends it.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

WAIT = 30.0  # seconds for which a writer waits for those who read, before it goes on without a checkpoint or says so
_POLL = 0.002  # seconds between two tries of a writer


class Busy(Exception):
    """Somebody read for the whole time that the lock was waited for."""


class FileLock:
    """The lock of one graph; each block holds it through descriptors of its own, so that threads count like processes."""

    def __init__(self, path: str) -> None:
        self._turn, self._held = path + ".turn", path + ".lock"

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
        """Nobody reads the file meanwhile; raises Busy after `wait` seconds, and OSError where no lock can be made."""
        end = time.monotonic() + wait
        turn = os.open(self._turn, os.O_RDWR | os.O_CREAT, 0o666)
        held = None
        try:
            _until(turn, end)
            held = os.open(self._held, os.O_RDWR | os.O_CREAT, 0o666)
            _until(held, end)
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


def _until(descriptor: int, end: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= end:
                raise Busy from None
            time.sleep(_POLL)
