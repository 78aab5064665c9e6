"""What researchers rule on links: verdicts.csv beside the plans, applied whenever links are made; a verdict wins over any score.

One row is one verdict: later, earlier (task ids), verdict (`continues` or `not`), note, by, date, later_words, earlier_words
(the first words of both tasks), later_plan, earlier_plan (titles). A task is known by its id, and by its words where its
text has changed since, in the plan named if one is. Rows that contradict each other apply neither, rows that find no
task or are on plans that are not compared apply nothing; all are named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.ids import kind_of, squeeze
from graph.records import DocumentRecord
from graph.stored import plan_id
from ingest.correction_sheet import NotApplicable
from ingest.errors import BadSheet
from ingest.quoted import find_task
from ingest.sheets import LINE_END, SheetRow, as_cell, out_of_cell, read_sheet, write_sheet

NAME = "verdicts.csv"
COLUMNS = ("later", "earlier", "verdict", "note", "by", "date", "later_words", "earlier_words", "later_plan", "earlier_plan")
WORDS = 40  # characters of a task that the tool writes down: enough to tell tasks of one plan apart
VERDICTS = ("continues", "not")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of verdicts.csv, or a verdict that the graph's edges keep."""

    sheet: str  # path of the file; empty: from the graph
    line: int
    later: str
    earlier: str
    verdict: str  # continues, not
    note: str = ""
    by: str = ""
    date: str = ""
    later_words: str = ""
    earlier_words: str = ""
    later_plan: str = ""
    earlier_plan: str = ""

    @property
    def continues(self) -> bool:
        return self.verdict == "continues"

    def place(self) -> str:
        return f"{self.sheet}:{self.line}" if self.sheet else f"the graph's verdict on {self.later} and {self.earlier}"


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task that a verdict can mean, and the plan that it stands in."""

    id: str
    text: str
    plan: str  # id
    title: str


@dataclass(slots=True)
class Resolved:
    """Verdicts by (later task, earlier task), and a line for each row that applies to nothing."""

    by_pair: dict[tuple[str, str], Verdict]
    problems: list[str]


def read_verdicts(path: str) -> list[Verdict]:
    """The rows of a verdicts.csv; raises BadSheet that names line and cell."""
    found = []
    for row in read_sheet(path, COLUMNS, needed=("verdict",)):
        row = SheetRow(row.line, {column: _text_of(row[column]) for column in COLUMNS})
        if row["verdict"].lower() not in VERDICTS:
            raise BadSheet(path, row.line, f"the verdict is {row['verdict']!r}, expected continues or not")
        for side in ("later", "earlier"):
            if row[side] and kind_of(row[side]) != "Task":
                raise BadSheet(path, row.line, f"{side} is {row[side]!r}, expected the id of a task such as t-3kq5h7x2ab4c; write words into {side}_words")
            if not row[side] and not row[f"{side}_words"]:
                raise BadSheet(path, row.line, f"neither {side} nor {side}_words says which task is meant")
        found.append(Verdict(path, row.line, *(row[column].lower() if column == "verdict" else row[column] for column in COLUMNS)))
    return found


def _text_of(cell: str) -> str:
    """What a cell says, its line ends kept and other white space made one: written again and read, it says the same."""
    lines = (" ".join(line.split()) for line in out_of_cell(cell.replace(LINE_END, "\n")).splitlines())
    return "\n".join(line for line in lines if line)


def write_verdicts(path: str, rows: Iterable[Verdict]) -> None:
    """Write a verdicts.csv anew, whole or not at all."""
    write_sheet(path, list(COLUMNS), ({column: as_cell(getattr(row, column)) for column in COLUMNS} for row in rows))


def add_verdicts(path: str, rows: Iterable[Verdict], tasks: Iterable[KnownTask] = ()) -> int:
    """Put rows into a verdicts.csv, made where there is none; returns how many earlier rows they replace: those of the
    same person on the same two tasks, which `tasks` help to know again. What somebody else ruled stays, and both rows
    count for nothing where they contradict each other."""
    by_id = {task.id: task for task in tasks}
    known = list(by_id.values())

    def meaning(row: Verdict) -> tuple[str, ...]:
        found = []
        for side in ("later", "earlier"):
            try:
                found.append(_find(row, side, by_id, known))
            except (_NotHere, NotApplicable):
                found.append(getattr(row, side))
        return *found, row.by

    fresh = {meaning(row): row for row in rows}
    before = read_verdicts(path) if Path(path).exists() else []
    kept = [row for row in before if meaning(row) not in fresh]
    write_verdicts(path, [*kept, *fresh.values()])
    return len(before) - len(kept)


def first_words(text: str) -> str:
    """The words by which a verdict remembers a task."""
    return "".join(text.split())[:WORDS]


def resolve(verdicts: Iterable[Verdict], tasks: Iterable[KnownTask], compared: Collection[tuple[str, str]]) -> Resolved:
    """What each verdict means among these tasks; `compared` are the pairs of plans (ids of the later and the earlier one) that are."""
    by_id = {row.id: row for row in tasks}
    known = list(by_id.values())  # a plan that two files hold counts once
    found = Resolved({}, [])
    ruled: dict[tuple[str, str], list[Verdict]] = {}
    elsewhere: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        try:
            later, earlier = (by_id[_find(verdict, side, by_id, known)] for side in ("later", "earlier"))
            check_order(later, earlier, compared)
        except _NotHere:
            elsewhere.setdefault(verdict.sheet, []).append(verdict)
        except NotApplicable as problem:
            found.problems.append(f"{verdict.place()}: not applied: {problem}")
        else:
            ruled.setdefault((later.id, earlier.id), []).append(verdict)
    for pair, rows in ruled.items():
        rows = [row for row in rows if row.sheet] or rows  # a sheet wins over what the graph keeps
        if len({row.verdict for row in rows}) == 1:
            found.by_pair[pair] = rows[-1]
        else:
            told = " and ".join(f"{row.place()} ({row.verdict}{f', {row.by}' if row.by else ''})" for row in rows)
            found.problems.append(f"{told} contradict each other on {pair[0]} and {pair[1]}: neither is applied; leave the one that holds")
    found.problems += [_tell_elsewhere(sheet, rows) for sheet, rows in elsewhere.items()]
    return found


def check_order(later: KnownTask, earlier: KnownTask, compared: Collection[tuple[str, str]]) -> None:
    """Raises NotApplicable where two tasks are of plans between which no link can stand this way."""
    if later.plan == earlier.plan:
        raise NotApplicable(f"both tasks stand in 《{later.title}》")
    if (earlier.plan, later.plan) in compared:
        raise NotApplicable(f"《{later.title}》 is the earlier plan of the two: change later and earlier round")
    if (later.plan, earlier.plan) not in compared:
        raise NotApplicable(f"《{later.title}》 and 《{earlier.title}》 are not compared: they have no year or the same one, or are of two bodies of which "
                            "neither stands above the other (`link --across` compares those of one level)")


def _tell_elsewhere(sheet: str, rows: list[Verdict]) -> str:
    """One line for all rows on plans that are not here: a run on part of the plans would tell every other row."""
    lines = ", ".join(str(row.line) for row in rows[:20]) + (" …" if len(rows) > 20 else "")
    where = "verdicts that the graph keeps" if not sheet else f"{sheet}:{lines}" if len(rows) == 1 else f"{sheet}: lines {lines}"
    named = list(dict.fromkeys(title for row in rows for title in (row.later_plan, row.earlier_plan) if title))
    return f"{where}: not applied: on plans that are not all here ({'、'.join(f'《{title}》' for title in named[:4])}{' …' if len(named) > 4 else ''})"


def known_of(records: Iterable[DocumentRecord]) -> list[KnownTask]:
    """The tasks of some records."""
    return [KnownTask(task.id, task.text, plan_id(record), record.title) for record in records if record.kind == "plan" for task in record.tasks]


class _NotHere(Exception):
    """The plan that a row names is not among those given."""


def _find(verdict: Verdict, side: str, by_id: dict[str, KnownTask], known: list[KnownTask]) -> str:
    """The task's id; raises NotApplicable, _NotHere."""
    given, words, plan = getattr(verdict, side), getattr(verdict, f"{side}_words"), getattr(verdict, f"{side}_plan")
    if given in by_id:
        return given
    if not words:
        raise NotApplicable(f"no task has the id {given} ({side}), and {side}_words is empty")
    among = [row for row in known if not plan or plan == row.plan or squeeze(plan) == squeeze(row.title)]
    if not among:
        raise _NotHere
    try:
        return find_task(among, {}, words).id
    except NotApplicable as problem:
        raise NotApplicable(f"{side}_words: {problem}{'' if plan else f'; {side}_plan can say in which plan'}") from None
