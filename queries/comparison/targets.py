"""Targets of tasks that go on: which changed, which stayed, and which only look alike.

Two objects agree where, without marks and white space, they are equal, or one ends in the other and is not much longer, or
nearly all of their pairs of characters are the same. An object of few characters (渔港, 重点渔业县) says little by itself:
there the other words between the commas must be alike too. 接入渔船6万艘 and 接入渔船11万艘 agree; near miss: 对200个渔港开展环境评估
and 支持45个渔港完成数字化改造. A count of one body is no change of another's (全国180公里, 全市7.5公里), a percentage can be.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from queries.comparison.material import Comparands, Link, Target, Task

CHANGED, SAME, OF_TWO, CHECK = "changed", "same", "of two bodies", "similar object, check"
EARLIER_ONLY, LATER_ONLY = "only in the earlier task", "only in the later task"
_ORDER = (CHANGED, SAME, OF_TWO, CHECK, EARLIER_ONLY, LATER_ONLY)
HELD = 0.6  # part of the longer object that the shorter one makes up, from which they agree
ALIKE = 0.75  # Dice's coefficient of the pairs of characters, from which they agree
SIMILAR = 0.4  # and from which a reader should look
_TELLING = 6  # characters of an object from which it says by itself what is counted
AROUND = 0.5  # part of the pairs of characters around a shorter object that both must share
_STOPS = "，,。；;：:！？!?\n"
_TIME = re.compile(r"(?:到|至)?(?:19|20)\d\d年(?:年?底前?|前|末)?|全年|当年|今年|年内|年底前?|每年|力争|计划|累计|确保")
_UP, _DOWN = frozenset("=~") | {">=", ">"}, frozenset("=~") | {"<=", "<"}


@dataclass(frozen=True, slots=True)
class TargetPair:
    """Two targets of linked tasks, or one without a partner; `link` is None for one without."""

    standing: str
    likeness: float
    link: Link | None
    earlier: Target | None
    later: Target | None
    earlier_task: Task | None
    later_task: Task | None


def likeness(a: str, b: str) -> tuple[float, bool]:
    """How alike two objects are, from 0 to 1, and whether they agree."""
    from ingest.continuity.programmes import bare

    one, other = sorted((bare(a), bare(b)), key=len)
    if not one:
        return 0.0, False
    if one == other:
        return 1.0, True
    left, right = (Counter(text[k:k + 2] for k in range(len(text) - 1)) for text in (one, other))
    dice = 2 * (left & right).total() / max(1, left.total() + right.total())
    held = len(one) / len(other) if one in other else 0.0
    # 教师 is held by 教师培训平台 and another thing: what is held must end the longer one, as 中小学教师 ends in 教师.
    return max(dice, held), held >= HELD and other.endswith(one) or dice >= ALIKE


def pair_targets(found: Comparands) -> list[TargetPair]:
    """The targets of linked tasks, each with one partner at most, the surest pairs first; then those without."""
    candidates = []
    for link in found.links:
        for a in link.earlier.targets:
            for b in link.later.targets:
                alike, agree = likeness(a.object, b.object)
                standing = _standing(a, b, agree and _same_around(link, a, b), found.group.same)
                if standing != CHECK or alike >= SIMILAR:
                    candidates.append(TargetPair(standing, alike, link, a, b, link.earlier, link.later))
    # One target of a task is one of another: the surest first; 50 % and 70 % of one object are two, and go in the order of the texts.
    candidates.sort(key=lambda pair: (pair.standing == CHECK, -pair.likeness, pair.standing != SAME, -pair.link.score))
    taken: set[str] = set()
    pairs = []
    for pair in candidates:
        if pair.earlier.id not in taken and pair.later.id not in taken:
            taken |= {pair.earlier.id, pair.later.id}
            pairs.append(pair)
    pairs += _alone(found, taken)
    order = {target.id: k for k, target in enumerate(target for task in [*found.later, *found.earlier] for target in task.targets)}
    return sorted(pairs, key=lambda pair: (_ORDER.index(pair.standing), order[(pair.later or pair.earlier).id]))


def _standing(a: Target, b: Target, agree: bool, one_body: bool) -> str:
    one_way = {a.comparator, b.comparator} <= _UP or {a.comparator, b.comparator} <= _DOWN
    if not agree or a.unit != b.unit or a.change != b.change or not one_way:
        return CHECK
    if not one_body and a.unit != "%":
        return OF_TWO
    return SAME if a.value == b.value else CHANGED


def _same_around(link: Link, a: Target, b: Target) -> bool:
    """Whether an object says what is counted, or the words around both do."""
    from ingest.continuity.programmes import bare

    if min(len(bare(a.object)), len(bare(b.object))) >= _TELLING:
        return True
    one, other = _beside(link.earlier, a), _beside(link.later, b)
    return not one or not other or (one & other).total() / min(one.total(), other.total()) >= AROUND


def _beside(task: Task, target: Target) -> Counter[str]:
    """Pairs of characters of the words between the commas, without the number, the object, times and 开展, 实施."""
    from ingest.continuity.actions import read_actions
    from ingest.continuity.programmes import bare

    general = "|".join(verb for verb, (_, strength) in read_actions().items() if strength == 3)
    rest = around(task, target.quote).replace(target.quote, " ").replace(target.object, " ")
    parts = [bare(part) for part in re.sub(f"{_TIME.pattern}|{general}", " ", rest).split()]
    return Counter(part[k:k + 2] for part in parts for k in range(len(part) - 1))


def around(task: Task, quote: str) -> str:
    """A target's words with the part between commas in which they stand."""
    at = task.text.find(quote)
    if at < 0:
        return quote
    start = max(task.text.rfind(stop, 0, at) for stop in _STOPS) + 1
    end = min((place for stop in _STOPS if (place := task.text.find(stop, at + len(quote))) >= 0), default=len(task.text))
    return task.text[start:end].strip()


def _alone(found: Comparands, taken: set[str]) -> list[TargetPair]:
    """Targets without a partner, of tasks that are continued for sure: of the others it is no news."""
    alone = []
    for side, standing in (("earlier", EARLIER_ONLY), ("later", LATER_ONLY)):
        sure = {getattr(link, side).id for link in found.links if link.standing == "continued"}
        for task in found.side(side):
            for target in task.targets if task.id in sure else ():
                if target.id not in taken:
                    ends = (target, None, task, None) if side == "earlier" else (None, target, None, task)
                    alone.append(TargetPair(standing, 0.0, None, *ends))
    return alone


def said(pair: TargetPair) -> str:
    """80 % → 90 %, as a reader writes it."""
    return " → ".join(_number(target) for target in (pair.earlier, pair.later) if target)


def _number(target: Target) -> str:
    """70万人, 80%, 1000个 as the quote has it."""
    return " ".join(target.quote.split())
