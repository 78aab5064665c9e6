"""The coding sheet: passages to be coded by hand without sight of what the tool read in them, written and read back.

One row a passage, one more (a copy) for each further task in it. Line ends in a passage are shown as ¶, so that a row is
one line of the file and an error names the row that the spreadsheet shows. A row that is left wholly empty is not coded
and does not count; neither `coder` nor `note` alone makes it coded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from graph.errors import CannotWriteFile
from graph.records import DocumentRecord
from ingest.coding_cells import NotCoded, find_task, fold, read_mark, read_targets, read_units
from ingest.errors import BadCoding, InputError, NothingCoded, SheetThere
from ingest.evaluation import Comparison, compare
from ingest.passages import Passage
from ingest.readers import decode
from ingest.readings import Reading, TaskRead, read_passage
from ingest.sheets import SheetRow, as_cell, read_sheet, write_sheet

TO_FILL = ("task", "units", "targets", "no_task")
COLUMNS = ("passage", "document", "before", "text", *TO_FILL, "coder", "note")
INSTRUCTIONS = Path(__file__).with_name("coding_instructions.txt")


@dataclass(frozen=True, slots=True)
class CodedPassage:
    """What a coder wrote on one passage; the reading's offsets count in the passage."""

    line: int  # of the passage's first row in the sheet
    passage: Passage
    reading: Reading


@dataclass(frozen=True, slots=True)
class CodedSheet:
    """A sheet read back."""

    path: str
    drawn: int  # passages in the sheet, coded or not
    coded: list[CodedPassage]
    coders: list[str]  # as the column `coder` names them; empty: nobody signed


def write_coding_sheet(path: str, passages: Iterable[Passage], told: str) -> list[str]:
    """Write the sheet and, beside it, how to fill it in, headed by `told` (what was drawn); returns both paths.

    Raises SheetThere where the sheet is there: it may be somebody's work of days.
    """
    sidecar = str(Path(path).with_suffix(".instructions.txt"))
    if Path(path).exists():
        raise SheetThere(path)
    write_sheet(path, list(COLUMNS), ({
        "passage": passage.id, "document": as_cell(f"{Path(passage.record.source).name} 《{passage.record.title}》"),
        "before": as_cell(passage.before), "text": as_cell(passage.text)} for passage in passages))
    try:
        Path(sidecar).write_text(f"\ufeff{told}\n\n{INSTRUCTIONS.read_text(encoding='utf-8')}", encoding="utf-8")
    except OSError as error:
        raise CannotWriteFile(sidecar, error.strerror or error) from None
    return [path, sidecar]


def is_coding_sheet(path: str) -> bool:
    """Whether a file's first line is a coding sheet's, or its name says that it is a table."""
    if Path(path).suffix.lower() in (".csv", ".tsv"):
        return True
    try:
        head = decode(path, Path(path).read_bytes()).split("\n", 1)[0].lower()
    except (OSError, InputError):
        return False
    return "passage" in head and "no_task" in head


def read_coding_sheet(path: str, passages: Iterable[Passage]) -> CodedSheet:
    """What the coder wrote, as it stands in the passages of the corpus.

    A passage is known by its id, and by its text where the document has changed elsewhere or is cut in other places than
    it was. Raises BadCoding with every cell that cannot be read, NothingCoded where no row is filled in.
    """
    rows: dict[str, list[SheetRow]] = {}
    for row in read_sheet(path, COLUMNS, needed=("passage", *TO_FILL)):
        rows.setdefault(row["passage"], []).append(row)
    known = {passage.id: passage for passage in passages}
    folded: dict[str, tuple[DocumentRecord, str, list[int]]] = {}
    mistakes: list[tuple[int, str]] = []
    coded = []
    for key, of_passage in rows.items():
        filled = [row for row in of_passage if any(row[column] for column in TO_FILL)]
        if not filled:
            continue
        passage = known.get(key) or _find_by_text(key, of_passage[0]["text"], known, folded)
        if passage is None:
            mistakes.append((of_passage[0].line, f"the passage {key or '(no id)'} stands in no document given; evaluate with the corpus that the sheet "
                             "was drawn from, and leave the columns passage and text as they were"))
            continue
        coders = {row["coder"] for row in filled if row["coder"]}
        if len(coders) > 1:
            mistakes.append((filled[1].line, f"two coders on one passage ({', '.join(sorted(coders))}); give each a sheet of their own"))
        coded.append(CodedPassage(of_passage[0].line, passage, _read_rows(path, passage, filled, mistakes)))
    if mistakes:
        raise BadCoding(path, sorted(mistakes))
    if not coded:
        raise NothingCoded(path)
    signed = {row["coder"]: None for of_passage in rows.values() for row in of_passage if row["coder"] and any(row[column] for column in TO_FILL)}
    return CodedSheet(path, len(rows), coded, list(signed))


def _find_by_text(key: str, text: str, known: dict[str, Passage], folded: dict[str, tuple[DocumentRecord, str, list[int]]]) -> Passage | None:
    """The one place of the corpus with these words; `folded` keeps each document's text in the form that is searched."""
    if not folded:
        folded.update({passage.record.id: (passage.record, *fold(passage.record.text)) for passage in known.values()})
    wanted, _ = fold(text.removeprefix("'"))
    holding = [row for row in folded.values() if wanted and wanted in row[1]]
    if len(holding) != 1 or holding[0][1].count(wanted) != 1:
        return None
    record, words, places = holding[0]
    at = words.index(wanted)
    return Passage(key, record, record.start + places[at], record.start + places[at + len(wanted) - 1] + 1, "")


def _read_rows(path: str, passage: Passage, rows: list[SheetRow], mistakes: list[tuple[int, str]]) -> Reading:
    reading, none = Reading(passage.text), False
    for row in rows:
        try:
            _read_row(f"{path}:{row.line}", row, passage, reading)
            none = none or read_mark(row["no_task"]) and not row["targets"]
        except NotCoded as problem:
            mistakes.append((row.line, str(problem)))
    if reading.tasks and none:
        mistakes.append((rows[0].line, "one row of the passage holds a task, another says that there is none; leave out what is wrong"))
    return reading


def _read_row(key: str, row: SheetRow, passage: Passage, reading: Reading) -> None:
    none = read_mark(row["no_task"])
    if none and (row["task"] or row["units"]):
        raise NotCoded("no_task is marked, but a task or units are filled in; leave out one or the other")
    if not none and not row["task"]:
        raise NotCoded("units or targets without a task; write the task's first and last words, as in 推进…平台。, or x under no_task where targets stand outside a task")
    task = None
    if not none:
        start, end = find_task(passage.text, row["task"])
        if any((other.start, other.end) == (start, end) for other in reading.tasks):
            raise NotCoded(f"the task {row['task']!r} is coded twice")
        task = TaskRead(key, start, end, read_units(row["units"], passage))
        reading.tasks.append(task)
    reading.targets += read_targets(row["targets"], passage.text, task.id if task else None)


def evaluate_sheet(sheet: CodedSheet) -> Comparison:
    """What the tool read in the coded passages, against the coder."""
    result = Comparison()
    for coded in sheet.coded:
        passage = coded.passage
        result += compare(coded.reading, read_passage(passage), passage.record.id, _place(f"{sheet.path}:{coded.line}", passage), passage.id)
    return result


def compare_sheets(first: CodedSheet, second: CodedSheet) -> tuple[Comparison, list[tuple[bool, bool]]]:
    """The second coder against the first on the passages that both coded; and, of each, whether it holds a task to
    either."""
    result = Comparison()
    holds = []
    others = {coded.passage.id: coded for coded in second.coded}
    for ours in first.coded:
        if theirs := others.get(ours.passage.id):
            passage = ours.passage
            place = _place(f"{first.path}:{ours.line}, {second.path}:{theirs.line}", passage)
            result += compare(_as_written(ours.reading), _as_written(theirs.reading), passage.record.id, place, passage.id)
            holds.append((bool(ours.reading.tasks), bool(theirs.reading.tasks)))
    return result, holds


def _as_written(reading: Reading) -> Reading:
    """Units as the passage has them: one coder puts 省 back before 工业和信息化厅, another does not."""
    return replace(reading, tasks=[replace(task, units=[replace(unit, name=unit.surface or unit.name) for unit in task.units]) for task in reading.tasks])


def _place(rows: str, passage: Passage) -> Callable[[int, int], str]:
    return lambda start, end: f"{rows}: {passage.record.source}, characters {passage.start + start} to {passage.start + end}"
