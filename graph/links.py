"""Links of tasks into the graph: CONTINUES, and RESEMBLES for what is only perhaps a link or ruled out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from graph import model
from graph.counterparts import counterparts_anew, scopes_of_plans
from graph.records import DocumentRecord, LinkRecord
from graph.store import BATCH, Store, Transaction, batches
from graph.stored import Body, PlanFacts, Run, body_of, facts_of, read_bodies, read_plan_facts, read_records

Pairs = list[tuple[PlanFacts, PlanFacts, str]]
Edges = dict[type[model.Edge], list[Any]]  # by kind
KINDS = (model.CONTINUES, model.RESEMBLES)
AT_ONCE = 200_000  # edges from which on a transaction ends. The embedded engine keeps some 2 KB of memory of each until then, and a
# COMMIT takes the longer the more edges are there already, so that many small ones take most of the time.


class Linker(Protocol):
    """What connects documents with each other when they are loaded: `ingest.continuity.Linker` is one."""

    def plan_pairs(self, plans: list[PlanFacts], about: set[str] | None = None) -> Pairs: ...

    def bodies_near(self, bodies: set[Body], asked: set[Body]) -> set[Body]: ...

    def iter_links(self, records: dict[str, DocumentRecord], pairs: list[tuple[str, str, str]]) -> Iterator[list[LinkRecord]]: ...

    def find_successions(self, units: Iterable[tuple[str, str]]) -> Iterable[Any]: ...


def link_fresh(transaction: Transaction, records: list[DocumentRecord], linker: Linker) -> int:
    """Link every pair in which one of these new plans stands; returns how many CONTINUES edges there are.

    Of a large graph only the plans of bodies that stand near are read: a transaction must not cost more with each before it.
    """
    if not records:
        return 0
    facts = [facts_of(record) for record in records]
    fresh = {plan.id: record for plan, record in zip(facts, records, strict=True)}
    near = linker.bodies_near(read_bodies(transaction.run), {body_of(plan) for plan in facts})
    return _write_links(transaction, linker.plan_pairs(read_plan_facts(transaction.run, near), set(fresh)), fresh, linker)


def link_anew(store: Store, linker: Linker, advance: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Link every pair of plans again; returns how many CONTINUES edges there are.

    Each transaction puts all links of some plans to earlier ones in the place of those that they had. A graph with more
    links than one transaction takes says `relinking` from the first to the last of them: broken off, some of its links are
    the old ones. `advance` is called with how many pairs of plans are done, of how many.
    """
    plans = read_plan_facts(store.read)
    pairs = linker.plan_pairs(plans)  # those of one later plan stand together
    known, starts = _records_of(store.read, pairs, {})
    edges, made = _no_edges(), 0
    waiting = sorted({plan.id for plan in plans} - {later.id for later, _, _ in pairs})  # plans whose links are written next
    for done, (links, (later, _, _)) in enumerate(zip(linker.iter_links(known, _by_id(pairs)), pairs, strict=True), 1):
        _add(edges, links, starts)
        advance(done, len(pairs))
        if done == len(pairs) or pairs[done][0].id != later.id:
            waiting.append(later.id)
            if done < len(pairs) and sum(map(len, edges.values())) >= AT_ONCE:
                made += _replace_links(store, waiting, edges, last=False)
                edges, waiting = _no_edges(), []
    return made + _replace_links(store, waiting, edges, last=True)


def _replace_links(store: Store, plans: list[str], edges: Edges, last: bool) -> int:
    """Put edges in the place of all that lead from these plans' tasks to earlier ones."""
    def work(transaction: Transaction) -> int:
        for kind in KINDS:
            transaction.run(f"MATCH (p:Plan)-[:HAS_TASK]->(:Task)-[r:{kind.__name__}]->(:Task) WHERE p.id IN $ids DELETE r", ids=plans)
        made = _write(transaction, edges)
        transaction.run("MATCH (m:Meta) SET m.relinking = $relinking", relinking=not last)
        if last:
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


def _write_links(transaction: Transaction, pairs: Pairs, known: dict[str, DocumentRecord], linker: Linker, only: set[tuple[str, str]] | None = None) -> int:
    known, starts = _records_of(transaction.run, pairs, known)
    edges = _no_edges()
    for links in linker.iter_links(known, _by_id(pairs)):
        _add(edges, (link for link in links if only is None or (link.later, link.earlier) in only), starts)
    return _write(transaction, edges)


def _write(transaction: Transaction, edges: Edges) -> int:
    """Returns how many CONTINUES edges there are."""
    transaction.write({}, {(kind, "Task", "Task"): listed for kind, listed in edges.items()})
    return len(edges[model.CONTINUES])


def _by_id(pairs: Pairs) -> list[tuple[str, str, str]]:
    return [(later.id, earlier.id, relation) for later, earlier, relation in pairs]


def _records_of(run: Run, pairs: Pairs, known: dict[str, DocumentRecord]) -> tuple[dict[str, DocumentRecord], dict[str, int]]:
    """The plans of some pairs as records, those not `known` read from the graph; and where each task's document begins in its file."""
    others = sorted({plan.id for pair in pairs for plan in pair[:2]} - set(known))
    known = known | ({facts_of(record).id: record for record in read_records(run, others)} if others else {})
    return known, {task.id: record.start for record in known.values() for task in record.tasks}


def _no_edges() -> Edges:
    return {kind: [] for kind in KINDS}


def _add(edges: Edges, links: Iterable[LinkRecord], starts: dict[str, int]) -> None:
    for link in links:
        edge = edge_of(link, starts[link.later], starts[link.earlier])
        edges[type(edge)].append(edge)


def edge_of(link: LinkRecord, a: int, b: int) -> model.Link:
    """The edge of a link. Offsets of the record count in the file, those of the graph in the document, which begins at `a` and `b`."""
    kind = model.CONTINUES if link.standing == "link" else model.RESEMBLES
    return kind(
        link.later, link.earlier, link.score, link.named, link.relation, link.method, link.evidence_later, link.later_start - a, link.later_end - a,
        link.evidence_earlier, link.earlier_start - b, link.earlier_end - b, link.rules_score, "\n".join(link.reasons), _places(link.sentences_later, a),
        _places(link.sentences_earlier, b), link.note, link.by, link.date)


def _places(ends: list[int], offset: int) -> str:
    return " ".join(f"{start - offset}-{end - offset}" for start, end in zip(ends[::2], ends[1::2], strict=True))


def read_places(text: str) -> list[tuple[int, int]]:
    """`sentences_later` or `sentences_earlier` of an edge as (start, end)."""
    return [(int(start), int(end)) for start, end in (place.split("-") for place in text.split())]


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
