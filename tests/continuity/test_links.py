"""Which tasks carry on which: what is linked, what is not, and the words that say so."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT

from graph.stored import PlanFacts
from ingest.continuity.links import link_records
from ingest.continuity.pairs import plan_pairs
from ingest.pipeline import extract
from ingest.readers import Source


def facts(name, body, place, level, year, signed=None):
    return PlanFacts(name, name, body, place, level, year, signed)


MINISTRY_2018 = facts("m18", "教育部", None, "national", 2018)
MINISTRY_2021 = facts("m21", "教育部", None, "national", 2021)
OTHER_2021 = facts("o21", "水利部", None, "national", 2021)
CITY_2018 = facts("c18", "上海市教育委员会", "上海市", "provincial", 2018)
CITY_2021 = facts("c21", "上海市水务局", "上海市", "provincial", 2021)
DISTRICT_2021 = facts("d21", "上海市黄浦区教育局", "上海市黄浦区", "county", 2021)
STREET_2021 = facts("s21", "南京市鼓楼区人民政府湖南路街道办事处", "南京市鼓楼区人民政府湖南路街道", "township", 2021)
UNKNOWN_2021 = facts("k21", "云山省青川市岭浦区教育局", "云山省青川市岭浦区", "county", 2021)
ELSEWHERE_2021 = facts("e21", "昆山市水务局", "昆山市", "county", 2021)


@pytest.mark.parametrize(("plans", "expected"), [
    ([MINISTRY_2018, MINISTRY_2021], [("m21", "m18", "continues")]),
    ([MINISTRY_2021, OTHER_2021], []),
    ([MINISTRY_2018, CITY_2021], [("c21", "m18", "takes_up")]),
    ([MINISTRY_2021, CITY_2021], [("c21", "m21", "takes_up")]),
    ([CITY_2018, MINISTRY_2021], [("m21", "c18", "passes_up")]),
    ([CITY_2018, CITY_2021], [("c21", "c18", "continues")]),
    ([CITY_2018, DISTRICT_2021], [("d21", "c18", "takes_up")]),
    ([CITY_2018, ELSEWHERE_2021], []),
    ([facts("n", "教育部", None, "national", None), MINISTRY_2021], []),
    # A name that two places have: what both say of where they lie tells them apart.
    ([facts("u", "南京市鼓楼区教育局", "南京市鼓楼区", "county", 2021), STREET_2021], [("s21", "u", "takes_up")]),
    ([facts("u", "福州市鼓楼区教育局", "福州市鼓楼区", "county", 2021), STREET_2021], []),
    ([facts("u", "鼓楼区教育局", "鼓楼区", "county", 2021), STREET_2021], [("s21", "u", "takes_up")]),
    ([facts("u", "云山省青川市教育局", "云山省青川市", "prefecture", 2021), UNKNOWN_2021], [("k21", "u", "takes_up")]),
    ([facts("u", "海岭省青川市教育局", "海岭省青川市", "prefecture", 2021), UNKNOWN_2021], []),
])
def test_which_plans_are_compared(plans, expected):
    pairs = [(later.id, earlier.id, relation) for later, earlier, relation in plan_pairs(plans)]
    assert pairs == [(later.id, earlier.id, relation) for later, earlier, relation in plan_pairs(plans[::-1])] == expected


def records(*texts):
    return [record for k, text in enumerate(texts) for record in extract(Source(f"{k}.txt", str(k), text))]


EARLIER = ("海岸部2022年工作要点\n一、重点任务\n（一）实施“智慧渔港”行动。支持建设智慧渔港30个，推广一港一档管理。（责任单位：渔港司）\n"
           "（二）开展海岸侵蚀监测。在重点岸段布设监测断面60条，编制侵蚀状况报告。（责任单位：海岸司）\n（三）举办产销对接会。组织企业与商超签订购销协议。（责任单位：市场司）\n海岸部\n2022年1月5日\n")
LATER = ("海岸部2025年工作要点\n一、重点任务\n（一）扩大“智慧渔港”行动。新增智慧渔港建设对象45个，开展达标评价。（责任单位：渔港司）\n"
         "（二）加密海岸侵蚀监测网络。将侵蚀固定监测断面增加到150条，发布侵蚀状况报告。（责任单位：海岸司）\n（三）开发大模型。依托科研单位研发问答服务，建立内容审核制度。（责任单位：科技司）\n海岸部\n2025年1月5日\n")


def test_same_programme_and_same_work_are_linked_and_the_rest_is_not():
    earlier, later = records(EARLIER, LATER)
    links = {(link.later, link.earlier): link for link in link_records([earlier, later])}
    assert set(links) == {(later.tasks[0].id, earlier.tasks[0].id), (later.tasks[1].id, earlier.tasks[1].id)}
    assert links[later.tasks[0].id, earlier.tasks[0].id].named
    assert all(0.5 <= link.score <= 1 and link.relation == "continues" for link in links.values())


def test_evidence_is_verbatim_at_its_place():
    earlier, later = records(EARLIER, LATER)
    for link in link_records([later, earlier]):
        assert LATER[link.later_start:link.later_end] == link.evidence_later
        assert EARLIER[link.earlier_start:link.earlier_end] == link.evidence_earlier


def test_score_of_a_pair_does_not_depend_on_other_plans():
    earlier, later, other = records(EARLIER, LATER, LATER.replace("2025年", "2026年"))
    alone = [link for link in link_records([earlier, later])]
    among = [link for link in link_records([other, later, earlier]) if (link.later, link.earlier) in {(a.later, a.earlier) for a in alone}]
    assert sorted(among, key=lambda link: link.later) == sorted(alone, key=lambda link: link.later)


def test_asking_for_the_cut_loads_no_linking():
    """`query lines` and `compare` need a number of weights.tsv: the libraries that links are made with take the better part of a second."""
    asked = "import sys, queries.lines, queries.comparison; print(sorted({'scipy', 'spacy', 'jieba'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == "[]"
