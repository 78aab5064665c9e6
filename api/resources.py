"""Plans, tasks, departments and indicators as lists with filters, and each one by its id."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request

from api.paging import AS_FILES, Limit, ListFormat, Offset, no_unknown_parameters, page, page_model
from graph.decided import decide
from graph.errors import UnknownThing
from graph.model import ROLES
from graph.store import Store
from ingest.departments import why_merged
from queries.things import find_thing

Year = Annotated[int | None, Query(ge=0, le=9999, description="a year that the plan covers")]
Words = Annotated[str | None, Query(description="words", max_length=200)]
Role = Annotated[Literal[ROLES] | None, Query(description="only tasks in which the department has this role")]  # type: ignore[valid-type]
_YEAR = "CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END"
_CODE = "CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END"
_PLAN = "CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END"

# For each list: pattern with conditions, columns (name, type, expression), order.
LISTS: dict[str, tuple[str, tuple[tuple[str, str, str], ...], str]] = {
    "plans": (
        f"MATCH (p:Plan) WHERE {_YEAR} AND CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END",
        (("id", "str", "p.id"), ("title", "str", "p.title"), ("issuer", "str", "p.issuer"), ("issuer_inferred", "bool", "p.issuer_inferred"),
         ("place", "str", "p.place"), ("level", "str", "p.level"), ("first_year", "int", "p.first_year"), ("last_year", "int", "p.last_year"),
         ("doc_number", "str", "p.doc_number"), ("role_scheme", "str", "p.role_scheme"),
         ("tasks", "int", "COUNT { MATCH (p)-[:HAS_TASK]->(:Task) }")),
        "coalesce(first_year, 0), title, id"),
    "tasks": (
        f"MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE {_YEAR} AND {_PLAN} AND {_CODE} "
        "AND CASE WHEN $programme IS NULL THEN true ELSE EXISTS { MATCH (t)-[:NAMES]->(n:Programme) WHERE n.id = $programme } END "
        "AND CASE WHEN $policy IS NULL THEN true ELSE EXISTS { MATCH (t)-[:CITES]->(o:Policy) WHERE o.id = $policy } END "
        "AND CASE WHEN $q IS NULL THEN true ELSE t.text CONTAINS $q OR coalesce(t.heading, '') CONTAINS $q OR coalesce(t.clause, '') CONTAINS $q END "
        "AND CASE WHEN $role IS NULL THEN true ELSE EXISTS { MATCH (t)<-[r:RESPONSIBLE_FOR]-(:Department) WHERE r.role = $role } END "
        "AND CASE WHEN $department IS NULL THEN true ELSE EXISTS { MATCH (t)<-[r:RESPONSIBLE_FOR]-(d:Department) "
        "WHERE d.id = $department AND CASE WHEN $role IS NULL THEN true ELSE r.role = $role END } END",
        (("id", "str", "t.id"), ("plan", "str", "p.id"), ("plan_title", "str", "p.title"), ("first_year", "int", "p.first_year"),
         ("number", "int", "t.position"), ("heading", "str", "t.heading"), ("text", "str", "t.text"), ("clause", "str", "t.clause"), ("deadline", "str", "t.deadline"),
         ("part", "str", "t.part")),
        "coalesce(first_year, 0), plan_title, plan, number, id"),
    "departments": (
        "MATCH (d:Department) WHERE CASE WHEN $q IS NULL THEN true ELSE d.name CONTAINS $q OR coalesce(d.full_name, '') CONTAINS $q END "
        "AND CASE WHEN $year IS NULL THEN true ELSE EXISTS { MATCH (d)-[:RESPONSIBLE_FOR]->(:Task)<-[:HAS_TASK]-(p:Plan) WHERE $year IN p.years } END",
        (("id", "str", "d.id"), ("name", "str", "d.name"), ("full_name", "str", "d.full_name"), ("scope", "str", "d.scope"), ("level", "str", "d.level"),
         ("kind", "str", "d.kind"), ("collective", "bool", "d.collective"),
         ("responsibilities", "int", "COUNT { MATCH (d)-[:RESPONSIBLE_FOR]->(:Task) }")),
        "scope, name, id"),
    "indicators": (
        f"MATCH (p:Plan)-[:HAS_TASK|HAS_GOAL]->(t)-[:HAS_INDICATOR]->(i:Indicator) WHERE {_YEAR} AND {_PLAN} "
        "AND CASE WHEN $unit IS NULL THEN true ELSE i.unit = $unit END "
        "AND CASE WHEN $department IS NULL THEN true ELSE EXISTS { MATCH (t)<-[:RESPONSIBLE_FOR]-(d:Department) WHERE d.id = $department } END",
        (("id", "str", "i.id"), ("plan", "str", "p.id"), ("plan_title", "str", "p.title"), ("object", "str", "i.object"),
         ("comparator", "str", "i.comparator"), ("value", "float", "i.value"), ("unit", "str", "i.unit"), ("year", "int", "i.year"),
         ("change", "bool", "i.change"), ("quote", "str", "i.quote"), ("owner", "str", "t.id"), ("start_char", "int", "i.start_char")),
        "plan_title, plan, start_char, value, id"),
}


def _columns(name: str) -> dict[str, str]:
    return {column: kind for column, kind, _ in LISTS[name][1]}


def _list(request: Request, name: str, limit: int, offset: int, format: str, **filters: Any) -> Any:
    """One page of a list; a plan or department may be given by id, name or a known spelling."""
    store: Store = request.state.store
    for parameter, kind in (("plan", "Plan"), ("department", "Department")):
        if filters.get(parameter) is not None:
            filters[parameter] = find_thing(store, name, parameter, kind, filters[parameter])
    pattern, columns, order = LISTS[name]
    match, taken = decide(pattern, filters)
    returned = ", ".join(f"{expression} AS {column}" for column, _, expression in columns)
    total = store.read(f"{match} RETURN count(*) AS n", **taken)[0]["n"]
    # A SKIP far beyond the last row crashes ladybug 0.22.
    rows = [] if offset >= total else store.read(f"{match} RETURN {returned} ORDER BY {order} SKIP $offset LIMIT $limit", **taken, offset=offset, limit=limit)
    return page(request, rows, total, limit, offset, _columns(name), format)


def _one(store: Store, kind: str, node_id: str, query: str) -> dict[str, Any]:
    rows = store.read(query, id=node_id)
    if not rows:
        raise UnknownThing(kind, node_id)
    return rows[0]


def router() -> APIRouter:
    """The lists and the things in them."""
    routes = APIRouter(prefix="/api", tags=["resources"], dependencies=[Depends(no_unknown_parameters)])

    @routes.get("/plans", summary="Plans", response_model=page_model("plans", _columns("plans")), responses=AS_FILES)
    def plans(request: Request, year: Year = None, scope: Annotated[str | None, Query(description="issuing body or place")] = None,
              limit: Limit = 50, offset: Offset = 0, format: ListFormat = "json") -> Any:
        return _list(request, "plans", limit, offset, format, year=year, scope=scope)

    @routes.get("/tasks", summary="Tasks", response_model=page_model("tasks", _columns("tasks")), responses=AS_FILES)
    def tasks(request: Request, year: Year = None, plan: Annotated[str | None, Query(description="id, title or number")] = None,
              department: Annotated[str | None, Query(description="id, name or a known spelling")] = None, role: Role = None, q: Words = None,
              code: Annotated[str | None, Query(description="only tasks with this code; (none): tasks without any")] = None,
              programme: Annotated[str | None, Query(description="id of a programme that they name")] = None,
              policy: Annotated[str | None, Query(description="id of a document that they cite")] = None,
              limit: Limit = 50, offset: Offset = 0, format: ListFormat = "json") -> Any:
        return _list(request, "tasks", limit, offset, format, year=year, plan=plan, department=department, role=role, q=q, code=code, programme=programme, policy=policy)

    @routes.get("/departments", summary="Departments (responsible units)", response_model=page_model("departments", _columns("departments")), responses=AS_FILES)
    def departments(request: Request, year: Year = None, q: Words = None, limit: Limit = 50, offset: Offset = 0, format: ListFormat = "json") -> Any:
        return _list(request, "departments", limit, offset, format, year=year, q=q)

    @routes.get("/indicators", summary="Targets", response_model=page_model("indicators", _columns("indicators")), responses=AS_FILES)
    def indicators(request: Request, year: Year = None, plan: Annotated[str | None, Query(description="id, title or number")] = None,
                   unit: Annotated[str | None, Query(description="counter: 个, 门, %")] = None,
                   department: Annotated[str | None, Query(description="only targets of this one's tasks: id, name or a known spelling")] = None,
                   limit: Limit = 50, offset: Offset = 0, format: ListFormat = "json") -> Any:
        return _list(request, "indicators", limit, offset, format, year=year, plan=plan, unit=unit, department=department)

    @routes.get("/plans/{id}", summary="A plan with its goals and tasks")
    def plan(request: Request, id: str) -> dict[str, Any]:
        store = request.state.store
        found = _one(store, "plan", id, (
            "MATCH (x:Document)-[:CONTAINS]->(p:Plan) WHERE p.id = $id RETURN p.id AS id, p.title AS title, p.issuer AS issuer, p.issuer_inferred AS issuer_inferred, "
            "p.issuers AS issuers, p.place AS place, p.level AS level, p.doc_number AS doc_number, p.signed_on AS signed_on, p.published_on AS published_on, "
            "p.years AS years, p.years_basis AS years_basis, p.role_scheme AS role_scheme, p.lead_rule AS lead_rule, p.warnings AS warnings, x.id AS document, x.source AS source"))
        found["goals"] = store.read("MATCH (p:Plan)-[:HAS_GOAL]->(g:Goal) WHERE p.id = $id RETURN g.id AS id, g.number AS number, g.text AS text, "
                                    "g.start_char AS start_char, g.end_char AS end_char ORDER BY start_char, id", id=id)
        found["tasks"] = store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE p.id = $id RETURN t.id AS id, t.position AS number, t.text AS text, "
                                    "t.clause AS clause ORDER BY number, id", id=id)
        return found

    @routes.get("/tasks/{id}", summary="A task with units, targets, continuity both ways and its place in the source")
    def task(request: Request, id: str) -> dict[str, Any]:
        return read_task(request.state.store, id)

    @routes.get("/departments/{id}", summary="A department with its workload by plan, its body and duties")
    def department(request: Request, id: str) -> dict[str, Any]:
        store = request.state.store
        found = _one(store, "department", id, (
            "MATCH (d:Department) WHERE d.id = $id RETURN d.id AS id, d.name AS name, d.full_name AS full_name, d.scope AS scope, d.level AS level, "
            "d.kind AS kind, d.collective AS collective"))
        found["part_of"] = store.read("MATCH (d:Department)-[:PART_OF]->(b:Department) WHERE d.id = $id RETURN b.id AS id, b.name AS name ORDER BY name, id", id=id)
        found["spellings"] = store.read(
            "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) WHERE d.id = $id RETURN r.surface AS surface, p.id AS plan, p.title AS title, "
            "count(*) AS times, min(t.id) AS task ORDER BY surface, title, plan", id=id)
        for row in found["spellings"]:
            row["why"] = why_merged(row["surface"], found["name"], found["scope"])
        found["before"] = store.read("MATCH (a:Department)-[r:SUCCEEDED_BY]->(d:Department) WHERE d.id = $id RETURN a.id AS id, a.name AS name, a.scope AS scope, r.date AS date, r.basis AS basis ORDER BY date, name, id", id=id)
        found["after"] = store.read("MATCH (d:Department)-[r:SUCCEEDED_BY]->(b:Department) WHERE d.id = $id RETURN b.id AS id, b.name AS name, b.scope AS scope, r.date AS date, r.basis AS basis ORDER BY date, name, id", id=id)
        found["plans"] = store.read(
            "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) WHERE d.id = $id RETURN p.id AS plan, p.title AS title, "
            "p.first_year AS first_year, coalesce(p.issuer, '') = d.scope OR coalesce(p.place, '') = d.scope AS own, p.role_scheme AS role_scheme, r.role AS role, count(DISTINCT t.id) AS tasks ORDER BY coalesce(first_year, 0), title, plan, role", id=id)
        found["duties"] = store.read("MATCH (d:Department)-[:HAS_DUTY]->(y:Duty) WHERE d.id = $id RETURN y.id AS id, y.number AS number, y.text AS text ORDER BY y.start_char, id", id=id)
        return found

    @routes.get("/indicators/{id}", summary="A target with its owner and place in the source")
    def indicator(request: Request, id: str) -> dict[str, Any]:
        return _one(request.state.store, "indicator", id, (
            "MATCH (x:Document)-[:CONTAINS]->(p:Plan)-[:HAS_TASK|HAS_GOAL]->(t)-[:HAS_INDICATOR]->(i:Indicator) WHERE i.id = $id RETURN i.id AS id, i.quote AS quote, "
            "i.value AS value, i.comparator AS comparator, i.unit AS unit, i.object AS object, i.change AS change, i.year AS year, i.start_char AS start_char, "
            "i.end_char AS end_char, t.id AS owner, t.text AS owner_text, p.id AS plan, p.title AS plan_title, x.id AS document"))

    return routes


def read_task(store: Store, task_id: str) -> dict[str, Any]:
    """A task with everything that hangs on it; offsets count in its document's text."""
    found = _one(store, "task", task_id, (
        "MATCH (x:Document)-[:CONTAINS]->(p:Plan)-[:HAS_TASK]->(t:Task) WHERE t.id = $id RETURN t.id AS id, t.position AS number, t.path AS path, t.text AS text, "
        "t.clause AS clause, t.deadline AS deadline, t.part AS part, p.id AS plan, p.title AS plan_title, p.first_year AS first_year, x.id AS document, "
        "x.source AS source_file, t.start_char AS start_char, t.end_char AS end_char, t.clause_start AS clause_start, t.clause_end AS clause_end, t.heading_start AS heading_start, t.heading_end AS heading_end"))
    places = ("start_char", "end_char", "clause_start", "clause_end", "heading_start", "heading_end")
    document = found.pop("document")
    found["source"] = {"document": document, "file": found.pop("source_file"), "text": f"/api/documents/{document}/text"} | {key: found.pop(key) for key in places}
    found["units"] = store.read(
        "MATCH (t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) WHERE t.id = $id RETURN d.id AS id, d.name AS name, d.scope AS scope, d.collective AS collective, r.role AS role, "
        "r.role_basis AS role_basis, r.position AS position, r.surface AS surface, r.start_char AS start_char, r.end_char AS end_char ORDER BY position, id", id=task_id)
    found["indicators"] = store.read(
        "MATCH (t:Task)-[:HAS_INDICATOR]->(i:Indicator) WHERE t.id = $id RETURN i.id AS id, i.quote AS quote, i.value AS value, i.comparator AS comparator, i.unit AS unit, "
        "i.object AS object, i.year AS year, i.start_char AS start_char, i.end_char AS end_char ORDER BY start_char, value, id", id=task_id)
    found["policies"] = store.read(
        "MATCH (t:Task)-[c:CITES]->(o:Policy) WHERE t.id = $id RETURN o.id AS id, o.name AS name, c.relation AS relation, c.start_char AS start_char ORDER BY start_char, id", id=task_id)
    found["programmes"] = store.read(
        "MATCH (t:Task)-[n:NAMES]->(r:Programme) WHERE t.id = $id RETURN r.id AS id, r.name AS name, n.start_char AS start_char ORDER BY start_char, id", id=task_id)
    facts = ("c.score AS score, c.named AS named, c.relation AS relation, c.method AS method, c.evidence_later AS evidence_later, c.later_start AS later_start, "
             "c.later_end AS later_end, c.evidence_earlier AS evidence_earlier, c.earlier_start AS earlier_start, c.earlier_end AS earlier_end")
    for name, other, query in (("continues", "e", "MATCH (l:Task)-[c:CONTINUES]->(e:Task)<-[:HAS_TASK]-(p:Plan) WHERE l.id = $id"),
                               ("continued_by", "l", "MATCH (e:Task)<-[c:CONTINUES]-(l:Task)<-[:HAS_TASK]-(p:Plan) WHERE e.id = $id")):
        found[name] = store.read(f"{query} RETURN {other}.id AS task, {other}.text AS text, p.id AS plan, p.title AS plan_title, p.first_year AS first_year, {facts} "
                                 "ORDER BY score DESC, task", id=task_id)
    return found
