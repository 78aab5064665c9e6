"""Researchers' own categories of tasks (编码): codes.csv beside the plans, given by rules and by hand on every run.

One row is one rule or one decision by hand: code, words, unless, unit, document, task, note.
- A rule gives its code to every task that meets all its filled conditions: one of `words` stands in the task's headings or
  text, none of `unless` does, one of `unit` is a unit of its clause. Several words are separated by ；. `document` keeps
  the rule to one document. 数据治理 with the words 数据 and unless 数据线 catches 推进数据共享 and not 更换数据线.
- A row with `task`, its first words or its id as in corrections.csv, is about this one task: it has the code, or, where the
  code is written -code, has it not. The hand wins over the rules. Rows that change nothing are named.
White space, full-width forms and capitals make no difference.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from graph.ids import squeeze
from graph.model import NO_CODE
from graph.records import DocumentRecord, TaskRecord
from ingest.correction_sheet import NotApplicable
from ingest.errors import BadSheet
from ingest.quoted import find_task
from ingest.sheets import SheetRow, read_sheet

COLUMNS = ("code", "words", "unless", "unit", "document", "task", "note")
_MINUS = "-－−–—"  # the last four go through a spreadsheet, which takes -code for a formula
_FORMULA = re.compile(r"#[A-Z]+[?!]|#名称[?？]")


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One row of codes.csv; words and units as they are compared."""

    sheet: str  # path of the file
    line: int
    code: str  # without its minus
    takes_off: bool  # -code
    words: tuple[str, ...]
    unless: tuple[str, ...]
    unit: tuple[str, ...]
    document: str
    task: str  # empty: a rule

    def place(self) -> str:
        return f"{self.sheet}:{self.line}"

    def meaning(self) -> str:
        """What the row does, wherever it stands: for the hash that says whether a sheet changed."""
        return repr(astuple(self)[2:])


def read_codes(path: str) -> list[CodeRow]:
    """The rows of a codes.csv; raises BadSheet where a row cannot be meant."""
    return [_read(path, row) for row in read_sheet(path, COLUMNS, needed=("code",))]


def _read(path: str, row: SheetRow) -> CodeRow:
    def wrong(problem: str) -> BadSheet:
        return BadSheet(path, row.line, problem)

    cell = row["code"]
    takes_off = cell[:1] in tuple(_MINUS)
    code = cell.lstrip(_MINUS).strip()
    rule = [column for column in ("words", "unless", "unit") if row[column]]
    if _FORMULA.fullmatch(cell):
        raise wrong(f"the code is {cell}: a spreadsheet took -code for a formula; write the minus full-width, －code")
    if not code:
        raise wrong("the code is missing: the category's name, such as 数据治理")
    if re.search("[；;]", code):
        raise wrong(f"the code {code!r} holds ；; give each code a row of its own")
    if squeeze(code).casefold() == NO_CODE:
        raise wrong(f"the code {code!r} is what questions call tasks without a code; choose another name")
    if row["task"]:
        if rule:
            raise wrong(f"task and {rule[0]} are both filled: a row is by hand (document and task) or a rule (words, unless, unit)")
        if not row["document"]:
            raise wrong("a row by hand needs the document too: the file's name, or the plan's title or id")
    elif takes_off:
        raise wrong(f"{cell} takes a code off one task, so it needs document and task; a rule has `unless`")
    elif not row["words"] and not row["unit"]:
        raise wrong("the row says nothing of tasks: fill words or unit (a rule), or document and task (by hand)")
    listed = {column: tuple(dict.fromkeys(folded for part in re.split("[；;]", row[column]) if (folded := _fold(part)))) for column in ("words", "unless", "unit")}
    for column in rule:
        if not listed[column]:
            raise wrong(f"{column} is {row[column]!r}, which holds no word")
    return CodeRow(path, row.line, code, takes_off, **listed, document=row["document"], task=row["task"])


def apply_codes(record: DocumentRecord, rows: list[CodeRow], ids: Mapping[str, TaskRecord]) -> tuple[set[CodeRow], list[tuple[CodeRow, str]]]:
    """Give a record's tasks their codes, in place. `ids` are those that its tasks have or had.

    Returns the rows that a task meets, and the rows by hand that changed nothing, each with the reason.
    """
    rules, by_hand = [row for row in rows if not row.task], [row for row in rows if row.task]
    used: set[CodeRow] = set()
    codes: dict[str, set[str]] = {}
    for task in record.tasks:
        meeting = _meeting(rules, task, record)
        used.update(meeting)
        codes[task.id] = {rule.code for rule in meeting}
    lost: list[tuple[CodeRow, str]] = []
    decisions: dict[tuple[str, str], list[CodeRow]] = defaultdict(list)
    for row in by_hand:
        try:
            decisions[find_task(record.tasks, ids, row.task).id, row.code].append(row)
        except NotApplicable as reason:
            lost.append((row, str(reason)))
    for (task_id, code), decided in decisions.items():
        if len({row.takes_off for row in decided}) > 1:
            for row in decided:
                others = ", ".join(str(other.line) for other in decided if other.takes_off != row.takes_off)
                lost.append((row, f"line {others} says the opposite of the same task and {code!r}"))
        elif decided[0].takes_off and code not in codes[task_id]:
            lost += [(row, f"no rule gives {code!r} to this task, so there is nothing to take off") for row in decided]
        else:
            (codes[task_id].remove if decided[0].takes_off else codes[task_id].add)(code)
            used.update(decided)
    for task in record.tasks:
        task.codes = sorted(codes[task.id])
    return used, lost


def _meeting(rules: list[CodeRow], task: TaskRecord, record: DocumentRecord) -> list[CodeRow]:
    """The rules that a task meets."""
    if not rules:
        return []
    parts = [_fold(part) for part in (*task.path, task.text)]  # one by one: no word begins in a heading and ends in the text
    units = _spellings(task, record) if any(rule.unit for rule in rules) else set()
    return [rule for rule in rules
            if (not rule.words or _holds(parts, rule.words)) and not _holds(parts, rule.unless) and (not rule.unit or not units.isdisjoint(rule.unit))]


def _holds(parts: list[str], words: tuple[str, ...]) -> bool:
    return any(word in part for part in parts for word in words)


def _spellings(task: TaskRecord, record: DocumentRecord) -> set[str]:
    """Every name of a task's units: as written, with its prefix, and as answers show it."""
    from ingest.departments import resolve

    names = {name for unit in task.units for name in (unit.surface, unit.name, resolve(unit.name, record, unit.collective).name)}
    return {_fold(name) for name in names}


def _fold(text: str) -> str:
    return squeeze(text).casefold()
