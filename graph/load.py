"""Documents into the graph and out of it, whole or not at all; loading twice changes nothing."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graph import model
from graph.counterparts import counterparts_anew, mend_functions, scopes_of
from graph.errors import NothingToRemove
from graph.ids import kind_of
from graph.links import Linker, link_fresh
from graph.records import DocumentRecord
from graph.store import Store, Transaction, by_ids
from graph.stored import Run, facts_of, read_records
from graph.twins import HeldPlan, preference, read_possible_twins, same_plan

log = logging.getLogger(__name__)
WAITING = 10.0  # seconds of reading after which what was read is loaded: what a stop loses


@dataclass(slots=True)
class Bundle:
    """One document's nodes and edges, equal ones once."""

    record: DocumentRecord
    plan_id: str | None
    nodes: dict[type, dict[str, Any]] = field(default_factory=dict)
    edges: dict[tuple[type, str, str], list[Any]] = field(default_factory=dict)

    def node(self, node: Any) -> None:
        self.nodes.setdefault(type(node), {}).setdefault(node.id, node)

    def edge(self, edge: model.Edge, source: str, target: str) -> None:
        self.edges.setdefault((type(edge), source, target), []).append(edge)


@dataclass(slots=True)
class LoadReport:
    """What a run did, in counts and in lines to show."""

    loaded: int = 0  # documents
    plans: int = 0
    tasks: int = 0
    replaced: int = 0
    unchanged: int = 0  # files
    links: int = 0
    ruled: int = 0  # links on which what verdicts say has changed
    notes: list[str] = field(default_factory=list)  # a plan already there from another source

    @property
    def wrote(self) -> bool:
        return bool(self.loaded or self.replaced)


def known_files(store: Store) -> dict[str, tuple[str, str]]:
    """Source of every file in the graph, with its sha256 and the hash of the rows by hand that it was read with."""
    rows = store.read("MATCH (d:Document) RETURN DISTINCT d.sha256 AS sha256, d.by_hand AS by_hand, d.source AS source")
    return {row["source"]: (row["sha256"], row["by_hand"]) for row in rows}


def load(store: Store, bundles: list[Bundle], linker: Linker, replace: bool = False, report: LoadReport | None = None,
         run: frozenset[str] = frozenset()) -> LoadReport:
    """Load documents in one transaction: replace what came from the same sources, link the plans, count everything.

    Where the engine cannot read yet what was written, counterparts follow in a second one, and the graph says `relinking` in
    between. `run` names all files of a run in batches: a plan that stands in two of them is taken from the first.
    """
    report = report or LoadReport()

    def work(transaction: Transaction) -> tuple[LoadReport, set[str]]:
        done = LoadReport()
        return done, _load(transaction, bundles, linker, replace, done, run)

    done, touched = store.transact(work) if bundles else (LoadReport(), set())
    for name in ("loaded", "plans", "tasks", "replaced", "links"):
        setattr(report, name, getattr(report, name) + getattr(done, name))
    report.notes += done.notes
    if touched:
        store.transact(lambda transaction: _conclude(transaction, touched))
    return report


def _load(transaction: Transaction, bundles: list[Bundle], linker: Linker, replace: bool, report: LoadReport, of_run: frozenset[str]) -> set[str]:
    """Returns the scopes whose counterparts are left to a transaction that reads what this one wrote; the graph says `relinking` until then."""
    run = transaction.run
    sources = {bundle.record.source for bundle in bundles}
    stale = {row["id"]: row["source"] for name, values in (("source", sources), ("sha256", {bundle.record.sha256 for bundle in bundles})) for row in run(
        f"UNWIND $values AS given MATCH (d:Document) WHERE d.{name} = given RETURN d.id AS id, d.source AS source", values=sorted(values))
        if row["source"] in sources or row["source"] not in of_run}
    elsewhere = _held_elsewhere(run, bundles, set(stale))
    chosen: list[Bundle] = []
    taken: set[str] = set()
    for bundle in bundles:
        key = bundle.plan_id or bundle.record.id
        held = elsewhere.get(key)
        if key in taken or held and held[1] in of_run:
            report.notes.append(f"{bundle.record.source}: 《{bundle.record.title}》 stands in this run twice; the first one is loaded")
        elif held and not replace:
            report.notes.append(f"{bundle.record.source}: 《{bundle.record.title}》 is in the graph already, from {held[1]}; --replace takes this one")
        else:
            taken.add(key)
            chosen.append(bundle)
            if held:
                stale[held[0]] = held[1]
    chosen = _without_twins(run, chosen, stale, report)
    candidates = _delete(transaction, list(stale))
    report.replaced += len(set(stale.values()))
    _create(transaction, chosen, linker)
    report.loaded += len(chosen)
    report.plans += sum(bundle.plan_id is not None for bundle in chosen)
    report.tasks += sum(len(bundle.record.tasks) for bundle in chosen)
    report.links += link_fresh(transaction, [bundle.record for bundle in chosen if bundle.plan_id], linker)
    touched = scopes_of(run, candidates["Department"]) | {department.scope for bundle in chosen for department in bundle.nodes.get(model.Department, {}).values()}
    _prune(transaction, candidates)
    for bundle in chosen:
        log.info("loaded %s: %s (%d tasks)", bundle.record.source, bundle.record.title, len(bundle.record.tasks))
    if not (transaction.misreads and touched):
        counterparts_anew(transaction, touched)
        return set()
    if run("MATCH (m:Meta) RETURN m.relinking AS relinking")[0]["relinking"]:
        return set()  # what was broken off before ends with all counterparts
    run("MATCH (m:Meta) SET m.relinking = true")
    return touched


def _conclude(transaction: Transaction, touched: set[str]) -> None:
    counterparts_anew(transaction, touched)
    transaction.run("MATCH (m:Meta) SET m.relinking = false")


def _held_elsewhere(run: Run, bundles: list[Bundle], stale: set[str]) -> dict[str, tuple[str, str]]:
    """Plan or document id to (document id, source) where the graph has it from another source."""
    plans = [bundle.plan_id for bundle in bundles if bundle.plan_id]
    rows = run(by_ids("p:Plan", "(d:Document)-[:CONTAINS]->(p)", "d") + " RETURN p.id AS key, d.id AS id, d.source AS source", ids=plans) if plans else []
    documents = [bundle.record.id for bundle in bundles if not bundle.plan_id]
    rows += run(by_ids("d:Document") + " RETURN d.id AS key, d.id AS id, d.source AS source", ids=documents) if documents else []
    return {row["key"]: (row["id"], row["source"]) for row in rows if row["id"] not in stale}


def _without_twins(run: Run, chosen: list[Bundle], stale: dict[str, str], report: LoadReport) -> list[Bundle]:
    """Leave out a repost, a draft or a forwarded copy of a plan that is there or comes along; the better one stays.

    A worse one that the graph has is put on `stale`.
    """
    held = [plan for plan in read_possible_twins(run, [bundle.record for bundle in chosen if bundle.plan_id]) if plan.document not in stale]
    there = {facts_of(record).id: record for record in read_records(run, [plan.plan for plan in held])} if held else {}
    kept: dict[str | None, list[Bundle]] = defaultdict(list)  # by series, in which a plan's twins stand
    held_in: dict[str | None, list[HeldPlan]] = defaultdict(list)
    for plan in held:
        held_in[plan.series].append(plan)
    for bundle in sorted(chosen, key=lambda bundle: preference(bundle.record), reverse=True):
        series = bundle.record.series
        others = [(other.record, None) for other in kept[series] if other.plan_id] + [(there[plan.plan], plan) for plan in held_in[series] if plan.document not in stale]
        found = next(((why, other, plan) for other, plan in others if bundle.plan_id and (why := same_plan(bundle.record, other))), None)
        if found is None:
            kept[series].append(bundle)
            continue
        why, other, plan = found
        worse, better = (other, bundle.record) if plan and preference(bundle.record) > preference(other) else (bundle.record, other)
        report.notes.append(f"{worse.source}: 《{worse.title}》 is a {why} of 《{better.title}》 from {better.source}: counted once, the latter stays")
        if better is bundle.record:
            assert plan is not None
            stale[plan.document] = plan.source
            kept[series].append(bundle)
    stay = {id(bundle) for bundles in kept.values() for bundle in bundles}
    return [bundle for bundle in chosen if id(bundle) in stay]


def _create(transaction: Transaction, bundles: list[Bundle], linker: Linker) -> None:
    nodes: dict[type, dict[str, Any]] = {}
    edges: dict[tuple[type, str, str], list[Any]] = {}
    for bundle in bundles:
        for kind, by_id in bundle.nodes.items():
            for node_id, node in by_id.items():
                nodes.setdefault(kind, {}).setdefault(node_id, node)
        for key, listed in bundle.edges.items():
            edges.setdefault(key, []).extend(listed)
    fresh: dict[type, list[Any]] = {}
    known: dict[str, set[str]] = {}
    for kind in model.NODES:
        by_id = nodes.get(kind, {})
        if kind.__name__ in model.SHARED and by_id:
            known[kind.__name__] = transaction.existing(kind.__name__, by_id)
        fresh[kind] = [node for node_id, node in by_id.items() if node_id not in known.get(kind.__name__, ())]
    mend_functions(transaction, [node for node_id, node in nodes.get(model.Department, {}).items() if node_id in known["Department"]])
    part_of = edges.get((model.PART_OF, "Department", "Department"), [])
    if part_of:
        there = {(row["a"], row["b"]) for row in transaction.run(
            by_ids("a:Department", "(a)-[:PART_OF]->(b:Department)", "b") + " RETURN a.id AS a, b.id AS b", ids=sorted({e.source for e in part_of}))}
        unique = {(e.source, e.target): e for e in part_of if (e.source, e.target) not in there}
        edges[model.PART_OF, "Department", "Department"] = list(unique.values())
    transaction.write(fresh, edges)
    _identify(transaction, fresh)
    _succeed(transaction, fresh.get(model.Department, []), linker)


def _succeed(transaction: Transaction, fresh: list[Any], linker: Linker) -> None:
    """SUCCEEDED_BY edges of reforms between units that the graph holds, at least one of them new."""
    if not fresh:
        return
    scopes = sorted({department.scope for department in fresh})
    ids = {(row["scope"], row["name"]): row["id"] for row in transaction.run(
        "UNWIND $scopes AS given MATCH (d:Department) WHERE d.scope = given RETURN d.scope AS scope, d.name AS name, d.id AS id", scopes=scopes)}
    new = {department.id for department in fresh}
    edges = []
    for found in linker.find_successions(ids):
        before, after = ids[found.scope, found.before], ids[found.scope, found.after]
        if before in new or after in new:
            edges.append(model.SUCCEEDED_BY(before, after, found.date, found.source))
    if edges:
        transaction.write({}, {(model.SUCCEEDED_BY, "Department", "Department"): edges})


def _identify(transaction: Transaction, fresh: dict[type, list[Any]]) -> None:
    """IS edges: a cited document that is itself a plan of the graph."""
    run = transaction.run
    of_title: dict[str, set[str]] = defaultdict(set)  # of what is new, by id
    of_name: dict[str, set[str]] = defaultdict(set)
    for plan in fresh.get(model.Plan, []):
        of_title[plan.title].add(plan.id)
    for policy in fresh.get(model.Policy, []):
        of_name[policy.name].add(policy.id)
    pairs = set()
    if of_title:
        pairs |= {(row["id"], plan) for row in run("UNWIND $names AS given MATCH (o:Policy) WHERE o.name = given RETURN o.id AS id, o.name AS name", names=sorted(of_title))
                  for plan in of_title[row["name"]]}
    if of_name:
        pairs |= {(policy, row["id"]) for row in run("MATCH (p:Plan) WHERE p.title IN $names RETURN p.id AS id, p.title AS title", names=sorted(of_name))
                  for policy in of_name[row["title"]]}
    if pairs:
        transaction.write({}, {(model.IS, "Policy", "Plan"): [model.IS(o, p) for o, p in sorted(pairs)]})


def remove(store: Store, what: str) -> list[str]:
    """Take out what came from a file, or one document or plan by id or title; returns the titles that went."""
    rows = store.read(
        "MATCH (d:Document) OPTIONAL MATCH (d)-[:CONTAINS]->(p:Plan) RETURN d.id AS id, d.source AS source, d.title AS title, p.id AS plan, p.title AS plan_title ORDER BY source, id")
    key = "plan" if kind_of(what) == "Plan" else "id" if kind_of(what) == "Document" else "source"
    gone = [row for row in rows if row[key] == what] or [row for row in rows if what in (row["title"], row["plan_title"])]
    if not gone:
        raise NothingToRemove(what, sorted({row["source"] for row in rows}))

    def work(transaction: Transaction) -> None:
        candidates = _delete(transaction, [row["id"] for row in gone])
        touched = scopes_of(transaction.run, candidates["Department"])
        _prune(transaction, candidates)
        counterparts_anew(transaction, touched)

    store.transact(work)
    return [row["title"] for row in gone]


def _delete(transaction: Transaction, documents: list[str]) -> dict[str, set[str]]:
    """Delete documents with all that is theirs; returns the shared nodes that they pointed to."""
    run = transaction.run
    candidates: dict[str, set[str]] = {kind: set() for kind in model.SHARED}
    if not documents:
        return candidates

    def ids(kind: str, given: list[str], edge: str, end: str) -> list[str]:
        return [row["id"] for row in run(f"{by_ids(f'a:{kind}', f'(a){edge}(b:{end})', 'b')} RETURN DISTINCT b.id AS id", ids=given)] if given else []

    owned = {"Document": documents, "Plan": ids("Document", documents, "-[:CONTAINS]->", "Plan")}
    owned |= {"Task": ids("Plan", owned["Plan"], "-[:HAS_TASK]->", "Task"), "Goal": ids("Plan", owned["Plan"], "-[:HAS_GOAL]->", "Goal"),
              "Duty": ids("Document", documents, "-[:CONTAINS]->", "Duty")}
    owned["Indicator"] = [found for kind in ("Task", "Goal") for found in ids(kind, owned[kind], "-[:HAS_INDICATOR]->", "Indicator")]
    for kind, edge, shared in (
            ("Task", "<-[:RESPONSIBLE_FOR]-", "Department"), ("Plan", "-[:ISSUED_BY]->", "Department"), ("Duty", "<-[:HAS_DUTY]-", "Department"),
            ("Document", "-[:MENTIONS]->", "Department"), *((kind, "-[:CITES]->", "Policy") for kind in ("Plan", "Task", "Goal", "Document")),
            *((kind, "-[:NAMES]->", "Programme") for kind in ("Task", "Goal", "Document"))):
        candidates[shared] |= set(ids(kind, owned[kind], edge, shared))
    for kind, listed in owned.items():
        transaction.delete(kind, listed)
    return candidates


_IN_USE = {
    "Department": ("-[:RESPONSIBLE_FOR]->(:Task)", "-[:HAS_DUTY]->(:Duty)", "<-[:ISSUED_BY]-(:Plan)", "<-[:MENTIONS]-(:Document)", "<-[:PART_OF]-(:Department)"),
    "Policy": tuple(f"<-[:CITES]-(:{kind})" for kind in ("Plan", "Task", "Goal", "Document")),
    "Programme": tuple(f"<-[:NAMES]-(:{kind})" for kind in ("Task", "Goal", "Document")),
}


def _prune(transaction: Transaction, candidates: dict[str, set[str]]) -> None:
    """Delete those shared nodes that nothing points to any more; a body may go after its last division."""
    run = transaction.run
    for kind, ids in candidates.items():
        unused = " AND ".join(f"NOT EXISTS {{ MATCH (n){edge} }}" for edge in _IN_USE[kind])
        while ids:
            gone = [row["id"] for row in run(f"{by_ids(f'n:{kind}')} WHERE {unused} RETURN n.id AS id", ids=sorted(ids))]
            above = set()
            if gone and kind == "Department":
                above = {row["id"] for row in run(by_ids("a:Department", "(a)-[:PART_OF]->(b:Department)", "b") + " RETURN DISTINCT b.id AS id", ids=gone)}
            transaction.delete(kind, gone)
            ids = above


def count_graph(store: Store) -> dict[str, int]:
    """How many nodes and edges of each kind the graph holds."""
    counts = {kind.__name__: store.read(f"MATCH (n:{kind.__name__}) RETURN count(n) AS n")[0]["n"] for kind in model.NODES}
    counts |= {kind.__name__: sum(store.read(f"MATCH (:{a})-[r:{kind.__name__}]->(:{b}) RETURN count(r) AS n")[0]["n"] for a, b in kind.PAIRS) for kind in model.EDGES}
    return counts


def list_sources(store: Store) -> list[dict[str, Any]]:
    """One row a file in the graph: source, documents, plans, tasks."""
    return store.read(
        "MATCH (d:Document) OPTIONAL MATCH (d)-[:CONTAINS]->(p:Plan) OPTIONAL MATCH (p)-[:HAS_TASK]->(t:Task) "
        "RETURN d.source AS source, count(DISTINCT d.id) AS documents, count(DISTINCT p.id) AS plans, count(DISTINCT t.id) AS tasks ORDER BY source")


def iter_batches(bundles: Iterable[list[Bundle]], tasks: int) -> Iterable[list[Bundle]]:
    """Files' bundles in batches of about `tasks` tasks, fewer where reading them takes long; a file's documents together."""
    batch: list[Bundle] = []
    size, since = 0, time.monotonic()
    for of_file in bundles:
        batch += of_file
        size += sum(len(bundle.record.tasks) for bundle in of_file)
        if size >= tasks or batch and time.monotonic() - since >= WAITING:
            yield batch
            batch, size, since = [], 0, time.monotonic()
    if batch:
        yield batch
