"""Extraction in a warm process against a blank spaCy `zh` pass over the same text, in turn, in one run.

    make bench

Processor seconds of this process, the least of several rounds in turn. A blank pass copies the rest of the text for each
token, so over long texts it is measured on pieces of 20,000 characters and added up, which favours it.
"""

from __future__ import annotations

import gc
import os
import platform
import time
from pathlib import Path

import spacy

from ingest.pipeline import extract
from ingest.readers import Source

ROOT = Path(__file__).parent.parent.parent
PIECE, HOSTILE = 20_000, 1_000_000
HEAD = "某市2025年工作要点\n一、重点任务\n（一）推进工作。"


def plan_of(characters: int) -> str:
    """A plan with tasks, clauses and targets, about so long; the same for the same length."""
    parts, chapter, length = ["某市2025年教育信息化工作要点\n"], 0, 0
    while length < characters:
        parts.append(f"{'一二三四五六七八九十'[chapter % 10]}、第{chapter}方面重点任务\n" + "".join(
            f"{n}.推进第{chapter * 10 + n}号平台建设。建设数字教育资源平台{chapter % 50 + 2}个，培训教师{n * 100 + 200}人以上，落实《教育数字化规划》，完善机制，加强统筹，"
            f"推进第{n}类应用，提升服务水平，优化资源供给结构，推动优质资源共享。（责任单位：市教委、市财政局，各区政府）\n" for n in range(1, 11)))
        length += len(parts[-1])
        chapter += 1
    return "".join(parts)


HOSTILE_TEXTS = {
    "unclosed brackets": HEAD + "（责任单位：" * (HOSTILE // 6), "100,000 nested brackets": HEAD + "（" * 100_000 + "市教委" + "）" * 100_000,
    "one line of 、": HEAD + "、" * HOSTILE, "digits only": "1" * HOSTILE, "Chinese digits": HEAD + "一" * HOSTILE, "units without end": HEAD + "（责任单位：" + "市教委、" * (HOSTILE // 4) + "）",
    "numbers in one sentence": HEAD + "100个、" * (HOSTILE // 5), "aliases": HEAD + "《规划》（以下简称《规划》）" * (HOSTILE // 14), "opening quotes": HEAD + "“" * HOSTILE,
    "table rows": HEAD + "\n| 任务 | 责任单位 |\n|---|---|\n" + "| 推进改革 | 市教委 |\n" * (HOSTILE // 14), "parts without words": "第一篇：\n" * (HOSTILE // 5)}


def blank_seconds(nlp, texts: list[str]) -> float:
    begin = time.process_time()
    for text in texts:
        for at in range(0, len(text), PIECE):
            nlp(text[at:at + PIECE])
    return time.process_time() - begin


def our_seconds(texts: list[str]) -> float:
    begin = time.process_time()
    for text in texts:
        extract(Source("bench.txt", "0", text))
    return time.process_time() - begin


def compare(nlp, name: str, texts: list[str], rounds: int, goal: str) -> float:
    times = [(our_seconds(texts), blank_seconds(nlp, texts)) for _ in range(rounds)]
    ours, blank = min(a for a, _ in times), min(b for _, b in times)
    print(f"{name} ({sum(map(len, texts)):,} characters): {ours:.3f} s against {blank:.3f} s, ratio {ours / blank:.2f} (goal: {goal})", flush=True)
    return ours / sum(map(len, texts))


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, spaCy {spacy.__version__}; processor seconds, least of several rounds in turn")
    gc.set_threshold(50_000)  # as in the command line's own process, for both sides
    nlp = spacy.blank("zh")
    our_seconds([plan_of(5_000)])
    blank_seconds(nlp, [plan_of(5_000)])
    shared = Path(os.environ.get("POLICYGRAPH_SHARED") or ROOT.parent / "shared") / "data" / "raw"
    if shared.is_dir():
        compare(nlp, "extract the real documents / blank zh", [path.read_text(encoding="utf-8-sig") for path in sorted(shared.glob("*"))], 7, "3")
    for name, folder in (("samples", ROOT / "ingest" / "samples"), ("written plans", ROOT / "tests" / "data" / "plans" / "raw")):
        compare(nlp, f"extract the {name} / blank zh", [path.read_text(encoding="utf-8-sig") for path in sorted(folder.glob("*.txt"))], 5, "3")
    short = compare(nlp, "extract a plan of 20 KB / blank zh", [plan_of(PIECE // 3)] * 10, 5, "3")
    long = compare(nlp, "extract a plan of 2 MB / blank zh", [plan_of(2_000_000 // 3)], 2, "3")
    print(f"a character of the long plan takes {long / short:.2f} times one of the short plan (goal: 1.2)")
    for name, text in HOSTILE_TEXTS.items():
        compare(nlp, f"hostile: {name} / blank zh", [text], 1, "20")


if __name__ == "__main__":
    main()
