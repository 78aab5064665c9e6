"""Named programmes of both sides: which rose, fell, came and went, counted in tasks."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from queries.comparison.material import Comparands, Task

ROSE, FELL, HELD, RENAMED, NEW, GONE = "rose", "fell", "held", "perhaps renamed", "new", "gone"
_ORDER = (ROSE, FELL, HELD, RENAMED, NEW, GONE)
_LONG = 4  # characters of a name from which it is looked for in tasks that do not mark it as one
_LIKE, _PART = 6, 0.67  # characters in a row, and part of the name, that a linked task must hold for it to be perhaps renamed there


@dataclass(frozen=True, slots=True)
class ProgrammeChange:
    """One line of programmes; the counts are tasks that name it. `tasks` are numbers of tasks, by side."""

    name: str
    names: list[str]
    earlier: int
    later: int
    earlier_share: float
    later_share: float
    standing: str
    earlier_tasks: list[Task]
    later_tasks: list[Task]
    alike: str | None  # of one that is perhaps renamed: what a linked task of the other side holds of its name


def programme_changes(found: Comparands) -> list[ProgrammeChange]:
    """Every programme that a task of either side names.

    It rose or fell where both its number of tasks and their share moved that way, so that a longer plan makes nothing
    rise; else it held. A name that one plan marks as a programme is looked for in every task of both. One that only one
    side names is perhaps renamed where a task linked with its own holds most of the name: 中小学教师能力提升工程 in 新周期中小学教师能力提升工程.
    """
    from ingest.continuity.programmes import bare, key_of, lines_of

    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    holding: dict[str, dict[str, Task]] = defaultdict(dict)
    words = {task.id: bare(f"{task.heading if task.own_heading else ''} {task.text}") for task in [*found.earlier, *found.later]}
    for task in [*found.earlier, *found.later]:
        for name in task.programmes:
            line = next((first for first, there in lines_of(bare(name)).items() if there == bare(name)), None)
            key = line or key_of(name)
            if key:
                spellings[key][name] += 1
                holding[key][task.id] = task
    lines = {key for key in spellings if key in lines_of(key)}
    for task in [*found.earlier, *found.later]:
        told = lines_of(words[task.id])
        for key in spellings:
            if key in told if key in lines else len(key) >= _LONG and key in words[task.id]:
                holding[key][task.id] = task
    changes = [_change(key, spellings[key], holding[key], found, words) for key in spellings]
    return sorted(changes, key=lambda row: (_ORDER.index(row.standing), -max(row.earlier, row.later), row.name))


def _change(key: str, spellings: Counter[str], holding: dict[str, Task], found: Comparands, words: dict[str, str]) -> ProgrammeChange:
    tasks = [[task for task in side if task.id in holding] for side in (found.earlier, found.later)]
    n, m = (len(listed) for listed in tasks)
    shares = n / max(1, len(found.earlier)), m / max(1, len(found.later))
    alike = None
    if not n or not m:
        alike = _renamed(key, holding, found, words)
        standing = RENAMED if alike else NEW if m else GONE
    elif m > n and shares[1] > shares[0]:
        standing = ROSE
    elif m < n and shares[1] < shares[0]:
        standing = FELL
    else:
        standing = HELD
    names = sorted(spellings, key=lambda name: (-spellings[name], name))
    return ProgrammeChange(names[0], names, n, m, *shares, standing, *tasks, alike)


def _renamed(key: str, holding: dict[str, Task], found: Comparands, words: dict[str, str]) -> str | None:
    """The longest part of a name that a task linked with one of its own holds."""
    best = ""
    for link in found.links:
        for own, other in ((link.earlier, link.later), (link.later, link.earlier)):
            if own.id in holding:
                match = SequenceMatcher(None, key, words[other.id], autojunk=False).find_longest_match()
                best = max(best, key[match.a:match.a + match.size], key=len)
    return best if len(best) >= max(_LIKE, _PART * len(key)) else None
