"""units and cite, as they are used; manifest has its tests in tests/ingest/test_corpus.py."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from api.cli import app

PLAN = (
    "上海市黄浦区教育局2025年工作要点\n一、重点任务\n1.推进平台建设，完善共享机制。（责任单位：区发改委、区教育局，市教委）\n2.开展教师培训，组织教学竞赛。（责任单位：黄浦区发展和改革委员会、区体育局）\n"
    "3.办好体育赛事，推进场馆开放。（责任单位：区体育事业发展中心、区体育局）\n")


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def graph(tmp_path):
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    store = str(tmp_path / "g.lbug")
    assert run("ingest", str(tmp_path / "plan.txt"), "--store", store).exit_code == 0
    return store


def test_units_says_what_was_merged_and_why(graph):
    """A researcher has to see that two spellings were counted as one, and on what ground."""
    (shown,) = json.loads(run("units", "--store", graph, "--format", "json").stdout)
    why = {row["spelling"]: row["why"] for row in shown["merged"] if row["department"] == "区发展改革委"}
    assert why == {"区发改委": "发改委 is 发展改革委 (units.yaml, bureaus)",
                   "黄浦区发展和改革委员会": "the place's own name stands for 区, and 发展和改革委员会 is 发展改革委 (units.yaml, bureaus)"}


def test_units_says_what_looks_alike_and_was_kept_apart(tmp_path):
    """Two names that may be one unit are for the researcher to look at; 体育局 and 教育局 are known to be two."""
    (tmp_path / "plan.txt").write_text(PLAN + "4.做好数据归集，推进系统建设。（责任单位：区数字化建设中心、区数字化建设管理中心、区教育局）\n", encoding="utf-8")
    store = str(tmp_path / "g.lbug")
    run("ingest", str(tmp_path / "plan.txt"), "--store", store)
    (shown,) = json.loads(run("units", "--store", store, "--format", "json").stdout)
    assert [(row["one"], row["other"], row["why"]) for row in shown["kept_apart"]] == [("区数字化建设中心", "区数字化建设管理中心", "no alias says that they are one")]
    assert "one alias in ingest/units.yaml" in run("units", "--store", store).stdout


def test_cite_prints_both_languages_and_bibtex(graph):
    text = run("cite", "--store", graph).stdout
    facts = json.loads(run("cite", "--store", graph, "--format", "json").stdout)[0]
    assert text.count(facts["graph"]) >= 3 and re.search(r"@software\{policygraph_[0-9a-f]{16},", text)
    assert run("cite", "--store", graph, "--format", "bibtex").stdout.startswith("@software{")
    assert "graph fingerprint" in text and "图谱指纹" in text


def test_a_csv_carries_the_citation(graph, tmp_path):
    """Who finds the table on a disk in three years has to know what it was made from."""
    assert run("query", "department_workload", "--store", graph, "-o", str(tmp_path / "w.csv")).exit_code == 0
    basis = json.loads((tmp_path / "w.basis.json").read_text(encoding="utf-8"))
    assert basis["citation"]["graph"] == json.loads(run("cite", "--store", graph, "--format", "json").stdout)[0]["graph"]
