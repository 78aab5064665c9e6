"""How alike the tasks of two plans are, in the ways that weights are set for: one number a way and candidate.

Characters weigh by how rare they are in the background and in the two plans, so that what every task of both holds
(教育信息化 in two plans on it) tells nothing. Only pairs of tasks that share something rare are looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from ingest.continuity.best_pairs import Grouped, one_by_one, outstanding, rows_of, top_of_rows
from ingest.continuity.plan_index import PlanIndex, Runs, Stretches
from ingest.continuity.products import Joined, join, matrices, product
from ingest.continuity.shared_names import SharedName, find_shared_names

SOFT = 30.0  # weight that two segments must share beside their length: short ones agree by chance
PARTNERS = 15  # of each task, by words: more are looked at only where a name is shared
COMMON = 64  # tasks that hold a pair of characters from which it finds no candidate in large plans: it tells little
ONE_SUBJECT = -2.0  # logarithm of the cosine of two plans' words: annotated pairs lie above -2.2, plans on two subjects about -2.6
LARGE = 40_000  # pairs of tasks from which two plans are large


@dataclass(slots=True)
class SharedWords:
    """Pairs of segments that share something: the weight that they share, and the mean weight that they hold."""

    pairs: Grouped
    common: np.ndarray
    lengths: np.ndarray


@dataclass(slots=True)
class Candidates:
    """Pairs of a later and an earlier task, by later, then earlier: rows of both, and each way's number."""

    later: np.ndarray
    earlier: np.ndarray
    ways: dict[str, np.ndarray]
    segments: SharedWords
    names: dict[tuple[int, int], list[SharedName]]  # what both name, the most telling first
    sentences: tuple[Grouped, np.ndarray]  # pairs of sentences that share something, and their cosine

    def __len__(self) -> int:
        return len(self.later)


def compare(later: PlanIndex, earlier: PlanIndex, exhaustive: bool = False) -> Candidates:
    """The candidates of two plans. `exhaustive` takes every pair of tasks, for measuring what leaving some out loses."""
    n = later.tasks.n, earlier.tasks.n
    joined = join(later.codes, later.holding, earlier.codes, earlier.holding)
    weights = [np.maximum(0.0, np.log((n[0] + n[1] + 1) / (holding + 0.5))) * index.rarity for index, holding in ((later, joined.later), (earlier, joined.earlier))]
    cells = later.tasks, later.tasks.weighted(weights[0]), joined.place, earlier.tasks, earlier.tasks.weighted(weights[1])
    names = find_shared_names(later, earlier)
    large = n[0] * n[1] > LARGE
    if large:  # common pairs of characters find no candidate: what they join grows with the square of the tasks
        rare = cells[1] * (joined.later <= COMMON)[later.tasks.code]
        found = _best_of_many(product(later.tasks, rare, *cells[2:]), names)
    else:
        alike_tasks = product(*cells).toarray()
        found = _best(alike_tasks, names)
    keys = np.arange(n[0] * n[1]) if exhaustive else found
    rows, columns = np.divmod(keys, n[1])
    x, y, alike = _among((later.sentences, later.sentences.weighted(weights[0]), joined.place, earlier.sentences, earlier.sentences.weighted(weights[1])), later.sentence, earlier.sentence, keys, n)
    pairs = Grouped(x, y, later.sentence.task, earlier.sentence.task, n[1])
    roots = np.sqrt(weights[0]), np.sqrt(weights[1])
    x, y, common = _among((later.segments, roots[0][later.segments.code], joined.place, earlier.segments, roots[1][earlier.segments.code]), later.segment, earlier.segment, keys, n)
    held = [np.bincount(index.segments.row, weights[k][index.segments.code], minlength=index.segments.n) for k, index in enumerate((later, earlier))]
    segments = SharedWords(Grouped(x, y, later.segment.task, earlier.segment.task, n[1]), common, np.sqrt(held[0][x] * held[1][y]))
    words = (one_by_one(*matrices(*cells), rows, columns) if large else alike_tasks[rows, columns]) + pairs.best(alike, keys) / 2
    cosine = _runs_alike(later.grams, earlier.grams, rows, columns, 1.0)
    grams = np.log(cosine + 0.01)
    telling = {i * n[1] + j: shared[0].telling for (i, j), shared in names.items()}
    return Candidates(rows, columns, {
        "cosine": cosine, "grams": grams, "grams_column": outstanding(grams, columns),
        "phrase": np.log(_runs_alike(later.phrases, earlier.phrases, rows, columns, 0.0) + 0.02),
        "segment": segments.pairs.best(segments.common / (segments.lengths + SOFT), keys),
        "programme": _at(telling, keys),
        "unit": _at(_units_shared(later, earlier), keys), "target": _at(_targets_alike(later, earlier), keys),
        "first": _of_best(words, rows), "first_column": _of_best(words, columns),
        "size": np.full(len(keys), math.log(max(1, n[0] * n[1]))),
        "apart": np.full(len(keys), _apart(later, earlier, joined)),
    }, segments, names, (pairs, alike))


def _apart(later: PlanIndex, earlier: PlanIndex, joined: Joined) -> float:
    """How far two plans' subjects lie apart: by how much the logarithm of the cosine of their words is below that of plans on one subject."""
    place = joined.place
    shared = place < len(earlier.codes)
    cosine = float(later.subject[shared] @ earlier.subject[place[shared]])
    return max(0.0, ONE_SUBJECT - math.log(max(cosine, 1e-6)))


def _best(alike: np.ndarray, names: dict[tuple[int, int], list[SharedName]]) -> np.ndarray:
    """Each task's best partners by words, and the pairs that share a name, as later * width + earlier."""
    wanted = np.zeros(alike.shape, bool)
    for side, marked in ((alike, wanted), (alike.T, wanted.T)):
        best = np.argsort(-side, axis=1, kind="stable")[:, :PARTNERS]  # by value, then by place: which of equal ones is kept depends on nothing else
        np.put_along_axis(marked, best, True, axis=1)
    wanted &= alike > 0
    for pair in names:
        wanted[pair] = True
    return np.flatnonzero(wanted)


def _best_of_many(alike: csr_matrix, names: dict[tuple[int, int], list[SharedName]]) -> np.ndarray:
    """The same where a table of all pairs would be large."""
    alike.sort_indices()
    width = alike.shape[1]
    columns, rows = np.divmod(top_of_rows(alike.T.tocsr(), PARTNERS), alike.shape[0])
    return np.unique(np.concatenate([top_of_rows(alike, PARTNERS), rows * width + columns, np.array([i * width + j for i, j in names], dtype=np.int64)]))


def _among(cells: tuple, a: Stretches, b: Stretches, keys: np.ndarray, n: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scalar products of the stretches of candidates: rows of both and values."""
    if n[0] * n[1] > LARGE:
        x, y = rows_of(keys, a.task, b.task, n)
        return x, y, one_by_one(*matrices(*cells), x, y)
    matrix = product(*cells)
    x, y = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices
    wanted = np.zeros(n[0] * n[1], bool)
    wanted[keys] = True
    kept = wanted[a.task[x] * n[1] + b.task[y]]
    return x[kept], y[kept], matrix.data[kept]


def _at(values: dict[int, float], keys: np.ndarray) -> np.ndarray:
    """The values of some pairs of tasks, 0 where there is none."""
    return np.array([values.get(key, 0.0) for key in keys.tolist()])


def _runs_alike(a: Runs, b: Runs, rows: np.ndarray, columns: np.ndarray, least: float) -> np.ndarray:
    """Cosine of runs of characters, weighed by how few tasks of the two plans hold them; `least` is what the commonest weighs."""
    joined = join(a.codes, a.holding, b.codes, b.holding)
    total = 1 + a.tasks.n + b.tasks.n
    values = [runs.tasks.weighted(np.log(total / (1 + holding)) + least) for runs, holding in ((a, joined.later), (b, joined.earlier))]
    cells = a.tasks, values[0], joined.place, b.tasks, values[1]
    if a.tasks.n * b.tasks.n > LARGE:
        return one_by_one(*matrices(*cells), rows, columns)
    return product(*cells).toarray()[rows, columns]


def _of_best(values: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The natural logarithm of a pair's value as a part of its task's best."""
    if not len(values):
        return values
    best = np.zeros(owner.max() + 1)
    np.maximum.at(best, owner, values)
    return np.log((values + 1e-3) / (best[owner] + 1e-3))


def _units_shared(later: PlanIndex, earlier: PlanIndex) -> dict[int, float]:
    """How many units both tasks name, as a part of what the one with fewer names, by later * width + earlier."""
    width = earlier.tasks.n
    common: Counter[int] = Counter()
    for unit in later.unit_tasks.keys() & earlier.unit_tasks.keys():
        common.update(i * width + j for i in later.unit_tasks[unit] for j in earlier.unit_tasks[unit])
    return {key: count / min(later.unit_counts[key // width], earlier.unit_counts[key % width]) for key, count in common.items()}


def _targets_alike(later: PlanIndex, earlier: PlanIndex) -> dict[int, float]:
    """How much the objects of two targets with one counter have in common, the best pair's, by later * width + earlier."""
    width = earlier.tasks.n
    found: dict[int, float] = {}
    for counter in later.targets.keys() & earlier.targets.keys():
        for i, x in later.targets[counter]:
            for j, y in earlier.targets[counter]:
                if not x.isdisjoint(y):
                    found[i * width + j] = max(found.get(i * width + j, 0.0), len(x & y) / min(len(x), len(y)))
    return found
