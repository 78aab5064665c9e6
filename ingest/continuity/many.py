"""Many pairs of plans, linked in several processes: the same links in the same order as one process gives."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from graph.records import DocumentRecord, LinkRecord
from ingest.processes import Processes

if TYPE_CHECKING:
    from ingest.continuity.links import Linker

Pair = tuple[str, str, str]  # later plan, earlier plan, relation
FEW = 1_000  # pairs of plans up to which one process is quicker: a second one takes a second to start and counts its plans itself
AT_ONCE = 50  # pairs that go to a process together


def iter_links(linker: Linker, records: dict[str, DocumentRecord], pairs: list[Pair], processes: int) -> Iterator[list[LinkRecord]]:
    """The links of each pair, in the order of the pairs; `records` are by the plans' ids."""
    if processes < 2 or len(pairs) <= FEW:
        for later, earlier, relation in pairs:
            yield linker.link_plans(records[later], records[earlier], relation)
        return
    with closing(Processes(processes, _Linking(linker, records))) as workers:
        rest = iter(pairs)
        waiting: deque[Future[list[list[LinkRecord]]]] = deque(workers.submit(chunk) for _ in range(2 * processes) if (chunk := list(islice(rest, AT_ONCE))))
        while waiting:
            yield from waiting.popleft().result()
            if chunk := list(islice(rest, AT_ONCE)):
                waiting.append(workers.submit(chunk))


class _Linking:
    """What each process does: link the plans of some pairs."""

    def __init__(self, linker: Linker, records: dict[str, DocumentRecord]) -> None:
        self._linker, self._records = linker, records

    def __call__(self, pairs: list[Pair]) -> list[list[LinkRecord]]:
        return [self._linker.link_plans(self._records[later], self._records[earlier], relation) for later, earlier, relation in pairs]
