"""Targets that a plan states twice are counted once."""

from __future__ import annotations

import pytest

from ingest.pipeline import extract
from ingest.readers import Source


def relations(goal: str, *tasks: str):
    """For each target (quote, quote of what it repeats, quote of what it is a part of)."""
    body = "".join(f"{k}.落实任务。{task}（责任单位：市教委）\n" for k, task in enumerate(tasks, 1))
    (record,) = extract(Source("a.txt", "0", f"某市2025年教育工作要点\n一、工作目标\n{goal}\n二、重点任务\n{body}"))
    quotes = {indicator.id: indicator.quote for indicator in record.indicators}
    return [(i.quote, quotes.get(i.repeats), quotes.get(i.part_of)) for i in record.indicators]


def test_a_goal_that_a_task_states_again():
    assert relations("新建智慧校园20所以上。", "推进建设，新建智慧校园20所以上。") == [("20所以上", "20所以上", None), ("20所以上", None, None)]


def test_a_goal_that_tasks_add_up_to():
    assert relations("培训教师1万人。", "培训骨干教师4000人。", "培训农村教师6000人。", "培训校长500人。") == [
        ("1万人", None, None), ("4000人", None, "1万人"), ("6000人", None, "1万人"), ("500人", None, None)]


@pytest.mark.parametrize(("goal", "task"), [
    ("新建智慧校园20所。", "新建智慧食堂20个。"),  # another counter
    ("新建智慧校园20所。", "改造乡镇医院20所。"),  # another object
    ("学校覆盖率达到80%。", "学校覆盖率控制在80%以内。"),  # the other direction
    ("到2024年底，新建智慧校园20所。", "到2025年底，新建智慧校园20所。")])  # another year
def test_what_only_looks_alike(goal, task):
    assert all(repeats is None and part_of is None for _, repeats, part_of in relations(goal, task))


def test_shares_do_not_add_up():
    assert all(part_of is None for _, _, part_of in relations("学校覆盖率达到90%。", "城区学校覆盖率达到50%。", "农村学校覆盖率达到40%。"))
