"""Which targets are stated twice: a goal's that a task states again, and a goal's that several tasks' add up to.

So that targets can be counted as stated and as distinct: 目标 培训教师3000人 and a task's 培训教师3000人 are one target.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import combinations

from graph.records import DocumentRecord, IndicatorRecord

_LIKE = 0.5  # share of the shorter object's character pairs that the other has: 中小学教师 and 教师, not 教师 and 教室
_SAME = ({"=", ">="}, {">", ">="}, {"=", "~"}, {"<", "<="})
_MOST = 12  # parts of one sum: beyond it the tries would double with each


def mark_repeats(record: DocumentRecord) -> None:
    """Set `repeats` of goals' targets and `part_of` of tasks' targets."""
    if not any(indicator.goal for indicator in record.indicators):
        return
    stated: dict[tuple, list[IndicatorRecord]] = defaultdict(list)
    for indicator in record.indicators:
        if indicator.task:
            stated[indicator.unit, indicator.change, indicator.year].append(indicator)
    for goal in record.indicators:
        if not goal.goal:
            continue
        alike = [task for task in stated[goal.unit, goal.change, goal.year] if task.value <= goal.value and _same_object(goal, task)]
        again = next((task for task in alike if task.value == goal.value and _agree(task, goal)), None)
        if again:
            goal.repeats = again.id
        elif goal.unit not in ("%", "‰", "个百分点", "百分点"):  # shares do not add up
            for part in _parts(goal, [task for task in alike if task.part_of is None and task.value < goal.value]):
                part.part_of = goal.id


def _parts(goal: IndicatorRecord, tasks: list[IndicatorRecord]) -> tuple[IndicatorRecord, ...]:
    """The tasks' targets that add up to the goal's: all of them where they do, else the fewest."""
    if len(tasks) > 1 and sum(task.value for task in tasks) == goal.value:
        return tuple(tasks)
    for size in range(2, len(tasks)) if len(tasks) <= _MOST else ():
        for some in combinations(tasks, size):
            if sum(task.value for task in some) == goal.value:
                return some
    return ()


def _agree(a: IndicatorRecord, b: IndicatorRecord) -> bool:
    """= says no more than a bound does: 达到80% and 80%以上 are one target, 80%以上 and 80%以内 are not."""
    return a.comparator == b.comparator or {a.comparator, b.comparator} in _SAME


def _same_object(a: IndicatorRecord, b: IndicatorRecord) -> bool:
    left, right = _pairs(a.object), _pairs(b.object)
    return bool(left and right) and len(left & right) >= _LIKE * min(len(left), len(right))


@lru_cache(maxsize=4_096)
def _pairs(words: str) -> frozenset[str]:
    return frozenset({words[k:k + 2] for k in range(len(words) - 1)})
