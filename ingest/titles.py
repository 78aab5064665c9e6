"""The tails of titles: what a document calls itself. A new genre is one word of a row here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.ids import squeeze

# A plan's genre, the tail of its title: 2021年教育信息化和网络安全工作要点
PLAN_GENRES = (
    "三年行动计划", "三年行动方案", "五年行动计划", "行动计划", "行动方案", "实施方案", "实施计划", "工作方案", "工作计划", "年度计划", "专项方案",
    "整治方案", "推进方案", "建设方案", "攻坚方案", "工作要点", "要点", "实施意见", "指导意见", "若干意见", "意见", "若干措施", "政策措施", "工作措施", "措施",
    "任务分解表", "任务分解", "责任分解", "分工方案", "任务分工", "责任分工", "任务清单", "工作清单", "责任清单", "重点任务", "重点工作", "工作任务",
    "工作安排", "工作部署", "工作要求", "专项行动", "规划", "计划", "方案")
# Titles of documents that set rules or tell, not tasks.
OTHER_GENRES = ("办法", "规定", "条例", "细则", "规程", "标准", "指南", "通报", "公告", "批复", "函", "决定", "公示", "报告", "总结", "解读", "简报",
                "说明", "名单", "预案", "制度", "须知")
_REMARK = r"(?:[（(【][^（）()]{1,24}[）)】])?"
# 工作要点及分工: the genre is what stands before
GENRE = re.compile(rf"(?P<genre>{'|'.join(sorted((*PLAN_GENRES, '通知'), key=len, reverse=True))})(?:及(?:任务|责任)?分工)?{_REMARK}$")
OTHER = re.compile(rf"(?:{'|'.join(OTHER_GENRES)}){_REMARK}$")
# 教育就业处工作职责: what a unit is there for
DUTIES = re.compile(r"^(?P<department>.{2,30}?)(?:的)?(?:主要|工作|岗位|机构|部门|内设机构)?(?:职责|职能|职责范围|职责任务)$")
NEWS = re.compile(r"召开|举办|举行|参加|会议|研讨会|座谈|调研|培训班|启动仪式|走进|赴|荣获|圆满|开展.{0,12}活动$")
WORK = re.compile(r"工作|整治|行动|任务|建设|排查|检查|落实|推进|加强|做好|开展|活动")
# 关于印发《黄浦区可再生能源发展行动方案》的通知 covers another document; 关于开展…工作的通知 is one itself.
COVERING = re.compile(r"(?:(?:印发|发布|下发|公布|转发)(?:《(?P<quoted>.{1,120})》|(?P<plain>(?:(?!印发|转发).){4,90}?))(?:的|等.{0,8}的)?|(?:征求|对)《(?P<asked>.{1,120})》(?:公开)?(?:征求)?(?:社会公众)?(?:修改)?意见(?:建议)?的?)(?:通知|公告|函)$")
ISSUER_IN_TITLE = re.compile(r"^(?P<issuer>[^《》，。：]{2,60}?(?:委员会|办公室|办公厅|政府|局|厅|部|委|办|院|会|署|中心|公司|集团|(?<!公)司|处|组|行|林场|农场|大学|学院|医院|馆|所|联社|总社|等[一二三四五六七八九十两\d]{1,3}(?:部门|单位)))[ \u3000]*(?:关于|(?=(?:19|20)\d\d年))")
# 黄浦区教育局转发市教委关于…的通知: the plan is another body's
FORWARDING = re.compile(r"^(?P<by>[^《》，。：]{2,40}?)(?:关于)?转发(?P<rest>.+)$")
DRAFT = re.compile(r"[（(【]?(?:公开)?(?:征求意见|送审|讨论|审议|报批|修改)稿[）)】]?|[（(]草案[）)]")
SAMPLE_TAIL = re.compile(r"(?:范文|模板|[（(][一二三四五]篇[）)])+$")


_YEARS = re.compile(r"[（(]?(?:19|20)\d\d\s*年?\s*(?:[-—－–~～至到]{1,3}\s*(?:(?:19|20)\d\d)?\s*年?)?(?:度)?[）)]?|[“\"]?十[一二三四五六七][·.]?五[”\"]?(?:期间|时期)?|[（(](?:修订|试行)[^（）()]{0,6}[）)]")

# 关于开展2025年…的通知 and 关于做好2026年…的通知 are of one series: the verbs behind 关于 differ from year to year.
_ABOUT = re.compile(
    r"^关于(?:(?:进一步|继续|切实|扎实|深入|认真|全面|持续|全力|着力|统筹|有序|加快|大力|组织|部署|集中)*"
    r"(?:开展好?|做好|抓好|搞好|加强|推进|推动|实施(?!方案|意见|细则|办法|计划))(?:和|与|、)?)*")


def series_of(title: str, bodies: Iterable[str | None]) -> str:
    """What the plans of a series have in common: 教育信息化工作要点 of 2018年教育信息化工作要点（征求意见稿）."""
    words = squeeze(title)
    for body in sorted(filter(None, bodies), key=len, reverse=True):
        words = words.removeprefix(squeeze(body))
    words = _YEARS.sub("", DRAFT.sub("", words))
    words = re.sub(r"(?:的)?通知$", "", words).strip("《》()（）")
    return _ABOUT.sub("", words).strip("《》()（）") or words or squeeze(title)


def is_title_end(words: str) -> bool:
    """Whether the words end as a title does."""
    return bool(GENRE.search(words) or OTHER.search(words) or DUTIES.match(words))
