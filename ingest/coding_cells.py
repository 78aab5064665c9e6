"""What a coder wrote in one cell: a task by its first and last words, units with roles, targets, a mark."""

from __future__ import annotations

import re
import unicodedata

from graph.errors import did_you_mean
from ingest.indicators import read_number
from ingest.layout import CLOSING, OPENING, SENTENCE_END, split_outside_brackets
from ingest.numerals import arabic_number
from ingest.passages import Passage
from ingest.readings import TargetRead, UnitRead, unit_in

ROLES = {word: role for role, words in {
    "lead": ("lead", "牵头", "主办", "主责"), "responsible": ("responsible", "责任", "负责"),
    "support": ("support", "配合", "协办", "支持", "参与"), "implement": ("implement", "落实", "实施")}.items() for word in words}
_YES, _NO = ("x", "×", "✗", "✓", "√", "v", "y", "yes", "true", "1", "是", "无"), ("", "0", "n", "no", "false", "否")
_ELLIPSIS = re.compile(r"…+|⋯+|\.{3,}|。{3,}")
_ALIKE = str.maketrans("“”„‟‘’‚′″—–−", "\"\"\"\"'''''---")
_PIECES = re.compile(r"[；;\n¶]+")
_BOUND_BEHIND, _BOUND_BEFORE = re.compile("(?:及|（含）|\\(含\\))?(?:以上|以内|以下|左右|上下)"), re.compile("(?:不少于|不低于|不小于|不超过|不高于|至少|超过|低于|高于|约)$")
_COMPARATORS = {">=": ">=", "=>": ">=", "≥": ">=", "≧": ">=", "<=": "<=", "=<": "<=", "≤": "<=", "≦": "<=", ">": ">", "<": "<", "==": "=", "=": "=", "~": "~", "≈": "~"}
_STATED = re.compile(rf"(?P<comparator>{'|'.join(map(re.escape, sorted(_COMPARATORS, key=len, reverse=True)))})?\s*(?P<number>\d[\d,]*(?:\.\d+)?\s*[十百千万亿]*)(?P<counter>\D*)")


class NotCoded(Exception):
    """Why a cell cannot be read."""


def read_mark(cell: str) -> bool:
    """x, √ or 是: yes; an empty cell: no."""
    word = unicodedata.normalize("NFKC", cell).strip().lower()
    if word not in (*_YES, *_NO):
        raise NotCoded(f"no_task is {cell!r}; write x where the passage holds no task, else nothing")
    return word in _YES


def find_task(text: str, cell: str) -> tuple[int, int]:
    """Where the task stands that a cell gives as 推进…平台。, or whole. White space, width and quotation marks may differ.

    Words that stand more than once are taken where a sentence begins (ends); where that leaves more than one place the
    cell cannot be read.
    """
    folded, places = fold(text)
    # A text may hold an ellipsis of its own: a cell that stands there as it is, is the whole task.
    first, *rest = [cell] if fold(cell)[0] in folded else _ELLIPSIS.split(cell, maxsplit=1)
    start, end = _only(text, folded, places, first, 0, "first" if rest else "")
    for last in rest:
        _, end = _only(text, folded, places, last, start, "last")
    return start, end


def _only(text: str, folded: str, places: list[int], words: str, since: int, which: str) -> tuple[int, int]:
    wanted = fold(words)[0]
    found = []
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        if places[at] >= since:
            found.append((places[at], places[at + len(wanted) - 1] + 1))
        at = folded.find(wanted, at + 1)
    told = f"the task's {which} words {words!r}" if which else f"the task {words!r}"
    if not found:
        behind = " behind the first ones" if which == "last" else ""
        advice = "copy them from the column text" if which else "give it by its first and last words, as in 推进…平台。"
        raise NotCoded(f"{told} stand{'' if which else 's'} nowhere in the passage{behind}; {advice}")
    if len(found) > 1:
        at_border = [span for span in found if (_ends_here(text, span[1]) if which == "last" else _begins_here(text, span[0]))]
        if len(at_border) != 1:
            raise NotCoded(f"{told} stand{'' if which else 's'} {len(found)} times in the passage; write more of them")
        found = at_border
    return found[0]


def _begins_here(text: str, at: int) -> bool:
    return at == 0 or text[at - 1].isspace() or text[at - 1] in SENTENCE_END + CLOSING + "：:、.．"


def _ends_here(text: str, at: int) -> bool:
    return at == len(text) or text[at].isspace() or text[at] in SENTENCE_END + OPENING or text[at - 1] in SENTENCE_END and text[at:at + 1] not in "”’"


def fold(text: str) -> tuple[str, list[int]]:
    """The text without white space, width and kind of quotation marks, and where each of its characters stood."""
    folded, places = [], []
    for i, c in enumerate(text):
        for plain in unicodedata.normalize("NFKC", c).translate(_ALIKE).lower():
            if not plain.isspace() and plain != "¶":
                folded.append(plain)
                places.append(i)
    return "".join(folded), places


def read_units(cell: str, passage: Passage) -> list[UnitRead]:
    """市教委=lead；市财政局、市人社局=support. A name stands in the passage, or would with the prefix of another put back."""
    units = []
    folded, _ = fold(passage.text)
    for piece in filter(None, (piece.strip() for piece in _PIECES.split(cell))):
        names, equals, word = piece.replace("＝", "=").rpartition("=")
        role = ROLES.get(word.strip().lower())
        if not equals or role is None:
            problem = f"the role {word.strip()!r} is not known{did_you_mean(word.strip().lower(), list(ROLES))}" if equals else f"the unit {piece!r} has no role"
            raise NotCoded(f"{problem}; write it as 市教委=lead, with lead, responsible, support or implement")
        for a, b in split_outside_brackets(names, 0, len(names), "、"):
            name = names[a:b].strip()
            surface = _as_in(folded, name)
            if not surface:
                raise NotCoded(f"the unit {name!r} stands nowhere in the passage; write it as the plan does" if name else f"a unit's name is missing in {piece!r}")
            units.append(unit_in(name, role, passage.record, surface))
    return units


def _as_in(folded: str, name: str) -> str:
    """The part of a name that stands in the passage: all of it, or what follows a prefix that stands there too."""
    wanted = fold(name)[0]
    if wanted in folded:
        return name
    return next((name[k:] for k in range(1, len(name) - 1) if fold(name[k:])[0] in folded and fold(name[:k])[0] in folded), "")


def read_targets(cell: str, text: str, task: str | None) -> list[TargetRead]:
    """500门以上；80% copied from the passage, or >=500 where other words of the sentence make the comparator. A range,
    10—15家, is two."""
    targets = []
    for piece in filter(None, (piece.strip() for piece in _PIECES.split(cell))):
        values, place = _stated(piece), None
        if values is None:
            values, place = _quoted(piece, text)
        targets += [TargetRead(task, value, comparator, piece, place=place) for value, comparator in values]
    return targets


def _stated(piece: str) -> list[tuple[float, str]] | None:
    """>=500, >=1.5万, and a number alone, which is what a spreadsheet makes of =500."""
    match = _STATED.fullmatch(unicodedata.normalize("NFKC", piece))
    if not match or match["counter"] and not match["comparator"]:
        return None
    value = arabic_number(match["number"])
    return None if value is None else [(value, _COMPARATORS[match["comparator"] or "="])]


def _quoted(piece: str, text: str) -> tuple[list[tuple[float, str]], tuple[int, int]]:
    folded, places = fold(text)
    at = folded.find(fold(piece)[0])
    if at < 0:
        raise NotCoded(f"the target {piece!r} stands nowhere in the passage; copy it from there, or write it as >=500")
    start, end = places[at], places[at + len(fold(piece)[0]) - 1] + 1
    if bound := _BOUND_BEHIND.match(text, end) or _BOUND_BEFORE.search(text[max(0, start - 4):start]):
        raise NotCoded(f"the target {piece!r} stands in the passage with {bound[0]}; copy that too, or write it as =500 if it is no bound")
    read = read_number(text, start, end)
    if read is None:
        raise NotCoded(f"the target {piece!r} is no number with a counter; write it as >=500 (= >= > <= < ~)")
    return read.values, (start, end)
