"""How Chinese official writing numbers its headings: 一、 （一） 1. 3.2.1 行动一： … One form is one row of FORMS."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.numerals import chinese_number

_CN = "[一二三四五六七八九十百]{1,4}"
# Name, pattern (group `n` is the number) and rank: a form of lower rank usually stands above one of higher rank.
FORMS: tuple[tuple[str, str, int], ...] = (
    ("part", rf"第(?P<n>{_CN}|\d{{1,2}})(?:部分|章|节|篇|编)[ \u3000:：、]*", 0),  # 第一部分
    ("named", rf"(?:——|—|--|-)?[ \u3000]{{0,4}}(?:行动|任务|工程|专项行动|专项|举措|措施|专题|项目|计划|任务清单)[ \u3000]{{0,4}}(?P<n>{_CN}|\d{{1,3}})[ \u3000]{{0,4}}[:：、.．][ \u3000]{{0,4}}", 2),  # 行动一：
    ("chinese", rf"(?P<n>{_CN})[ \u3000]{{0,4}}[、．.][ \u3000]{{0,4}}", 1),  # 一、
    ("chinese_bracket", rf"[（(][ \u3000]{{0,4}}(?P<n>{_CN})[ \u3000]{{0,4}}[）)][ \u3000]{{0,4}}[、.．]?[ \u3000]{{0,4}}", 2),  # （一）
    ("decimal", r"(?P<n>\d{1,2}(?:[.．]\d{1,2}){1,4})[.．、]?[ \u3000]{0,4}(?![\d亿万千百元倍个米%％吨年版])", 3),  # 3.2.1
    ("arabic", r"(?P<n>\d{1,3})[ \u3000]{0,4}(?:[、．]|\\?\.(?!\d))[ \u3000]{0,4}", 4),  # 1.
    ("arabic_bracket", r"[（(][ \u3000]{0,4}(?P<n>\d{1,3})[ \u3000]{0,4}[）)][ \u3000]{0,4}[、.．]?[ \u3000]{0,4}", 5),  # （1）
    ("arabic_half", r"(?P<n>\d{1,2})[)）][ \u3000]{0,4}", 6),  # 1)
    ("plain", r"(?P<n>\d{1,2})[ \u3000]{1,2}(?=[\u4e00-\u9fff]{2,20}$)(?![个名家所项条件次])", 1),  # 1 工作目标, alone on its line
    ("dash", r"(?:——|－－|--)(?P<n>)[ \u3000]{0,2}(?=[\u4e00-\u9fff“《])", 5),  # ——推进国土绿化。
    ("circled", r"(?P<n>[①-⑳])[ \u3000]{0,4}", 7),  # ①
)
RANKS = {name: rank for name, _, rank in FORMS}
_MARKDOWN = r"(?P<mark>#{1,6}[ \u3000]{1,4}|[-*+][ \u3000]{1,4})?(?P<bold>\*\*|__)?(?P<escape>\\(?=[\[(（]))?"
NUMBER = re.compile(_MARKDOWN + "(?:" + "|".join(rf"(?P<{name}>{pattern.replace('(?P<n>', f'(?P<n_{name}>')})" for name, pattern, _ in FORMS) + ")")
MARK = re.compile(r"(?P<mark>#{1,6})[ \u3000]+|(?P<bold>\*\*|__)(?=[^*_\n]{2,60}(?:\*\*|__)[ \u3000]*$)")
# 一是 stands in goals; 3.1 and 一、 and （四） may follow a clause without a line break.
ITEM = re.compile(rf"(?P<n>{_CN})(?:是|要)(?![否不])")
RUN_ON = re.compile(rf"(?:{_CN}、|[（(]{_CN}[）)]|\d{{1,2}}[.．、](?!\d)|\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}}|第{_CN}(?:部分|章|节)|(?:行动|任务|工程|专项|举措|措施){_CN}[:：])")
EMBEDDED = re.compile(rf"(?<=[^\s、，。；：:（(])[（(](?:{_CN})[）)](?=[^\s、，。；）)])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at the beginning of a paragraph."""

    form: str  # a name of FORMS; a decimal's form says its depth: decimal3
    value: int  # the last component: 1 of 3.2.1
    chapter: int | None  # the first component of a decimal: 3 of 3.2.1
    start: int  # behind markdown's marks
    end: int  # where the heading's words begin
    bold: bool


def match_number(text: str, start: int, end: int) -> Number | None:
    """`（三）`, `3.2.1.`, `**1.`, `行动一：`; near misses: 2018年, 1.5亿元, 3个."""
    match = NUMBER.match(text, start, end)
    if not match or match.end() >= end:
        return None
    form = match.lastgroup if match.lastgroup in RANKS else next(name for name, _, _ in FORMS if match[name])
    digits = match[f"n_{form}"]
    chapter = None
    if form == "decimal":
        parts = re.split("[.．]", digits)
        form, value, chapter = f"decimal{len(parts)}", int(parts[-1]), int(parts[0])
    elif form == "circled":
        value = ord(digits) - ord("①") + 1
    else:
        value = int(digits) if digits.isdigit() else chinese_number(digits) or 0
    begin = match.start()
    for group in ("mark", "bold", "escape"):
        if match[group]:
            begin = match.end(group)
    return Number(form, value, chapter, begin, match.end(), bool(match["bold"]))


def rank(form: str) -> int:
    """Where a form usually stands, from the outside in."""
    return RANKS["decimal"] if form.startswith("decimal") else RANKS.get(form, 0)
