"""The links between two plans' tasks, with score, evidence and reasons. What a judge answered wins over the rules' score, a researcher's verdict over both."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from graph.records import DocumentRecord, LinkRecord
from graph.stored import Body, PlanFacts, facts_of
from ingest.continuity.evidence import Explainer
from ingest.continuity.judged import Judged, Judgement, find_words
from ingest.continuity.likeness import Candidates, compare
from ingest.continuity.many import iter_links
from ingest.continuity.pairs import bodies_near, plan_pairs
from ingest.continuity.plan_index import PlanIndex, index_plan
from ingest.continuity.sentences import sentences_in
from ingest.continuity.verdicts import Verdict
from ingest.continuity.weights import read_weights
from ingest.successions import Succession, find_successions

_KEPT = 400  # plans whose counts are kept between pairs, some 400 KB each: pairs come body by body, and one body needs fewer
Places = tuple[int, int]  # of a later and an earlier task in their plans


class Linker:
    """Links plans. `verdicts` are by (later task, earlier task), the answers of a judge by later, then by earlier task.

    With more than one of `processes` many pairs are linked at a time; a script that asks for that must guard its main part
    (`if __name__ == "__main__"`), as Python's multiprocessing wants it.
    """

    def __init__(self, verdicts: dict[tuple[str, str], Verdict] | None = None, across: bool = False, exhaustive: bool = False, judged: Judged | None = None,
                 processes: int = 1) -> None:
        self.processes = processes
        self.verdicts = verdicts or {}
        self.judged = judged or {}
        self._across, self._exhaustive = across, exhaustive
        self._indexes: OrderedDict[int, PlanIndex] = OrderedDict()

    def plan_pairs(self, plans: list[PlanFacts], about: set[str] | None = None) -> list[tuple[PlanFacts, PlanFacts, str]]:
        """The pairs of plans that are compared."""
        return plan_pairs(plans, about, self._across)

    def bodies_near(self, bodies: set[Body], asked: set[Body]) -> set[Body]:
        """The bodies whose plans may be compared with theirs, and these."""
        return bodies_near(bodies, asked, self._across)

    def find_successions(self, units: Iterable[tuple[str, str]]) -> Iterable[Succession]:
        """Which unit took over which one's work."""
        return find_successions(units)

    def link_plans(self, later: DocumentRecord, earlier: DocumentRecord, relation: str) -> list[LinkRecord]:
        """The links and, below the cut, what a reader should look at (`standing` perhaps) or what was ruled out (not); by later task, then by score."""
        if not later.tasks or not earlier.tasks:
            return []
        a, b = self._index(later), self._index(earlier)
        found = compare(a, b, self._exhaustive)
        links = self._links(a, b, found, read_weights().score(found.ways), relation)
        order = {task.id: k for k, task in enumerate(later.tasks)}
        return sorted(links, key=lambda link: (order[link.later], -link.score, link.earlier))

    def iter_links(self, records: dict[str, DocumentRecord], pairs: list[tuple[str, str, str]]) -> Iterator[list[LinkRecord]]:
        """`link_plans` of each pair (ids of the later and the earlier plan, relation) in order; `records` are by the plans' ids."""
        return iter_links(self, records, pairs, self.processes)

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: each counts the plans itself."""
        return self.__dict__ | {"_indexes": OrderedDict()}

    def shortlists(self, later: DocumentRecord, earlier: DocumentRecord, n: int) -> list[tuple[int, list[int]]]:
        """Of each later task that has any candidate its place, and the places of its best `n` by the rules' score, in the earlier plan's order."""
        if not later.tasks or not earlier.tasks:
            return []
        found = compare(self._index(later), self._index(earlier), self._exhaustive)
        best: dict[int, list[int]] = {}
        for c in np.lexsort((found.earlier, -read_weights().score(found.ways), found.later)).tolist():
            listed = best.setdefault(int(found.later[c]), [])
            if len(listed) < n:
                listed.append(int(found.earlier[c]))
        return [(place, sorted(listed)) for place, listed in best.items()]

    def _links(self, later: PlanIndex, earlier: PlanIndex, found: Candidates, scores: np.ndarray, relation: str) -> list[LinkRecord]:
        low = read_weights().low
        explain = Explainer(later, earlier, found, read_weights())
        ruled, judged = self._decided(later.record, earlier.record)
        links: dict[Places, LinkRecord] = {}
        for c in np.flatnonzero(scores >= low).tolist():
            links[int(found.later[c]), int(found.earlier[c])] = _link(explain, found, c, float(scores[c]), relation)
        at = {pair: c for c, pair in enumerate(zip(found.later.tolist(), found.earlier.tolist(), strict=True))} if ruled or judged else {}
        for pair in (*ruled, *(pair for pair, judgement in judged.items() if judgement.continues)):  # a no adds nothing to what the rules see
            if pair not in links:
                c = at.get(pair)
                links[pair] = _bare(later, earlier, *pair, relation) if c is None else _link(explain, found, c, float(scores[c]), relation)
        for pair, link in links.items():
            if pair in judged:
                _judge(link, judged[pair], later.record, earlier.record, *pair)
            if pair in ruled:
                _rule(link, ruled[pair])
        return [link for pair, link in links.items() if pair in ruled or link.method == "judge" or link.rules_score >= low]

    def _decided(self, later: DocumentRecord, earlier: DocumentRecord) -> tuple[dict[Places, Verdict], dict[Places, Judgement]]:
        """The verdicts and the judge's answers on two plans' tasks."""
        if not self.verdicts and not self.judged:
            return {}, {}
        ours, theirs = ({task.id: k for k, task in enumerate(record.tasks)} for record in (later, earlier))
        ruled = {(ours[x], theirs[y]): verdict for (x, y), verdict in self.verdicts.items() if x in ours and y in theirs}
        judged = {(i, theirs[y]): judgement for x, i in ours.items() for y, judgement in self.judged.get(x, {}).items() if y in theirs}
        return ruled, judged

    def _index(self, record: DocumentRecord) -> PlanIndex:
        key = id(record)
        known = self._indexes.get(key)
        if known is None or known.record is not record:
            known = self._indexes[key] = index_plan(record)
            if len(self._indexes) > _KEPT:
                self._indexes.popitem(last=False)
        else:
            self._indexes.move_to_end(key)
        return known


def _link(explain: Explainer, found: Candidates, c: int, score: float, relation: str) -> LinkRecord:
    a, b = explain.evidence(c)
    ours, theirs = explain.sentences(c)
    i, j = int(found.later[c]), int(found.earlier[c])
    score = round(score, 3)
    return LinkRecord(*explain.tasks(i, j), score, bool(found.names.get((i, j))), relation, "rules", a.words, a.start, a.end, b.words, b.start, b.end,
                      "link" if score >= read_weights().cut else "perhaps", score, explain.reasons(c), ours, theirs)


def _bare(later: PlanIndex, earlier: PlanIndex, i: int, j: int, relation: str) -> LinkRecord:
    """Two tasks with nothing in common that is counted: their whole texts stand for the evidence."""
    x, y = later.record.tasks[i], earlier.record.tasks[j]
    return LinkRecord(x.id, y.id, 0.0, False, relation, "rules", x.text, x.start, x.end, y.text, y.start, y.end, "perhaps", 0.0, [], [x.start, x.end], [y.start, y.end])


def _judge(link: LinkRecord, judgement: Judgement, later: DocumentRecord, earlier: DocumentRecord, i: int, j: int) -> None:
    """Put the judge's answer on a link. One whose words the tasks no longer hold is void.

    What it rules out stays, as what it ruled out, where the rules alone would have made something of it.
    """
    if judgement.continues:
        x, y = later.tasks[i], earlier.tasks[j]
        a, b = find_words(later, x, judgement.evidence_later), find_words(earlier, y, judgement.evidence_earlier)
        if a is None or b is None:
            return
        link.evidence_later, link.later_start, link.later_end = a.words, a.start, a.end
        link.evidence_earlier, link.earlier_start, link.earlier_end = b.words, b.start, b.end
        link.sentences_later = _with_sentences(link.sentences_later, sentences_in(x.text, x.start), a.start, a.end)
        link.sentences_earlier = _with_sentences(link.sentences_earlier, sentences_in(y.text, y.start), b.start, b.end)
    link.method, link.score, link.note, link.by, link.date = "judge", judgement.score, judgement.why or None, judgement.by, judgement.date
    link.standing = "link" if judgement.continues else "perhaps" if judgement.score >= read_weights().low else "not"


def _with_sentences(places: list[int], sentences: list[tuple[int, int]], start: int, end: int) -> list[int]:
    """Places of sentences, with those that words from `start` to `end` touch."""
    kept = set(zip(places[::2], places[1::2], strict=True)) | {(a, b) for a, b in sentences if a < end and start < b}
    return [place for pair in sorted(kept) for place in pair]


def _rule(link: LinkRecord, verdict: Verdict) -> None:
    link.method, link.standing = "hand", "link" if verdict.continues else "not"
    link.note, link.by, link.date = verdict.note, verdict.by, verdict.date


def pairs_of(records: Iterable[DocumentRecord], linker: Linker) -> Iterator[tuple[DocumentRecord, DocumentRecord, str]]:
    """(later, earlier, relation) of the plans among some records that are compared; a plan that two files hold counts once, as on loading."""
    plans = plans_of(records)
    for later, earlier, relation in linker.plan_pairs([facts_of(record) for record in plans.values()]):
        yield plans[later.id], plans[earlier.id], relation


def plans_of(records: Iterable[DocumentRecord]) -> dict[str, DocumentRecord]:
    """The plans among some records by their ids, the first where two have one id."""
    plans: dict[str, DocumentRecord] = {}
    for record in records:
        if record.kind == "plan":
            plans.setdefault(facts_of(record).id, record)
    return plans


def iter_link_records(records: Iterable[DocumentRecord], linker: Linker | None = None) -> Iterator[LinkRecord]:
    """The links among the plans of some records, what is only perhaps one included: `policygraph link FILE…`."""
    linker, plans = linker or Linker(), plans_of(records)
    pairs = linker.plan_pairs([facts_of(record) for record in plans.values()])
    for links in linker.iter_links(plans, [(later.id, earlier.id, relation) for later, earlier, relation in pairs]):
        yield from links


def link_records(records: Iterable[DocumentRecord], linker: Linker | None = None) -> list[LinkRecord]:
    """`iter_link_records` as a list."""
    return list(iter_link_records(records, linker))
