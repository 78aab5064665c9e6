"""Verdicts onto a graph: what verdicts.csv says now stands there, and what it says no longer goes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from graph.links import read_ruled, relink
from graph.records import DocumentRecord
from graph.store import Store
from graph.stored import facts_of, read_plan_facts
from ingest.continuity.links import Linker
from ingest.continuity.verdicts import KnownTask, Verdict, first_words, known_of, resolve

_TASKS = "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) {where} RETURN t.id AS id, t.text AS text, p.id AS plan, p.title AS title ORDER BY id"
_SOURCES = "MATCH (d:Document)-[:CONTAINS]->(p:Plan) RETURN p.id AS plan, d.source AS source"


def kept_verdicts(store: Store, covered: Callable[[str], bool] = lambda source: False) -> list[Verdict]:
    """The verdicts that the graph's links hold on plans of files (by source) that no verdicts.csv at hand covers."""
    source = {row["plan"]: row["source"] for row in store.read(_SOURCES)}
    return [Verdict("", 0, row["later"], row["earlier"], row["verdict"], row["note"] or "", row["by"] or "", row["date"] or "",
                    first_words(row["later_text"]), first_words(row["earlier_text"]), row["later_title"], row["earlier_title"])
            for row in read_ruled(store) if not covered(source[row["later_plan"]]) and not covered(source[row["earlier_plan"]])]


def tasks_by_id(store: Store, ids: Iterable[str]) -> list[KnownTask]:
    """The tasks of the graph with these ids."""
    return [KnownTask(row["id"], row["text"], row["plan"], row["title"]) for row in store.read(_TASKS.format(where="WHERE t.id IN $ids"), ids=sorted(set(ids)))]


def known_tasks(store: Store, verdicts: Iterable[Verdict]) -> list[KnownTask]:
    """The tasks that verdicts can mean: those that they name by ids, all of the graph where one of these is not there."""
    wanted = {task for verdict in verdicts for task in (verdict.later, verdict.earlier)}
    tasks = tasks_by_id(store, wanted)
    if len(tasks) < len(wanted):
        tasks = [KnownTask(row["id"], row["text"], row["plan"], row["title"]) for row in store.read(_TASKS.format(where=""))]
    return tasks


def resolve_in(store: Store, verdicts: Iterable[Verdict], linker: Linker, across: Collection[tuple[str, str]] = ()) -> list[str]:
    """Give a linker what verdicts mean in this graph; returns a line for each row that applies to nothing.

    `across` are pairs of plans (ids, the later first) that count as compared although this linker does not compare them.
    """
    listed = list(verdicts)
    tasks = known_tasks(store, listed) if listed else []
    plans = {task.plan for task in tasks}
    pairs = linker.plan_pairs(read_plan_facts(store.read), plans) if plans else []
    found = resolve(listed, tasks, {(later.id, earlier.id) for later, earlier, _ in pairs} | set(across))
    linker.verdicts = found.by_pair
    return found.problems


def keep_through(store: Store, linker: Linker, records: Sequence[DocumentRecord]) -> None:
    """Give a linker what the graph's verdicts will mean when these documents have replaced those of their files.

    So the transaction that takes a plan's links out of the graph puts the verdicts on them in again, and no kill can come between.
    """
    linker.verdicts = {}
    if not (kept := kept_verdicts(store)):
        return
    replaced = {record.source for record in records}
    gone = {row["plan"] for row in store.read(_SOURCES) if row["source"] in replaced}
    tasks = [task for task in tasks_by_id(store, {task for verdict in kept for task in (verdict.later, verdict.earlier)}) if task.plan not in gone] + known_of(records)
    plans = [plan for plan in read_plan_facts(store.read) if plan.id not in gone] + [facts_of(record) for record in records if record.kind == "plan"]
    compared = {(later.id, earlier.id) for later, earlier, _ in linker.plan_pairs(plans, {task.plan for task in tasks})}
    linker.verdicts = resolve(kept, tasks, compared).by_pair


def apply_verdicts(store: Store, verdicts: Iterable[Verdict], linker: Linker) -> tuple[int, list[str]]:
    """Link anew the pairs of tasks on which verdicts have changed; returns how many they are, and a line for each row that
    applies to nothing.

    Plans that only an earlier `link --across` compared keep what stands between them.
    """
    there = {(row["later"], row["earlier"]): row for row in read_ruled(store)}
    problems = resolve_in(store, verdicts, linker, {(row["later_plan"], row["earlier_plan"]) for row in there.values()})
    wanted = linker.verdicts
    changed = {pair for pair, row in there.items() if pair not in wanted or _said(wanted[pair]) != _said_there(row)} | set(wanted) - set(there)
    if changed:
        plan_of = {task.id: task.plan for task in tasks_by_id(store, {task for pair in changed for task in pair})}
        relink(store, {(later, earlier): (plan_of[later], plan_of[earlier]) for later, earlier in changed}, linker)
        ruled = {(row["later"], row["earlier"]): _said_there(row) for row in read_ruled(store)}
        stuck = {pair for pair in changed if ruled.get(pair) != (_said(wanted[pair]) if pair in wanted else None)}
        problems += [f"{wanted[pair].place() if pair in wanted else f'the verdict on {pair[0]} and {pair[1]} that was withdrawn'}: not applied: "
                     "the links of these two plans are from `policygraph link --across`; link them so again" for pair in sorted(stuck)]
        changed -= stuck
    return len(changed), problems


def _said(verdict: Verdict) -> tuple[str, str, str, str]:
    return verdict.verdict, verdict.note, verdict.by, verdict.date


def _said_there(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return row["verdict"], row["note"] or "", row["by"] or "", row["date"] or ""
