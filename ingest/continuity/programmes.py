"""Names of programmes, platforms and documents, and which of them are one line under several names.

`programmes.csv` lists names that stand for one another in the plans of all places. What a document shortens by 以下简称 is
known from its mentions, under the full name; other names that it puts in brackets are known where the table has them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from graph.ids import squeeze
from graph.records import DocumentRecord
from ingest.labels import NO_PROGRAMME
from ingest.shipped_table import ShippedTable

_SHIPPED = ShippedTable(Path(__file__).with_name("programmes.csv"), ("name", "names", "source"))
_QUOTED = re.compile(r"“([^”\n]{3,20})”")
_OTHER = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
# What a later name of the same line adds: 工程2.0, （第三轮）, 2021年
_EDITION = re.compile(r"(?:\d\.\d|第[一二三四五六七八九十]+[轮批期届次]|[一二三四五六七八九十]期|(?:19|20)\d\d年?(?:度)?|试行|暂行|修订版?|征求意见稿)+$|^(?:19|20)\d\d年?(?:度)?")
_MARKS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9.]")  # the stop of 2.0 stays until the edition is found
_SHORTEST = 3
# What is quoted in the plans of all places and names no line of work, and units with a short name of their own.
_PHRASES = frozenset("十二五 十三五 十四五 十五五 互联网 回头看 黑名单 红名单 白名单 红黑榜 一张图 一张网 一本账 一盘棋 一件事 一把手 最后一公里 放管服 零容忍 全链条 全覆盖 一企一策 一户一策 一人一档 一户一档".split())
_UNIT = re.compile(r"(?:部门|单位|委员会|办公室|管委会)$|^[市省区县].{1,5}[办局委]$")
_ALIAS = re.compile(r"[简统]称[:：]?$")


def bare(text: str) -> str:
    """The text without marks and white space, in one width and case."""
    return _OTHER.sub("", squeeze(text)).lower()


def key_of(name: str) -> str:
    """What the editions of a name share: 教师能力提升工程2.0 and 教师能力提升工程 have one key."""
    return bare(_EDITION.sub("", _MARKS.sub("", squeeze(name))))


@cache
def _lines() -> tuple[dict[str, str], re.Pattern]:
    """Bare name to the first name of its line, and all of them as a pattern."""
    table: dict[str, str] = {}
    for _, (first, others, _) in _SHIPPED.iter_rows(_SHIPPED.read()):
        for name in [first, *re.split("[；;]", others)]:
            table[bare(name)] = bare(first)
    return table, re.compile("|".join(sorted(table, key=lambda name: (-len(name), name))))


def lines_of(words: str) -> dict[str, str]:
    """The lines of programmes.csv that bare words hold: first name to the name that stands there."""
    table, pattern = _lines()
    return {table[m[0]]: m[0] for m in reversed(list(pattern.finditer(words)))}


def names_of(record: DocumentRecord) -> list[dict[str, str]]:
    """Of each task the programmes, platforms and documents that it names: key to the name as the record has it."""
    places = {task.id: k for k, task in enumerate(record.tasks)}
    found: list[dict[str, str]] = [{} for _ in record.tasks]
    for mention in record.mentions:
        if mention.kind in ("policy", "programme") and mention.task in places:
            _add(found[places[mention.task]], mention.name)
    for k, task in enumerate(record.tasks):
        words = " ".join([*task.path[-1:], task.text])
        for match in _QUOTED.finditer(words):
            if not NO_PROGRAMME.search(match[1]) and not _ALIAS.search(words, 0, match.start()):
                _add(found[k], match[1])
    return found


def _add(names: dict[str, str], name: str) -> None:
    key = key_of(name)
    if len(key) >= _SHORTEST and key not in _PHRASES and not _UNIT.search(key):
        names.setdefault(key, name)


def find_bare(name: str, words: str) -> bool:
    """Whether words hold a name, marks and white space aside."""
    return key_of(name) in bare(words)
