"""Each question's answers on the samples, on both engines, as the golden files have them."""

from __future__ import annotations

import pytest
from cases import CASES, CITY_PLAN, MINISTRY, NODES, PLAN_2022, PLAN_2025, YEARS

import queries
from graph.store import is_server


def params_of(name: str, store) -> list[dict]:
    if name != "neighbours":
        return CASES[name]
    nodes = [queries.run(question, store, **params)[0][column] for question, params, column in NODES]
    return [{"node": node} for node in nodes] + [{"node": nodes[0], "edge": "HAS_TASK"}, {"node": nodes[3], "edge": "CONTINUES"}]


def answers(name: str, store) -> list[dict]:
    """Rows and basis for each case, without what differs from graph to graph and release to release."""
    found = []
    for params in params_of(name, store):
        rows = queries.run(name, store, **params)
        basis = {key: value for key, value in rows.basis.items() if key not in ("graph", "policygraph")}
        found.append({"asked": params, "rows": list(rows), "basis": basis})
    return found


@pytest.mark.parametrize("name", queries.names())
def test_the_answer_is_the_golden_one(store, golden, request, name):
    """A published number would change with a release or an engine, and nobody would see it in review."""
    assert name in CASES, f"the question {name} has no case in tests/queries/cases.py"
    found = answers(name, store)
    assert found
    if is_server(store.url) and request.config.getoption("--rewrite-golden"):
        return  # the embedded engine writes them, so that the other is compared with what it wrote in the next run
    golden(f"queries/{name}", found)


def test_cases_are_of_questions_that_there_are():
    """A case of a question that was renamed would never be asked."""
    assert set(CASES) == set(queries.names())


@pytest.mark.parametrize("name", queries.names())
def test_rows_are_typed_and_in_one_order(store, name):
    """A table made twice would differ, and a column hold text where its header promises a number."""
    question = queries.load(name)
    kinds = {"int": int, "float": float, "str": str, "bool": bool, "list[str]": list}
    for params in params_of(name, store):
        rows = queries.run(name, store, **params)
        assert list(rows) == list(queries.run(name, store, **params))
        assert rows.columns == [column.name for column in question.columns]
        lines = [repr(row) for row in rows]
        assert len(set(lines)) == len(lines), "two rows are equal"
        for row in rows:
            assert list(row) == rows.columns
            for column in question.columns:
                assert row[column.name] is None or type(row[column.name]) is kinds[column.type], (column, row)


def test_an_answer_becomes_a_frame(store):
    """A notebook would have to build its table by hand, and lose the basis."""
    rows = queries.run("department_workload", store, year=2022)
    frame = rows.to_frame()
    assert list(frame.columns) == rows.columns and len(frame) == len(rows)
    assert frame.attrs["basis"] == rows.basis
    assert list(queries.run("department_workload", store, year=1999).to_frame().columns) == rows.columns


def test_the_basis_counts_what_the_answer_rests_on(store):
    """A number without its plans and totals cannot be published."""
    basis = queries.run("department_workload", store, year=2022).basis
    assert [plan["title"] for plan in basis["plans"]] == [PLAN_2022]
    assert basis["plans"][0]["body"] == MINISTRY and basis["plans"][0]["level"] == "national" and basis["plans"][0]["years"] == [2022]
    assert (basis["tasks"], basis["tasks_without_stated_unit"], basis["responsibilities"]) == (24, 0, 68)
    assert basis["left_out"] == ["2 of the graph's 3 plans"]
    assert basis["parameters"] == {"year": 2022, "plan": None, "role": None, "level": None, "region": None, "kind": None, "code": None}
    assert basis["policygraph"] and basis["graph"]


def test_what_a_parameter_leaves_out_is_said(store):
    """A table of leads only would be read as the whole workload."""
    assert queries.run("department_workload", store, year=2025, role="lead").basis["left_out"] == [
        "1 of the graph's 3 plans", "whatever does not meet role=lead"]
    assert queries.run("department_workload", store).basis["left_out"] == []


def test_unmarked_leads_are_null_and_said(store):
    """A ministry that marks no leads would appear to lead nothing."""
    rows = queries.run("department_workload", store, year=2022)
    assert {row["lead"] for row in rows} == {None}
    assert [note for note in rows.basis["notes"] if "no lead is marked" in note and PLAN_2022 in note]
    marked = queries.run("department_workload", store, plan=PLAN_2025)
    assert None not in {row["lead"] for row in marked} and not any("no lead is marked" in note for note in marked.basis["notes"])


def test_leads_marked_in_different_ways_are_said(store):
    """A comma's lead and a 牵头 would be added up in silence."""
    notes = queries.run("department_workload", store, year=2025).basis["notes"]
    assert any("different ways" in note and "marked, positional" in note for note in notes)


@pytest.mark.parametrize("name", ["continued_between", "new_between", "dropped_between", "workload_change"])
def test_two_bodies_compared_are_said(store, name):
    """A city's plan beside its ministry's would be read as one body's change of mind."""
    notes = queries.run(name, store, from_plan=PLAN_2022, to_plan=CITY_PLAN).basis["notes"]
    assert any("no issuing body in common" in note and MINISTRY in note and "临澜市海洋与渔业局 (prefecture)" in note for note in notes)
    assert not any("no issuing body" in note for note in queries.run(name, store, **YEARS, scope=MINISTRY).basis["notes"])


@pytest.mark.parametrize(("name", "standing"), [("new_between", "not found in the earlier plan"), ("dropped_between", "not found in the later plan")])
def test_another_body_cannot_show_what_is_new_or_dropped(store, name, standing):
    """What a city does not repeat would be published as dropped by the ministry."""
    across = queries.run(name, store, from_plan=PLAN_2022, to_plan=CITY_PLAN)
    assert across and {row["standing"] for row in across} == {standing}
    assert {row["standing"] for row in queries.run(name, store, **YEARS, scope=MINISTRY)} == {name.removesuffix("_between")}


def test_continued_new_and_dropped_share_out_the_plans(store):
    """A task would be counted twice or in no column of the comparison."""
    asked = YEARS | {"scope": MINISTRY}
    continued, new, dropped = (queries.run(name, store, **asked) for name in ("continued_between", "new_between", "dropped_between"))
    later = {row["task"] for row in queries.run("plan_tasks", store, plan=PLAN_2025)}
    earlier = {row["task"] for row in queries.run("plan_tasks", store, plan=PLAN_2022)}
    assert {row["later"] for row in continued} | {row["task"] for row in new} == later
    assert not {row["later"] for row in continued} & {row["task"] for row in new}
    assert {row["earlier"] for row in continued} | {row["task"] for row in dropped} == earlier
    assert not {row["earlier"] for row in continued} & {row["task"] for row in dropped}


def test_workload_sums_to_the_totals(store):
    """Whole and shared counting must lead to the two totals that are shown beside the table."""
    for params in ({"year": 2022}, {"plan": PLAN_2025}, {"plan": CITY_PLAN}):
        rows = queries.run("department_workload", store, **params)
        assert sum(row["tasks"] for row in rows) == rows.basis["responsibilities"]
        assert sum(row["split"] for row in rows) == pytest.approx(rows.basis["tasks"], abs=0.2)
        assert sum(row["first"] for row in rows) == rows.basis["tasks"]


def test_what_a_preamble_cites_counts(store):
    """The basis of a plan stands in its preamble more than anywhere: 落实《…》 would be missing from the list of what it rests on."""
    found = {row["policy"] for row in queries.run("policies_cited", store, plan=CITY_PLAN, relation="basis")}
    assert found == {"2025年智慧渔业和海岸保护工作要点"}


def test_only_what_is_left_out_is_said_to_be(store):
    """A default, or what the question is about, leaves nothing out."""
    assert queries.run("shared_tasks", store, collectives=True).basis["left_out"] == []
    node = queries.run("plans", store, year=2022)[0]["plan"]
    assert queries.run("neighbours", store, node=node).basis["left_out"] == []


def test_one_side_alone_is_no_comparison(store):
    """No rows for want of a second year would be read as no change."""
    rows = queries.run("workload_change", store, from_year=2022)
    assert list(rows) == [] and rows.basis["notes"]


def test_duties_rest_on_duty_lists(store):
    """Duties would be published as if plans with 62 tasks had been counted for them."""
    basis = queries.run("duties", store, department="海岸司").basis
    assert (basis["plans"], basis["tasks"]) == ([], 0)


def test_nothing_found_is_no_error(store):
    """A year without a plan must say so, not fail and not look like a year without tasks."""
    rows = queries.run("department_workload", store, year=1999)
    assert list(rows) == [] and rows.columns and rows.basis["notes"] == ["no plan of the graph meets these parameters"]


@pytest.mark.parametrize(("filters", "kept"), [
    ({"level": "prefecture"}, lambda unit: unit["level"] == "prefecture"), ({"region": "临澜市"}, lambda unit: "临澜市" in unit["places"]), ({"kind": "inner division"}, lambda unit: unit["kind"] == "inner division")])
def test_units_are_filtered_by_level_region_and_kind(store, filters, kept):
    """A city's bureaus would be ranked among a ministry's."""
    units = {row["id"]: row for row in store.read("MATCH (d:Department) RETURN d.id AS id, d.level AS level, d.places AS places, d.kind AS kind")}
    everyone = queries.run("department_workload", store, year=2025)
    wanted = [row for row in everyone if kept(units[row["id"]])]
    assert 0 < len(wanted) < len(everyone)
    assert list(queries.run("department_workload", store, year=2025, **filters)) == wanted
