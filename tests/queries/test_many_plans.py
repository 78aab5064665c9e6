"""Questions of two years where many bodies have a plan in each: pairs of plans are many, tasks more, and both together too many."""

from __future__ import annotations

import pytest
from generated_series import Apart, generate

import queries
from graph import ladybug_file
from graph.load import load
from graph.store import open_store
from ingest.graph_rows import bundle_of

pytestmark = pytest.mark.slow
BODIES, YEARS = 80, (2011, 2012)
POOL = 80 << 20  # bytes: what joins each pair with each task takes more than 128


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("many") / "graph.lbug")
    with open_store(path, "create") as store:
        load(store, [bundle_of(record) for record in generate(BODIES, len(YEARS), 20).records], Apart())
    return path


@pytest.mark.parametrize("name", ["new_between", "dropped_between", "workload_change"])
def test_what_it_takes_grows_with_the_tasks_not_with_the_pairs_of_plans(url, name, monkeypatch):
    monkeypatch.setattr(ladybug_file, "BUFFER", POOL)
    monkeypatch.setattr(ladybug_file, "size_of", lambda path: 0)
    first, last = YEARS
    with open_store(url) as store:
        tasks = {row["year"]: row["n"] for row in store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task) RETURN p.first_year AS year, count(t) AS n")}
        rows = queries.run(name, store, from_year=first, to_year=last)
        if name == "workload_change":
            standing = {row["year"]: row["n"] for row in store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[:RESPONSIBLE_FOR]-(d:Department) WITH DISTINCT p, t, d RETURN p.first_year AS year, count(*) AS n")}
            assert (sum(row["before"] for row in rows), sum(row["after"] for row in rows)) == (standing[first], standing[last])
        else:  # nothing is linked
            assert len(rows) == tasks[last if name == "new_between" else first]
