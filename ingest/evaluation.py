"""What one reader found against what another wrote: right, too many and missed, a field.

A task is found where the spans overlap by at least 0.8 (intersection over union); `exact` wants both borders. Units count
as (name, role), those of matched tasks; `names` without the role. Indicators count as (task, value, comparator). What
stands in a task that was missed is missed, what stands in one that nobody annotated is too much. Over matched tasks and
indicators, shares of right values: path, clause, deadline; unit, year, change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ingest.readings import Reading, TargetRead, TaskRead, UnitRead

FIELDS = ("tasks", "exact", "units", "names", "indicators")
SHARES = ("path", "clause", "deadline", "indicator unit", "indicator year", "indicator change")
OVERLAP = 0.8


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that is not as it should be."""

    place: str  # file, and characters in it
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.place}: {self.field}: expected {self.expected}, found {self.found}"


@dataclass(slots=True)
class Tally:
    """Counts of one part (a task, a passage) of one document: field to [right, too many, missed]."""

    document: str
    part: str
    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, name: str, right: int, extra: int, missed: int) -> None:
        for k, n in enumerate((right, extra, missed)):
            self.counts[name][k] += n


@dataclass(slots=True)
class Comparison:
    """The counts, part by part, and everything that was missed."""

    tallies: list[Tally] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)

    def __iadd__(self, other: Comparison) -> Comparison:
        self.tallies += other.tallies
        self.misses += other.misses
        return self

    def total(self, name: str) -> tuple[int, int, int]:
        """Right, too many and missed of a field or share; of a share `too many` is 0 and `missed` are the wrong ones."""
        rows = [tally.counts[name] for tally in self.tallies if name in tally.counts]
        return sum(row[0] for row in rows), sum(row[1] for row in rows), sum(row[2] for row in rows)


Place = Callable[[int, int], str]  # names the file and the characters between two offsets


def compare(wanted: Reading, found: Reading, document: str, place: Place, part: str | None = None) -> Comparison:
    """Two readings of one stretch, what is `wanted` being right. Each task is a part unless the whole stretch is one."""
    partners, best = match_tasks(wanted.tasks, found.tasks)
    result = Comparison()
    tallies: dict[str, Tally] = {}

    def tally(key: str) -> Tally:
        key = part or key
        if key not in tallies:
            tallies[key] = Tally(document, key)
            result.tallies.append(tallies[key])
        return tallies[key]

    def miss(start: int, end: int, name: str, expected: object, was: object) -> None:
        result.misses.append(Miss(place(start, end), name, _shown(expected), _shown(was)))

    for task in wanted.tasks:
        other = found.tasks[partners[task.id]] if task.id in partners else None
        row = tally(task.id)
        exact = other is not None and (task.start, task.end) == (other.start, other.end)
        row.add("tasks", other is not None, 0, other is None)
        row.add("exact", exact, other is not None and not exact, not exact)
        if other is None:
            miss(task.start, task.end, "tasks", wanted.quote(task), f"nothing (best overlap {best[task.id]:.2f})")
        elif not exact:
            miss(task.start, task.end, "exact", wanted.quote(task), found.quote(other))
        _compare_units(task, other, row, miss)
        if other is not None:
            for name, value in task.values.items():
                row.add(name, value == other.values[name], 0, value != other.values[name])
                if value != other.values[name]:
                    miss(task.start, task.end, name, value, other.values[name])
    back = {found.tasks[k].id: task for task, k in partners.items()}
    used = set(partners.values())
    for k, task in enumerate(found.tasks):
        if k not in used:
            row = tally(f"+{k}")
            row.add("tasks", 0, 1, 0)
            row.add("exact", 0, 1, 0)
            row.add("units", 0, len(task.units), 0)
            row.add("names", 0, len(task.units), 0)
            miss(task.start, task.end, "tasks", "no task", found.quote(task))
            if task.units:
                miss(task.start, task.end, "units", None, _told(task.units))
    _compare_targets(wanted, found, back, tally, miss)
    return result


def match_tasks(wanted: Sequence[TaskRead], found: Sequence[TaskRead]) -> tuple[dict[str, int], dict[str, float]]:
    """Each wanted task's partner among the found ones (its index), in order, and how far the best free one overlapped."""
    partners: dict[str, int] = {}
    best: dict[str, float] = {}
    free = set(range(len(found)))
    for task in wanted:
        overlap, k = max(((_overlap(task, found[k]), k) for k in free), default=(0.0, -1))
        best[task.id] = overlap
        if overlap >= OVERLAP:
            partners[task.id] = k
            free.remove(k)
    return partners, best


def _overlap(a: TaskRead, b: TaskRead) -> float:
    common = min(a.end, b.end) - max(a.start, b.start)
    return common / (max(a.end, b.end) - min(a.start, b.start)) if common > 0 else 0.0


def _compare_units(task: TaskRead, other: TaskRead | None, row: Tally, miss: Callable) -> None:
    theirs = other.units if other else []
    for name, by_role in (("units", True), ("names", False)):
        missed, extra = pair_units(task.units, theirs, by_role)
        row.add(name, len(task.units) - len(missed), len(extra), len(missed))
        if (missed or extra) and by_role:
            miss(task.start, task.end, name, _told(missed), _told(extra))


def _told(units: Iterable[UnitRead]) -> list[str]:
    return [f"{unit.name}={unit.role}" for unit in units]


def pair_units(wanted: Sequence[UnitRead], found: Sequence[UnitRead], by_role: bool) -> tuple[list[UnitRead], list[UnitRead]]:
    """The wanted units that were not found, and the found ones that nobody wanted."""
    missed, extra = [], list(found)
    for unit in wanted:
        fits = [other for other in extra if unit.is_found_in(other) and (unit.role == other.role or not by_role)]
        if fits:
            extra.remove(next((other for other in fits if other.name == unit.name), fits[0]))
        else:
            missed.append(unit)
    return missed, extra


_UNMATCHED = "a task that nobody annotated"


def _compare_targets(wanted: Reading, found: Reading, back: dict[str, str], tally: Callable[[str], Tally], miss: Callable) -> None:
    """`back` is a found task's id to its partner's."""
    spans: dict[str | None, tuple[int, int]] = {task.id: (task.start, task.end) for task in wanted.tasks}
    whole = (0, len(wanted.text))
    owned: dict[str | None, tuple[list[TargetRead], list[TargetRead]]] = defaultdict(lambda: ([], []))
    for target in wanted.targets:
        owned[target.task][0].append(target)
    for target in found.targets:
        owned[back.get(target.task, _UNMATCHED) if target.task else None][1].append(target)
    for owner, (ours, theirs) in owned.items():
        row = tally(owner or "outside tasks")
        required = Counter(target.key() for target in ours if target.required)
        optional = Counter(target.key() for target in ours if not target.required)
        read = Counter(target.key() for target in theirs)
        right = required & read
        missed, extra = _those(required - right, ours), _those(read - right - optional, theirs)
        row.add("indicators", right.total(), len(extra), len(missed))
        if owner in spans and (missed or extra):
            miss(*spans[owner], "indicators", missed, extra)
        elif owner not in spans:
            for target in missed:
                miss(*target.place or whole, "indicators", target, None)
            for target in extra:
                miss(*target.place or whole, "indicators", None, target)
        left = list(theirs)
        for target in ours:
            if other := next((other for other in left if other.key() == target.key()), None):
                left.remove(other)
                for name, value in target.values.items():
                    row.add(name, value == other.values[name], 0, value != other.values[name])
                    if value != other.values[name]:
                        miss(*spans.get(owner, other.place or whole), name, f"{value} of {target}", other.values[name])


def _those(counted: Counter, targets: Iterable[TargetRead]) -> list[TargetRead]:
    """As many targets of each key as are counted."""
    left, found = counted.copy(), []
    for target in targets:
        if left[target.key()] > 0:
            left[target.key()] -= 1
            found.append(target)
    return found


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or "nothing"
    return "nothing" if value in (None, "") else str(value)
