"""Researchers' codes in questions: which there are, a question asked once for each, and what a reader must know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.errors import BadParameter, NotByCode, UnknownCode
from graph.model import NO_CODE
from graph.store import Store

if TYPE_CHECKING:
    from queries.question import Question


def known_codes(store: Store) -> list[str]:
    """The codes of the graph's tasks, sorted."""
    return sorted(row["code"] for row in store.read("MATCH (t:Task) UNWIND t.codes AS code RETURN DISTINCT code AS code"))


def check_by_code(question: Question, values: dict[str, Any]) -> None:
    """Raises a UsageError where a question cannot be asked once for each code."""
    if not question.goes_by_code:
        from queries.question import load_all

        raise NotByCode(question.name, any(column.name == "code" for column in question.columns), [each.name for each in load_all() if each.goes_by_code])
    if values["code"] is not None:
        raise BadParameter(question.name, "code", values["code"], "nothing beside by_code, which goes through every code; leave one of the two out")


def check_code(value: str, known: list[str]) -> None:
    """Raises UnknownCode where no task of the graph has a code."""
    if value not in (NO_CODE, *known):
        raise UnknownCode(value, known)


def notes_on_codes(store: Store, plans: list[str], values: dict[str, Any], found: list[str] | None, known: list[str]) -> list[str]:
    """What a reader of rows by code must know. `plans` are the answer's; `found` are the codes of its rows, None where it
    was asked of one code."""
    tasks = [row["codes"] for row in store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE p.id IN $plans RETURN t.codes AS codes", plans=plans)]
    without = sum(not codes for codes in tasks)
    if found is None:
        code = values["code"]
        n = without if code == NO_CODE else sum(code in codes for codes in tasks)
        return [f"{n} of the {len(tasks)} tasks of these plans have {'no code' if code == NO_CODE else f'the code {code}'}"]
    several = sum(len(codes) > 1 for codes in tasks)
    notes = [f"a task with several codes counts under each of them: {several} of the {len(tasks)} tasks of these plans have several, {without} have none and stand under {NO_CODE}"]
    if empty := [code for code in known if code not in found]:
        notes.append(f"no row under {', '.join(empty)}")
    if not known:
        notes.append("no task of the graph has a code: write codes.csv beside the plans and ingest them again")
    return notes
