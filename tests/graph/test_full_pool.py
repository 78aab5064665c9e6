"""A writing handle whose memory is used up: the engine's COMMIT fails although it has committed."""

from __future__ import annotations

import pytest

from graph import embedded_writing, ladybug_file, model
from graph.store import open_store

pytestmark = pytest.mark.slow
ROWS = 4_000


def add(store, n: int) -> None:
    made = [model.Programme(f"r-{n}-{i}", "名称" * 20) for i in range(ROWS)]

    def work(transaction):
        transaction.run("MATCH (m:Meta) SET m.relinking = false")
        transaction.create_nodes(model.Programme, made)

    store.transact(work)


def test_a_commit_of_which_only_the_checkpoint_failed_counts_as_made(tmp_path, monkeypatch):
    """A large ingest would end in an error, and tell of a transaction that was undone which is in the graph."""
    url, renewed = str(tmp_path / "graph.lbug"), []
    monkeypatch.setattr(ladybug_file, "BUFFER", 24 << 20)
    monkeypatch.setattr(embedded_writing, "RENEWED", 10**9)  # only a failed checkpoint opens a new handle
    renew = embedded_writing.EmbeddedWriter._renew

    def with_room(store):
        """As in a pool of the usual size: what the failed checkpoint leaves fits into an empty one."""
        renewed.append(store)
        ladybug_file.BUFFER = 1 << 28
        renew(store)

    monkeypatch.setattr(embedded_writing.EmbeddedWriter, "_renew", with_room)
    with open_store(url, "create") as store:
        n = 0
        while not renewed and n < 40:
            add(store, n)
            n += 1
        assert renewed, "no checkpoint failed: a smaller pool is needed to try this"
        add(store, n)
        assert store.meta()["version"] == n + 1
    with open_store(url) as store:
        assert store.read("MATCH (r:Programme) RETURN count(DISTINCT r.id) AS ids, count(r) AS n") == [{"ids": (n + 1) * ROWS, "n": (n + 1) * ROWS}]
        assert store.version_tag().endswith(f"-{n + 1}") and store.warnings() == []
