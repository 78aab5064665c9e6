"""A buffer pool that is too small for the graph: a larger one is taken, nothing is lost and nothing comes twice."""

from __future__ import annotations

import shutil

import pytest

from graph import embedded_writing, ladybug_file, model
from graph.embedded_writing import EmbeddedWriter
from graph.errors import DiskFull, WriteFailed
from graph.store import open_store

pytestmark = pytest.mark.slow
ROWS = 4_000
SMALL = 24 << 20


@pytest.fixture
def url(tmp_path, monkeypatch):
    monkeypatch.setattr(ladybug_file, "BUFFER", SMALL)
    return str(tmp_path / "graph.lbug")


def add(store, n: int, rows: int = ROWS) -> list[int]:
    """Returns when the work was done: once, and once more for each time that the pool was full."""
    made, done = [model.Programme(f"r-{n}-{i}", "名称" * 20) for i in range(rows)], []

    def work(transaction):
        done.append(n)
        transaction.write({model.Programme: made}, {})

    store.transact(work)
    return done


def programmes(url: str) -> tuple[int, int, str, list[str]]:
    with open_store(url) as store:
        found = store.read("MATCH (r:Programme) RETURN count(DISTINCT r.id) AS ids, count(r) AS n")[0]
        return found["ids"], found["n"], store.version_tag().rsplit("-", 1)[1], store.warnings()


def test_a_graph_that_outgrows_the_pool_has_a_larger_one_before_it_fails(url, monkeypatch):
    """A handle that is opened because a checkpoint failed reads the whole log first."""
    logs = []
    opened = embedded_writing.open_database
    monkeypatch.setattr(embedded_writing, "open_database", lambda path, *args, **kwargs: logs.append(ladybug_file.size_of(path + ".wal")) or opened(path, *args, **kwargs))
    monkeypatch.setattr(embedded_writing, "CHECKPOINTED", 1)
    with open_store(url, "create") as store:
        n = 0
        while len(logs) < 2 and n < 60:
            add(store, n, 3 * ROWS)
            n += 1
        assert store.database.buffer_pool_size > SMALL and logs == [0, 0], "a handle was opened with a log, or none"
    assert programmes(url) == (3 * n * ROWS, 3 * n * ROWS, str(n), [])


def test_a_checkpoint_that_does_not_fit(url, monkeypatch):
    """Each transaction would try it anew, after reading the whole log once more, until nobody can open the graph."""
    monkeypatch.setattr(EmbeddedWriter, "_make_room", lambda self: None)
    with open_store(url, "create") as store:
        n = 0
        while store.database.buffer_pool_size == SMALL and n < 40:
            add(store, n)
            n += 1
        assert store.database.buffer_pool_size > SMALL, "no checkpoint failed: a smaller pool is needed to try this"
        add(store, n)
        assert store.meta()["version"] == n + 1
    assert programmes(url) == ((n + 1) * ROWS, (n + 1) * ROWS, str(n + 1), [])


def test_a_transaction_that_does_not_fit(url):
    with open_store(url, "create") as store:
        add(store, 0)
        done = add(store, 1, 25 * ROWS)
        assert len(done) > 1 and store.database.buffer_pool_size > SMALL
    assert programmes(url) == (26 * ROWS, 26 * ROWS, "2", [])


def test_a_log_that_does_not_fit(url, tmp_path, monkeypatch):
    """As a kill leaves it: read by a process that begins with the usual pool."""
    monkeypatch.setattr(ladybug_file, "BUFFER", 1 << 30)
    monkeypatch.setattr(embedded_writing, "CHECKPOINTED", 1 << 40)
    with open_store(url, "create") as store:
        for n in range(25):
            add(store, n)
        killed = tmp_path / "killed"
        killed.mkdir()
        for path in tmp_path.glob("graph.lbug*"):
            shutil.copy(path, killed)
    monkeypatch.setattr(ladybug_file, "BUFFER", SMALL // 2)
    assert programmes(str(killed / "graph.lbug")) == (25 * ROWS, 25 * ROWS, "25", [])


def test_no_memory_for_a_larger_one(url, monkeypatch):
    monkeypatch.setattr(embedded_writing, "wider", lambda buffer: None)
    with open_store(url, "create") as store:
        add(store, 0)
        with pytest.raises(WriteFailed, match="buffer pool is full"):
            add(store, 1, 25 * ROWS)
    assert programmes(url) == (ROWS, ROWS, "1", [])


def test_a_handle_in_whose_place_no_other_can_be_opened(url, monkeypatch):
    """Its store is closed as any other; an error of the engine in doing so would hide the one that says what is wrong."""
    store = open_store(url, "create")
    add(store, 0)

    def refuse(path, **_):
        raise DiskFull(path)

    with monkeypatch.context() as patched:
        patched.setattr(embedded_writing, "open_database", refuse)
        with pytest.raises(DiskFull):
            add(store, 1, 25 * ROWS)
        store.close()
    store.close()
    assert programmes(url) == (ROWS, ROWS, "1", [])
