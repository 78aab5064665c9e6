"""Where a table of the embedded engine grows past a whole number of its node groups (131,072 nodes) within a transaction.

Until the COMMIT, ladybug 0.22 reads the edges of some of the new nodes only: of those that it scans together (2,048) and that
lie in two groups, those behind the border have none. What is committed is right.
"""

from __future__ import annotations

import shutil

import pytest
from conftest import SAMPLES
from whole_graph import dump

from api import jobs
from graph.store import open_store

pytestmark = pytest.mark.slow
GROUP, KINDS = 131_072, ("Task", "Indicator", "Department")


def fill(url: str, kind: str, nodes: int) -> None:
    """Nodes that nothing leads to, so that the next ones begin at a given place."""
    with open_store(url, "write") as store:
        there = store.read(f"MATCH (n:{kind}) RETURN count(n) AS n")[0]["n"]
        for start in range(there, nodes, 20_000):
            store.transact(lambda transaction, start=start: transaction.run(
                f"UNWIND range($first, $last) AS i CREATE (:{kind} {{id: 'x-' + CAST(i AS STRING)}})", first=start, last=min(start + 20_000, nodes) - 1))


def of_samples(url: str) -> list[str]:
    with open_store(url, "write") as store:
        for kind in KINDS:
            store.transact(lambda transaction, kind=kind: transaction.run(f"MATCH (n:{kind}) WHERE n.id STARTS WITH 'x-' DELETE n"))
        return dump(store)


def ingest(url: str, folder) -> None:
    failures = jobs.Failures()
    jobs.ingest_files(sorted(map(str, folder.glob("*.txt"))), url, False, failures, lambda path: None)
    assert failures.errors == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return shutil.copytree(SAMPLES, tmp_path_factory.mktemp("samples") / "plans")


@pytest.fixture(scope="module")
def plain(tmp_path_factory, folder) -> list[str]:
    """The samples in a graph of their own."""
    url = str(tmp_path_factory.mktemp("plain") / "graph.lbug")
    ingest(url, folder)
    return of_samples(url)


def test_the_graph_is_the_same_wherever_its_nodes_lie(tmp_path, folder, plain):
    """An ingest would end in an error at the 131,072nd indicator, or the graph lack counterparts behind the 131,072nd task."""
    url = str(tmp_path / "graph.lbug")
    open_store(url, "create").close()
    for kind in KINDS:
        fill(url, kind, GROUP - 2)
    ingest(url, folder)
    assert of_samples(url) == plain
    with open_store(url) as store:
        assert not store.is_relinking()
