"""Continued, perhaps, none: each task's class, the counts as a band, and what would be expected at equal size.

A task is `continued` where a link of it reaches the upper end of the band of scores, or a person says so; `perhaps` where
its best link lies within the band; `none` where it has no link. So the tasks without one are at least the `none` and at
most `none` and `perhaps` together: a cut anywhere in the band gives a number between the two.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from statistics import fmean, quantiles

from queries.comparison.material import Comparands, Link, Task

CONTINUED, PERHAPS, NONE = "continued", "perhaps", "none"
DRAWS = 200
SEED = 2018  # fixed, so that a table made twice is the same
_AGAIN = 0.5  # of a heading's pairs of characters, from which a sentence says it again


@dataclass(frozen=True, slots=True)
class Equal:
    """Shares of a side's tasks without a link, had both sides `tasks` tasks: means over the draws for both ends of the
    band, and the range in which 95 % of the draws lie, from the lower end's to the upper end's."""

    tasks: int
    least: float
    most: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Count:
    """How many tasks of a side are of each class; `equal` is None where both sides have as many tasks."""

    side: str
    tasks: int
    continued: int
    perhaps: int
    none: int
    without_kept: int  # without a link at the cut: what the questions new_between and dropped_between go by
    equal: Equal | None

    @property
    def most(self) -> int:
        return self.none + self.perhaps


def class_of(links: list[Link]) -> str:
    """The class of a task with these links."""
    if not links:
        return NONE
    return CONTINUED if any(link.standing == CONTINUED for link in links) else PERHAPS


def count_side(found: Comparands, side: str, equal: dict[str, Equal]) -> Count:
    """The band of one side."""
    links = found.links_of(side)
    classes = [class_of(links.get(task.id, [])) for task in found.side(side)]
    without = sum(not any(link.kept for link in links.get(task.id, [])) for task in found.side(side))
    return Count(side, len(classes), *(classes.count(name) for name in (CONTINUED, PERHAPS, NONE)), without, equal.get(side))


def thin(found: Comparands, draws: int = DRAWS, seed: int = SEED) -> dict[str, Equal]:
    """What would be expected of both sides at equal size: the larger one drawn down to the smaller one's number of tasks.

    The more tasks one plan has, the fewer of the other's are left without a link: 18 tasks against 57 find more partners
    than against 18, whatever the plans say. Links keep the scores that they have in the whole plans.
    """
    sizes = {"earlier": len(found.earlier), "later": len(found.later)}
    n = min(sizes.values())
    if not n or len(set(sizes.values())) == 1:
        return {}
    source = random.Random(seed)
    ends = {side: [task.id for task in found.side(side)] for side in sizes}
    shares: dict[str, tuple[list[float], list[float]]] = {side: ([], []) for side in sizes}
    for _ in range(draws):
        drawn = {side: set(ids if len(ids) == n else source.sample(ids, n)) for side, ids in ends.items()}
        there = [link for link in found.links if link.later.id in drawn["later"] and link.earlier.id in drawn["earlier"]]
        sure = [link for link in there if link.standing == CONTINUED]
        for side, (least, most) in shares.items():
            for into, links in ((least, there), (most, sure)):
                into.append(1 - len({getattr(link, side).id for link in links}) / n)
    return {side: Equal(n, fmean(least), fmean(most), _range(least)[0], _range(most)[1]) for side, (least, most) in shares.items()}


def _range(values: list[float]) -> tuple[float, float]:
    """The bounds of the middle 95 %."""
    cuts = quantiles(values, n=40, method="inclusive")
    return cuts[0], cuts[-1]


def _pairs_of(words: str) -> set[str]:
    return {words[k:k + 2] for k in range(len(words) - 1)}


def sentences_alone(task: Task, links: list[Link], side: str) -> list[str] | None:
    """The sentences of a task, verbatim, that go on in no task linked with it; None where the links rest on its heading alone.

    A task of several sentences often continues in parts.
    """
    covered = [place for link in links for place in link.places(side)]
    if not covered:
        return None
    headings = [_pairs_of(link.evidence_later if side == "later" else link.evidence_earlier) for link in links if not link.own_words(side)]
    alone = []
    for start, end in task.sentences:
        sentence = task.quote(start, end)
        # A link that rests on a heading goes on in the sentence that says the heading's words again.
        if not any(a < end and start < b for a, b in covered) and not any(len(words & _pairs_of(sentence)) >= _AGAIN * len(words) for words in headings):
            alone.append(sentence)
    return alone
