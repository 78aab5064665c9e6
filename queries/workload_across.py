"""
How much of each level's work do units of one function have?
zh: 职能对应的单位在各层级承担多少任务？
One row: a unit that has a counterpart in a body above its own, beside that counterpart, both with tasks. Plans differ in
size, so compare the shares, which are of the tasks of the plans in which a unit stands. Never add the numbers of two units
up, for what a city takes up stands in both plans. The years of the two sides may differ: see `unit_years`.
param department: str = null    only pairs with this one
param year: int = null          only plans that cover this year, on both sides
param body: str = null          only pairs with a unit that belongs to this body or place
param code: str = null          only tasks with this code, of which the shares are then taken; (none): tasks without any
column function: str            what both are for; null where only lines of work say so
column counterpart: str         the higher unit
column counterpart_scope: str   the body or place that it belongs to
column counterpart_level: str   its tier
column counterpart_tasks: int   its tasks
column counterpart_share: float of the tasks of the plans in which it stands
column counterpart_lead: int    of its tasks as lead (牵头); null where none of these plans marks leads
column counterpart_years: list[str]   first years of these plans
column unit: str                the lower unit
column unit_scope: str          the body or place that it belongs to
column unit_level: str          its tier
column unit_tasks: int          its tasks
column unit_share: float        of the tasks of the plans in which it stands
column unit_lead: int           of its tasks as lead (牵头); null where none of these plans marks leads
column unit_years: list[str]    first years of these plans
column times: float             the lower unit's share by the higher one's
column shared: int              lines of work that both stand on, in all plans
column basis: str               gazetteer, lines of work, both
column unit_id: str             id of the lower unit
column counterpart_id: str      id of the higher unit
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from graph.store import Store

_PAIRS = (
    "MATCH (u:Department)-[r:COUNTERPART_OF]->(v:Department) WHERE CASE WHEN $department IS NULL THEN true ELSE u.id = $department OR v.id = $department END "
    "AND CASE WHEN $body IS NULL THEN true ELSE u.scope = $body OR v.scope = $body END "
    "RETURN u.id AS unit_id, v.id AS counterpart_id, r.function AS function, r.basis AS basis, r.shared AS shared")
_TASKS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END AND d.id IN $ids "
    "AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END "
    "RETURN d.id AS unit, d.name AS name, d.scope AS scope, d.level AS level, p.id AS plan, p.first_year AS year, p.role_scheme AS scheme, "
    "count(DISTINCT t.id) AS tasks, count(DISTINCT CASE WHEN r.role = 'lead' THEN t.id ELSE null END) AS leading ORDER BY unit, plan")
_PLANS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END "
    "RETURN p.id AS plan, count(t) AS tasks")


def rows(store: Store, department: str | None, year: int | None, body: str | None, code: str | None) -> list[dict[str, Any]]:
    """The higher units with the most tasks first, each with its counterparts, the highest share first."""
    pairs = store.read(_PAIRS, department=department, body=body)
    of_plan = {row["plan"]: row["tasks"] for row in store.read(_PLANS, code=code)}
    of_unit = defaultdict(list)
    for row in store.read(_TASKS, year=year, code=code, ids=sorted({pair[side] for pair in pairs for side in ("unit_id", "counterpart_id")})):
        of_unit[row["unit"]].append(row)
    found = []
    for pair in pairs:
        sides = {side: of_unit.get(pair[f"{side}_id"], []) for side in ("unit", "counterpart")}
        if all(sides.values()):
            row = pair | {f"{side}{name}": value for side, listed in sides.items() for name, value in _workload(listed, of_plan).items()}
            found.append(row | {"times": round(_share(sides["unit"], of_plan) / _share(sides["counterpart"], of_plan) + 0.000001, 2)})
    return sorted(found, key=lambda row: (-row["counterpart_tasks"], row["counterpart_scope"], row["counterpart"], -row["unit_share"], row["unit_scope"], row["unit"], row["unit_id"]))


def _workload(plans: list[dict[str, Any]], of_plan: dict[str, int]) -> dict[str, Any]:
    """What a unit has in the plans in which it stands; the names are put behind the side's."""
    tasks, marked = sum(row["tasks"] for row in plans), any(row["scheme"] != "flat" for row in plans)
    return {
        "": plans[0]["name"], "_scope": plans[0]["scope"], "_level": plans[0]["level"], "_tasks": tasks,
        "_share": round(_share(plans, of_plan) + 0.000001, 3), "_lead": sum(row["leading"] for row in plans) if marked else None,
        "_years": [str(year) for year in sorted({row["year"] for row in plans if row["year"]})]}


def _share(plans: list[dict[str, Any]], of_plan: dict[str, int]) -> float:
    """A unit's tasks by all those of the plans in which it stands, unrounded; never 0."""
    return sum(row["tasks"] for row in plans) / sum(of_plan[row["plan"]] for row in plans)
