"""Counts of a plan's rows laid out once so that two plans are multiplied without turning, joining or checking a matrix anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

_DAMPED = 1 + np.log(np.arange(1, 1 << 16, dtype=float))  # of a count less 1


class Counts:
    """Rows (tasks, sentences, segments) over codes: how often, by row, and the same cells by code."""

    __slots__ = ("n", "width", "indptr", "code", "_count")

    def __init__(self, counts: csr_matrix) -> None:
        counts.sort_indices()
        self.n, self.width = counts.shape
        self.indptr, self.code = counts.indptr, counts.indices
        self._count = (np.minimum(counts.data, 0xFFFF) - 1).astype(np.uint16)

    @property
    def row(self) -> np.ndarray:
        """Of each cell."""
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.indptr))

    def weighted(self, weights: np.ndarray) -> np.ndarray:
        """The cells weighed, rows of length 1."""
        values = _DAMPED[self._count] * weights[self.code]
        row = self.row
        lengths = np.sqrt(np.bincount(row, values * values, minlength=self.n))
        return values / np.where(lengths > 0, lengths, 1.0)[row]


def product(a: Counts, a_values: np.ndarray, place: np.ndarray, b: Counts, b_values: np.ndarray) -> csr_matrix:
    """Scalar products of all rows of `a` and `b`; `place` is of each code of `a` its column in `b`, b.width where it has none."""
    left = csr_matrix((a_values, place[a.code], a.indptr), shape=(a.n, b.width + 1), copy=False)
    right = csc_matrix((b_values, b.code, b.indptr), shape=(b.width + 1, b.n), copy=False)
    return left @ right.tocsr()


def matrices(a: Counts, a_values: np.ndarray, place: np.ndarray, b: Counts, b_values: np.ndarray) -> tuple[csr_matrix, csr_matrix]:
    """Both sides' rows over the columns of `b`, for products of some rows only."""
    return (csr_matrix((a_values, place[a.code], a.indptr), shape=(a.n, b.width + 1)), csr_matrix((b_values, b.code, b.indptr), shape=(b.n, b.width + 1)))


@dataclass(slots=True)
class Joined:
    """Two plans' codes: of each of the later's the column in the earlier, and of each one's codes how many tasks of both hold it."""

    place: np.ndarray
    later: np.ndarray
    earlier: np.ndarray


def join(a_codes: np.ndarray, a_holding: np.ndarray, b_codes: np.ndarray, b_holding: np.ndarray) -> Joined:
    if not len(b_codes):
        return Joined(np.zeros(len(a_codes), np.int32), a_holding.astype(float), b_holding.astype(float))
    k = np.minimum(np.searchsorted(b_codes, a_codes), len(b_codes) - 1)
    same = b_codes[k] == a_codes
    place = np.where(same, k, len(b_codes)).astype(np.int32)
    later, earlier = a_holding.astype(float), b_holding.astype(float)
    later[same] += b_holding[k[same]]
    earlier[k[same]] += a_holding[same]
    return Joined(place, later, earlier)
