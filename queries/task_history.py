"""
What came before a task, and what came after?
zh: 一项任务的来龙去脉是什么？
One row: a task of the line, the earliest step first. `step` counts links: -1 is what the task continues, 1 what
continues it; `via` is the neighbouring task nearer to the one asked for.
param task: str            id, or the words that it begins with
param depth: int = 4       links to follow each way
column step: int           0 is the task itself
column year: int           first year of its plan
column plan: str           title
column body: str           issuing body
column number: int         place in its plan
column text: str           its own words
column score: float        of the link; null for the task itself
column named: bool         both name the same programme, instrument or document
column relation: str       continues, takes_up, passes_up
column evidence_later: str     the words of the later task
column evidence_earlier: str   the words of the earlier task
column via: str            id of the neighbouring task
column task: str           the task's id
"""

from __future__ import annotations

from typing import Any

from graph.errors import BadParameter
from graph.store import Store

_FACTS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE t.id IN $ids RETURN p.first_year AS year, p.title AS plan, p.issuer AS body, "
    "t.position AS number, t.text AS text, t.id AS task")
_LINKS = {
    -1: "MATCH (l:Task)-[c:CONTINUES]->(e:Task) WHERE l.id IN $ids RETURN e.id AS task, l.id AS via, ",
    1: "MATCH (l:Task)-[c:CONTINUES]->(e:Task) WHERE e.id IN $ids RETURN l.id AS task, e.id AS via, ",
}
_LINK_FACTS = (
    "c.score AS score, c.named AS named, c.relation AS relation, c.evidence_later AS evidence_later, "
    "c.evidence_earlier AS evidence_earlier ORDER BY score DESC, task, via")
_NO_LINK = dict.fromkeys(("score", "named", "relation", "evidence_later", "evidence_earlier", "via"))


def rows(store: Store, task: str, depth: int) -> list[dict[str, Any]]:
    """The line of work around one task; a task that several links reach stands at its nearest step, by its best link."""
    if depth < 1:
        raise BadParameter("task_history", "depth", depth, "1 or more")
    found: dict[str, dict[str, Any]] = {task: {"step": 0, "task": task} | _NO_LINK}
    for way, query in _LINKS.items():
        edge = [task]
        for step in range(1, depth + 1):
            fresh = []
            for row in store.read(query + _LINK_FACTS, ids=edge):
                if row["task"] not in found:
                    found[row["task"]] = row | {"step": way * step}
                    fresh.append(row["task"])
            if not fresh:
                break
            edge = fresh
    facts = {row["task"]: row for row in store.read(_FACTS, ids=sorted(found))}
    line = [row | facts[node] for node, row in found.items()]
    return sorted(line, key=lambda row: (row["step"], row["year"] or 0, row["plan"], row["number"], row["task"]))
