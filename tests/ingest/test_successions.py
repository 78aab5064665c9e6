"""Which unit took over which one's work by a reform."""

from __future__ import annotations

import pytest

from ingest.departments import WHOLE_COUNTRY
from ingest.errors import BadGazetteer
from ingest.gazetteer import gazetteer
from ingest.successions import PATH, Succession, find_successions, read_reforms, successors_of

REFORM_2018, REFORM_2023 = "《深化党和国家机构改革方案》（2018）", "《党和国家机构改革方案》（2023）"
HEADER = "before,after,tier,date,source,note\n"


def test_both_units_of_one_scope_make_a_pair():
    names = [("青岛市", "市环保局"), ("青岛市", "市生态环境局"), ("青岛市", "市统计局"), (WHOLE_COUNTRY, "农业农村部"), (WHOLE_COUNTRY, "农业部")]
    assert find_successions(names) == [
        Succession(WHOLE_COUNTRY, "农业部", "农业农村部", "2018-03", REFORM_2018),
        Succession("青岛市", "市环保局", "市生态环境局", "2019-03", REFORM_2018)]
    assert find_successions(reversed(names)) == find_successions(dict.fromkeys(names)) == find_successions(names)


@pytest.mark.parametrize("names", [
    [("青岛市", "市环保局")],
    [("青岛市", "市环保局"), ("济南市", "市生态环境局")],
    [("青岛市", "市环保局"), ("青岛市", "区生态环境局")],
    [("青岛市", "市农业部"), ("青岛市", "市农业农村部")],
    [("青岛市", "农业部"), ("青岛市", "农业农村部")],
    [(WHOLE_COUNTRY, "环保局"), (WHOLE_COUNTRY, "生态环境局")],
    [(WHOLE_COUNTRY, "教育部"), ("教育部", "科技司")],
    [],
])
def test_near_misses_make_none(names):
    assert find_successions(names) == []


@pytest.mark.parametrize(("before", "after"), [
    ("市扶贫办", "市乡村振兴局"), ("县乡村振兴局", "县农业农村局"), ("省扶贫办", "省乡村振兴局"), ("省农业厅", "省农业农村厅"), ("自治区环保厅", "自治区生态环境厅"), ("区旅游局", "区文化旅游局"),
    ("市大数据局", "市数据局"), ("市地方金融监管局", "市委金融办"), ("市国税局", "市税务局"), ("州安监局", "州应急局"), ("工商局", "市场监管局"),
])
def test_local_names_are_compared_behind_the_tier(before, after):
    assert [(found.before, found.after) for found in find_successions([("某地", before), ("某地", after)])] == [(before, after)]


def test_merged_and_split_bodies():
    merged = [(WHOLE_COUNTRY, name) for name in ("文化部", "国家旅游局", "文化和旅游部")]
    assert [(found.before, found.after) for found in find_successions(merged)] == [("国家旅游局", "文化和旅游部"), ("文化部", "文化和旅游部")]
    assert [found.after for found in successors_of("质检总局", WHOLE_COUNTRY)] == ["市场监管总局", "海关总署"]
    assert successors_of("教育部", WHOLE_COUNTRY) == successors_of("市教育局", "青岛市") == []
    rows = read_reforms(PATH.read_text(encoding="utf-8"))
    for row in rows:
        if row.tier == "national" and sum(other.before == row.before and other.tier == "national" for other in rows) > 1:
            assert row.note, f"{row.before} was split: the note says which part {row.after} took"


def test_a_chain_of_reforms_is_found_by_its_links():
    names = [(WHOLE_COUNTRY, name) for name in ("国务院扶贫办", "国家乡村振兴局", "农业农村部", "卫生部", "国家卫生计生委", "国家卫生健康委")]
    assert {(found.before, found.after, found.date) for found in find_successions(names)} == {
        ("国务院扶贫办", "国家乡村振兴局", "2021-02-25"), ("国家乡村振兴局", "农业农村部", "2023-03"),
        ("卫生部", "国家卫生计生委", "2013-03"), ("国家卫生计生委", "国家卫生健康委", "2018-03")}


def test_a_renaming_is_no_alias():
    book = gazetteer()
    for row in read_reforms(PATH.read_text(encoding="utf-8")):
        if row.tier == "national":
            assert (book.find(row.before, None) or book.ministry_spellings[row.before]) != (book.find(row.after, None) or book.ministry_spellings[row.after])
        else:
            assert book.bureaus[row.before] != book.bureaus[row.after]


def test_the_shipped_table_knows_both_reforms():
    rows = read_reforms(PATH.read_text(encoding="utf-8"))
    assert {(row.tier, row.source) for row in rows} >= {(tier, source) for tier in ("national", "local") for source in (REFORM_2018, REFORM_2023)}
    assert len(rows) >= 100


def test_division_is_named_behind_its_body():
    (row,) = read_reforms(HEADER + "教育部科技司,教育部科信司,national,2021-01,s,\n")
    assert (row.before, row.after) == ("教育部科技司", "教育部科信司")


@pytest.mark.parametrize(("rows", "problem"), [
    ("", "line 1: the columns are not before,after,tier,date,source,note"),
    ("before,after,tier,date,source\n", "line 1: the columns are not"),
    ("before,after,tier,date,origin,note\n", "line 1: the columns are not"),
    (HEADER + "农业部,农业农村部,national,2018-03,s\n", "line 2: 5 cells, but there are 6 columns"),
    (HEADER + "农业部,农业农村部,national,2018-03,s,a,b\n", "line 2: 7 cells"),
    (HEADER + "农业部,农业农村部,central,2018-03,s,\n", "line 2: the tier 'central' is neither national nor local"),
    (HEADER + "农业部,农业农村部,national,2018,s,\n", "line 2: the date '2018' is none; write YYYY-MM or YYYY-MM-DD"),
    (HEADER + "农业部,农业农村部,national,2018-13,s,\n", "the date '2018-13' is none"),
    (HEADER + "农业部,农业农村部,national,2018-02-30,s,\n", "the date '2018-02-30' is none"),
    (HEADER + "农业部,农业农村部,national,2018-03, ,\n", "line 2: 农业部 to 农业农村部 has no source"),
    (HEADER + "渔业部,农业农村部,national,2018-03,s,\n", "line 2: '渔业部' is not in units.yaml"),
    (HEADER + "农业部,农业农村部,national,2018-03,s,\n渔业局,农业农村局,local,2019-03,s,\n", "line 3: '渔业局' is not in units.yaml; give it an entry of its own among the bureaus"),
    (HEADER + "国家发改委,农业农村部,national,2018-03,s,\n", "'国家发改委' is another spelling of 国家发展改革委; write 国家发展改革委"),
    (HEADER + "环境保护局,生态环境局,local,2019-03,s,\n", "'环境保护局' is another spelling of 环保局"),
    (HEADER + "农业部,农业部,national,2018-03,s,\n", "line 2: 农业部 to 农业部 is a circle"),
    (HEADER + "农业部,农业农村部,national,2018-03,s,\n农业部,农业农村部,national,2019-03,s,\n", "line 3: 农业部 to 农业农村部 stands here a second time"),
    (HEADER + "农业部,水利部,national,2018-03,s,\n水利部,商务部,national,2018-03,s,\n商务部,农业部,national,2018-03,s,\n", "line 4: 商务部 to 农业部 to 水利部 to 商务部 is a circle"),
])
def test_wrong_row_is_named(rows, problem):
    with pytest.raises(BadGazetteer) as refused:
        read_reforms(rows)
    assert str(refused.value).startswith("successions.csv: ") and problem in str(refused.value)
