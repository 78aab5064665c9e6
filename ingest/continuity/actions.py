"""Verbs of tasks: which say the same action, and which stage of a line of work. One row of `actions.tsv` a verb."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("actions.tsv")


@cache
def read_actions() -> dict[str, tuple[str, int | None]]:
    """Verb to (action, strength); strength is None where the verb tells no stage."""
    rows = [line.split("\t") for line in PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]
    return {verb: (action, int(strength) if strength else None) for verb, action, strength in rows}


@cache
def _verbs() -> re.Pattern:
    return re.compile("|".join(sorted(read_actions(), key=lambda verb: (-len(verb), verb))))


def find_strengths(words: str) -> list[tuple[int, str, int, int]]:
    """The stages that a stretch tells: (strength, verb, start, end), in the order of the text."""
    known = read_actions()
    return [(known[m[0]][1], m[0], m.start(), m.end()) for m in _verbs().finditer(words) if known[m[0]][1] is not None]


def shared_actions(a: str, b: str) -> list[str]:
    """The verbs of two stretches that are one action, each pair as first/second: 编制/出台. Near miss: 推进, a stage that goes
    with any object and says no action."""
    known = read_actions()
    sides = [[m[0] for m in _verbs().finditer(words) if known[m[0]][1] is None] for words in (a, b)]
    found = {}
    for x in sides[0]:
        for y in sides[1]:
            if known[x][0] == known[y][0]:
                found.setdefault(known[x][0], x if x == y else f"{x}/{y}")
    return list(found.values())
