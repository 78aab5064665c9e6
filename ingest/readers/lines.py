"""The text that readers of other formats yield: each paragraph on one line, a blank line between two."""

from __future__ import annotations

from collections.abc import Iterable


def as_text(lines: Iterable[str]) -> str:
    """Lines as a text. A blank line says that a paragraph has ended, where a line end alone may be one of a text broken
    at a fixed width; rows of a pipe table follow each other."""
    listed = [*lines, ""]
    parts: list[str] = []
    for line, following in zip(listed, listed[1:], strict=False):
        if parts:
            is_row = line.startswith("|") and parts[-1].startswith("|") and not following.startswith("|---")  # not the next table's header
            parts.append("\n" if is_row else "\n\n")
        parts.append(line)
    return "".join([*parts, "\n"]) if parts else ""
