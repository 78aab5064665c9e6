"""Pairs of tasks drawn for coding by hand: links, what is perhaps one, and pairs that are none, near to the band and far from it.

All pairs of a later and an earlier task of plans that are compared are the population. It falls into STRATA by what the
tool thinks, and each gives its share by chance, so that what was drawn can be counted up to all pairs: each stands for as
many as its stratum has more pairs than were coded of it.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappush, heappushpop, nsmallest
from itertools import accumulate

import numpy as np

from graph.records import DocumentRecord, TaskRecord
from ingest.continuity.opinions import Opinion, Opinions, pair_id
from ingest.continuity.weights import read_weights

# What each stratum gives of a sample where it has enough. Most links that are missed are near: what is drawn there decides how sure a recall is.
SHARES = {"link": 0.35, "perhaps": 0.2, "near": 0.3, "far": 0.15}
STRATA = tuple(SHARES)
# Near are scores whose odds are at least this part of the odds at which the band begins. On the annotated pairs one near
# pair in ten is a link, and one far pair in a thousand.
NEAR = 0.1
_RANKED = 8  # times as many far pairs as are wanted: up to here all are put in the order of chance


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """A later and an earlier task, the plans in which they stand, and what the tool thinks of the two."""

    later: TaskRecord
    earlier: TaskRecord
    later_plan: DocumentRecord
    earlier_plan: DocumentRecord
    stratum: str
    opinion: Opinion

    @property
    def id(self) -> str:
        return pair_id(self.later.id, self.earlier.id)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample. Chance alone orders its pairs; `sizes` says how many pairs each stratum has, `expected` how many links the
    scores would have among them (their sum)."""

    pairs: list[DrawnPair]
    sizes: dict[str, int]
    expected: dict[str, float]
    plan_pairs: int
    plans: int

    @property
    def population(self) -> int:
        return sum(self.sizes.values())


def draw_links(corpus: Opinions, n: int, seed: int, advance: Callable[[int, int], None] = lambda done, of: None) -> Drawn:
    """A sample of n pairs of tasks, all where there are no more. Chance is a hash of seed and pair: the order of the files changes nothing.

    `advance` is called with how many pairs of plans were looked at, of how many.
    """
    sizes, expected = dict.fromkeys(STRATA, 0), dict.fromkeys(STRATA, 0.0)
    chosen: dict[str, list[tuple[int, int, int]]] = {stratum: [] for stratum in STRATA}  # heaps, the last by chance on top
    others = []  # of each pair of plans the cells that are not far
    for k in range(len(corpus.pairs)):
        listed = {cell: opinion for cell in corpus.worth_a_look(k, _near()) if _stratum(opinion := corpus.of(k, cell)) != "far"}
        others.append(np.array(list(listed), dtype=np.int64))
        advance(k + 1, len(corpus.pairs))
        expected["far"] += corpus.rest(k, listed)
        for cell, opinion in listed.items():
            stratum = _stratum(opinion)
            sizes[stratum] += 1
            expected[stratum] += opinion.score
            entry = -_chance(seed, _id(corpus, k, cell)), k, cell
            if len(chosen[stratum]) < n:
                heappush(chosen[stratum], entry)
            else:
                heappushpop(chosen[stratum], entry)
    far = [corpus.size(k) - len(cells) for k, cells in enumerate(others)]
    sizes["far"] = sum(far)
    shares = _share_out(sizes, n)
    picked = [(k, cell) for stratum, entries in chosen.items() for _, k, cell in sorted(entries, reverse=True)[:shares[stratum]]]
    picked += _draw_far(corpus, far, others, shares["far"], seed)
    pairs = [_pair(corpus, k, cell) for k, cell in picked]
    return Drawn(sorted(pairs, key=lambda pair: _chance(seed, f"order {pair.id}")), sizes, {stratum: round(n, 3) for stratum, n in expected.items()}, len(corpus.pairs), len({plan for pair in corpus.pairs for plan in pair}))


def _near() -> float:
    """The score from which a pair is near."""
    odds = NEAR * read_weights().low / (1 - read_weights().low)
    return odds / (1 + odds)


def _stratum(opinion: Opinion) -> str:
    return "link" if opinion.is_link else "perhaps" if opinion.score >= read_weights().low else "near" if opinion.score >= _near() else "far"


def _pair(corpus: Opinions, k: int, cell: int) -> DrawnPair:
    opinion = corpus.of(k, cell)
    return DrawnPair(*corpus.tasks(k, cell), *corpus.records(k), _stratum(opinion), opinion)


def _id(corpus: Opinions, k: int, cell: int) -> str:
    later, earlier = corpus.tasks(k, cell)
    return pair_id(later.id, earlier.id)


def _draw_far(corpus: Opinions, far: list[int], others: list[np.ndarray], n: int, seed: int) -> list[tuple[int, int]]:
    """n of the far pairs. They are too many to be listed in a large corpus: numbers are drawn, and the pair of each is looked up."""
    total, ends = sum(far), list(accumulate(far))
    if not n:
        return []
    if total <= n * _RANKED:
        numbers = nsmallest(n, range(total), key=lambda number: (_chance(seed, f"far {number}"), number))
    else:
        drawn: dict[int, None] = {}
        turn = 0
        while len(drawn) < n:
            drawn[_chance(seed, f"far turn {turn}") % total] = None
            turn += 1
        numbers = list(drawn)
    found = []
    for number in numbers:
        k = bisect_right(ends, number)
        cells = np.setdiff1d(np.arange(corpus.size(k)), others[k], assume_unique=True)
        found.append((k, int(cells[number - ends[k]])))  # counted from the end of the pair's own
    return found


def _share_out(sizes: dict[str, int], n: int) -> dict[str, int]:
    """How many each stratum gives: one after the other to the one that is furthest behind its share and has more."""
    if n >= sum(sizes.values()):
        return dict(sizes)
    given = dict.fromkeys(STRATA, 0)
    for _ in range(n):
        behind = max((stratum for stratum in STRATA if given[stratum] < sizes[stratum]), key=lambda stratum: SHARES[stratum] / (given[stratum] + 0.5))
        given[behind] += 1
    return given


def _chance(seed: int, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\x1f{key}".encode()).digest()[:8])
