"""Words that tell one set of plans from another: counted by tasks, on two sides that share no plan, with words to look at."""

from __future__ import annotations

import re

import pytest
from cases import CITY_PLAN, MINISTRY, PLAN_2022, PLAN_2025, YEARS
from conftest import ENGINES, _loaded, records_in

import queries
from graph.errors import BadParameter, UsageError

EVERY = 10_000
TOWN = "澄江市水务局"
OWN = {"from_year": 2024, "to_year": 2025, "scope": TOWN}


def plan(title: str, year: int, words: list[str], body: str = TOWN) -> str:
    """A plan with one task for each of `words`."""
    tasks = "\n".join(f"{n}.改造泵站{n}座。{own}（责任单位：市水务局、水保中心）" for n, own in enumerate(words, 1))
    return f"{title}\n\n一、主要任务\n{tasks}\n\n{body}\n{year}年1月10日\n"


@pytest.fixture(scope="module")
def records(tmp_path_factory, sample_records):
    """The samples, a town's plans of 2024 and 2025 with 32 tasks each, one of three years that covers both, and another town's."""
    folder = tmp_path_factory.mktemp("plans")
    for name, text in {
            "2024.txt": plan("澄江市水务局2024年水务工作要点", 2024, ["铺设光缆和光缆。"] * 12 + ["由水保中心巡查。"] * 20),
            "2025.txt": plan("澄江市水务局2025年水务工作要点", 2025, ["培育算力。"] * 12 + ["由澄江市巡查。"] * 20),
            "2024-2026.txt": plan("澄江市水务局三年行动计划（2024—2026年）", 2024, ["配备无人机。"] * 4),
            "other.txt": plan("临江市水务局2025年水务工作要点", 2025, ["开展“培育算力”行动。"] * 4, "临江市水务局")}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [*sample_records, *records_in(folder)]


@pytest.fixture(scope="module", params=ENGINES)
def loaded(request, tmp_path_factory, records):
    opened = _loaded(request, tmp_path_factory, records)
    yield opened
    opened.close()


def ask(store, **params) -> dict[str, dict]:
    rows = queries.run("distinctive_terms", store, **params)
    assert len({row["word"] for row in rows}) == len(rows)
    return {row["word"]: row for row in rows}


def texts_of(store, plans: list[str]) -> dict[str, dict]:
    """The tasks of some plans, by id, with heading and text."""
    return {row["task"]: row for row in store.read(
        "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE p.title IN $plans OR p.doc_number IN $plans "
        "RETURN t.id AS task, coalesce(t.heading, '') AS heading, t.text AS text ORDER BY task", plans=plans)}


def test_two_years_of_one_town(loaded):
    """The numbers of a table that can be worked out on paper.

    Each side has 改造 and 泵站 in 32 tasks, 巡查 in 20, and two words in 12: n = 108, a_0 = 0.2 · 216 = 43.2.
    光缆: a = 2.4. Later 2.4 / (108 + 43.2 − 2.4) = 2.4 / 148.8; earlier 14.4 / (151.2 − 14.4) = 14.4 / 136.8;
    delta = ln(0.016129 / 0.105263) = −1.876; var = 1 / 2.4 + 1 / 14.4 = 0.48611; z = −1.87584 / 0.69722 = −2.69.
    It stands twice in each of its tasks and counts once.
    """
    rows = queries.run("distinctive_terms", loaded, **OWN)
    assert [[row[name] for name in rows.columns[:8]] for row in rows] == [
        ["光缆", "earlier", -2.69, -1.876, 12, 0, 0.375, 0.0], ["铺设", "earlier", -2.69, -1.876, 12, 0, 0.375, 0.0],
        ["培育", "later", 2.69, 1.876, 0, 12, 0.0, 0.375], ["算力", "later", 2.69, 1.876, 0, 12, 0.0, 0.375]]
    assert rows[0]["example"] == "铺设光缆和光缆。" and rows[2]["example"] == "培育算力。"
    notes = " ".join(rows.basis["notes"])
    assert "32 tasks stand on the earlier side, 32 on the later" in notes and "too few" not in notes and "not independent" in notes and "prior" in notes


def test_swapped_sides_are_a_mirror(loaded):
    """What speaks for a plan would hang on where it was put."""
    there, back = ask(loaded, **OWN), ask(loaded, from_year=2025, to_year=2024, scope=TOWN)
    assert there.keys() == back.keys()
    for word, row in there.items():
        other = back[word]
        assert (row["z"], row["log_odds"], row["earlier"], row["later_share"], row["example"]) == (
            -other["z"], -other["log_odds"], other["later"], other["earlier_share"], other["example"])
        assert {row["side"], other["side"]} == {"earlier", "later"}


def test_a_plan_of_both_years_stands_on_neither_side(loaded):
    """A plan in force in both years would be told from itself, and its words water down what did change."""
    rows = queries.run("distinctive_terms", loaded, **OWN, top=EVERY)
    assert "无人机" not in {row["word"] for row in rows}
    assert [note for note in rows.basis["notes"] if "neither side" in note and "《澄江市水务局三年行动计划（2024—2026年）》 with 4 tasks" in note]


def test_a_plan_named_for_a_side_stands_there(loaded):
    """Who asks how the three years' plan differs from the year before it began would get no answer."""
    for sides, side in (({"from_plan": "澄江市水务局三年行动计划", "to_year": 2025}, "earlier"), ({"from_year": 2024, "to_plan": "澄江市水务局三年行动计划"}, "later")):
        rows = queries.run("distinctive_terms", loaded, **sides, scope=TOWN)
        drone = next(row for row in rows if row["word"] == "无人机")
        assert (drone["side"], drone[side], drone["earlier"] + drone["later"], drone["z"]) == (side, 4, 4, None)
        assert any(f"stands on the {side} side, for which it is named" in note for note in rows.basis["notes"])


def test_one_plan_against_itself_says_nothing(loaded):
    """Every word would stand on both sides."""
    rows = queries.run("distinctive_terms", loaded, from_plan=PLAN_2025, to_plan=PLAN_2025)
    assert list(rows) == [] and any("nothing to compare" in note for note in rows.basis["notes"])


def test_names_of_units_and_places_are_no_words(loaded):
    """A ministry's plan is told from a city's by 司 and 处 alone; that is no finding."""
    found = ask(loaded, from_plan=PLAN_2022, to_plan=CITY_PLAN, top=EVERY) | ask(loaded, **OWN, top=EVERY)
    assert not {"水保中心", "市水务局", "澄江市", "澄江", "科技司", "渔业信息中心", "临澜市", "临澜", "青屿县", "望潮区"} & found.keys()
    assert not [word for word in found if len(word) < 2 or re.fullmatch(r"[\d.%]+", word)]


def test_a_programme_counts_as_the_plans_call_it(loaded):
    """智慧 and 渔港 would share out what is one programme of both plans."""
    found = ask(loaded, from_plan=PLAN_2025, to_plan=PLAN_2022, top=EVERY)
    assert {"渔家云课堂", "蓝湾守护", "智慧渔港"} & found.keys()
    for word, row in found.items():
        if word in ("渔家云课堂", "蓝湾守护", "智慧渔港"):
            for plan_, count in ((PLAN_2025, row["earlier"]), (PLAN_2022, row["later"])):
                assert sum(word in task["heading"] + task["text"] for task in texts_of(loaded, [plan_]).values()) == count


@pytest.mark.parametrize("sides", [YEARS | {"scope": MINISTRY}, {"from_plan": PLAN_2025, "to_plan": CITY_PLAN}])
def test_every_row_can_be_looked_up(loaded, sides):
    """A word without the words around it cannot be quoted; a count that no search repeats cannot be published."""
    rows = queries.run("distinctive_terms", loaded, **sides, top=EVERY)
    tasks = texts_of(loaded, [each["title"] for each in rows.basis["plans"]])
    assert rows
    for row in rows:
        task = tasks[row["example_task"]]
        assert row["example"] in task["text"] or row["example"] == task["heading"]
        assert row["word"] in row["example"] and row["example"] == row["example"].strip()
        assert row[row["side"]] >= 3 and (row["log_odds"] < 0) == (row["side"] == "earlier")
        holding = sum(row["word"] in each["heading"] + each["text"] for each in tasks.values())
        assert row["earlier"] + row["later"] <= holding


def test_too_few_tasks_for_z_are_said(loaded):
    """A z of 24 tasks would be quoted."""
    rows = queries.run("distinctive_terms", loaded, **YEARS, scope=MINISTRY)
    assert {row["z"] for row in rows} == {None}
    assert any("too few tasks for z-scores" in note for note in rows.basis["notes"])
    for side in ("earlier", "later"):
        strength = [abs(row["log_odds"]) for row in rows if row["side"] == side]
        assert strength == sorted(strength, reverse=True)


def test_top_cuts_each_side_and_leaves_nothing_out(loaded):
    """Ten of four hundred words would be read as all there are."""
    every, two = (queries.run("distinctive_terms", loaded, **YEARS, scope=MINISTRY, top=top) for top in (EVERY, 2))
    sides = {side: [row for row in every if row["side"] == side] for side in ("earlier", "later")}
    assert list(two) == sides["earlier"][:2] + sides["later"][:2]
    assert any(f"2 of {len(sides['earlier'])} words" in note and f"2 of {len(sides['later'])} for the later" in note for note in two.basis["notes"])
    assert not any("top" in left for left in two.basis["left_out"])
    with pytest.raises(BadParameter):
        queries.run("distinctive_terms", loaded, **YEARS, top=0)


def test_a_side_without_year_or_plan_is_asked_for(loaded):
    """Everything against 2025 is a comparison of a plan with itself and the rest."""
    for half in ({"from_year": 2022}, {"to_plan": CITY_PLAN}, {}):
        rows = queries.run("distinctive_terms", loaded, **half)
        assert list(rows) == [] and any("give a year or a plan for each side" in note for note in rows.basis["notes"])


def test_other_plans_of_the_graph_change_no_answer(loaded):
    """A table would change when somebody loads an unrelated plan: names are those of the plans compared."""
    assert [row["name"] for row in loaded.read("MATCH (r:Programme) WHERE r.name = '培育算力' RETURN r.name AS name")] == ["培育算力"]
    assert {"培育", "算力"} <= ask(loaded, **OWN).keys()
    assert ask(loaded, from_plan="澄江市水务局2025年水务工作要点", to_plan="临江市水务局2025年水务工作要点")["培育算力"]["later"] == 4


def test_tasks_of_one_code_can_be_compared(loaded):
    """Who codes tasks compares what lies within a code; without codes, all tasks are those without one."""
    assert ask(loaded, **OWN, code="(none)") == ask(loaded, **OWN)
    with pytest.raises(UsageError):
        ask(loaded, **OWN, code="没有这样的类别")
