"""A small plan and sheets beside it, for the tests of what is told by hand."""

from __future__ import annotations

from pathlib import Path

PLAN = """某市2025年教育信息化工作要点

一、重点任务
1.推进智慧校园建设。新建智慧校园20所，实现城乡学校网络全覆盖，3月底前制定建设标准。（责任单位：市教委、市财政局）
2.开展教师培训。培训教师3000人，组织送教下乡活动，提高农村教师信息素养。（责任单位：市教委，各区政府）
3.完善资源平台。建设市级教育资源平台，汇聚优质课程500门以上。（市电教馆牵头，市教委配合）
"""
HEADER = "document,quote,field,value,reason,by,date\n"


def write_plan(folder: Path, text: str = PLAN, name: str = "plan.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def write_corrections(folder: Path, *rows: str) -> Path:
    """Rows without the document and without reason, by and date: `quote,field,value`."""
    path = folder / "corrections.csv"
    path.write_text("\ufeff" + HEADER + "".join(f"plan.txt,{row},,,\n" for row in rows), encoding="utf-8")
    return path
