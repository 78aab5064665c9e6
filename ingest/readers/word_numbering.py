"""The numbers that Word writes before paragraphs: numbering.xml (numFmt, lvlText, start, restarts) and styles.xml.

A document holds 一、 only as "list 3, level 0"; this counts as Word does and spells as Word spells. From ECMA-376
part 1, 17.9; what Word does where it is silent is said at the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFF = ("0", "false", "off", "none")
_DIGITS = "〇一二三四五六七八九"


@dataclass(slots=True)
class Level:
    """One level (0 to 8) of a list."""

    format: str = "decimal"
    text: str = ""  # 第%1章, %1.%2
    start: int = 1
    restart: int | None = None  # the 1-based level whose use begins this one anew; 0: none; None: any above
    legal: bool = False  # isLgl: every number of it in Arabic digits
    style: str | None = None  # the paragraph style that stands on this level
    is_close: bool = False  # suff is nothing: the words follow without a space or tab


@dataclass(slots=True)
class List:
    """One w:num: levels and the counters that it shares with the other lists of one abstract list."""

    abstract: str
    levels: dict[int, Level]
    start_overrides: dict[int, int] = field(default_factory=dict)


def value(element: Any, name: str) -> str | None:
    """w:val of a child."""
    child = element.find(W + name) if element is not None else None
    return child.get(W + "val") if child is not None else None


def whole(element: Any, name: str) -> int | None:
    """w:val of a child as a number; None where there is none."""
    words = value(element, name) or ""
    return int(words) if re.fullmatch(r"-?\d{1,9}", words) else None


def is_on(element: Any, name: str) -> bool | None:
    """A switch such as w:vanish; None where it is not set."""
    child = element.find(W + name) if element is not None else None
    return None if child is None else child.get(W + "val", "1").lower() not in _OFF


class Styles:
    """styles.xml: what a paragraph or run has from its style and those that it is based on."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(W + "styleId"): style for style in root.iter(W + "style")} if root is not None else {}
        self.default = next((name for name, style in self._styles.items() if style.get(W + "type") == "paragraph"
                             and style.get(W + "default", "0").lower() not in _OFF), None)

    def chain(self, name: str | None) -> list[Any]:
        """The style and those below it, the nearest first; a circle ends where it closes."""
        found: list[Any] = []
        while (style := self._styles.get(name)) is not None and style not in found:
            found.append(style)
            name = value(style, "basedOn")
        return found

    def is_hidden(self, name: str | None) -> bool:
        return next((hidden for style in self.chain(name) if (hidden := is_on(style.find(W + "rPr"), "vanish")) is not None), False)

    def is_contents(self, name: str | None) -> bool:
        """Whether a paragraph of this style is a line of the table of contents, which repeats every heading."""
        return bool(re.match(r"(?i)toc \d$|table of figures$", value(self._styles.get(name), "name") or ""))

    def numbering_of(self, name: str | None) -> tuple[str | None, int | None, str | None]:
        """List, level and the style that names the list."""
        level = None
        for style in self.chain(name):
            properties = style.find(W + "pPr")
            numbering = properties.find(W + "numPr") if properties is not None else None
            if numbering is not None:
                level = whole(numbering, "ilvl") if level is None else level
                if (found := value(numbering, "numId")) is not None:
                    return found, level, style.get(W + "styleId")
        return None, None, None


class Numbering:
    """Counts through one document; `label` is asked for each paragraph once, in their order."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._lists = _read_lists(root, styles) if root is not None else {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, properties: Any) -> str:
        """The number of a paragraph with these w:pPr, with what parts it from the words; empty where it has none."""
        found = self._place(properties)
        if found is None:
            return ""
        number, depth = found
        numbered = self._lists[number]
        self._count(number, numbered, depth)
        level = numbered.levels[depth]
        if level.format == "bullet":
            # A dash of two is a way to number (——推进绿化); other bullets are signs of a symbol font.
            return level.text if re.fullmatch("——|--|－－", level.text) else ""
        label = re.sub(r"%([1-9])", lambda match: self._spell(numbered, int(match[1]) - 1, level.legal), level.text)
        # The tab behind a number only sets the words off; without it 第一章总则 and 1.5G would run together.
        return label if not label or level.is_close or label[-1] in "、，．。：:）)〕】》—-－" else f"{label} "

    def _place(self, properties: Any) -> tuple[str, int] | None:
        style = value(properties, "pStyle") or self._styles.default
        numbering = properties.find(W + "numPr") if properties is not None else None
        number, level = value(numbering, "numId"), whole(numbering, "ilvl")
        depth = level or 0
        if number is None:
            number, styled, owner = self._styles.numbering_of(style)
            if number is not None and level is None:
                # 17.9.23: in a style the level is the one that names the style; Word takes ilvl where none does.
                levels = self._lists[number].levels if number in self._lists else {}
                named = [at for name in (style, owner) for at, found in levels.items() if found.style == name]
                depth = named[0] if named else styled or 0
        if number not in self._lists or depth not in self._lists[number].levels:
            return None
        return number, depth

    def _count(self, number: str, numbered: List, depth: int) -> None:
        counters = self._counters.setdefault(numbered.abstract, {})
        for at in range(depth + 1):  # a list begins anew once, at the first paragraph that uses it
            if at in numbered.start_overrides and (number, at) not in self._begun:
                self._begun.add((number, at))
                counters[at] = numbered.start_overrides[at] - 1
        for at in range(depth):  # 1.1 under no 1: Word shows the level above at its start
            counters.setdefault(at, numbered.levels[at].start if at in numbered.levels else 1)
        counters[depth] = counters.get(depth, numbered.levels[depth].start - 1) + 1
        for at in [at for at in counters if at > depth]:
            restart = numbered.levels[at].restart if at in numbered.levels else None
            if restart is None or depth < restart:
                del counters[at]

    def _spell(self, numbered: List, at: int, legal: bool) -> str:
        level = numbered.levels.get(at, Level())
        number = self._counters[numbered.abstract].get(at, level.start)
        return spell(number, "decimal" if legal and level.format != "decimalZero" else level.format)


def _read_lists(root: Any, styles: Styles) -> dict[str, List]:
    abstracts = {abstract.get(W + "abstractNumId"): abstract for abstract in root.iter(W + "abstractNum")}
    by_style = {value(abstract, "styleLink"): name for name, abstract in abstracts.items() if value(abstract, "styleLink")}
    lists = {}
    for num in root.iter(W + "num"):
        name = value(num, "abstractNumId")
        if name not in abstracts:
            continue
        if (link := value(abstracts[name], "numStyleLink")) in by_style:  # a list style: its levels are defined elsewhere
            name = by_style[link]
        levels = {depth: _read_level(level) for level in abstracts[name].findall(W + "lvl") if (depth := _depth(level)) is not None}
        numbered = List(name, levels)
        for override in num.findall(W + "lvlOverride"):
            depth = _depth(override)
            if depth is None:
                continue
            if (level := override.find(W + "lvl")) is not None:
                levels[depth] = _read_level(level)
            if (start := whole(override, "startOverride")) is not None:
                numbered.start_overrides[depth] = start
        lists[num.get(W + "numId")] = numbered
    return lists


def _depth(element: Any) -> int | None:
    depth = element.get(W + "ilvl", "")
    return int(depth) if depth.isdigit() and int(depth) < 9 else None


def _read_level(level: Any) -> Level:
    # Formats newer than Word 2007 stand in mc:Choice, with one that all know in mc:Fallback.
    known = next((found for found in (level.find(W + "numFmt"), level.find(f"{MC}AlternateContent/{MC}Fallback/{W}numFmt")) if found is not None), None)
    return Level(
        known.get(W + "val", "decimal") if known is not None else "decimal", value(level, "lvlText") or "", whole(level, "start") or 0,
        whole(level, "lvlRestart"), bool(is_on(level, "isLgl")), value(level, "pStyle"), value(level, "suff") == "nothing")


def spell(number: int, form: str) -> str:
    """A number as one of Word's forms (ST_NumberFormat); forms of other languages in Arabic digits."""
    if form in _SIGNS and 1 <= number <= len(_SIGNS[form]):
        return _SIGNS[form][number - 1]
    return _SPELLINGS.get(form, str)(number)


def _positional(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _counting(number: int) -> str:
    """十二, 九十九; from 100 on Word writes the digits: 一〇五."""
    return _thousands(number) if 0 < number < 100 else _positional(number).replace("〇", "○" if number > 9 else "〇")


def _thousands(number: int, digits: str = _DIGITS, units: tuple[str, ...] = ("", "十", "百", "千"), ten: str = "十") -> str:
    """一百零五, 二千零二十. 十 alone in the tens is 十, not 一十."""
    if not 0 < number < 10_000:
        return _positional(number) if number else "零"
    words, gap = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10 ** place % 10
        if digit:
            words += ("零" if gap and words else "") + digits[digit] + units[place]
        gap = not digit
    return ten + words[2:] if number < 20 and words.startswith(digits[1] + units[1]) else words


def _japanese(number: int) -> str:
    """百五, 千百: no 零, and 一 only as the last digit."""
    if not 0 < number < 10_000:
        return _positional(number)
    places = [(number // 10 ** place % 10, unit) for place, unit in ((3, "千"), (2, "百"), (1, "十"), (0, ""))]
    return "".join(("" if digit == 1 and unit else _DIGITS[digit]) + unit for digit, unit in places if digit)


def _legal(number: int) -> str:
    return _thousands(number, "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), "壹拾")


def _legal_traditional(number: int) -> str:
    return _thousands(number, "零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟"), "壹拾")


def _letters(number: int) -> str:
    """Word repeats the letter: Z, AA, BB."""
    return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 50) if number > 0 else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 4_000:
        return str(number)
    words = ""
    for sign, worth in zip("M CM D CD C XC L XL X IX V IV I".split(), (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), strict=True):
        words += sign * (number // worth)
        number %= worth
    return words


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in str(number))


_CIRCLED = "".join(map(chr, [*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)]))
_SIGNS = {
    "decimalEnclosedCircle": _CIRCLED,  # ①
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedFullstop": "".join(map(chr, range(0x2488, 0x249C))),  # ⒈
    "decimalEnclosedParen": "".join(map(chr, range(0x2474, 0x2488))),  # ⑴
    "ideographEnclosedCircle": "".join(map(chr, range(0x3280, 0x328A))),  # ㊀
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_SPELLINGS = {
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _thousands,
    "taiwaneseCountingThousand": _thousands,
    "ideographDigital": _positional,
    "taiwaneseDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal_traditional,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalZero": "{:02d}".format,
    "numberInDash": "- {} -".format,
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "none": lambda number: "",
}
