"""The way over a cluster: what a second worker is worth, and what each step takes a task, for sizing a corpus of millions.

    python tests/benchmarks/cluster.py
    python tests/benchmarks/cluster.py 2500

Real schedulers, workers and neo4j-admin on made-up plans of 20 tasks (tests/generated_files.py), five years a body. One worker and
two are timed in turn in one run, each in a cluster of its own. Beside the clock stand the processor's seconds of the workers, which
are what a rate a core rests on while others use the machine.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import neo4j_server
from dask_cluster import DaskCluster, dask_cluster
from files import run, write

FILES, TASKS, YEARS, ROUNDS = 2_500, 20, 5, 2
_EMPTY = 20 << 20  # bytes of a store that holds next to nothing


class Timed:
    """Seconds of the clock and of the workers' processors that a step takes, and the greatest memory of a worker in MB."""

    def __init__(self, cluster: DaskCluster, step: Callable[[], object]) -> None:
        workers = [psutil.Process(worker.pid) for worker in cluster.workers]
        before, begin = sum(map(_processor, workers)), time.perf_counter()
        step()
        self.clock, self.processor = time.perf_counter() - begin, sum(map(_processor, workers)) - before
        self.memory = max(_peak(worker.pid) for worker in workers)


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _peak(pid: int) -> float:
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def _size(*paths: Path) -> int:
    return sum(file.stat().st_size for path in paths for file in path.rglob("*") if file.is_file())


def _told(folder: Path, name: str) -> dict[str, int]:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def main(files: int) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {files:,} plans of about {TASKS} tasks, {YEARS} years a body; load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        write(top / "plans", files, TASKS, YEARS)
        plans, records, links, imported = (top / part for part in ("plans", "records", "links", "import"))
        rounds: list[tuple[Timed, Timed]] = []
        for n in range(ROUNDS):
            both = []
            for workers in (1, 2):
                with dask_cluster(workers) as cluster:
                    both.append(Timed(cluster, lambda: run("extract", "--cluster", cluster.address, plans, "-o", records if workers == 2 and not n else top / f"records-{n}-{workers}")))
            rounds.append((both[0], both[1]))
        one, two = (min(timed, key=lambda timed: timed.clock) for timed in zip(*rounds, strict=True))
        used = min(timed.processor for timed, _ in rounds)
        tasks = _told(records, "records.json")["tasks"]
        print(f"extract: one worker {one.clock:.1f} s (of the processor {one.processor:.1f} s), two {two.clock:.1f} s ({two.processor:.1f} s): {one.clock / two.clock:.2f} times the rate; "
              f"by round {', '.join(f'{a.clock / b.clock:.2f}' for a, b in rounds)}; {files / used:.0f} files and {tasks / used:,.0f} tasks a second of a core; a worker {one.memory:.0f} MB at most", flush=True)
        with dask_cluster(2) as cluster:
            linked = Timed(cluster, lambda: run("link", "--cluster", cluster.address, "--from-records", records, "-o", links))
        told = _told(links, "links.json")
        print(f"link: {told['pairs']:,} pairs of plans, {told['links'] + told['perhaps']:,} links, {linked.clock:.1f} s with two workers (of their processors {linked.processor:.1f} s), "
              f"{told['pairs'] / linked.processor:.0f} pairs a second of a core; a worker {linked.memory:.0f} MB at most", flush=True)
        clock, processor, memory = run("export", "--from-records", records, "--links", links, "--format", "neo4j-admin", "-o", imported)
        print(f"export: {clock:.1f} s (of the processor {processor:.1f} s), {tasks / processor:,.0f} tasks a second; {memory:.2f} GB at most", flush=True)
        store, nodes, edges = _import(imported, top / "home")
        run("export", "--from-records", records, "--format", "neo4j-admin", "-o", top / "bare")
        bare, _, others = _import(top / "bare", top / "bare-home")
        n = told["links"] + told["perhaps"]
        print(f"{tasks:,} tasks, {n:,} links; bytes a task without links: texts {_size(plans) / tasks:,.0f}, records {_size(records) / tasks:,.0f}, import files {_size(top / 'bare') / tasks:,.0f}, "
              f"Neo4j's store {(bare - _EMPTY) / tasks:,.0f}; bytes a link: {_size(links) / n:,.0f}, import files {(_size(imported) - _size(top / 'bare')) / n:,.0f}, Neo4j's store {(store - bare) / n:,.0f}; "
              f"{nodes / tasks:.1f} nodes and {others / tasks:.1f} edges a task without links", flush=True)


def _import(files: Path, home: Path) -> tuple[int, int, int]:
    """Import a folder of files as its README.txt says; returns the bytes of the store, its nodes and edges."""
    command = next(line for line in (files / "README.txt").read_text(encoding="utf-8").splitlines() if line.startswith("  neo4j-admin "))
    begin = time.perf_counter()
    done = neo4j_server.neo4j_admin(home, files, *shlex.split(command)[1:])
    clock = time.perf_counter() - begin
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads((files / "policygraph-export.json").read_text(encoding="utf-8"))
    nodes, edges = (sum(counts[kind].values()) for kind in ("nodes", "edges"))
    print(f"neo4j-admin: {nodes:,} nodes and {edges:,} edges in {clock:.1f} s, starting it included: {(nodes + edges) / clock:,.0f} a second", flush=True)
    return _size(home / "data" / "databases"), nodes, edges


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else FILES)
