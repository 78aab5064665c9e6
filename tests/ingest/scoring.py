"""Score records against annotations: precision, recall and F1 of tasks, borders, units and targets.

The annotation names a task by its first and last words. A task is found where the spans overlap by at least 0.8
(intersection over union); units are compared as (name, role), targets as (task, value, comparator).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Counts:
    right: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, found: Counter, wanted: Counter) -> None:
        self.right += (found & wanted).total()
        self.found += found.total()
        self.wanted += wanted.total()

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0


@dataclass
class Scores:
    tasks: Counts = field(default_factory=Counts)
    exact: Counts = field(default_factory=Counts)
    units: Counts = field(default_factory=Counts)
    indicators: Counts = field(default_factory=Counts)
    paths: Counts = field(default_factory=Counts)
    misses: list[str] = field(default_factory=list)


def place(text: str, task: dict, start: int) -> tuple[int, int]:
    begin = text.find(task["starts"], start)
    begin = begin if begin >= 0 else text.find(task["starts"])
    return begin, text.find(task["ends"], begin) + len(task["ends"])


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    common = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return common / (max(a[1], b[1]) - min(a[0], b[0])) if common else 0.0


def _bare(text: str) -> str:
    return "".join(text.split()).rstrip("。：:")


def _unit(name: str) -> str:
    return name.replace("（", "(").replace("）", ")")


def score_file(scores: Scores, gold_file: Path, text: str, records: list) -> None:
    """Add one annotated file's counts to `scores`."""
    gold = json.loads(gold_file.read_text(encoding="utf-8"))
    tasks = [task for record in records for task in record.tasks]
    indicators = [indicator for record in records for indicator in record.indicators]
    spans, at = {}, 0
    for task in gold["tasks"]:
        spans[task["id"]] = place(text, task, at)
        at = spans[task["id"]][0] + 1
    partner: dict[str, str] = {}
    free = {task.id: task for task in tasks}
    exact = 0
    for task in gold["tasks"]:
        best = max(free.values(), key=lambda t: overlap(spans[task["id"]], (t.start, t.end)), default=None)
        if best is None or overlap(spans[task["id"]], (best.start, best.end)) < 0.8:
            scores.misses.append(f"{gold['doc']}: task {task['id']} {task['starts']}")
            scores.units.wanted += len(task["units"])
            continue
        del free[best.id]
        partner[best.id] = task["id"]
        exact += spans[task["id"]] == (best.start, best.end)
        found = Counter((_unit(unit.name), unit.role) for unit in best.units)
        wanted = Counter((_unit(unit["name"]), unit["role"]) for unit in task["units"])
        if found != wanted:
            scores.misses.append(f"{gold['doc']}: units of {task['id']}: missed {(wanted - found)}, too many {(found - wanted)}")
        scores.units.add(found, wanted)
        scores.paths.add(Counter([tuple(map(_bare, best.path))]), Counter([tuple(map(_bare, task["path"]))]))
    scores.misses += [f"{gold['doc']}: no task of the annotation: {task.text[:20]}" for task in free.values()]
    scores.units.found += sum(len(task.units) for task in free.values())
    n, found_n, wanted_n = len(partner), len(tasks), len(gold["tasks"])
    for counts, right in ((scores.tasks, n), (scores.exact, exact)):
        counts.right, counts.found, counts.wanted = counts.right + right, counts.found + found_n, counts.wanted + wanted_n
    key = lambda task, row: (task, round(float(row[0]), 6), row[1])  # noqa: E731
    required = Counter(key(i["task"], (i["value"], i["comparator"])) for i in gold["indicators"] if i["required"])
    optional = Counter(key(i["task"], (i["value"], i["comparator"])) for i in gold["indicators"] if not i["required"])
    ours = Counter(key(partner.get(i.task, "none") if i.task else None, (i.value, i.comparator)) for i in indicators)
    ours -= optional - required
    if ours != required:
        scores.misses.append(f"{gold['doc']}: targets missed {required - ours}, too many {ours - required}")
    scores.indicators.add(ours, required)
