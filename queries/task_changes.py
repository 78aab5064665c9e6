"""What changed from one task of a line of work to the next: which units joined and left, who stands for whom, who leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from graph.store import Store, by_ids

_UNITS = (
    by_ids("t:Task", "(t)<-[r:RESPONSIBLE_FOR]-(d:Department)", "d")
    + " RETURN t.id AS task, d.id AS id, d.name AS name, d.scope AS scope, r.role AS role, r.position AS position ORDER BY task, position, id")
_LINKS = (
    by_ids("l:Task", "(l)-[c:CONTINUES]->(e:Task)", "e")
    + " AND e.id IN $ids AND c.relation <> 'parallel' RETURN l.id AS later, e.id AS earlier, c.relation AS relation, c.score AS score")
_SUCCEEDED = by_ids("a:Department", "(a)-[r:SUCCEEDED_BY]->(b:Department)", "b") + " AND b.id IN $ids RETURN a.id AS before, b.id AS after, r.date AS date"
_COUNTERPARTS = by_ids("a:Department", "(a)-[r:COUNTERPART_OF]->(b:Department)", "b") + " AND b.id IN $ids RETURN a.id AS lower, b.id AS higher"


def changes(store: Store, tasks: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By task: units, lead, joined, left, change, and the earlier task that they compare with (compared).

    `tasks` are id to year and body. A task is compared with the nearest earlier one of its own body, else with the nearest
    one of another body that it takes up or passes up; of several in one year with that of the strongest link.
    """
    ids = sorted(tasks)
    units: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in store.read(_UNITS, ids=ids):
        if all(unit["id"] != row["id"] for unit in units[row["task"]]):
            units[row["task"]].append(row)
    before: dict[str, dict[str, Any]] = {}
    for row in sorted(store.read(_LINKS, ids=ids), key=lambda row: (row["relation"] != "continues", -(tasks[row["earlier"]]["year"] or 0), -row["score"], row["earlier"])):
        before.setdefault(row["later"], row)
    every = sorted({unit["id"] for listed in units.values() for unit in listed})
    succeeded = {(row["before"], row["after"]): row["date"] for row in store.read(_SUCCEEDED, ids=every)}
    counterparts = {(row["lower"], row["higher"]) for row in store.read(_COUNTERPARTS, ids=every)}
    found = {}
    for task in ids:
        own = units[task]
        row = {"units": _names(own), "lead": "、".join(_leads(own)) or None, "joined": [], "left": [], "change": None, "compared": None}
        if link := before.get(task):
            theirs, told = units[link["earlier"]], []
            if link["relation"] == "continues":
                joined, left = _without(own, theirs), _without(theirs, own)
                row |= {"joined": _names(joined), "left": _names(left)}
                told += [f"{new['name']} took over from {old['name']} (reform of {succeeded[old['id'], new['id']]})" for old in left for new in joined if (old["id"], new["id"]) in succeeded]
                if _leads(own) and _leads(theirs) and _leads(own) != _leads(theirs):
                    told.append(f"{'、'.join(_leads(own))} leads instead of {'、'.join(_leads(theirs))}")
            else:
                way = "taken up" if link["relation"] == "takes_up" else "passed up"
                told.append(f"{way} by {tasks[task]['body'] or 'body unknown'} from {tasks[link['earlier']]['body'] or 'body unknown'}")
                told += [f"{one['name']} stands for {other['name']}" for one in own for other in theirs if {(one["id"], other["id"]), (other["id"], one["id"])} & counterparts]
            row |= {"change": "; ".join(told) or None, "compared": link["earlier"]}
        found[task] = row
    return found


def _names(units: Iterable[dict[str, Any]]) -> list[str]:
    return [unit["name"] for unit in units]


def _leads(units: list[dict[str, Any]]) -> list[str]:
    return [unit["name"] for unit in units if unit["role"] == "lead"]


def _without(units: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = {unit["id"] for unit in others}
    return [unit for unit in units if unit["id"] not in ids]
