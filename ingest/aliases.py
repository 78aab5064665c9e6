"""Short names that a document sets up: 《…规划》（以下简称《规划》）, “三个课堂”（专递课堂、名师课堂、名校网络课堂）.

An alias holds within its document, from where it is set up on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.mentions import Mention

_SHORT = re.compile(r"[（(](?:以下|下文|后文|下)?(?:均|统|合|并)?[简统]称(?:为)?[:：]?[ ]?[“\"《]?(?P<alias>[^“”\"《》（）()，。；\n]{2,20})[”\"》]?(?:，下同)?[）)]")
# What may stand between a name and the bracket: its number, an issuer's bracket
_BETWEEN = re.compile(r"(?:[”\"》]|[（(][^（）()\n]{1,30}[）)]|等文件|活动|工程|行动)*")
_LISTED = re.compile(r"[”\"](?:[\u4e00-\u9fff]{0,4})[（(](?P<items>[\u4e00-\u9fff]{3,10}(?:[、，和及][\u4e00-\u9fff]{3,10})+)[）)]")
_PLAIN_FROM = {"programme": 4, "unit": 3}  # characters: shorter aliases (平台, 中心) are words of the language


@dataclass(frozen=True, slots=True)
class Alias:
    """`words` mean the thing of `name` from `since` on."""

    words: str
    kind: str  # policy, programme, unit
    name: str
    since: int
    set_up: tuple[int, int]  # the words that set it up: no mention by itself


def find_aliases(text: str, start: int, end: int, mentions: list[Mention]) -> list[Alias]:
    """The aliases that a stretch sets up; `mentions` are those found in it. Near miss: （以下简称“平台”） behind no name."""
    found = []
    for match in _SHORT.finditer(text, start, end):
        before = [m for m in mentions if m.end <= match.start() and match.start() - m.end <= 40 and _BETWEEN.fullmatch(text, m.end, match.start())]
        if before:
            owner = max(before, key=lambda m: (m.end, m.end - m.start))
            found.append(Alias(match["alias"].strip(), owner.kind, owner.name, match.end(), match.span()))
    for match in _LISTED.finditer(text, start, end):
        owner = next((m for m in mentions if m.kind == "programme" and m.start < match.start() + 1 <= m.end), None)
        items = re.split("[、，和及]", match["items"])
        # 专递课堂 and 名师课堂 are 课堂 as the programme is; near miss: “双减”（作业、校外培训）
        if owner and all(item[-2:] == owner.name[-2:] for item in items):
            found += [Alias(item, "programme", owner.name, match.start(), (0, 0)) for item in items]
    return found


def places_of(text: str, alias: Alias, end: int) -> list[tuple[int, int]]:
    """Where an alias stands from its setting up on: 《规划》 for a policy, quoted or of some length for the others."""
    words = re.escape(alias.words)
    if alias.kind == "policy":
        pattern = rf"《{words}》"
    elif len(alias.words) >= _PLAIN_FROM[alias.kind]:
        pattern = rf"[“\"]?{words}[”\"]?"
    else:
        pattern = rf"[“\"]{words}[”\"]"
    return [match.span() for match in re.compile(pattern).finditer(text, alias.since, end)]
