"""Laws of every record: verbatim spans, stable ids, a golden record for each sample."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import SAMPLES, records_in
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ids import squeeze
from ingest.pipeline import extract
from ingest.readers import Source, iter_files, read_source

PLANS = [str(folder / "raw") for folder in sorted((Path(__file__).parent.parent / "data").glob("plans*"))]


def check_spans(text: str, record) -> int:
    """Every span of a record is the text at its place; returns how many were looked at."""
    spans = [(thing.text, thing.start, thing.end) for thing in (*record.tasks, *record.goals, *record.duties)]
    spans += [(task.clause, task.clause_start, task.clause_end) for task in record.tasks if task.clause is not None]
    spans += [(unit.surface, unit.start, unit.end) for task in record.tasks for unit in task.units]
    spans += [(indicator.quote, indicator.start, indicator.end) for indicator in record.indicators]
    for quote, start, end in spans:
        assert text[start:end] == quote
    for mention in record.mentions:
        words = text[mention.start:mention.end]
        # An alias stands for the full name elsewhere; a line end within a name is no part of it.
        assert words.strip() and (mention.name in "".join(words.split()) or mention.name in record.text or squeeze(mention.name) in squeeze(record.text))
    assert text[record.start:record.end] == record.text
    return len(spans)


@pytest.mark.parametrize("path", sorted(iter_files([*PLANS, str(SAMPLES)])), ids=lambda path: Path(path).stem)
def test_every_span_is_verbatim(path):
    source = read_source(path)
    assert sum(check_spans(source.text, record) for record in extract(source)) > 0


@pytest.mark.slow
def test_every_span_of_the_real_documents_is_verbatim(shared):
    for path in iter_files([shared / "data" / "raw"]):
        source = read_source(path)
        assert sum(check_spans(source.text, record) for record in extract(source)) > 0


def test_sample_records_are_as_read(sample_records, golden):
    """One golden record a document; its text is the sample file itself."""
    for record in sample_records:
        name = f"records/{Path(record.source).stem}-{record.kind}-{record.start}"
        golden(name, json.loads(record.to_json()))


_PIECES = st.sampled_from([
    "一、", "（一）", "1.", "3.1.1", "行动一：", "重点任务", "工作目标", "加强管理。", "推进平台建设，培训500人以上。", "（责任单位：市教育局、市财政局）", "(市水务局牵头，各区政府落实)",
    "责任单位：科技处", "\n", "\n\n", "　　", "（", "）", "“", "”", "《", "》", "2025年底前", "达到80%、50%以上", "、", "，", "。", "：", "第一篇:", "---\n", "# ", "**", "\r\n", "A", "0", "１２％", "\ufeff", "\u200b"])


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=60).map("".join))
def test_any_text_is_read_without_an_error(text):
    """A sentence that cannot be read is no exception; spans hold on whatever comes."""
    for record in extract(Source("any.txt", "0", text or "空")):
        check_spans(text or "空", record)


@settings(max_examples=30, deadline=None)
@given(st.permutations(["（一）做好巡查。每月巡查河道2次。（责任单位：市水务局）", "（二）加强养护。更新泵站12座。（责任单位：市城管局）", "（三）开展宣传。举办活动8场。（市教育局、各区政府）"]))
def test_ids_do_not_depend_on_the_order_of_tasks(items):
    """A task keeps its id where a plan is put into another order."""
    def ids(order):
        (record,) = extract(Source("a.txt", "0", "某市2025年河道工作要点\n一、重点任务\n" + "\n".join(order)))
        return {squeeze(task.text): task.id for task in record.tasks}

    assert ids(items) == ids(sorted(items))
    assert len(ids(items)) == 3


def test_ids_do_not_depend_on_path_encoding_or_line_ends(tmp_path):
    """The same plan as UTF-8, GB18030 and with other line ends has the same ids."""
    text = (SAMPLES / "ministry-2022.txt").read_text(encoding="utf-8")
    found = []
    for name, data in (("a.txt", text.encode()), ("b.md", text.encode("gb18030")), ("c.txt", text.replace("\n", "\r\n").encode("utf-8-sig")), ("d.txt", text.encode("utf-16"))):
        (tmp_path / name).write_bytes(data)
        (record,) = records_in(tmp_path / name)
        found.append([task.id for task in record.tasks] + [indicator.id for indicator in record.indicators])
    assert found[0] == found[1] == found[2] == found[3]
    assert len(set(found[0])) == len(found[0])
