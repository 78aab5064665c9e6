"""A document's text and every span in it: where each number is written."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from api.paging import no_unknown_parameters
from graph.errors import UnknownThing
from graph.store import Store

_PLAN = "MATCH (x:Document)-[:CONTAINS]->(p:Plan)"
# What can be marked: kind, and the query that gives id, label, start_char, end_char.
SPANS: tuple[tuple[str, str], ...] = (
    ("goal", f"{_PLAN}-[:HAS_GOAL]->(n:Goal) WHERE x.id = $id RETURN n.id AS id, n.number AS label, n.start_char AS start_char, n.end_char AS end_char"),
    ("task", f"{_PLAN}-[:HAS_TASK]->(n:Task) WHERE x.id = $id RETURN n.id AS id, n.part AS label, n.start_char AS start_char, n.end_char AS end_char"),
    ("heading", f"{_PLAN}-[:HAS_TASK]->(n:Task) WHERE x.id = $id AND n.heading_start IS NOT NULL RETURN DISTINCT n.heading AS id, 'heading' AS label, n.heading_start AS start_char, n.heading_end AS end_char"),
    ("clause", f"{_PLAN}-[:HAS_TASK]->(n:Task) WHERE x.id = $id AND n.clause_start IS NOT NULL RETURN n.id AS id, 'clause' AS label, n.clause_start AS start_char, n.clause_end AS end_char"),
    ("unit", f"{_PLAN}-[:HAS_TASK]->(:Task)<-[r:RESPONSIBLE_FOR]-(n:Department) WHERE x.id = $id RETURN n.id AS id, r.role AS label, r.start_char AS start_char, r.end_char AS end_char"),
    ("indicator", f"{_PLAN}-[:HAS_TASK|HAS_GOAL]->(t)-[:HAS_INDICATOR]->(n:Indicator) WHERE x.id = $id RETURN n.id AS id, n.object AS label, n.start_char AS start_char, n.end_char AS end_char"),
    ("policy", f"{_PLAN}-[:HAS_TASK|HAS_GOAL]->(t)-[r:CITES]->(n:Policy) WHERE x.id = $id RETURN n.id AS id, r.relation AS label, r.start_char AS start_char, r.end_char AS end_char"),
    ("policy", f"{_PLAN}-[r:CITES]->(n:Policy) WHERE x.id = $id RETURN n.id AS id, r.relation AS label, r.start_char AS start_char, r.end_char AS end_char"),
    ("policy", "MATCH (x:Document)-[r:CITES]->(n:Policy) WHERE x.id = $id RETURN n.id AS id, r.relation AS label, r.start_char AS start_char, r.end_char AS end_char"),
    ("programme", f"{_PLAN}-[:HAS_TASK|HAS_GOAL]->(t)-[r:NAMES]->(n:Programme) WHERE x.id = $id RETURN n.id AS id, n.name AS label, r.start_char AS start_char, r.end_char AS end_char"),
    ("programme", "MATCH (x:Document)-[r:NAMES]->(n:Programme) WHERE x.id = $id RETURN n.id AS id, n.name AS label, r.start_char AS start_char, r.end_char AS end_char"),
    ("mention", "MATCH (x:Document)-[r:MENTIONS]->(n:Department) WHERE x.id = $id RETURN n.id AS id, n.name AS label, r.start_char AS start_char, r.end_char AS end_char"),
    ("duty", "MATCH (x:Document)-[:CONTAINS]->(n:Duty) WHERE x.id = $id RETURN n.id AS id, n.number AS label, n.start_char AS start_char, n.end_char AS end_char"),
)


def read_text(store: Store, document: str) -> str:
    rows = store.read("MATCH (x:Document) WHERE x.id = $id RETURN x.text AS text", id=document)
    if not rows:
        raise UnknownThing("document", document)
    return rows[0]["text"]


def read_spans(store: Store, document: str) -> list[dict[str, Any]]:
    """Every span of a document with its words, in the order of the text."""
    text = read_text(store, document)
    spans = [{"kind": kind} | row for kind, query in SPANS for row in store.read(query, id=document)]
    for span in spans:
        span["quote"] = text[span["start_char"]:span["end_char"]]
    return sorted(spans, key=lambda span: (span["start_char"], -span["end_char"], span["kind"], span["id"], span["label"] or ""))


def router() -> APIRouter:
    routes = APIRouter(prefix="/api/documents", tags=["documents"], dependencies=[Depends(no_unknown_parameters)])

    @routes.get("", summary="Documents")
    def documents(request: Request) -> list[dict[str, Any]]:
        return request.state.store.read(
            "MATCH (x:Document) RETURN x.id AS id, x.title AS title, x.kind AS kind, x.source AS source, x.sha256 AS sha256, x.start AS start ORDER BY source, start, id")

    @routes.get("/{id}/text", summary="The document's text; all offsets count in it", response_class=PlainTextResponse)
    def text(request: Request, id: str) -> str:
        return read_text(request.state.store, id)

    @routes.get("/{id}/spans", summary="Every span of the document with its words")
    def spans(request: Request, id: str) -> list[dict[str, Any]]:
        return read_spans(request.state.store, id)

    return routes
