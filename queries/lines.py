"""
Which lines of work run through the years?
zh: 哪些工作线索贯穿多年？
One row: a line of work: tasks of any plans that links join, one task a plan. By all links nearly everything would hang
together, so followed are only those that are, between their two plans, the strongest of both tasks, the strongest first, and
none that would put a second task of a plan into a line. What was split or joined goes on in the part most like it;
`task_history` shows every link. Links between bodies of one level are not followed; those ruled by hand are, and count as 1.
`not_found` are years for which a plan is loaded, of a series in which the line runs, and no task of it was found; `no_plan`
are years for which none is loaded, so that nothing can be said.
param scope: str = null        only plans of this body or place
param min_years: int = 2       lines that stand in at least so many years
param min_score: float = null  follow links from this score on; without it those that surely continue (high in weights.tsv)
param code: str = null         only lines in which a task has this code; (none): in which none has any
column heading: str            of its latest task, or that task's first words
column first_year: int         the first year in which it stands
column last_year: int          the last one
column years: int              years in which it stands
column stands_in: list[str]    these years; a plan of several years stands in each
column not_found: list[str]    years between with a plan loaded and no task found
column no_plan: list[str]      years between without a plan loaded
column tasks: int              its tasks, one a plan
column bodies: list[str]       bodies that issued the plans, in the order in which they came to it
column weakest: float          the lowest score of the links that hold it together
column first: str              id of its earliest task
column last: str               id of its latest task
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from graph.model import NO_CODE
from graph.series import Series, read_series
from graph.store import Store
from ingest.continuity.weights import read_weights

_TASKS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END "
    "RETURN t.id AS id, t.heading AS heading, t.text AS text, t.codes AS codes, t.position AS position, p.id AS plan, p.issuer AS issuer, p.place AS place, "
    "p.years AS years, p.first_year AS first_year, p.signed_on AS signed_on ORDER BY id")
_LINKS = (
    "MATCH (l:Task)-[c:CONTINUES]->(e:Task) WHERE c.relation <> 'parallel' AND (c.score >= $min_score OR c.method = 'hand') "
    "RETURN l.id AS later, e.id AS earlier, CASE WHEN c.method = 'hand' THEN 1.0 ELSE c.score END AS score")


def rows(store: Store, scope: str | None, min_years: int, min_score: float | None, code: str | None) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines that stand in most years first; and from which score links were followed."""
    least = read_weights().high if min_score is None else min_score
    tasks = {row["id"]: row for row in store.read(_TASKS, scope=scope)}
    plan_of = {task["id"]: task["plan"] for task in tasks.values()}
    links = strongest_both_ways([row for row in store.read(_LINKS, min_score=float(least)) if row["later"] in tasks and row["earlier"] in tasks], plan_of)
    series_of = {plan.id: series for series in read_series(store, scope) if series.is_yearly for plan in series.plans}
    together = joined(links, plan_of)
    line_of = {task: place for place, ids in enumerate(together) for task in ids}
    weakest = [1.0] * len(together)
    for (later, earlier), score in links.items():
        if line_of.get(later, -1) == line_of.get(earlier):
            weakest[line_of[later]] = min(weakest[line_of[later]], score)
    found = []
    for place, ids in enumerate(together):
        line = sorted((tasks[task] for task in ids), key=lambda task: (task["first_year"] or 0, task["signed_on"] or "", task["plan"], task["position"]))
        codes = {name for task in line for name in task["codes"]}
        if len({year for task in line for year in task["years"]}) >= min_years and (code is None or (not codes if code == NO_CODE else code in codes)):
            found.append(_row(line, weakest[place], series_of))
    found.sort(key=lambda row: (-row["years"], -row["tasks"], row["first_year"], row["heading"], row["first"]))
    return found, [f"followed are links from a score of {least:g} on; with a lower min_score lines grow longer and hold more doubtful steps"]


def strongest_both_ways(links: list[dict[str, Any]], plan_of: dict[str, str]) -> dict[tuple[str, str], float]:
    """(later, earlier) to score of those links that are the strongest of both their tasks between the two plans, the strongest first."""
    best: dict[tuple[str, str], tuple[str, str]] = {}  # by task and other plan
    ordered = {(row["later"], row["earlier"]): row["score"] for row in sorted(links, key=lambda row: (-row["score"], row["later"], row["earlier"]))}
    for later, earlier in ordered:
        best.setdefault((later, plan_of[earlier]), (later, earlier))
        best.setdefault((earlier, plan_of[later]), (later, earlier))
    return {link: score for link, score in ordered.items() if best[link[0], plan_of[link[1]]] == best[link[1], plan_of[link[0]]] == link}


def joined(links: dict[tuple[str, str], float], plan_of: dict[str, str]) -> list[set[str]]:
    """The sets of two tasks or more that links join, taken in their order; a link that would bring two tasks of one plan
    together is left out."""
    group: dict[str, dict[str, str]] = {}  # by task: its line, as plan to task
    for one, other in links:
        a, b = group.setdefault(one, {plan_of[one]: one}), group.setdefault(other, {plan_of[other]: other})
        if a is not b and not a.keys() & b.keys():
            small, large = sorted((a, b), key=len)
            large |= small
            group |= dict.fromkeys(small.values(), large)
    return [set(line.values()) for line in {id(line): line for line in group.values()}.values() if len(line) > 1]


def _row(line: list[dict[str, Any]], weakest: float, series_of: dict[str, Series]) -> dict[str, Any]:
    stands_in = sorted({year for task in line for year in task["years"]})
    first, last = line[0]["first_year"], max(task["first_year"] for task in line)
    loaded: dict[int, bool] = {}
    of_series: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for task in line:
        if series := series_of.get(task["plan"]):
            of_series[series.plans[0].id].append(task)
    for own in of_series.values():
        for year, plans in series_of[own[0]["plan"]].gaps({year for task in own for year in task["years"]}, first, last):
            if year not in stands_in:
                loaded[year] = loaded.get(year, False) or bool(plans)
    silent = [year for year in range(first, last + 1) if year not in stands_in]
    return {
        "heading": line[-1]["heading"] or line[-1]["text"][:40], "first_year": first, "last_year": stands_in[-1], "years": len(stands_in), "stands_in": [str(year) for year in stands_in],
        "not_found": [str(year) for year in silent if loaded.get(year)], "no_plan": [str(year) for year in silent if not loaded.get(year)],
        "tasks": len(line), "bodies": list(dict.fromkeys(task["issuer"] or task["place"] or "body unknown" for task in line)),
        "weakest": weakest, "first": line[0]["id"], "last": line[-1]["id"]}
