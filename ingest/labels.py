"""The labels of a clause: 责任单位：, 牵头处室：, 完成时限：. A new one is one word here."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What a label says of the units behind it. `person` units are never stored; `time` is a deadline.
_OFFICES = ("单位", "部门", "处室", "科室", "股室", "司局", "机构", "主体", "中心", "处", "科")
_STEMS: dict[str, tuple[str, ...]] = {
    "lead": ("牵头", "主办", "主责", "总牵头", "牵头责任", "责任牵头", "主要责任", "主要负责", "第一责任", "牵头负责"),  # 牵头单位：市教育局
    "responsible": ("责任", "负责", "承办", "承担", "具体责任", "具体负责", "完成", "分工"),  # 责任单位：市教育局; near miss: 责任领导
    "support": ("配合", "协办", "协助", "协同", "协作", "支撑", "支持", "参与", "参加", "会同", "责任配合", "其他责任", "其它责任"),  # 配合单位：市财政局
    "implement": ("落实", "实施", "组织实施", "组织落实"),  # 落实单位：各区政府
}
_OTHERS: dict[str, str] = {
    **dict.fromkeys(["责任分工", "任务分工", "工作分工", "部门分工", "分工", "责任"], "responsible"),
    # a person: the name behind it is not stored
    **dict.fromkeys(["责任领导", "分管领导", "牵头领导", "责任人", "负责人", "联系人", "包抓领导", "挂钩领导", "责任校领导", "牵头人", "牵头市领导", "分管负责人", "责任人员"], "person"),
    # a time: 完成时限：2025年6月底前
    **dict.fromkeys(["完成时限", "完成时间", "时限要求", "时间要求", "工作时限", "办理时限", "完成期限", "时间节点", "时限", "进度安排", "进度要求", "时间安排"], "time"),
}
# The verbs that end a group of units: 市财政局配合. What each says is a row of ROLE_WORDS in units.
ROLE_VERBS = "牵头|负责|配合|落实|实施|主办|协办|协助|协同|参与|参加|支撑|支持"
# Bare role words count as labels only before a colon: 牵头：市教育局；配合：市财政局
BARE_LABELS = {"牵头": "lead", "主办": "lead", "主责": "lead", "负责": "responsible", "配合": "support", "协办": "support",
               "参与": "support", "支撑": "support", "落实": "implement"}
_ROLES = {stem + office: role for role, stems in _STEMS.items() for stem in stems for office in _OFFICES} | _OTHERS | BARE_LABELS


def role_of(label: str | None) -> str | None:
    """What a label says of the units behind it; person and time are no units."""
    return _ROLES.get(label) if label else None


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# Stem and office apart: an alternation of all their pairs would be tried word by word at every character.
_PAIRED = f"(?:{_any_of(stem for stems in _STEMS.values() for stem in stems)})(?:{_any_of(_OFFICES)})"
_LABEL = f"{_PAIRED}|{_any_of(_OTHERS)}"
# **责任单位：** with markdown's stars; the colon may stand outside them
LABEL = re.compile(rf"[*＊【\[]*(?P<label>{_LABEL})[*＊】\]]*\s{{0,4}}[:：][*＊\s]{{0,8}}|(?P<spaced>{_LABEL})[ \u3000]{{1,8}}(?=\S)")
INNER_LABEL = re.compile(rf"(?P<label>{_LABEL}|{_any_of(BARE_LABELS)})\s{{0,4}}[:：]\s{{0,4}}")
# 牵头：监管处；配合：综合处 as a clause's beginning; near miss: 落实：…要求 is a sentence, so what follows must be a unit
BARE_LABEL = re.compile(rf"[*＊【\[]*(?P<label>{_any_of(BARE_LABELS)})[*＊】\]]*\s{{0,4}}[:：]\s{{0,4}}")
TAIL_LABEL = re.compile(rf"(?<=[。；;！])[ \u3000]{{0,8}}[*＊]*(?P<label>{_LABEL})[*＊]*\s{{0,4}}[:：]")
UNIT_LABEL = re.compile(rf"(?:{_PAIRED}|责任分工|任务分工)[*＊】\]]*\s{{0,4}}[:：]")

# Quoted words that name no programme: regions, periods, slogans.
NO_PROGRAMME = re.compile(r"^(?:三区三州|十[一二三四五六七]五|四个|两个|三个(?!课堂)|五个|一带一路|两山|双碳|放管服|市-|市—|以下简称|\d|互联网\+?$|一老一小|三农$|[^”]{1,3}$|.*[，。；].*)|(?:理念|原则|意识|自信|维护|战略|要求|目标|精神|总体思路)$")
