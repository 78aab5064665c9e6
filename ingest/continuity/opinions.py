"""What the tool thinks of any two tasks of plans that are compared: whether it links them, and the score.

Verdicts of researchers are left aside: where they count, what they overruled is the tool's opinion. So what is measured on
pairs coded by hand stays the same when the coding has become verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from graph.records import DocumentRecord, TaskRecord
from graph.store import Store
from graph.stored import facts_of
from ingest.continuity.likeness import compare
from ingest.continuity.pairs import plan_pairs
from ingest.continuity.plan_index import PlanIndex, index_plan
from ingest.continuity.weights import read_weights


@dataclass(frozen=True, slots=True)
class Opinion:
    """Of one pair of tasks. The score is 0 where the two have nothing in common that is counted."""

    is_link: bool
    score: float


Decided = dict[str, dict[str, Opinion]]  # by later task, then by earlier task


def pair_id(later: str, earlier: str) -> str:
    return f"{later}+{earlier}"


class Opinions:
    """The plans of a corpus, the pairs of them that are compared, and what the tool thinks of their tasks.

    A cell is a pair of tasks of the k-th pair of plans: the later task's place times the number of earlier tasks, plus the
    earlier task's place. `decided` is what a graph's edges say: then these alone are links. None: the rules decide.
    """

    def __init__(self, records: Iterable[DocumentRecord], decided: Decided | None = None) -> None:
        self.plans: dict[str, DocumentRecord] = {}
        for record in records:
            if record.kind == "plan":
                self.plans.setdefault(facts_of(record).id, record)  # a plan that two files hold counts once
        listed = plan_pairs([facts_of(record) for record in self.plans.values()])
        self.pairs = [(later.id, earlier.id) for later, earlier, _ in listed if self.plans[later.id].tasks and self.plans[earlier.id].tasks]
        self._decided = decided
        index: Callable[[str], PlanIndex] = lru_cache(maxsize=4_000)(lambda plan: index_plan(self.plans[plan]))
        self._scores: Callable[[int], dict[int, float]] = lru_cache(maxsize=64)(lambda k: _scores(*map(index, self.pairs[k])))

    def records(self, k: int) -> tuple[DocumentRecord, DocumentRecord]:
        """The later and the earlier plan of the k-th pair."""
        later, earlier = self.pairs[k]
        return self.plans[later], self.plans[earlier]

    def size(self, k: int) -> int:
        later, earlier = self.records(k)
        return len(later.tasks) * len(earlier.tasks)

    def tasks(self, k: int, cell: int) -> tuple[TaskRecord, TaskRecord]:
        later, earlier = self.records(k)
        i, j = divmod(cell, len(earlier.tasks))
        return later.tasks[i], earlier.tasks[j]

    def of(self, k: int, cell: int) -> Opinion:
        """The opinion on one cell."""
        later, earlier = self.tasks(k, cell)
        score = self._scores(k).get(cell, 0.0)
        if self._decided is None:
            return Opinion(score >= read_weights().cut, score)
        return self._decided.get(later.id, {}).get(earlier.id) or Opinion(False, score)

    def worth_a_look(self, k: int, least: float) -> list[int]:
        """The cells, in order, that the rules score `least` or more or on which there is an edge."""
        cells = {cell for cell, score in self._scores(k).items() if score >= least}
        if self._decided:
            later, earlier = self.records(k)
            place = {task.id: j for j, task in enumerate(earlier.tasks)}
            cells |= {i * len(place) + place[y] for i, task in enumerate(later.tasks) for y in self._decided.get(task.id, ()) if y in place}
        return sorted(cells)

    def rest(self, k: int, cells: Iterable[int]) -> float:
        """The sum of the rules' scores outside some cells: how many links they expect there."""
        left_out = set(cells)
        return sum(score for cell, score in self._scores(k).items() if cell not in left_out)

    def of_pairs(self, wanted: Iterable[str]) -> dict[str, Opinion]:
        """The opinions on pairs by id; those whose tasks are not here, or of plans that are not compared, are left out."""
        places = {task.id: (plan, j) for plan, record in self.plans.items() for j, task in enumerate(record.tasks)}
        number = {pair: k for k, pair in enumerate(self.pairs)}
        found = {}
        for key in wanted:
            later, _, earlier = key.partition("+")
            if later in places and earlier in places:
                (plan, i), (before, j) = places[later], places[earlier]
                if (k := number.get((plan, before))) is not None:
                    found[key] = self.of(k, i * len(self.plans[before].tasks) + j)
        return found


def _scores(later: PlanIndex, earlier: PlanIndex) -> dict[int, float]:
    """By cell the score of each candidate, rounded as a link's is."""
    found = compare(later, earlier)
    cells = found.later.astype(int) * len(earlier.record.tasks) + found.earlier
    return dict(zip(cells.tolist(), read_weights().score(found.ways).round(3).tolist(), strict=True))


_EDGES = "MATCH (l:Task)-[r:{kind}]->(e:Task) RETURN l.id AS later, e.id AS earlier, r.method AS method, r.score AS score, r.rules_score AS rules_score"


def read_decided(store: Store) -> Decided:
    """What the edges of a graph say; under a verdict, what the rules would."""
    cut = read_weights().cut
    found: Decided = {}
    for kind in ("CONTINUES", "RESEMBLES"):
        for row in store.read(_EDGES.format(kind=kind)):
            opinion = Opinion(row["rules_score"] >= cut, row["rules_score"]) if row["method"] == "hand" else Opinion(kind == "CONTINUES", row["score"])
            found.setdefault(row["later"], {})[row["earlier"]] = opinion
    return found
