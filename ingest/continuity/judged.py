"""What a language model answered on pairs of tasks, and what its answers change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.records import DocumentRecord, LinkRecord, TaskRecord
from graph.store import Store
from ingest.continuity.evidence import Evidence
from ingest.continuity.weights import read_weights

# Quotation marks and full-width forms that models copy in their other form; one character stands for one.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "“”„＂"), '"') | dict.fromkeys(map(ord, "‘’"), "'")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer on one pair. Evidence is words, not places: it is found again in whatever text the task then has."""

    continues: bool
    confidence: float  # in the answer, 0.5 to 1
    evidence_later: str  # verbatim; empty where it does not continue
    evidence_earlier: str
    why: str
    by: str  # the model
    date: str  # YYYY-MM-DD of the answer

    @property
    def score(self) -> float:
        """How sure it is that the later task continues the earlier one, 0 to 1."""
        return round(self.confidence if self.continues else 1 - self.confidence, 3)


Judged = dict[str, dict[str, Judgement]]  # by later task, then by earlier task


@dataclass(slots=True)
class Changes:
    """What a judge decided among links, and where it differs from the rules."""

    judged: int = 0  # links and what is below the cut, as far as it is kept
    added: int = 0  # links that the rules have below the cut
    taken: int = 0  # links of the rules that it ruled out or put below the cut


def find_words(record: DocumentRecord, task: TaskRecord, words: str) -> Evidence | None:
    """Words in a task's text or else its heading, at their place in the file; None where they do not stand there.

    White space does not count, nor whether a mark is full-width: “智慧 渔港” is found in "智慧\\n渔港", and what is
    returned is what the file has.
    """
    wanted, _ = _squeezed(words)
    if not wanted:
        return None
    sides = [(task.start, task.text)]
    if task.heading_start is not None and task.path:
        sides.append((task.heading_start, task.path[-1]))
    for start, text in sides:
        squeezed, places = _squeezed(text)
        at = squeezed.find(wanted)
        if at >= 0:
            begin, end = start + places[at], start + places[at + len(wanted) - 1] + 1
            return Evidence(record.text[begin - record.start:end - record.start], begin, end)
    return None


def _squeezed(text: str) -> tuple[str, list[int]]:
    """A text without white space, marks folded, and the place of each character that is left."""
    places = [k for k, character in enumerate(text) if not character.isspace()]
    return "".join(text[k] for k in places).translate(_FOLD), places


def count_changes(links: Iterable[LinkRecord]) -> Changes:
    """Of links as `Linker.link_plans` gives them."""
    cut, found = read_weights().cut, Changes()
    for link in links:
        if link.method == "judge":
            found.judged += 1
            found.added += link.standing == "link" and link.rules_score < cut
            found.taken += link.standing != "link" and link.rules_score >= cut
    return found


_KEPT = """MATCH (l:Task)-[r:{kind}]->(e:Task) WHERE r.method = 'judge'
RETURN l.id AS later, e.id AS earlier, r.score AS score, r.rules_score AS rules_score, r.evidence_later AS evidence_later,
       r.evidence_earlier AS evidence_earlier, r.note AS note, r.by AS by, r.date AS date ORDER BY later, earlier"""


def kept_judgements(store: Store) -> Judged:
    """The answers that a graph's edges hold: they count where plans are read or linked again and no judge is asked."""
    found: Judged = {}
    for kind, continues in (("CONTINUES", True), ("RESEMBLES", False)):
        for row in store.read(_KEPT.format(kind=kind)):
            words = (row["evidence_later"], row["evidence_earlier"]) if continues else ("", "")
            sure = row["score"] if continues else round(1 - row["score"], 3)
            found.setdefault(row["later"], {})[row["earlier"]] = Judgement(continues, sure, *words, row["note"] or "", row["by"] or "", row["date"] or "")
    return found


def count_changes_in(store: Store) -> Changes:
    """Of a graph."""
    cut = read_weights().cut
    ours, others = ([row["rules_score"] for row in store.read(_KEPT.format(kind=kind))] for kind in ("CONTINUES", "RESEMBLES"))
    return Changes(len(ours) + len(others), sum(score < cut for score in ours), sum(score >= cut for score in others))
