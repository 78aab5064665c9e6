"""Everything that reading a text takes, loaded and used once: who imports this can be copied for each process that reads.

The tables are read when they are first asked, so that a made-up plan is read; what is wrong with one is told with the first file.
"""

from __future__ import annotations

import gc
from contextlib import suppress

from graph.errors import PolicygraphError

_PLAN = """临江市人民政府办公室关于印发临江市2024年重点工作计划的通知
各区县人民政府，市政府各部门：
现将《临江市2024年重点工作计划》印发给你们，请认真组织实施。
临江市人民政府办公室
2024年1月5日

临江市2024年重点工作计划

一、工作目标
到2024年底，培训教师3000人以上。

二、重点任务
（一）提升教育质量
1. 加强教师培训。贯彻《教师法》，全年培训教师3000人。（责任单位：市教育局、市财政局，完成时限：2024年10月底前）
2. 推进数字校园“一网通办”建设。（牵头单位：市教育局；配合单位：市大数据局，各区县政府）
"""


def _load() -> None:
    gc.disable()  # what is imported stays: passes over it find nothing
    from ingest.pipeline import extract
    from ingest.readers import Source

    with suppress(PolicygraphError):
        extract(Source("", "", _PLAN))
    gc.freeze()  # a pass in a copy would write to each of these objects, and take memory of its own for them
    gc.enable()


_load()
