"""Which words are a clause, and who it names: each wording with a near miss beside it."""

from __future__ import annotations

import pytest

from ingest.pipeline import extract
from ingest.readers import Source


def read(body: str, title: str = "某市2025年水务工作要点", before: str = ""):
    (record,) = extract(Source("a.txt", "0", f"{title}\n{before}一、重点任务\n{body}"))
    return record


def units_of(task) -> list[tuple[str, str]]:
    return [(unit.name, unit.role) for unit in task.units]


LEAD, RESPONSIBLE, SUPPORT, IMPLEMENT = "lead", "responsible", "support", "implement"


@pytest.mark.parametrize(("clause", "expected"), [
    ("（责任单位：市水务局、各区政府）", [("市水务局", RESPONSIBLE), ("各区政府", RESPONSIBLE)]),
    ("(责任处室:规划处,科技处)", [("规划处", RESPONSIBLE), ("科技处", RESPONSIBLE)]),
    ("（牵头单位：市水务局；配合单位：市财政局、市城管局）", [("市水务局", LEAD), ("市财政局", SUPPORT), ("市城管局", SUPPORT)]),
    ("（牵头单位：市水务局，支撑单位：市水文站）", [("市水务局", LEAD), ("市水文站", SUPPORT)]),
    ("（市水务局牵头，市财政局、市城管局按职责分工负责）", [("市水务局", LEAD), ("市财政局", RESPONSIBLE), ("市城管局", RESPONSIBLE)]),
    ("（市水务局牵头负责，各区政府组织落实）", [("市水务局", LEAD), ("各区政府", IMPLEMENT)]),
    ("（市水务局、市财政局负责，各区政府结合实际落实）", [("市水务局", RESPONSIBLE), ("市财政局", RESPONSIBLE), ("各区政府", IMPLEMENT)]),
    ("（市水务局会同市财政局负责）", [("市水务局", RESPONSIBLE), ("市财政局", SUPPORT)]),
    ("（市水务局牵头、市财政局配合）", [("市水务局", LEAD), ("市财政局", SUPPORT)]),
    ("（主要责任单位：市水务局；其他责任单位：市财政局）", [("市水务局", LEAD), ("市财政局", SUPPORT)]),
    ("（主办单位：市水务局；协办单位：市财政局）", [("市水务局", LEAD), ("市财政局", SUPPORT)]),
    ("（市水务局、市财政局等单位）", [("市水务局", RESPONSIBLE), ("市财政局", RESPONSIBLE)]),
    ("（责任单位：市政务和数据局、市住房和城乡建设局）", [("市政务和数据局", RESPONSIBLE), ("市住房和城乡建设局", RESPONSIBLE)]),
    ("（责任单位：语用司和人教社，各地教育行政部门和语委）", [("语用司", RESPONSIBLE), ("人教社", RESPONSIBLE), ("各地教育行政部门", RESPONSIBLE), ("语委", RESPONSIBLE)]),
    ("（责任单位：各处（室）、各直属单位）", [("各处（室）", RESPONSIBLE), ("各直属单位", RESPONSIBLE)]),
    ("（省环保厅牵头，省发展改革委、宁岚铁路局参与，各市州人民政府负责落实。以下均需各市州人民政府落实，不再列出）",
     [("省环保厅", LEAD), ("省发展改革委", SUPPORT), ("宁岚铁路局", SUPPORT), ("各市州人民政府", IMPLEMENT)]),
    ("（县残疾人联合会）", [("县残疾人联合会", RESPONSIBLE)]),
    ("（县林业局、县国有林场）", [("县林业局", RESPONSIBLE), ("县国有林场", RESPONSIBLE)]),
    ("（责任单位：省科技厅、工业和信息化厅，太原海关、国网省电力公司）",
     [("省科技厅", RESPONSIBLE), ("省工业和信息化厅", RESPONSIBLE), ("太原海关", RESPONSIBLE), ("国网省电力公司", RESPONSIBLE)]),
    ("（责任单位：市水务局；责任领导：张某某）", [("市水务局", RESPONSIBLE)]),
    ("（责任单位：市水务局；完成时限：2025年6月底前）", [("市水务局", RESPONSIBLE)]),
    ("（市水务局牵头，各县（市、区）人民政府、开发区管委会配合；完成时限：2025年6月底前）", [("市水务局", LEAD), ("各县（市、区）人民政府", SUPPORT), ("开发区管委会", SUPPORT)]),
    ("（市水务局牵头，市财政局、市水文站参加）", [("市水务局", LEAD), ("市财政局", SUPPORT), ("市水文站", SUPPORT)]),
    ("（国家发展改革委、国家能源局及各地区按职责分工负责）", [("国家发展改革委", RESPONSIBLE), ("国家能源局", RESPONSIBLE), ("各地区", RESPONSIBLE)]),
    ("（市水务局牵头，市财政局、市商务局等市直有关部门配合）", [("市水务局", LEAD), ("市财政局", SUPPORT), ("市商务局", SUPPORT), ("市直有关部门", SUPPORT)]),
    ("市水务局、市城管局牵头，市财政局、各区政府按职责分工负责。", [("市水务局", LEAD), ("市城管局", LEAD), ("市财政局", RESPONSIBLE), ("各区政府", RESPONSIBLE)]),
    ("（体育股、区公安分局）", [("体育股", RESPONSIBLE), ("区公安分局", RESPONSIBLE)]),
])
def test_clause_names_units_with_roles(clause, expected):
    (task,) = read(f"（一）加强管护。每季度巡查河道。{clause}").tasks
    assert units_of(task) == expected
    assert task.text == "每季度巡查河道。"


@pytest.mark.parametrize("bracket", [
    "（见附件1）", "（以下简称“平台”）", "（联系电话：010-12345678）", "（一体机）", "（含幼儿园、小学）", "（如市水务局、市财政局）", "（2025年底前）", "（玻璃幕墙管理员）", "(APP)",
    "（学校）", "（责任领导：张某某）"])
def test_bracket_that_names_no_unit_stays_text(bracket):
    (task,) = read(f"（一）加强管护。推进河道管护平台建设{bracket}。（责任单位：市水务局）").tasks
    assert units_of(task) == [("市水务局", RESPONSIBLE)]
    assert bracket in task.text


@pytest.mark.parametrize(("first", "second", "expected"), [
    ("（责任单位：市水务局，市财政局。逗号前为牵头单位，下同）", "（责任单位：市城管局，市财政局）", [("市城管局", LEAD), ("市财政局", SUPPORT)]),
    ("（责任单位：市水务局，市财政局。逗号前为牵头单位，下同）", "（责任单位：市城管局、市财政局）", [("市城管局", LEAD), ("市财政局", LEAD)]),
    ("（责任单位：市水务局，市财政局）", "（责任单位：市城管局，市财政局）", [("市城管局", RESPONSIBLE), ("市财政局", RESPONSIBLE)]),
])
def test_comma_marks_the_lead_only_where_the_plan_says_so(first, second, expected):
    record = read(f"（一）加强管护。每季度巡查河道。{first}\n（二）更新泵站。更新老旧泵站。{second}")
    assert units_of(record.tasks[1]) == expected
    assert record.role_scheme == ("positional" if expected[0][1] == LEAD else "flat")
    assert all(unit.role_basis == ("rule" if expected[0][1] == LEAD else "none") for unit in record.tasks[1].units)


@pytest.mark.parametrize(("rule", "role"), [
    ("所列责任单位中，排在首位的为牵头单位，其余为配合单位。", SUPPORT),
    ("所列责任单位中，排在首位的为牵头单位。其余工作另行安排。", RESPONSIBLE),
])
def test_the_rest_support_only_where_the_plan_says_so(rule, role):
    record = read("（一）加强管护。每季度巡查河道。（责任单位：市水务局、市财政局，各区政府）", before=f"{rule}\n")
    assert units_of(record.tasks[0]) == [("市水务局", LEAD), ("市财政局", role), ("各区政府", role)]


@pytest.mark.parametrize("sentence", ["各区政府要压实责任，市水务局牵头制定方案。", "市水务局牵头，按季度通报。", "市水务局组织的培训由市民参加。"])
def test_sentence_about_a_unit_is_no_clause(sentence):
    record = read(f"（一）加强管护。每季度巡查河道。{sentence}\n（二）更新泵站。更新老旧泵站。（责任单位：市水务局）")
    assert units_of(record.tasks[0]) == [] and record.tasks[0].text.endswith(sentence)


def test_rule_in_the_covering_notice_holds_for_the_plan():
    (record,) = extract(Source("a.txt", "0", (
        "某市水务局关于印发《某市2025年水务工作要点》的通知\n\n各区水务局：\n现印发给你们，列第一位的责任单位为牵头单位，请认真落实。\n\n某市水务局\n2025年1月8日\n\n"
        "某市2025年水务工作要点\n一、重点任务\n（一）加强管护。每季度巡查河道。（责任单位：市水务局、市财政局）")))
    assert units_of(record.tasks[0]) == [("市水务局", LEAD), ("市财政局", RESPONSIBLE)]
    assert record.lead_rule == "列第一位的责任单位为牵头单位"
    assert record.addressees == ["各区水务局"] and record.signed_on == "2025-01-08" and record.issuer == "某市水务局"


def test_clause_lines_without_brackets_are_one_clause():
    (task, other) = read("（一）加强管护。\n每季度巡查河道。\n牵头单位：市水务局\n配合单位：市财政局\n责任人：张某某\n（二）更新泵站。\n更新泵站3座。\n责任单位：市城管局").tasks
    assert units_of(task) == [("市水务局", LEAD), ("市财政局", SUPPORT)]
    assert "张某某" not in task.clause and task.text == "每季度巡查河道。"
    assert units_of(other) == [("市城管局", RESPONSIBLE)]


def test_several_clauses_in_one_paragraph_close_what_is_before_them():
    tasks = read("（一）加强管护。每季度巡查河道。（责任单位：市水务局）更新老旧泵站。（责任单位：市城管局）").tasks
    assert [(task.text, units_of(task)[0][0]) for task in tasks] == [("每季度巡查河道。", "市水务局"), ("更新老旧泵站。", "市城管局")]


def test_one_clause_closes_several_paragraphs_and_a_list():
    tasks = read("（一）加强管护。\n每季度巡查河道。\n更新老旧泵站。（责任单位：市水务局）\n（二）开展排查。重点做好：\n（1）排查堤防隐患；\n（2）排查泵站隐患。\n（责任单位：市应急局）").tasks
    assert [task.text.replace("\n", "") for task in tasks] == ["每季度巡查河道。更新老旧泵站。", "重点做好：（1）排查堤防隐患；（2）排查泵站隐患。"]


def test_heading_may_follow_a_clause_without_a_line_break():
    tasks = read("（一）加强管护。\n每季度巡查河道。(责任单位:市水务局)二、推动更新(二)更新泵站。\n更新老旧泵站。(责任单位:市城管局)").tasks
    assert [task.path for task in tasks] == [["一、重点任务", "（一）加强管护。"], ["二、推动更新", "(二)更新泵站。"]]


def test_lost_closing_bracket_is_read_and_warned_of():
    record = read("（一）加强管护。每季度巡查河道。（责任单位：市水务局、市财政局")
    assert units_of(record.tasks[0]) == [("市水务局", RESPONSIBLE), ("市财政局", RESPONSIBLE)]
    assert any("closing bracket" in warning.message for warning in record.warnings)


def test_item_without_a_clause_is_a_task_at_the_level_of_items_that_have_one():
    record = read("（一）加强管护。每季度巡查河道。（责任单位：市水务局）\n（二）更新泵站。更新老旧泵站3座。\n二、保障措施\n（一）加强组织领导。各单位要高度重视，落实责任。")
    assert [task.text for task in record.tasks] == ["每季度巡查河道。", "更新老旧泵站3座。"]
