"""The text that readers of other formats yield: each paragraph on one line, a blank line between two."""

from __future__ import annotations

from collections.abc import Iterable


def as_text(lines: Iterable[str]) -> str:
    """Lines as a text. A blank line says that a paragraph has ended, where a line end alone may be one of a text broken
    at a fixed width; rows of a pipe table follow each other."""
    parts: list[str] = []
    for line in lines:
        if parts:
            parts.append("\n" if line.startswith("|") and parts[-1].startswith("|") else "\n\n")
        parts.append(line)
    return "".join([*parts, "\n"]) if parts else ""
