"""Which unit of which body a name means, and where a place belongs."""

from __future__ import annotations

import pytest

from graph.records import DocumentRecord
from ingest.departments import parent_of, resolve
from ingest.errors import BadGazetteer
from ingest.gazetteer import build, gazetteer
from ingest.places import find_place, place_above


def plan(body, place=None, level="national"):
    return DocumentRecord("x", "a.txt", "0", 0, 1, "plan", None, "t", body, False, [body] if body else [], body, place, None, None, None, level, [2025], "title", None, "flat", [])


MINISTRY = plan("教育部")
CITY = plan("上海市人民政府办公厅", "上海市", "provincial")
BUREAU = plan("上海市水务局", "上海市", "provincial")
DISTRICT = plan("上海市黄浦区发展和改革委员会", "上海市黄浦区", "county")
COUNTY_CITY = plan("昆山市水务局", "昆山市", "county")


@pytest.mark.parametrize(("name", "record", "collective", "expected"), [
    ("科技司", MINISTRY, False, ("教育部", "科技司")),
    ("科学技术司", MINISTRY, False, ("教育部", "科技司")),
    ("教育部科技司", CITY, False, ("教育部", "科技司")),
    ("国家开放大学", MINISTRY, False, ("全国", "国家开放大学")),
    ("地方教育行政部门", MINISTRY, True, ("全国", "地方各级教育行政部门")),
    ("人社部", MINISTRY, False, ("全国", "人力资源社会保障部")),
    ("市水务局", CITY, False, ("上海市", "市水务局")),
    ("上海市水务局", CITY, False, ("上海市", "市水务局")),
    ("市水务局", DISTRICT, False, ("上海市", "市水务局")),
    ("区发展和改革委员会", DISTRICT, False, ("上海市黄浦区", "区发展改革委")),
    ("黄浦区教育局", DISTRICT, False, ("上海市黄浦区", "区教育局")),
    ("各区政府", CITY, True, ("上海市", "各区政府")),
    ("规划处", BUREAU, False, ("上海市水务局", "规划处")),
    ("市水务局", COUNTY_CITY, False, ("昆山市", "市水务局")),
    ("规划处", plan(None, None, None), False, ("未载明", "规划处")),
])
def test_name_means_one_unit_of_one_body(name, record, collective, expected):
    department = resolve(name, record, collective)
    assert (department.scope, department.name) == expected


def test_two_divisions_of_two_bodies_are_two_units():
    assert resolve("规划处", BUREAU).id != resolve("规划处", plan("上海市教育委员会", "上海市", "provincial")).id


def test_division_is_part_of_its_body_and_a_bureau_of_none():
    parent = parent_of(resolve("科技司", MINISTRY), MINISTRY)
    assert parent and (parent.scope, parent.name) == ("全国", "教育部")
    assert parent_of(resolve("市水务局", CITY), CITY) is None


@pytest.mark.parametrize(("name", "parts", "level"), [
    ("上海市住房和城乡建设管理委员会", ("上海市",), "provincial"), ("昆山市水务局", ("昆山市",), "county"), ("苏州市昆山市水务局", ("苏州市", "昆山市"), "county"),
    ("无锡市住房和城乡建设局", ("无锡市",), "prefecture"), ("上海市黄浦区发展和改革委员会", ("上海市", "黄浦区"), "county"), ("内蒙古自治区水利厅", ("内蒙古自治区",), "provincial"),
    ("安吉县青溪镇人民政府", ("安吉县", "青溪镇"), "township"), ("临澜市海洋与渔业局", ("临澜市",), "prefecture"), ("珑州市市场监督管理局", ("珑州市",), "prefecture"), ("xx市教育局", ("xx市",), "prefecture")])
def test_place_and_its_tier(name, parts, level):
    place = find_place(name)
    assert place is not None and (place.parts, place.level) == (parts, level)


@pytest.mark.parametrize("name", ["教育部", "国务院办公厅", "全市各单位", "本市系统化推进"])
def test_names_without_a_place(name):
    assert find_place(name) is None


def test_place_above():
    assert place_above("上海市黄浦区", "prefecture") == "上海市"
    assert place_above("昆山市", "prefecture") == "苏州市"
    assert place_above("昆山市", "provincial") == "江苏省"
    assert place_above("不存在的地方", "provincial") is None


def test_the_shipped_gazetteer_is_valid():
    book = gazetteer()
    assert book.is_national("教育部") and book.bureaus["发展和改革委员会"] == "发展改革委"


@pytest.mark.parametrize(("rows", "problem"), [
    ({"unitz": []}, "section 'unitz'"),
    ({"units": [{"name": "科技司", "boddy": "教育部"}]}, "unknown field boddy"),
    ({"units": [{"full_name": "教育部科学技术司"}]}, "has no name"),
    ({"units": [{"name": "科技司"}]}, "needs `body`"),
    ({"units": [{"name": "科技司", "body": "教育部", "aliases": ["科学司"]}, {"name": "社科司", "body": "教育部", "aliases": ["科学司"]}]}, "stands for two units"),
])
def test_wrong_gazetteer_is_refused_with_the_entry(rows, problem):
    with pytest.raises(BadGazetteer, match=problem):
        build(rows)
