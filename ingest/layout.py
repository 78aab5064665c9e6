"""The page before its meaning: lines, paragraphs, brackets. Offsets count in the file's text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

BLANK = " \t\r\n\f\v\u00a0\u3000\ufeff\u200b"
# A page's number on a line of its own: - 2 -, 第3页 共9页
_PAGE = r"(?:[-—－–·•]{1,2}[ \t]*\d{1,3}[ \t]*[-—－–·•]{1,2}|第[ \t]*\d{1,3}[ \t]*页(?:[ \t,，]*共[ \t]*\d{1,3}[ \t]*页)?)"
PAGE_NUMBER = re.compile(rf"(?m)^[ \t\u3000]*{_PAGE}[ \t\u3000]*\r?$")
_PAGE_NUMBER_LIMIT = 30  # characters: no page number is longer
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
OPENING, CLOSING = "（(【[〔", "）)】]〕"
SENTENCE_END = "。！？；!?;"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text between line ends, without white space around it; lines broken at a fixed width are one."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start:self.end]


class Stretches:
    """Half-open stretches of a text that do not overlap; `place in stretches` takes logarithmic time."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        self.ordered = sorted(stretches)

    def __contains__(self, place: int) -> bool:
        k = bisect_right(self.ordered, (place, 1 << 62)) - 1
        return k >= 0 and place < self.ordered[k][1]


def trim(text: str, start: int, end: int, extra: str = "") -> tuple[int, int]:
    """The span without white space (and `extra` characters) at its ends."""
    strip = BLANK + extra
    while start < end and text[start] in strip:
        start += 1
    while end > start and text[end - 1] in strip:
        end -= 1
    return start, end


def iter_lines(text: str, start: int, end: int) -> Iterator[Paragraph]:
    """Each line that holds more than white space or a page's number."""
    for match in _LINE.finditer(text, start, end):
        a, b = trim(text, match.start(), match.end())
        if a < b and not (b - a <= _PAGE_NUMBER_LIMIT and PAGE_NUMBER.fullmatch(text[a:b])):
            yield Paragraph(a, b)


def split_paragraphs(text: str, start: int, end: int, begins: re.Pattern) -> list[Paragraph]:
    """The paragraphs of a stretch. Where lines were broken at a fixed width, as in text copied from a PDF, a line
    that fills the width runs on into the next unless that one is indented or `begins` something of its own; elsewhere
    one that breaks off in mid-sentence does."""
    lines = list(iter_lines(text, start, end))
    width = _fixed_width(text, lines)
    joined: list[Paragraph] = []
    for line in lines:
        last = joined[-1] if joined else None
        runs_on = last and (_runs_on(text, last, line, width) if width else _breaks_off(text, last, line)) and not begins.match(text, line.start, line.end)
        if last and (runs_on or _is_within_bracket(text, last, line)):
            joined[-1] = Paragraph(last.start, line.end)
        else:
            joined.append(line)
    return joined


def _measure(text: str, start: int, end: int) -> float:
    """Width in full characters: an ASCII letter takes half."""
    words = text[start:end]
    return len(words) - 0.5 * len(words.encode("ascii", "ignore"))


def _fixed_width(text: str, lines: list[Paragraph]) -> float | None:
    """The width at which the lines were broken, None where paragraphs stand on one line each.

    Broken text has many lines, most of them within three characters of the widest, that end in mid-sentence.
    """
    if len(lines) < 8:
        return None
    widths = sorted(_measure(text, line.start, line.end) for line in lines)
    width = widths[int(len(widths) * 0.9)]
    full = [line for line in lines if abs(_measure(text, line.start, line.end) - width) <= 3]
    broken = [line for line in full if text[line.end - 1] not in SENTENCE_END + "：:" + CLOSING]
    return width if 15 <= width <= 60 and len(broken) >= 0.4 * len(lines) else None


_LONG = 30  # full characters: a heading that ends in no stop is shorter
# One line end, a page's number between or not
_BREAK = re.compile(rf"[ \t]*(?:\r\n|\r|\n)[ \t]*(?:{_PAGE}[ \t\u3000]*(?:\r\n|\r|\n)[ \t]*)?")


_CLAUSE_LINE = re.compile(r"[*＊【（(]*(?:责任|牵头|主办|主责|配合|协办|参与|支撑|落实)[^：:]{0,6}[*＊】]*[:：]")


def _breaks_off(text: str, last: Paragraph, line: Paragraph) -> bool:
    """…做好防汛防⏎台各项工作，…。: a long line that ends in mid-word, with the next right under it up to a stop."""
    if not _BREAK.fullmatch(text, last.end, line.start) or text[line.end - 1] not in "。；）)】":
        return False
    begin = _last_line(text, last)
    words = text[begin:last.end]
    if _CLAUSE_LINE.match(words) and words[-1:] not in "、，":
        return False  # 责任单位：市教委、市财政局 ends without a stop and is whole
    return (("\u4e00" <= words[-1:] <= "\u9fff" or words[-1:] in "、，") and "\u4e00" <= text[line.start] <= "\u9fff"
            and _measure(text, begin, last.end) >= _LONG and bool(re.search("[，；]", words)))


def _is_within_bracket(text: str, last: Paragraph, line: Paragraph) -> bool:
    """（牵头单位：市教委；⏎配合单位：市财政局）: the line ends within a bracket, which the next, right under it, closes."""
    words = text[_last_line(text, last):last.end]
    opened = max((words.rfind(mark) for mark in OPENING), default=-1)
    if opened < 0 or opened < max(words.rfind(mark) for mark in CLOSING) or not _BREAK.fullmatch(text, last.end, line.start):
        return False
    closing = [k for mark in CLOSING if (k := text.find(mark, line.start, line.end)) >= 0]
    opening = [k for mark in OPENING if (k := text.find(mark, line.start, line.end)) >= 0]
    return bool(closing) and (not opening or min(closing) < min(opening))


def _last_line(text: str, paragraph: Paragraph) -> int:
    """Where the last line of a paragraph begins."""
    return max(text.rfind("\n", paragraph.start, paragraph.end), text.rfind("\r", paragraph.start, paragraph.end)) + 1 or paragraph.start


def _runs_on(text: str, last: Paragraph, line: Paragraph, width: float) -> bool:
    begin = _last_line(text, last)
    indent = len(text[text.rfind("\n", 0, line.start) + 1:line.start].expandtabs())
    outer = len(text[text.rfind("\n", 0, trim(text, begin, last.end)[0]) + 1:trim(text, begin, last.end)[0]].expandtabs())
    return _measure(text, *trim(text, begin, last.end)) >= width - 4 and indent <= outer


_LINE_END = re.compile(rf"[ \t\u3000]*(?:[\r\n][ \t\u3000]*(?:{_PAGE}[ \t\u3000]*(?=[\r\n]|$))?)+")


def mend(text: str, start: int, end: int) -> tuple[str, list[int]] | None:
    """A stretch with its words put together again that line ends take apart (截至目⏎前), and the place of each of its characters;
    None where no line ends in mid-sentence."""
    if text.find("\n", start, end) < 0 and text.find("\r", start, end) < 0:
        return None
    cuts = [match.span() for match in _LINE_END.finditer(text, start, end) if match.start() > start and text[match.start() - 1] not in SENTENCE_END]
    if not cuts:
        return None
    parts, places, at = [], [], start
    for a, b in [*cuts, (end, end)]:
        parts.append(text[at:a])
        places += range(at, a)
        at = b
    return "".join(parts), places


def bracket_pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Outermost bracket pairs of a stretch as (place of the opening, place behind the closing), in order.

    Half and full width close each other. A bracket that nothing closes is left out, except the last one, which
    then reaches to the end: a clause whose closing bracket was lost is still read.
    """
    pairs, stack = [], []
    for match in _marks("").finditer(text, start, end):
        if match[0] in OPENING:
            stack.append(match.start())
        elif stack:
            opening = stack.pop()
            if not stack:
                pairs.append((opening, match.end()))
    if stack:
        pairs = [pair for pair in pairs if pair[1] <= stack[0]] + [(stack[0], end)]
    return pairs


def split_outside_brackets(text: str, start: int, end: int, separators: str) -> list[tuple[int, int]]:
    """The pieces between separators that stand in no bracket, untrimmed, empty ones included."""
    pieces, depth, begin = [], 0, start
    for match in _marks(separators).finditer(text, start, end):
        c, i = match[0], match.start()
        if c in OPENING:
            depth += 1
        elif c in CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0:
            pieces.append((begin, i))
            begin = i + 1
    return [*pieces, (begin, end)]


@cache
def _marks(separators: str) -> re.Pattern:
    return re.compile("[" + re.escape(separators + OPENING + CLOSING) + "]")


def longest_of(words: Iterable[str], behind: str = "") -> re.Pattern:
    """A pattern that finds the longest of many words, each beginning tried once: an alternation of all of them would try
    each at every character. `behind` is a pattern that must follow."""
    return re.compile(f"(?:{_branches(sorted(set(words)))}){behind}")


def _branches(words: list[str]) -> str:
    branches: dict[str, list[str]] = {}
    for word in words:
        branches.setdefault(word[:1], []).append(word[1:])
    ends = "" in branches
    parts = [re.escape(first) + _branches(rest) for first, rest in branches.items() if first]
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"(?:{body})?" if ends else body
