"""The numbers that a plan sets as something to reach, with object, year and comparator.

The number grammar stands in `numbers`, what is no target although it is a number in `targets`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from ingest.documents import Document
from ingest.layout import mend, trim
from ingest.numbers import AFTER, BEFORE, CLAUSE_STOPS, CORE, REACH, Number, comparator_of, iter_numbers, segment
from ingest.numerals import arabic_number, chinese_number
from ingest.spans import documents_of, facts_in, text_of, write_spans
from ingest.targets import is_target

# 新增 sets a change; near miss: 新建项目16个, where it only says which projects
_CHANGES = re.compile(r"新增|增加(?!值)|增长(?!率|极|点)|减少|下降|降低|压减|削减|缩短|压缩|净增|提高(?=\d|了|约|到?[^到]{0,4}个百分点)")
_NEW = re.compile(r"(?:全年|年内|计划|共|力争)?新(?:建|改建|改扩建|认定|培育)(?!项目)")
_AT_LEAST = re.compile(r"(?:至少|不少于)[\u4e00-\u9fff（）()]{1,16}$")
_BOUND_APART = re.compile(r"(不超过|不高于|不低于|不少于)(?:[\u4e00-\u9fff]{1,12}的|每[\u4e00-\u9fff]{1,4})$")
_POWER = re.compile("[十百千万亿]+$")
_NO_NOUN = re.compile("以上|并|且|左右")
_VERB_BEHIND = re.compile("(?<=..)(?:开展|完成|使用|设立|设置|纳入|推出|增设|实现|建设|参与)")
_STARTS_FROM = re.compile(r"[由从][^，。；]{0,12}$")
_YEAR_IN = re.compile(r"(?:到|至)?(?P<y>20\d\d)年(?:底|末|年底)?(?P<by>前|之前|底|末|以前)?")


@dataclass(slots=True)
class Indicator:
    """One number with its quote; a range has two values in one quote."""

    start: int
    end: int
    values: list[tuple[float, str]]  # value and comparator
    unit: str
    object: str
    change: bool
    year: int | None  # the year that the sentence states


@dataclass(slots=True)
class Unread:
    """A target that the number grammar does not give: 翻一番, 零新增."""

    start: int
    end: int


_UNREAD = re.compile(r"翻[一两]番|翻番|零新增|零增长|倍增")


def find_indicators(text: str, start: int, end: int, since: int | None = None) -> list[Indicator]:
    """The targets of one task or goal.

    `认定500门以上`, `达到80%`, `两批350个`; near misses: 2018年, 第二批, 5G, 四川、云南、甘肃三省, 接入带宽10M以上的.
    A sentence of a year before `since`, the plan's first, tells the past.
    """
    if mended := mend(text, start, end):
        flat, places = mended
        found = find_indicators(flat, 0, len(flat), since)
        for indicator in found:
            indicator.start, indicator.end = places[indicator.start], places[indicator.end - 1] + 1
        return found
    found = []
    quoted = _quoted(text, start, end)
    k = 0
    for match in iter_numbers(text, start, end):
        while k < len(quoted) and quoted[k][1] <= match.start:
            k += 1
        if k < len(quoted) and quoted[k][0] <= match.start or not is_target(text, start, end, match, since):
            continue
        found.append(_read(text, start, end, match))
    for match in _COEFFICIENT.finditer(text, start, end):
        marks = (match["before"] or "") + (match["after"] or "")
        found.append(Indicator(*trim(text, match.start("quoted"), match.end()), [(float(match["number"]), comparator_of(marks))], "", match["object"], False, _stated_year(text, start, match.start())))
    _share_endings(text, found)
    return sorted(found, key=lambda indicator: indicator.start)


# A number without a counter: 农田灌溉水有效利用系数提高到0.574以上
_COEFFICIENT = re.compile(rf"(?P<object>[\u4e00-\u9fff]{{0,12}}(?:系数|指数))(?P<quoted>(?:提高|提升|稳定|保持|控制|降低|下降)?(?:到|至|在)?(?P<before>{BEFORE})?(?:到|至)?(?P<number>\d{{1,3}}\.\d{{1,4}})(?![\d%％\u4e07])(?P<after>{AFTER})?)")



def read_number(text: str, start: int, end: int) -> Indicator | None:
    """The first number with a counter between two offsets, whether the plan's grammar takes it for a target or not."""
    match = next(iter_numbers(text, start, end), None)
    return _read(text, start, end, match) if match else None


_NAMED = re.compile(r"“[^“”\n]{0,80}”|《[^《》\n]{0,100}》|\"[^\"\n]{1,40}\"|〔[^〔〕\n]{0,20}〕")


def _quoted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches in “…” and 《…》: numbers inside names are no targets."""
    return [(m.start(), m.end()) for m in _NAMED.finditer(text, start, end)]


def _read(text: str, start: int, end: int, match: Number) -> Indicator:
    a, b = match.start, match.end
    unit = match.counter or "%"
    value = (arabic_number(match["number"]) if match["number"] else chinese_number(match["percent"] or match["chinese"])) or 0
    unit = {"％": "%"}.get(unit, unit)
    for power, factor in (("亿", 1e8), ("万", 1e4)):
        if unit.startswith(power) and len(unit) > 1:
            unit, value = unit[1:], value * factor
    if unit.startswith("个") and unit not in ("个", "个百分点"):
        unit = unit[1:]
    marks = (match["before"] or "") + (match["after"] or "") + (match["more"] or "")
    comparator = comparator_of(marks)
    if comparator == "=" and _AT_LEAST.search(text, max(start, a - 20), a):
        comparator = ">="  # 至少培育1家
    elif comparator == "=" and (apart := _BOUND_APART.search(text, max(start, a - 24), a)):
        comparator = comparator_of(apart[1])  # 不超过服务总人数的60%
    change = _is_change(match, unit)
    values = [(float(value), comparator)]
    if match["low"]:
        low = arabic_number(match["low"]) or 0
        # 8—10万人: the multiplier at the end counts for both
        if match["number"] and (power := _POWER.search(match["number"])) and not _POWER.search(match["low"]):
            low = arabic_number(match["low"] + power[0]) or 0
        values = [(low, ">="), (float(value), "<=")]
    a, b = trim(text, a, b)
    return Indicator(a, b, values, unit, _object(text, start, end, a, b, unit, match.clause_at), change, _stated_year(text, start, a))


def _is_change(match: Number, unit: str) -> bool:
    """新增1000万个, 新建高标准农田1.8万亩, 下降10%; near misses: 新建项目16个, 改造提升0.6万亩, 提高到80%."""
    word = match["change"] or match["change2"] or ""
    clause = match.clause + (match["change"] or "")
    before = match["before"] or ""
    if (clause + before)[-1:] in ("到", "至") or "到" in before or "至" in before:
        return False
    if word in ("提高", "提升"):
        return unit in ("%", "百分点", "个百分点")
    if word or _CHANGES.search(clause):
        return True
    return unit != "%" and bool(_NEW.match(clause))


def _stated_year(text: str, start: int, at: int) -> int | None:
    """The year by which, as the sentence says before the number: 到2025年底, 2026年底前."""
    if text.find("年", max(start, at - REACH), at) < 0:
        return None
    begin = segment(text, start, at, "。！？\n")
    clause = segment(text, start, at, CLAUSE_STOPS)
    years = [m for m in _YEAR_IN.finditer(text, begin, at)
             if (m["by"] or text[m.start()] in "到至" or m.start() >= clause and not re.match(r"度|《", text[m.end():m.end() + 1]) and text[m.start() - 1:m.start()] not in ("较", "比", "“")) and not re.match(r"(?:建成|完工|建造|交付|竣工)的", text[m.end():m.end() + 3])]
    return int(years[-1]["y"]) if years else None


def _share_endings(text: str, found: list[Indicator]) -> None:
    """分别达到80%、50%以上 and 分别不少于6家、9家: the comparator at one end of a list holds for all of it."""
    runs: list[list[Indicator]] = []
    for indicator in found:
        last = runs[-1][-1] if runs else None
        if last and text[last.end:indicator.start] in ("、", "和", "，", "及", "、和") and last.unit == indicator.unit:
            runs[-1].append(indicator)
        else:
            runs.append([indicator])
    for run in runs:
        if len(run) < 2 or "分别" not in text[max(0, run[0].start - 12):run[0].end] or any(len(i.values) != 1 for i in run):
            continue
        stated = [i.values[0][1] for i in (run[0], run[-1]) if i.values[0][1] != "="]
        if len(set(stated)) == 1:
            for indicator in run:
                if indicator.values[0][1] == "=":
                    indicator.values = [(indicator.values[0][0], stated[0])]


_VERBS = (r"力争|确保|努力|继续|持续|有序|加快|全面|深入|积极|计划|全年|共|年内|推动|推进|支持|实现|完成|建设|建成|新建|新改建|新增|增加|打造|培育|认定|遴选|评选|推选|征集|组织|"
          r"开展|举办|形成|设立|选取|开通|培训|提高|提升|降低|减少|改造|实施|组建|制定|编制|发布|出台|引进|建立|更新|安装|配备|发放|选派|接入|达标(?!率)|使|将|到|在|对|每年|累计|开发")
_AFTER_VERB = re.compile(rf".*(?:{_VERBS})(?=[^，。；、]{{2,}}$)")
_FILLER = re.compile(rf"^(?:{_VERBS}|\d{{4}}年(?:底)?前?|[，,和与及、的])+|(?:分别|均|要|应|须|力争|确保|稳定|控制|保持)*(?:达到|达|提高到|提升到|提高至|提升至|降至|降到|不低于|为|至|到|在)?$")
_NOUN_BEHIND = re.compile(r"[“]?(?P<noun>[^，。；、：;,!！?？\n（）()和的并及”]{1,24})")


_OBJECT_REACH = 80  # characters before a number in which its object is looked for


def _object(text: str, start: int, end: int, a: int, b: int, unit: str, begin: int) -> str:
    """What is counted: the noun right behind the number, else the words before it in the same clause."""
    behind = _NOUN_BEHIND.match(text, b, end)
    if behind and unit not in ("%", "‰", "个百分点", "百分点") and not _NO_NOUN.match(behind["noun"]):
        return _VERB_BEHIND.split(behind["noun"].strip())[0]
    before = text[max(begin, a - _OBJECT_REACH):a]
    if numbers := list(CORE.finditer(before)):
        before = before[numbers[-1].end():]  # 优秀地区40个和优秀学校200所
    before = _FILLER.sub("", _STARTS_FROM.sub("", before)).strip(" “”")
    if not before and begin > start and text[begin - 1] in "，,":
        previous = text[segment(text, start, begin - 1, CLAUSE_STOPS):begin - 1]
        before = "" if CORE.search(previous) else _FILLER.sub("", previous)
    told = _AFTER_VERB.match(before)
    noun = before[told.end():] if told and unit != "%" else before
    return (noun or before).strip(" 的“”") or text[max(start, a - 10):a]


def first_year(document: Document) -> int | None:
    """The year from which a plan speaks: that of its title, else of its signature or number."""
    header = document.header
    for words in (document.title, header.signed_on or document.footer.signed_on or "", header.doc_number or ""):
        if match := re.search(r"20\d\d", words):
            return int(match[0])
    return None


@Language.component("policy_indicators", requires=["span._.policy_documents", "span._.policy_tasks"], assigns=["doc.spans", "span._.policy_indicators"])
def policy_indicators(doc: Doc) -> Doc:
    """Writes doc.spans["policy_indicators"]: `indicator` spans in tasks and goals, `unread` for 翻一番."""
    text = text_of(doc)
    found = []
    for document in documents_of(doc):
        since = first_year(document)
        told = facts_in(doc, "policy_tasks", document.start, document.end)
        stretches = [(thing.start, thing.end) for thing in told]
        stretches += [thing.outcome for thing in told if getattr(thing, "outcome", None)]
        for start, end in stretches:
            found += [(indicator.start, indicator.end, "indicator", indicator) for indicator in find_indicators(text, start, end, since)]
            found += [(*match.span(), "unread", Unread(*match.span())) for match in _UNREAD.finditer(text, start, end)]
    return write_spans(doc, "policy_indicators", sorted(found, key=lambda row: row[0]))
