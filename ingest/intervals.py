"""How sure a precision, a recall, an F1 or a kappa is: 95 % intervals.

Percentile bootstrap: clusters (documents, passages or tasks) are drawn with replacement, DRAWS times, since what one
document gets wrong it gets wrong more than once. Where all is right every draw gives 1.000, and the bootstrap would call
certain what was merely not seen to fail. So the interval is never narrower than Wilson's of the same proportion: with
57 of 57 right it begins at 0.937. Wilson takes the 57 for independent; with few documents even that is too sure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

DRAWS = 1_000
SEED = 1
_Z = 1.959964  # of the normal distribution, 95 % two-sided
Interval = tuple[float, float]


def f1_interval(clusters: Sequence[Sequence[int]]) -> Interval | None:
    """Of F1; a cluster is (right, too many, missed). None where there is nothing to count.

    F1 is the right ones as a share of the mean of annotated and found: its Wilson interval has that mean as its n.
    """
    return _interval(clusters, 1.0, 0.5, 0.5)


def precision_interval(clusters: Sequence[Sequence[int]]) -> Interval | None:
    """Of right / (right + too many)."""
    return _interval(clusters, 1.0, 1.0, 0.0)


def recall_interval(clusters: Sequence[Sequence[int]]) -> Interval | None:
    """Of right / (right + missed); of a share of right values too, those that are wrong being missed."""
    return _interval(clusters, 1.0, 0.0, 1.0)


def _interval(clusters: Sequence[Sequence[int]], *weights: float) -> Interval | None:
    """Of right / (weighted sum of right, too many and missed)."""
    pairs = np.array([(row[0], np.dot(row, weights)) for row in clusters], dtype=float).reshape(-1, 2)
    right, n = pairs.sum(axis=0).tolist()
    if not n:
        return None
    draws = _resample(len(pairs)) @ pairs
    draws = draws[draws[:, 1] > 0]
    low, high = np.percentile(draws[:, 0] / draws[:, 1], [2.5, 97.5])
    wilson_low, wilson_high = wilson(right, n)
    return min(float(low), wilson_low), max(float(high), wilson_high)


def _resample(clusters: int) -> np.ndarray:
    """How often each cluster is in each draw. The old generator: its numbers are the same in every numpy."""
    return np.random.RandomState(SEED).multinomial(clusters, np.full(clusters, 1 / clusters), size=DRAWS)


def wilson(right: float, n: float) -> Interval:
    """Wilson's interval of a proportion."""
    share, spread = right / n, _Z * _Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def kappa(judgements: Sequence[tuple[bool, bool]]) -> tuple[float | None, Interval | None]:
    """Cohen's kappa of two coders' yes and no on the same passages, and its bootstrap interval.

    None where both gave one answer throughout: then agreement beyond chance cannot be told. No interval where they
    never differ: the bootstrap would say 1 to 1.
    """
    cells = np.array([(a and b, a and not b, b and not a, not a and not b) for a, b in judgements], dtype=float).reshape(-1, 4)
    if not len(cells) or (value := _kappas(cells.sum(axis=0, keepdims=True))[0]) != value:
        return None, None
    if not cells[:, 1:3].any():
        return float(value), None
    draws = _kappas(_resample(len(cells)) @ cells)
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return float(value), (float(low), float(high))


def _kappas(cells: np.ndarray) -> np.ndarray:
    """Kappa of each row of (both yes, first only, second only, both no); nan where it is undefined."""
    n = cells.sum(axis=1)
    first, second = (cells[:, 0] + cells[:, 1]) / n, (cells[:, 0] + cells[:, 2]) / n
    agreed, chance = (cells[:, 0] + cells[:, 3]) / n, first * second + (1 - first) * (1 - second)
    return np.divide(agreed - chance, 1 - chance, out=np.full(len(cells), np.nan), where=chance < 1)
