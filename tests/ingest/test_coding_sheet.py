"""The blind sheet: passages that follow from the text alone, a draw that stays, and what a coder may write in a cell."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from conftest import SAMPLES, records_in

from ingest.annotations import annotated, evaluate_file, pair_files, read_annotations
from ingest.coding_cells import NotCoded, find_task, read_mark, read_targets
from ingest.coding_sheet import COLUMNS, TO_FILL, CodedSheet, compare_sheets, evaluate_sheet, is_coding_sheet, read_coding_sheet, write_coding_sheet
from ingest.errors import BadCoding, BadSheet, NothingCoded, SheetThere
from ingest.evaluation import FIELDS, Comparison
from ingest.intervals import kappa
from ingest.passages import BY, Passage, draw, split_passages
from ingest.pipeline import extract
from ingest.readers import Source, iter_files, read_source
from ingest.readings import read_passage

PLANS = Path(__file__).parent.parent / "data" / "plans"

PLAN = """青州市教育局2025年智慧教育工作要点

一、总体目标
到2025年底，培训教师3000人。

二、重点任务
（一）建设平台
推进平台建设，接入学校500所以上。（责任单位：科技处、财务处）
（二）培训教师
开展专题培训，覆盖率达到80%。开展竞赛。（牵头单位：人事处；配合单位：科技处）
（三）强化检查
开展检查。（责任单位：督导处）
"""


def records_of(text: str, path: str = "plan.txt") -> list:
    return extract(Source(path, "0", text))


def passages_of(records: list) -> list[Passage]:
    return [passage for record in records for passage in split_passages(record)]


@pytest.fixture(scope="module")
def plan() -> list[Passage]:
    return passages_of(records_of(PLAN))


@pytest.fixture(scope="module")
def corpus() -> list:
    return [record for record in records_in(PLANS / "raw") if record.kind == "plan"]


# --- passages ---------------------------------------------------------------------------------------

def test_a_passage_runs_from_one_numbered_heading_to_the_next(plan):
    """Its own headings stand in it, those above it in `before`; the clause on a line of its own stays with its words."""
    assert [passage.text.split("\n")[0] for passage in plan] == ["青州市教育局2025年智慧教育工作要点", "二、重点任务", "（二）培训教师", "（三）强化检查"]
    assert plan[2].before.startswith("二、重点任务 / …") and "财务处）" in plan[2].before
    own_line = "\n".join(["2025年工作要点", "一、建设平台", "推进平台建设，接入学校五百所。", "（责任单位：科技处）", "二、培训教师", "开展专题培训。", "责任单位：人事处"])
    assert [passage.text.strip()[-6:] for passage in passages_of(records_of(own_line))] == ["位：科技处）", "单位：人事处"]
    table = "2025年工作任务分解表\n| 序号 | 任务 | 责任单位 |\n|---|---|---|\n| 1 | 建设平台 | 科技处 |\n| 2 | 培训教师 | 人事处 |\n"
    assert [passage.text.split("\n")[0][:5] for passage in passages_of(records_of(table))] == ["2025年", "| 1 |", "| 2 |"]


@pytest.mark.slow
def test_passages_lie_end_to_end_and_cut_no_annotated_task():
    """All of the text is in one passage, none in two; each has its own id; a task by the written definition stands in one."""
    crossing = tasks = 0
    for gold in sorted((PLANS / "gold").glob("*.json")):
        path = next((PLANS / "raw").glob(f"{gold.stem}_*"))
        text, records = read_source(path).text, records_in(path)
        passages = passages_of(records)
        assert "".join(passage.text for passage in passages) == text[records[0].start:records[-1].end]
        assert all(passage.text == text[passage.start:passage.end] for passage in passages)
        assert len({passage.id for passage in passages}) == len(passages)
        cursor = 0
        for task in json.loads(gold.read_text(encoding="utf-8"))["tasks"]:
            start = max(text.find(task["starts"], cursor), text.find(task["starts"]))
            end, cursor = text.find(task["ends"], start) + len(task["ends"]), start + 1
            tasks += 1
            crossing += not any(passage.start <= start and end <= passage.end for passage in passages)
    assert tasks > 650 and crossing <= 0.01 * tasks


def test_passages_do_not_depend_on_what_was_found(plan):
    """Blind: a plan of which nothing was read is cut in the same places."""
    records = records_of(PLAN)
    for record in records:
        record.tasks, record.indicators, record.goals = [], [], []
    assert [(passage.id, passage.text, passage.before) for passage in passages_of(records)] == [(passage.id, passage.text, passage.before) for passage in plan]


@pytest.mark.parametrize("text", [
    "".join(f"第{k}段：" + "推进工作，落实责任。" * 30 + "\n" for k in range(20)), "推进工作，落实责任。" * 4_000, "任务：推进工作\n" * 2_000, "推进工作，" * 9_000])
def test_a_text_without_numbers_is_cut_all_the_same(text):
    """A spreadsheet's cell holds 32,767 characters; one sentence of 45,000 is left as it is."""
    sizes = [passage.end - passage.start for passage in passages_of(records_of("2025年工作要点\n" + text))]
    assert sum(sizes) == len(text) + 10 and (max(sizes) < 4_300 or len(set(text)) == 5)


def test_a_document_on_one_line_is_cut_where_its_headings_run_on():
    text = "2025年工作要点\n" + "".join(f"（{n}）推进{n}号平台。" + "推进工作，落实责任。" * 60 + "(责任单位：科技处)" for n in "一二三四五六七八")
    assert [passage.text[:3] for passage in passages_of(records_of(text))][1:] == [f"（{n}）" for n in "二三四五六七八"]


# --- the draw ---------------------------------------------------------------------------------------

def ids(passages: list[Passage]) -> list[str]:
    return [passage.id for passage in passages]


@pytest.mark.parametrize("by", BY)
def test_the_draw_is_the_same_whatever_the_order_of_the_files(corpus, by):
    mixed = list(corpus)
    random.Random(7).shuffle(mixed)
    drawn = draw(passages_of(corpus), 60, by, 1)
    assert len(drawn) == 60 == len(set(ids(drawn)))
    assert ids(draw(passages_of(mixed), 60, by, 1)) == ids(drawn)
    assert ids(draw(passages_of(corpus), 60, by, 2)) != ids(drawn)


def test_this_seed_draws_these_passages_for_ever(plan):
    """A sheet that somebody is coding must be the one that a colleague draws next year with another Python."""
    assert [passage.text[:6] for passage in draw(plan, 2, "plan", 1)] == ["二、重点任务", "（三）强化检"]
    assert ids(draw(plan, 2, "plan", 1)) == [plan[1].id, plan[3].id]


def test_each_plan_gives_its_share_and_at_least_one(corpus):
    passages = passages_of(corpus)
    drawn = draw(passages, 200, "plan", 1)
    for record in corpus:
        size = sum(passage.record.id == record.id for passage in passages)
        got = sum(passage.record.id == record.id for passage in drawn)
        assert got >= 1 and abs(got - 200 * size / len(passages)) < 1.5
    assert len({passage.record.id for passage in draw(passages, 20, "plan", 1)}) == 20
    assert {passage.record.level for passage in draw(passages, 10, "level", 1)} == {record.level for record in corpus}


def test_a_larger_draw_holds_the_smaller_one_and_too_large_a_one_holds_all(plan, corpus):
    passages = passages_of(corpus)
    assert set(ids(draw(passages, 50, "none", 1))) < set(ids(draw(passages, 90, "none", 1)))
    assert sorted(ids(draw(plan, 1_000, "plan", 1))) == sorted(ids(plan))
    assert sorted(ids(draw([*plan, *plan], 1_000, "plan", 1))) == sorted(ids(plan))


# --- cells ------------------------------------------------------------------------------------------

WORDS = "（一）推进平台建设。推进“A平台”，接入学校500所以上。开展培训， 推进Ｂ平台……。（责任单位：科技处）"


@pytest.mark.parametrize(("cell", "found"), [
    ("推进“A平台”…推进Ｂ平台……。", "推进“A平台”，接入学校500所以上。开展培训， 推进Ｂ平台……。"),
    ('推进"A平台"...500所以上。', "推进“A平台”，接入学校500所以上。"),
    ("开展培训,推进B平台……。", "开展培训， 推进Ｂ平台……。"),
    ("接入 … 所以上", "接入学校500所以上"),
    ("推进…建设。", None), ("推进C…以上。", None), ("接入…建设。", None), ("没有的话", None), ("…", None)])
def test_a_task_is_found_by_its_first_and_last_words(cell, found):
    """White space, width and quotation marks may differ; words that stand more than once may not be guessed at."""
    if found is None:
        with pytest.raises(NotCoded):
            find_task(WORDS, cell)
    else:
        start, end = find_task(WORDS, cell)
        assert WORDS[start:end] == found


def test_short_words_are_taken_where_a_sentence_begins():
    text = "一、平台\n全面推进学校平台。推进家校平台，建设家校平台。\n（责任单位：科技处）"
    start, end = find_task(text, "推进…平台。")
    assert text[start:end] == "推进家校平台，建设家校平台。"


@pytest.mark.parametrize(("cell", "read"), [
    ("500所以上", [(500, ">=")]), (">=500", [(500, ">=")]), ("≥500所", [(500, ">=")]), ("＞1.5万", [(15000, ">")]), ("=80%", [(80, "=")]), ("500", [(500, "=")]),
    ("~1,000", [(1000, "~")]), ("8—10万人；达到80%", [(80000, ">="), (100000, "<="), (80, "=")]), ("", [])])
def test_a_target_is_a_quote_or_a_comparator_and_a_number(cell, read):
    text = "接入500所以上，培训8—10万人，覆盖率达到80%。"
    assert [(target.value, target.comparator) for target in read_targets(cell, text, None)] == read


@pytest.mark.parametrize(("cell", "said"), [
    ("500所", "stands in the passage with 以上; copy that too"), ("600所", "stands nowhere in the passage"), ("覆盖率", "no number with a counter; write it as >=500")])
def test_a_target_that_cannot_be_meant_is_told(cell, said):
    with pytest.raises(NotCoded, match=said):
        read_targets(cell, "接入500所以上，覆盖率达到80%。", None)


def test_marks():
    assert all(read_mark(cell) for cell in ("x", "X", "√", "是", "１")) and not any(read_mark(cell) for cell in ("", "0", "否"))
    with pytest.raises(NotCoded):
        read_mark("maybe")


# --- the sheet --------------------------------------------------------------------------------------

ANSWERS = {  # a coder's: one role, one unit and one target differ from the text
    0: [{"no_task": "x", "targets": "3000人"}],
    1: [{"task": "推进平台建设…500所以上。", "units": "科技处=lead；财务处=责任", "targets": "500所以上"}],
    2: [{"task": "开展专题培训…竞赛。", "units": "人事处=牵头；科技处=support", "targets": ">=80"}],
    3: [{"task": "开展检查。", "units": "督导处=responsible"}]}


def fill(path: Path, passages: list[Passage], answers: dict[int, list[dict[str, str]]], coder: str = "李", save=None) -> Path:
    """The sheet as a coder leaves it: `answers` by the passage's number; `save` is what the spreadsheet does."""
    path.unlink(missing_ok=True)
    write_coding_sheet(str(path), passages, "")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    number = {passage.id: k for k, passage in enumerate(passages)}
    filled = [row | {"coder": coder} | answer for row in rows for answer in answers.get(number[row["passage"]], [{}])]
    write, encoding = save or (lambda rows, out: _write(rows, out, ","), "utf-8-sig")
    with path.open("w", encoding=encoding, newline="") as file:
        write(filled, file)
    return path


def _write(rows: list[dict[str, str]], out, delimiter: str) -> None:
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)


def totals(sheet: CodedSheet) -> dict[str, tuple[int, int, int]]:
    result = evaluate_sheet(sheet)
    return {name: result.total(name) for name in FIELDS}


EXPECTED = {"tasks": (3, 0, 0), "exact": (3, 0, 0), "units": (4, 1, 1), "names": (5, 0, 0), "indicators": (2, 1, 1)}


def test_a_sheet_with_known_answers(plan, tmp_path):
    """科技处 is responsible by the text, lead by the coder; 达到80% is = by the text, >= by the coder."""
    sheet = read_coding_sheet(str(fill(tmp_path / "a.csv", plan, ANSWERS)), plan)
    assert totals(sheet) == EXPECTED
    assert (sheet.drawn, len(sheet.coded), sheet.coders) == (4, 4, ["李"])
    lines = [str(miss) for miss in evaluate_sheet(sheet).misses]
    at = PLAN.index("推进平台")
    assert lines[0] == f"{tmp_path / 'a.csv'}:3: plan.txt, characters {at} to {at + len('推进平台建设，接入学校500所以上。')}: units: expected 科技处=lead, found 科技处=responsible"
    assert "indicators: expected >=80 (>=80), found =80 (达到80%)" in lines[1] and len(lines) == 2


@pytest.mark.parametrize("save", [
    (lambda rows, out: _write(rows, out, ";"), "utf-8-sig"), (lambda rows, out: _write(rows, out, ","), "gb18030"),
    (lambda rows, out: _write(rows, out, "\t"), "utf-16"), (lambda rows, out: _write(rows, out, ";"), "gb18030"), (lambda rows, out: _write(rows, out, ","), "utf-8")],
    ids=["semicolons", "gb18030", "utf-16 tabs", "gb18030 semicolons", "no bom"])
def test_whatever_a_spreadsheet_saves_is_read(plan, tmp_path, save):
    """Excel in China, in Germany, "Unicode text", LibreOffice."""
    assert totals(read_coding_sheet(str(fill(tmp_path / "a.csv", plan, ANSWERS, save=save)), plan)) == EXPECTED


def test_the_sheet_is_blind_and_one_row_is_one_line(plan, tmp_path):
    path = tmp_path / "a.csv"
    assert write_coding_sheet(str(path), plan, "4 of 4") == [str(path), str(tmp_path / "a.instructions.txt")]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") and len(path.read_text(encoding="utf-8-sig").splitlines()) == 1 + len(plan)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS and all(row[column] == "" for row in rows for column in (*TO_FILL, "coder", "note"))
    told = (tmp_path / "a.instructions.txt").read_text(encoding="utf-8-sig")
    assert told.startswith("4 of 4\n") and all(f"\n{column} " in told for column in TO_FILL) and is_coding_sheet(str(path))
    with pytest.raises(SheetThere, match="may hold somebody's coding"):
        write_coding_sheet(str(path), plan, "")


def test_a_passage_that_a_spreadsheet_would_run_is_shown_as_text(tmp_path):
    passages = passages_of(records_of("2025年工作要点\n一、建设平台\n推进平台建设。\n\n- 二、培训教师\n开展专题培训。\n"))
    path = tmp_path / "a.csv"
    write_coding_sheet(str(path), passages, "")
    assert ",'- 二、培训教师 ¶ 开展专题培训。," in path.read_text(encoding="utf-8-sig")


def test_rows_left_empty_are_not_coded(plan, tmp_path):
    """Neither a name filled down the column nor a note is coding."""
    sheet = read_coding_sheet(str(fill(tmp_path / "a.csv", plan, {3: ANSWERS[3], 2: [{"note": "later"}]})), plan)
    assert (sheet.drawn, len(sheet.coded)) == (4, 1) and totals(sheet)["tasks"] == (1, 0, 0)
    with pytest.raises(NothingCoded, match="no row is filled in"):
        read_coding_sheet(str(fill(tmp_path / "b.csv", plan, {})), plan)


def test_several_tasks_of_a_passage_are_rows_of_their_own(plan, tmp_path):
    answers = {2: [{"task": "开展专题培训，覆盖率达到80%。", "targets": "达到80%"}, {"task": "开展竞赛。", "units": "人事处=牵头；科技处=配合"}]}
    assert totals(read_coding_sheet(str(fill(tmp_path / "a.csv", plan, answers)), plan)) == {
        "tasks": (0, 1, 2), "exact": (0, 1, 2), "units": (0, 2, 2), "names": (0, 2, 2), "indicators": (0, 1, 1)}


def test_units_may_have_the_prefix_that_the_list_leaves_out(tmp_path):
    """省科技厅、工业和信息化厅: the second with 省 or without; a wrong prefix, or a name that the tool got wrong, is wrong."""
    passages = passages_of(records_of(
        "江南省2025年数字化工作要点\n一、建设平台\n推进平台建设，完善共享机制。（责任单位：省科技厅、工业和信息化厅）\n"
        "二、培训人员\n开展专题培训，组织竞赛。（责任单位：省财政厅）\n"))
    assert len(passages) == 2

    def right(units: str) -> tuple[int, int, int]:
        return totals(read_coding_sheet(str(fill(tmp_path / "a.csv", passages, {0: [{"task": "推进平台建设…机制。", "units": units}]})), passages))["units"]

    assert right("省科技厅、工业和信息化厅=responsible") == right("省科技厅、省工业和信息化厅=responsible") == (2, 0, 0)
    with pytest.raises(BadCoding, match="市工业和信息化厅.*stands nowhere"):
        right("市工业和信息化厅=responsible")
    for task in passages[0].record.tasks:
        task.units[-1].name = "工业厅"
    assert right("省科技厅、省工业和信息化厅=responsible") == (1, 1, 1)


MISTAKES = [
    ({1: [{"task": "推进…没有这话。"}]}, 3, "the task's last words '没有这话。' stand nowhere in the passage behind the first ones; copy them from the column text"),
    ({1: [{"task": "推进平台建设…500所以上。", "units": "科技处"}]}, 3, "the unit '科技处' has no role; write it as 市教委=lead"),
    ({1: [{"task": "推进平台建设…500所以上。", "units": "科技处=leed"}]}, 3, "the role 'leed' is not known; did you mean 'lead'?"),
    ({1: [{"task": "推进平台建设…500所以上。", "units": "科技司=lead"}]}, 3, "the unit '科技司' stands nowhere in the passage"),
    ({1: [{"units": "科技处=lead"}]}, 3, "units or targets without a task"),
    ({1: [{"no_task": "x", "task": "推进平台建设…500所以上。"}]}, 3, "no_task is marked, but a task or units are filled in"),
    ({1: [{"task": "推进平台建设…500所以上。"}, {"no_task": "x"}]}, 3, "one row of the passage holds a task, another says that there is none"),
    ({1: [{"task": "推进平台建设…500所以上。"}, {"task": "推进平台…以上。"}]}, 4, "is coded twice"),
    ({1: [{"task": "推进平台建设…500所以上。", "coder": "李"}, {"no_task": "x", "targets": "500所以上", "coder": "王"}]}, 4, "two coders on one passage"),
    ({1: [{"no_task": "vielleicht"}]}, 3, "no_task is 'vielleicht'; write x"),
    ({1: [{"passage": "s-aaaaaaaaaaaa", "text": "别的", "no_task": "x"}]}, 3, "the passage s-aaaaaaaaaaaa stands in no document given"),
]


@pytest.mark.parametrize(("answers", "line", "said"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_coders_mistake_is_told_with_its_row(plan, tmp_path, answers, line, said):
    with pytest.raises(BadCoding) as told:
        read_coding_sheet(str(fill(tmp_path / "a.csv", plan, answers)), plan)
    assert f"{tmp_path / 'a.csv'}:{line}: " in str(told.value) and said in str(told.value)


def test_all_mistakes_are_told_at_once(plan, tmp_path):
    """A sheet is mended in one go."""
    with pytest.raises(BadCoding) as told:
        read_coding_sheet(str(fill(tmp_path / "a.csv", plan, {1: [{"units": "科技处=lead"}], 3: [{"no_task": "x", "units": "督导处=lead"}]})), plan)
    head, *lines = str(told.value).splitlines()
    assert head.endswith("2 cells to put right; nothing was counted") and [line.split(": ")[0].rsplit(":")[-1] for line in lines] == ["3", "5"]


def test_a_sheet_without_its_columns_is_told(plan, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("passage,task,units,targets\ns-1,a,b,c\n")
    with pytest.raises(BadSheet, match="a.csv:1: the column 'no_task' is missing"):
        read_coding_sheet(str(path), plan)


def test_a_sheet_outlives_a_change_elsewhere_in_the_document(plan, tmp_path):
    """The id is of the document's words: after a typing error is mended in another paragraph, the text finds the passage."""
    path = fill(tmp_path / "a.csv", plan, ANSWERS)
    changed = passages_of(records_of(PLAN + "（四）其他\n做好其他工作。（责任单位：办公室）\n"))
    assert not set(ids(changed)) & set(ids(plan))
    assert totals(read_coding_sheet(str(path), changed)) == EXPECTED
    with pytest.raises(BadCoding, match="stands in no document given"):
        read_coding_sheet(str(path), [*changed, *passages_of(records_of(PLAN + "（四）其他\n开展其他工作。（责任单位：办公室）\n"))])


def test_a_sheet_outlives_another_way_to_cut_passages(plan, tmp_path, monkeypatch):
    """What was coded by hand stays of use when a later version cuts elsewhere."""
    path = fill(tmp_path / "a.csv", plan, ANSWERS)
    monkeypatch.setattr("ingest.passages._STEPS", 0)
    whole = passages_of(records_of(PLAN))
    assert len(whole) == 1 and totals(read_coding_sheet(str(path), whole)) == EXPECTED


# --- two coders -------------------------------------------------------------------------------------

def test_two_coders_against_each_other(plan, tmp_path):
    """On the passages that both coded: one role apart, one task that only the first sees."""
    second = {1: [{"task": "推进平台建设…500所以上。", "units": "科技处=responsible；财务处=责任", "targets": "500所以上"}], 2: ANSWERS[2], 3: [{"no_task": "x"}]}
    one = read_coding_sheet(str(fill(tmp_path / "a.csv", plan, ANSWERS)), plan)
    other = read_coding_sheet(str(fill(tmp_path / "b.csv", plan, second, "王")), plan)
    result, holds = compare_sheets(one, other)
    assert {name: result.total(name) for name in FIELDS} == {
        "tasks": (2, 0, 1), "exact": (2, 0, 1), "units": (3, 1, 2), "names": (4, 0, 1), "indicators": (2, 0, 0)}
    assert holds == [(True, True), (True, True), (True, False)] and kappa(holds)[0] == pytest.approx(0)
    backwards, _ = compare_sheets(other, one)
    assert backwards.total("units") == (3, 2, 1)


# --- the law ----------------------------------------------------------------------------------------

def own_answers(passages: list[Passage]) -> dict[int, list[dict[str, str]]]:
    """What the tool read, as a coder would write it."""
    answers = {}
    for k, passage in enumerate(passages):
        reading = read_passage(passage)
        rows = [{"task": passage.text[task.start:task.end].replace("\n", "¶").replace("\r", ""), "units": "；".join(f"{unit.name}={unit.role}" for unit in task.units),
                 "targets": "；".join(f"{target.comparator}{target.value}" for target in reading.targets if target.task == task.id)} for task in reading.tasks]
        outside = [f"{target.comparator}{target.value}" for target in reading.targets if target.task not in {task.id for task in reading.tasks}]
        answers[k] = rows + ([{"no_task": "x", "targets": "；".join(outside)}] if outside or not rows else [])
    return answers


@pytest.mark.parametrize("path", [*iter_files([SAMPLES]), *list(iter_files([PLANS / "raw"]))[::7]], ids=lambda path: Path(path).stem)
def test_the_tools_own_reading_as_a_coder_is_all_right(path, tmp_path):
    passages = passages_of(records_in(path))
    sheet = read_coding_sheet(str(fill(tmp_path / "a.csv", passages, own_answers(passages))), passages)
    result = evaluate_sheet(sheet)
    assert [str(miss) for miss in result.misses] == [] and len(sheet.coded) == len(passages)
    assert result.total("tasks")[0] == sum(len(read_passage(passage).tasks) for passage in passages)


@pytest.mark.slow
def test_a_sheet_coded_from_the_annotations_counts_as_they_do(tmp_path):
    """683 tasks by their annotators' first and last words: every cell can be read, and both ways to measure agree."""
    by_sheet, by_annotation = Comparison(), Comparison()
    for annotation, path in pair_files(read_annotations(str(PLANS / "gold")), iter_files([PLANS / "raw"])):
        records, text = records_in(path), read_source(path).text
        by_annotation += evaluate_file(annotation, path, text, records)
        passages = passages_of(records)
        answers: dict[int, list[dict[str, str]]] = {k: [] for k in range(len(passages))}
        for task, row in zip(annotated(annotation, text).tasks, annotation.row["tasks"], strict=True):
            number = next(k for k, passage in enumerate(passages) if passage.start <= task.start and task.end <= passage.end)
            answers[number].append({"task": f"{row['starts']}…{row['ends']}", "units": "；".join(f"{unit.name}={unit.role}" for unit in task.units)})
        answers = {k: rows or [{"no_task": "x"}] for k, rows in answers.items()}
        by_sheet += evaluate_sheet(read_coding_sheet(str(fill(tmp_path / "a.csv", passages, answers)), passages))
    assert by_annotation.total("tasks")[0] > 650
    for name in ("tasks", "exact", "units", "names"):
        assert by_sheet.total(name) == by_annotation.total(name)
