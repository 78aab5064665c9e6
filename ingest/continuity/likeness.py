"""How alike the tasks of two plans are, in the ways that weights are set for: one number a way and candidate.

Characters weigh by how rare they are in the background and in the two plans, so that what every task of both holds
(教育信息化 in two plans on it) tells nothing. Only pairs of tasks that share something rare are looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags

from ingest.background import rarities
from ingest.continuity.best_pairs import Grouped, dots, outstanding, top_of_rows
from ingest.continuity.plan_index import PlanIndex, Runs
from ingest.continuity.shared_names import SharedName, find_shared_names

SOFT = 30.0  # weight that two segments must share beside their length: short ones agree by chance
PARTNERS = 15  # of each task, by words: more are looked at only where a name is shared
COMMON = 64  # tasks that hold a pair of characters from which it finds no candidate in large plans: it tells little
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
    n = later.tasks.shape[0], earlier.tasks.shape[0]
    large = n[0] * n[1] > LARGE
    a, b, weights, holding = _shared_columns(later, earlier)
    tasks = _weighted(later.tasks, a, weights), _weighted(earlier.tasks, b, weights)
    names = find_shared_names(later, earlier)
    keys = np.arange(n[0] * n[1]) if exhaustive else _candidates(*tasks, np.where(holding > COMMON, 0.0, 1.0) if large else None, names)
    rows, columns = np.divmod(keys, n[1])
    sentences = _weighted(later.sentences, a, weights), _weighted(earlier.sentences, b, weights)
    x, y, alike = dots(*sentences, later.sentence.task, earlier.sentence.task, keys, n)
    pairs = Grouped(x, y, later.sentence.task, earlier.sentence.task, n[1])
    segments = _segments(later, earlier, a, b, weights, keys, n)
    words = dots(*tasks, None, None, keys, n)[2] + pairs.best(alike, keys) / 2
    cosine = _runs_alike(later.grams, earlier.grams, keys, n, 1.0)
    grams = np.log(cosine + 0.01)
    telling = {i * n[1] + j: shared[0].telling for (i, j), shared in names.items()}
    lines = {i * n[1] + j: max(name.telling for name in shared if name.is_line) for (i, j), shared in names.items() if any(name.is_line for name in shared)}
    return Candidates(rows, columns, {
        "cosine": cosine, "grams": grams, "grams_column": outstanding(grams, columns),
        "phrase": np.log(_runs_alike(later.phrases, earlier.phrases, keys, n, 0.0) + 0.02),
        "segment": segments.pairs.best(segments.common / (segments.lengths + SOFT), keys),
        "programme": np.array([telling.get(key, 0.0) for key in keys.tolist()]),
        "line": np.array([lines.get(key, 0.0) for key in keys.tolist()]),
        "unit": _units_shared(later, earlier, rows, columns),
        "target": _targets_alike(later, earlier, rows, columns),
        "first": _of_best(words, rows), "first_column": _of_best(words, columns),
        "size": np.full(len(keys), math.log(max(1, n[0] * n[1]))),
    }, segments, names, (pairs, alike))


def _candidates(later: csr_matrix, earlier: csr_matrix, kept: np.ndarray | None, names: dict[tuple[int, int], list[SharedName]]) -> np.ndarray:
    """Each task's best partners by words, and the pairs that share a name, as later * width + earlier."""
    product = ((later if kept is None else later @ diags(kept)) @ earlier.T).tocsr()
    width = product.shape[1]
    found = [top_of_rows(product, PARTNERS)]
    columns, rows = np.divmod(top_of_rows(product.T.tocsr(), PARTNERS), product.shape[0])
    found += [rows * width + columns, np.array([i * width + j for i, j in names], dtype=np.int64)]
    return np.unique(np.concatenate(found))


def _shared_columns(later: PlanIndex, earlier: PlanIndex) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Each plan's columns in the codes of both, the weight of each code, and how many tasks hold it."""
    codes, a, b, holding, tasks = _joined(Runs(later.codes, later.tasks), Runs(earlier.codes, earlier.tasks))
    return a, b, np.maximum(0.0, np.log((tasks + 1) / (holding + 0.5))) * rarities(codes), holding


def _joined(a: Runs, b: Runs) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """The codes of both, the places of each one's codes among them, how many tasks hold each code, and how many tasks there are."""
    codes = np.sort(np.concatenate([a.codes, b.codes]), kind="stable")  # both are sorted: quicker than finding unique values by hashes
    codes = codes[np.concatenate([[True], codes[1:] != codes[:-1]])] if len(codes) else codes
    columns = np.searchsorted(codes, a.codes), np.searchsorted(codes, b.codes)
    holding = np.zeros(len(codes))
    for runs, places in zip((a, b), columns, strict=True):
        holding[places] += np.bincount(runs.tasks.indices, minlength=len(runs.codes))
    return codes, *columns, holding, a.tasks.shape[0] + b.tasks.shape[0]


def _weighted(counts: csr_matrix, columns: np.ndarray, weights: np.ndarray) -> csr_matrix:
    """Rows of counts in the shared columns, damped, weighed and of length 1."""
    taken = columns[counts.indices]
    values = (1 + np.log(counts.data)) * weights[taken]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row, values * values, minlength=counts.shape[0]))
    return csr_matrix((values / np.where(lengths > 0, lengths, 1.0)[row], taken, counts.indptr), shape=(counts.shape[0], len(weights)))


def _runs_alike(a: Runs, b: Runs, keys: np.ndarray, n: tuple[int, int], least: float) -> np.ndarray:
    """Cosine of runs of characters, weighed by how few tasks of the two plans hold them; `least` is what the commonest weighs."""
    codes, ours, theirs, holding, tasks = _joined(a, b)
    weights = np.log((1 + tasks) / (1 + holding)) + least
    return dots(_weighted(a.tasks, ours, weights), _weighted(b.tasks, theirs, weights), None, None, keys, n)[2]


def _segments(later: PlanIndex, earlier: PlanIndex, a: np.ndarray, b: np.ndarray, weights: np.ndarray, keys: np.ndarray, n: tuple[int, int]) -> SharedWords:
    roots = np.sqrt(weights)
    sides, held = [], []
    for index, columns in ((later, a), (earlier, b)):
        taken = columns[index.segments.indices]
        sides.append(csr_matrix((roots[taken], taken, index.segments.indptr), shape=(index.segments.shape[0], len(weights))))
        held.append(np.bincount(np.repeat(np.arange(index.segments.shape[0]), np.diff(index.segments.indptr)), weights[taken], minlength=index.segments.shape[0]))
    x, y, common = dots(*sides, later.segment.task, earlier.segment.task, keys, n)
    return SharedWords(Grouped(x, y, later.segment.task, earlier.segment.task, n[1]), common, np.sqrt(held[0][x] * held[1][y]))


def _of_best(values: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The natural logarithm of a pair's value as a part of its task's best."""
    if not len(values):
        return values
    best = np.zeros(owner.max() + 1)
    np.maximum.at(best, owner, values)
    return np.log((values + 1e-3) / (best[owner] + 1e-3))


def _units_shared(later: PlanIndex, earlier: PlanIndex, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """How many units both tasks name, as a part of what the one with fewer names."""
    known = frozenset().union(*later.units) & frozenset().union(*earlier.units)
    sides = [np.array([not known.isdisjoint(units) for units in index.units]) for index in (later, earlier)]
    found = np.zeros(len(rows))
    for k in np.flatnonzero(sides[0][rows] & sides[1][columns]).tolist():
        found[k] = _share(later.units[rows[k]], earlier.units[columns[k]])
    return found


def _targets_alike(later: PlanIndex, earlier: PlanIndex, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """How much the objects of two targets with one counter have in common, the best pair's."""
    sides = [np.array([bool(targets) for targets in index.targets]) for index in (later, earlier)]
    found = np.zeros(len(rows))
    for k in np.flatnonzero(sides[0][rows] & sides[1][columns]).tolist():
        found[k] = max((_share(x, y) for unit, x in later.targets[rows[k]] for other, y in earlier.targets[columns[k]] if unit == other), default=0.0)
    return found


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
