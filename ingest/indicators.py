"""The numbers that a plan sets as something to reach.

Number, counter and comparator are tables below; what is no target although it is a number stands in `_is_target`,
one line a kind, each with the phrase that it keeps out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from ingest.documents import Document
from ingest.layout import trim
from ingest.numerals import arabic_number, chinese_number
from ingest.spans import text_of, write_spans

# Bounded, and possessive where a row of digits could be taken apart: no number is tried at each of its digits.
_ARABIC = r"[0-9０-９]{1,12}+(?![0-9０-９])(?:[,，][0-9０-９]{3}(?![0-9０-９])){0,4}+(?:[.．][0-9０-９]{1,6}+(?![0-9０-９]))?[ ]?[十百千万亿]{0,2}"
_CHINESE_NUMBER = "[两二三四五六七八九十百千万亿零〇一]{1,8}"
# What is counted. A counter that is missing here is one word to add.
COUNTERS = (
    "微克/立方米|毫克/升|微克|毫克|分贝|个百分点|百分点|亿立方米|万立方米|立方米|平方公里|平方千米|平方米|万平方米|公里|千米|公顷|人次|人日|学时|课时|学分|万千瓦时|千瓦时|亿千瓦时|万千瓦|千瓦|兆瓦|"
    "吉瓦|标准煤|吨标准煤|万吨|吨|千克|公斤|海里|米|亩|万亩|万元|亿元|万美元|亿美元|美元|元|人|名|位|户|家|所|门|条|座|项|件|套|具|把|节|堂|批|场次|场|期|届|处|辆|台套|台|艘|架|张|"
    "份|册|本|部|篇|种|例|支|只|头|尾|株|棵|枚|口|眼|盏|根|块|片|幅|组|队|站|点位|点|网点|间|栋|幢|层|班|列|对|款|笔|单|宗|起|"
    "节次|亩次|车次|路|类|只|道|段|款|首|柜|箱|瓶|桩|枪|口|双|羽|斤|克|帧|平方|㎡|MW|kW|km|家次|户次|批次|班次|人份|床位|张床位|车位|泊位|学位|岗位|颗|轮次|轮|剂次|架次|台次|辆次|标箱|千伏安|兆伏安|升|毫升|PB|TB|GB|PFLOPS|EFLOPS|倍|万户|万人|万人次|万个|县|村|镇|乡|社区|街道|省份|省|市|国家|次|个")
_COUNTER = "|".join(sorted(COUNTERS.split("|"), key=len, reverse=True))
_BEFORE = r"(?:[≥≤＞＜]=?|不少于|不低于|不小于|不得少于|不得低于|至少|不超过|不高于|不多于|不大于|不得超过|控制在|超过|突破|超|低于|少于|小于|高于|大于|约为|约|近|达到|达|稳定在|保持在)"
_CHANGE = r"(?:新增|新建|新改建|新改扩建|新认定|新培育|增加|增长|减少|下降|降低|压减|压缩|削减|提高|提升|缩短)"
_AFTER = r"(?:及以上|以上|以内|之内|及以下|以下|左右|上下)"
_RANGE = r"[ ]?(?:-|—|－|–|~|～|至|到)[ ]?"
# The number with its counter; what stands before it is looked at backwards, so that text without digits is passed over fast.
CORE = re.compile(
    rf"(?:(?P<number>{_ARABIC})(?P<more>余|多)?\s{{0,3}}(?P<unit>[%％‰]|个?(?:学时|课时|百分点|床位|泊位|学位|车位|岗位|点位)|(?:{_COUNTER})(?:[（(][次套][）)])?)|百分之(?P<percent>{_CHINESE_NUMBER})"
    rf"|(?P<chinese>{_CHINESE_NUMBER})(?P<cunit>{_COUNTER}))"
    rf"(?:\s{{0,3}}(?P<after>{_AFTER}))?")
_LOW = re.compile(rf"(?P<low>{_ARABIC})(?P<lowunit>[%％]|{_COUNTER})?{_RANGE}$")
_LEADS = re.compile(rf"(?P<change>{_CHANGE})?(?P<before>{_BEFORE}(?:到|至)?)?(?P<change2>{_CHANGE})?$")
_DIGIT = "0123456789０１２３４５６７８９"


class Number:
    """One number of a text: the groups of CORE with those of what stands before it."""

    __slots__ = ("_groups", "_start", "_end", "number_at")

    def __init__(self, text: str, start: int, core: re.Match) -> None:
        self._groups = core.groupdict()
        self._end = core.end()
        self.number_at = core.start()
        low = _LOW.search(text, max(start, core.start() - 24), core.start()) if core["number"] and text[core.start() - 1:core.start()] in _RANGE_ENDS else None
        if low and not (low.start() > start and text[low.start() - 1] in _DIGIT):
            self.number_at = low.start()
        else:
            low = None
        leads = _LEADS.search(text, max(start, self.number_at - 12), self.number_at)
        self._groups |= {"low": low and low["low"], "lowunit": low and low["lowunit"], **(leads.groupdict() if leads else {})}
        self._start = leads.start() if leads else self.number_at

    def __getitem__(self, name: str) -> str | None:
        return self._groups.get(name)

    def start(self) -> int:
        return self._start

    def end(self) -> int:
        return self._end

    def span(self) -> tuple[int, int]:
        return self._start, self._end


_RANGE_ENDS = set("-—－–~～至到 ")


def iter_numbers(text: str, start: int, end: int) -> Iterator[Number]:
    """Every number with a counter between two offsets, targets or not."""
    at = start
    while core := CORE.search(text, at, end):
        at = core.end()
        if core["number"] and core.start() > start and text[core.start() - 1] in _DIGIT:
            continue  # the tail of a longer row of digits
        yield Number(text, start, core)


# 新增 sets a change; near miss: 新建项目16个, where it only says which projects
_CHANGES = re.compile(r"新增|增加(?!值)|增长(?!率|极|点)|减少|下降|降低|压减|削减|缩短|压缩|净增|提高(?=\d|了|约|到?[^到]{0,4}个百分点)")
_TARGET_VERB = re.compile(
    r"(?:建设|建成|新建|改建|打造|培育|培养|创建|举办|开展|组织|完成|新增|增加|认定|遴选|评选|推选|推出|形成|设立|组建|引进|发布|编制|制定|出台|支持|实施|改造|建立|启动|"
    r"布局|落地|签约|争创|争取|力争|培训|整治|治理|修复|开通|投放|孵化|选树|征集|归集|推广|配备|安装|覆盖|达到|实现|确保|不少于|不低于|至少|超过|扩大到|增至|提供|开发|上线|接入|打通|选取|建好|办好|"
    r"译制|开设|招募|招收|发放|储备|推进|推动|申报|入库|储备|检查|抽查|更新|升级|淘汰|压减|减少|新改建|清理|办理|解决|帮扶|走访|服务|派出|选派|拍摄|制作|创作|出版|编写|修订|参与)[^，。；、]{0,14}$")
_VERBS_SET = r"至少|建成|新建|完成|培育|打造|建设|举办|新增|认定|形成|设立|开展"
_WIDE_VERB = re.compile(_TARGET_VERB.pattern.replace("[^，。；、]{0,14}$", "[^，。；]{0,30}$"))
_PAST = re.compile(r"截至|目前|已(?:经)?(?:建|完|有|开|累|达|实|形|培|认|接|覆|整|更|新|发|办|培|改|投|引|评|组|启|获)|(?<![较比])(?:去年|上年|上一年)|近年来|过去|以来(?=[，,、]|已)|“十三五”(?:期间|时期)")
_PAST_HERE = re.compile(r"前[两三四]年|(?:原有|(?<!实)现有|当前|累计已)")
_PAST_YEAR = re.compile(r"(?<![较比到至])(?<!\d)(?P<y>20\d\d)年(?!底?前|度?《|[^，。；]{0,4}(?:规划|标准|版))")  # not 较2020年下降
_THRESHOLD = re.compile(r"^(?:的|（含）的|\(含\)的)")
_NOT_COUNTED = re.compile(r"^(?:范围|方面|环节|阶段|维度|层面|原则|部分|角度|步骤|关键环节|工作日|月|小时|自然日|交易日|统一|一批|坚持|维护|意识|自信|确立|不放过|百分点以内波动)")
_TIME = re.compile(r"^(?:年|月|日|天|周|小时|分钟|秒|时|点钟|岁|周岁|周年|季度)")
_YEAR_IN = re.compile(r"(?:到|至)?(?P<y>20\d\d)年(?:底|末|年底)?(?P<by>前|之前|底|末|以前)?")
COMPARATORS = (
    (">=", re.compile("≥|不少于|不低于|不小于|不得少于|不得低于|至少|以上")),
    ("<=", re.compile("≤|不超过|不高于|不多于|不大于|不得超过|以内|之内|以下|控制在")),
    (">", re.compile("＞|超过|突破|超|高于|大于|余|多")),
    ("<", re.compile("＜|低于|少于|小于")),
    ("~", re.compile("约|近|左右|上下")),
)


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
    found: list[Indicator] = []
    quoted = _quoted(text, start, end)
    k = 0
    for match in iter_numbers(text, start, end):
        while k < len(quoted) and quoted[k][1] <= match.start():
            k += 1
        if k < len(quoted) and quoted[k][0] <= match.start() or not _is_target(text, start, end, match, since):
            continue
        found.append(_read(text, start, end, match))
    for match in _COEFFICIENT.finditer(text, start, end):
        marks = (match["before"] or "") + (match["after"] or "")
        found.append(Indicator(*trim(text, match.start("quoted"), match.end()), [(float(match["number"]), _comparator(marks))], "", match["object"], False, _stated_year(text, start, match.start())))
    _share_endings(text, found)
    return sorted(found, key=lambda indicator: indicator.start)


# A number without a counter: 农田灌溉水有效利用系数提高到0.574以上
_COEFFICIENT = re.compile(rf"(?P<object>[\u4e00-\u9fff]{{0,12}}(?:系数|指数))(?P<quoted>(?:提高|提升|稳定|保持|控制|降低|下降)?(?:到|至|在)?(?P<before>{_BEFORE})?(?:到|至)?(?P<number>\d{{1,3}}\.\d{{1,4}})(?![\d%％\u4e07])(?P<after>{_AFTER})?)")


def _comparator(marks: str) -> str:
    return next((name for name, pattern in COMPARATORS if pattern.search(marks)), "=")


def read_number(text: str, start: int, end: int) -> Indicator | None:
    """The first number with a counter between two offsets, whether the plan's grammar takes it for a target or not."""
    match = next(iter_numbers(text, start, end), None)
    return _read(text, start, end, match) if match else None


def _quoted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches in “…” and 《…》: numbers inside names are no targets."""
    return [(m.start(), m.end()) for m in re.compile(r"“[^“”\n]{0,80}”|《[^《》\n]{0,100}》|\"[^\"\n]{1,40}\"|〔[^〔〕\n]{0,20}〕").finditer(text, start, end)]


_STOPS, _CLAUSE_STOPS = "。；;！？\n", "。；;！？\n，,"
_REACH = 300  # characters: a sentence longer than this is a list


def _segment(text: str, start: int, at: int, stops: str) -> int:
    """Where the stretch before `at` begins that holds none of `stops`; at most _REACH characters are looked at."""
    start = max(start, at - _REACH)
    return max(start, *(text.rfind(stop, start, at) + 1 for stop in stops))


def _is_target(text: str, start: int, end: int, match: Number, since: int | None) -> bool:
    before = text[max(start, match.start() - 1):match.start()]
    after = text[match.end():min(end, match.end() + 12)]
    number_at = match.number_at
    clause_at = _segment(text, start, match.start(), _CLAUSE_STOPS)
    sentence = text[_segment(text, start, clause_at, _STOPS):number_at]
    clause = text[clause_at:match.start()]
    just_before = text[max(start, number_at - 2):number_at]
    after_all = text[match.end():min(end, match.end() + 60)]
    topic = clause.lstrip()
    if re.search(r"[第＋+\-－A-Za-z.．/／:：\d]$", just_before) and not re.search(r"[：:]$", just_before):
        return False  # 第二批, V2.0, 3:1
    if re.search(r"[A-Za-z]$", before) and not match["before"]:
        return False
    if re.search(r"[由从]$", before) and re.match(r"[^，。；]{0,4}(?:提高|提升|增加|上升|增长|扩大|下降|降低|降|减少|压缩|压减|缩短)", after):
        return False  # 由82%提高到88%: where it starts from
    if after.startswith("级"):
        return False  # 5000吨级泊位
    if _TIME.match(after) and not match["percent"] and (match["unit"] or match["cunit"] or "") in ("个", "多", ""):
        return False
    if _NOT_COUNTED.match(after):
        return False  # 从3个方面, 5个工作日内
    if _tells_the_past(sentence, text[clause_at:number_at], since) or re.match(r"[^，。；]{0,30}已(?:于|经|提前|全部|全面)", after_all):
        return False  # 已建成500个, 2023年覆盖率为48.6%, 60%以上的目标已于2022年实现
    if re.match(r"[^，。；]{0,3}[，,]要(?![求素])", after_all) and not _sets_number(clause):
        return False  # 今年高校毕业生超过1070万人，要加强…
    if re.search(r"(?:不足|未满|不到|未达到?)$", text[max(start, number_at - 4):number_at]):
        return False  # 学生数不足30人的教学点
    if re.match(r"(?:聚焦|围绕|针对|依托|结合)", topic) and not _sets_number(clause) or re.match("对[^，。；]*等$", topic) or re.match(r"在", topic) and re.match(r"[^，。；]{0,20}(?:基础上|过程中|范围内)", after_all):
        return False  # 聚焦豇豆、芹菜等11个重点品种, 在…等8个省份试点基础上
    if re.search(r"罚款|处以|罚金", clause + text[match.end():_clause_end(text, match.end(), end)]):
        return False
    unit = match["unit"] or match["cunit"]
    if _is_threshold(match, clause, after):
        return False
    if match["chinese"]:
        return _is_chinese_target(text, match, clause, after)
    counted = unit != "点" and _ends_clause(after) and re.search(r"[\u4e00-\u9fff]{3,}$", clause)  # 新创剧目3—4部。
    if unit in WEAK_COUNTERS and not (match["before"] or match["change"] or counted or _sets_number(clause)):
        return False  # 8点, 3层
    if unit in ("千瓦", "千伏", "米") and re.match(r"[\u4e00-\u9fff]{2}", after) and not match["after"]:
        return False  # 360千瓦超充站: what kind, not how many
    if unit == "个" and re.match(r"(?:“|《)", after) and re.search(r"[、等]$", clause):
        return True
    if _counts_named(text, start, match, after):
        return False
    if unit in ("%", "％") and re.search(r"(?:按|按照|以)[^，。]{0,10}$", clause) and re.match(r"(?:的)?(?:比例|标准)", after):
        return False  # 按10%的比例抽查
    return not re.match(r"(?:号|期|号令|周岁|岁)", after)


# Where a sentence that began with what was turns to what is to be: …共有2500余所，要引导其中…建设200个
_TURN = re.compile(r"[，,](?:[^，,]{0,6}?)(?:要|应|须|将|今年|力争|年内|计划|确保|本年度)(?!求|素|点|闻|件)")
_RISES_TO = re.compile(r"(?:提高|增加|提升|扩大|增长|上升|下降|降低|减少|缩短|压减|压缩)(?:到|至|为)")


def _tells_the_past(sentence: str, clause: str, since: int | None) -> bool:
    """截至目前已…, 2023年…为358万人，为16.7万人次赔付3.9亿元; near miss: 由2023年的210吨提高到350吨以上."""
    if turns := list(_TURN.finditer(sentence)):
        sentence = sentence[turns[-1].end():]
    if _PAST.search(sentence) or _PAST_HERE.search(clause):
        return True
    if since is None or _RISES_TO.search(clause):
        return False
    began = _PAST_YEAR.match(sentence.lstrip())
    later = any(int(year) >= since for year in re.findall(r"20\d\d(?=年)", sentence))  # 2024年建成9个，2025年再建4个
    return bool(began and int(began["y"]) < since and not later) or any(int(m["y"]) < since for m in _PAST_YEAR.finditer(clause))


WEAK_COUNTERS = ("点", "层", "期", "届", "次", "批", "班", "部", "对", "起", "组", "段", "道", "双", "口", "类")


def _ends_clause(after: str) -> bool:
    return not after or after[0] in "，。；、,;"


def _sets_number(clause: str) -> bool:
    """A verb that sets a number stands before it: 完成蒙古语、藏语资源译制1500部."""
    return bool(_WIDE_VERB.search(clause))


_DELIVERS = re.compile(r"(?:建设|建成|新建|新改建|打造|培育|培养|创建|举办|开展|新增|增加|认定|遴选|推出|形成|设立|引进|发布|完成|达到|实现|建立|开通|更新|改造)[^，。；、]{0,2}$")
_MEASURED = re.compile(r"(?:离岸|距离|半径|方圆|水深|船长|坝高|高度|跨度|长度|宽度|直径|深度|年龄|船龄)$")  # 离岸30公里以内作业渔船


def _is_threshold(match: Number, clause: str, after: str) -> bool:
    """A number that only says which: 10M以上的中小学, 超过300人的行政村, 对坝高30米以上、…的电站."""
    if match["percent"] or match["unit"] in ("%", "％", "‰"):
        return bool(re.match(r"(?:对|针对|凡)", clause)) and bool(match["after"])  # 60%以上的乡镇: a share of them is the target
    bound = (match["before"] or "") + (match["after"] or "")
    if not re.search("以上|以下|以内|超过|不足|低于|高于", bound) and not re.match(r"(?:/[年日人]|[\u4e00-\u9fff]{0,3})?(?:及)?以上", after):
        return False
    if re.match("口(?:及)?以上", after) or (match["after"] or "").endswith("以下") and re.match("[\u4e00-\u9fff]{2}", after) and not _DELIVERS.search(clause):
        return True  # 20万人口以上县, 1000立方米以下高炉
    tight = _DELIVERS.search(clause)
    if re.match(r"(?:/[年日人]|[\u4e00-\u9fff]{0,3}?)?(?:及)?(?:以上|以下)?(?:（含）|\(含\))?的", after) and not tight:
        return True
    if match["after"] and (re.match(r"[\u4e00-\u9fff]{2,12}\d", after) or re.match(r"[）)]|标准", after) or re.match(r"按照?|依照|符合", clause)
                           or match["unit"] in ("米", "公里", "海里") and re.match("[\u4e00-\u9fff]{2}", after) and not tight):
        return True  # 10亿元以上企业10家, （经营性收入100万元以上）, 300米以下低空空域
    if re.match(r"(?:对|针对|凡)", clause) and not _sets_number(clause) or _MEASURED.search(clause) and re.match("[\u4e00-\u9fff]", after):
        return True
    return bool(re.match(r"[\u4e00-\u9fff]{1,12}(?:比例|覆盖率|占比|比重|率|达到|不低于|全部|混用)", after) and not tight)


def _clause_end(text: str, at: int, end: int) -> int:
    end = min(end, at + _REACH)
    while at < end and text[at] not in "。；;！？\n，,":
        at += 1
    return at


def _is_chinese_target(text: str, match: Number, clause: str, after: str) -> bool:
    """两批, 三场以上, 十大; near misses: 一个, 三级, 两个, 三省, 四大基础数据库."""
    value = chinese_number(match["chinese"])
    if not re.search("[两二三四五六七八九]|^十", match["chinese"]):
        return False  # 千亩示范片, 百场活动: an attribute
    if value is None or value < 2 or match["cunit"] in ("级", "点", "层", "部", "期", "届", "对", "省", "市", "县", "国家", "起", "次", "段", "轮", "升") and not match["before"] and not match["after"] or match["cunit"] in ("级", "点", "层"):
        return False
    if re.match(r"[一二三四五六七八九十]", after) or re.search(r"[一二三四五六七八九十每各同此这那几多第前首上“]$", clause):
        return False
    if match["cunit"] in ("个", "项", "类", "种", "条", "位", "方", "块") and not (match["before"] or match["after"]) and re.match(r"(?:方面|体系|专项|维护|意识|层面|中心任务|关键|一体|重点|统筹)", after):
        return False
    if match["before"] or (match["after"] and (_sets_number(clause) or not after or after[0] in "，。；、")):
        return True
    if _ends_clause(after):
        return bool(re.search(r"[\u4e00-\u9fff]{3,}(?<![每分为共的各])$", clause))  # 补植树种五十万株，; near miss: 分为三类
    return bool(re.search(_TARGET_VERB.pattern.replace("{0,14}$", "{0,3}$"), clause))


def _counts_named(text: str, start: int, match: Number, after: str) -> bool:
    """松江、青浦、嘉定、奉贤等4个新城 counts what was just named; 大名、月浦等23个 goes beyond it."""
    before = re.sub(r"[（(][^（）()]*[）)]", "", text[_segment(text, start, match.start(), "。；;，,：:"):match.start()])
    if not re.search(r"[\u4e00-\u9fff”》](?:等)?$", before) or "、" not in before or CORE.search(before):
        return False
    named = before.removesuffix("等").count("、") + 1 + len(re.findall(r"[^、]和", before.removesuffix("等")))
    value = arabic_number(match["number"]) if match["number"] else chinese_number(match["chinese"] or "")
    listed = before.endswith("等") or match["unit"] in ("省", "市", "县", "区", "个", "座", "所", "家", "处", "项", "类", "种")
    tail = re.split("、", before.removesuffix("等"))[-1]
    return bool(listed and value == named and len(tail) <= 12 and not re.search(rf"(?:{_VERBS_SET})$", tail) and not re.search(r"[\u4e00-\u9fff]{2}(?:建设|举办|新建|完成|培训)", tail))


def _read(text: str, start: int, end: int, match: Number) -> Indicator:
    a, b = match.span()
    unit = match["unit"] or match["cunit"] or "%"
    value = (arabic_number(match["number"]) if match["number"] else chinese_number(match["percent"] or match["chinese"])) or 0
    unit = {"％": "%"}.get(unit, unit)
    for power, factor in (("亿", 1e8), ("万", 1e4)):
        if unit.startswith(power) and len(unit) > 1:
            unit, value = unit[1:], value * factor
    if unit.startswith("个") and unit not in ("个", "个百分点"):
        unit = unit[1:]
    marks = (match["before"] or "") + (match["after"] or "") + (match["more"] or "")
    comparator = _comparator(marks)
    if comparator == "=" and re.search(r"(?:至少|不少于)[\u4e00-\u9fff（）()]{1,16}$", text[max(start, a - 20):a]):
        comparator = ">="  # 至少培育1家
    change = _is_change(text, start, a, match, unit)
    values = [(float(value), comparator)]
    if match["low"]:
        low = arabic_number(match["low"]) or 0
        # 8—10万人: the multiplier at the end counts for both
        if match["number"] and (power := re.search(r"[十百千万亿]+$", match["number"])) and not re.search(r"[十百千万亿]$", match["low"]):
            low = arabic_number(match["low"] + power[0]) or 0
        values = [(low, ">="), (float(value), "<=")]
    a, b = trim(text, a, b)
    return Indicator(a, b, values, unit, _object(text, start, end, a, b, unit), change, _stated_year(text, start, a))


def _is_change(text: str, start: int, a: int, match: Number, unit: str) -> bool:
    """新增1000万个, 新建高标准农田1.8万亩, 下降10%; near misses: 新建项目16个, 改造提升0.6万亩, 提高到80%."""
    word = match["change"] or match["change2"] or ""
    clause = text[_segment(text, start, a, _CLAUSE_STOPS):a] + (match["change"] or "")
    if re.search(r"(?:到|至)$", clause + (match["before"] or "")) or re.search(r"到|至", match["before"] or ""):
        return False
    if word in ("提高", "提升"):
        return unit in ("%", "百分点", "个百分点")
    if word or _CHANGES.search(clause):
        return True
    return bool(re.match(r"(?:全年|年内|计划|共|力争)?新(?:建|改建|改扩建|认定|培育)(?!项目)", clause)) and unit != "%"


def _stated_year(text: str, start: int, at: int) -> int | None:
    """The year by which, as the sentence says before the number: 到2025年底, 2026年底前."""
    begin = _segment(text, start, at, "。！？\n")
    clause = _segment(text, start, at, _CLAUSE_STOPS)
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
          r"开展|举办|形成|设立|选取|开通|培训|提高|提升|降低|减少|改造|实施|组建|制定|编制|发布|出台|引进|建立|更新|安装|配备|发放|选派|接入|达标|使|将|到|在|对|每年|累计|开发")
_AFTER_VERB = re.compile(rf".*(?:{_VERBS})(?=[^，。；、]{{2,}}$)")
_FILLER = re.compile(rf"^(?:{_VERBS}|\d{{4}}年(?:底)?前?|[，,和与及、的])+|(?:分别|均|要|应|须|力争|确保|稳定|控制|保持)*(?:达到|达|提高到|提升到|提高至|提升至|降至|降到|不低于|为|至|到|在)?$")
_NOUN_BEHIND = re.compile(r"[“]?(?P<noun>[^，。；、：;,!！?？\n（）()和的并及”]{1,24})")


def _object(text: str, start: int, end: int, a: int, b: int, unit: str) -> str:
    """What is counted: the noun right behind the number, else the words before it in the same clause."""
    behind = _NOUN_BEHIND.match(text, b, end)
    if behind and unit not in ("%", "‰", "个百分点", "百分点") and not re.match(r"以上|并|且|左右", behind["noun"]):
        return re.split("(?<=..)(?:开展|完成|使用|设立|设置|纳入|推出|增设|实现|建设|参与)", behind["noun"].strip())[0]
    begin = _segment(text, start, a, _CLAUSE_STOPS)
    before = text[begin:a]
    if numbers := list(CORE.finditer(before)):
        before = before[numbers[-1].end():]  # 优秀地区40个和优秀学校200所
    before = _FILLER.sub("", re.sub(r"[由从][^，。；]{0,12}$", "", before)).strip(" “”")
    if not before and begin > start and text[begin - 1] in "，,":
        previous = text[_segment(text, start, begin - 1, _CLAUSE_STOPS):begin - 1]
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
    since = [(span.start_char, span.end_char, first_year(span._.policy_documents)) for span in doc.spans["policy_documents"]]
    stretches = [(span.start_char, span.end_char) for span in doc.spans["policy_tasks"]]
    stretches += [span._.policy_tasks.outcome for span in doc.spans["policy_tasks"] if span.label_ == "task" and span._.policy_tasks.outcome]
    for start, end in stretches:
        year = next((y for a, b, y in since if a <= start < b), None)
        for indicator in find_indicators(text, start, end, year):
            found.append((indicator.start, indicator.end, "indicator", indicator))
        for match in _UNREAD.finditer(text, start, end):
            found.append((*match.span(), "unread", Unread(*match.span())))
    return write_spans(doc, "policy_indicators", sorted(found, key=lambda row: row[0]))
