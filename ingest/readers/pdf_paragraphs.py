"""Lines into paragraphs: which line runs on into the next.

A line was broken by its paragraph's end if the next line's first word would still have had room. Where it would not,
the gap, the size, the indent and the words decide.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from ingest.layout import CLOSING, SENTENCE_END
from ingest.numbering import NUMBER
from ingest.readers.pdf_lines import Line

_ROOM = 0.35  # of a character: how far short of the edge a full line may end
_NEAR = 0.6  # of a character: two lines begin at one place
_INDENT = (1.5, 2.6)  # characters by which a Chinese paragraph's first line is set in
_LOOSE = 1.25  # times the pitch: a gap between paragraphs
_PITCH = 2.2  # sizes from line to line where no paragraph of the document has two
_TITLE = 1.12  # times the size of the text
Other = TypeVar("Other")


@dataclass(slots=True)
class Frame:
    """The edges of a page's (or column's) text, the size of the document's text, and its pitch, in sizes."""

    left: float
    right: float
    size: float
    pitch: float

    def is_centred(self, line: Line) -> bool:
        before, behind = line.x0 - self.left, self.right - line.x1
        return before > _INDENT[1] * line.size and abs(before - behind) < 1.5 * line.size

    def room(self, line: Line) -> float:
        return self.right - self.left - (line.x1 - line.x0) if self.is_centred(line) else self.right - line.x1


def iter_paragraphs(stretches: list[list[Line | Other]], page_width: float) -> Iterator[str | Other]:
    """The paragraphs of columns that are read one after the other, over pages too; what is no line ends a paragraph
    and is handed on. The page's width tells where the lines would end if none is full."""
    open_lines: list[Line] = []
    above: Frame | None = None
    for stretch, frame in zip(stretches, _frames(stretches, page_width), strict=True):
        for item in stretch:
            if isinstance(item, Line) and open_lines and above and _runs_on(open_lines, item, above, frame):
                open_lines.append(item)
            else:
                if open_lines:
                    yield join_words(line.text for line in open_lines)
                open_lines = [item] if isinstance(item, Line) else []
                if not isinstance(item, Line):
                    yield item
            above = frame
    if open_lines:
        yield join_words(line.text for line in open_lines)


def join_words(lines: Iterable[str]) -> str:
    """Lines as one; a space only between two Latin words."""
    words = ""
    for line in lines:
        latin = re.match(r"[A-Za-z0-9(]", line) and re.search(r"[A-Za-z0-9,.;:)]$", words)
        words += f" {line}" if latin and not (words[-1].isdigit() and line[0].isdigit()) else line
    return words


def _runs_on(open_lines: list[Line], line: Line, above: Frame, frame: Frame) -> bool:
    """Whether a line goes on with the open paragraph. `above` is the frame of the last line: on a new page another."""
    first, last = open_lines[0], open_lines[-1]
    size = max(last.size, line.size)
    if abs(last.size - line.size) > 0.08 * size:
        return False
    if above is frame and line.y - last.y > max(_LOOSE * frame.pitch, frame.pitch + 0.2) * last.size:
        return False
    begins = NUMBER.match(line.text)
    if begins and last.text[-1] in SENTENCE_END + CLOSING + "：:":
        return False
    if last.size > _TITLE * above.size and not NUMBER.match(first.text):  # a title over several lines, broken by sense
        return not begins and last.text[-1] not in SENTENCE_END
    if above.room(last) > line.first_word() + _ROOM * size:
        return False
    before, here = (last.x0 - above.left) / size, (line.x0 - frame.left) / size
    if frame.is_centred(line) and abs(before - (above.right - last.x1) / size) < 1.5 and last.text[-1] not in SENTENCE_END:
        return True  # a centred title whose first line is full
    if len(open_lines) > 1:
        return abs(here - before) < _NEAR
    if before > 0.4 * (above.right - above.left) / size:  # set to the right: a signature
        return False
    if _INDENT[0] <= here <= _INDENT[1] and abs(here - before) < _NEAR:  # two first lines, the upper one full
        return False
    places = [0, before]
    number = NUMBER.match(first.text)
    if number and number.end() < len(first.starts):  # the words behind a number, under which the next lines hang
        places.append((first.starts[number.end()] - above.left) / size)
    return any(abs(here - place) < _NEAR for place in places)


def _frames(stretches: list[list[Line | Other]], page_width: float) -> list[Frame]:
    columns = [[item for item in stretch if isinstance(item, Line)] for stretch in stretches]
    sizes = Counter[float]()
    for line in (line for lines in columns for line in lines):
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 1.0
    bodies = [[line for line in lines if abs(line.size - size) < 0.06 * size] or lines for lines in columns]
    edges = [_edges(lines, size) if lines else None for lines in bodies]
    common_edges = _common_edges([(edge, lines) for edge, lines in zip(edges, bodies, strict=True) if edge], size, page_width)
    frames = [Frame(*_settled(edge, common_edges, lines, size), size, 0.0) for edge, lines in zip(edges, bodies, strict=True)]
    pitches = [_pitches(lines, frame) for lines, frame in zip(columns, frames, strict=True)]
    common = _lower(every) if (every := [pitch for page in pitches for pitch in page]) else _PITCH
    for frame, own_pitches in zip(frames, pitches, strict=True):
        frame.pitch = _lower(own_pitches) if len(own_pitches) >= 3 else common
    return frames


def _common_edges(pages: list[tuple[tuple[float, float], list[Line]]], size: float, page_width: float) -> tuple[float, float] | None:
    """The document's: of the pages with several full lines; where there are none, its margins are taken as equal."""
    if not pages:
        return None
    if full := [edge for edge, lines in pages if _full_lines(lines, edge[1], size) >= 6]:
        return median(edge[0] for edge in full), median(edge[1] for edge in full)
    left = median(edge[0] for edge, _ in pages)
    return left, max(page_width - left, *(edge[1] for edge, _ in pages))


def _full_lines(lines: list[Line], right: float, size: float) -> int:
    return sum(right - line.x1 < size for line in lines)


def _settled(own: tuple[float, float] | None, common: tuple[float, float] | None, lines: list[Line], size: float) -> tuple[float, float]:
    """A page's own edges, or the document's where its few or short lines reach none: the last page, a list of short
    items. The margins of left and right pages may differ, so a page that has full lines keeps its own."""
    if own is None or common is None:
        return own or common or (0.0, 0.0)
    left, right = own
    if _INDENT[0] <= (left - common[0]) / size <= 3 or len(lines) <= 3:
        left = min(left, common[0])
    if _full_lines(lines, right, size) < 6:
        right = max(right, common[1])
    return left, right


def _edges(lines: list[Line], size: float) -> tuple[float, float]:
    """Where the text begins and ends: where several lines do, so that neither a mark in the margin nor a word too
    long for its line counts."""
    begins = sorted(line.x0 for line in lines)
    # A stop or bracket at the end of a line may hang over the edge, and an address is not broken at it.
    plain = [line for line in lines if line.text[-1].isalnum() and not re.search("[!-~]{15}$", line.text)]
    ends = sorted(line.x1 for line in plain or lines)
    enough = max(2, len(lines) // 12)
    left = next((x for i, x in enumerate(begins) if bisect_left(begins, x + 0.2 * size) - i >= enough), begins[0])
    right = next((above for below, above in zip(ends[-2::-1], ends[:0:-1], strict=True) if above - below < size), ends[-1])
    if right - left < 0.8 * (ends[-1] - left):  # only one line is full
        right = ends[-1]
    return left, right


def _lower(values: list[float]) -> float:
    """The lower quartile: what is taken for a pitch by mistake is a gap between paragraphs, and larger."""
    return sorted(values)[len(values) // 4]


def _pitches(lines: list[Line], frame: Frame) -> list[float]:
    """From line to line, in sizes, where the second surely goes on with the first."""
    def goes_on(last: Line, line: Line) -> bool:
        is_full, is_set_in = frame.right - last.x1 < 0.6 * last.size, line.x0 - frame.left >= 0.5 * line.size
        return last.size == line.size and is_full and not is_set_in and last.text[-1] not in SENTENCE_END

    return [(line.y - last.y) / last.size for last, line in zip(lines, lines[1:], strict=False) if goes_on(last, line)]
