"""Linking of generated plans: what 1,000, 10,000 and 100,000 tasks cost, what of the known continuity is found, and what is lost.

    make bench
    python tests/benchmarks/linking.py 1000 10000

Each line is a process of its own, so that its peak memory is its own; the plans are made before the clock starts. Beside
the time, the processor's seconds: on a machine that does other things too they are what can be compared. The plans and what
is known of them: tests/generated_series.py, with what they cannot show.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from generated_series import Apart, Corpus, generate

from graph.links import link_anew
from graph.load import iter_batches, load
from graph.records import DocumentRecord
from graph.store import open_store
from graph.stored import facts_of
from ingest.continuity.links import Linker, iter_link_records, link_records
from ingest.graph_rows import bundle_of

SIZES = (1_000, 10_000, 100_000)
COMPARED = 5_000  # tasks on which every pair of tasks is looked at too
YEARS, TASKS = 10, 50  # of a series, of a plan
SAMPLED = 300  # pairs of plans whose candidates are counted


def corpus_of(tasks: int) -> Corpus:
    return generate(tasks // (YEARS * TASKS), YEARS, TASKS)


def measure(tasks: int) -> dict[str, float]:
    """Link all plans."""
    corpus = corpus_of(tasks)
    before, begin, processor = peak(), time.perf_counter(), processor_seconds()
    known, standings, counts = {(later, earlier) for later, earlier, _ in corpus.links}, {}, Counter()
    for link in iter_link_records(corpus.records, Linker(processes=os.cpu_count() or 1)):
        counts[link.standing] += 1
        if (link.later, link.earlier) in known:
            standings[link.later, link.earlier] = link.standing
    seconds, processor = time.perf_counter() - begin, processor_seconds() - processor
    pairs = Linker().plan_pairs([facts_of(record) for record in corpus.records])
    return {"plans": len(corpus.records), "tasks": sum(len(record.tasks) for record in corpus.records), "pairs": len(pairs), "seconds": seconds, "processor": processor, "before": before, "peak": peak(),
            "links": counts["link"], "perhaps": counts["perhaps"],
            "candidates": candidates(corpus.records, len(pairs)), **recall(corpus, standings)}


def candidates(records: list[DocumentRecord], pairs: int) -> float:
    """How many pairs of tasks were scored, from a sample of the pairs of plans."""
    linker = Linker()
    known = {facts_of(record).id: record for record in records}
    listed = linker.plan_pairs([facts_of(record) for record in records])[::max(1, pairs // SAMPLED)]
    return sum(len(places) for later, earlier, _ in listed for _, places in linker.shortlists(known[later.id], known[earlier.id], sys.maxsize)) / len(listed) * pairs


def recall(corpus: Corpus, shown: dict[tuple[str, str], str]) -> dict[str, float]:
    """Shares of the known links that are links: of plans of one body a year apart, of one body, of all; `or perhaps`: that a reader is shown."""
    year = {task.id: record.years[0] for record in corpus.records for task in record.tasks}
    told: dict[str, list[tuple[str, str]]] = {"next": [], "body": [], "all": []}
    for later, earlier, relation in corpus.links:
        told["all"].append((later, earlier))
        if relation == "continues":
            told["body"].append((later, earlier))
            if year[later] == year[earlier] + 1:
                told["next"].append((later, earlier))
    shares = {}
    for name, known in told.items():
        shares[f"recall, {name}"] = sum(shown.get(pair) == "link" for pair in known) / max(1, len(known))
        shares[f"recall, {name} or perhaps"] = sum(pair in shown for pair in known) / max(1, len(known))
    return shares


def measure_loss(tasks: int) -> dict[str, float]:
    """Which of the links that looking at every pair of tasks gives the usual way gives."""
    records = corpus_of(tasks).records
    seconds, found = [], []
    for linker in (Linker(), Linker(exhaustive=True)):
        begin = processor_seconds()
        found.append({(link.later, link.earlier) for link in link_records(records, linker) if link.standing == "link"})
        seconds.append(processor_seconds() - begin)
    return {"seconds": seconds[0], "exhaustive": seconds[1], "links": len(found[1]), "share": len(found[0] & found[1]) / len(found[1]), "others": len(found[0] - found[1])}


def fill(path: str, records: list[DocumentRecord]) -> None:
    """An embedded graph of plans without links."""
    with open_store(path, "create") as store:
        for batch in iter_batches(([bundle_of(record)] for record in records), store.tasks_at_once):
            load(store, batch, Apart())


def measure_graph(tasks: int) -> dict[str, float]:
    """All plans but one into an embedded graph, linked there anew; then the last plan of a province, which is compared with all plans below it, added to that."""
    records = corpus_of(tasks).records
    last = max((record for record in records if record.level == "provincial"), key=lambda record: record.years)
    others = [record for record in records if record is not last]
    plans = [facts_of(record) for record in others]
    found: dict[str, float] = {"tasks": sum(len(record.tasks) for record in others), "plans": len(plans), "pairs": len(Linker().plan_pairs(plans)),
                               "added pairs": len(Linker().plan_pairs([*plans, facts_of(last)], {facts_of(last).id}))}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "graph.lbug"))
        with timed(found, "load"):
            fill(path, others)
        records.clear()
        others.clear()
        with open_store(path, "write") as store:
            with Memory() as memory, timed(found, "link"):
                found["links"] = link_anew(store, Linker(processes=os.cpu_count() or 1))
            found["peak"] = memory.peak
            found["perhaps"] = store.read("MATCH (:Task)-[r:RESEMBLES]->(:Task) RETURN count(r) AS n")[0]["n"]
        with open_store(path, "write") as store:
            with timed(found, "add"):
                load(store, [bundle_of(last)], Linker())
        found["file"] = Path(path).stat().st_size / 1024 ** 3
    return found


@contextmanager
def timed(found: dict[str, float], name: str) -> Iterator[None]:
    """Seconds of the clock and of the processor, of the processes that ended within too."""
    begin, processor = time.perf_counter(), processor_seconds()
    yield
    found[name], found[f"{name} processor"] = time.perf_counter() - begin, processor_seconds() - processor


class Memory:
    """The greatest memory of this process and those that it started, together, or of these alone (not `own`), in GB, asked every
    so many seconds, since asking takes the processor too. A page that several of them share counts once."""

    peak = 0.0

    def __init__(self, seconds: float = 2, own: bool = True) -> None:
        self._seconds, self._own = seconds, own

    def __enter__(self) -> Memory:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._seconds):
            pages = 0
            for process in self._tree(os.getpid())[0 if self._own else 1:]:
                with suppress(OSError, IndexError):  # it has ended
                    pages += int(Path(f"/proc/{process}/smaps_rollup").read_text().split("\nPss:")[1].split()[0])
            self.peak = max(self.peak, pages / 1024 ** 2)

    def _tree(self, process: int) -> list[int]:
        found = [process]
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            with suppress(OSError):
                for child in children.read_text().split():
                    found += self._tree(int(child))
        return found


def peak() -> float:
    """The greatest memory so far in GB: of this process and, where it started others, of each of them as if all were as great as the greatest."""
    own, other = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + (os.cpu_count() or 1) * other) / 1024 ** 2


def processor_seconds() -> float:
    return sum(use.ru_utime + use.ru_stime for use in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))


MEASURES = {"link": measure, "loss": measure_loss, "graph": measure_graph}


def in_a_process(what: str, tasks: int) -> dict[str, float]:
    run = subprocess.run([sys.executable, __file__, "--measure", what, str(tasks)], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return json.loads(run.stdout.splitlines()[-1])


def linked(row: dict[str, float]) -> str:
    found = ", ".join(f"{row[f'recall, {name}']:.3f} ({row[f'recall, {name} or perhaps']:.3f} with perhaps) {of}"
                      for name, of in (("next", "of a body's from year to year"), ("body", "of all of a body's"), ("all", "of all")))
    return (f"{row['tasks']:,} tasks, {row['plans']:,} plans, {row['pairs']:,} pairs of plans: {row['seconds']:.1f} s, of the processor {row['processor']:.1f} s "
            f"({row['processor'] / row['pairs'] * 1000:.1f} ms a pair), {row['peak']:.2f} GB at most, {row['before']:.2f} GB before linking; "
            f"{row['candidates']:,.0f} candidates, {row['links']:,} links, {row['perhaps']:,} perhaps; known links found: {found}")


def in_graph(row: dict[str, float]) -> str:
    return (f"embedded graph, {row['tasks']:,} tasks, {row['plans']:,} plans: loaded in {row['load']:.1f} s, {row['pairs']:,} pairs of plans linked anew in {row['link']:.1f} s "
            f"(the processor {row['link processor']:.1f} s; goal for 100,000 tasks: 600) with {row['peak']:.2f} GB at most (goal: 4); {row['links']:,} links, {row['perhaps']:,} perhaps, "
            f"a file of {row['file']:.2f} GB; one plan more, {row['added pairs']:,} pairs: {row['add']:.2f} s (the processor {row['add processor']:.2f} s; goal: 10)")


def main(sizes: list[int]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {YEARS} years a body, about {TASKS} tasks a plan")
    rows = []
    for size in sizes:
        rows.append(in_a_process("link", size))
        print(linked(rows[-1]), flush=True)
    for small, large in zip(rows, rows[1:], strict=False):
        tasks, pairs, seconds, processor = (large[name] / small[name] for name in ("tasks", "pairs", "seconds", "processor"))
        print(f"{tasks:.1f} times the tasks, {pairs:.1f} times the pairs of plans: {seconds:.1f} times the time, {processor:.1f} times the processor's (goal: 15)", flush=True)
    compared = min(COMPARED, max(sizes))
    row = in_a_process("loss", compared)
    print(f"{compared:,} tasks, every pair of tasks scored: the processor {row['exhaustive']:.1f} s against {row['seconds']:.1f} s; "
          f"the usual way finds {row['share']:.4f} of {row['links']:,} links (goal: 0.99) and {row['others']} others", flush=True)
    graphs = [in_a_process("graph", size) for size in sizes]
    for row in graphs:
        print(in_graph(row), flush=True)
    for small, large in zip(graphs, graphs[1:], strict=False):
        print(f"in the graph {large['tasks'] / small['tasks']:.1f} times the tasks, {large['pairs'] / small['pairs']:.1f} times the pairs of plans: "
              f"{large['link'] / small['link']:.1f} times the time, {large['link processor'] / small['link processor']:.1f} times the processor's (goal: 15)", flush=True)



if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(MEASURES[sys.argv[2]](int(sys.argv[3]))))
    else:
        main([int(size.replace(",", "").replace("_", "")) for size in sys.argv[1:]] or list(SIZES))
