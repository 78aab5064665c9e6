"""Many pairs of plans, linked in several processes: the same links in the same order as one process gives."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING

from graph.records import DocumentRecord, LinkRecord

if TYPE_CHECKING:
    from ingest.continuity.links import Linker

Pair = tuple[str, str, str]  # later plan, earlier plan, relation
FEW = 1_000  # pairs of plans up to which one process is quicker: a second one takes a second to start and counts its plans itself
AT_ONCE = 50  # pairs that go to a process together
_here: tuple[Linker, dict[str, DocumentRecord]] | None = None


def iter_links(linker: Linker, records: dict[str, DocumentRecord], pairs: list[Pair], processes: int) -> Iterator[list[LinkRecord]]:
    """The links of each pair, in the order of the pairs; `records` are by the plans' ids."""
    if processes < 2 or len(pairs) <= FEW:
        for later, earlier, relation in pairs:
            yield linker.link_plans(records[later], records[earlier], relation)
        return
    # Spawned, not forked: a graph's handle and its threads must not be copied.
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, (linker, records)) as pool:
        rest = iter(pairs)
        waiting: deque[Future[list[list[LinkRecord]]]] = deque(pool.submit(_link, chunk) for _ in range(2 * processes) if (chunk := list(islice(rest, AT_ONCE))))
        while waiting:
            yield from waiting.popleft().result()
            if chunk := list(islice(rest, AT_ONCE)):
                waiting.append(pool.submit(_link, chunk))


def _start(linker: Linker, records: dict[str, DocumentRecord]) -> None:
    global _here
    Thread(target=_end_with_parent, daemon=True).start()
    _here = linker, records


def _end_with_parent() -> None:
    """A parent that is killed tells its workers nothing, and they would wait for it for ever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _link(pairs: list[Pair]) -> list[list[LinkRecord]]:
    assert _here is not None
    linker, records = _here
    return [linker.link_plans(records[later], records[earlier], relation) for later, earlier, relation in pairs]
