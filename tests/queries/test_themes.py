"""Themes found by machine: planted ones are found, doubtful ones are shown to be, and the same tasks give the same themes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from cases import CITY_PLAN, MINISTRY, PLAN_2022
from conftest import ROOT

import queries
from api import jobs
from graph.errors import BadParameter, TooManyTasks
from graph.store import open_store
from queries import themes

# Three lines of work in words of their own; every task has the verbs of every plan.
SUBJECTS = {
    "河道": ["加强河道巡查，组织河长每月巡河，清理河面漂浮垃圾，打捞淤泥", "推进河道清淤疏浚，外运淤泥，整治河岸排污口，修复河岸植被",
             "完善河长巡河制度，及时清理河面漂浮垃圾，查处河岸排污口", "加强河岸植被养护，推进清淤疏浚，落实河长巡河打捞责任"],
    "养老": ["加强养老机构护理员培训，提高失能老人照护水平，增设护理床位", "推进社区养老食堂建设，为高龄老人送餐，上门照护失能老人",
             "完善养老机构护理床位补贴，培训护理员，规范失能老人评估", "加强高龄老人上门照护，推进社区养老食堂送餐，配备护理员"],
    "路灯": ["加强路灯检修，更换老旧灯杆和照明电缆，推广节能灯具", "推进道路照明节能改造，安装节能灯具，更换锈蚀灯杆",
             "完善路灯故障报修渠道，检修照明电缆，加固锈蚀灯杆", "加强道路照明检修，排查路灯漏电，更换电缆和节能灯具"]}
ALONE = "推进档案数字化，加强方志年鉴编纂，完善史料查阅窗口，接待读者"


def plan(year: int, tasks: list[str]) -> str:
    """A plan of a city of its own, so that themes and not links join the years."""
    city = {2024: "东澜市", 2025: "南澜市", 2026: "西澜市"}[year]
    lines = [f"{n}.{text}。（责任单位：市某局）" for n, text in enumerate(tasks, 1)]
    return f"{city}{year}年城市管理工作要点\n\n一、重点任务\n" + "\n".join(lines) + f"\n\n{city}城市管理局\n{year}年3月5日\n"


def graph_of(folder, plans: dict[int, list[str]], codes: str = "") -> str:
    for year, tasks in plans.items():
        (folder / f"{year}.txt").write_text(plan(year, tasks), encoding="utf-8")
    if codes:
        (folder / "codes.csv").write_text(codes, encoding="utf-8")
    failures = jobs.Failures()
    jobs.ingest_files([str(folder / f"{year}.txt") for year in plans], str(folder / "graph.lbug"), False, failures, lambda path: None)
    assert failures.errors == []
    return str(folder / "graph.lbug")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Two years' plans with the three subjects in turn, one task of another, and codes for two small groups."""
    folder = tmp_path_factory.mktemp("planted")
    first, last = ([texts[k] for k in places for texts in SUBJECTS.values()] for places in ((0, 1), (2, 3)))
    return graph_of(folder, {2024: first, 2026: [*last, ALONE]}, "code,words\n孤,方志\n河,清理\n")


def test_planted_themes_are_found(planted):
    """Common verbs, a common unit and a common plan make no theme; a task of its own is in none."""
    rows = queries.run("themes", planted, cut=0.2)
    assert [(row["number"], row["tasks"], row["plans"], row["years"]) for row in rows] == [
        *((number, 4, 2, ["2024: 2", "2026: 2"]) for number in (1, 2, 3)), (0, 1, 1, ["2026: 1"])]
    found = {}
    for row in rows[:3]:
        (subject,) = [subject for subject, texts in SUBJECTS.items() if row["example"].rstrip("。") in texts]
        found[subject] = set(row["words"])
        assert (row["stability"], row["share"], row["share_low"], row["share_high"]) == (1.0, 0.308, 0.308, 0.308)
    for subject, words in found.items():
        others = "".join(text for other, texts in SUBJECTS.items() if other != subject for text in texts)
        assert len(words) >= 5 and all(word in "".join(SUBJECTS[subject]) and word not in others for word in words)
    assert rows[-1]["words"] == [] and rows[-1]["stability"] is rows[-1]["example"] is None
    assert not any("not to be quoted" in note or "one plan alone" in note for note in rows.basis["notes"])


def test_a_share_that_hangs_on_the_cut_is_shown_with_its_range(planted):
    """At a low cut the task of its own hangs on 推进 in these short texts, at a higher one it falls off; in between it does both."""
    unsure = [row for cut in (0.05, 0.06, 0.075, 0.09, 0.1, 0.12, 0.14) for row in queries.run("themes", planted, cut=cut) if row["number"] and row["share_low"] < row["share_high"]]
    assert unsure
    for row in unsure:
        assert (row["share_low"], row["share_high"]) == (0.308, 0.385) and 0.8 < row["stability"] < 1


def test_themes_that_are_not_stable_are_named(store):
    """A share of a theme that the next seed does not find would be published."""
    told = set()
    for cut in (0.06, 0.1, 0.12, 0.2, 0.3):
        rows = queries.run("themes", store, cut=cut)
        shaky = [str(row["number"]) for row in rows if row["number"] and row["stability"] < 0.6]
        told.add(bool(shaky))
        assert [note.rsplit(" ", len(shaky))[1:] for note in rows.basis["notes"] if "not to be quoted" in note] == ([[*(f"{number}," for number in shaky[:-1]), shaky[-1]]] if shaky else [])
    assert told == {True, False}


def test_the_same_tasks_give_the_same_themes(planted):
    """Sets of words are walked in another order in every process; a published table must come out again."""
    told = []
    for seed in ("1", "2"):
        code = f"import queries; print(list(queries.run('themes', {planted!r}, cut=0.05)))"
        told.append(subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert told[0] == told[1] == f"{list(queries.run('themes', planted, cut=0.05))}\n"


def test_every_task_is_in_one_theme_or_in_none(store):
    for asked in ({}, {"scope": MINISTRY}, {"plan": CITY_PLAN}, {"cut": 0.3}, {"resolution": 3}):
        rows = queries.run("themes", store, **asked)
        assert sum(row["tasks"] for row in rows) == rows.basis["tasks"]
        assert [row["number"] for row in rows if row["number"]] == list(range(1, sum(row["number"] > 0 for row in rows) + 1))
        for row in rows:
            assert sum(int(of_year.split(": ")[1]) for of_year in row["years"]) == row["tasks"]
            if row["number"]:
                assert row["tasks"] >= themes.SMALLEST and row["share_low"] <= row["share"] <= row["share_high"] and 0 < row["stability"] <= 1
                assert list(queries.run("task_history", store, task=row["task"]))[0]["text"]


def test_a_higher_cut_gives_smaller_themes(store):
    sizes = [max(row["tasks"] for row in queries.run("themes", store, cut=cut) if row["number"]) for cut in (0.05, 0.4)]
    assert sizes[0] > sizes[1]
    assert [row["number"] for row in queries.run("themes", store, cut=0.79)] == [0]  # nothing is so alike


def test_tasks_that_hardly_fall_into_groups_are_said_to(planted, store):
    """Louvain parts whatever it is given: a plan of sixteen tasks of sixteen subjects too."""
    assert any("hardly fall into groups" in note for note in queries.run("themes", store, plan=CITY_PLAN).basis["notes"])
    assert not any("hardly fall into groups" in note for note in queries.run("themes", planted).basis["notes"])


def test_only_what_was_asked_for_is_read(planted, store):
    assert sum(row["tasks"] for row in queries.run("themes", planted, since=2025)) == 7
    assert sum(row["tasks"] for row in queries.run("themes", planted, until=2024)) == 6
    assert sum(row["tasks"] for row in queries.run("themes", planted, since=2024, until=2026)) == 13
    assert list(queries.run("themes", planted, since=2027)) == []
    rows = queries.run("themes", store, until=2024)
    assert [found["title"] for found in rows.basis["plans"]] == [PLAN_2022] and rows.basis["left_out"] == ["2 of the graph's 3 plans"]
    assert sum(row["tasks"] for row in rows) == rows.basis["tasks"] == 24
    assert [(row["number"], row["tasks"]) for row in queries.run("themes", planted, code="孤")] == [(0, 1)]
    assert [(row["code"], row["number"], row["tasks"]) for row in queries.run("themes", planted, by_code=True) if row["code"] != "(none)"] == [("孤", 0, 1), ("河", 0, 2)]


def test_what_would_take_too_long_or_cannot_be_meant_is_refused(planted, monkeypatch):
    for given in ({"cut": 0.0}, {"cut": -1.0}, {"cut": 0.8}, {"resolution": 0.0}):
        with pytest.raises(BadParameter, match=next(iter(given))):
            queries.run("themes", planted, **given)
    monkeypatch.setattr(themes, "LIMIT", 12)
    with pytest.raises(TooManyTasks, match="13 tasks, more than the 12 .* choose fewer by scope"):
        queries.run("themes", planted)
    assert queries.run("themes", planted, until=2024)


def test_a_graph_without_tasks_has_no_themes(tmp_path):
    with open_store(str(tmp_path / "empty.lbug"), "create"):
        pass
    rows = queries.run("themes", str(tmp_path / "empty.lbug"))
    assert list(rows) == [] and rows.basis["notes"] == ["no plan of the graph meets these parameters"]
