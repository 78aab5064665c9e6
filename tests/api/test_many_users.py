"""One embedded graph and many users: it is read while somebody ingests, and written by one at a time."""

from __future__ import annotations

import os
import subprocess
import sys

import batchwise
import httpx
import pytest
from commands import COMMAND
from kills import LOG, TASKS, check_left, corpus, put_start, run, run_ingest  # noqa: F401 (fixtures, too)
from live import running

from graph.errors import StoreLocked
from graph.store import open_store

pytestmark = pytest.mark.slow
_HOLDER = "import sys; from graph.store import open_store; store = open_store(sys.argv[1], 'write'); print('held', flush=True); sys.stdin.read()"
_PLANS = "MATCH (p:Plan) OPTIONAL MATCH (p)-[:HAS_TASK]->(t:Task) RETURN p.id AS id, count(t) AS tasks"


@pytest.fixture
def graph(corpus, run, tmp_path) -> str:
    url = str(tmp_path / "graph.lbug")
    put_start(url, corpus, run)
    return url


def plans_of(url: str) -> set[tuple[str, int]]:
    with open_store(url) as store:
        return {(row["id"], row["tasks"]) for row in store.read(_PLANS)}


def test_a_service_shows_the_state_before_and_then_the_state_after(graph, corpus, run):
    """A reader would meet an error, half a plan, or an old answer for ever, while a colleague ingests."""
    before = plans_of(graph)
    seen: list[tuple[str, frozenset[tuple[str, int]]]] = []
    with running(graph) as address, httpx.Client(base_url=address) as client:
        def ask() -> None:
            answer = client.get("/api/plans?limit=500").raise_for_status()
            seen.append((answer.headers["etag"], frozenset((row["id"], row["tasks"]) for row in answer.json()["rows"])))

        ask()
        writer = subprocess.Popen(batchwise.command(TASKS, LOG, "ingest", *corpus.newer(), "--store", graph), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while writer.poll() is None:
            ask()
        assert writer.returncode == 0, writer.communicate()
        writer.communicate()
        ask()
        after = plans_of(graph)
        assert (seen[0][1], seen[-1][1]) == (before, after) and before != after
        assert client.get("/api/plans?limit=500", headers={"If-None-Match": seen[-1][0]}).status_code == 304
        assert client.get("/api/plans?limit=500", headers={"If-None-Match": seen[0][0]}).status_code == 200
    states = list(dict.fromkeys(seen))
    assert all(listed <= before | after for _, listed in states), "half a plan was shown"
    assert len({tag for tag, _ in states}) == len(states), "one ETag for two states"
    assert len(states) > 2, "only the beginning and the end were seen: the service does not follow"


def test_a_killed_writer_does_not_leave_the_service_with_an_old_tag(graph, corpus, run):
    """A browser that holds the state before would be told that nothing has changed, where a service is started after a kill between
    the commit and the small file that tells of it."""
    said = open(graph + ".version").read()
    with running(graph) as address:
        before = httpx.get(f"{address}/api/plans").headers["etag"]
    run_ingest(graph, corpus)
    with open(graph + ".version", "w") as file:
        file.write(said)
    with running(graph) as address:
        assert httpx.get(f"{address}/api/plans", headers={"If-None-Match": before}).status_code == 200


def test_a_second_ingest_is_told_who_writes(graph, corpus, run):
    """Its work would be lost, or end in a trace back."""
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, graph], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        second = subprocess.run([*COMMAND, "ingest", *corpus.newer(), "--store", graph], capture_output=True, text=True)
        errors = [line for line in second.stderr.splitlines() if line.startswith("error: ")]
        assert second.returncode == 1 and len(errors) == 1 and graph in errors[0] and f"process {holder.pid} " in errors[0], second.stderr
    finally:
        holder.communicate()
    assert check_left(graph, run) == 0


def test_a_second_writer_in_one_process_is_told_so(graph):
    """The engine does not refuse it, and loses its commits."""
    with open_store(graph, "write"), pytest.raises(StoreLocked, match=f"another part of this process \\({os.getpid()}\\)"):
        open_store(graph, "create")
