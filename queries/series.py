"""
Which plans are issued year after year, and which years of them are missing?
zh: 哪些规划是逐年发布的系列，缺哪些年份？
One row: a series of plans: one body's plans of one title but for the year. What is one series, corpus.csv settles
(columns issuer, series, years), for a plan that was renamed. `missing` says only that no plan of the year is loaded.
param scope: str = null        only plans of this body or place
param min_plans: int = 2       at least so many plans
column series: str             the title without body, place and year
column body: str               issuing body
column level: str              its tier
column plans: int              plans that are loaded
column tasks: int              their tasks
column first_year: int         the first year that a plan of it covers
column last_year: int          the last one
column years: list[str]        the years that loaded plans cover
column missing: list[str]      the years between that none covers
column titles: list[str]       the plans' titles, the earliest first
column previous: str           id of the plan before the latest: with it the pair to compare first; null where there is one plan
column latest: str             id of the latest plan
"""

from __future__ import annotations

from typing import Any

from graph.series import read_series
from graph.store import Store

_TASKS = "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) RETURN p.id AS plan, count(t) AS tasks"


def rows(store: Store, scope: str | None, min_plans: int) -> list[dict[str, Any]]:
    """The series with the most plans first."""
    tasks = {row["plan"]: row["tasks"] for row in store.read(_TASKS)}
    found = [{
        "series": series.name, "body": series.body, "level": series.level, "plans": len(series.plans), "tasks": sum(tasks.get(plan.id, 0) for plan in series.plans),
        "first_year": series.years[0], "last_year": series.years[-1], "years": [str(year) for year in series.years], "missing": [str(year) for year in series.missing],
        "titles": [plan.title for plan in series.plans], "previous": series.neighbours[-1][0] if series.neighbours and series.neighbours[-1][1] == series.plans[-1].id else None,
        "latest": series.plans[-1].id} for series in read_series(store, scope) if len(series.plans) >= min_plans]
    return sorted(found, key=lambda row: (-row["plans"], row["body"] or "", row["series"], row["latest"]))
