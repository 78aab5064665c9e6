"""
Which years' plans of which body does the graph hold, and which not?
zh: 图谱收录了哪些机构哪些年份的规划，缺哪些？
One row: a body and a year of the graph's span. What is not in a year's answer is "not in the plan" only where `state` is
loaded; else no plan of that body and year is loaded, and nothing can be said.
param scope: str = null        only this body or place
column body: str               issuing body
column level: str              its tier
column year: int               a year from the graph's first to its last
column state: str              loaded, or no plan loaded
column plans: int              plans that cover the year
column tasks: int              their tasks
column titles: list[str]       their titles
"""

from __future__ import annotations

from typing import Any

from graph.store import Store

_QUERY = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END "
    "RETURN p.issuer AS body, p.level AS level, p.years AS years, p.title AS title, p.id AS id, count(t) AS tasks ORDER BY title, id")
_SPAN = "MATCH (p:Plan) WHERE p.first_year IS NOT NULL RETURN min(p.first_year) AS first, max(p.last_year) AS last"


def rows(store: Store, scope: str | None) -> list[dict[str, Any]]:
    """Every body with every year of the span."""
    plans, span = store.read(_QUERY, scope=scope), store.read(_SPAN)[0]
    if span["first"] is None:
        return []
    found = []
    for body, level in sorted({(plan["body"] or "body unknown", plan["level"] or "") for plan in plans}):
        own = [plan for plan in plans if (plan["body"] or "body unknown", plan["level"] or "") == (body, level)]
        for year in range(span["first"], span["last"] + 1):
            of_year = [plan for plan in own if year in plan["years"]]
            found.append({
                "body": body, "level": level or None, "year": year, "state": "loaded" if of_year else "no plan loaded", "plans": len(of_year),
                "tasks": sum(plan["tasks"] for plan in of_year), "titles": [plan["title"] for plan in of_year]})
    return found
