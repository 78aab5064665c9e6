"""Two small plans, and asking a stub about them: what the tests of the judge share."""

from __future__ import annotations

from pathlib import Path

import pytest
from stub_judge import Asked, StubJudge, answers

from ingest.continuity.links import Linker, link_records
from ingest.continuity.judge import Judge, ask, iter_questions, prepare
from ingest.pipeline import extract
from ingest.readers import Source

WORK = ("智慧渔港", "海岸侵蚀监测", "养殖尾水", "渔船救生设备", "红树林补种", "港口岸电", "海洋牧场", "渔民转产培训")
EARLIER = "海岸部2022年工作要点\n一、重点任务\n" + "".join(f"（{n}）推进{what}。完成{what}任务{n}项，\u3000编制{what}报告。（责任单位：渔港司）\n" for n, what in zip("一二三四五六七八", WORK, strict=True)) + "海岸部\n2022年1月5日\n"
# Each later task carries one on and names three others in passing: near misses among its candidates.
LATER = "海岸部2025年工作要点\n一、重点任务\n" + "".join(f"{n}．深化{what}工作。扩大{what}范围，与{WORK[n % 8]}、{WORK[(n + 2) % 8]}、{WORK[(n + 4) % 8]}统筹安排。（责任单位：渔港司）\n" for n, what in enumerate(WORK, 1)) + "海岸部\n2025年1月5日\n"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("POLICYGRAPH_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def records():
    return [record for name, text in (("a.txt", EARLIER), ("b.txt", LATER)) for record in extract(Source(name, name, text))]


def judge_at(stub: StubJudge, **options) -> Judge:
    return Judge(stub.url, "a-model", **{"pause": 0.01, "timeout": 5.0} | options)


def judged(records, judge: Judge, **options):
    """The links by later and earlier task, and what came of the asking."""
    linker = Linker(**options)
    outcome = ask(judge, prepare(judge, iter_questions(records, linker, judge.candidates)))
    linker.judged = outcome.judged
    return by_pair(link_records(records, linker)), outcome


def by_pair(links):
    return {(link.later, link.earlier): link for link in links}


def never(later: str, earlier: str) -> bool:
    return False


def same_work(later: str, earlier: str) -> bool:
    return any(later.startswith(f"扩大{what}") and earlier.startswith(f"完成{what}") for what in WORK)


def fine(asked: Asked) -> dict:
    return answers(asked, same_work)


def rows_of(asked: Asked) -> list[dict]:
    return fine(asked)["answers"]


def text_of(records, task_id: str) -> str:
    return next(task.text for record in records for task in record.tasks if task.id == task_id)
