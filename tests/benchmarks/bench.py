"""Each line: two commands as whole processes, timed in turn in one run; the ratio of their minima.

    make bench
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 7
PYTHON, POLICYGRAPH = sys.executable, str(Path(sys.executable).with_name("policygraph"))


def seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - begin


def compare(name: str, ours: list[str], other: list[str], goal: str, prepare=lambda: None) -> None:
    """Time both in turn, so that what else the machine does falls on both; print minima, ratio and goal."""
    times: dict[str, list[float]] = {"ours": [], "other": []}
    for _ in range(ROUNDS):
        prepare()
        times["ours"].append(seconds(ours))
        times["other"].append(seconds(other))
    a, b = min(times["ours"]), min(times["other"])
    print(f"{name}: {a:.2f} s against {b:.2f} s, ratio {a / b:.2f}, {a - 1.5 * b:+.2f} s over 1.5 times (goal: {goal})", flush=True)


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; minima of {ROUNDS} runs in turn")
    shared = Path(os.environ.get("POLICYGRAPH_SHARED") or ROOT.parent / "shared") / "data" / "raw" / "00_education-compilation.txt"
    source = shared if shared.exists() else ROOT / "ingest" / "samples" / "ministry-2025.txt"
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder, "graph.lbug")

        def fresh() -> None:
            for file in Path(folder).iterdir():
                file.unlink()

        characters = len(source.read_text(encoding="utf-8-sig"))
        compare(f"ingest {source.name} ({characters:,} characters) / spacy.blank('zh')", [POLICYGRAPH, "ingest", str(source), "--store", str(graph)],
                [PYTHON, "-c", "import spacy; spacy.blank('zh')"], "1.5 times plus 0.5 s", fresh)
        compare("policygraph --help / import typer, rich", [POLICYGRAPH, "--help"], [PYTHON, "-c", "import typer, rich"], "2.5 times")


if __name__ == "__main__":
    main()
