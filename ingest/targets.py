"""Which numbers are targets: what is set to be reached, not years, ordinals, names, facts of the past or thresholds.

What is no target although it is a number stands in `is_target`, one line a kind, each with the phrase that it keeps out.
"""

from __future__ import annotations

import re

from ingest.numbers import CORE, REACH, Number, segment
from ingest.numerals import arabic_number, chinese_number

_TARGET_VERB = re.compile(
    r"(?:建设|建成|新建|改建|打造|培育|培养|创建|举办|开展|组织|完成|新增|增加|认定|遴选|评选|推选|推出|形成|设立|组建|引进|发布|编制|制定|出台|支持|实施|改造|建立|启动|"
    r"布局|落地|签约|争创|争取|力争|培训|整治|治理|修复|开通|投放|孵化|选树|征集|归集|推广|配备|安装|覆盖|达到|实现|确保|不少于|不低于|至少|超过|扩大到|增至|提供|开发|上线|接入|打通|选取|建好|办好|"
    r"译制|开设|招募|招收|发放|储备|推进|推动|申报|入库|储备|检查|抽查|更新|升级|淘汰|压减|减少|新改建|清理|办理|解决|帮扶|走访|服务|派出|选派|拍摄|制作|创作|出版|编写|修订|参与)[^，。；、]{0,14}$")
_VERBS_SET = r"至少|建成|新建|完成|培育|打造|建设|举办|新增|认定|形成|设立|开展"
_WIDE_VERB = re.compile(_TARGET_VERB.pattern.replace("[^，。；、]{0,14}$", "[^，。；]{0,30}$"))
_PAST = re.compile(r"截至|目前|已(?:经)?(?:建|完|有|开|累|达|实|形|培|认|接|覆|整|更|新|发|办|培|改|投|引|评|组|启|获)(?!成?的)|(?<![较比])(?:去年|上年|上一年)|近年来|过去|以来(?=[，,、]|已)|“十三五”(?:期间|时期)")
_PAST_HERE = re.compile(r"前[两三四]年|(?:原有|(?<!实)现有|当前|累计已)")
_PAST_YEAR = re.compile(r"(?<![较比到至])(?<!\d)(?P<y>20\d\d)年(?!底?前|度?《|[^，。；]{0,4}(?:规划|标准|版))")  # not 较2020年下降
_NOT_COUNTED = re.compile(r"^(?:范围|方面|环节|阶段|维度|层面|原则|部分|角度|步骤|关键环节|工作日|月|小时|自然日|交易日|统一|一批|坚持|维护|意识|自信|确立|不放过|百分点以内波动)")
_TIME = re.compile(r"^(?:年|月|日|天|周|小时|分钟|秒|时|点钟|岁|周岁|周年|季度)")
_NEAR = 48  # characters: no pattern that ends at a number begins further before it
WEAK_COUNTERS = ("点", "层", "期", "届", "次", "批", "班", "部", "对", "起", "组", "段", "道", "双", "口", "类")
_NOT_A_COUNT = re.compile(r"[第＋+\-－A-Za-z.．/\d]$")  # 第二批, V2.0
_LETTER = re.compile(r"[A-Za-z]$")
_FROM = re.compile(r"[由从]$")
_CHANGES_TO = re.compile(r"[^，。；]{0,4}(?:提高|提升|增加|上升|增长|扩大|下降|降低|降|减少|压缩|压减|缩短)")
_ALREADY = re.compile(r"[^，。；]{0,30}已(?:于|经|提前|全部|全面)")
_SO_MUST = re.compile(r"[^，。；]{0,3}[，,]要(?![求素])")
_SHORT_OF = re.compile(r"(?:不足|未满|不到|未达到?)$")
_FOCUS = re.compile(r"(?:聚焦|围绕|针对|依托|结合)")
_LISTED_SUBJECT = re.compile("对[^，。；]*等$")
_ON_GROUNDS = re.compile(r"[^，。；]{0,20}(?:基础上|过程中|范围内)")
_FINE = re.compile(r"罚款|处以|罚金")
_NOUN_BEFORE = re.compile(r"[\u4e00-\u9fff]{3,}$")
_HAN_TWICE = re.compile(r"[\u4e00-\u9fff]{2}")
_BY_SHARE = re.compile(r"(?:按|按照|以)[^，。]{0,10}$")
_AS_SHARE = re.compile(r"(?:的)?(?:比例|标准)")
_NO_COUNTER = re.compile(r"(?:号|期|号令|周岁|岁)")
_CLAUSE_STOP = re.compile("[。；;！？\n，,]")
_DELIVERS = re.compile(r"(?:建设|建成|新建|新改建|打造|培育|培养|创建|举办|开展|新增|增加|认定|遴选|推出|形成|设立|引进|发布|完成|达到|实现|建立|开通|更新|改造)[^，。；、]{0,2}$")
_MEASURED = re.compile(r"(?:离岸|距离|半径|方圆|水深|船长|坝高|高度|跨度|长度|宽度|直径|深度|年龄|船龄)$")  # 离岸30公里以内作业渔船
_BOUND = re.compile("以上|以下|以内|超过|不足|低于|高于")
_BOUND_BEHIND = re.compile(r"(?:/[年日人]|[\u4e00-\u9fff]{0,3})?(?:及)?以上")
_OF_PEOPLE = re.compile("口(?:及)?以上")
_OF_THOSE = re.compile(r"(?:/[年日人]|[\u4e00-\u9fff]{0,3}?)?(?:及)?(?:以上|以下)?(?:（含）|\(含\))?的")
_NUMBER_FOLLOWS = re.compile(r"[\u4e00-\u9fff]{2,12}\d")
_ACCORDING = re.compile("按照?|依照|符合")
_TOWARDS = re.compile("对|针对|凡")
_SHARE_FOLLOWS = re.compile(r"[\u4e00-\u9fff]{1,12}(?:比例|覆盖率|占比|比重|率|达到|不低于|全部|混用)")
_SEVERAL = re.compile("[两二三四五六七八九]|^十")
_CHINESE_DIGITS = tuple("一二三四五六七八九十")
_NO_NUMBER_BEHIND = (*_CHINESE_DIGITS, *"每各同此这那几多第前首上“")
_FIGURE_OF_SPEECH = re.compile("方面|体系|专项|维护|意识|层面|中心任务|关键|一体|重点|统筹")
_COUNTED = re.compile(r"[\u4e00-\u9fff]{3,}(?<![每分为共的各])$")
_CLOSE_VERB = re.compile(_TARGET_VERB.pattern.replace("{0,14}$", "{0,3}$"))
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_NAMES_END = re.compile(r"[\u4e00-\u9fff”》]等?$")
_JOINED = re.compile("[^、]和")
_VERB_ENDS = re.compile(rf"(?:{_VERBS_SET})$")
_VERB_WITHIN = re.compile(r"[\u4e00-\u9fff]{2}(?:建设|举办|新建|完成|培训)")


def is_target(text: str, start: int, end: int, number: Number, since: int | None) -> bool:
    """Whether a number of a task or goal is one; `since` is the plan's first year."""
    at, clause, after_all = number.number_at, number.clause, number.after
    near = clause[-_NEAR:]  # what patterns that end at the number look at
    before = text[max(start, number.start - 1):number.start]
    after = after_all[:12]
    just_before = text[max(start, at - 2):at]
    if _NOT_A_COUNT.search(just_before) or just_before[-1:] in ":：" and just_before[:1].isdigit():
        return False  # 第二批, V2.0, 3:1
    if not number["before"] and _LETTER.search(before):
        return False
    if _FROM.search(before) and _CHANGES_TO.match(after):
        return False  # 由82%提高到88%: where it starts from
    if after.startswith("级"):
        return False  # 5000吨级泊位
    if not number["percent"] and (number.counter or "") in ("个", "多", "") and _TIME.match(after):
        return False
    if _NOT_COUNTED.match(after):
        return False  # 从3个方面, 5个工作日内
    if _tells_the_past(text[number.sentence_at:at], text[number.clause_at:at], since) or _ALREADY.match(after_all):
        return False  # 已建成500个, 2023年覆盖率为48.6%, 60%以上的目标已于2022年实现
    if _SO_MUST.match(after_all) and not _sets_number(near):
        return False  # 今年高校毕业生超过1070万人，要加强…
    if _SHORT_OF.search(text, max(start, at - 4), at):
        return False  # 学生数不足30人的教学点
    topic = clause.lstrip()
    if topic and (topic[0] in "聚围针依结" and _FOCUS.match(topic) and not _sets_number(near) or topic[0] == "对" and _LISTED_SUBJECT.match(topic)
                  or topic[0] == "在" and _ON_GROUNDS.match(after_all)):
        return False  # 聚焦豇豆、芹菜等11个重点品种, 在…等8个省份试点基础上
    if _FINE.search(clause) or _FINE.search(text, number.end, _clause_end(text, number.end, end)):
        return False
    if _is_threshold(number, near, clause, after):
        return False
    if number["chinese"]:
        return _is_chinese_target(number, near, after)
    unit = number.counter
    if unit in WEAK_COUNTERS and not (number["before"] or number["change"] or _sets_number(near)
                                      or unit != "点" and _ends_clause(after) and _NOUN_BEFORE.search(near)):
        return False  # 8点, 3层; near miss: 新创剧目3—4部。
    if unit in ("千瓦", "兆瓦", "万千瓦", "千伏", "千伏安", "米") and not number["after"] and _HAN_TWICE.match(after):
        return False  # 360千瓦超充站: what kind, not how many
    if unit == "个" and after[:1] in ("“", "《") and clause[-1:] in ("、", "等"):
        return True
    if _counts_named(text, start, number):
        return False
    if unit in ("%", "％") and _AS_SHARE.match(after) and _BY_SHARE.search(near):
        return False  # 按10%的比例抽查
    return not _NO_COUNTER.match(after)


# Where a sentence that began with what was turns to what is to be: …共有2500余所，要引导其中…建设200个
_TURN = re.compile(r"[，,](?:[^，,]{0,6}?)(?:要|应|须|将|今年|力争|年内|计划|确保|本年度)(?!求|素|点|闻|件)")
_RISES_TO = re.compile(r"(?:提高|增加|提升|扩大|增长|上升|下降|降低|减少|缩短|压减|压缩)(?:到|至|为)")


_YEAR = re.compile(r"20\d\d(?=年)")


def _tells_the_past(sentence: str, clause: str, since: int | None) -> bool:
    """截至目前已…, 2023年…为358万人，为16.7万人次赔付3.9亿元; near miss: 由2023年的210吨提高到350吨以上."""
    if turns := list(_TURN.finditer(sentence)):
        sentence = sentence[turns[-1].end():]
    if _PAST.search(sentence) or _PAST_HERE.search(clause):
        return True
    if since is None or _RISES_TO.search(clause):
        return False
    began = _PAST_YEAR.match(sentence.lstrip())
    later = any(int(year) >= since for year in _YEAR.findall(sentence))  # 2024年建成9个，2025年再建4个
    return bool(began and int(began["y"]) < since and not later) or any(int(m["y"]) < since for m in _PAST_YEAR.finditer(clause))


def _ends_clause(after: str) -> bool:
    return not after or after[0] in "，。；、,;"


def _sets_number(clause: str) -> bool:
    """A verb that sets a number stands before it: 完成蒙古语、藏语资源译制1500部."""
    return bool(_WIDE_VERB.search(clause))


def _is_threshold(number: Number, near: str, clause: str, after: str) -> bool:
    """A number that only says which: 10M以上的中小学, 超过300人的行政村, 对坝高30米以上、…的电站."""
    if number["percent"] or number["unit"] in ("%", "％", "‰"):
        return bool(number["after"] and _TOWARDS.match(clause))  # 60%以上的乡镇: a share of them is the target
    bound = (number["before"] or "") + (number["after"] or "")
    if not (bound and _BOUND.search(bound)) and not _BOUND_BEHIND.match(after):
        return False
    tight = _DELIVERS.search(near)
    if _OF_PEOPLE.match(after) or not tight and (number["after"] or "").endswith("以下") and _HAN_TWICE.match(after):
        return True  # 20万人口以上县, 1000立方米以下高炉
    if not tight and _OF_THOSE.match(after):
        return True
    if number["after"] and (_NUMBER_FOLLOWS.match(after) or after[:1] in ("）", ")") or after.startswith("标准") or _ACCORDING.match(clause)
                           or number["unit"] in ("米", "公里", "海里") and not tight and _HAN_TWICE.match(after)):
        return True  # 10亿元以上企业10家, （经营性收入100万元以上）, 300米以下低空空域
    if _TOWARDS.match(clause) and not _sets_number(near) or _MEASURED.search(near) and "\u4e00" <= after[:1] <= "\u9fff":
        return True
    return bool(not tight and _SHARE_FOLLOWS.match(after))


def _clause_end(text: str, at: int, end: int) -> int:
    stop = _CLAUSE_STOP.search(text, at, min(end, at + REACH))
    return stop.start() if stop else min(end, at + REACH)


def _is_chinese_target(number: Number, clause: str, after: str) -> bool:
    """两批, 三场以上, 十大; near misses: 一个, 三级, 两个, 三省, 四大基础数据库."""
    value = chinese_number(number["chinese"])
    if not _SEVERAL.search(number["chinese"] or ""):
        return False  # 千亩示范片, 百场活动: an attribute
    if value is None or value < 2 or number["cunit"] in ("级", "点", "层", "部", "期", "届", "对", "省", "市", "县", "国家", "起", "次", "段", "轮", "升") and not number["before"] and not number["after"] or number["cunit"] in ("级", "点", "层"):
        return False
    if after[:1] in _CHINESE_DIGITS or clause[-1:] in _NO_NUMBER_BEHIND:
        return False
    if number["cunit"] in ("个", "项", "类", "种", "条", "位", "方", "块") and not (number["before"] or number["after"]) and _FIGURE_OF_SPEECH.match(after):
        return False
    if number["before"] or (number["after"] and (_sets_number(clause) or not after or after[0] in "，。；、")):
        return True
    if _ends_clause(after):
        return bool(_COUNTED.search(clause))  # 补植树种五十万株，; near miss: 分为三类
    return bool(_CLOSE_VERB.search(clause))


def _counts_named(text: str, start: int, number: Number) -> bool:
    """松江、青浦、嘉定、奉贤等4个新城 counts what was just named; 大名、月浦等23个 goes beyond it."""
    before = text[segment(text, start, number.start, "。；;，,：:"):number.start]
    if "、" not in before:
        return False
    before = _BRACKET.sub("", before)
    if not _NAMES_END.search(before) or "、" not in before or CORE.search(before):
        return False
    named = before.removesuffix("等").count("、") + 1 + len(_JOINED.findall(before.removesuffix("等")))
    value = arabic_number(number["number"]) if number["number"] else chinese_number(number["chinese"] or "")
    listed = before.endswith("等") or number["unit"] in ("省", "市", "县", "区", "个", "座", "所", "家", "处", "项", "类", "种")
    tail = before.removesuffix("等").rsplit("、", 1)[-1]
    return bool(listed and value == named and len(tail) <= 12 and not _VERB_ENDS.search(tail) and not _VERB_WITHIN.search(tail))


