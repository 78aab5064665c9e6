"""Links of tasks into the graph: CONTINUES, and RESEMBLES for what is only perhaps a link or ruled out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from graph import model
from graph.counterparts import counterparts_anew, scopes_of_plans
from graph.records import DocumentRecord, LinkRecord
from graph.store import BATCH, Store, Transaction, batches
from graph.stored import PlanFacts, facts_of, read_plan_facts, read_records

Pairs = list[tuple[PlanFacts, PlanFacts, str]]
KINDS = (model.CONTINUES, model.RESEMBLES)
AT_ONCE = 50_000  # edges that are written together, so that memory stays small


class Linker(Protocol):
    """What connects documents with each other when they are loaded: `ingest.continuity.Linker` is one."""

    def plan_pairs(self, plans: list[PlanFacts], about: set[str] | None = None) -> Pairs: ...

    def iter_links(self, records: dict[str, DocumentRecord], pairs: list[tuple[str, str, str]]) -> Iterator[list[LinkRecord]]: ...

    def find_successions(self, units: Iterable[tuple[str, str]]) -> Iterable[Any]: ...


def link_fresh(transaction: Transaction, records: list[DocumentRecord], linker: Linker) -> int:
    """Link every pair in which one of these new plans stands; returns how many CONTINUES edges there are."""
    if not records:
        return 0
    fresh = {facts_of(record).id: record for record in records}
    return _write_links(transaction, linker.plan_pairs(read_plan_facts(transaction.run), set(fresh)), fresh, linker)


def link_anew(store: Store, linker: Linker, advance: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Drop all links and link every pair of plans again; returns how many CONTINUES edges there are.

    `advance` is called with how many pairs of plans are done, of how many.
    """
    def work(transaction: Transaction) -> int:
        for kind in KINDS:
            transaction.run(f"MATCH (:Task)-[r:{kind.__name__}]->(:Task) DELETE r")
        made = _write_links(transaction, linker.plan_pairs(read_plan_facts(transaction.run)), {}, linker, advance)
        counterparts_anew(transaction)
        return made

    return store.transact(work)


def relink(store: Store, tasks: dict[tuple[str, str], tuple[str, str]], linker: Linker) -> None:
    """Link some pairs of tasks anew, (later, earlier) ids to those of their plans. What else stands between the plans stays."""
    def work(transaction: Transaction) -> None:
        plans = set(tasks.values())
        listed = [pair for pair in linker.plan_pairs(read_plan_facts(transaction.run), {plan for pair in plans for plan in pair}) if (pair[0].id, pair[1].id) in plans]
        compared = {(later.id, earlier.id) for later, earlier, _ in listed}
        wanted = {pair for pair, of in tasks.items() if of in compared}
        for batch in batches([{"s": later, "t": earlier} for later, earlier in sorted(wanted)], BATCH):
            for kind in KINDS:
                transaction.run(f"UNWIND $pairs AS p MATCH (:Task {{id: p.s}})-[r:{kind.__name__}]->(:Task {{id: p.t}}) DELETE r", pairs=batch)
        _write_links(transaction, listed, {}, linker, only=wanted)
        counterparts_anew(transaction, scopes_of_plans(transaction.run, {plan for pair in plans for plan in pair}))

    if tasks:
        store.transact(work)


def _write_links(transaction: Transaction, pairs: Pairs, known: dict[str, DocumentRecord], linker: Linker,
                 advance: Callable[[int, int], None] = lambda done, of: None, only: set[tuple[str, str]] | None = None) -> int:
    others = sorted({plan.id for pair in pairs for plan in pair[:2]} - set(known))
    known = known | ({facts_of(record).id: record for record in read_records(transaction.run, others)} if others else {})
    starts = {task.id: record.start for record in known.values() for task in record.tasks}
    edges: dict[type[model.Edge], list[Any]] = {kind: [] for kind in KINDS}
    made = 0

    def write() -> int:
        transaction.write({}, {(kind, "Task", "Task"): listed for kind, listed in edges.items()})
        continued = len(edges[model.CONTINUES])
        for listed in edges.values():
            listed.clear()
        return continued

    for done, links in enumerate(linker.iter_links(known, [(later.id, earlier.id, relation) for later, earlier, relation in pairs]), 1):
        for link in links:
            if only is not None and (link.later, link.earlier) not in only:
                continue
            kind = model.CONTINUES if link.standing == "link" else model.RESEMBLES
            edges[kind].append(_edge(kind, link, starts[link.later], starts[link.earlier]))
        if sum(map(len, edges.values())) >= AT_ONCE:
            made += write()
        advance(done, len(pairs))
    return made + write()


def _edge(kind: type, link: LinkRecord, a: int, b: int) -> Any:
    """Offsets of the record count in the file, those of the graph in the document, which begins at `a` and `b`."""
    return kind(
        link.later, link.earlier, link.score, link.named, link.relation, link.method, link.evidence_later, link.later_start - a, link.later_end - a,
        link.evidence_earlier, link.earlier_start - b, link.earlier_end - b, link.rules_score, link.reasons, [place - a for place in link.sentences_later],
        [place - b for place in link.sentences_earlier], link.note, link.by, link.date)


# The WITH is needed: with hops on both sides of an edge of which a property is asked, the embedded engine (0.22) gives wrong
# rows once the edges were written in more than one batch.
_HAND = """
MATCH (l:Task)-[r:{kind}]->(e:Task) WHERE r.method = 'hand'
WITH l, r, e MATCH (lp:Plan)-[:HAS_TASK]->(l) MATCH (ep:Plan)-[:HAS_TASK]->(e)
RETURN l.id AS later, e.id AS earlier, l.text AS later_text, e.text AS earlier_text, lp.id AS later_plan, ep.id AS earlier_plan,
       lp.title AS later_title, ep.title AS earlier_title, r.note AS note, r.by AS by, r.date AS date ORDER BY later, earlier"""


def read_ruled(store: Store) -> list[dict[str, Any]]:
    """The links that somebody ruled on: both tasks and their plans, `verdict` (continues, not), note, by, date."""
    return [row | {"verdict": verdict} for kind, verdict in (("CONTINUES", "continues"), ("RESEMBLES", "not")) for row in store.read(_HAND.format(kind=kind))]
