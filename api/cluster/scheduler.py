"""A Dask scheduler that somebody else runs: reached, its workers checked, given few partitions at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from graph.errors import ClusterLost, NoCluster, OtherWorker, PackageMissing
from ingest import rules
from ingest.rules import read_with

if TYPE_CHECKING:
    from distributed import Client

Advance = Callable[[int, int], None]  # called with how much is done, of how much
AHEAD = 2  # partitions a thread of the workers that are worked on or wait there: what waits here takes no memory of theirs
RETRIES = 2  # of a partition whose files or place could not be reached
_SECONDS = 15  # until a scheduler must have answered, and a worker be there


@contextmanager
def connect(address: str) -> Iterator[Client]:
    """The client of a scheduler with at least one worker, all of this version; raises NoCluster, OtherWorker, PackageMissing."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise PackageMissing("--cluster", "distributed", "policygraph[cluster]") from None
    for name in logging.root.manager.loggerDict:
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told here, in a line
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(address, f"no scheduler answers ({error})") from None
    try:
        _check_workers(client, address)
        yield client
    finally:
        client.close(timeout=5)


def _check_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError:
        raise NoCluster(address, "the scheduler has no workers") from None
    for worker, found in sorted(client.run(rules.read_with, on_error="return").items()):
        if found != read_with():
            said = "no policygraph" if isinstance(found, ModuleNotFoundError) else f"policygraph {found}" if isinstance(found, str) else repr(found)
            raise OtherWorker(worker, said, read_with())


def iter_done(client: Client, address: str, ask: Callable[[str], tuple[Callable[[Any], Any], Any]], names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Of each name what came of it, or the exception, as they are done; raises ClusterLost. `ask` gives what a worker is to do for a
    name, and with what; few are asked at a time. A worker that dies takes nothing with it: another one does it again."""
    from distributed import as_completed

    names = list(names)
    rest, waiting, done = iter(names), {}, 0
    futures = as_completed(loop=client.loop)

    def submit() -> None:
        threads = sum(client.nthreads().values())
        while len(waiting) < max(1, AHEAD * threads) and (name := next(rest, None)) is not None:
            work, given = ask(name)
            future = client.submit(work, given, pure=False, retries=RETRIES)
            waiting[future.key] = name, future
            futures.add(future)

    try:
        submit()
        for future in futures:
            if future.status == "lost":  # its worker died before what it told was taken from it; another one does the work again
                futures.add(future)
                continue
            name, _ = waiting.pop(future.key)
            if future.status not in ("finished", "error"):
                raise ClusterLost(address, done, len(names))
            yield name, future.exception() or future.result()
            done += 1
            submit()
    except (CancelledError, OSError):
        raise ClusterLost(address, done, len(names)) from None
