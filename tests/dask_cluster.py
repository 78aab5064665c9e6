"""A Dask scheduler and its workers, as processes on this machine, each ended by its number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from conftest import ROOT
from served import free_port

_WAIT = 120  # seconds until a test is given up


@dataclass
class DaskCluster:
    address: str
    scheduler: subprocess.Popen
    workers: list[subprocess.Popen] = field(default_factory=list)

    def add_worker(self) -> subprocess.Popen:
        """Start a worker of one thread; nobody starts it again when it dies."""
        self.workers.append(_start("worker", self.address, "--name", str(len(self.workers)), "--nthreads", "1", "--no-nanny", "--no-dashboard"))
        return self.workers[-1]

    def wait_for(self, workers: int) -> None:
        from distributed import Client

        with Client(self.address, set_as_default=False, timeout=_WAIT) as client:
            if workers:
                client.wait_for_workers(workers, timeout=_WAIT)

    def kill_one_at_work(self) -> int:
        """Kill the worker with the most tasks in hand while all stand still; returns how many it had."""
        from distributed import Client

        for worker in self.workers:
            worker.send_signal(signal.SIGSTOP)
        with Client(self.address, set_as_default=False) as client:
            numbers = {address: int(told["name"]) for address, told in client.scheduler_info(n_workers=-1)["workers"].items()}
            in_hand, victim = max((len(tasks), numbers[address]) for address, tasks in client.processing().items())
        self.workers[victim].kill()
        self.workers[victim].wait()
        for worker in self.workers:
            if worker.returncode is None:
                worker.send_signal(signal.SIGCONT)
        return in_hand

    def is_idle(self) -> bool:
        """Whether the scheduler has no task any more, and no worker still does one that nobody wants."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return not client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) and not any(client.run(lambda dask_worker: len(dask_worker.active_threads)).values())

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def dask_cluster(workers: int = 2, **settings: str) -> Iterator[DaskCluster]:
    """A cluster of its own, on a free port of the loopback; `settings` are variables of the scheduler's environment."""
    address = f"tcp://127.0.0.1:{free_port()}"
    cluster = DaskCluster(address, _start("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard", **settings))
    try:
        for _ in range(workers):
            cluster.add_worker()
        cluster.wait_for(workers)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def cluster() -> Iterator[DaskCluster]:
    with dask_cluster() as started:
        yield started


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _WAIT
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def _start(*arguments: str, **settings: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
