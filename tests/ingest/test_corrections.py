"""corrections.csv: what each field puts right, which rows are named, what follows a changed text."""

from __future__ import annotations

import pytest
from by_hand import HEADER, PLAN, write_corrections, write_plan

from api import jobs
from graph.stored import plan_id
from ingest.beside import Beside
from ingest.correction_sheet import FIELDS, read_corrections
from ingest.corrections import _APPLIED
from ingest.errors import BadSheet
from ingest.pipeline import extract
from ingest.readers import read_source


def read(path):
    """(the record, rows not applied with their reasons)."""
    rows = Beside([path.parent]).rows_of(str(path))
    (record,) = extract(read_source(path), rows)
    for thing in (*record.tasks, *record.indicators):
        words = thing.text if hasattr(thing, "text") else thing.quote
        assert record.text[thing.start - record.start:thing.end - record.start] == words
    for task in record.tasks:
        assert all(record.text[unit.start - record.start:unit.end - record.start] == unit.surface for unit in task.units)
    return record, [(row.line, reason) for row, reason in rows.lost]


def put_right(tmp_path, *rows, text=PLAN):
    path = write_plan(tmp_path, text)
    write_corrections(tmp_path, *rows)
    return read(path)


def units(task):
    return [(unit.name, unit.role, unit.role_basis) for unit in task.units]


def test_without_a_sheet_nothing_is_by_hand(tmp_path):
    record, lost = read(write_plan(tmp_path))
    assert record.by_hand == "" and not lost and not any(task.corrected for task in record.tasks)
    assert [units(task)[0] for task in record.tasks] == [("市教委", "responsible", "none"), ("市教委", "responsible", "none"), ("市电教馆", "lead", "marked")]


def test_a_role_a_name_and_a_missing_unit(tmp_path):
    """The commonest mistakes: one row each."""
    record, lost = put_right(
        tmp_path, "新建智慧校园20所,unit.role,市教委=lead", "培训教师3000人,unit.remove,各区政府", "建设市级教育资源平台,unit.name,市电教馆=市电化教育馆",
        "新建智慧校园20所,unit.add,市发展改革委=support")
    assert lost == []
    assert units(record.tasks[0]) == [("市教委", "lead", "hand"), ("市财政局", "responsible", "none"), ("市发展改革委", "support", "hand")]
    assert units(record.tasks[1]) == [("市教委", "responsible", "none")]
    assert units(record.tasks[2])[0] == ("市电化教育馆", "lead", "marked")
    assert [task.corrected for task in record.tasks] == [["units"], ["units"], ["units"]]
    assert record.role_scheme == "marked"


def test_borders_take_their_targets_along(tmp_path):
    """A border moved over a number would leave the target with no task, or a task with a target that is not its."""
    record, lost = put_right(tmp_path, "新建智慧校园20所,text,实现城乡学校网络全覆盖…制定建设标准。")
    assert lost == [] and record.tasks[0].text.startswith("实现城乡学校") and record.tasks[0].corrected == ["text"]
    assert [i.quote for i in record.indicators if i.task == record.tasks[0].id] == []
    assert "20所" not in [i.quote for i in record.indicators]


def test_a_task_taken_out_and_one_put_in(tmp_path):
    record, lost = put_right(tmp_path, "培训教师3000人,task,remove", "组织送教下乡活动…信息素养。,task,add", "组织送教下乡活动,unit.add,市教委=lead")
    assert lost == []
    added = record.tasks[1]
    assert added.text == "组织送教下乡活动，提高农村教师信息素养。" and units(added) == [("市教委", "lead", "hand")]
    assert "3000人" not in [i.quote for i in record.indicators]
    assert record.corrected == ["tasks"] and added.corrected == ["task", "units"]


def test_a_deadline_and_a_part(tmp_path):
    record, lost = put_right(tmp_path, "新建智慧校园20所,deadline,2025-12", "培训教师3000人,part,safeguard")
    assert lost == [] and record.tasks[0].deadline == "2025-12" and record.tasks[1].part == "safeguard"


def test_a_clause_is_read_as_any_other(tmp_path):
    """A clause that the tool missed brings its units, prefixes and roles with it."""
    text = PLAN.replace("（市电教馆牵头，市教委配合）", "【市科技厅、财政厅】")
    record, lost = put_right(tmp_path, "建设市级教育资源平台,clause,市科技厅、财政厅", text=text)
    assert lost == [] and units(record.tasks[2]) == [("市科技厅", "responsible", "none"), ("市财政厅", "responsible", "none")]


def test_targets(tmp_path):
    record, lost = put_right(
        tmp_path, "500门以上,target.value,600", "500门以上,target.comparator,=", "20所,target.remove,", "20所,target.year,2026", "组织送教下乡活动,target.add,3000人")
    assert [line for line, _ in lost] == [5, 6]  # the target that the row before took out; one that is a target already
    target = next(i for i in record.indicators if i.quote == "500门以上")
    assert (target.value, target.comparator, target.corrected) == (600, "=", ["value", "comparator"])


def test_metadata_and_what_follows_from_them(tmp_path):
    """The year of a plan decides those of its targets, its ids and its links."""
    record, lost = put_right(tmp_path, ",years,2026-2027", ",issuer,某市教育局", ",level,county")
    assert lost == [] and (record.years, record.years_basis, record.issuer, record.level) == ([2026, 2027], "hand", "某市教育局", "county")
    assert {i.year for i in record.indicators} == {2027} and record.corrected == ["issuer", "level", "years"]


def test_ids_of_before_a_correction_still_mean_their_task(tmp_path):
    """A title put right changes every id; the rows written before it must go on holding."""
    before = extract(read_source(write_plan(tmp_path)))[0]
    record, lost = put_right(tmp_path, f"{before.tasks[1].id},deadline,2025-06", ",title,某市教育信息化工作要点", f"{before.indicators[0].id},target.value,21")
    assert lost == [] and plan_id(record) != plan_id(before)
    assert record.tasks[1].deadline == "2025-06" and record.indicators[0].value == 21


def test_a_row_follows_a_task_whose_text_changed_slightly(tmp_path):
    """A site corrects a sentence; the researcher's correction must not be lost with it."""
    before = extract(read_source(write_plan(tmp_path)))[0]
    row = f"{before.tasks[1].id} {before.tasks[1].text[:40]},unit.role,市教委=lead"
    record, lost = put_right(tmp_path, row, text=PLAN.replace("培训教师3000人，组织", "全年培训教师3500人，组织"))
    assert lost == [] and units(record.tasks[1])[0] == ("市教委", "lead", "hand")


@pytest.mark.parametrize(("row", "why"), [
    ("养老服务体系建设完善社区食堂,deadline,2025", "no task holds the words"), ("培训教师3000人,unit.remove,市水务局", "is no unit of the task"),
    ("t-aaaaaaaaaaaa,deadline,2025", "no task has the id"), ("市教委,deadline,2025", "no task holds the words"), ("，,deadline,2025", "3 tasks hold the words"),
    ("新建智慧校园20所,text,不在文中的话", "do not stand between"), ("培训教师3000人,task,add", "are in the task"), ("新建智慧校园20所,unit.add,市教委=lead", "already"),
    ("不在文中的任务文字,task,add", "does not hold the words")])
def test_rows_that_change_nothing_are_named(tmp_path, row, why):
    """A correction that no longer holds would vanish without a word."""
    record, ((line, reason),) = put_right(tmp_path, row)
    assert line == 2 and why in reason
    assert not any(task.corrected for task in record.tasks)


@pytest.mark.parametrize(("sheet", "line", "why"), [
    ("document,field,valeu\n", 1, "did you mean 'value'"), (HEADER + "a.txt,x,unit.rol,y=lead,,,\n", 2, "did you mean 'unit.role'"), (HEADER + "a.txt,,deadline,2025,,,\n", 2, "needs a quote"),
    (HEADER + "a.txt,x,unit.role,市教委=boss,,,\n", 2, "roles are"), (HEADER + "a.txt,x,deadline,明年,,,\n", 2, "YYYY"), (HEADER + "a.txt,,years,明年,,,\n", 2, "gives no years"),
    (HEADER + "a.txt,,level,city,,,\n", 2, "none of national"), (HEADER + ",x,deadline,2025,,,\n", 2, "document is missing"), (HEADER + "a.txt,x,deadline,2025,a,b,c,d\n", 2, "cells"),
    (HEADER + "a.txt,x,task,drop,,,\n", 2, "add or remove"), (HEADER + "a.txt,x,target.value,many,,,\n", 2, "expected a number")])
def test_a_sheet_that_cannot_be_meant_is_refused_with_its_line(tmp_path, sheet, line, why):
    path = tmp_path / "corrections.csv"
    path.write_text(sheet, encoding="utf-8")
    with pytest.raises(BadSheet, match=rf"corrections\.csv:{line}: .*{why}"):
        read_corrections(str(path))


@pytest.mark.parametrize("encode", [lambda text: text.encode("gb18030"), lambda text: text.replace(",", ";").encode("utf-8-sig"), lambda text: text.replace(",", "\t").encode("utf-16")])
def test_sheets_as_a_spreadsheet_saves_them(tmp_path, encode):
    """Excel saves GB18030, semicolons or UTF-16 with tabs, as its language has it."""
    path = tmp_path / "corrections.csv"
    path.write_bytes(encode(HEADER + "某市计划.txt,培训教师,deadline,2025,理由在此,张某,2025/3/1\n"))
    (row,) = read_corrections(str(path))
    assert (row.document, row.quote, row.reason) == ("某市计划.txt", "培训教师", "理由在此")


def test_the_nearest_sheet_up_to_the_named_folder_counts(tmp_path):
    inner = tmp_path / "2025"
    inner.mkdir()
    path = write_plan(inner)
    (tmp_path / "corrections.csv").write_text(HEADER + "2025/plan.txt,培训教师3000人,deadline,2025,,,\n", encoding="utf-8")
    assert Beside([tmp_path]).rows_of(str(path)).by_hand and not Beside([inner]).rows_of(str(path)).by_hand
    write_corrections(inner, "培训教师3000人,deadline,2026")
    (row,) = Beside([tmp_path]).rows_of(str(path)).corrections
    assert row.value == "2026"


def test_a_row_for_a_file_that_is_not_there_is_named(tmp_path):
    path = write_plan(tmp_path)
    (tmp_path / "corrections.csv").write_text(HEADER + "gone.txt,培训教师3000人,deadline,2025,,,\n别的计划,x,deadline,2025,,,\n", encoding="utf-8")
    failures = jobs.Failures()
    assert len(list(jobs.iter_records([str(path)], failures, lambda path: None))) == 1
    assert [line.split(": ", 1)[1] for line in failures.warnings] == [
        "not applied: no document 'gone.txt' is among the files", "not applied: no document '别的计划' is among the files"]


def test_a_compilation_is_told_apart_by_place_and_title(tmp_path):
    one = PLAN.replace("某市2025年", "第一篇：某市2025年")
    two = PLAN.replace("某市2025年", "第二篇：某市2026年")
    path = write_plan(tmp_path, one + two)
    (tmp_path / "corrections.csv").write_text(HEADER + "plan.txt#2,培训教师3000人,deadline,2026-06,,,\nplan.txt#某市2025年教育信息化工作要点,,doc_number,某教〔2025〕1号,,,\n", encoding="utf-8")
    first, second = extract(read_source(path), Beside([tmp_path]).rows_of(str(path)))
    assert (first.tasks[1].deadline, second.tasks[1].deadline) == (None, "2026-06")
    assert (first.doc_number, second.doc_number) == ("某教〔2025〕1号", None)


def test_every_field_of_the_sheet_does_something():
    """A row would be taken, and change nothing."""
    assert set(_APPLIED) == set(FIELDS)
