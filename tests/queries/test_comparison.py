"""The comparison of the samples' plans, on both engines, and what cannot be compared."""

from __future__ import annotations

import pytest

import queries
from graph.errors import AmbiguousParameter, BadParameter, MissingParameter, NoPlanOnSide, NotCompared, UnknownThing
from queries.comparison import PARTS, compare


@pytest.fixture(scope="module")
def found(store):
    return compare(store, 2022, 2025)


def test_it_says_first_what_is_compared(found):
    """The sizes decide how much can be new."""
    first, second, why = found.compared
    assert first.startswith("earlier  《海岸与渔业部2022年智慧渔业和海岸保护工作要点》 海岸与渔业部, national, 2022: 24 tasks, 25 numbered items, ") and first.endswith(" characters")
    assert "《2025年智慧渔业和海岸保护工作要点》" in second and "22 tasks" in second
    assert why == "One body, 海岸与渔业部: what has no link is new or dropped."
    assert [(row["side"], row["tasks"], row["body"]) for row in found.parts["compared"].rows] == [("earlier", 24, "海岸与渔业部"), ("later", 22, "海岸与渔业部")]
    assert "《临澜市海洋与渔业局2025年智慧渔业和海岸保护工作要点》" in found.basis["left_out"][-1]  # its body has no plan of 2022


def test_the_counts_are_those_of_the_other_questions(found, store):
    """Two answers of one tool on one pair of plans must not differ."""
    for question, row in zip(("new_between", "dropped_between"), found.parts["summary"].rows, strict=True):
        titles = {each["plan"] for each in found.parts["compared"].rows}
        assert row["without_kept"] == sum(each["plan"] in titles for each in queries.run(question, store, from_year=2022, to_year=2025))
        assert row["continued"] + row["perhaps"] + row["none"] == row["tasks"]
        assert row["least"] <= row["without_kept"] <= row["most"]
        assert row["called"] == {"later": "new", "earlier": "dropped"}[row["side"]]
    kept = [row for row in found.parts["pairs"].rows if row["above_cut"]]
    linked = {(row["later"], row["earlier"]) for row in queries.run("continued_between", store, from_year=2022, to_year=2025)}
    assert {(row["later"], row["earlier"]) for row in kept} <= linked and len(kept) > 10


def test_the_tasks_agree_with_the_links(found):
    tasks = {row["task"]: row for row in found.parts["tasks"].rows}
    assert len(tasks) == 46
    for row in found.parts["pairs"].rows:
        assert tasks[row["later"]]["class"] != "none" != tasks[row["earlier"]]["class"]
        assert row["evidence_later"] in tasks[row["later"]]["text"] or row["evidence_later"] in tasks[row["later"]]["heading"]
        assert row["earlier"] in tasks[row["later"]]["partner_tasks"]
    for row in tasks.values():
        assert (row["called"] is None) == (row["class"] != "none") == bool(row["partners"])
        assert (row["class"] == "continued") == any(not partner.endswith("?") for partner in row["partners"])
        assert all(sentence in row["text"] for sentence in row["sentences_alone"] or [])
    assert any(row["sentences_alone"] for row in tasks.values())


def test_targets_of_the_samples(found):
    """Read by hand in the two plans: the rate rose, the kilometres rose; 200 inspected ports are not 45 rebuilt ones."""
    rows = {(row["earlier_quote"], row["later_quote"]): row for row in found.parts["targets"].rows if row["standing"] == "changed"}
    rate = rows["船长12米以上渔船船载终端安装比例达到85%", "船长12米以上渔船船载终端安装比例达到98%"]
    assert (rate["earlier_value"], rate["later_value"], rate["change"], rate["earlier_by"], rate["later_by"]) == (85, 98, "达到85% → 达到98%", 2022, 2025)
    assert ("全年修复岸线180公里", "全年修复岸线260公里") in rows
    assert not any("200个渔港" in earlier for earlier, _ in rows)


def test_stages_units_and_programmes_of_the_samples(found):
    stages = {(row["earlier_number"], row["later_number"]): row for row in found.parts["strength"].rows}
    assert (stages[13, 10]["change"], stages[13, 10]["earlier_verb"], stages[13, 10]["later_verb"]) == ("up", "启动", "实施")
    units = {(row["earlier_number"], row["later_number"]): row for row in found.parts["units"].rows}
    assert (units[14, 11]["stayed"], units[14, 11]["joined"], units[14, 11]["lead_changed"]) == (["海岸司", "海岸监测中心"], ["海岸与渔业研究院"], None)  # 2022 marks no lead
    programmes = {row["name"]: row for row in found.parts["programmes"].rows}
    assert programmes["蓝湾守护"]["standing"] == "held" and programmes["渔光互补"]["standing"] == "gone"
    assert (programmes["渔语"] if "渔语" in programmes else programmes["渔家云课堂"])["standing"] == "new"


def test_terms_are_those_of_their_question(found, store):
    plans = {row["side"]: row["plan_id"] for row in found.parts["compared"].rows}
    asked = queries.run("distinctive_terms", store, from_plan=plans["earlier"], to_plan=plans["later"])
    assert found.parts["terms"].rows == list(asked) and asked


def test_rows_are_typed_and_in_one_order(found, store):
    """A table made twice would differ, or a column hold another thing than it says."""
    kinds = {"int": int, "float": float, "str": str, "bool": bool, "list[str]": list}
    again = compare(store, 2022, 2025)
    for name, part in found.parts.items():
        assert part.rows == again.parts[name].rows and part.rows
        for row in part.rows:
            assert list(row) == part.column_names
            for column in part.columns:
                assert row[column.name] is None or type(row[column.name]) is kinds[column.type], (name, column, row)
    assert (again.compared, again.summary, again.basis) == (found.compared, found.summary, found.basis)


def test_one_part_alone_is_the_same(found, store):
    alone = compare(store, 2022, 2025, only=("targets",))
    assert list(alone.parts) == ["targets"] and alone.parts["targets"].rows == found.parts["targets"].rows and alone.summary == found.summary


def test_a_lower_body_neither_begins_nor_drops(store):
    """The city's plan does not take up everything of the ministry's: that was not dropped."""
    down = compare(store, from_plan="海岸与渔业部2022年智慧渔业和海岸保护工作要点", to_plan="临澜市海洋与渔业局2025年智慧渔业和海岸保护工作要点")
    assert [row["called"] for row in down.parts["summary"].rows] == ["not found in the upper plan", "not found in the lower plan"]
    assert "neither" not in down.summary[0] and not any(word in " ".join(down.summary) for word in ("new", "dropped"))
    assert {row["bodies"] for row in down.parts["tasks"].rows} == {"海岸与渔业部 → 临澜市海洋与渔业局"}
    assert all(row["joined"] is None and row["lead_changed"] is None for row in down.parts["units"].rows)
    assert not {row["standing"] for row in down.parts["programmes"].rows} & {"new", "gone", "rose", "fell"}
    assert not [row for row in down.parts["targets"].rows if row["standing"] == "changed" and row["later_unit"] != "%"]


@pytest.mark.parametrize(("asked", "error", "words"), [
    ({"from_year": 2022}, MissingParameter, "to_year"), ({}, MissingParameter, "from_year"), ({"from_year": 2025, "to_year": 2022}, BadParameter, "a year after from_year"),
    ({"from_year": 2022, "to_year": 2024}, NoPlanOnSide, "there are plans for 2022 (1 plan), 2025 (2 plans)"),
    ({"from_year": 2022, "to_year": 2025, "scope": "临澜市"}, NoPlanOnSide, "2025 (1 plan)"), ({"from_year": 2022, "to_year": 2025, "scope": "海岸"}, UnknownThing, "海岸与渔业部"),
    ({"from_year": 2022, "to_plan": "工作要点"}, AmbiguousParameter, "means 3 things"), ({"from_plan": "海渔发〔2025〕2号", "to_plan": "海渔发〔2025〕2号"}, BadParameter, "another plan"),
    ({"from_plan": "海渔发〔2025〕2号", "to_plan": "海岸与渔业部2022年智慧渔业和海岸保护工作要点"}, NotCompared, "《2025年智慧渔业和海岸保护工作要点》 is the later plan"),
    ({"from_year": 2022, "to_year": 2025, "only": ("tables",)}, BadParameter, "one of compared, summary")])
def test_what_cannot_be_compared(store, asked, error, words):
    with pytest.raises(error) as told:
        compare(store, **asked)
    assert words in str(told.value)


def test_every_part_says_what_its_rows_and_columns_are():
    for spec in PARTS.values():
        assert spec.says.startswith("One row: ") and all(column.says for column in spec.columns), spec.name
        assert len({column.name for column in spec.columns}) == len(spec.columns)
