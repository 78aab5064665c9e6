"""Many files: what a second core is worth, whether memory grows with their number, what a second run over them costs.

    make bench
    python tests/benchmarks/files.py 4000

Whole processes of the command line over made-up plans (tests/generated_files.py), timed in turn in one run; the least of
several rounds, since what else the machine does takes cores away. Beside the clock stand the processor's seconds: what two
processes use more than one says how near to twice the rate two free cores come. The second run's files are small and of one year, so that
little is linked: the first run over them is as short as it can be.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from linking import Memory

FILES, ROUNDS = 4_000, 3
COMMAND = [sys.executable, "-c", "from api.cli import app; app()"]
WRITE = "import sys; from pathlib import Path; from generated_files import write_plan_files; write_plan_files(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))"


def write(folder: Path, files: int, tasks: int, years: int) -> None:
    """In a process of its own, whose memory ends with it."""
    subprocess.run([sys.executable, "-c", WRITE, str(folder), str(files), str(tasks), str(years)], check=True, env=environment())


def run(*arguments: object) -> tuple[float, float, float]:
    """Seconds of the clock, of the processor, and the greatest memory in GB of a command and its processes together."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with Memory(0.5, own=False) as memory:
        subprocess.run([*COMMAND, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
        seconds = time.perf_counter() - begin
    with suppress(ChildProcessError):
        while True:
            os.wait()  # for what it leaves behind, see adopt()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory.peak


def adopt() -> None:
    """Be the parent of what a command leaves behind: the process that its readers are copies of ends after it, and what it used counts."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


def main(files: int) -> None:
    adopt()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; whole processes, least of {ROUNDS} rounds in turn; load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "many", files, 20, 10)
        write(folder / "few", files // 10, 20, 10)
        size = sum(path.stat().st_size for path in (folder / "many").iterdir())
        rounds = [(run("extract", folder / "many", "--jobs", 1), run("extract", folder / "many", "--jobs", 2)) for _ in range(ROUNDS)]
        one, two = (min(seconds for seconds, _, _ in timed) for timed in zip(*rounds, strict=True))
        used = [min(processor for _, processor, _ in timed) for timed in zip(*rounds, strict=True)]
        print(f"extract {files:,} files ({size / 1e6:.0f} MB): one process {one:.1f} s (of the processor {used[0]:.1f} s), two {two:.1f} s ({used[1]:.1f} s): "
              f"{one / two:.2f} times the rate (goal: 1.8); by round {', '.join(f'{a / b:.2f}' for (a, _, _), (b, _, _) in rounds)}", flush=True)
        few = run("extract", folder / "few", "--jobs", 2)[2]
        many = max(memory for _, (_, _, memory) in rounds)
        print(f"memory of two processes and the one that asks them, together: {files // 10:,} files {few:.3f} GB, {files:,} files {many:.3f} GB, {many / few:.2f} times (goal: 1.1)", flush=True)
        write(folder / "small", files, 5, 1)
        ingest = ("ingest", folder / "small", "--store", folder / "graph.lbug")
        first = run(*ingest)
        again = min(run(*ingest) for _ in range(ROUNDS))
        print(f"ingest {files:,} small files: {first[0]:.1f} s (of the processor {first[1]:.1f} s), again, all unchanged: {again[0]:.2f} s ({again[1]:.2f} s), "
              f"{again[0] / first[0]:.2%} (goal: 2 % for 100,000)", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else FILES)
