"""How much each way in which two tasks are alike counts: `weights.tsv`, and the score that follows.

The score is a logistic regression: its logarithm of odds is the sum, over the ways, of weight times (value less the
`usual` value of a candidate that is no link), and of the row `base`. So what each way adds to a score can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PATH = Path(__file__).with_name("weights.tsv")


@dataclass(frozen=True, slots=True)
class Weights:
    """`ways` is way to (weight, usual value); `cut` the score from which a pair is a link, `low` and `high` the band
    around it in which a reader should look."""

    ways: dict[str, tuple[float, float]]
    base: float
    cut: float
    low: float
    high: float

    def score(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """From 0 to 1, one a candidate."""
        import numpy as np  # the cut alone is asked for more often than a score

        total = self.base + sum(weight * (values[way] - usual) for way, (weight, usual) in self.ways.items())
        return 1 / (1 + np.exp(-np.asarray(total, dtype=float)))

    def added(self, way: str, value: float) -> float:
        """What one value adds to the natural logarithm of the odds."""
        weight, usual = self.ways[way]
        return weight * (value - usual)


@cache
def read_weights() -> Weights:
    """The shipped weights."""
    rows = [line.split("\t") for line in PATH.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")][1:]
    table = {name: (float(weight), float(usual)) for name, weight, usual in rows}
    single = {name: table.pop(name)[0] for name in ("base", "cut", "low", "high")}
    return Weights(table, **single)
