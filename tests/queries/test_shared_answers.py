"""The answers on the real documents: numbers that were counted by hand, every span, and both engines row for row."""

from __future__ import annotations

import json

import pytest
from whole_graph import iter_spans, misplaced

import queries
from graph.load import load
from graph.store import open_store
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of

pytestmark = pytest.mark.slow
PLANS = ("2018年教育信息化和网络安全工作要点", "2021年教育信息化和网络安全工作要点")


def workload(store, year: int) -> dict[str, dict]:
    rows = queries.run("department_workload", store, year=year)
    assert len({row["department"] for row in rows}) == len(rows)
    return {row["department"]: row for row in rows}


def test_the_ministry_of_2018(shared_store):
    """The first question of the product, as counted by hand: who owns the most tasks."""
    rows = queries.run("department_workload", shared_store, year=2018)
    units = workload(shared_store, 2018)
    assert len(rows) == 36
    assert (rows[0]["department"], rows[0]["tasks"], rows[0]["first"], rows[0]["alone"]) == ("科技司", 29, 25, 2)
    counted = {name: units[name]["tasks"] for name in ("中央电教馆", "基教司", "教育管理信息中心", "职成司")}
    assert counted == {"中央电教馆": 13, "基教司": 11, "教育管理信息中心": 10, "职成司": 9}
    assert [row["department"] for row in rows][:5] == ["科技司", *counted]
    assert {row["lead"] for row in rows} == {None}
    assert (rows.basis["responsibilities"], rows.basis["tasks"]) == (145, 57)
    assert [plan["title"] for plan in rows.basis["plans"]] == [PLANS[0]]


def test_the_collectives_of_2018_stand_below_the_units(shared_store):
    """地方各级教育行政部门 is no unit that one could compare with 科技司; three spellings of it are one."""
    rows = queries.run("department_workload", shared_store, year=2018)
    local = next(row for row in rows if row["department"] == "地方各级教育行政部门")
    assert (local["tasks"], local["collective"]) == (17, True)
    blocks = [row["collective"] for row in rows]
    assert blocks == sorted(blocks)


def test_the_city_of_2021(shared_store):
    """A plan in which the lead stands before the comma."""
    rows = queries.run("department_workload", shared_store, year=2021)
    units = workload(shared_store, 2021)
    assert len(rows) == 15
    assert [(units[name]["tasks"], units[name]["lead"]) for name in ("科技处", "市技装中心")] == [(18, 14), (16, 6)]
    assert units["市教科院"]["tasks"] == 8
    assert rows.basis["responsibilities"] == 73
    assert sum(row["lead"] for row in rows) == 22
    assert [plan["title"] for plan in rows.basis["plans"]] == [PLANS[1]]


def test_two_divisions_of_one_name_are_two(shared_store):
    """科技司 of a ministry and 科技处 of a city never share a row, and the bodies are said to be inferred."""
    rows = queries.run("department_workload", shared_store)
    assert len({(row["department"], row["scope"]) for row in rows}) == len(rows)
    assert next(row["scope"] for row in rows if row["department"] == "科技司") == "教育部"
    rows = queries.run("workload_change", shared_store, from_year=2018, to_year=2021)
    assert any("inferred" in note and "教育部" in note and "xx市" in note for note in rows.basis["notes"])


def test_a_ministry_against_a_city_is_said(shared_store):
    """2018 against 2021 compares two bodies."""
    for name in ("continued_between", "new_between", "dropped_between", "workload_change"):
        notes = queries.run(name, shared_store, from_plan=PLANS[0], to_plan=PLANS[1]).basis["notes"]
        assert any("no issuing body in common" in note for note in notes), name
    assert {row["relation"] for row in queries.run("continued_between", shared_store, from_plan=PLANS[0], to_plan=PLANS[1])} == {"takes_up"}


def test_every_span_is_verbatim(shared_store):
    """Every number leads back to its words, in every document."""
    spans = list(iter_spans(shared_store))
    assert len(spans) > 1000
    assert misplaced(shared_store) == []


def every_answer(store) -> dict[str, list]:
    """Each question with its defaults, and where it needs a thing, for the things of the graph."""
    plans = [row["plan"] for row in queries.run("plans", store)]
    units = [row["id"] for row in queries.run("department_workload", store)]
    tasks = [row["task"] for plan in plans for row in queries.run("plan_tasks", store, plan=plan)]
    given = {
        "plan_tasks": [{"plan": plan} for plan in plans],
        "coverage": [{"plan": plan} for plan in plans],
        "department_tasks": [{"department": unit} for unit in units[::6]],
        "task_history": [{"task": task} for task in tasks[::12]],
        "neighbours": [{"node": node} for node in (*plans, *units[:3], *tasks[::40])],
        "search_tasks": [{"q": "信息化"}, {"q": "教育", "year": 2021}],
        "department_workload": [{}, *({"plan": plan} for plan in plans), {"year": 2018}, {"year": 2021}, {"role": "lead"}],
        "shared_tasks": [{}, {"year": 2018, "collectives": True}],
        **{name: [{}, {"from_year": 2018, "to_year": 2021}, {"from_year": 2025, "to_year": 2026}] for name in
           ("continued_between", "new_between", "dropped_between", "workload_change")}}
    found = {}
    for name in queries.names():
        for params in given.get(name, [{}]):
            rows = queries.run(name, store, **params)
            basis = {key: value for key, value in rows.basis.items() if key != "graph"}
            found[f"{name} {json.dumps(params, ensure_ascii=False)}"] = [*rows, basis]
    return json.loads(json.dumps(found))


@pytest.fixture(scope="module")
def embedded_answers(tmp_path_factory, shared_records):
    """The answers of the embedded engine, computed anew in each session."""
    url = str(tmp_path_factory.mktemp("embedded") / "graph.lbug")
    with open_store(url, "create") as store:
        load(store, [bundle_of(record) for record in shared_records], Linker())
    with open_store(url) as store:
        return every_answer(store)


def test_both_engines_answer_alike(shared_store, embedded_answers):
    """Who moves a graph from a laptop to a server would get other tables."""
    found = every_answer(shared_store)
    assert list(found) == list(embedded_answers)
    different = [asked for asked in found if found[asked] != embedded_answers[asked]]
    assert different == []
