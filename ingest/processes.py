"""Processes that each do one thing at a time. One that dies takes nothing else with it, and none outlives who asked."""

from __future__ import annotations

import gc
import signal
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
    so that it is of a module. Close it to stop them at once.

    Each is asked by a thread of its own, over a pipe of its own. A pool of processes would not do: when one of them dies,
    ProcessPoolExecutor loses all that wait and cannot say on what it died, and multiprocessing.Pool waits for ever; both
    leave their processes behind when the first is killed, which wait at a queue that they hold open themselves.
    """

    def __init__(self, limit: int, work: Callable[[Asked], Given]) -> None:
        self._work = work
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
                self._here.process = _Process(self._work)
            except OSError:  # no memory, or no more processes
                raise ProcessDied(None) from None
            self._started.append(self._here.process)
        return self._here.process


class _Process:
    def __init__(self, work: Callable[[Any], Any]) -> None:
        # Spawned, not forked: a graph's handle and its threads must not be copied. Nor copies of a process that has loaded
        # everything: it keeps the tables of its beginning, and Python starts it with the working directory before its own modules.
        context = get_context("spawn")
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


def _leave_interrupts() -> None:
    """Ctrl-C is the first process's: those that a thread starts inherit that they are not asked."""
    ensure_running()  # it would be started with the first process, and let this thread be interrupted again
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _serve(connection: Any, work: Callable[[Any], Any]) -> None:
    """Do what is asked for until nobody asks."""
    gc.set_threshold(50_000)  # as in the first process: see api/cli.py
    with suppress(EOFError, ConnectionError):
        connection.send(work(connection.recv()))
        gc.collect()
        gc.freeze()  # what is loaded stays: passes over it find nothing, so that they may come often and little waits for them
        gc.set_threshold(10_000)
        while True:
            connection.send(work(connection.recv()))
