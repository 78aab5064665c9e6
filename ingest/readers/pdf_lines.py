"""The lines of a PDF's page, found by where its characters stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers.glyphs import LOOKALIKES

_NO_SPACE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·]")
_PRIVATE = re.compile("[\ue000-\uf8ff\x00-\x08\x0b-\x1f\u00ad\u200b-\u200f\u2060\ufeff]")
_OPENING, _CLOSING = "“‘《〈（(【〔[", "”’》〉）)】〕]，。、；：！？,.;:!?％%"
_FIRST_WORD = re.compile(rf"[{re.escape(_OPENING)}]*(?:[!-~]+|.)?(?:[“‘].)?[{re.escape(_CLOSING)}]*(?:[{re.escape(_OPENING)}]*[!-~]+)?")
_HUGE = 400.0  # points; what is larger is a decoration
_SAME_LINE = 0.45  # of a character's size: a raised sign stands higher by a third
_WIDE_GAP = 0.9  # of a character: as wide as a blank; the space beside a digit is a quarter


@dataclass(slots=True)
class Glyph:
    """One character; `y` is its baseline, `middle` its middle, both from the top of the page, all in points."""

    text: str
    x0: float
    x1: float
    y: float
    middle: float
    size: float


@dataclass(slots=True)
class Line:
    """One line: its words, where they begin and end, their size, and where each character begins."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    starts: list[float]

    def first_word(self) -> float:
        """The width of what is not parted from the line's first character: 2025 of 2025年, 里、110 of 里、110公里,
        程“十 of 程“十四五”."""
        match = _FIRST_WORD.match(self.text)
        end = match.end() if match else 1
        return (self.starts[end] if end < len(self.starts) else self.x1) - self.x0


def read_glyphs(page: Any) -> list[Glyph]:
    """The upright characters of pdfplumber's page; those at an angle are watermarks and stamps. One that its font
    does not name is U+FFFD."""
    found = []
    for char in page.chars:
        text = char["text"]
        is_on_page = -1 < char["x1"] and char["x0"] < page.width + 1 and -1 < char["bottom"] and char["top"] < page.height + 1
        if not char["upright"] or not is_on_page or not 0.5 < char["size"] < _HUGE or char["x1"] - char["x0"] > _HUGE:
            continue
        if text.startswith("(cid:"):
            text = "\ufffd"
        text = _PRIVATE.sub("", text.replace("\u00a0", " ")).translate(LOOKALIKES)
        if text:
            baseline = char["bottom"] + char["y0"] - char["matrix"][5]
            found.append(Glyph(text, char["x0"], char["x1"], baseline, (char["top"] + char["bottom"]) / 2, char["size"]))
    return found


def find_lines(glyphs: list[Glyph], spaced: bool = True) -> list[Line]:
    """Lines from the top down. Without `spaced` the spaces between Chinese characters are none of the text's."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if rows and glyph.y - rows[-1][0].y <= _SAME_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [line for row in rows if (line := _line(row, spaced))]


def _line(row: list[Glyph], spaced: bool) -> Line | None:
    text: list[str] = []
    starts: list[float] = []
    last: Glyph | None = None
    waiting = False  # a space that counts if more words follow
    for glyph in sorted(row, key=lambda glyph: glyph.x0):
        if not glyph.text.strip():
            waiting = waiting or last is not None
            continue
        if last is not None:
            if glyph.text == last.text and glyph.x0 - last.x0 < 0.2 * (last.x1 - last.x0):
                continue  # bold, made by printing twice
            gap = glyph.x0 - last.x1
            chinese = _NO_SPACE.match(last.text[-1]) or _NO_SPACE.match(glyph.text[0])
            if gap > _WIDE_GAP * glyph.size:
                between = "\u3000" * min(max(1, round(gap / glyph.size)), 4)
            elif waiting and (spaced or not chinese) or gap > 0.25 * glyph.size and not chinese:
                between = " "
            else:
                between = ""
            text += between
            starts += [last.x1] * len(between)
        text += glyph.text
        starts += [glyph.x0 + (glyph.x1 - glyph.x0) * i / len(glyph.text) for i in range(len(glyph.text))]
        last, waiting = glyph, False
    if last is None:
        return None
    seen = [glyph for glyph in row if glyph.text.strip()]
    size = Counter(round(glyph.size, 1) for glyph in seen).most_common(1)[0][0]
    base = Counter(round(glyph.y, 1) for glyph in seen if round(glyph.size, 1) == size).most_common(1)[0][0]
    return Line("".join(text), starts[0], max(glyph.x1 for glyph in seen), base, size, starts)


def is_spaced_out(glyphs: list[Glyph]) -> bool:
    """Whether a space stands between most Chinese characters, as recognition of scans puts it."""
    spaces = pairs = 0
    for a, b, c in zip(glyphs, glyphs[1:], glyphs[2:], strict=False):
        if _NO_SPACE.match(a.text) and abs(a.y - c.y) < 0.2 * a.size:
            spaces += b.text == " " and bool(_NO_SPACE.match(c.text))
            pairs += bool(_NO_SPACE.match(b.text)) or b.text == " "
    return spaces > 0.3 * pairs > 6


def has_columns(glyphs: list[Glyph]) -> bool:
    """Whether the page may stand in columns, once its head and foot, which cross them, are gone."""
    return _gutter(glyphs, 4) is not None


def split_columns(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """The page from top to bottom in stretches that are read one after the other: where a gutter parts two columns,
    as in a gazette, the left one before the right one; lines across both stand by themselves."""
    gutter = _gutter(glyphs)
    if gutter is None:
        yield glyphs
        return
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if rows and glyph.y - rows[-1][-1].y <= 0.1 * glyph.size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    left: list[Glyph] = []
    right: list[Glyph] = []
    for row in rows:
        if any(glyph.x0 < gutter < glyph.x1 for glyph in row):
            yield from (part for part in (left, right) if part)
            left, right = [], []
            yield row
        else:
            left += [glyph for glyph in row if glyph.x1 <= gutter]
            right += [glyph for glyph in row if glyph.x0 >= gutter]
    yield from (part for part in (left, right) if part)


def _gutter(glyphs: list[Glyph], crossing: int = 0) -> float | None:
    """The middle of a blank strip that nearly no line crosses, with a good part of the page on either side."""
    seen = [glyph for glyph in glyphs if glyph.text.strip()]
    if len(seen) < 200:
        return None
    begin, end = min(glyph.x0 for glyph in seen), max(glyph.x1 for glyph in seen)
    size = Counter(round(glyph.size, 1) for glyph in seen).most_common(1)[0][0]
    covered = Counter(x for glyph in seen for x in range(int(glyph.x0), int(glyph.x1) + 1))
    rows = len({round(glyph.y) for glyph in seen})
    inner = range(int(begin + 0.4 * (end - begin)), int(begin + 0.6 * (end - begin)))
    middle = [x for x in inner if covered[x] <= 0.1 * rows + crossing]
    strips: list[list[int]] = []
    for x in middle:
        if strips and x == strips[-1][-1] + 1:
            strips[-1].append(x)
        else:
            strips.append([x])
    widest = max(strips, key=len, default=[])
    if len(widest) < 0.8 * size:
        return None
    gutter = (widest[0] + widest[-1]) / 2
    left = sum(glyph.x1 <= gutter for glyph in seen)
    return gutter if 0.3 * len(seen) <= left <= 0.7 * len(seen) else None
