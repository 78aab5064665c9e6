"""The lines of an HTML element: a block a line, tables as pipe tables, numbered lists with their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.readers.grid import Cell, Occupied, table_lines
from ingest.readers.word_numbering import spell

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb ruby s samp small span strike strong sub sup time tt u var "
    "wbr ucapcontent ucaptitle".split())
_UNSEEN = frozenset(
    "script style noscript template head title meta link iframe object embed svg canvas audio video select option button textarea rp rt map".split())
_CHROME_TAGS = frozenset(("nav", "header", "footer", "aside"))
_BLOCKS = _CHROME_TAGS | frozenset(("div", "ul", "ol", "dl", "table", "td", "section", "form"))
_CHROME = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navbar|menu|bread-?crumbs?|crumbs?|share|bdshare\w*|social|toolbar|tools?|print|fontsize|copyright|footer|foot|sidebar|"
    r"relate[ds]?|recommend|qrcode|ewm|pagination|prevnext|comments?|weixin|dqwz|xgwd|xgjd|xgwj|xglj)(?:$|[\s_-])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
_WRAP = "\x1f"  # a line end of the page's source: a space, but none between Chinese characters
_WRAPPED = re.compile(rf"(?<=[{_CJK}])\s*{_WRAP}[\s{_WRAP}]*(?=[{_CJK}])")
_SPACES = {0x2002: "\u00a0", 0x2003: "\u3000", 0x2009: "\u00a0", 0x202F: "\u00a0", **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))}
_LIST_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BREAK = "\n"


def element_lines(element: Any, whole: bool = True) -> list[str]:
    """The element's lines without empty ones. Unless the element is `whole` an article, parts of it that by their
    name are navigation, tools or a list of further pages are left out."""
    pieces: list[str] = []
    _walk(element, pieces, whole)
    found = []
    for line in "".join(pieces).split(_BREAK):
        if not line.startswith("| "):  # a table's row is made already
            # Spaces that a page insists on stay as many: (一)强化管控&nbsp;&nbsp;&nbsp;推进…
            line = re.sub(r"[ \t\r\f]+", " ", _WRAPPED.sub("", line).replace(_WRAP, " ")).replace("\u00a0", " ").strip()
        if line:
            found.append(line)
    return found


def is_seen(element: Any) -> bool:
    """Whether a browser shows the element."""
    return (isinstance(element.tag, str) and element.tag not in _UNSEEN and "hidden" not in element.attrib and not _HIDDEN.search(element.get("style", "")))


def _walk(element: Any, pieces: list[str], whole: bool) -> None:
    """Appends text and line breaks; a line break in the page's source is no line break."""
    if element.text:
        pieces.append(_text(element, element.text))
    for child in element:
        if is_seen(child) and (whole or not _is_chrome(child)):
            _enter(child, pieces, whole)
        if child.tail:
            pieces.append(_text(element, child.tail))


def _enter(child: Any, pieces: list[str], whole: bool) -> None:
    tag = child.tag
    if tag == "br" or tag == "hr":
        pieces.append(_BREAK)
    elif tag == "table":
        captions = [line for caption in child.iterchildren("caption") for line in element_lines(caption, whole)]
        pieces += [_BREAK, *(f"{line}{_BREAK}" for line in (*captions, *table_lines(list(_cells(child, whole)))))]
    elif tag == "ol":
        pieces.append(_BREAK)
        for number, item in _numbered(child):
            pieces.append(number)
            _walk(item, pieces, whole)
            pieces.append(_BREAK)
    elif tag in _INLINE:
        _walk(child, pieces, whole)
    else:
        pieces.append(_BREAK)
        _walk(child, pieces, whole)
        pieces.append(_BREAK)


def _text(element: Any, words: str) -> str:
    words = words.translate(_SPACES)
    return words.replace("\r\n", _BREAK) if element.tag == "pre" else re.sub(r"[\r\n]+", _WRAP, words)


def _is_chrome(element: Any) -> bool:
    """Navigation, tools, further pages: by tag or name, or because it is mostly links. A long text is none of these:
    id="print-area" may hold the article."""
    if element.tag not in _BLOCKS:
        return False
    words, linked, links = measure(element)
    named = element.tag in _CHROME_TAGS or _CHROME.search(f"{element.get('id', '')} {element.get('class', '')}")
    return bool(named and words < 300) or links >= 4 and linked > 0.6 * words


def measure(element: Any) -> tuple[int, int, int]:
    """Characters without white space that a browser shows of an element, how many of them are links, how many links."""
    words = linked = links = 0
    pending = [(element, element.tag == "a")]
    while pending:
        found, in_link = pending.pop()
        here = len("".join((found.text or "").split()))
        words += here
        linked += here * in_link
        for child in found:
            tail = len("".join((child.tail or "").split()))
            words += tail
            linked += tail * in_link
            if is_seen(child):
                links += child.tag == "a"
                pending.append((child, in_link or child.tag == "a"))
    return words, linked, links


def _numbered(element: Any) -> Iterator[tuple[str, Any]]:
    """Each item of an <ol> with the number that a browser shows before it."""
    plain = re.search(r"list-style(?:-type)?\s*:[^;]*none", element.get("style", ""))
    items = [item for item in element if is_seen(item)]
    step = -1 if "reversed" in element.attrib else 1
    number = _whole(element.get("start"), len(items) if step < 0 else 1)
    for item in items:
        if item.tag != "li":
            yield "", item
            continue
        number = _whole(item.get("value"), number)
        yield "" if plain else f"{spell(number, _LIST_FORMS.get(element.get('type', '1'), 'decimal'))}. ", item
        number += step


def _whole(words: str | None, default: int) -> int:
    words = (words or "").strip()
    return int(words) if re.fullmatch(r"-?\d{1,9}", words) else default


def _cells(table: Any, whole: bool) -> Iterator[Cell]:
    """A table's cells in their places; spans reach no further than the table."""
    rows = [row for row in table.xpath("tr | thead/tr | tbody/tr | tfoot/tr") if is_seen(row) and is_seen(row.getparent())]
    occupied = Occupied()
    for r, row in enumerate(rows):
        for cell in row:
            if cell.tag in ("td", "th") and is_seen(cell):
                tall = _whole(cell.get("rowspan"), 1) or len(rows)  # 0: to the end
                tall, wide = max(1, min(tall, len(rows) - r)), max(1, min(_whole(cell.get("colspan"), 1), 100))
                yield Cell(r, occupied.place(r, tall, wide), element_lines(cell, whole), tall, wide)
