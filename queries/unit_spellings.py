"""
Which spellings were taken for one unit, and why?
zh: 哪些写法被归并为同一单位，依据是什么？
One row: a spelling of a unit as clauses write it. Where two spellings should be one unit, one alias in
ingest/units.yaml does it; where one unit should be two, the alias goes out.
param scope: str = null        only units of this body or place
param all: bool = false        also units that were only ever written as they are called
column department: str         canonical name
column scope: str              the body or place that it belongs to
column spelling: str           as written
column times: int              responsibilities written so
column plans: int              plans in which
column why: str                what makes it this unit
column id: str                 the department's id
"""

from __future__ import annotations

from typing import Any

from graph.store import Store
from ingest.departments import why_merged

_QUERY = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) "
    "WHERE CASE WHEN $scope IS NULL THEN true ELSE d.scope = $scope END "
    "RETURN d.name AS department, d.scope AS scope, r.surface AS spelling, count(*) AS times, count(DISTINCT p.id) AS plans, d.id AS id "
    "ORDER BY scope, department, times DESC, spelling, id")


def rows(store: Store, scope: str | None, all: bool) -> list[dict[str, Any]]:
    """Spellings by unit; surfaces that hold a whole clause (a unit added by hand that is written nowhere) are left out."""
    found = [row | {"why": why_merged(row["spelling"], row["department"], row["scope"])} for row in store.read(_QUERY, scope=scope)]
    merged = {row["id"] for row in found if row["spelling"] != row["department"]}
    return [row for row in found if all or row["id"] in merged]
