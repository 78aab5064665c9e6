"""The graph as two flat tables: one row a task, one row a responsibility; read plan by plan, in the order of years and titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from graph.model import ROLES
from graph.pages import PAGE
from graph.store import Store

Row = dict[str, Any]
_OF = "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)"
_ASKED = "WHERE p.id IN $plans RETURN t.id AS task_id"


def iter_tasks(store: Store) -> Iterator[list[Row]]:
    """Pages of the table of tasks."""
    for plans in _iter_plans(store):
        tasks = _tasks(store, plans)
        units = _by_task(_units(store, plans))
        targets = _by_task(store.read(f"{_OF}-[:HAS_INDICATOR]->(i:Indicator) {_ASKED}, i.quote AS name, i.start_char AS place, i.id AS id", plans=plans))
        policies = _by_task(store.read(f"{_OF}-[r:CITES]->(o:Policy) {_ASKED}, o.name AS name, r.start_char AS place, o.id AS id", plans=plans))
        programmes = _by_task(store.read(f"{_OF}-[r:NAMES]->(g:Programme) {_ASKED}, g.name AS name, r.start_char AS place, g.id AS id", plans=plans))
        earlier = _by_task(store.read(f"{_OF}-[:CONTINUES]->(e:Task) {_ASKED}, e.id AS name, 0 AS place, e.id AS id", plans=plans))
        for task in tasks:
            key = task["task_id"]
            for role in ROLES:
                task[f"{role}_units"] = list(dict.fromkeys(unit["unit"] for unit in units[key] if unit["role"] == role))
            if task["role_scheme"] in (None, "flat"):
                task["lead_units"] = task["lead_units"] or None  # a plan that marks no lead says nothing on who leads
            task["n_units"] = _different(units[key]) if task["clause"] is not None or units[key] else None
            task["targets"] = [row["name"] for row in _ordered(targets[key])]
            task["n_targets"] = len(task["targets"])
            for name, found in (("policies", policies), ("programmes", programmes), ("continues", earlier)):
                task[name] = list(dict.fromkeys(row["name"] for row in _ordered(found[key])))
        yield tasks


def iter_responsibilities(store: Store) -> Iterator[list[Row]]:
    """Pages of the table of responsibilities, a task's in the order of its clause."""
    for plans in _iter_plans(store):
        units = _by_task(_units(store, plans))
        yield [task | unit | {"n_units": _different(units[task["task_id"]])} for task in _tasks(store, plans) for unit in units[task["task_id"]]]


def _iter_plans(store: Store) -> Iterator[list[str]]:
    """Ids of plans, as many at a time as have about a page of tasks."""
    batch: list[str] = []
    tasks = 0
    for plan in store.read(f"{_OF} RETURN p.id AS id, p.title AS title, coalesce(p.first_year, 0) AS year, count(t) AS tasks ORDER BY year, title, id"):
        batch.append(plan["id"])
        tasks += plan["tasks"]
        if tasks >= PAGE:
            yield batch
            batch, tasks = [], 0
    if batch:
        yield batch


def _tasks(store: Store, plans: list[str]) -> list[Row]:
    place = {plan: number for number, plan in enumerate(plans)}
    rows = store.read(
        f"MATCH (x:Document)-[:CONTAINS]->(p:Plan)-[:HAS_TASK]->(t:Task) {_ASKED}, t.position AS task_number, t.heading AS heading, t.path AS heading_path, t.text AS text, "
        "t.clause AS clause, t.deadline AS deadline, t.part AS part, t.codes AS codes, t.corrected AS corrected, t.start_char AS start_char, t.end_char AS end_char, "
        "p.id AS plan_id, p.title AS plan_title, p.issuer AS body, p.issuer_inferred AS body_inferred, p.place AS place, p.level AS level, p.years AS years, "
        "p.first_year AS first_year, p.last_year AS last_year, p.doc_number AS doc_number, p.role_scheme AS role_scheme, x.id AS document_id, x.source AS source_file", plans=plans)
    return sorted(rows, key=lambda row: (place[row["plan_id"]], row["task_number"], row["task_id"]))


def _units(store: Store, plans: list[str]) -> list[Row]:
    rows = store.read(
        f"{_OF}<-[r:RESPONSIBLE_FOR]-(d:Department) {_ASKED}, d.id AS unit_id, d.name AS unit, d.scope AS unit_scope, d.level AS unit_level, d.kind AS unit_kind, "
        "d.collective AS collective, r.role AS role, r.role_basis AS role_basis, r.position AS unit_number, r.`group` AS clause_group, r.surface AS surface, "
        "r.start_char AS surface_start, r.end_char AS surface_end", plans=plans)
    return sorted(rows, key=lambda row: (row["unit_number"], row["unit_id"], row["surface_start"]))


def _different(units: list[Row]) -> int:
    return len({unit["unit_id"] for unit in units})


def _by_task(rows: list[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["task_id"]].append(row)
    return found


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["place"], row["id"]))
