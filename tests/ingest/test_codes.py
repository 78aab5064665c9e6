"""codes.csv: what rules and rows by hand give, which rows are named, which sheets are refused, when a file is read anew."""

from __future__ import annotations

import pytest
from by_hand import PLAN, write_plan

from api import jobs
from graph.records import DocumentRecord
from graph.store import open_store
from graph.stored import read_records
from ingest.beside import Beside
from ingest.codes import read_codes
from ingest.errors import BadSheet
from ingest.pipeline import extract
from ingest.readers import read_source

HEADER = "code,words,unless,unit,document,task,note\n"


def write_codes(folder, *rows: str):
    """Rows as `code,words,unless,unit,document,task`."""
    path = folder / "codes.csv"
    path.write_text("\ufeff" + HEADER + "".join(f"{row},\n" for row in rows), encoding="utf-8")
    return path


def read(folder, name: str = "plan.txt"):
    """The codes of each task of each document of a file, and the warnings of a run over it."""
    failures = jobs.Failures()
    (records,) = jobs.iter_records([str(folder / name)], failures, lambda path: None, beside=Beside([folder]))
    assert failures.errors == []
    codes = [[task.codes for task in record.tasks] for record in records]
    return codes[0] if len(codes) == 1 else codes, [line.split("codes.csv:", 1)[1] for line in failures.warnings]


def coded(folder, *rows, text: str = PLAN):
    write_plan(folder, text)
    write_codes(folder, *rows)
    return read(folder)


def test_without_a_sheet_no_task_has_a_code(tmp_path):
    write_plan(tmp_path)
    assert read(tmp_path) == ([[], [], []], [])


@pytest.mark.parametrize(("rule", "given"), [
    ("校园,智慧校园；资源平台,,,,", [1, 0, 1]),  # any of the words
    ("校园,智慧校园;资源平台,,,,", [1, 0, 1]),
    ("教师,开展教师培训,,,,", [0, 1, 0]),  # in the heading
    ("教师,教师,送教下乡,,,", [0, 0, 0]),  # unless
    ("平台,平台,送教下乡,,,", [0, 0, 1]),
    ("市教委,,,市教委,,", [1, 1, 1]), ("电教馆,,,市电教馆；市水务局,,", [0, 0, 1]), ("教,,,教委,,", [0, 0, 0]),  # a unit is a whole name
    ("两样,教育,,市教委,,", [0, 0, 1]), ("两样,教师,,市电教馆,,", [0, 0, 0]),  # every filled condition
    ("责任,责任单位,,,,", [0, 0, 0]), ("跨界,培训。培训,,,,", [0, 0, 0]),  # neither the clause, nor from the heading into the text
    ("本件,平台,,,plan.txt,", [0, 0, 1]), ("本件,平台,,,某市2025年教育信息化工作要点,", [0, 0, 1]), ("别件,平台,,,other.txt,", [0, 0, 0])])
def test_a_rule_gives_its_code_to_the_tasks_that_meet_all_of_it(tmp_path, rule, given):
    codes, _ = coded(tmp_path, rule)
    assert [len(of_task) for of_task in codes] == given
    assert {code for of_task in codes for code in of_task} <= {rule.split(",")[0]}


def test_forms_of_letters_and_line_ends_make_no_difference(tmp_path):
    """A rule with 5G would miss ５ｇ, and one with 智慧校园 a PDF in which a line ends behind 智慧."""
    text = PLAN.replace("新建智慧校园20所", "新建智慧\n校园20所").replace("推进智慧校园建设", "推进校园建设").replace("建设市级教育", "建设５ｇ市级教育")
    assert coded(tmp_path, "校园,智慧校园,,,,", "网络,5G,,,,", text=text) == ([["校园"], [], ["网络"]], [])


def test_a_unit_is_found_by_the_name_that_answers_show(tmp_path):
    """Researchers copy names from a table of units, where 市教委 of one plan and 市教育委员会 of another are one."""
    text = PLAN.replace("责任单位：市教委、市财政局", "责任单位：市教育委员会、市财政局")
    codes, warnings = coded(tmp_path, "教委,,,市教委,,", text=text)
    assert codes == [["教委"], ["教委"], ["教委"]] and warnings == []
    assert coded(tmp_path, "教委,,,市教育委员会,,", text=text)[0] == [["教委"], [], []]


def test_the_hand_wins_over_the_rules(tmp_path):
    codes, warnings = coded(tmp_path, "校园,校园；教师,,,,", "-校园,,,,plan.txt,新建智慧校园20所", "农村,,,,plan.txt,培训教师3000人", "平台,,,,plan.txt,建设市级教育资源平台", "平台,平台,,,,")
    assert codes == [[], ["农村", "校园"], ["平台"]] and warnings == []


@pytest.mark.parametrize("minus", "-－−–—")
def test_a_minus_that_a_spreadsheet_leaves_alone(tmp_path, minus):
    """Excel takes -校园 for a formula."""
    assert coded(tmp_path, "校园,校园,,,,", f"{minus}校园,,,,plan.txt,新建智慧校园20所") == ([[], [], []], [])


def test_a_task_by_its_id_after_its_words_and_title_changed(tmp_path):
    """A correction of the title gives every task another id; the codes given before it must hold."""
    (before,) = extract(read_source(write_plan(tmp_path)))
    (tmp_path / "corrections.csv").write_text("document,quote,field,value\nplan.txt,,title,某市教育信息化工作要点\n", encoding="utf-8")
    write_codes(tmp_path, f"教师,,,,plan.txt,{before.tasks[1].id}", f"校园,,,,plan.txt,{before.tasks[0].id} {before.tasks[0].text[:12]}")
    assert read(tmp_path) == ([["校园"], ["教师"], []], [])


def test_what_corrections_put_right_is_what_rules_see(tmp_path):
    (tmp_path / "corrections.csv").write_text("document,quote,field,value\nplan.txt,培训教师3000人,unit.add,市科技局=support\nplan.txt,新建智慧校园20所,text,3月底前制定建设标准。\n", encoding="utf-8")
    assert coded(tmp_path, "科技,,,市科技局,,", "网络,城乡学校网络,,,,") == ([[], ["科技"], []], ["3: not applied: no task meets this rule"])


@pytest.mark.parametrize(("row", "why"), [
    ("校园,智慧养老,,,,", "no task meets this rule"), ("校园,校园,,市水务局,,", "no task meets this rule"), ("校园,智慧养老,,,plan.txt,", "no task meets this rule"),
    ("校园,,,,plan.txt,养老服务体系建设完善社区食堂", "no task holds the words"), ("校园,,,,plan.txt,，", "3 tasks hold the words"),
    ("校园,,,,plan.txt,t-aaaaaaaaaaaa", "no task has the id"), ("-校园,,,,plan.txt,培训教师3000人", "nothing to take off"),
    ("校园,,,,gone.txt,培训教师3000人", "no document 'gone.txt'"), ("校园,校园,,,别的计划,", "no document '别的计划'"), ("校园,校园,,,gone.txt,", "no document 'gone.txt'")])
def test_rows_that_apply_to_nothing_are_named(tmp_path, row, why):
    """A rule with a slip in its word would be published as a category that no plan has."""
    codes, (warning,) = coded(tmp_path, row)
    assert warning.startswith("2: not applied: ") and why in warning
    assert codes == [[], [], []]


def test_a_contradiction_by_hand_changes_nothing_and_is_named(tmp_path):
    """Two coders disagree: which of them stands lower in the sheet must decide nothing."""
    codes, warnings = coded(
        tmp_path, "校园,校园,,,,", "校园,,,,plan.txt,新建智慧校园20所", "-校园,,,,plan.txt,实现城乡学校网络全覆盖", "-农村,,,,plan.txt,培训教师3000人", "农村,,,,plan.txt,组织送教下乡活动",
        "平台,,,,plan.txt,建设市级教育资源平台")
    assert codes == [["校园"], [], ["平台"]]
    assert warnings == [
        "3: not applied: line 4 says the opposite of the same task and '校园'", "4: not applied: line 3 says the opposite of the same task and '校园'",
        "5: not applied: line 6 says the opposite of the same task and '农村'", "6: not applied: line 5 says the opposite of the same task and '农村'"]


def test_rows_of_a_compilation(tmp_path):
    """A row that names the file finds its task in whichever document; one that names a document only there."""
    text = PLAN.replace("某市2025年", "第一篇：某市2025年") + PLAN.replace("某市2025年", "第二篇：某市2026年").replace("培训教师3000人", "培训校长400人")
    write_plan(tmp_path, text)
    write_codes(tmp_path, "校长,,,,plan.txt,培训校长400人", "平台,平台,,,plan.txt#2,", "网络,,,,某市2025年教育信息化工作要点,新建智慧校园20所", "错,,,,plan.txt,没有这样的任务文字在文中", "校长,,,,plan.txt#1,培训校长400人")
    codes, warnings = read(tmp_path)
    assert codes == [[["网络"], [], []], [[], ["校长"], ["平台"]]]
    assert [warning[:1] for warning in warnings] == ["5", "6"]


def test_a_rule_is_named_only_where_every_file_was_read(tmp_path):
    """`extract one.txt` beside a sheet of two hundred rules would print two hundred warnings."""
    write_plan(tmp_path)
    write_plan(tmp_path, PLAN.replace("2025", "2026").replace("智慧校园", "智慧食堂"), "other.txt")
    write_codes(tmp_path, "食堂,智慧食堂,,,,", "养老,智慧养老,,,,")
    assert read(tmp_path) == ([[], [], []], [])
    failures = jobs.Failures()
    assert len(list(jobs.iter_records([str(tmp_path / name) for name in ("plan.txt", "other.txt")], failures, lambda path: None, beside=Beside([tmp_path])))) == 2
    (warning,) = failures.warnings
    assert "codes.csv:3: not applied: no task meets this rule" in warning


def test_a_document_that_is_left_out_uses_no_rule(tmp_path):
    """A rule that only a left-out draft meets finds nothing in the graph."""
    (tmp_path / "corpus.csv").write_text("file,document,include\nplan.txt,1,no\n", encoding="utf-8")
    write_plan(tmp_path)
    write_plan(tmp_path, PLAN.replace("2025", "2026").replace("智慧校园", "智慧食堂"), "other.txt")
    write_codes(tmp_path, "校园,智慧校园,,,,", "食堂,智慧食堂,,,,")
    failures = jobs.Failures()
    records = [record for of_file in jobs.iter_records([str(tmp_path / name) for name in ("other.txt", "plan.txt")], failures, lambda path: None, beside=Beside([tmp_path])) for record in of_file]
    assert [task.codes for record in records for task in record.tasks] == [["食堂"], [], []]
    assert [line for line in failures.warnings if "no task meets" in line and "codes.csv:2" in line] == failures.warnings != []


@pytest.mark.parametrize(("sheet", "line", "why"), [
    ("code,word\n", 1, "did you mean 'words'"), ("words\n校园\n", 1, "'code' is missing"), (HEADER + ",校园,,,,,\n", 2, "the code is missing"), (HEADER + "-,,,,a.txt,培训,\n", 2, "the code is missing"),
    (HEADER + "校园,,,,,,\n", 2, "says nothing of tasks"), (HEADER + "校园,,食堂,,,,\n", 2, "says nothing of tasks"), (HEADER + "校园,,,,a.txt,,\n", 2, "says nothing of tasks"),
    (HEADER + "校园,校园,,,a.txt,培训,\n", 2, "task and words are both filled"), (HEADER + "校园,,,,,培训,\n", 2, "needs the document"), (HEADER + "-校园,校园,,,,,\n", 2, "`unless`"),
    (HEADER + "校园；食堂,校园,,,,,\n", 2, "a row of its own"), (HEADER + "（None）,校园,,,,,\n", 2, "choose another name"), (HEADER + "#NAME?,,,,a.txt,培训,\n", 2, "full-width"),
    (HEADER + "校园,；,,,,,\n", 2, "holds no word"), (HEADER + "a,b,c,d,e,f,g,h\n", 2, "cells")])
def test_a_sheet_that_cannot_be_meant_is_refused_with_its_line(tmp_path, sheet, line, why):
    path = tmp_path / "codes.csv"
    path.write_text(sheet, encoding="utf-8")
    with pytest.raises(BadSheet, match=rf"codes\.csv:{line}: .*{why}"):
        read_codes(str(path))


def test_a_name_that_only_looks_like_a_mistake_is_taken(tmp_path):
    """A category may hold a minus, a bracket, a number sign or the word none."""
    for code in ("5G-A", "#1", "（无）", "none"):
        assert coded(tmp_path, f"{code},校园,,,,")[0][0] == [code]


def test_a_changed_sheet_is_read_on_the_next_ingest(tmp_path, monkeypatch):
    """The graph would answer with the categories of last month."""
    monkeypatch.chdir(tmp_path)
    write_plan(tmp_path)
    write_plan(tmp_path, PLAN.replace("2025", "2026"), "other.txt")

    def ingest(*rows: str) -> tuple[list[list[str]], int]:
        if rows:
            write_codes(tmp_path, *rows)
        report = jobs.ingest_files(["plan.txt", "other.txt"], "graph.lbug", False, jobs.Failures(), lambda path: None)
        with open_store("graph.lbug") as store:
            found = store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task) RETURN t.codes AS codes, p.first_year AS year, t.position AS position ORDER BY year, position")
        return [row["codes"] for row in found], report.unchanged

    assert ingest() == ([[]] * 6, 0)
    assert ingest("校园,校园,,,,", "人,,,,plan.txt,培训教师3000人") == ([["校园"], ["人"], [], ["校园"], [], []], 0)
    assert ingest("人,,,,plan.txt,培训教师3000人", "校园,校园,,,,") == ([["校园"], ["人"], [], ["校园"], [], []], 2)  # the same rows in another order
    assert ingest("校园,校园,,,,", "人,,,,plan.txt,组织送教下乡活动", "课,500门,,,plan.txt,") == ([["校园"], ["人"], ["课"], ["校园"], [], []], 1)  # only the file that the rows name
    (tmp_path / "codes.csv").unlink()
    assert ingest() == ([[]] * 6, 0)


def test_codes_pass_through_records_and_graph(tmp_path):
    """What `extract` prints, what the graph holds and what is read back from it are the same."""
    write_plan(tmp_path)
    write_codes(tmp_path, "校园,校园；网络,,,,", "网络,网络,,,,")
    (record,) = extract(read_source(tmp_path / "plan.txt"), Beside([tmp_path]).rows_of(str(tmp_path / "plan.txt")))
    assert DocumentRecord.from_json(record.to_json()).tasks[0].codes == ["校园", "网络"]
    failures = jobs.Failures()
    jobs.ingest_files([str(tmp_path / "plan.txt")], str(tmp_path / "graph.lbug"), False, failures, lambda path: None)
    with open_store(str(tmp_path / "graph.lbug")) as store:
        (again,) = read_records(store.read, [row["id"] for row in store.read("MATCH (p:Plan) RETURN p.id AS id")])
    # codes.csv stands beside the file, above the working directory
    assert [task.codes for task in again.tasks] == [task.codes for task in record.tasks] == [["校园", "网络"], [], []]
