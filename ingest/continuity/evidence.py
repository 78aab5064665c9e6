"""Why a link holds: the words in each task, the sentences that go on, and the reasons with what each added to the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.records import TaskRecord
from ingest.continuity.actions import shared_actions
from ingest.continuity.likeness import Candidates
from ingest.continuity.plan_index import PlanIndex
from ingest.continuity.programmes import find_bare
from ingest.continuity.weights import Weights

# The ways that a reader sees as one reason, and what it is called. Base and size of the plans come last: how seldom tasks of such plans are linked.
REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("programme", ("programme",)), ("action and object", ("segment",)), ("words", ("cosine", "grams", "phrase")), ("unit", ("unit",)), ("target", ("target",)),
    ("outstanding", ("grams_column",)), ("partner", ("first", "first_column")), ("subject", ("apart",)))
# Chosen on the annotated pairs by how often the words are those that the annotator quotes: two in three, one in seven by chance.
LENIENT = 1000.0  # weight beside a segment's length: long segments that share much come first
HEADING = 0.7  # what a heading counts beside the text
NAMED = 2.0  # what two segments with the shared name count beside others
_LEAST = 0.05  # what a reason must add or take to be told
SAME_SENTENCE = 0.06  # cosine from which a sentence goes on in another: seven in ten of those that annotators quote reach it, one in a hundred of others


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of one task, or of its heading, at their place in the file, half-open."""

    words: str
    start: int
    end: int


class Explainer:
    """Explains candidates of one pair of plans."""

    def __init__(self, later: PlanIndex, earlier: PlanIndex, found: Candidates, weights: Weights) -> None:
        self._later, self._earlier, self._found, self._weights = later, earlier, found, weights
        self._chosen: dict[tuple[int, int], tuple[int, int, Evidence, Evidence]] = {}
        shared = found.segments
        strength = shared.common / (shared.lengths + LENIENT) * np.where(later.segment.heading[shared.pairs.x], HEADING, 1.0)
        self._strength = strength * np.where(earlier.segment.heading[shared.pairs.y], HEADING, 1.0)  # of each two segments that share something
        self._added = [(name, sum((weights.ways[way][0] * (found.ways[way] - weights.ways[way][1]) for way in ways if way in weights.ways), np.zeros(len(found)))) for name, ways in REASONS]

    def tasks(self, i: int, j: int) -> tuple[str, str]:
        """The ids of the later plan's task `i` and the earlier's `j`."""
        return self._later.record.tasks[i].id, self._earlier.record.tasks[j].id

    def evidence(self, c: int) -> tuple[Evidence, Evidence]:
        """The words of the later and of the earlier task on which candidate `c` rests: the two segments that share most,
        headings last; of those that share about as much, two with the name that both tasks hold."""
        return self._segments(int(self._found.later[c]), int(self._found.earlier[c]))[2:]

    def _segments(self, i: int, j: int) -> tuple[int, int, Evidence, Evidence]:
        if (i, j) not in self._chosen:
            a, b = self._choose(i, j)
            self._chosen[i, j] = a, b, _words_at(self._later, a, i), _words_at(self._earlier, b, j)
        return self._chosen[i, j]

    def _choose(self, i: int, j: int) -> tuple[int, int]:
        pairs = self._found.segments.pairs
        rows = pairs.of(i * len(self._earlier.record.tasks) + j)
        if not len(rows):
            return -1, -1
        values = self._strength[rows]
        for name in self._found.names.get((i, j), ())[:1]:
            named = np.isin(pairs.x[rows], _segments_with(self._later, i, name.later)) & np.isin(pairs.y[rows], _segments_with(self._earlier, j, name.earlier))
            values = values * np.where(named, NAMED, 1.0)
        k = rows[values.argmax()]
        return int(pairs.x[k]), int(pairs.y[k])

    def sentences(self, c: int) -> tuple[list[int], list[int]]:
        """The places of the later and the earlier task's sentences that go on in the other: start, end, start, end, …

        Those that are alike, and those that hold the evidence.
        """
        i, j = int(self._found.later[c]), int(self._found.earlier[c])
        pairs, cosine = self._found.sentences
        rows = pairs.of(i * len(self._earlier.record.tasks) + j)
        rows = rows[cosine[rows] >= SAME_SENTENCE]
        a, b = self.evidence(c)
        return _places(self._later, set(pairs.x[rows].tolist()), i, a), _places(self._earlier, set(pairs.y[rows].tolist()), j, b)

    def reasons(self, c: int) -> list[str]:
        """In the order of what they added to the logarithm of the odds: `same programme 智慧渔港 (+1.20)`."""
        told = []
        for name, values in self._added:
            added = float(values[c])
            if abs(added) >= _LEAST:
                told.append((added, f"{self._say(name, c, added)} ({added:+.2f})"))
        rest = self._weights.base + self._weights.added("size", float(self._found.ways["size"][c]))
        return [*(words for _, words in sorted(told, key=lambda row: (-row[0], row[1]))), f"how seldom tasks of such plans are linked ({rest:+.2f})"]

    def _say(self, reason: str, c: int, added: float) -> str:
        i, j = int(self._found.later[c]), int(self._found.earlier[c])
        if reason == "programme":
            names = self._found.names.get((i, j), ())
            return " and ".join(f"same programme {name.later}" if name.later == name.earlier else f"one programme under two names {name.earlier} → {name.later}" for name in names[:2]) or "no programme in common"
        if reason == "action and object":
            a, b, ours, theirs = self._segments(i, j)
            actions = shared_actions(ours.words, theirs.words) if a >= 0 <= b else []
            return (f"same action ({' / '.join(actions)}) and like object" if actions else "like object") if added > 0 else "no like action and object"
        if reason == "unit":
            units = sorted(self._later.units[i] & self._earlier.units[j])
            return f"same unit {'、'.join(units[:3])}" if units else "no unit in common"
        if reason == "outstanding":
            return "more alike than the earlier task's other candidates" if added > 0 else "no more alike than the earlier task's other candidates"
        if reason == "partner":
            best = [way for way in ("first", "first_column") if self._found.ways[way][c] > -0.01]
            return ("best partner of both tasks" if len(best) == 2 else "best partner of the later task" if best == ["first"] else "best partner of the earlier task") if best else "both tasks have a better partner"
        if reason == "subject":
            return "the plans' subjects lie apart"
        if reason == "target":
            return "a target with a like object" if added > 0 else "no like target"
        return "words in common" if added > 0 else "few words in common"


def _segments_with(index: PlanIndex, task: int, name: str) -> list[int]:
    text, at = index.record.text, index.record.start
    return [k for k in index.segment.of_task(task) if find_bare(name, text[int(index.segment.start[k]) - at:int(index.segment.end[k]) - at])]


def _words_at(index: PlanIndex, segment: int, task: int) -> Evidence:
    record: TaskRecord = index.record.tasks[task]
    start, end = (record.start, record.end) if segment < 0 else (int(index.segment.start[segment]), int(index.segment.end[segment]))
    return Evidence(index.record.text[start - index.record.start:end - index.record.start], start, end)


def _places(index: PlanIndex, alike: set[int], task: int, evidence: Evidence) -> list[int]:
    """Of the sentences in the task's own text that are alike or hold the evidence; a heading that goes on is no sentence of it."""
    begin = index.record.tasks[task].start
    found: list[int] = []
    for k in index.sentence.of_task(task):
        start, end = int(index.sentence.start[k]), int(index.sentence.end[k])
        if start >= begin and (k in alike or start < evidence.end and end > evidence.start):
            found += (start, end)
    return found
