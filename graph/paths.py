"""The shortest paths between two nodes, searched from both ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from graph.ids import kind_of
from graph.store import Store
from graph.surroundings import KINDS, iter_steps

HOPS = 6  # edges of the longest path that is looked for
VISITED = 20_000  # nodes after which the search is given up


@dataclass(frozen=True, slots=True)
class Paths:
    """`paths` are lists of ids from end to end, the first few of `total` shortest ones, always the same few."""

    paths: list[list[str]]
    total: int
    visited: int
    gave_up: bool  # at VISITED nodes: there may be a path


class _Side:
    """What was reached from one end: for each node those one step nearer to the end, and how many shortest ways lead to it."""

    def __init__(self, end: str) -> None:
        self.nearer: dict[str, list[str]] = {end: []}
        self.ways = {end: 1}
        self.edge = [end]
        self.depth = 0

    def grow(self, found: dict[str, set[str]]) -> None:
        """One step further: the nodes found, each with those that led to it."""
        for node, led in found.items():
            self.nearer[node] = sorted(led)
            self.ways[node] = sum(self.ways[before] for before in led)
        self.edge = sorted(found)
        self.depth += 1

    def iter_ways(self, node: str) -> Iterator[list[str]]:
        """The shortest ways from the end to a node."""
        if not self.nearer[node]:
            yield [node]
        for before in self.nearer[node]:
            for way in self.iter_ways(before):
                yield [*way, node]


def shortest_paths(store: Store, start: str, end: str, limit: int, kinds: Collection[str] = KINDS, perhaps: bool = False, collectives: bool = False) -> Paths:
    """Up to `limit` of the shortest paths, along edges either way; between the ends stand nodes of `kinds` and, unless `collectives`, single units."""
    shut = set() if collectives else {row["id"] for row in store.read("MATCH (d:Department) WHERE d.collective RETURN d.id AS id")}
    sides = (_Side(start), _Side(end))
    while True:
        one, two = sides
        visited = len(one.nearer) + len(two.nearer)
        met = sorted(one.nearer.keys() & two.nearer.keys())
        if met:
            ways = ([*there, *back[-2::-1]] for node in met for there in one.iter_ways(node) for back in two.iter_ways(node))
            return Paths(list(islice(ways, limit)), sum(one.ways[node] * two.ways[node] for node in met), visited, False)
        if one.depth + two.depth == HOPS or not one.edge or not two.edge:
            return Paths([], 0, visited, False)
        if visited > VISITED:
            return Paths([], 0, visited, True)
        # The side with the smaller edge goes on: it reaches fewer nodes.
        near, far = sorted(sides, key=lambda side: len(side.edge))
        found: dict[str, set[str]] = {}
        for here, there in iter_steps(store, near.edge, {*kinds, *filter(None, (kind_of(start), kind_of(end)))}, perhaps):
            if there not in near.nearer and (there in far.nearer or (there not in shut and kind_of(there) in kinds)):
                found.setdefault(there, set()).add(here)
        near.grow(found)
