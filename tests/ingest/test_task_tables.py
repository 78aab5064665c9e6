"""Tables of tasks, whatever their columns are called; near misses are tables of something else."""

from __future__ import annotations

import pytest

from ingest.pipeline import extract
from ingest.readers import Source

TITLE = "清溪县2025年营商环境重点任务分解表\n\n"


def read(table: str, before: str = ""):
    return extract(Source("a.md", "0", f"{TITLE}{before}{table}\n\n清溪县人民政府办公室\n2025年3月4日\n"))[0]


def shown(record):
    return [(task.path, task.text, [(unit.name, unit.role) for unit in task.units], task.deadline) for task in record.tasks]


def test_a_row_is_a_task_with_its_units_and_time():
    record = read(
        "| 序号 | 类别 | 重点任务 | 工作目标 | 牵头单位 | 配合单位 | 完成时限 |\n|---|---|---|---|---|---|---|\n"
        "| 1 | 政务服务 | 推进“一网通办” | 网办率达到95%以上 | 县政务服务局 | 县发改局、财政局，各乡镇 | 2025年6月底前 |\n"
        "| 2 |  | 新建便民服务点20个 |  | 县政务服务局 | 各乡镇 | 12月底前 |\n| 3 | 要素保障 | 清理涉企收费 | / | 县市场监管局 | / | 长期 |\n")
    assert shown(record) == [
        (["政务服务"], "推进“一网通办”", [("县政务服务局", "lead"), ("县发改局", "support"), ("县财政局", "support"), ("各乡镇", "support")], "2025-06"),
        (["政务服务"], "新建便民服务点20个", [("县政务服务局", "lead"), ("各乡镇", "support")], "2025-12"),
        (["要素保障"], "清理涉企收费", [("县市场监管局", "lead")], None)]
    assert [(i.quote, i.task == record.tasks[k].id) for k, i in enumerate(record.indicators)] == [("达到95%以上", True), ("20个", True)]
    assert record.kind == "plan" and record.title == "清溪县2025年营商环境重点任务分解表" and record.issuer == "清溪县人民政府办公室"
    assert record.tasks[0].clause == "县政务服务局 | 县发改局、财政局，各乡镇"


def test_a_heading_above_and_a_line_across_the_table():
    record = read("一、优化政务环境\n| 任务 | 责任单位 |\n|---|---|\n| 一、综合类 | 一、综合类 |\n| 推进改革 | 县政务服务局、县司法局 |\n二、优化市场环境\n| 任务 | 责任单位 |\n|---|---|\n| 清理收费 | 县财政局 |\n")
    assert [(path, text) for path, text, _, _ in shown(record)] == [(["一、优化政务环境"], "推进改革"), (["二、优化市场环境"], "清理收费")]


def test_a_header_that_each_page_repeats_is_no_task():
    header = "| 序号 | 工作任务 | 责任部门 |\n"
    record = read(header + "|---|---|---|\n| 1 | 推进改革 | 县司法局 |\n" + header + "| 2 | 清理收费 | 县财政局 |\n")
    assert [task.text for task in record.tasks] == ["推进改革", "清理收费"]


def test_lines_with_tabs_as_a_browser_copies_them():
    record = read("序号\t主要任务\t牵头部门及责任人\t责任单位\n1\t推进改革\t县司法局\t县财政局、县人社局\n2\t清理收费\t县财政局\t各乡镇\n")
    assert [(text, units) for _, text, units, _ in shown(record)] == [
        ("推进改革", [("县财政局", "responsible"), ("县人社局", "responsible")]), ("清理收费", [("各乡镇", "responsible")])]


def test_prose_without_clauses_beside_a_table_is_no_task():
    """The prose leads to the table, or says again what stands in it."""
    record = read("| 任务 | 责任单位 |\n|---|---|\n| 推进改革 | 县司法局 |\n", before="一、总体要求\n要坚持问题导向，推进各项改革。\n二、重点任务\n（一）推进改革。要推进改革，完善机制，加强统筹。\n")
    assert [task.text for task in record.tasks] == ["推进改革"]


@pytest.mark.parametrize("table", [
    "| 指标 | 2024年 | 2025年 |\n|---|---|---|\n| 网办率 | 90% | 95% |\n", "| 姓名 | 职务 | 联系电话 |\n|---|---|---|\n| 张某 | 主任 | 123 |\n",
    "| 责任单位 | 联系电话 |\n|---|---|\n| 县司法局 | 123 |\n"])
def test_a_table_of_something_else_is_left_as_text(table):
    record = read(table, before="一、重点任务\n（一）推进改革。推进各项改革任务落实。（责任单位：县司法局）\n")
    assert [task.text for task in record.tasks] == ["推进各项改革任务落实。"]
