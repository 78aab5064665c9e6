"""COUNTERPART_OF: which units of two levels are joined, on what ground, and that they follow every change of the graph."""

from __future__ import annotations

import random

import pytest
from conftest import records_in
from marked_plans import ByMark, Nothing, plan
from whole_graph import dump

from graph.counterparts import _lie_apart, counterparts_anew
from graph.links import link_anew, relink
from graph.load import load, remove
from graph.store import open_store
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of

EDGES = ("MATCH (a:Department)-[r:COUNTERPART_OF]->(b:Department) RETURN a.scope AS below, a.name AS lower, b.scope AS above, b.name AS higher, "
         "r.basis AS basis, r.function AS function, r.shared AS shared, r.reason AS reason ORDER BY above, higher, below, lower")
MINISTRY = [(f"推进〔{mark}〕工作，覆盖学校{number}000所。", units) for number, (mark, units) in enumerate(
    [("甲", "科技司"), ("乙", "科技司、财务司"), ("丙", "科技司、基教司"), ("丁", "科技司、教师司"), ("戊", "职成司"), ("己", "职成司、规划司"), ("庚", "职成司"), ("辛", "高教司、规划司"), ("壬", "高教司"),
     ("癸", "高教司、人事司")], 3)]
# 信息办 stands on what 科技司 had, and no word of its name says so; 职教处 does, and has nothing of it.
BUREAU = [(f"落实〔{mark}〕工作，覆盖学校{number}0所。", units) for number, (mark, units) in enumerate(
    [("甲", "信息办"), ("乙", "信息办、财务处"), ("丙", "信息办"), ("丁", "信息办"), ("戊", "办公室"), ("己", "办公室、规划处"), ("庚", "规划处"), ("辛", "财务处"), ("壬", "人事处"), ("癸", "人事处")], 3)]
WHOLE = ("市教育局", "教育部")  # the two bodies themselves, which issue the plans


def ministry(year: int = 2019):
    return plan(f"教育部{year}年工作要点", MINISTRY, "教育部", f"{year}年3月1日")


def bureau(name: str = "青岛市教育局", tasks=BUREAU, year: int = 2020):
    return plan(f"{name}{year}年工作要点", tasks, name, f"{year}年4月1日")


def loaded(url: str, records, linker: Linker, at_once: bool = True) -> list[dict]:
    with open_store(url, "create") as store:
        for batch in [records] if at_once else [[record] for record in records]:
            load(store, [bundle_of(record) for record in batch], linker)
    return edges_of(url)


def edges_of(url: str) -> list[dict]:
    with open_store(url) as store:
        return store.read(EDGES)


def pairs(edges) -> set[tuple[str, str]]:
    return {(edge["lower"], edge["higher"]) for edge in edges}


def test_each_pair_has_its_ground(empty_url):
    edges = {(edge["lower"], edge["higher"]): edge for edge in loaded(empty_url, [ministry(), bureau()], ByMark())}
    assert set(edges) == {("信息办", "科技司"), ("财务处", "财务司"), ("规划处", "规划司"), ("人事处", "人事司"), WHOLE}
    by_lines = edges["信息办", "科技司"]
    assert (by_lines["basis"], by_lines["function"], by_lines["shared"], by_lines["above"], by_lines["below"]) == ("lines of work", None, 4, "教育部", "青岛市教育局")
    assert "4 lines of work in common" in by_lines["reason"] and any(f"“落实〔{mark}” after “推进〔{mark}”" in by_lines["reason"] for mark in "甲乙丙丁")
    by_name = edges["规划处", "规划司"]
    assert (by_name["basis"], by_name["function"], by_name["shared"]) == ("gazetteer", "教育/规划", 1)
    assert by_name["reason"] == "规划处 and 规划司 have the function 教育/规划; 1 line of work in common"
    assert edges["人事处", "人事司"]["shared"] == 1 and edges["财务处", "财务司"]["shared"] == 1


def test_name_and_lines_together_are_both(empty_url):
    tasks = [(text.replace("信息办", ""), units.replace("信息办", "科技处")) for text, units in BUREAU]
    (edge,) = [edge for edge in loaded(empty_url, [ministry(), bureau(tasks=tasks)], ByMark()) if edge["lower"] == "科技处"]
    assert (edge["higher"], edge["basis"], edge["function"], edge["shared"]) == ("科技司", "both", "教育/科技", 4)


def test_who_stands_on_everything_shares_no_more_than_chance(empty_url):
    """A division that is on every task of its plan would be the counterpart of all."""
    tasks = [(text, "统筹办") for text, _ in BUREAU]
    assert pairs(loaded(empty_url, [ministry(), bureau(tasks=tasks)], ByMark())) == {WHOLE}


@pytest.mark.parametrize("record", [
    bureau("青岛市水务局"),  # another field
    bureau(tasks=[(text, "各区教育局") for text, _ in BUREAU]),  # a collective
])
def test_near_misses_are_not_joined(empty_url, record):
    assert pairs(loaded(empty_url, [ministry(), record], Nothing())) <= {WHOLE}


def test_places_decide_who_is_above(empty_url):
    province, city, elsewhere, district = (plan(f"{place}人民政府2020年工作要点", [("推进学校建设30所。", units)], f"{place}人民政府", "2020年4月1日") for place, units in (
        ("山东省", "省教育厅、省体育局"), ("青岛市", "市教育局"), ("南京市", "市教育局"), ("青岛市市南区", "区教育局")))
    found = {(edge["below"], edge["above"]) for edge in loaded(empty_url, [province, city, elsewhere, district], Nothing())}
    assert found == {("青岛市", "山东省"), ("青岛市市南区", "青岛市"), ("青岛市市南区", "山东省")}


def test_a_name_that_two_places_have(empty_url):
    """A district's bureau is not above the counties of a city of the same name in another province."""
    city, elsewhere, district = (plan(f"{place}人民政府2020年工作要点", [("推进学校建设30所。", units)], f"{place}人民政府", "2020年4月1日") for place, units in (
        ("云山省青川市", "市教育局"), ("海岭省青川市", "市教育局"), ("云山省青川市岭浦区", "区教育局")))
    found = {(edge["below"], edge["above"]) for edge in loaded(empty_url, [city, elsewhere, district], Nothing())}
    assert found == {("云山省青川市岭浦区", "云山省青川市")}


@pytest.mark.parametrize(("lower", "higher", "apart"), [
    (["湖南路街道", "鼓楼区", "南京市"], ["鼓楼区", "福州市"], True),
    (["湖南路街道", "鼓楼区", "徐州市", "江苏省"], ["鼓楼区", "南京市", "江苏省"], True),  # two of one province
    (["湖南路街道", "鼓楼区", "南京市", "江苏省"], ["鼓楼区", "南京市", "江苏省"], False),
    (["湖南路街道", "鼓楼区", "南京市", "江苏省"], ["鼓楼区", "江苏省"], False),
    (["湖南路街道", "鼓楼区", "江苏省"], ["鼓楼区", "南京市", "江苏省"], False),
    (["湖南路街道", "鼓楼区"], ["鼓楼区", "南京市"], False),
    (["岭浦区", "青川市", "云山省"], ["青川市", "海岭省"], True),
    (["镇", "岭浦区", "青川市", "云山省"], ["岭浦区", "青川市", "海岭省"], True),
])
def test_places_of_one_name_lie_apart(lower, higher, apart):
    assert _lie_apart(lower, higher) == apart


def test_an_unknown_field_is_told_by_the_lines_of_work(empty_url):
    """A plan that names no bureau: 科技处 may be of any, until its tasks are seen to take up a ministry's."""
    masked = plan("xx市2020年工作要点", [(text, units.replace("信息办", "科技处")) for text, units in BUREAU])
    edges = loaded(empty_url, [ministry(), masked], ByMark())
    assert ("科技处", "科技司") in pairs(edges) and ("规划处", "规划司") in pairs(edges)
    assert all("the field of xx市 is told by 10 lines of work that it shares with 教育部" in edge["reason"] for edge in edges)


@pytest.mark.parametrize("kept", [2, 3])
def test_too_few_lines_tell_no_field(empty_url, kept):
    """Two lines are chance; three of ten tasks are less than a third."""
    masked = plan("xx市2020年工作要点", [(text if number < kept else text.replace("〔", "").replace("〕", ""), units.replace("信息办", "科技处")) for number, (text, units) in enumerate(BUREAU)])
    assert loaded(empty_url, [ministry(), masked], ByMark()) == []


def corpus():
    province = plan("山东省教育厅2021年工作要点", [(text.replace("落实", "组织"), units.replace("信息办", "科技处")) for text, units in BUREAU], "山东省教育厅", "2021年2月1日")
    return [ministry(), ministry(2022), bureau(), bureau("济南市教育局", year=2021), bureau("青岛市水务局"), province, plan("xx市2023年工作要点", BUREAU)]


@pytest.mark.slow
def test_the_order_of_loading_does_not_matter(tmp_path):
    """Colleagues with the same plans would cite different graphs."""
    records = corpus()
    whole = str(tmp_path / "whole.lbug")
    loaded(whole, records, ByMark())
    with open_store(whole) as store:
        expected = dump(store)
    assert len([line for line in expected if line.startswith('["COUNTERPART_OF"')]) > 12
    for seed in range(2):
        url = str(tmp_path / f"{seed}.lbug")
        loaded(url, random.Random(seed).sample(records, len(records)), ByMark(), at_once=False)
        with open_store(url) as store:
            assert dump(store) == expected


@pytest.mark.slow
def test_what_is_made_bit_by_bit_is_what_is_made_at_once(empty_url):
    """Edges that an addition or a removal no longer supports would stay."""
    records = corpus()
    loaded(empty_url, records, ByMark(), at_once=False)
    with open_store(empty_url, "write") as store:
        for source in (records[0].source, records[-1].source):
            remove(store, source)
        before, tag = dump(store), store.version_tag()
        store.transact(counterparts_anew)
        store.transact(lambda transaction: counterparts_anew(transaction, {"教育部"}))
        assert dump(store) == before and any(line.startswith('["COUNTERPART_OF"') for line in before)
        assert store.version_tag() == tag, "nothing has changed, so nothing was written"


def test_removing_a_plan_takes_its_pairs_along(empty_url, tmp_path):
    records = [ministry(), bureau(), bureau("济南市教育局", year=2021)]
    never = loaded(str(tmp_path / "never.lbug"), records[:2], ByMark())
    assert len(loaded(empty_url, records, ByMark())) > len(never)
    with open_store(empty_url, "write") as store:
        remove(store, records[2].source)
    assert edges_of(empty_url) == never


def test_links_made_anew_make_the_pairs_anew(empty_url):
    """After `link` with other weights or verdicts a pair would rest on lines of work that are gone."""
    first = loaded(empty_url, [ministry(), bureau()], ByMark())
    with open_store(empty_url, "write") as store:
        link_anew(store, Nothing())
    after = edges_of(empty_url)
    assert pairs(first) - pairs(after) == {("信息办", "科技司")}
    assert {edge["shared"] for edge in after} == {0} and {edge["basis"] for edge in after} == {"gazetteer"}
    with open_store(empty_url, "write") as store:
        link_anew(store, ByMark())
    assert edges_of(empty_url) == first


def test_a_verdict_on_a_link_counts(empty_url):
    first = loaded(empty_url, [ministry(), bureau()], ByMark())
    with open_store(empty_url, "write") as store:
        links = store.read("MATCH (p:Plan)-[:HAS_TASK]->(l:Task)-[:CONTINUES]->(e:Task)<-[:HAS_TASK]-(q:Plan) WHERE l.text CONTAINS '甲' OR l.text CONTAINS '乙' "
                           "RETURN l.id AS later, e.id AS earlier, p.id AS later_plan, q.id AS earlier_plan")
        assert len(links) == 2
        relink(store, {(row["later"], row["earlier"]): (row["later_plan"], row["earlier_plan"]) for row in links}, Nothing())
    after = edges_of(empty_url)
    assert pairs(first) - pairs(after) == {("信息办", "科技司")}, "two lines are left, which is chance"
    assert [[edge["shared"] for edge in edges if edge["lower"] == "财务处"] for edges in (first, after)] == [[1], [0]]


def test_functions_follow_the_gazetteer(empty_url):
    """A new word in counterparts.csv would count for new units only."""
    records = [ministry(), bureau()]
    first = loaded(empty_url, records, Nothing())
    with open_store(empty_url, "write") as store:
        store.transact(lambda transaction: transaction.run("MATCH (d:Department) WHERE d.name = '规划处' SET d.functions = ['x'], d.places = []"))
        load(store, [bundle_of(records[1])], Nothing(), replace=True)
    assert edges_of(empty_url) == first and ("规划处", "规划司") in pairs(first)


@pytest.mark.slow
def test_the_ministry_of_2018_and_the_city_of_2021(shared, empty_url):
    """The pairs that the question names, between two real plans, the city's without a bureau."""
    edges = {(edge["lower"], edge["higher"]): edge for edge in loaded(empty_url, records_in(shared / "data" / "raw" / "00_education-compilation.txt"), Linker())}
    assert edges["科技处", "科技司"]["function"] == "科技" and edges["科技处", "科技司"]["basis"] in ("gazetteer", "both")
    assert edges["普教处", "基教司"]["function"] == "基础教育"
    assert ("法规处", "政法司") in edges and ("督导办", "督导局") in edges
    assert not {pair for pair in edges if pair[0] == "学前处" or "各" in pair[0] or pair == ("科技处", "基教司")}
