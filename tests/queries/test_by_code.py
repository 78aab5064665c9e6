"""Researchers' codes in questions: filters, groups and the table of codes, on both engines, as counted by hand on the samples."""

from __future__ import annotations

import json
import shutil

import pytest
from cases import CASES, CITY, CITY_PLAN, MINISTRY, PLAN_2022, PLAN_2025, YEARS
from conftest import ENGINES, SAMPLES, wipe

import queries
from api import jobs
from graph.errors import BadParameter, NotByCode, UnknownCode, UnknownParameter
from graph.store import open_store

# 海岸保护 by the units that stand on a task, 智慧渔港 by words, 数据治理 by words and by hand; no task has 废弃.
SHEET = """code,words,unless,unit,document,task
海岸保护,,,海岸司；海岸处,,
智慧渔港,“智慧渔港”行动,,,,
数据治理,数据资源；动态监管平台,,,,
数据治理,,,,ministry-2025.txt,依托科研单位建设“渔语”大模型
-数据治理,,,,city-compilation.txt,对全市渔船船载终端
废弃,没有这样的词,,,,
"""
CODES = ["数据治理", "智慧渔港", "海岸保护"]
# Places of the tasks in their plans.
TOLD = {
    PLAN_2022: {"海岸保护": [5, 13, 14, 16], "智慧渔港": [4, 5], "数据治理": [6]},
    PLAN_2025: {"海岸保护": [9, 10, 11, 13], "智慧渔港": [1, 2], "数据治理": [3, 19, 20]},
    CITY_PLAN: {"海岸保护": [7, 9, 10], "智慧渔港": [2], "数据治理": []}}
SIZES = {PLAN_2022: 24, PLAN_2025: 22, CITY_PLAN: 16}
# No question about tasks with codes: about documents, about units and their names, or about any node.
NOT_BY_CODE = {"counterparts", "coverage", "duties", "neighbours", "plans", "plans_by_year", "series", "unit_spellings", "units_alike"}


def load_coded(url: str, folder) -> None:
    for path in SAMPLES.glob("*.txt"):
        shutil.copy(path, folder / path.name)
    (folder / "codes.csv").write_text(SHEET, encoding="utf-8")
    failures = jobs.Failures()
    jobs.ingest_files(sorted(map(str, folder.glob("*.txt"))), url, False, failures, lambda path: None)
    assert not failures.errors and [line for line in failures.warnings if "codes.csv" in line] == [f"{folder / 'codes.csv'}:7: not applied: no task meets this rule"]


@pytest.fixture(scope="module", params=ENGINES)
def coded(request, tmp_path_factory):
    """The samples with codes, on each engine."""
    folder = tmp_path_factory.mktemp("coded")
    url = str(folder / "graph.lbug")
    if request.param == "neo4j":
        url = request.getfixturevalue("neo4j_address")
        wipe(url)
    load_coded(url, folder)
    with open_store(url) as store:
        yield store


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """The same on the embedded engine, to compare with."""
    folder = tmp_path_factory.mktemp("embedded")
    load_coded(str(folder / "graph.lbug"), folder)
    with open_store(str(folder / "graph.lbug")) as store:
        yield store


def numbers(rows) -> list[int]:
    return [row["number"] for row in rows]


def uncoded(plan: str) -> list[int]:
    return sorted(set(range(1, SIZES[plan] + 1)) - {number for told in TOLD[plan].values() for number in told})


@pytest.mark.parametrize("plan", TOLD)
def test_tasks_of_a_code_are_those_counted_by_hand(coded, plan):
    for code, told in TOLD[plan].items():
        assert numbers(queries.run("plan_tasks", coded, plan=plan, code=code)) == told
    assert numbers(queries.run("plan_tasks", coded, plan=plan, code="(none)")) == uncoded(plan)
    assert len(queries.run("plan_tasks", coded, plan=plan)) == SIZES[plan]


def test_counts_and_shares_are_of_the_tasks_with_the_code(coded):
    """海岸司 with 4 of 4 tasks on the coast would be shown with 4 of 24."""
    rows = queries.run("department_workload", coded, plan=PLAN_2022, code="海岸保护")
    found = {row["department"]: (row["tasks"], row["share"], row["alone"]) for row in rows}
    assert found["海岸司"] == (4, 1.0, 0) and found["渔船渔港司"] == (1, 0.25, 0) and "养殖司" not in found
    assert rows.basis["left_out"] == ["2 of the graph's 3 plans", "whatever does not meet code=海岸保护"]
    assert "4 of the 24 tasks of these plans have the code 海岸保护" in rows.basis["notes"]
    assert f"{len(uncoded(PLAN_2022))} of the 24 tasks of these plans have no code" in queries.run("department_workload", coded, plan=PLAN_2022, code="(none)").basis["notes"]


def test_a_code_that_one_side_lacks_is_a_change(coded):
    """A code that appears would give no row, as if nothing had changed."""
    asked = {"from_plan": PLAN_2025, "to_plan": CITY_PLAN}
    rows = {row["department"]: row for row in queries.run("workload_change", coded, **asked, code="数据治理")}
    assert {name: (row["before"], row["after"], row["before_share"], row["after_share"]) for name, row in rows.items()}["渔业信息中心"] == (3, 0, 1.0, 0)
    turned = queries.run("workload_change", coded, from_plan=CITY_PLAN, to_plan=PLAN_2025, code="数据治理")
    assert {row["department"]: (row["before"], row["after"]) for row in turned}["渔业信息中心"] == (0, 3)
    assert len(queries.run("workload_change", coded, **asked)) > len(rows)


def test_between_two_years_a_code_is_of_the_later_task_and_of_the_earlier_where_one_was_dropped(coded):
    asked = YEARS | {"scope": MINISTRY}
    for code in CODES:
        assert {row["later_number"] for row in queries.run("continued_between", coded, **asked, code=code)} <= set(TOLD[PLAN_2025][code])
        assert set(numbers(queries.run("new_between", coded, **asked, code=code))) <= set(TOLD[PLAN_2025][code])
        assert set(numbers(queries.run("dropped_between", coded, **asked, code=code))) <= set(TOLD[PLAN_2022][code])
    continued, new = (queries.run(name, coded, **asked, code="海岸保护") for name in ("continued_between", "new_between"))
    assert {row["later_number"] for row in continued} | set(numbers(new)) == set(TOLD[PLAN_2025]["海岸保护"])


def test_goals_and_preambles_have_no_codes(coded):
    """A goal's target would be counted under every code, or under none as if it were a task."""
    whole = {row["id"] for row in queries.run("indicators", coded, plan=PLAN_2022) if row["stated_in"] == "task"}
    assert any(row["stated_in"] == "goal" for row in queries.run("indicators", coded, plan=PLAN_2022))
    grouped = queries.run("indicators", coded, plan=PLAN_2022, by_code=True)
    assert {row["id"] for row in grouped} == whole and {row["stated_in"] for row in grouped} == {"task"}
    ids = [row["id"] for row in grouped]
    assert len(ids) > len(set(ids))  # task 5 has two codes and a target
    assert any(note.startswith(f"{len(whole)} targets stated") for note in grouped.basis["notes"])
    assert all(row["tasks"] > 0 for row in queries.run("programme_years", coded, by_code=True))
    assert queries.run("policies_cited", coded, plan=CITY_PLAN, relation="basis") and not queries.run("policies_cited", coded, plan=CITY_PLAN, relation="basis", code="海岸保护")


def test_a_line_is_followed_through_tasks_without_the_code(coded):
    words = "在前两批建设的基础上，扩大“智慧渔港”行动覆盖面"
    whole = queries.run("task_history", coded, task=words)
    steps = queries.run("task_history", coded, task=words, code="海岸保护")
    assert 0 < len(steps) < len(whole)
    assert [row["task"] for row in steps] == [row["task"] for row in whole if row["number"] in TOLD.get(row["plan"], TOLD[PLAN_2025])["海岸保护"]]


@pytest.mark.parametrize("name", [question.name for question in queries.load_all() if question.goes_by_code])
def test_by_code_is_the_question_asked_of_each(embedded, name):
    """Groups that were no such answers could be quoted for nothing. (On the other engine they are the same, see below.)"""
    for params in CASES[name][:3]:
        grouped = queries.run(name, embedded, by_code=True, **params)
        assert grouped.columns == ["code", *(column.name for column in queries.load(name).columns)]
        asked = [(code, row) for code in (*CODES, "(none)") for row in queries.run(name, embedded, code=code, **params)]
        assert [(row["code"], {column: row[column] for column in grouped.columns[1:]}) for row in grouped] == asked
        assert grouped.basis["parameters"]["by_code"] is True and grouped.basis["parameters"]["code"] is None
        assert grouped.basis["plans"] == queries.run(name, embedded, **params).basis["plans"]


@pytest.mark.parametrize("name", ["plan_tasks", "department_tasks", "search_tasks", "new_between", "dropped_between", "continued_between"])
def test_no_task_is_lost_between_the_codes(coded, name):
    for params in CASES[name][:3]:
        whole, grouped = queries.run(name, coded, **params), queries.run(name, coded, by_code=True, **params)
        assert {json.dumps(row, sort_keys=True) for row in whole} == {json.dumps({column: row[column] for column in whole.columns}, sort_keys=True) for row in grouped}


def test_tasks_of_several_codes_and_of_none_are_said(coded):
    """Rows by code add up to more than there are tasks."""
    rows = queries.run("plan_tasks", coded, plan=PLAN_2022, by_code=True)
    assert [(row["code"], row["number"]) for row in rows if row["number"] in (4, 5, 6)] == [("数据治理", 6), ("智慧渔港", 4), ("智慧渔港", 5), ("海岸保护", 5)]
    assert rows.basis["notes"][-1] == "a task with several codes counts under each of them: 1 of the 24 tasks of these plans have several, 18 have none and stand under (none)"
    assert queries.run("plan_tasks", coded, plan=CITY_PLAN, by_code=True).basis["notes"][-1] == "no row under 数据治理"


def test_the_table_of_codes(coded):
    """A year whose plans have no task of a code is 0, and no year of the graph is left out."""
    rows = queries.run("codes", coded)
    found = {(row["code"], row["year"]): (row["plans"], row["tasks"], row["of_tasks"], row["share"]) for row in rows}
    assert found == {
        ("数据治理", 2022): (1, 1, 24, 0.042), ("数据治理", 2025): (1, 3, 38, 0.079), ("海岸保护", 2022): (1, 4, 24, 0.167), ("海岸保护", 2025): (2, 7, 38, 0.184),
        ("智慧渔港", 2022): (1, 2, 24, 0.083), ("智慧渔港", 2025): (2, 3, 38, 0.079), ("(none)", 2022): (1, 18, 24, 0.75), ("(none)", 2025): (2, 25, 38, 0.658)}
    assert rows.basis["notes"] == ["a task with several codes counts under each of them: 1 of the 62 tasks of these plans have several, 43 have none and stand under (none)"]
    assert [(row["code"], row["tasks"]) for row in queries.run("codes", coded, scope=CITY)] == [("(none)", 12), ("数据治理", 0), ("智慧渔港", 1), ("海岸保护", 3)]
    assert [(row["year"], row["tasks"]) for row in queries.run("codes", coded, code="海岸保护")] == [(2022, 4), (2025, 7)]
    assert [row["tasks"] for row in queries.run("codes", coded, code="(none)", plan=PLAN_2025)] == [13]
    assert [row["year"] for row in queries.run("codes", coded, year=2022, code="智慧渔港")] == [2022]


def test_what_cannot_be_asked_is_said(coded):
    with pytest.raises(UnknownCode, match=r"'海岸保户'; did you mean '海岸保护'\?; known are 数据治理, 智慧渔港, 海岸保护; \(none\) means"):
        queries.run("plan_tasks", coded, plan=PLAN_2022, code="海岸保户")
    with pytest.raises(UnknownCode, match="废弃"):
        queries.run("codes", coded, code="废弃")
    with pytest.raises(BadParameter, match="leave one of the two out"):
        queries.run("plan_tasks", coded, plan=PLAN_2022, code="海岸保护", by_code=True)
    with pytest.raises(UnknownParameter, match="'code'"):
        queries.run("coverage", coded, code="海岸保护")
    with pytest.raises(NotByCode, match="coverage is not about tasks with codes; by_code goes with continued_between"):
        queries.run("coverage", coded, by_code=True)
    with pytest.raises(NotByCode, match="codes has a row for each code anyway"):
        queries.run("codes", coded, by_code=True)


def test_every_question_about_tasks_takes_a_code():
    """A new question would be the one that cannot be asked of a category."""
    assert {name for name in queries.names() if all(parameter.name != "code" for parameter in queries.load(name).parameters)} == NOT_BY_CODE


@pytest.mark.parametrize("coded", ENGINES[1:], indirect=True)
def test_both_engines_answer_alike(coded, embedded):
    """Who moves a graph from a laptop to a server would get other tables."""
    for question in (question for question in queries.load_all() if question.name not in NOT_BY_CODE):
        for params in CASES[question.name][:2]:
            for more in ({"code": "海岸保护"}, {"code": "(none)"}, {"by_code": True} if question.goes_by_code else {}):
                found, expected = (queries.run(question.name, store, **params, **more) for store in (coded, embedded))
                assert list(found) == list(expected), (question.name, params, more)
                assert {**found.basis, "graph": None} == {**expected.basis, "graph": None}


def test_without_any_code_everything_stands_under_none(store):
    """Who groups by code before coding learns why there is one group. It stands last: it loads another graph into the server."""
    rows = queries.run("plan_tasks", store, plan=PLAN_2022, by_code=True)
    assert len(rows) == 24 and {row["code"] for row in rows} == {"(none)"}
    assert "write codes.csv" in rows.basis["notes"][-1]
    rows = queries.run("codes", store)
    assert {(row["code"], row["share"]) for row in rows} == {("(none)", 1.0)} and "write codes.csv" in rows.basis["notes"][-1]
    with pytest.raises(UnknownCode, match=r"no task has any: write codes\.csv"):
        queries.run("plan_tasks", store, plan=PLAN_2022, code="海岸保护")
