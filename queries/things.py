"""What a parameter that means a plan, task or department means: an id, a name or a known spelling."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from graph.errors import AmbiguousParameter, UnknownThing
from graph.ids import kind_of
from graph.store import Store
from ingest.gazetteer import gazetteer
from ingest.places import find_place

# For each kind the searches in order; the first that finds anything decides. `label` is what an error lists.
_SEARCHES: dict[str, tuple[str, ...]] = {
    "Plan": (
        "MATCH (n:Plan) WHERE n.title = $value OR n.doc_number = $value RETURN n.id AS id, n.title AS label ORDER BY label, id",
        "MATCH (n:Plan) WHERE n.title CONTAINS $value OR coalesce(n.doc_number, '') CONTAINS $value RETURN n.id AS id, n.title AS label ORDER BY label, id"),
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
    for search, words in _spellings(kind, value):
        rows = store.read(search, **words)
        if len(rows) == 1:
            return rows[0]["id"]
        if rows:
            raise AmbiguousParameter(question, parameter, value, [f"{row['id']} ({row['label']})" for row in rows])
    raise UnknownThing(kind.lower(), value, _nearest(store.read, kind, value))


def _spellings(kind: str, value: str) -> list[tuple[str, dict[str, str]]]:
    """The searches with what each is given; 青江市发改委 is also 市发展改革委 of a place that ends in 青江市."""
    searches = [(search, {"value": value}) for search in _SEARCHES[kind]]
    if kind == "Department":
        place = find_place(value)
        if place:
            tier, rest = place.parts[-1][-1], value[place.length:]
        else:
            tier = value[:1] if value[:1] in "省市区县" else ""
            rest = value.removeprefix(tier)
        searches.append((_OF_PLACE, {"value": tier + gazetteer().bureaus.get(rest, rest), "place": place.parts[-1] if place else ""}))
    return searches


_OF_PLACE = "MATCH (n:Department) WHERE n.name = $value AND n.scope ENDS WITH $place RETURN n.id AS id, n.scope AS label ORDER BY label, id"


def nearest_scopes(store: Store, value: str) -> list[str]:
    """Issuing bodies and places of the graph's plans that look like a value."""
    rows = store.read("MATCH (p:Plan) RETURN DISTINCT p.issuer AS body, p.place AS place ORDER BY body, place")
    known = sorted({name for row in rows for name in (row["body"], row["place"]) if name})
    return [name for name in known if value in name or name in value][:3] or get_close_matches(value, known, 3, 0.4)


def _nearest(read: Callable[..., list[dict]], kind: str, value: str) -> list[str]:
    return get_close_matches(value, [row["label"] for row in read(_NEAR[kind])], 3, 0.5) if _NEAR[kind] else []
