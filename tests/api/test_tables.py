"""Tables for people: what is printed fits the terminal, and says what was left out."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from api import tables
from graph.ids import content_id

ROWS = [{"task": content_id("Task", "一"), "path": "一、重点任务 › （一）强化数字校园建设与应用 › 1.推进网络提速", "lead": None, "tasks": 12,
         "text": "推进中小学校园网络提速，完成300所学校的改造，建立运行维护机制，确保全年稳定运行"},
        {"task": content_id("Task", "二"), "path": "二、保障措施", "lead": True, "tasks": 3, "text": "加强队伍建设"}]


@pytest.fixture
def printed(monkeypatch):
    def at(width: int) -> str:
        out = io.StringIO()
        monkeypatch.setattr(tables, "Console", lambda **_: Console(file=out, width=width, force_terminal=True, no_color=True, highlight=False))
        tables.print_table("plan_tasks", ROWS, list(ROWS[0]), ["by every covered year"])
        return Text.from_ansi(out.getvalue()).plain
    return at


@pytest.mark.parametrize("width", [60, 80, 100, 132, 220])
def test_a_table_is_never_wider_than_the_terminal(printed, width):
    shown = printed(width)
    assert all(cell_len(line) <= width for line in shown.splitlines())
    assert "by every covered year" in shown and "not marked" in shown and "12" in shown


def test_a_wide_terminal_shows_the_ids_and_a_narrow_one_says_that_they_are_left_out(printed):
    assert ROWS[0]["task"] in printed(220) and "ids are left out" not in printed(220)
    assert ROWS[0]["task"] not in printed(72) and "ids are left out" in printed(72)


def test_where_no_table_fits_each_row_is_a_list_of_all_its_fields(printed):
    shown = printed(36).replace("\n", "")
    assert "— 1 —" in shown and "— 2 —" in shown
    for row in ROWS:
        assert row["task"] in shown and row["text"] in shown
