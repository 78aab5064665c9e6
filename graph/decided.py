"""What the parameters of a query decide of it before the engine sees it.

A query says `CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END`, because one engine takes no untyped null. Left in,
the engine reads `p.years` of every plan to find that no year was asked for: of 100,000 tasks that takes as long as the answer.
"""

from __future__ import annotations

import re
from typing import Any

_OPTIONAL = re.compile(r"\bCASE\s+WHEN\s+\$(\w+)\s+IS\s+NULL\s+THEN\s+(true|false)\s+(?=ELSE\b|WHEN\b)")
_PART = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|//[^\n]*|/\*(?:.|\n)*?\*/|\b(?:CASE|END)\b")


def decide(query: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The query with each condition on a parameter that is, or is not, null decided, and the values that it still takes."""
    at, before = 0, query
    while found := _OPTIONAL.search(query, at):
        name, then = found.groups()
        end = _end_of(query, found.start())
        if name not in values or end is None:
            at = found.end()
            continue
        rest = query[found.end():end]
        if values[name] is None:
            decided = then
        elif rest.startswith("ELSE"):
            decided = f"({rest.removeprefix('ELSE').removesuffix('END').strip()}\n)"  # it may end in a comment
        else:
            decided = f"CASE {rest}"
        at = found.start()
        query = query[:at] + decided + query[end:]
    if query == before:
        return query, values
    gone = _names(before) - _names(query)
    return query, {name: value for name, value in values.items() if name not in gone}


def _names(query: str) -> set[str]:
    return set(re.findall(r"\$(\w+)", query))


def _end_of(query: str, start: int) -> int | None:
    """Where the CASE that begins at `start` ends; words in quotation marks and comments are none of it."""
    depth = 0
    for part in _PART.finditer(query, start):
        depth += {"CASE": 1, "END": -1}.get(part[0], 0)
        if not depth and part[0] == "END":
            return part.end()
    return None
