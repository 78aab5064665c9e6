"""Two small plans, verdicts on them, and what follows from these in files and graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run

from graph.store import open_store
from ingest.continuity.verdicts import Verdict, first_words, write_verdicts
from ingest.pipeline import extract
from ingest.readers import read_source

EARLIER = ("海岸部2022年工作要点\n一、重点任务\n（一）实施“智慧渔港”行动。支持建设智慧渔港30个，推广一港一档管理。（责任单位：渔港司）\n"
           "（二）开展海岸侵蚀监测。在重点岸段布设监测断面60条，编制侵蚀状况报告。（责任单位：海岸司）\n（三）举办产销对接会。组织企业与商超签订购销协议。（责任单位：市场司）\n海岸部\n2022年1月5日\n")
LATER = ("海岸部2025年工作要点\n一、重点任务\n（一）扩大“智慧渔港”行动。新增智慧渔港建设对象45个，开展达标评价。（责任单位：渔港司）\n"
         "（二）加密海岸侵蚀监测网络。将侵蚀固定监测断面增加到150条，发布侵蚀状况报告。（责任单位：海岸司）\n（三）开发大模型。依托科研单位研发问答服务，建立内容审核制度。（责任单位：科技司）\n海岸部\n2025年1月5日\n")
ELSEWHERE = LATER.replace("海岸部", "水务部")
PORT, EROSION, MODEL = range(3)  # tasks of the later plan; the third continues nothing
LINKED, UNLIKE = (PORT, 0), (MODEL, 2)  # (later, earlier) by place: one name; nothing in common


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYGRAPH_STORE", raising=False)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "2022.txt").write_text(EARLIER, encoding="utf-8")
    (tmp_path / "plans" / "2025.txt").write_text(LATER, encoding="utf-8")
    return tmp_path / "plans"


def tasks(name: str) -> list:
    (record,) = extract(read_source(f"plans/{name}.txt"))
    return record.tasks


def row(pair: tuple[int, int], verdict: str, note: str = "", by: str = "", words: bool = True, **cells: str) -> Verdict:
    """A row as the tool writes it, on tasks given by their places."""
    x, y = tasks("2025")[pair[0]], tasks("2022")[pair[1]]
    known = {"later_words": first_words(x.text), "earlier_words": first_words(y.text), "later_plan": "海岸部2025年工作要点", "earlier_plan": "海岸部2022年工作要点"} if words else {}
    return Verdict("", 0, **{"later": x.id, "earlier": y.id, "verdict": verdict, "note": note, "by": by, "date": "2025-11-26"} | known | cells)


def write(*rows: Verdict, path: str = "plans/verdicts.csv") -> str:
    write_verdicts(path, rows)
    return path


def places(link: dict) -> tuple[int, int]:
    ids = [[task.id for task in tasks(name)] for name in ("2025", "2022")]
    return ids[0].index(link["later"]), ids[1].index(link["earlier"])


def linked(*arguments) -> tuple[dict[tuple[int, int], dict], str]:
    """`link plans --perhaps`: each line by the places of its tasks; and what was said."""
    result = run("link", "plans", "--perhaps", *arguments)
    assert result.exit_code == 0, result.output
    return {places(link): link for link in map(json.loads, result.stdout.splitlines())}, result.stderr


def stored(url: str) -> dict[tuple[int, int], dict]:
    """The links of a graph by the places of their tasks, with the kind of their edge."""
    with open_store(url) as store:
        return {(link["i"] - 1, link["j"] - 1): link for kind in ("CONTINUES", "RESEMBLES") for link in store.read(
            f"MATCH (a:Task)-[r:{kind}]->(b:Task) RETURN '{kind}' AS kind, a.position AS i, b.position AS j, r.score AS score, r.rules_score AS rules_score, "
            "r.method AS method, r.note AS note, r.by AS by, r.date AS date, r.evidence_later AS words ORDER BY i, j")}


def ingest(url: str, *arguments) -> str:
    result = run("ingest", "plans", "--store", url, *arguments)
    assert result.exit_code == 0, result.output
    return result.stderr
