"""What a researcher puts right by hand: corrections.csv beside the plans, applied to the records on every run.

One row is one correction: document, quote, field, value, reason, by, date. `quote` says which task or target: its id,
its words, or both (the id first: a task whose text changed slightly has another id and is found by its words).
A field is one row of _APPLIED; what a row may say, `correction_sheet`. A row that finds nothing to change is named, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph.ids import squeeze
from graph.records import DocumentRecord, IndicatorRecord, TaskRecord, UnitRecord
from ingest.assemble import indicator_records, unit_records
from ingest.clauses import Clause
from ingest.collectives import is_collective
from ingest.correction_sheet import Correction, NotApplicable
from ingest.identify import give_ids
from ingest.indicators import find_indicators, read_number
from ingest.quoted import find_task, split_id
from ingest.repeats import mark_repeats
from ingest.units import find_lead_rules, read_units, role_scheme


def apply_corrections(record: DocumentRecord, as_read: DocumentRecord, rows: list[Correction], text: str) -> list[tuple[Correction, str]]:
    """Put a record right, in place; returns the rows that changed nothing, and why. `text` is what its offsets count in.
    Rows on metadata are told to the assembly instead, since years, scope and ids follow from them."""
    lost: list[tuple[Correction, str]] = []
    # Told metadata change ids, not tasks: both records have the same tasks in the same order.
    first_ids: dict[str, Any] = {}
    for side in (as_read, record):
        first_ids |= {before.id: thing for before, thing in zip((*side.tasks, *side.indicators), (*record.tasks, *record.indicators), strict=True)}
    scene = _Scene(record, text, first_ids)
    for row in rows:
        try:
            _APPLIED[row.field](scene, row)
        except NotApplicable as reason:
            lost.append((row, str(reason)))
    if len(lost) < len(rows):
        record.tasks.sort(key=lambda task: task.start)
        record.indicators.sort(key=lambda indicator: indicator.start)
        record.role_scheme = role_scheme([unit for task in record.tasks for unit in task.units])  # type: ignore[arg-type]
        for indicator in record.indicators:
            indicator.repeats = indicator.part_of = None
        give_ids(record)
        mark_repeats(record)
    return lost


@dataclass(slots=True)
class _Scene:
    """A record while it is put right; `ids` are those that its tasks and targets had before."""

    record: DocumentRecord
    text: str
    ids: dict[str, Any]

    def task(self, quote: str) -> TaskRecord:
        return find_task(self.record.tasks, self.ids, quote)

    def indicator(self, quote: str) -> IndicatorRecord:
        given, words = split_id(quote, "i")
        if given and (indicator := self.ids.get(given)) in self.record.indicators:
            return indicator
        wanted = squeeze(words)
        found = [i for i in self.record.indicators if wanted and squeeze(i.quote) == wanted]
        found = found or [i for i in self.record.indicators if wanted and wanted in squeeze(self.text[max(0, i.start - 40):i.end + 40]) and squeeze(i.quote) in wanted]
        if len(found) != 1:
            raise NotApplicable(f"{quote[:30]!r} means {len(found) or 'no'} target{'s' if len(found) > 1 else ''} of the document; give its id, or more words around it")
        return found[0]

    def find(self, words: str, start: int, end: int) -> tuple[int, int]:
        """Where words stand between two offsets, white space aside; `first…last` names both ends."""
        head, dots, tail = words.partition("…")
        begin = _search(self.text, head if dots and tail else words.rstrip("…"), start, end)
        if begin and dots and tail:
            last = _search(self.text, tail, begin[1], end)
            return (begin[0], last[1]) if last else _none(words)
        return begin or _none(words)


def _none(words: str) -> Any:
    raise NotApplicable(f"the document does not hold the words {words[:30]!r}")


def _search(text: str, words: str, start: int, end: int) -> tuple[int, int] | None:
    pattern = r"\s*".join(map(re.escape, "".join(words.split())))
    match = re.compile(pattern).search(text, start, end) if pattern else None
    return match.span() if match else None


def _mark(thing: TaskRecord | IndicatorRecord, name: str) -> None:
    if name not in thing.corrected:
        thing.corrected.append(name)


# --- what each field does ----------------------------------------------------------------------------

def _task(scene: _Scene, row: Correction) -> None:
    record = scene.record
    if row.value == "remove":
        task = scene.task(row.quote)
        record.tasks.remove(task)
        record.indicators = [i for i in record.indicators if i.task != task.id]
        for mention in record.mentions:
            mention.task = None if mention.task == task.id else mention.task
        record.corrected = sorted({*record.corrected, "tasks"})
        return
    start, end = scene.find(row.quote, record.start, record.end)
    if overlapping := next((t for t in record.tasks if t.start < end and start < t.end), None):
        raise NotApplicable(f"these words are in the task {overlapping.text[:20]!r} already; correct its `text` instead")
    above = max((t for t in record.tasks if t.start < start), key=lambda t: t.start, default=None)
    task = TaskRecord(f"added {row.line}", list(above.path) if above else [], "", 0, 0, None, None, None, None, "substantive", None, None)
    record.tasks.append(task)
    _set_border(scene, task, start, end)
    _mark(task, "task")
    record.corrected = sorted({*record.corrected, "tasks"})


def _text(scene: _Scene, row: Correction) -> None:
    task = scene.task(row.quote)
    record = scene.record
    others = [t for t in record.tasks if t is not task]
    floor = max((t.end for t in others if t.end <= task.start), default=record.start)
    ceiling = min((t.start for t in others if t.start >= task.end), default=record.end)
    try:
        start, end = scene.find(row.value, floor, ceiling)
    except NotApplicable:
        raise NotApplicable(f"the words {row.value[:30]!r} do not stand between the tasks before and after") from None
    _set_border(scene, task, start, end)
    _mark(task, "text")


def _set_border(scene: _Scene, task: TaskRecord, start: int, end: int) -> None:
    """The task's words, and the targets that stand in them: those that fall out go, new ones are read."""
    record = scene.record
    task.start, task.end, task.text = start, end, scene.text[start:end]
    for indicator in [i for i in record.indicators if i.task == task.id and not start <= i.start < end]:
        record.indicators.remove(indicator)
    there = {i.start for i in record.indicators}
    last_year = record.years[-1] if record.years else None
    for indicator in find_indicators(scene.text, start, end, record.years[0] if record.years else None):
        if indicator.start not in there:
            record.indicators += indicator_records(scene.text, indicator, task, None, last_year)


def _clause(scene: _Scene, row: Correction) -> None:
    task, record = scene.task(row.quote), scene.record
    if not row.value:
        task.clause = task.clause_start = task.clause_end = None
        task.units = []
    else:
        start, end = scene.find(row.value, task.start, min(record.end, task.end + 400))
        rules = [rule for rule in find_lead_rules(scene.text, record.start, record.end) if rule.start < end]
        clause = Clause(start, end, start, end, "责任单位", False)
        task.clause, task.clause_start, task.clause_end = scene.text[start:end], start, end
        task.units = unit_records(read_units(scene.text, clause, rules))
    _mark(task, "clause")


def _deadline(scene: _Scene, row: Correction) -> None:
    task = scene.task(row.quote)
    task.deadline = row.value or None
    _mark(task, "deadline")


def _part(scene: _Scene, row: Correction) -> None:
    task = scene.task(row.quote)
    task.part = row.value
    _mark(task, "part")


def _unit_add(scene: _Scene, row: Correction) -> None:
    task = scene.task(row.quote)
    name, _, role = (part.strip() for part in row.value.rpartition("="))
    if any(unit.name == name for unit in task.units):
        raise NotApplicable(f"{name} is a unit of the task already; correct its `unit.role`")
    # Where it is written: in the clause, else the task, else its headings; a unit that is written nowhere rests on the clause or task.
    zones = [(task.clause_start, task.clause_end), (task.start, task.end), (task.heading_start, task.heading_end), (scene.record.start, task.end)]
    place = next((found for a, b in zones if a is not None and b is not None and (found := _search(scene.text, name, a, b))), None)
    start, end = place or (task.clause_start or task.start, task.clause_end or task.end)
    group = max((unit.group for unit in task.units), default=1)
    task.units.append(UnitRecord(scene.text[start:end], name, role, "hand", group, is_collective(name), start, end))
    _mark(task, "units")


def _unit(scene: _Scene, row: Correction, name: str) -> tuple[TaskRecord, UnitRecord]:
    task = scene.task(row.quote)
    unit = next((unit for unit in task.units if name.strip() in (unit.name, unit.surface)), None)
    if unit is None:
        listed = "、".join(unit.name for unit in task.units) or "none"
        raise NotApplicable(f"{name} is no unit of the task; its units are {listed}")
    return task, unit


def _unit_remove(scene: _Scene, row: Correction) -> None:
    task, unit = _unit(scene, row, row.value)
    task.units.remove(unit)
    _mark(task, "units")


def _unit_role(scene: _Scene, row: Correction) -> None:
    name, _, role = row.value.rpartition("=")
    task, unit = _unit(scene, row, name)
    unit.role, unit.role_basis = role, "hand"
    _mark(task, "units")


def _unit_name(scene: _Scene, row: Correction) -> None:
    name, _, right = row.value.partition("=")
    task, unit = _unit(scene, row, name)
    unit.name, unit.collective = right.strip(), is_collective(right.strip())
    _mark(task, "units")


def _target_add(scene: _Scene, row: Correction) -> None:
    record = scene.record
    try:
        owner: Any = scene.task(row.quote)
        goal = None
    except NotApplicable:
        owner = None
        goal = next((g for g in record.goals if squeeze(row.quote) in squeeze(g.text)), None)
        if goal is None:
            raise
    around = owner or goal
    start, end = scene.find(row.value, around.start, around.end)
    indicator = read_number(scene.text, start, end)
    if indicator is None:
        raise NotApplicable(f"no number with a counter stands in {row.value[:30]!r}; add it from its number to its counter")
    if any(i.start == indicator.start for i in record.indicators):
        raise NotApplicable(f"{row.value[:30]!r} is a target already")
    fresh = indicator_records(scene.text, indicator, owner, goal, record.years[-1] if record.years else None)
    for target in fresh:
        _mark(target, "target")
    record.indicators += fresh


def _target_remove(scene: _Scene, row: Correction) -> None:
    indicator = scene.indicator(row.quote)
    scene.record.indicators.remove(indicator)
    task = next((task for task in scene.record.tasks if task.id == indicator.task), None)
    if task:
        _mark(task, "targets")
    else:
        scene.record.corrected = sorted({*scene.record.corrected, "targets"})


def _target(name: str, convert: Callable[[str], Any]) -> Callable[[_Scene, Correction], None]:
    def put_right(scene: _Scene, row: Correction) -> None:
        indicator = scene.indicator(row.quote)
        setattr(indicator, name, convert(row.value))
        _mark(indicator, name)

    return put_right


def _number(value: str) -> float:
    number = float(value)
    return int(number) if number == int(number) else number


_APPLIED: dict[str, Callable[[_Scene, Correction], None]] = {
    "task": _task, "text": _text, "clause": _clause, "deadline": _deadline, "part": _part,
    "unit.add": _unit_add, "unit.remove": _unit_remove, "unit.role": _unit_role, "unit.name": _unit_name,
    "target.add": _target_add, "target.remove": _target_remove,
    "target.value": _target("value", _number), "target.comparator": _target("comparator", str), "target.unit": _target("unit", str),
    "target.object": _target("object", str), "target.year": _target("year", lambda value: int(value) if value else None),
    "target.change": _target("change", lambda value: value == "true"),
}
