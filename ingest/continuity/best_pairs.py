"""Scalar products of rows where they are wanted, and the best among the rows of two tasks."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

_AT_ONCE = 20_000  # pairs of rows that are multiplied together, so that memory stays small
_NEXT = 5  # of a task's other candidates to which one is compared


def rows_of(keys: np.ndarray, a_task: np.ndarray, b_task: np.ndarray, n: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of rows of the candidates' tasks; rows stand in the order of their tasks."""
    tasks = np.divmod(keys, n[1])
    first = [np.searchsorted(task, np.arange(size + 1)) for task, size in ((a_task, n[0]), (b_task, n[1]))]
    starts = [f[t] for f, t in zip(first, tasks, strict=True)]
    counts = [f[t + 1] - f[t] for f, t in zip(first, tasks, strict=True)]
    each = counts[0] * counts[1]
    at = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    width = np.repeat(counts[1], each)
    return np.repeat(starts[0], each) + at // np.maximum(width, 1), np.repeat(starts[1], each) + at % np.maximum(width, 1)


def one_by_one(a: csr_matrix, b: csr_matrix, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    parts = [np.asarray(a[x[k:k + _AT_ONCE]].multiply(b[y[k:k + _AT_ONCE]]).sum(axis=1)).ravel() for k in range(0, len(x), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros(0)


def top_of_rows(matrix: csr_matrix, most: int) -> np.ndarray:
    """The greatest values of each row, at most `most`, as row * width + column."""
    width = matrix.shape[1]
    found = []
    for row in range(matrix.shape[0]):
        begin, end = matrix.indptr[row], matrix.indptr[row + 1]
        columns, values = matrix.indices[begin:end], matrix.data[begin:end]
        columns = columns[values > 0]
        if len(columns) > most:
            # by value, then by column: which of equal ones is kept depends on nothing else
            columns = columns[np.lexsort((columns, -values[values > 0]))[:most]]
        found.append(row * width + columns.astype(np.int64))
    return np.concatenate(found) if found else np.zeros(0, np.int64)


class Grouped:
    """Pairs of rows (sentences, segments) by the pair of tasks that they stand in."""

    def __init__(self, x: np.ndarray, y: np.ndarray, a_task: np.ndarray, b_task: np.ndarray, width: int) -> None:
        keys = a_task[x] * width + b_task[y]
        self._order = np.argsort(keys, kind="stable")
        keys = keys[self._order]
        self._first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
        self._keys = keys[self._first]
        self._spans = dict(zip(self._keys.tolist(), zip(self._first.tolist(), np.append(self._first, len(keys))[1:].tolist(), strict=True), strict=True))
        self.x, self.y = x, y

    def best(self, values: np.ndarray, keys: np.ndarray) -> np.ndarray:
        """The best value of each pair of tasks, 0 where no rows of theirs share anything."""
        if not len(self._keys):
            return np.zeros(len(keys))
        best = np.maximum.reduceat(values[self._order], self._first)
        k = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[k] == keys, best[k], 0.0)

    def of(self, key: int) -> np.ndarray:
        """Which of the pairs of rows stand in one pair of tasks."""
        begin, end = self._spans.get(key, (0, 0))
        return self._order[begin:end]


def outstanding(values: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """How far a candidate's value is above the mean of the second to sixth of its task's candidates, 0 where there is no second."""
    if not len(values):
        return values
    order = np.lexsort((-values, owner))
    sorted_owner = owner[order]
    begin = np.searchsorted(sorted_owner, sorted_owner)  # of each one's group
    rank = np.arange(len(order)) - begin
    among = (rank >= 1) & (rank <= _NEXT)
    size = owner.max() + 1
    total = np.bincount(sorted_owner[among], values[order][among], minlength=size)
    count = np.bincount(sorted_owner[among], minlength=size)
    return np.where(count[owner] > 0, values - total[owner] / np.maximum(count[owner], 1), 0.0)
