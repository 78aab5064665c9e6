"""Nodes of the graph as a drawing shows them, what is next to a node, and which edges stand between nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from graph import model
from graph.errors import UnknownThing
from graph.ids import kind_of
from graph.store import BATCH, Store, batches, by_ids

KINDS = ("Plan", "Task", "Department", "Indicator", "Policy", "Programme", "Goal", "Document", "Duty")
PERHAPS = "RESEMBLES"  # links that mostly do not hold: gone over only where they are asked for
# For each kind the path to a node `n`, where one is needed, from a node `x` on, and what is returned: label, detail (what it belongs to), years and level of its plan, its place in the text.
_FACTS: dict[str, tuple[str, dict[str, str]]] = {
    "Document": ("", {"label": "n.title", "detail": "n.kind"}),
    "Plan": ("", {"label": "n.title", "detail": "n.issuer", "years": "n.years", "level": "n.level"}),
    "Task": ("(x:Plan)-[:HAS_TASK]->(n)", {
        "label": "n.text", "detail": "x.title", "years": "x.years", "level": "x.level", "codes": "n.codes", "position": "n.position"}),
    "Goal": ("(x:Document)-[:CONTAINS]->(p:Plan)-[:HAS_GOAL]->(n)", {
        "label": "n.text", "detail": "p.title", "years": "p.years", "level": "p.level", "document": "x.id", "start_char": "n.start_char", "end_char": "n.end_char"}),
    "Indicator": ("(x:Document)-[:CONTAINS]->(p:Plan)-[:HAS_TASK|HAS_GOAL]->(o)-[:HAS_INDICATOR]->(n)", {
        "label": "n.quote", "detail": "n.object", "years": "p.years", "level": "p.level", "document": "x.id", "start_char": "n.start_char", "end_char": "n.end_char"}),
    "Department": ("", {"label": "n.name", "detail": "n.scope", "level": "n.level", "collective": "n.collective"}),
    "Duty": ("(x:Document)-[:CONTAINS]->(n)", {
        "label": "n.text", "detail": "x.title", "document": "x.id", "start_char": "n.start_char", "end_char": "n.end_char"}),
    "Policy": ("", {"label": "n.name"}),
    "Programme": ("", {"label": "n.name"}),
}
LABEL = {kind: facts["label"].removeprefix("n.") for kind, (_, facts) in _FACTS.items()}  # the property by which a node is called
NODE_FIELDS: dict[str, Any] = {
    "label": "", "detail": None, "years": [], "level": None, "collective": False, "codes": [], "document": None, "start_char": None, "end_char": None}
# What an edge says besides its ends; an edge of another kind says nothing.
_EDGE_FACTS = {"RESPONSIBLE_FOR": ("role",), "CITES": ("relation",), "CONTINUES": ("relation", "score"), "RESEMBLES": ("relation", "score")}
EDGE_FIELDS = ("role", "relation", "score")


def edge_kinds(perhaps: bool) -> tuple[type[model.Edge], ...]:
    """The kinds of edges that are gone over."""
    return tuple(kind for kind in model.EDGES if perhaps or kind.__name__ != PERHAPS)


def read_nodes(store: Store, ids: Iterable[str]) -> list[dict[str, Any]]:
    """id, kind and NODE_FIELDS of each node, in the order of the ids. Raises UnknownThing for an id that no shown node has."""
    asked = list(dict.fromkeys(ids))
    found: dict[str, dict[str, Any]] = {}
    for kind, of_kind in _by_kind(asked).items():
        path, facts = _FACTS[kind]
        matched = by_ids(f"n:{kind}", path, "x")
        returned = ", ".join(f"{expression} AS {name}" for name, expression in facts.items())
        for batch in batches(of_kind, BATCH):
            for row in store.read(f"{matched} RETURN n.id AS id, {returned}", ids=batch):
                found[row["id"]] = {"kind": kind} | NODE_FIELDS | row
    for node in asked:
        if node not in found:
            raise UnknownThing("node", node)
    return [found[node] for node in asked]


def read_neighbours(store: Store, node: str, kinds: Collection[str], perhaps: bool) -> dict[str, list[dict[str, Any]]]:
    """The nodes one edge away, by kind: tasks from the latest year on and as they stand in their plan, the others by label."""
    own = kind_of(node)
    ids: set[str] = set()
    for here, pattern, there in _ways(perhaps):
        if here == own and there in kinds:
            ids |= {row["id"] for row in store.read(f"MATCH (n:{here}){pattern}(m:{there}) WHERE n.id = $id RETURN DISTINCT m.id AS id", id=node)}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(read_nodes(store, sorted(ids - {node})), key=_rank):
        found.setdefault(row["kind"], []).append(row)
    return {kind: found[kind] for kind in KINDS if kind in found}


def _rank(row: dict[str, Any]) -> tuple:
    if row["kind"] == "Task":
        return -max(row["years"] or [0]), row["detail"], row["position"], row["id"]
    return 0, row["label"], 0, row["id"]


def read_edges(store: Store, ids: Iterable[str], perhaps: bool) -> list[dict[str, Any]]:
    """The edges among nodes: source, target, kind, EDGE_FIELDS and `times`, the edges that say the same."""
    of_kind = _by_kind(ids)
    found = []
    for kind in edge_kinds(perhaps):
        name = kind.__name__
        facts = _EDGE_FACTS.get(name, ())
        returned = "".join(f"r.{fact} AS {fact}, " for fact in facts)
        for source, target in kind.PAIRS:
            if source not in of_kind or target not in of_kind:
                continue
            # From the end that has fewer edges of a kind: a task has a few units, a unit may have thousands of tasks.
            ends = {"a": source, "b": target}
            near, far = ("a", "b") if target in model.SHARED else ("b", "a")
            matched = by_ids(f"{near}:{ends[near]}", f"(a:{source})-[r:{name}]->(b:{target})", far)
            for batch in batches(of_kind[ends[near]], BATCH):
                found += [{"source": row.pop("source"), "target": row.pop("target"), "kind": name} | dict.fromkeys(EDGE_FIELDS) | row for row in store.read(
                    f"{matched} AND {far}.id IN $others RETURN a.id AS source, b.id AS target, {returned}count(*) AS times", ids=batch, others=of_kind[ends[far]])]
    return sorted(found, key=lambda row: (row["kind"], row["source"], row["target"], row["role"] or "", row["relation"] or "", row["score"] or 0))


def iter_steps(store: Store, ids: Iterable[str], kinds: Collection[str], perhaps: bool) -> Iterable[tuple[str, str]]:
    """(node, a node one edge away) for each of the ids."""
    of_kind = _by_kind(ids)
    for here, pattern, there in _ways(perhaps):
        if here in of_kind and there in kinds:
            for batch in batches(of_kind[here], BATCH):
                for row in store.read(by_ids(f"n:{here}", f"(n){pattern}(m:{there})", "m") + " RETURN DISTINCT n.id AS here, m.id AS there", ids=batch):
                    yield row["here"], row["there"]


def _ways(perhaps: bool) -> Iterable[tuple[str, str, str]]:
    """(kind of a node, edge as a pattern seen from it, kind of the node that it leads to)."""
    for kind in edge_kinds(perhaps):
        for source, target in kind.PAIRS:
            yield source, f"-[:{kind.__name__}]->", target
            yield target, f"<-[:{kind.__name__}]-", source


def _by_kind(ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids in order by the kind that they name. Raises UnknownThing for one that names none that is shown."""
    found: dict[str, list[str]] = {}
    for node in dict.fromkeys(ids):
        kind = kind_of(node)
        if kind not in KINDS:
            raise UnknownThing("node", node)
        found.setdefault(kind, []).append(node)
    return {kind: sorted(of_kind) for kind, of_kind in found.items()}
