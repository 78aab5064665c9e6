"""Processes that each do one thing at a time. One that dies takes nothing else with it, and none outlives who asked."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.resource_tracker import ensure_running
from threading import Lock, local
from typing import Any, Generic, TypeVar

from graph.errors import ProcessDied

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Processes(Generic[Asked, Given]):
    """At most `limit` processes that do `work`, each started when there is something for it to do. `work` is sent to each once,
    so that it is of a module; what the module `ready` makes ready for it is made once for all, where the system can. Close it
    to stop them at once.

    Each is asked by a thread of its own, over a pipe of its own. A pool of processes would not do: when one of them dies,
    ProcessPoolExecutor loses all that wait and cannot say on what it died, and multiprocessing.Pool waits for ever; both
    leave their processes behind when the first is killed, which wait at a queue that they hold open themselves.
    """

    def __init__(self, limit: int, work: Callable[[Asked], Given], ready: str | None = None) -> None:
        self._work, self._context = work, _context(ready)
        self._threads = ThreadPoolExecutor(limit, initializer=_leave_interrupts)
        self._here = local()
        self._started: list[_Process] = []
        self._starting = Lock()
        self._over = False

    def submit(self, asked: Asked) -> Future[Given]:
        """What comes of it; its result raises ProcessDied where the process that did it ended."""
        return self._threads.submit(self._ask, asked)

    def close(self) -> None:
        with self._starting:
            self._over = True
        for process in self._started:
            process.kill()  # ends what its thread waits for
        self._threads.shutdown(cancel_futures=True)
        for process in self._started:
            process.end()

    def _ask(self, asked: Asked) -> Given:
        process = getattr(self._here, "process", None) or self._start()
        try:
            return process.ask(asked)
        except (EOFError, OSError):
            self._here.process = None
            raise ProcessDied(process.end()) from None

    def _start(self) -> _Process:
        with self._starting:
            if self._over:
                raise InterruptedError
            try:
                self._here.process = _Process(self._work, self._context)
            except EOFError:  # what it was to be a copy of has died
                raise ProcessDied(None) from None
            self._started.append(self._here.process)
        return self._here.process


class _Process:
    def __init__(self, work: Callable[[Any], Any], context: Any) -> None:
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, work), daemon=True)
        self._process.start()
        other.close()  # so that its end is seen here

    def ask(self, asked: Any) -> Any:
        self._connection.send(asked)
        return self._connection.recv()

    def end(self) -> int | None:
        """Its exit code; below zero the signal that killed it."""
        self._process.join()
        self._connection.close()
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()


def _context(ready: str | None) -> Any:
    """How processes start. Not as copies of this one: a graph's handle and its threads must not be copied."""
    if ready and sys.platform == "linux":  # elsewhere what the system's own libraries start does not outlive a copy
        context = get_context("forkserver")
        context.set_forkserver_preload([ready])
        return context
    return get_context("spawn")


def _leave_interrupts() -> None:
    """Ctrl-C is the first process's: those that a thread starts inherit that they are not asked."""
    ensure_running()  # it would be started with the first process, and let this thread be interrupted again
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _serve(connection: Any, work: Callable[[Any], Any]) -> None:
    """Do what is asked for until nobody asks."""
    gc.freeze()  # what is there stays: passes over it find nothing, so that they may come often and little waits for them
    gc.set_threshold(10_000)
    with suppress(EOFError, ConnectionError):
        while True:
            connection.send(work(connection.recv()))
