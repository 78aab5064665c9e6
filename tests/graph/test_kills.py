"""`ingest` killed at random moments: a closed notebook or a server that runs out of memory must not cost the graph.

A hundred kills an engine: `make soak`.
"""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest
from kills import check_whole, corpus, documents_of, kill_once, moments, put_start, run_ingest, time_ingest, undisturbed  # noqa: F401 (fixtures, too)

from graph.store import open_store

pytestmark = pytest.mark.slow
KILLS = {"embedded": 4, "neo4j": 2}  # make soak: 100 on each


@pytest.fixture(scope="module", params=["from nothing", "onto an older state"])
def run(request, corpus, tmp_path_factory):
    found = undisturbed(corpus, tmp_path_factory.mktemp("undisturbed") / "run", request.param == "from nothing")
    assert len(set(found.states)) > 4, "a run of a few transactions tells little"
    return found


@pytest.mark.soak
def test_a_killed_run_leaves_whole_documents_and_the_next_one_ends_the_same(empty_url, corpus, run):
    """Half a plan would be counted, or a graph would not open, or the next run would double what it finds."""
    seconds = time_ingest(empty_url, corpus, run)
    kills = KILLS["neo4j" if "://" in empty_url else "embedded"]
    reached = [kill_once(empty_url, corpus, run, moment) for moment in moments(len(run.states), kills, seconds)]
    assert len(set(reached)) > 1, f"all kills met one state: {reached}"


def test_half_a_document_is_noticed(corpus, run, tmp_path):
    """These tests would be worth nothing if they passed on a graph with half a plan."""
    url = str(tmp_path / "graph.lbug")
    put_start(url, corpus, run)
    run_ingest(url, corpus)
    with open_store(url, "write") as store:
        check_whole(documents_of(store), run.documents)
        store.transact(lambda transaction: transaction.run("MATCH (p:Plan)-[r:HAS_TASK]->(t:Task) WITH t ORDER BY t.id LIMIT 1 DETACH DELETE t"))
        with pytest.raises(AssertionError, match="half of"):
            check_whole(documents_of(store), run.documents)


_IN_PROCESSES = "from ingest.continuity import many; many.FEW, many.AT_ONCE = 0, 1; from api.cli import app; app()"


def test_the_workers_of_a_killed_run_end_with_it(corpus, tmp_path):
    """Each kill of a large ingest would leave processes behind that hold their memory until the machine is restarted."""
    process = psutil.Popen([sys.executable, "-c", _IN_PROCESSES, "ingest", *corpus.newer(), "--store", str(tmp_path / "graph.lbug")], stderr=subprocess.DEVNULL)
    workers: list[psutil.Process] = []
    while len(workers) < 2:
        assert process.poll() is None, "it ended before it had workers"
        workers = [child for child in process.children() if is_worker(child)]
    time.sleep(2)  # they are at work
    process.kill()
    process.wait()
    _, left = psutil.wait_procs(workers, timeout=20)
    assert left == [], "still there"


def is_worker(process: psutil.Process) -> bool:
    """Whether it does what its parent asks; one that has ended meanwhile does not."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:
        return False
