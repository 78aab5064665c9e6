"""
What came before a task, and what came after?
zh: 一项任务的来龙去脉是什么？
One row: a task of the line of work, or a year in which a series of plans in which the line runs has none: `no task found`
where a plan of that year is loaded, `no plan loaded` where none is, so that nothing can be said. Whether there was such a
plan, the graph does not know; corpus.csv beside the files does (include, note), and settles what is one series (issuer,
series, years). One plan of several years alone is no series. `step` counts links: -1 is what the task continues, 1 what continues it; `via` is the neighbouring task
nearer to the one asked for. Each task is compared with the nearest earlier one of its body, else with the one it took up.
param task: str            id, or the words that it begins with
param depth: int = 4       links to follow each way
param gaps: bool = true    also the years without a task
param code: str = null     only steps with this code, without gaps, the line being followed through all; (none): steps without any
column year: int           first year of its plan
column status: str         task, no task found, no plan loaded
column step: int           0 is the task itself
column plan: str           title
column series: str         what the plan's title has in common with those of other years
column body: str           issuing body
column number: int         place in its plan
column text: str           its own words
column units: list[str]    who stands on it, in the clause's order
column lead: str           who leads; null where no lead is marked
column joined: list[str]   units that the earlier task of its body has not
column left: list[str]     units of the earlier task of its body that it has not
column change: str         which body took it up, which unit stands for which, which leads instead
column relation: str       continues, takes_up, passes_up
column score: float        of the link; null for the task itself
column named: bool         both name the same programme, instrument or document
column evidence_later: str     the words of the later task
column evidence_earlier: str   the words of the earlier task
column via: str            id of the neighbouring task
column compared: str       id of the earlier task that joined, left and change compare with
column task: str           the task's id
"""

from __future__ import annotations

from typing import Any

from graph.errors import BadParameter
from graph.model import NO_CODE
from graph.series import read_series
from graph.store import Store, by_ids
from queries.task_changes import changes

_FACTS = (
    by_ids("t:Task", "(p:Plan)-[:HAS_TASK]->(t)", "p") + " RETURN p.first_year AS year, p.years AS years, p.id AS plan_id, p.title AS plan, p.series AS series, p.issuer AS body, "
    "t.position AS number, t.text AS text, t.codes AS codes, t.id AS task")
_LINKS = {
    -1: by_ids("l:Task", "(l)-[c:CONTINUES]->(e:Task)", "e") + " RETURN e.id AS task, l.id AS via, ",
    1: by_ids("e:Task", "(l:Task)-[c:CONTINUES]->(e)", "l") + " RETURN l.id AS task, e.id AS via, ",
}
_LINK_FACTS = (
    "c.score AS score, c.named AS named, c.relation AS relation, c.evidence_later AS evidence_later, "
    "c.evidence_earlier AS evidence_earlier ORDER BY score DESC, task, via")
_STATUS = ("task", "no task found", "no plan loaded")
_OF_LINK = ("score", "named", "relation", "evidence_later", "evidence_earlier", "via")
_OF_TASK = ("number", "text", "task", "units", "lead", "joined", "left", "change", "compared")


def rows(store: Store, task: str, depth: int, gaps: bool, code: str | None) -> tuple[list[dict[str, Any]], list[str]]:
    """The line of work around one task; a task that several links reach stands at its nearest step, by its best link."""
    if depth < 1:
        raise BadParameter("task_history", "depth", depth, "1 or more")
    found, notes = _walk(store, task, depth)
    facts = {row["task"]: row for row in store.read(_FACTS, ids=sorted(found))}
    changed = changes(store, facts)
    line = [row | facts[node] | changed[node] | {"status": "task"} for node, row in found.items()]
    if code is not None:
        line = [row for row in line if (not row["codes"] if code == NO_CODE else code in row["codes"])]
    elif gaps:
        line += _gaps(store, line)
    return sorted(line, key=lambda row: (row["year"] or 0, _STATUS.index(row["status"]), row["step"] or 0, row["body"] or "", row["plan"] or "", row["number"] or 0, row["task"] or "")), notes


def _walk(store: Store, task: str, depth: int) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The tasks that links lead to, each way, by id; and a note where they lead further."""
    found: dict[str, dict[str, Any]] = {task: {"step": 0, "task": task} | dict.fromkeys(_OF_LINK)}
    notes = []
    for way, query in _LINKS.items():
        edge = [task]
        for step in range(1, depth + 2):
            fresh: dict[str, None] = {}  # in the order of their best links
            for row in store.read(query + _LINK_FACTS, ids=edge):
                if row["task"] not in found and row["task"] not in fresh:
                    fresh[row["task"]] = None
                    if step <= depth:
                        found[row["task"]] = row | {"step": way * step}
            if step > depth and fresh:
                notes.append(f"the line goes on {'before its first' if way < 0 else 'behind its last'} step: {len(fresh)} tasks more at the next; raise depth")
            if not fresh:
                break
            edge = list(fresh)
    return found, notes


def _gaps(store: Store, line: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each year of the line in which a series of plans, of those in which it runs, has no task of it."""
    begun = [row["year"] for row in line if row["year"]]
    if not begun:
        return []
    found = []
    for series in read_series(store):
        ids = {plan.id for plan in series.plans}
        standing = {year for row in line if row["plan_id"] in ids for year in row["years"]}
        if standing and series.is_yearly:
            for year, plans in series.gaps(standing, min(begun), max(begun)):
                found.append(dict.fromkeys((*_OF_LINK, *_OF_TASK, "step")) | {
                    "year": year, "status": "no task found" if plans else "no plan loaded", "plan": "；".join(plan.title for plan in plans) or None,
                    "series": series.name, "body": series.body})
    return found
