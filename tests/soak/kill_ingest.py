"""`ingest` killed with SIGKILL at random moments, as often as asked, on both engines.

    python tests/soak/kill_ingest.py            # a hundred kills an engine
    python tests/soak/kill_ingest.py 20 7       # twenty, seed 7

Half of the kills meet a run that makes a graph, half one that replaces and adds to a graph. Each is followed by a whole run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]

import neo4j_server
from kills import Corpus, kill_once, make_corpus, moments, time_ingest, undisturbed


def kill_often(engine: str, url: str, corpus: Corpus, folder: Path, kills: int, seed: int) -> int:
    """Kill and check; returns how often a check failed."""
    failed = 0
    for from_nothing in (True, False):
        run = undisturbed(corpus, folder / f"{engine}-{from_nothing}", from_nothing)
        seconds = time_ingest(url, corpus, run)
        reached: Counter[int | None] = Counter()
        for n, moment in enumerate(moments(seed, kills // 2, seconds), 1):
            try:
                reached[kill_once(url, corpus, run, moment)] += 1
            except AssertionError as error:
                failed += 1
                print(f"{engine}: kill {n} of seed {seed}, {moment:.3f} s after the beginning: {error}", flush=True)
        where = ", ".join(f"{'no graph yet' if at is None else at}: {times}" for at, times in sorted(reached.items(), key=lambda item: -1 if item[0] is None else item[0]))
        print(f"{engine}, {'from nothing' if from_nothing else 'onto an older state'}: {kills // 2} kills within {seconds:.1f} s (seed {seed}); "
              f"after so many of {len(run.states) - 1} transactions: {where}", flush=True)
    return failed


def main(kills: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        corpus = make_corpus(folder / "plans")
        failed = kill_often("embedded", str(folder / "graph.lbug"), corpus, folder, kills, seed)
        try:
            server = neo4j_server.start()
        except neo4j_server.Unavailable as reason:
            print(f"NOT TESTED: {reason}")
        else:
            os.environ["POLICYGRAPH_NEO4J_PASSWORD"] = neo4j_server.PASSWORD
            try:
                failed += kill_often("neo4j", server.bolt, corpus, folder, kills, seed)
            finally:
                server.stop()
    print(f"{failed} kills left a graph that is not whole, or that the next run did not put right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())))
