"""What a parameter that means a plan, task or department means: an id, a name or a known spelling."""

from __future__ import annotations

from collections.abc import Callable

from graph.errors import AmbiguousParameter, UnknownThing
from graph.ids import kind_of
from graph.store import Store

# For each kind the searches in order; the first that finds anything decides. `label` is what an error lists.
_SEARCHES: dict[str, tuple[str, ...]] = {
    "Plan": (
        "MATCH (n:Plan) WHERE n.title = $value OR n.doc_number = $value RETURN n.id AS id, n.title AS label ORDER BY label, id",
        "MATCH (n:Plan) WHERE n.title CONTAINS $value RETURN n.id AS id, n.title AS label ORDER BY label, id"),
    "Task": (
        "MATCH (p:Plan)-[:HAS_TASK]->(n:Task) WHERE n.text STARTS WITH $value RETURN n.id AS id, p.title AS label ORDER BY label, id",
        "MATCH (p:Plan)-[:HAS_TASK]->(n:Task) WHERE n.text CONTAINS $value RETURN n.id AS id, p.title AS label ORDER BY label, id"),
    "Department": (
        "MATCH (n:Department) WHERE n.name = $value OR n.full_name = $value RETURN n.id AS id, n.scope AS label ORDER BY label, id",
        "MATCH (n:Department)-[r:RESPONSIBLE_FOR]->(:Task) WHERE r.surface = $value RETURN DISTINCT n.id AS id, n.scope AS label ORDER BY label, id",
        "MATCH (n:Department) WHERE n.scope + n.name = $value RETURN n.id AS id, n.scope AS label ORDER BY label, id"),
}
_NEAR = {
    "Plan": "MATCH (n:Plan) RETURN n.title AS label ORDER BY label LIMIT 500",
    "Task": "",
    "Department": "MATCH (n:Department) RETURN DISTINCT n.name AS label ORDER BY label LIMIT 5000",
}


def find_thing(store: Store, question: str, parameter: str, kind: str, value: str) -> str:
    """The id that a value means; raises UnknownThing or AmbiguousParameter that lists the matches."""
    if kind_of(value) == kind:
        if store.read(f"MATCH (n:{kind}) WHERE n.id = $value RETURN n.id AS id", value=value):
            return value
        raise UnknownThing(kind.lower(), value)
    for search in _SEARCHES[kind]:
        rows = store.read(search, value=value)
        if len(rows) == 1:
            return rows[0]["id"]
        if rows:
            raise AmbiguousParameter(question, parameter, value, [f"{row['id']} ({row['label']})" for row in rows])
    raise UnknownThing(kind.lower(), value, _nearest(store.read, kind, value))


def _nearest(read: Callable[..., list[dict]], kind: str, value: str) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(value, [row["label"] for row in read(_NEAR[kind])], 3, 0.5) if _NEAR[kind] else []
