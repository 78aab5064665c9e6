"""verdicts.csv: what researchers rule on the links of files; rows that cannot be meant are named."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from commands import run
from ruled import EARLIER, ELSEWHERE, EROSION, LATER, LINKED, UNLIKE, folder, linked, places, row, tasks, write  # noqa: F401  a fixture

from ingest.continuity.links import Linker
from ingest.continuity.verdicts import COLUMNS, KnownTask, Verdict, add_verdicts, read_verdicts, resolve
from ingest.errors import BadSheet
from ingest.pipeline import extract
from ingest.readers import read_source

# --- link FILES -------------------------------------------------------------------------------------

def test_a_verdict_wins_over_any_score_and_the_score_stays(folder):
    before, _ = linked()
    assert before[LINKED]["standing"] == "link" and before[LINKED]["method"] == "rules" and UNLIKE not in before
    write(row(LINKED, "not", "另一批渔港", "李"), row(UNLIKE, "continues", by="王"))
    after, said = linked()
    ruled, made = after[LINKED], after[UNLIKE]
    assert (ruled["standing"], ruled["method"], ruled["note"], ruled["by"], ruled["date"]) == ("not", "hand", "另一批渔港", "李", "2025-11-26")
    assert ruled["score"] == ruled["rules_score"] == before[LINKED]["score"]
    assert (made["standing"], made["method"], made["by"]) == ("link", "hand", "王") and made["score"] < 0.2, "no likeness, and none is made up"
    assert LATER[made["later_start"]:made["later_end"]] == made["evidence_later"] and EARLIER[made["earlier_start"]:made["earlier_end"]] == made["evidence_earlier"]
    assert {pair: link for pair, link in after.items() if pair not in (LINKED, UNLIKE)} == {pair: link for pair, link in before.items() if pair != LINKED}
    assert "; 2 ruled by hand" in said and "not applied" not in said


def test_a_ruled_out_link_is_not_printed_and_one_made_by_hand_is(folder):
    write(row(LINKED, "not"), row(UNLIKE, "continues"))
    printed = {places(json.loads(line)) for line in run("link", "plans").stdout.splitlines()}
    assert UNLIKE in printed and LINKED not in printed and (EROSION, 1) in printed


def test_the_sheet_of_the_folder_named_counts_wherever_the_command_runs(folder, tmp_path, monkeypatch):
    """plans/2022/… and plans/2025/… with one plans/verdicts.csv, from another working directory."""
    write(row(LINKED, "not"))
    for name in ("2022", "2025"):
        (folder / name).mkdir()
        (folder / f"{name}.txt").rename(folder / name / "plan.txt")
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    assert "1 ruled by hand" in run("link", "../plans").stderr
    assert "1 ruled by hand" not in run("link", "../plans/2022", "../plans/2025").stderr, "above what was named"


def test_the_sheet_given_counts_instead_of_the_one_beside(folder):
    write(row(LINKED, "not"))
    write(row(UNLIKE, "continues"), path="mine.csv")
    found, _ = linked("--verdicts", "mine.csv")
    assert found[LINKED]["standing"] == "link" and found[UNLIKE]["standing"] == "link"


def test_a_plan_that_two_files_hold_is_one(folder):
    (folder / "copy.txt").write_text(LATER, encoding="utf-8")
    write(row(LINKED, "not", later="t-aaaaaaaaaaaa"))
    found, said = linked()
    assert found[LINKED]["standing"] == "not" and "not applied" not in said


@pytest.mark.parametrize("changed", [
    (LATER, "新增智慧渔港建设对象45个", "新增智慧渔港建设对象48个"), (LATER, "开展达标评价", "开展达标评价，通报结果"), (EARLIER, "推广一港一档管理", "推广一港一档的管理")])
def test_a_verdict_follows_a_task_whose_text_changed_slightly(folder, changed):
    text, old, new = changed
    write(row(LINKED, "not"))
    before = [task.id for name in ("2025", "2022") for task in tasks(name)]
    (folder / ("2025.txt" if text is LATER else "2022.txt")).write_text(text.replace(old, new), encoding="utf-8")
    assert [task.id for name in ("2025", "2022") for task in tasks(name)] != before
    found, said = linked()
    assert found[LINKED]["standing"] == "not" and "not applied" not in said


def test_rows_without_ids_are_found_by_their_words(folder):
    write(row(LINKED, "not", later="", earlier="", later_words="新增智慧渔港建设对象", earlier_words="支持建设智慧渔港"))
    assert linked()[0][LINKED]["standing"] == "not"


# --- rows that cannot be applied --------------------------------------------------------------------

@pytest.mark.parametrize(("cells", "said"), [
    ({"later": "t-aaaaaaaaaaaa", "later_words": ""}, ":2: not applied: no task has the id t-aaaaaaaaaaaa (later), and later_words is empty"),
    ({"later": "t-aaaaaaaaaaaa", "later_words": "修建跨海大桥"}, ":2: not applied: later_words: no task holds the words '修建跨海大桥'"),
    ({"earlier": "t-aaaaaaaaaaaa", "earlier_words": "组织编队", "earlier_plan": ""}, ":2: not applied: earlier_words: no task holds the words '组织编队'"),
    ({"later": "", "later_words": "侵蚀", "later_plan": ""}, ":2: not applied: later_words: 2 tasks hold the words '侵蚀'; give more of them; later_plan can say in which plan"),
    ({"later": "t-aaaaaaaaaaaa", "later_plan": "海岸部2031年工作要点"}, ":2: not applied: on plans that are not all here (《海岸部2031年工作要点》、《海岸部2022年工作要点》)")])
def test_a_row_that_finds_no_task_is_named(folder, cells, said):
    write(row(LINKED, "not", **cells))
    found, told = linked()
    assert found[LINKED]["standing"] == "link" and f"warning: plans/verdicts.csv{said}" in told


def test_rows_on_plans_that_are_not_here_are_one_line(folder):
    """A run on some of the plans is no reason to name every row on the others."""
    write(row(LINKED, "not"), *(row(UNLIKE, "not", later="t-aaaaaaaaaaaa", later_plan=f"海岸部{year}年工作要点") for year in (2030, 2031)))
    found, told = linked()
    assert found[LINKED]["standing"] == "not"
    assert "plans/verdicts.csv: lines 3, 4: not applied: on plans that are not all here (《海岸部2030年工作要点》、《海岸部2022年工作要点》、《海岸部2031年工作要点》)" in told


def test_a_row_the_wrong_way_round_says_what_to_do(folder):
    x, y = tasks("2025")[0], tasks("2022")[0]
    write(row(LINKED, "not", later=y.id, earlier=x.id))
    found, told = linked()
    assert found[LINKED]["standing"] == "link"
    assert "plans/verdicts.csv:2: not applied: 《海岸部2022年工作要点》 is the earlier plan of the two: change later and earlier round" in told


def test_tasks_between_which_no_link_can_stand_are_named(folder):
    (folder / "elsewhere.txt").write_text(ELSEWHERE, encoding="utf-8")
    (record,) = extract(read_source("plans/elsewhere.txt"))
    write(row(LINKED, "not", earlier=tasks("2025")[1].id), row(LINKED, "continues", later=record.tasks[0].id))
    told = run("link", "plans").stderr
    assert "plans/verdicts.csv:2: not applied: both tasks stand in 《海岸部2025年工作要点》" in told
    assert "plans/verdicts.csv:3: not applied: 《水务部2025年工作要点》 and 《海岸部2022年工作要点》 are not compared: " in told and "`link --across`" in told
    assert "plans/verdicts.csv:3" not in run("link", "plans", "--across").stderr


def test_contradictions_apply_neither_row_and_both_are_named(folder):
    write(row(LINKED, "not", by="李"), row((EROSION, 1), "not"), row(LINKED, "continues", by="王"))
    found, told = linked()
    assert found[LINKED]["method"] == "rules" and found[EROSION, 1]["standing"] == "not"
    x, y = tasks("2025")[0].id, tasks("2022")[0].id
    assert f"plans/verdicts.csv:2 (not, 李) and plans/verdicts.csv:4 (continues, 王) contradict each other on {x} and {y}: neither is applied" in told


def test_two_who_agree_do_not_contradict_each_other(folder):
    write(row(LINKED, "not", by="李"), row(LINKED, "not", by="王"))
    found, told = linked()
    assert found[LINKED]["standing"] == "not" and "contradict" not in told


@pytest.mark.parametrize(("cells", "said"), [
    ("t-aaaaaaaaaaaa,t-bbbbbbbbbbbb,maybe", "the verdict is 'maybe', expected continues or not"), ("t-aaaaaaaaaaaa,t-bbbbbbbbbbbb,", "the verdict is '', expected"),
    ("智慧渔港,t-bbbbbbbbbbbb,not", "later is '智慧渔港', expected the id of a task such as t-3kq5h7x2ab4c; write words into later_words"),
    ("t-aaaaaaaaaaaa,p-bbbbbbbbbbbb,not", "earlier is 'p-bbbbbbbbbbbb', expected the id of a task"), ("t-aaaaaaaaaaaa,,not", "neither earlier nor earlier_words says which task is meant")])
def test_a_cell_that_cannot_be_read_is_named_with_its_line(folder, cells, said):
    (folder / "verdicts.csv").write_text(f"later,earlier,verdict\nt-aaaaaaaaaaaa,t-bbbbbbbbbbbb,not\n{cells}\n", encoding="utf-8")
    with pytest.raises(BadSheet, match="^" + "plans/verdicts.csv:3: "):
        read_verdicts("plans/verdicts.csv")
    result = run("link", "plans")
    assert (result.exit_code, result.stdout) == (1, "") and f"error: plans/verdicts.csv:3: {said}" in result.stderr


@pytest.mark.parametrize(("encoding", "separator"), [("gb18030", ","), ("utf-8-sig", ";"), ("gb18030", ";"), ("utf-16", "\t")])
def test_what_spreadsheets_save_is_read(folder, encoding, separator):
    write(row(LINKED, "NOT", note="第三批，非同一批"))
    text = Path("plans/verdicts.csv").read_text(encoding="utf-8-sig")
    lines = [separator.join(cells) for cells in csv.reader(text.splitlines())]
    Path("plans/verdicts.csv").write_bytes("\r\n".join([*lines, separator * (len(COLUMNS) - 1), ""]).encode(encoding))
    found, told = linked()
    assert (found[LINKED]["standing"], found[LINKED]["note"]) == ("not", "第三批，非同一批") and "not applied" not in told


# --- rows in and out --------------------------------------------------------------------------------

def test_rows_written_are_read_again(folder):
    rows = [row(LINKED, "not", "一，二\n三", "李"), row(UNLIKE, "continues")]
    path = write(*rows)
    assert [(one.later, one.earlier, one.verdict, one.note, one.by, one.date, one.later_words, one.earlier_plan) for one in read_verdicts(path)] == [
        (one.later, one.earlier, one.verdict, one.note, one.by, one.date, one.later_words, one.earlier_plan) for one in rows]


def test_a_row_added_replaces_the_same_persons_even_where_the_task_has_another_id_now(folder):
    path = write(row(LINKED, "not", by="李", later="t-aaaaaaaaaaaa"), row(LINKED, "not", by="王"))
    x, y = tasks("2025")[0], tasks("2022")[0]
    known = [KnownTask(x.id, x.text, "p", "海岸部2025年工作要点"), KnownTask(y.id, y.text, "q", "海岸部2022年工作要点")]
    assert add_verdicts(path, [row(LINKED, "continues", by="李")], known) == 1
    assert [(one.by, one.verdict) for one in read_verdicts(path)] == [("王", "not"), ("李", "continues")]
    assert add_verdicts(path, [row(UNLIKE, "continues", by="李")], known) == 0 and len(read_verdicts(path)) == 3


def test_a_sheet_wins_over_what_the_graph_keeps(folder):
    known = [KnownTask("t-aaaaaaaaaaaa", "一", "p", "甲"), KnownTask("t-bbbbbbbbbbbb", "二", "q", "乙")]
    kept, fresh = (Verdict(sheet, 2, "t-aaaaaaaaaaaa", "t-bbbbbbbbbbbb", verdict) for sheet, verdict in (("", "not"), ("verdicts.csv", "continues")))
    found = resolve([fresh, kept], known, {("p", "q")})
    assert found.by_pair == {("t-aaaaaaaaaaaa", "t-bbbbbbbbbbbb"): fresh} and not found.problems


def test_a_linker_rules_only_on_the_pair_named(folder):
    """The law behind it all: every other link is as it was."""
    later, earlier = (extract(read_source(f"plans/{name}.txt"))[0] for name in ("2025", "2022"))
    before = {(one.later, one.earlier): one for one in Linker().link_plans(later, earlier, "continues")}
    for i, x in enumerate(later.tasks):
        for j, y in enumerate(earlier.tasks):
            ruled = {(one.later, one.earlier): one for one in Linker({(x.id, y.id): row((i, j), "continues")}).link_plans(later, earlier, "continues")}
            assert ruled.pop((x.id, y.id)).standing == "link"
            assert ruled == {pair: one for pair, one in before.items() if pair != (x.id, y.id)}


def test_a_file_that_cannot_be_read_stops_no_verdict(folder):
    (folder / "empty.txt").touch()
    write(row(LINKED, "not"))
    result = run("link", "plans", "--perhaps")
    assert result.exit_code == 1 and "1 ruled by hand" in result.stderr


def test_no_cell_runs_in_a_spreadsheet_and_all_come_back(folder):
    """Words of a plan and notes of whoever ruled may begin as a formula does."""
    note = "=HYPERLINK(\"http://host.example\")"
    write(row(LINKED, "not", note, "@李", later_words="-1.扩大", earlier_words="'单引号"))
    with open("plans/verdicts.csv", encoding="utf-8-sig", newline="") as file:
        (cells,) = list(csv.reader(file))[1:]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@")]
    (found,) = read_verdicts("plans/verdicts.csv")
    assert (found.note, found.by, found.later_words, found.earlier_words) == (note, "@李", "-1.扩大", "'单引号")


def test_a_note_of_two_lines_says_the_same_when_the_sheet_is_written_again(folder):
    write(row(LINKED, "not", "第一行\n第二行"))
    (first,) = read_verdicts("plans/verdicts.csv")
    write(first)
    assert len(Path("plans/verdicts.csv").read_text(encoding="utf-8").splitlines()) == 2 and first.note == "第一行\n第二行"
    assert read_verdicts("plans/verdicts.csv") == [first]
