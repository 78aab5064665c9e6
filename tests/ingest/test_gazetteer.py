"""The gazetteer: what it holds, of which kind a unit is, what it refuses."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from graph.records import DocumentRecord
from ingest.departments import WHOLE_COUNTRY, resolve
from ingest.errors import BadGazetteer
from ingest.gazetteer import KINDS, build, gazetteer


def plan(body, place=None, level="national"):
    return DocumentRecord("x", "a.txt", "0", 0, 1, "plan", None, "t", body, False, [body], body, place, None, None, None, level, [2025], "title", None, "flat", [])


MINISTRY = plan("教育部")
CABINET = plan("国务院办公厅")
CITY = plan("青岛市人民政府办公室", "青岛市", "prefecture")
COUNTY = plan("德清县人民政府办公室", "德清县", "county")


@pytest.mark.parametrize(("kind", "names"), [
    ("government department", "市发展改革委 省工业和信息化厅 县农业农村局 市政府办公室 省人民政府办公厅 市政府研究室 区金融办 市行政审批局 高新区管委会 "
                              "经济技术开发区 市消防救援支队 人民银行盐城市分行 太原海关 青溪派出所 市驻京办事处 区财政局(区金融办) 国家税务总局青岛市税务局 镇经济发展办 省国防科工办"),
    ("party organ", "市委办公室 省委办公厅 区委组织部 市委政法委 县委农办 市纪委监委 机关党委 市教育局党组 市直机关工委 街道党工委 市委党校 区委巡察办 市委巡察工作领导小组办公室 "
                    "省委编办 市委机构编制委员会办公室 市委网信办 驻市教育局纪检监察组 县委 党委宣传部 市委督查室 市委政研室 省委金融办"),
    ("mass organisation", "市总工会 校工会 团市委 共青团青岛市委 校团委 市妇联 市残联 县科协 市关工委 市贸促会 区工商联 市红十字会 省律师协会 市消保委 和平村村委会"),
    ("coordinating body", "市城市更新工作领导小组办公室 市招商引资工作专班 市防汛抗旱指挥部 市安委办 市安全生产委员会办公室 区河长办 市妇儿工委 市妇女儿童工作委员会 市食安办 "
                          "市政务公开联席会议 市爱卫办 市语委"),
    ("enterprise", "国网青岛供电公司 广州供电局 市水务集团 中国移动青岛分公司 市农商银行 县自来水厂 人民教育出版社 交通银行青岛分行 市铁塔公司"),
    ("sub-district or township", "八大关街道办事处 打浦桥街道管理办 青溪镇 青溪镇人民政府 大榆树乡 乌兰苏木"),
    ("affiliated institution", "市大数据中心 青岛职业技术学院 市教科院 市交通运输综合执法支队 省图书馆 市第二中学 市中医医院 市广播电视台 县供销社 青岛仲裁委员会 镇财政所 水库管理处"),
    ("inner division", "市教育局基础教育处 科技司 财务科 各处(室) 农田股 政策研究室 市公安局治安处 学生工作处"),
    ("other", "市中级人民法院 区法院 市检察院 市人大常委会 市政协 县人武部 市人大城建环资委 民建市委 青溪社区 在场人员"),
])
def test_kind_of_a_name(kind, names):
    assert {name: gazetteer().kind_of(name) for name in names.split()} == dict.fromkeys(names.split(), kind)


@pytest.mark.parametrize(("name", "record", "scope", "canonical", "kind"), [
    # a ministry, and the department of a place that is spelled like it
    ("发展改革委", CABINET, WHOLE_COUNTRY, "国家发展改革委", "government department"),
    ("国家发展和改革委员会", COUNTY, WHOLE_COUNTRY, "国家发展改革委", "government department"),
    ("县发展和改革局", COUNTY, "德清县", "县发展改革委", "government department"),
    ("中华人民共和国教育部", CABINET, WHOLE_COUNTRY, "教育部", "government department"),
    ("气象局", CABINET, WHOLE_COUNTRY, "中国气象局", "affiliated institution"),
    ("市气象局", CITY, "青岛市", "市气象局", "government department"),
    # bodies of the centre, anywhere
    ("中科院", CITY, WHOLE_COUNTRY, "中国科学院", "affiliated institution"),
    ("团中央", CITY, WHOLE_COUNTRY, "共青团中央", "mass organisation"),
    ("中组部", COUNTY, WHOLE_COUNTRY, "中央组织部", "party organ"),
    ("最高法", CABINET, WHOLE_COUNTRY, "最高人民法院", "other"),
    ("国务院参事室", CABINET, WHOLE_COUNTRY, "国务院参事室", "government department"),
    ("中国邮政集团有限公司", CITY, WHOLE_COUNTRY, "邮政集团", "enterprise"),
    ("国家电网公司", CITY, WHOLE_COUNTRY, "国家电网", "enterprise"),
    # what a reform ended keeps its own name
    ("旅游局", CABINET, WHOLE_COUNTRY, "国家旅游局", "government department"),
    ("市旅游发展委员会", CITY, "青岛市", "市旅游委", "government department"),
    ("国家卫生计生委", CITY, WHOLE_COUNTRY, "国家卫生计生委", "government department"),
    # divisions and institutions of the Ministry of Education
    ("体育卫生与艺术教育司", MINISTRY, "教育部", "体卫艺司", "inner division"),
    ("国务院学位委员会办公室", MINISTRY, "教育部", "研究生司", "inner division"),
    ("教育部科学技术司", CITY, "教育部", "科技司", "inner division"),
    ("教育部考试中心", CITY, "教育部", "考试中心", "affiliated institution"),
    ("直属机关党委", MINISTRY, "教育部", "机关党委", "party organ"),
    # departments that every government has
    ("市教育和体育局", CITY, "青岛市", "市教育体育局", "government department"),
    ("市文化广电和旅游局", CITY, "青岛市", "市文化广电旅游局", "government department"),
    ("县人力社保局", COUNTY, "德清县", "县人力资源社会保障局", "government department"),
    ("青岛市人民检察院", CITY, "青岛市", "市检察院", "other"),
    ("市组织部", CITY, "青岛市", "市委组织部", "party organ"),
    ("市委机构编制委员会办公室", CITY, "青岛市", "市委编办", "party organ"),
    ("县委农村工作领导小组办公室", COUNTY, "德清县", "县委农办", "party organ"),
    ("市国家保密局", CITY, "青岛市", "市保密局", "government department"),
    ("市安全生产委员会办公室", CITY, "青岛市", "市安委办", "coordinating body"),
    ("县府办", COUNTY, "德清县", "县政府办公室", "government department"),
])
def test_spelling_means_its_unit(name, record, scope, canonical, kind):
    found = resolve(name, record)
    assert (found.scope, found.name, found.kind) == (scope, canonical, kind)


@pytest.mark.parametrize(("one", "other"), [
    ("市教育局", "市教委"), ("市教育局", "市教育体育局"), ("市水利局", "市水务局"), ("市自然资源局", "市规划资源局"), ("市数据局", "市大数据局"), ("市金融办", "市委金融办"),
    ("市地方金融监督管理局", "市金融监管局"), ("市纪委", "市监委"), ("市民宗委", "市民委"), ("市城管局", "市城管执法局"), ("市环保局", "市生态环境局"), ("市委督查室", "市政府督查室"),
])
def test_two_bodies_stay_apart(one, other):
    assert resolve(one, CITY).id != resolve(other, CITY).id


def test_a_departments_spelling_is_a_ministry_in_national_plans_only():
    book = gazetteer()
    both = [name for name in book.ministry_spellings.keys() & book.bureaus.keys() if not name.startswith("国家") and not name.endswith("总社")]
    assert {"发展改革委", "国资委", "统计局", "扶贫办", "台办"} <= set(both)
    for name in both:
        assert resolve(name, CABINET).scope == WHOLE_COUNTRY, name
        for local in (name, f"市{name}"):
            assert resolve(local, CITY).scope == "青岛市", local


def test_units_of_the_plan_of_2018_are_as_they_were(shared):
    rows = json.loads((shared / "data" / "unit_names.json").read_text(encoding="utf-8"))
    divisions = {name for body, name in gazetteer().divisions if body == "教育部"}
    known = [row for row in rows if row["surface"] in divisions | gazetteer().complete.keys()]
    assert len(known) >= 37
    for row in known:
        found = resolve(row["surface"], MINISTRY)
        assert (found.name, found.kind) == (row["name"], row["kind"].replace("internal", "inner"))
        if row["full_name"]:
            assert resolve(row["full_name"], MINISTRY).id == found.id


def test_the_shipped_gazetteer_is_complete_enough():
    book = gazetteer()
    assert (len(set(book.ministries)), len(set(book.bureaus.values()))) >= (150, 280)
    kinds = Counter(entry.kind for entry in {*book.ministry_spellings.values(), *book.complete.values(), *book.divisions.values()})
    assert set(kinds) == set(KINDS) - {"sub-district or township"}
    assert {kind for kind, _, _ in book.kinds} == set(KINDS) - {"collective"}


ROW = {"name": "科技司", "body": "教育部"}


@pytest.mark.parametrize(("rows", "problem"), [
    ([], "no section"),
    ({"unitz": []}, "section 'unitz' is not known; known are ministries, units, bureaus, kinds"),
    ({"units": {"科技司": "教育部"}}, "section 'units' is no list"),
    ({"units": ["科技司"]}, "an entry has no name: '科技司'"),
    ({"units": [{"body": "教育部", "entries": [{"full_name": "教育部科学技术司"}]}]}, "an entry has no name"),
    ({"units": [ROW | {"boddy": 1}]}, "科技司 has the unknown field boddy; known are name"),
    ({"bureaus": [{"name": "教育局"}]}, "is no line of a name and its other spellings"),
    ({"bureaus": [["教育局", "教委"]]}, "is no line of a name"),
    ({"bureaus": [" "]}, "is no line of a name"),
    ({"bureaus": ["发展改革委、发改委"]}, "发展改革委、发改委: the spelling '发展改革委、发改委' holds a space, a comma or a full-width bracket"),
    ({"ministries": [{"name": 12}]}, "ministries: 12: name is 12; expected is text"),
    ({"units": [ROW | {"aliases": "科学技术司"}]}, "科技司: aliases is '科学技术司'; expected is a list of texts"),
    ({"units": [ROW | {"aliases": ["科学技术司", None]}]}, "科技司: aliases is"),
    ({"units": [ROW | {"complete": "yes"}]}, "科技司: complete is 'yes'; expected is true or false"),
    ({"units": [ROW | {"full_name": ""}]}, "科技司: full_name is ''; expected is text"),
    ({"units": [ROW | {"kind": "division"}]}, "科技司: the kind 'division' is not known; known are government department, inner division"),
    ({"ministries": [{"name": "教育部", "kind": "ministry"}]}, "教育部: the kind 'ministry' is not known"),
    ({"kinds": [{"kind": "bureau", "tails": "局"}]}, "bureau: the kind 'bureau' is not known"),
    ({"kinds": [{"kind": "other", "tails": ["局"]}]}, "other: tails is ['局']; expected is text"),
    ({"units": [ROW | {"kind": "collective"}]}, "科技司: `kind: collective` and `collective: true` go together"),
    ({"units": [{"name": "科技司"}]}, "科技司 needs `body` or `complete: true`"),
    ({"units": [ROW | {"aliases": ["科技 司"]}]}, "科技司: the spelling '科技 司' holds a space, a comma or a full-width bracket"),
    ({"bureaus": ["教育局 教育局（语委）"]}, "教育局: the spelling '教育局（语委）' holds"),
    ({"units": [ROW, {"name": "科信司", "body": "教育部", "aliases": ["科技司"]}]}, "the spelling 科技司 of 教育部 stands for two units, 科技司 and 科信司"),
    ({"units": [ROW | {"full_name": "教育部科学技术司"}, {"name": "科学技术司", "body": "教育部"}]}, "the spelling 科学技术司 of 教育部 stands for two units"),
    ({"ministries": [{"name": "文化部"}, {"name": "文化和旅游部", "aliases": ["文化部"]}]}, "ministries: the spelling 文化部 stands for two units, 文化部 and 文化和旅游部"),
    ({"ministries": [{"name": "新华社"}], "units": [{"name": "新华社", "complete": True}]}, "units: the spelling 新华社 stands for two units"),
    ({"bureaus": ["教育局", "教委 教育局"]}, "bureaus: the spelling 教育局 stands for two units, 教育局 and 教委"),
    ({"ministries": [{"name": "中国残联", "complete": True, "aliases": ["残联"]}], "bureaus": ["残联"]}, "the spelling 残联 stands for two units, a place's and 中国残联"),
])
def test_wrong_entry_is_named(rows, problem):
    with pytest.raises(BadGazetteer) as refused:
        build(rows)
    assert str(refused.value).startswith("units.yaml: ") and problem in str(refused.value)


def test_one_spelling_in_two_scopes_is_no_clash():
    book = build({
        "ministries": [{"name": "国家统计局", "aliases": ["统计局"]}], "bureaus": ["统计局"],
        "units": [ROW, {"name": "科技司", "body": "农业农村部"}, {"body": "教育部", "kind": "inner division", "entries": [{"name": "财务司"}, {"name": "信息中心", "kind": "affiliated institution"}]}]})
    assert {body for body, name in book.divisions if name == "科技司"} == {"教育部", "农业农村部"}
    assert [book.divisions["教育部", name].kind for name in ("财务司", "信息中心")] == ["inner division", "affiliated institution"]
