"""How far a line of work has come: 探索 or 试点 in one plan, 推广 or 全覆盖 in the next. The verbs are rows of `actions.tsv`."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.continuity.actions import find_strengths
from ingest.continuity.sentences import SEGMENT
from queries.comparison.material import Comparands, Link

EXPLORED, CARRIED_OUT = 1, 3


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of work with the words that say it."""

    strength: int
    verb: str
    quote: str


@dataclass(frozen=True, slots=True)
class StageChange:
    """The stages of a link's two tasks; `closely` where the very words on which the link rests tell them, and the sentences
    that go on say nothing else: one that has 推广 as well is not behind one that has 推广 in those words."""

    link: Link
    earlier: Stage
    later: Stage
    closely: bool

    @property
    def change(self) -> str:
        return _way(self.earlier, self.later)


def _way(earlier: Stage, later: Stage) -> str:
    return "same" if later.strength == earlier.strength else "up" if later.strength > earlier.strength else "down"


def stage_changes(found: Comparands) -> list[StageChange]:
    """One a link of which both tasks tell a stage, in the order of the links."""
    changes = []
    for link in found.links:
        # The heading above several tasks says a stage of them all, not of this one.
        close = [find_stage(words) if task.own_heading or link.own_words(side) else None for task, words, side in (
            (link.earlier, link.evidence_earlier, "earlier"), (link.later, link.evidence_later, "later"))]
        wide = [find_stage(*(task.quote(*place) for place in link.places(side))) for task, side in ((link.earlier, "earlier"), (link.later, "later"))]
        wide = [max((stage for stage in pair if stage), key=lambda stage: stage.strength, default=None) for pair in zip(wide, close, strict=True)]
        if close[0] and close[1] and _way(*close) == _way(*wide):
            changes.append(StageChange(link, *close, True))
        elif wide[0] and wide[1]:
            changes.append(StageChange(link, *wide, False))
    return changes


def find_stage(*stretches: str) -> Stage | None:
    """The strongest stage that governs a part between commas, and that part; None where none is told.

    推进, 开展 and 实施 go with any object: beside another stage the other counts, so 开展试点 is a trial and 推进全覆盖 is
    everywhere. What stands behind 探索 is explored, not done: 探索推广机制 is no 推广.
    """
    found = [stage for stretch in stretches for part in SEGMENT.findall(stretch) if (stage := _of_part(part.strip()))]
    return max(found, key=lambda stage: stage.strength, default=None)


def _of_part(part: str) -> Stage | None:
    told = []
    for strength, verb, *_ in find_strengths(part):
        told.append((strength, verb))
        if strength == EXPLORED:
            break
    telling = [stage for stage in told if stage[0] != CARRIED_OUT] or told
    if not telling:
        return None
    strength, verb = max(telling, key=lambda stage: stage[0])
    return Stage(strength, verb, part)
