"""Verdicts in the graph: put on, changed, taken back, kept; and the command that makes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import refused, run
from ruled import ELSEWHERE, LATER, LINKED, MODEL, PORT, UNLIKE, folder, ingest, row, stored, tasks, write  # noqa: F401  a fixture

from api import jobs
from graph.fingerprint import fingerprint
from graph.links import read_ruled
from graph.networks import whole_graph
from graph.store import open_store
from ingest.continuity.ruling import kept_verdicts
from ingest.continuity.verdicts import Verdict, first_words, read_verdicts, write_verdicts
from ingest.pipeline import extract
from ingest.readers import read_source

# --- the graph --------------------------------------------------------------------------------------

def test_ingest_applies_changes_and_takes_back(folder, empty_url):
    """Files unchanged throughout: only the sheet is."""
    ingest(empty_url)
    before = stored(empty_url)
    assert before[LINKED]["kind"] == "CONTINUES" and UNLIKE not in before
    write(row(LINKED, "not", "另一批", "李"), row(UNLIKE, "continues"))
    assert "note: verdicts.csv: 2 links ruled on anew" in ingest(empty_url)
    ruled = stored(empty_url)
    assert ruled[LINKED] == before[LINKED] | {"kind": "RESEMBLES", "method": "hand", "note": "另一批", "by": "李", "date": "2025-11-26"}
    assert (ruled[UNLIKE]["kind"], ruled[UNLIKE]["method"]) == ("CONTINUES", "hand")
    assert {pair: link for pair, link in ruled.items() if pair not in (LINKED, UNLIKE)} == {pair: link for pair, link in before.items() if pair != LINKED}
    assert "ruled on" not in ingest(empty_url) and stored(empty_url) == ruled
    write(row(LINKED, "continues", "同一行动", "王"))
    ingest(empty_url)
    changed = stored(empty_url)
    assert (changed[LINKED]["kind"], changed[LINKED]["method"], changed[LINKED]["note"]) == ("CONTINUES", "hand", "同一行动") and UNLIKE not in changed
    write()
    ingest(empty_url)
    assert stored(empty_url) == before


def test_link_applies_the_sheet_beside_the_graphs_files(folder, empty_url):
    ingest(empty_url)
    before = stored(empty_url)
    write(row(LINKED, "not"), row(UNLIKE, "continues"))
    assert run("link", "--store", empty_url).exit_code == 0
    ruled = stored(empty_url)
    assert ruled[LINKED]["kind"] == "RESEMBLES" and ruled[LINKED]["score"] == before[LINKED]["score"] and ruled[UNLIKE]["kind"] == "CONTINUES"
    write(row(UNLIKE, "continues"), path="mine.csv")
    run("link", "--store", empty_url, "--verdicts", "mine.csv")
    assert stored(empty_url)[LINKED] == before[LINKED]


def test_a_verdict_survives_a_changed_file_and_follows_the_task(folder, embedded_url):
    write(row(LINKED, "not", by="李"), row(UNLIKE, "continues"))
    ingest(embedded_url)
    (folder / "2025.txt").write_text(LATER.replace("45个", "48个").replace("研发问答服务", "研发智能问答服务"), encoding="utf-8")
    told = ingest(embedded_url)
    ruled = stored(embedded_url)
    assert (ruled[LINKED]["kind"], ruled[LINKED]["method"], ruled[LINKED]["by"]) == ("RESEMBLES", "hand", "李") and ruled[UNLIKE]["kind"] == "CONTINUES"
    assert "not applied" not in told


def test_without_a_sheet_the_graph_keeps_its_verdicts(folder, embedded_url):
    """The sheet stayed on another machine: a linking anew, a changed file and a new file lose nothing."""
    write(row(LINKED, "not", "另一批", "李"), row(UNLIKE, "continues"))
    ingest(embedded_url)
    Path("plans/verdicts.csv").unlink()
    ruled = stored(embedded_url)
    run("link", "--store", embedded_url)
    assert stored(embedded_url) == ruled
    (folder / "2025.txt").write_text(LATER.replace("45个", "48个"), encoding="utf-8")
    ingest(embedded_url)
    assert (stored(embedded_url)[LINKED]["note"], stored(embedded_url)[LINKED]["method"]) == ("另一批", "hand") and stored(embedded_url)[UNLIKE]["kind"] == "CONTINUES"
    with open_store(embedded_url) as store:
        kept = {(one.verdict, one.by, one.later_plan, one.earlier_plan) for one in kept_verdicts(store)}
        assert kept == {("not", "李", "海岸部2025年工作要点", "海岸部2022年工作要点"), ("continues", "", "海岸部2025年工作要点", "海岸部2022年工作要点")}
        assert {one.later_words for one in kept_verdicts(store)} == {first_words(tasks("2025")[k].text) for k in (PORT, MODEL)}


def test_a_run_that_is_killed_before_it_applies_verdicts_costs_none(folder, embedded_url, monkeypatch):
    """Where only the graph keeps them, a kill between the new text of a plan and the verdicts on it would take work by hand away for ever."""
    write(row(LINKED, "not", "另一批", "李"), row(UNLIKE, "continues"))
    ingest(embedded_url)
    Path("plans/verdicts.csv").unlink()
    (folder / "2025.txt").write_text(LATER.replace("45个", "48个"), encoding="utf-8")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "apply_and_note", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.ingest_files(jobs.list_files(["plans"]), embedded_url, False, jobs.Failures(), lambda path: None)
    assert any("48" in task.text for task in tasks("2025"))
    ingest(embedded_url)
    ruled = stored(embedded_url)
    assert (ruled[LINKED]["kind"], ruled[LINKED]["note"], ruled[LINKED]["method"]) == ("RESEMBLES", "另一批", "hand") and ruled[UNLIKE]["method"] == "hand"


def test_verdicts_go_out_with_the_graph(folder, empty_url):
    """Who, when and why stand on the edge that is exported, and the graph that is cited is another one."""
    ingest(empty_url)
    with open_store(empty_url) as store:
        before = fingerprint(store)
    write(row(LINKED, "not", "另一批", "李"))
    ingest(empty_url)
    with open_store(empty_url) as store:
        ruled = [edge for _, _, edge in whole_graph(store).edges(data=True) if edge.get("method") == "hand"]
        assert fingerprint(store) != before
    assert [(edge["edge_kind"], edge["note"], edge["by"], edge["date"]) for edge in ruled] == [("RESEMBLES", "另一批", "李", "2025-11-26")]


THINGS = ("渔港 海堤 灯塔 航道 鱼苗 冷库 码头 滩涂 红树林 养殖池 渔船 观测站 避风塘 加油站 水产市场 增殖站 苗种场 围网 浮标 潮位仪 "
          "船厂 油库 泵站 闸门 礁石 盐场 网箱 海草床 牡蛎礁 缆绳厂").split()


def test_every_verdict_is_found_again_among_other_links(tmp_path, embedded_url):
    """Each earlier task has a link by the rules, half of them get one by hand in a later batch: the embedded engine gave one row
    of fifteen when links by hand were asked for together with both plans."""
    ids = {}
    for year, verb in ((2022, "实施"), (2025, "扩大")):
        tasks = "".join(f"（{k}）{verb}“智慧{thing}”行动。支持建设智慧{thing}{k + 10}个，推广{thing}一处一档管理。（责任单位：{thing}司）\n" for k, thing in enumerate(THINGS, 1))
        path = tmp_path / "many" / f"{year}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"海岸部{year}年工作要点\n一、重点任务\n{tasks}海岸部\n{year}年1月5日\n", encoding="utf-8")
        ids[year] = [task.id for task in extract(read_source(str(path)))[0].tasks]
    arguments = "ingest", tmp_path / "many", "--store", embedded_url
    run(*arguments)
    rows = [Verdict("", 0, ids[2025][(k + 1) % 30], ids[2022][k], "continues") for k in range(0, 30, 2)]
    write_verdicts(str(tmp_path / "many" / "verdicts.csv"), rows)
    assert "note: verdicts.csv: 15 links ruled on anew" in run(*arguments).stderr
    with open_store(embedded_url) as store:
        assert {(one["later"], one["earlier"]) for one in read_ruled(store)} == {(one.later, one.earlier) for one in rows}
    assert "verdicts.csv" not in run(*arguments).stderr, "nothing is left to do"


def test_a_sheet_beside_other_plans_takes_no_verdict_back(folder, embedded_url):
    """The first folder's sheet is gone, the second has one of its own."""
    write(row(LINKED, "not"))
    ingest(embedded_url)
    Path("plans/verdicts.csv").unlink()
    Path("more").mkdir()
    Path("more/2025.txt").write_text(ELSEWHERE, encoding="utf-8")
    write(path="more/verdicts.csv")
    assert run("ingest", "more", "--store", embedded_url).exit_code == 0
    with open_store(embedded_url) as store:
        assert [one["verdict"] for one in read_ruled(store)] == ["not"]


def test_a_sheet_that_cannot_be_read_is_told_and_what_was_ruled_stays(folder, embedded_url):
    write(row(LINKED, "not"))
    ingest(embedded_url)
    Path("plans/verdicts.csv").write_text("later,earlier,verdict\nt-aaaaaaaaaaaa,t-bbbbbbbbbbbb,perhaps\n", encoding="utf-8")
    (folder / "2025.txt").write_text(LATER.replace("45个", "48个"), encoding="utf-8")
    result = run("ingest", "plans", "--store", embedded_url)
    assert result.exit_code == 1 and "error: plans/verdicts.csv:2: the verdict is 'perhaps'" in result.stderr and "1 changed file replaced" in result.stderr
    assert stored(embedded_url)[LINKED]["kind"] == "RESEMBLES"


def test_lost_rows_and_contradictions_are_named_when_files_are_ingested(folder, embedded_url):
    write(row(LINKED, "not", by="李"), row(LINKED, "continues", by="王"), row(UNLIKE, "not", later="t-aaaaaaaaaaaa", later_words="修建跨海大桥"),
          row(LINKED, "not", later=tasks("2022")[0].id, earlier=tasks("2025")[0].id))
    told = ingest(embedded_url)
    assert "verdicts.csv:2 (not, 李) and plans/verdicts.csv:3 (continues, 王) contradict" in told
    assert "verdicts.csv:4: not applied: later_words: no task holds" in told and "verdicts.csv:5: not applied: 《海岸部2022年工作要点》 is the earlier plan" in told
    assert stored(embedded_url)[LINKED]["method"] == "rules"


def test_verdicts_between_bodies_of_one_level_stay_when_more_is_ingested(folder, embedded_url):
    """`ingest` does not compare such bodies; what `link --across` made between them is left alone, and a change told."""
    (folder / "elsewhere.txt").write_text(ELSEWHERE, encoding="utf-8")
    (record,) = extract(read_source("plans/elsewhere.txt"))
    apart = row(LINKED, "not", later=record.tasks[0].id, later_plan=record.title)
    write(apart)
    assert "are not compared" in ingest(embedded_url)
    assert run("link", "--store", embedded_url, "--across").exit_code == 0
    with open_store(embedded_url) as store:
        ruled = read_ruled(store)
        assert [(one["later"], one["verdict"]) for one in ruled] == [(record.tasks[0].id, "not")]
    assert "verdicts.csv" not in ingest(embedded_url)
    write(row(LINKED, "continues", later=record.tasks[0].id, later_plan=record.title))
    assert "plans/verdicts.csv:2: not applied: the links of these two plans are from `policygraph link --across`; link them so again" in ingest(embedded_url)
    with open_store(embedded_url) as store:
        assert read_ruled(store) == ruled


# --- policygraph verdict ----------------------------------------------------------------------------

@pytest.fixture
def graph(folder, tmp_path) -> str:
    url = str(tmp_path / "graph.lbug")
    ingest(url)
    return url


def test_a_verdict_is_made_by_words_and_applied(folder, empty_url):
    ingest(empty_url)
    before = stored(empty_url)
    result = run("verdict", "新增智慧渔港建设对象", "支持建设智慧渔港", "not", "--note", "另一批", "--by", "李", "--store", empty_url)
    assert result.exit_code == 0 and "wrote plans/verdicts.csv" in result.stderr, result.output
    x, y = tasks("2025")[0], tasks("2022")[0]
    (made,) = read_verdicts("plans/verdicts.csv")
    assert (made.later, made.earlier, made.verdict, made.note, made.by) == (x.id, y.id, "not", "另一批", "李") and len(made.date) == 10
    assert (made.later_words, made.earlier_plan) == (first_words(x.text), "海岸部2022年工作要点")
    assert stored(empty_url)[LINKED] == before[LINKED] | {"kind": "RESEMBLES", "method": "hand", "note": "另一批", "by": "李", "date": made.date}
    assert "verdicts.csv" not in ingest(empty_url), "the next ingest finds the row and nothing to change"
    assert run("verdict", x.id, y.id, "continues", "--by", "李", "--store", empty_url).exit_code == 0
    assert [one.verdict for one in read_verdicts("plans/verdicts.csv")] == ["continues"] and stored(empty_url)[LINKED]["kind"] == "CONTINUES"


def test_what_somebody_else_ruled_is_not_overwritten(graph):
    for by, ruling in (("李", "not"), ("王", "continues")):
        result = run("verdict", "新增智慧渔港建设对象", "支持建设智慧渔港", ruling, "--by", by, "--store", graph)
    assert result.exit_code == 0 and "plans/verdicts.csv:2 (not, 李) and plans/verdicts.csv:3 (continues, 王) contradict each other" in result.stderr
    assert stored(graph)[LINKED]["method"] == "rules"


def test_a_verdict_that_cannot_be_meant_writes_nothing(graph):
    x, y = tasks("2025")[0].id, tasks("2022")[0].id
    assert "change later and earlier round" in refused(run("verdict", y, x, "not", "--store", graph), 2)
    assert "both tasks stand in" in refused(run("verdict", x, tasks("2025")[1].id, "not", "--store", graph), 2)
    assert "the graph holds no task '修建跨海大桥'" in refused(run("verdict", "修建跨海大桥", y, "not", "--store", graph), 2)
    assert "means 2 things, give the id of one" in refused(run("verdict", "侵蚀", y, "not", "--store", graph), 2)
    assert run("verdict", x, y, "maybe", "--store", graph).exit_code == 2
    assert "there is no graph here" in refused(run("verdict", x, y, "not", "--store", "no.lbug"), 1)
    assert not Path("plans/verdicts.csv").exists()


def test_plans_in_two_folders_have_their_sheet_in_the_one_above(folder, tmp_path):
    for name in ("2022", "2025"):
        (folder / name).mkdir()
        (folder / f"{name}.txt").rename(folder / name / "plan.txt")
    url = str(tmp_path / "graph.lbug")
    ingest(url)
    words = "新增智慧渔港建设对象", "支持建设智慧渔港"
    assert "wrote plans/verdicts.csv" in run("verdict", *words, "not", "--store", url).stderr
    assert "not applied" not in ingest(url) and stored(url)[LINKED]["method"] == "hand"


def test_plans_that_moved_away_have_their_sheet_here(folder, graph):
    folder.rename("moved")
    result = run("verdict", "新增智慧渔港建设对象", "支持建设智慧渔港", "not", "--store", graph)
    assert result.exit_code == 0 and "wrote verdicts.csv" in result.stderr and stored(graph)[LINKED]["kind"] == "RESEMBLES"
    assert run("ingest", "moved", "--store", graph).exit_code == 0 and stored(graph)[LINKED]["kind"] == "RESEMBLES"


def test_a_sheet_above_the_plans_is_added_to_from_elsewhere(folder, tmp_path, monkeypatch):
    """A new sheet beside the plan would hide it, and the next ingest take its verdicts back."""
    (folder / "sub").mkdir()
    for name in ("2022", "2025"):
        (folder / f"{name}.txt").rename(folder / "sub" / f"{name}.txt")
    older = Verdict("", 0, *(extract(read_source(str(next(folder.rglob(f"{year}.txt")))))[0].tasks[k].id for year, k in (("2025", MODEL), ("2022", 2))), "continues", by="李")
    write_verdicts("plans/verdicts.csv", [older])
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    url = str(tmp_path / "graph.lbug")
    assert "1 link ruled on anew" in run("ingest", "../plans", "--store", url).stderr
    result = run("verdict", "新增智慧渔港建设对象", "支持建设智慧渔港", "not", "--by", "王", "--store", url)
    assert result.exit_code == 0 and "withdrawn" not in result.stderr, result.output
    assert not list(folder.glob("sub/verdicts.csv")) and [one.by for one in read_verdicts("../plans/verdicts.csv")] == ["李", "王"]
    assert "withdrawn" not in run("ingest", "../plans", "--store", url).stderr
    with open_store(url) as store:
        assert {one["verdict"] for one in read_ruled(store)} == {"continues", "not"}


def test_a_sheet_in_the_folder_that_all_files_have_in_common_is_added_to(folder, tmp_path, monkeypatch):
    """Though the graph holds no verdict yet by which it would be known."""
    (folder / "elsewhere.txt").write_text(ELSEWHERE, encoding="utf-8")
    (folder / "sub").mkdir()
    for name in ("2022", "2025"):
        (folder / f"{name}.txt").rename(folder / "sub" / f"{name}.txt")
    write_verdicts("plans/verdicts.csv", [])
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    url = str(tmp_path / "graph.lbug")
    run("ingest", "../plans", "--store", url)
    (later,) = [task.id for task in extract(read_source(str(folder / "sub" / "2025.txt")))[0].tasks if task.text.startswith("新增智慧渔港建设对象")]
    assert run("verdict", later, "支持建设智慧渔港", "not", "--store", url).exit_code == 0
    assert len(read_verdicts("../plans/verdicts.csv")) == 1 and not (folder / "sub" / "verdicts.csv").exists()


def test_an_alien_sheet_high_above_is_left_alone(folder, tmp_path, monkeypatch):
    write_verdicts(str(tmp_path / "verdicts.csv"), [Verdict("", 0, "t-aaaaaaaaaaaa", "t-bbbbbbbbbbbb", "not")])
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    url = str(tmp_path / "graph.lbug")
    run("ingest", "../plans", "--store", url)
    assert run("verdict", "新增智慧渔港建设对象", "支持建设智慧渔港", "not", "--store", url).exit_code == 0
    assert len(read_verdicts("../verdicts.csv")) == 1 and len(read_verdicts("../plans/verdicts.csv")) == 1


def test_verdicts_that_are_withdrawn_are_counted(folder, embedded_url):
    write(row(LINKED, "not"), row(UNLIKE, "continues"))
    assert "withdrawn" not in ingest(embedded_url)
    write(row(LINKED, "not"))
    told = ingest(embedded_url)
    assert "note: 1 verdict withdrawn" in told and "ruled on anew" not in told and "nothing written" not in told
    write()
    (folder / "2025.txt").write_text(LATER.replace("研发问答服务", "研发智能问答服务"), encoding="utf-8")
    assert "note: 1 verdict withdrawn" in ingest(embedded_url), "though the file of the plan has changed, too"
    assert "withdrawn" not in ingest(embedded_url)


def test_a_verdict_command_tells_what_it_withdraws(graph):
    run("verdict", "新增智慧渔港建设对象", "支持建设智慧渔港", "not", "--by", "李", "--store", graph)
    assert "note: 1 verdict withdrawn" in run("verdict", "新增智慧渔港建设对象", "支持建设智慧渔港", "continues", "--by", "王", "--store", graph).stderr


def test_what_the_graph_keeps_is_no_ruling_of_a_sheet(folder, embedded_url):
    write(row(LINKED, "not"), row(UNLIKE, "continues"))
    told = ingest(embedded_url)
    assert "kept by the graph" not in told
    Path("plans/verdicts.csv").unlink()
    kept = "note: 2 verdicts kept by the graph (no verdicts.csv beside its plans)"
    told = ingest(embedded_url)
    assert kept in told and "nothing written" in told and "ruled on anew" not in told
    (folder / "2025.txt").write_text(LATER.replace("45个", "48个"), encoding="utf-8")
    told = ingest(embedded_url)
    assert kept in told and "nothing written" not in told and "ruled on anew" not in told
    write(row(LINKED, "continues", by="王"), row(UNLIKE, "continues", by="王"))
    told = ingest(embedded_url)
    assert "2 verdicts written to" in told and "nothing written" not in told and "kept by the graph" not in told
