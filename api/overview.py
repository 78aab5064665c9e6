"""What the graph holds, and one search over all that has a name: where somebody who does not know the graph begins."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.paging import no_unknown_parameters
from graph.load import count_graph
from graph.settings import VERSION, read_settings
from graph.store import Store
from graph.version_file import tag_of
from queries.by_code import known_codes

# What a search looks through: name, and the pattern that finds $q; each returns id, label, detail.
SEARCHED: dict[str, tuple[str, str, str]] = {
    "units": ("MATCH (n:Department) WHERE n.name CONTAINS $q OR coalesce(n.full_name, '') CONTAINS $q",
              "n.id AS id, n.name AS label, n.scope AS detail, COUNT { MATCH (n)-[:RESPONSIBLE_FOR]->(:Task) } AS tasks", "tasks DESC, label, detail, id"),
    "plans": ("MATCH (n:Plan) WHERE n.title CONTAINS $q OR coalesce(n.issuer, '') CONTAINS $q OR coalesce(n.doc_number, '') CONTAINS $q",
              "n.id AS id, n.title AS label, n.issuer AS detail, coalesce(n.first_year, 0) AS year, COUNT { MATCH (n)-[:HAS_TASK]->(:Task) } AS tasks", "year, label, id"),
    "programmes": ("MATCH (n:Programme) WHERE n.name CONTAINS $q",
                   "n.id AS id, n.name AS label, '' AS detail, COUNT { MATCH (n)<-[:NAMES]-(:Task) } AS tasks", "tasks DESC, label, id"),
    "policies": ("MATCH (n:Policy) WHERE n.name CONTAINS $q",
                 "n.id AS id, n.name AS label, '' AS detail, COUNT { MATCH (n)<-[:CITES]-(:Task) } AS tasks", "tasks DESC, label, id"),
    "tasks": ("MATCH (p:Plan)-[:HAS_TASK]->(n:Task) WHERE n.text CONTAINS $q OR coalesce(n.heading, '') CONTAINS $q OR coalesce(n.clause, '') CONTAINS $q",
              "n.id AS id, n.text AS label, p.title AS detail, coalesce(p.first_year, 0) AS year, n.position AS number", "year, detail, number, id"),
}


def band() -> dict[str, float]:
    """Scores of links: `low` and `high` are the ends of the band in which a link is only perhaps one, `cut` lies between them."""
    from ingest.continuity.weights import read_weights

    weights = read_weights()
    return {"low": weights.low, "cut": weights.cut, "high": weights.high}


def read_overview(store: Store) -> dict[str, Any]:
    """The graph's counts, its plans, and what can be chosen from: years, levels, regions, kinds of units, codes."""
    meta = store.meta()
    assert meta is not None, "a graph without one is not opened"
    plans = store.read(
        "MATCH (x:Document)-[:CONTAINS]->(p:Plan) OPTIONAL MATCH (p)-[:HAS_TASK]->(t:Task) "
        "RETURN p.id AS id, p.title AS title, p.issuer AS body, p.issuer_inferred AS inferred, p.place AS place, p.level AS level, p.first_year AS first_year, p.years AS years, x.id AS document, count(t) AS tasks "
        "ORDER BY coalesce(body, ''), coalesce(first_year, 0), title, id")
    units = store.read("MATCH (d:Department)-[:RESPONSIBLE_FOR]->(:Task) RETURN DISTINCT d.kind AS kind, d.level AS level, d.places AS places")
    return {
        "graph": tag_of(meta), "policygraph": VERSION, "counts": {kind: n for kind, n in count_graph(store).items() if kind != "Meta"}, "plans": plans,
        "years": sorted({year for plan in plans for year in plan["years"] or []}), "levels": sorted({unit["level"] for unit in units if unit["level"]}),
        "regions": sorted({place for unit in units for place in unit["places"] or []}), "kinds": sorted({unit["kind"] for unit in units if unit["kind"]}),
        "codes": known_codes(store), "band": band(), "uploads": read_settings().token is not None, "warnings": store.warnings()}


def router() -> APIRouter:
    """/api/overview and /api/search."""
    routes = APIRouter(prefix="/api", tags=["overview"], dependencies=[Depends(no_unknown_parameters)])

    @routes.get("/overview", summary="What the graph holds, and what its filters can be set to")
    def overview(request: Request) -> dict[str, Any]:
        store = request.state.store
        return store.once("overview", lambda: read_overview(store))  # every page asks for it

    @routes.get("/search", summary="Units, plans, programmes, policies and tasks that hold some words")
    def search(request: Request, q: Annotated[str, Query(min_length=1, max_length=200, description="words")],
               limit: Annotated[int, Query(ge=1, le=100, description="of each kind")] = 10) -> dict[str, Any]:
        store = request.state.store
        return {name: {"total": store.read(f"{match} RETURN count(*) AS n", q=q)[0]["n"],
                       "rows": store.read(f"{match} RETURN {returned} ORDER BY {order} LIMIT $limit", q=q, limit=limit)}
                for name, (match, returned, order) in SEARCHED.items()}

    return routes
