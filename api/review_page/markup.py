"""HTML from words: everything that a document says passes through `escaped`."""

from __future__ import annotations

import html
from collections.abc import Iterable


def escaped(text: object) -> str:
    """Text as it may stand in an element or a quoted attribute; a browser gives back the same characters.

    A browser reads a carriage return as a line feed, so it goes as a reference; a NUL, which HTML cannot hold, as �.
    """
    return html.escape(str(text)).replace("\r", "&#13;").replace("\0", "\ufffd")


def label(english: str) -> str:
    """Words of the page, not of the document: the script's dictionary has them in Chinese."""
    return f"<span data-t>{escaped(english)}</span>"


def counted(n: int, one: str, many: str | None = None) -> str:
    return f"<b>{n:,}</b> {label(one if n == 1 else many or one + 's')}"


def listed(items: Iterable[str], css: str) -> str:
    """A list, or nothing where there are no items."""
    inner = "".join(items)
    return f'<ul class="{css}">{inner}</ul>' if inner else ""
