"""How good links are, from a coded sample: precision, recall, F1 and calibration, counted up to all pairs of tasks.

Horvitz and Thompson's estimator: a coded pair stands for as many pairs as its stratum has, over those of it that were
coded. Precision rests on links alone; recall also on how many of the non-links that were coded turn out to be links, and
is an estimate that few such pairs carry. Intervals: bootstrap within the strata, never narrower than Wilson's of the same
share with as many pairs as the unequal weights are worth (Kish). Where all pairs that were coded of a stratum are none,
drawing them again never finds a link; there the interval allows for as many as the tool's own scores expect (a gamma
distribution that begins at the sum of the stratum's scores and shrinks with every pair that was coded).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.intervals import DRAWS, SEED, Interval, wilson

BINS = tuple((k / 5, (k + 1) / 5) for k in range(5))


@dataclass(frozen=True, slots=True)
class CodedPair:
    """One pair that a coder answered with yes or no, and what the tool thinks of it."""

    stratum: str
    is_link: bool
    score: float
    continues: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A share of what pairs stand for; `value` is None where there is nothing to divide by or a stratum was not coded."""

    value: float | None
    interval: Interval | None
    coded: int  # pairs that it is a share of
    yes: int  # pairs that make it up
    pairs: float = 0.0  # what the former stand for


@dataclass(frozen=True, slots=True)
class Bin:
    """The pairs with scores from `low` up to `high`: which share of them are links to the coder."""

    low: float
    high: float
    mean_score: float | None
    share: Share


class Sample:
    """A coded sample; `sizes` are the pairs that each stratum has, `expected` the links among them by the tool's scores."""

    def __init__(self, coded: Sequence[CodedPair], sizes: Mapping[str, int], expected: Mapping[str, float]) -> None:
        self.coded, self.sizes, self._expected = list(coded), dict(sizes), dict(expected)
        self.counts = {stratum: sum(one.stratum == stratum for one in coded) for stratum in sizes}
        self._weight = np.array([sizes[one.stratum] / self.counts[one.stratum] for one in coded])
        self._link = np.array([one.is_link for one in coded], dtype=float)
        self._yes = np.array([one.continues for one in coded], dtype=float)
        self._score = np.array([one.score for one in coded])
        self._draws, self._unseen = self._resample()

    @property
    def uncoded(self) -> list[str]:
        """Strata of which no pair was coded although they have some: without them no recall can be told."""
        return [stratum for stratum, size in self.sizes.items() if size and not self.counts[stratum]]

    def precision(self) -> Share:
        """Of the links, those that are right."""
        elsewhere = any(one.is_link and one.stratum != "link" for one in self.coded)  # the tool has changed since the pairs were drawn
        return self._share(self._link * self._yes, self._link, list(self.sizes) if elsewhere else ["link"])

    def recall(self) -> Share:
        """Of the pairs that continue, those that are linked: an estimate."""
        return self._share(self._link * self._yes, self._yes, list(self.sizes), unseen=1)

    def f1(self) -> Share:
        """The right links as a share of the mean of links and pairs that continue: an estimate."""
        return self._share(self._link * self._yes, (self._link + self._yes) / 2, list(self.sizes), unseen=0.5)

    def stratum(self, name: str) -> Share:
        """Of one stratum's pairs, those that continue."""
        inside = np.array([one.stratum == name for one in self.coded], dtype=float)
        return self._share(inside * self._yes, inside, [name])

    def calibration(self) -> list[Bin]:
        """What shares of pairs continue, by score, in five bins."""
        found = []
        for low, high in BINS:
            inside = ((self._score >= low) & ((self._score < high) | (high == 1))).astype(float)
            total = float((self._weight * inside).sum())
            found.append(Bin(low, high, float((self._weight * inside * self._score).sum() / total) if total else None, self._share(inside * self._yes, inside, [])))
        return found

    def _share(self, part: np.ndarray, whole: np.ndarray, needs: Sequence[str], unseen: float = 0) -> Share:
        """Of what pairs stand for. `needs` are the strata without which it cannot be told; `unseen` says for how much of the
        whole a link counts that was not seen."""
        coded, yes, pairs = int((whole > 0).sum()), int((part > 0).sum()), float((self._weight * whole).sum())
        if not pairs or set(needs) & set(self.uncoded):
            return Share(None, None, coded, yes, pairs)
        value = float((self._weight * part).sum()) / pairs
        over = self._draws @ (self._weight * whole) + unseen * self._unseen
        shares = (self._draws @ (self._weight * part))[over > 0] / over[over > 0]
        low, high = np.percentile(shares, [2.5, 97.5])
        worth = pairs ** 2 / float(((self._weight * whole) ** 2).sum())
        wilson_low, wilson_high = wilson(value * worth, worth)
        return Share(value, (min(float(low), wilson_low), max(float(high), wilson_high)), coded, yes, pairs)

    def _resample(self) -> tuple[np.ndarray, np.ndarray]:
        """How often each coded pair is in each of DRAWS samples of as many pairs of each stratum; and how many links each
        has beside them, in strata of which no link was seen."""
        random = np.random.RandomState(SEED)  # the old generator: its numbers are the same in every numpy
        draws, unseen = np.zeros((DRAWS, len(self.coded))), np.zeros(DRAWS)
        for stratum, n in self.counts.items():
            places = [k for k, one in enumerate(self.coded) if one.stratum == stratum]
            if not n:
                continue
            draws[:, places] = random.multinomial(n, np.full(n, 1 / n), size=DRAWS)
            expected, size = self._expected[stratum], self.sizes[stratum]
            if stratum != "link" and expected and not self._yes[places].any():
                unseen += random.gamma(0.5, expected / (0.5 + n * expected / size), DRAWS) * (1 - n / size)
        return draws, unseen


def at_most(coded: int) -> float:
    """The share of links that may still be among pairs of which `coded` were seen and none was one: 95 % sure."""
    return 1 - 0.05 ** (1 / coded)
