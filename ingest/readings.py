"""What one reader found in one stretch of text: tasks, units and targets, in a form to be compared.

A reader is the tool, an annotation or a coder. What the tool found comes from its records: of a whole file, or of one
passage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graph.ids import squeeze
from graph.records import DocumentRecord
from ingest.departments import resolve
from ingest.passages import Passage

_SHOWN = 16  # characters of a task's first and last words


@dataclass(frozen=True, slots=True)
class UnitRead:
    """A unit; `name` is compared as it is, and with the other's `surface` and `department` where they are told."""

    name: str
    role: str
    surface: str | None = None
    department: str | None = None

    def is_found_in(self, found: UnitRead) -> bool:
        return self.name in (found.name, found.surface) or self.department is not None and self.department == found.department


@dataclass(slots=True)
class TaskRead:
    """A task; path, clause and deadline are compared where `values` holds them."""

    id: str
    start: int
    end: int
    units: list[UnitRead] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class TargetRead:
    """An indicator, in a task or, where that is None, outside all of them."""

    task: str | None
    value: float
    comparator: str
    quote: str
    values: dict[str, Any] = field(default_factory=dict)
    required: bool = True  # False: neither rewarded nor punished
    place: tuple[int, int] | None = None  # None: an annotation gives only its quote

    def __str__(self) -> str:
        return f"{self.comparator}{self.value:g} ({self.quote})"

    def key(self) -> tuple[float, str]:
        return round(float(self.value), 6), self.comparator


@dataclass(slots=True)
class Reading:
    """What one reader found in one stretch; offsets count in `text`."""

    text: str
    tasks: list[TaskRead] = field(default_factory=list)
    targets: list[TargetRead] = field(default_factory=list)

    def quote(self, task: TaskRead) -> str:
        words = " ".join(self.text[task.start:task.end].split())
        return f"“{words}”" if len(words) <= 2 * _SHOWN + 1 else f"“{words[:_SHOWN]}…{words[-_SHOWN:]}”"


def read_file(records: Iterable[DocumentRecord], text: str) -> Reading:
    """What the tool read in the documents of one file, whose text is `text`."""
    result = Reading(text)
    for record in records:
        for task in record.tasks:
            units = [UnitRead(plain(unit.name), unit.role) for unit in task.units]
            values = {"path": [bare(words) for words in task.path], "clause": bare(task.clause), "deadline": task.deadline}
            result.tasks.append(TaskRead(task.id, task.start, task.end, units, values))
        for indicator in record.indicators:
            values = {f"indicator {name}": getattr(indicator, name) for name in ("unit", "year", "change")}
            result.targets.append(TargetRead(indicator.task, indicator.value, indicator.comparator, indicator.quote, values, place=(indicator.start, indicator.end)))
    return result


def read_passage(passage: Passage) -> Reading:
    """What the tool read in one passage: tasks cut off at its borders, units and indicators that stand in it. Offsets
    count in the passage."""
    record, at, end = passage.record, passage.start, passage.end
    result = Reading(passage.text)
    for task in record.tasks:
        if task.start < end and task.end > at:
            units = [unit_in(unit.name, unit.role, record, unit.surface, unit.collective) for unit in task.units if at <= unit.start < end]
            result.tasks.append(TaskRead(task.id, max(task.start, at) - at, min(task.end, end) - at, units))
    for indicator in record.indicators:
        if at <= indicator.start < end:
            result.targets.append(TargetRead(indicator.task, indicator.value, indicator.comparator, indicator.quote, place=(indicator.start - at, indicator.end - at)))
    return result


def unit_in(name: str, role: str, record: DocumentRecord, surface: str | None = None, collective: bool = False) -> UnitRead:
    """A unit of a plan, known by its spelling and by the Department that it means there."""
    return UnitRead(squeeze(plain(name)), role, squeeze(plain(surface or name)), resolve(name, record, collective).id)


def plain(name: str) -> str:
    """A unit's name with half-width brackets."""
    return name.replace("（", "(").replace("）", ")").strip()


def bare(words: str | None) -> str:
    """Without white space and without the stop that a heading may end in."""
    return "".join((words or "").split()).rstrip("。：:")
