"""Programmes, platforms and documents that two tasks name, one of them as such, and how much that tells."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from ingest.continuity.plan_index import PlanIndex


COMMON = 400  # pairs of tasks from which a name tells nothing: 玻璃幕墙管理平台 in every task of two plans on glass walls


class SharedName(NamedTuple):
    """One name: the key that its spellings share, as the later and the earlier task have it, and how telling it is:
    1 where one task in each plan holds it, less where more do."""

    key: str
    later: str
    earlier: str
    telling: float


def find_shared_names(later: PlanIndex, earlier: PlanIndex) -> dict[tuple[int, int], list[SharedName]]:
    """By (later task, earlier task), the most telling first."""
    holders: dict[str, tuple[dict[int, str], dict[int, str]]] = {}
    for key in {*later.all_names, *earlier.all_names}:
        if key in later.all_words and key in earlier.all_words:
            holders[key] = _holding(later, key), _holding(earlier, key)
    for line in later.lines.keys() & earlier.lines.keys():
        holders[line] = later.lines[line], earlier.lines[line]
    found: dict[tuple[int, int], list[SharedName]] = defaultdict(list)
    for key, (ours, theirs) in holders.items():
        if ours and theirs and len(ours) * len(theirs) <= COMMON:
            telling = 1 / math.sqrt(len(ours) * len(theirs))
            for i, x in ours.items():
                for j, y in theirs.items():
                    if all(known.later != x or known.earlier != y for known in found[i, j]):
                        found[i, j].append(SharedName(key, x, y, telling))
    return {pair: sorted(listed, key=lambda name: (-name.telling, -len(name.key), name.key)) for pair, listed in found.items()}


def _holding(index: PlanIndex, key: str) -> dict[int, str]:
    """The tasks whose words hold a name, named as such or not."""
    return {k: index.names[k].get(key, key) for k, words in enumerate(index.words) if key in words}
