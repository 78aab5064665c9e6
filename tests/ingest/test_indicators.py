"""What is a target, and what is a number that only looks like one."""

from __future__ import annotations

import pytest

from ingest.indicators import find_indicators


def read(text: str, since: int | None = None) -> list[tuple[str, float, str, str]]:
    return [(text[i.start:i.end], value, comparator, i.unit) for i in find_indicators(text, 0, len(text), since) for value, comparator in i.values]


@pytest.mark.parametrize(("text", "expected"), [
    ("师生网络学习空间开通数量新增1000万个。", [("新增1000万个", 1e7, "=", "个")]),
    ("认定第二批国家精品在线开放课程500门以上。", [("500门以上", 500, ">=", "门")]),
    ("归集约1000个与教学体系配套的优质课程资源。", [("约1000个", 1000, "~", "个")]),
    ("参与晒课教师超过100万人。", [("超过100万人", 1e6, ">", "人")]),
    ("多媒体教室占普通教室比例达到90%。", [("达到90%", 90, "=", "%")]),
    ("管网漏损率控制在6.5％以内。", [("控制在6.5％以内", 6.5, "<=", "%")]),
    ("雨水主管满管率低于50%。", [("低于50%", 50, "<", "%")]),
    ("改造老旧管网８５公里。", [("８５公里", 85, "=", "公里")]),
    ("改造老旧管网196千米。", [("196千米", 196, "=", "千米")]),  # not 196,000 metres
    ("改造老旧管网3千米，种植苗木3千株。", [("3千米", 3, "=", "千米"), ("3千株", 3000, "=", "株")]),
    ("覆盖率分别达到80%、50%以上。", [("达到80%", 80, ">=", "%"), ("50%以上", 50, ">=", "%")]),
    ("新增企业、小区分别不少于6家、9家。", [("不少于6家", 6, ">=", "家"), ("9家", 9, ">=", "家")]),
    ("培育示范企业10—15家。", [("10—15家", 10, ">=", "家"), ("10—15家", 15, "<=", "家")]),
    ("建成节水教育基地两个。", [("两个", 2, "=", "个")]),
    ("推出研学课程三十门。", [("三十门", 30, "=", "门")]),
    ("补植乡土珍贵树种五十万株，", [("五十万株", 5e5, "=", "株")]),
    ("推进大名、月浦等23个城镇雨水排水系统建设。", [("23个", 23, "=", "个")]),
    ("投资总额达到120亿元。", [("达到120亿元", 1.2e10, "=", "元")]),
])
def test_target_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize("text", [
    "2018年教育信息化工作", "推进第二批试点", "举办第三届展览", "国家题库2.0建设", "支持5G示范校和IPv6部署", "深入开展“一师一优课、一课一名师”活动", "“三区三州”等地",
    "在四川、云南、甘肃三省开展试点", "建成学生、教师、学校、装备四大关键基础数据库", "松江、青浦、嘉定、奉贤等4个新城加快建设", "按照财教〔2013〕342号文件要求", "落实24小时值班制度",
    "在5个工作日内办结", "对坝高30米以上的电站实行检查", "60岁以上老年人", "截至目前已建成500个站点", "处以2万元罚款", "继续推进云教室三期建设", "探索360千瓦超充示范站",
    "筑牢三级防控体系", "从3个方面发力", "建设千亩示范片", "每年两次通报"])
def test_near_miss_is_no_target(text):
    assert read(text) == []


def test_threshold_defines_the_subject_and_the_percentage_is_the_target():
    assert read("接入带宽10M以上的中小学比例达到80%") == [("达到80%", 80, "=", "%")]


def test_a_year_before_the_plan_tells_the_past():
    text = "2023年覆盖率为48.6%，到2027年达到75%。"
    assert [row[1] for row in read(text, 2025)] == [75]


@pytest.mark.parametrize(("text", "change"), [
    ("新增部级“优课”1万堂", True), ("万元产值用水量下降10%", True), ("服务时限压缩30%", True), ("，新建高标准农田1.8万亩", True), ("新建项目16个左右", False), ("覆盖率提高到80%", False)])
def test_change_is_marked(text, change):
    (indicator,) = find_indicators(text, 0, len(text))
    assert indicator.change is change


def test_stated_year_goes_with_the_number():
    found = find_indicators("到2025年底，建成区40%以上达标；到2030年底，80%以上达标。", 0, 40)
    assert [(i.values[0][0], i.year) for i in found] == [(40, 2025), (80, 2030)]
