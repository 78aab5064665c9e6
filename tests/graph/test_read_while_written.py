"""An embedded graph that is read while another process writes it: every answer is that of one state, and neither keeps the other out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from graph import embedded_reading, embedded_writing, model
from graph.errors import GraphRead, QueryTooSlow, StoreNotWritable
from graph.file_lock import FileLock
from graph.store import open_store

N = 3_000
# Programmes, all of which have the number of their transaction for a name; their ids change, so that rows are deleted and created.
_WRITER = """
import sys
from graph import embedded_writing, model
from graph.store import open_store
embedded_writing.CHECKPOINTED = 1  # every commit is written into the file
with open_store(sys.argv[1], "write") as store:
    for n in range(1, int(sys.argv[3]) + 1):
        def work(transaction):
            transaction.run("MATCH (r:Programme) DETACH DELETE r")
            transaction.write({model.Programme: [model.Programme(f"r-{n}-{i}", f"{n:06}") for i in range(int(sys.argv[2]))]}, {})
        store.transact(work)
        print(n, flush=True)
"""
_ROWS = "MATCH (r:Programme) RETURN count(r) AS n, min(r.name) AS first, max(r.name) AS last"


@pytest.fixture
def graph(tmp_path) -> str:
    url = str(tmp_path / "graph.lbug")
    with open_store(url, "create"):
        pass
    return url


def start_writer(url: str, n: int, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _WRITER, url, str(n), str(times)], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_every_snapshot_is_one_state(graph):
    """Pages of the file that a checkpoint has changed are rows of another state: half a plan, or nodes that are no more."""
    seen: set[int] = set()
    wrong: list[object] = []
    reader = open_store(graph)

    def read() -> None:
        try:
            watch()
        except Exception as error:
            wrong.append(error)

    def watch() -> None:
        while writer.poll() is None:
            with reader.snapshot() as store:
                (once,), version = store.read(_ROWS), store.meta()["version"]
                names = [row["name"] for row in store.read("MATCH (r:Programme) RETURN r.name AS name")]
                (again,) = store.read(_ROWS)
            if once != again or once["first"] != once["last"] or once["n"] not in (0, N) or version != int(once["last"] or 0) or set(names) != {once["last"]} - {None} or len(names) != once["n"]:
                wrong.append((version, once, again, len(names)))
            seen.add(version)

    writer = start_writer(graph, N, 40)
    readers = [threading.Thread(target=read) for _ in range(3)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    writer.communicate()
    assert writer.returncode == 0 and wrong == []
    assert len(seen) > 10, f"too few states were seen to try this: {sorted(seen)}"
    assert reader.read(_ROWS) == [{"n": N, "first": "000040", "last": "000040"}]
    reader.close()


def test_a_writer_waits_for_an_answer_and_goes_on_without_a_checkpoint(graph, monkeypatch):
    """A page that takes long must not stop an ingest, and an ingest must not spoil the page."""
    monkeypatch.setattr(embedded_writing, "CHECKPOINTED", 1)
    monkeypatch.setattr(embedded_writing, "WAIT", 0.1)
    with open_store(graph) as seen, open_store(graph, "write") as writer:
        before, file = seen.meta(), Path(graph).read_bytes()
        for n in range(3):
            writer.transact(lambda transaction, n=n: transaction.run("CREATE (r:Programme {id: $id, name: 'x'})", id=f"r-{n}"))
        assert seen.meta() == before and seen.read(_ROWS)[0]["n"] == 0
    assert Path(graph).read_bytes() == file, "what was read was written"
    with open_store(graph) as store:
        assert store.read(_ROWS)[0]["n"] == 3 and store.warnings() == []
    with open_store(graph, "write") as writer:
        assert writer.read(_ROWS)[0]["n"] == 3
    assert Path(graph).read_bytes() != file


def test_a_long_log_is_not_replayed_with_every_commit(graph, monkeypatch):
    """A service would stand still for seconds at each transaction of a large ingest."""
    monkeypatch.setattr(embedded_reading, "LONG", 0)
    with closing(open_store(graph)) as reader:
        before = reader.version_tag()
        with open_store(graph, "write") as writer:
            for n in range(2):
                writer.transact(lambda transaction, n=n: transaction.write({model.Programme: [model.Programme(f"r-{n}", "x")]}, {}))
                assert (reader.read(_ROWS)[0]["n"], reader.version_tag()) == (0, before)
            with open_store(graph) as newcomer:
                assert newcomer.read(_ROWS)[0]["n"] == 2, "who opens the graph sees what has been committed"
            monkeypatch.setattr(embedded_writing, "CHECKPOINTED", 1)
            monkeypatch.setattr(embedded_writing, "SHARE", 1 << 40)
            writer.transact(lambda transaction: transaction.write({model.Programme: [model.Programme("r-2", "x")]}, {}))
            assert reader.read(_ROWS)[0]["n"] == 3, "the log is in the file"


def test_a_long_log_that_nobody_adds_to_is_replayed(graph, monkeypatch):
    """Its writer was killed."""
    monkeypatch.setattr(embedded_reading, "LONG", 0)
    with closing(open_store(graph)) as reader:
        with open_store(graph, "write") as writer:
            writer.transact(lambda transaction: transaction.write({model.Programme: [model.Programme("r-0", "x")]}, {}))
            assert reader.read(_ROWS)[0]["n"] == 0
            log = Path(graph + ".wal")
            os.utime(log, (log.stat().st_atime, log.stat().st_mtime - embedded_reading.SETTLED))
            assert reader.read(_ROWS)[0]["n"] == 1


def test_who_has_just_written_sees_it(graph, monkeypatch):
    monkeypatch.setattr(embedded_reading, "LONG", 0)
    with closing(open_store(graph)) as reader, open_store(graph, "write") as writer:
        writer.transact(lambda transaction: transaction.write({model.Programme: [model.Programme("r-0", "x")]}, {}))
        assert reader.read(_ROWS)[0]["n"] == 0
        reader.refresh()
        assert reader.read(_ROWS)[0]["n"] == 1


def test_a_checkpoint_that_was_broken_off_is_no_log_that_grows(graph, monkeypatch):
    """The engine renames the log before it changes the file: the file is as it was, and the log that a reader did not follow is gone."""
    monkeypatch.setattr(embedded_reading, "LONG", 0)
    killed = ("import os, sys\nfrom graph import model\nfrom graph.store import open_store\nstore = open_store(sys.argv[1], 'write')\n"
              "store.transact(lambda transaction: transaction.write({model.Programme: [model.Programme('r-0', 'x')]}, {}))\nos._exit(0)")
    with closing(open_store(graph)) as reader:
        subprocess.run([sys.executable, "-c", killed, graph], check=True)
        assert reader.read(_ROWS)[0]["n"] == 0
        os.rename(graph + ".wal", graph + ".wal.checkpoint")
        assert reader.read(_ROWS)[0]["n"] == 1 and reader.warnings() == []


def test_a_clock_that_was_set_back_and_a_log_that_is_another(graph, monkeypatch):
    monkeypatch.setattr(embedded_reading, "LONG", 0)
    with closing(open_store(graph)) as reader, open_store(graph, "write") as writer:
        writer.transact(lambda transaction: transaction.write({model.Programme: [model.Programme("r-0", "x")]}, {}))
        assert reader.read(_ROWS)[0]["n"] == 0
        log = Path(graph + ".wal")
        os.utime(log, (time.time(), time.time() + 86_400))
        assert reader.read(_ROWS)[0]["n"] == 1
        writer.transact(lambda transaction: transaction.write({model.Programme: [model.Programme("r-1", "x")]}, {}))
        assert reader.read(_ROWS)[0]["n"] == 1
        shutil.copy(log, graph + ".copy")
        os.replace(graph + ".copy", log)
        assert reader.read(_ROWS)[0]["n"] == 2


def test_whether_it_answers_is_told_beside_long_queries(graph):
    """A service that does nothing but wait for its turn would be taken for one that has broken down."""
    seconds = 4.0

    def ask_much() -> None:
        with pytest.raises(QueryTooSlow):
            reader.read("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n")

    with closing(open_store(graph, seconds=seconds)) as reader:
        asking = [threading.Thread(target=ask_much) for _ in range(3 * embedded_reading.READING)]
        for thread in asking:
            thread.start()
        time.sleep(0.5)  # the first have their turn
        assert reader.meta()["schema"] == model.SCHEMA
        left = [thread.is_alive() for thread in asking]
        for thread in asking:
            thread.join()
    assert all(left), "it came when a query that had its turn was over"


def test_a_reading_store_does_not_write(graph):
    with open_store(graph) as store, pytest.raises(StoreNotWritable, match="opened for reading"):
        store.transact(lambda transaction: None)


def test_who_waits_to_write_gets_its_turn(tmp_path):
    """Readers without a pause between them would keep a writer out for ever."""
    path, end = str(tmp_path / "graph"), threading.Event()

    def read() -> None:
        while not end.is_set():
            with FileLock(path).shared():
                time.sleep(0.02)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for thread in readers:
        thread.start()
    time.sleep(0.1)
    try:
        with FileLock(path).exclusive(20):
            pass
    finally:
        end.set()
        for thread in readers:
            thread.join()
    with FileLock(path).shared(), pytest.raises(GraphRead), FileLock(path).exclusive(0.05):
        pass
