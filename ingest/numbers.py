"""How Chinese official writing puts numbers: 1,000余个, 百分之八十, 8—10万人, 不少于500门, 提高到80%以上.

A counter that is missing is one word of COUNTERS. Whether a number is a target is `targets`' matter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

# 31千米 is 31 kilometres, not 31,000 metres. Bounded, and possessive where a row of digits could be taken apart: no number is tried at each of its digits.
_ARABIC = r"[0-9０-９]{1,12}+(?![0-9０-９])(?:[,，][0-9０-９]{3}(?![0-9０-９])){0,4}+(?:[.．][0-9０-９]{1,6}+(?![0-9０-９]))?[ ]?(?:[十百万亿]|千(?![米克])){0,2}"
_CHINESE_NUMBER = "[两二三四五六七八九十百千万亿零〇一]{1,8}"
# What is counted. A counter that is missing here is one word to add.
COUNTERS = (
    "微克/立方米|毫克/升|微克|毫克|分贝|个百分点|百分点|亿立方米|万立方米|立方米|平方公里|平方千米|平方米|万平方米|公里|千米|公顷|人次|人日|学时|课时|学分|万千瓦时|千瓦时|亿千瓦时|万千瓦|千瓦|兆瓦|"
    "吉瓦|Gbps|Mbps|GW|GWh|MWh|kWh|标准煤|吨标准煤|万吨|吨|千克|公斤|海里|米|亩|万亩|万元|亿元|万美元|亿美元|美元|元|人|名|位|户|家|所|门|条|座|项|件|套|具|把|节|堂|批|场次|场|期|届|处|辆|台套|台|艘|架|张|"
    "份|册|本|部|篇|种|例|支|只|头|尾|株|棵|枚|口|眼|盏|根|块|片|幅|组|队|站|点位|点|网点|间|栋|幢|层|班|列|对|款|笔|单|宗|起|"
    "节次|亩次|车次|路|类|只|道|段|款|首|柜|箱|瓶|桩|枪|口|双|羽|斤|克|帧|平方|㎡|MW|kW|km|家次|户次|批次|班次|人份|床位|张床位|车位|泊位|学位|岗位|颗|轮次|轮|剂次|架次|台次|辆次|标箱|千伏安|兆伏安|升|毫升|℃|摄氏度|PB|TB|GB|PFLOPS|EFLOPS|倍|万户|万人|万人次|万个|县|村|镇|乡|社区|街道|省份|省|市|国家|次|个")
_COUNTER = "|".join(sorted(COUNTERS.split("|"), key=len, reverse=True))
BEFORE = r"(?:[≥≤＞＜]=?|不少于|不低于|不小于|不得少于|不得低于|至少|不超过|不高于|不多于|不大于|不得超过|控制在|超过|突破|超|低于|少于|小于|高于|大于|约为|约|近|达到|达|稳定在|保持在)"
_CHANGE = r"(?:新增|新建|新改建|新改扩建|新认定|新培育|增加|增长|减少|下降|降低|压减|压缩|削减|提高|提升|缩短)"
AFTER = r"(?:及以上|以上|以内|之内|及以下|以下|左右|上下)"
_RANGE = r"[ ]?(?:-|—|－|–|~|～|至|到)[ ]?"
# The number with its counter; what stands before it is looked at backwards, so that text without digits is passed over fast.
CORE = re.compile(
    rf"(?:(?P<number>{_ARABIC})(?P<more>余|多)?\s{{0,3}}(?P<unit>[%％‰]|个?(?:学时|课时|百分点|床位|泊位|学位|车位|岗位|点位)|(?:{_COUNTER})(?:[（(][次套][）)])?)|百分之(?P<percent>{_CHINESE_NUMBER})"
    rf"|(?P<chinese>{_CHINESE_NUMBER})(?P<cunit>{_COUNTER}))"
    rf"(?:\s{{0,3}}(?P<after>{AFTER}))?")
_LOW = re.compile(rf"(?P<low>{_ARABIC})(?P<lowunit>[%％]|{_COUNTER})?{_RANGE}$")
_LEADS = re.compile(rf"(?P<change>{_CHANGE})?(?P<before>{BEFORE}(?:到|至)?)?(?P<change2>{_CHANGE})?$")
_GOES_ON = re.compile(rf"{_RANGE}[0-9０-９]{{1,12}}[十百千万亿]{{0,2}}(?:[%％]|{_COUNTER})")
_DIGIT = "0123456789０１２３４５６７８９"


_RANGE_ENDS = set("-—－–~～至到 ")
STOPS, CLAUSE_STOPS = "。；;！？\n", "。；;！？\n，,"
_STOP, _CLAUSE_STOP = re.compile(f"[{STOPS}]"), re.compile(f"[{CLAUSE_STOPS}]")
REACH = 160  # characters: a sentence longer than this is a list


class Number:
    """One number of a text with what stands before and behind it in its sentence."""

    __slots__ = ("_groups", "start", "end", "number_at", "clause_at", "sentence_at", "clause", "after")

    def __init__(self, text: str, begin: int, until: int, core: re.Match, stops: tuple[list[int], list[int]]) -> None:
        self._groups = core.groupdict()
        self.end = core.end()
        self.number_at = core.start()  # where the digits begin, of a range the first ones
        low = _LOW.search(text, max(begin, core.start() - 24), core.start()) if core["number"] and text[core.start() - 1:core.start()] in _RANGE_ENDS else None
        if low and not (low.start() > begin and text[low.start() - 1] in _DIGIT):
            self.number_at = low.start()
            self._groups["low"] = low["low"]
        leads = _LEADS.search(text, max(begin, self.number_at - 12), self.number_at)
        if leads:
            self._groups |= leads.groupdict()
        self.start = leads.start() if leads else self.number_at
        sentences, clauses = stops
        farthest = max(begin, self.start - REACH)
        self.clause_at = max(farthest, clauses[bisect_right(clauses, self.start) - 1])
        self.sentence_at = max(farthest, sentences[bisect_right(sentences, self.clause_at) - 1])
        self.clause = text[self.clause_at:self.start]
        self.after = text[self.end:min(until, self.end + 60)]

    def __getitem__(self, name: str) -> str | None:
        return self._groups.get(name)

    @property
    def counter(self) -> str | None:
        return self._groups["unit"] or self._groups["cunit"]


def segment(text: str, start: int, at: int, stops: str) -> int:
    """Where the stretch before `at` begins that holds none of `stops`; at most REACH characters are looked at."""
    start = max(start, at - REACH)
    for stop in stops:
        start = max(start, text.rfind(stop, start, at) + 1)
    return start


def iter_numbers(text: str, start: int, end: int) -> Iterator[Number]:
    """Every number with a counter between two offsets, targets or not."""
    at, stops = start, None
    while core := CORE.search(text, at, end):
        at = core.end()
        if core["number"] and core.start() > start and text[core.start() - 1] in _DIGIT:
            continue  # the tail of a longer row of digits
        if _GOES_ON.match(text, core.end(), end):
            continue  # 7座 of 7座至19座: the next number has it as its lower end
        # Where sentences and clauses begin is found once for all numbers of a stretch.
        stops = stops or tuple([start, *(stop.end() for stop in pattern.finditer(text, start, end))] for pattern in (_STOP, _CLAUSE_STOP))
        yield Number(text, start, end, core, stops)


COMPARATORS = (
    (">=", re.compile("≥|不少于|不低于|不小于|不得少于|不得低于|至少|以上")),
    ("<=", re.compile("≤|不超过|不高于|不多于|不大于|不得超过|以内|之内|以下|控制在")),
    (">", re.compile("＞|超过|突破|超|高于|大于|余|多")),
    ("<", re.compile("＜|低于|少于|小于")),
    ("~", re.compile("约|近|左右|上下")),
)


def comparator_of(marks: str) -> str:
    """以上 is >=, 不超过 is <=; no word at all is =."""
    return next((name for name, pattern in COMPARATORS if pattern.search(marks)), "=") if marks else "="
