"""Short names that a document sets up: 《…规划》（以下简称《规划》）, “三个课堂”（专递课堂、名师课堂、名校网络课堂）.

An alias holds within its document, from where it is set up on.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.layout import longest_of

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


_REACH = 40  # characters between a name and the bracket that shortens it


def _end(mention: Mention) -> int:
    return mention.end


def find_aliases(text: str, start: int, end: int, mentions: list[Mention]) -> list[Alias]:
    """The aliases that a stretch sets up; `mentions` are those found in it. Near miss: （以下简称“平台”） behind no name."""
    found = []
    by_end = sorted(mentions, key=_end)
    for match in _SHORT.finditer(text, start, end):
        near = by_end[bisect_left(by_end, match.start() - _REACH, key=_end):bisect_right(by_end, match.start(), key=_end)]
        before = [m for m in near if _BETWEEN.fullmatch(text, m.end, match.start())]
        if before:
            owner = max(before, key=lambda m: (m.end, m.end - m.start))
            found.append(Alias(match["alias"].strip(), owner.kind, owner.name, match.end(), match.span()))
    for match in _LISTED.finditer(text, start, end):
        k = bisect_left(by_end, match.start() + 1, key=_end)
        owner = next((m for m in by_end[k:k + 3] if m.kind == "programme" and m.start <= match.start()), None)
        items = re.split("[、，和及]", match["items"])
        # 专递课堂 and 名师课堂 are 课堂 as the programme is; near miss: “双减”（作业、校外培训）
        if owner and all(item[-2:] == owner.name[-2:] for item in items):
            found += [Alias(item, "programme", owner.name, match.start(), (0, 0)) for item in items]
    return found


def find_uses(text: str, aliases: list[Alias], end: int) -> Iterator[tuple[int, int, Alias]]:
    """Where aliases stand from their setting up on: 《规划》 for a policy, quoted or of some length for the others.

    Of several that are set up under the same words the last one before a place counts.
    """
    by_words: dict[str, list[Alias]] = {}
    for alias in sorted(aliases, key=lambda alias: alias.since):
        by_words.setdefault(alias.words, []).append(alias)
    if not by_words:
        return
    since = min(alias.since for alias in aliases)
    for match in longest_of(by_words).finditer(text, since, end):
        listed = by_words[match[0]]
        k = bisect_right(listed, match.start(), key=lambda alias: alias.since) - 1
        if k < 0:
            continue
        alias, (a, b) = listed[k], match.span()
        opening, closing = text[a - 1:a], text[b:b + 1]
        if alias.kind == "policy":
            if opening == "《" and closing == "》":
                yield a - 1, b + 1, alias
        elif opening in ("“", '"') and closing in ("”", '"'):
            yield a - 1, b + 1, alias
        elif len(alias.words) >= _PLAIN_FROM[alias.kind]:
            yield a, b, alias
