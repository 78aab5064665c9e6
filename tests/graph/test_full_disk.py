"""A disk that is full or read-only, and a log that was damaged: one line, and the graph is what it was."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import batchwise
import pytest
from commands import COMMAND
from disks import mounted, remount
from kills import LOG, TASKS, check_left, corpus, put_start, run, run_ingest  # noqa: F401 (fixtures, too)

from graph.errors import StoreNotWritable
from graph.fingerprint import fingerprint
from graph.store import open_store

pytestmark = pytest.mark.slow
ROOM = [pytest.param(room, marks=pytest.mark.soak) for room in (0, 20_000, 100_000, 300_000, 600_000, 1_000_000, 1_500_000, 2_500_000)]  # bytes that are left, or that a file may grow


def ingest(url: str, corpus, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(batchwise.command(TASKS, LOG, "ingest", *corpus.newer(), "--store", url), capture_output=True, text=True, **options)


def assert_refused(done: subprocess.CompletedProcess[str], url: str) -> None:
    """One line that names the graph and says what to do."""
    assert done.returncode == 1, (done.returncode, done.stderr)
    errors = [line for line in done.stderr.splitlines() if "ingesting" not in line and line.strip()]
    assert len(errors) == 1 and errors[0].startswith("error: ") and url in errors[0] and "make room" in errors[0], done.stderr


@pytest.mark.parametrize("room", ROOM)
def test_a_full_disk(corpus, run, tmp_path, room):
    """Nobody could open the graph until there is room, or ever again."""
    size = sum(path.stat().st_size for path in Path(run.start).parent.glob("start.lbug*"))
    with mounted(tmp_path / "disk", size + 65_536 + room) as disk:
        url = str(disk / "graph.lbug")
        put_start(url, corpus, run)
        assert_refused(ingest(url, corpus), url)
        check_left(url, run)  # a checkpoint that was broken off is undone, for which there is room
        remount(disk, "size=100m")
        check_left(url, run)
        run_ingest(url, corpus)
        with open_store(url) as store:
            assert fingerprint(store) == run.states[-1]


@pytest.mark.parametrize("room", ROOM)
def test_a_file_that_may_not_grow(corpus, run, tmp_path, room):
    """A quota meets the graph's file in the middle of a write, where a full disk meets its log."""
    url = str(tmp_path / "graph.lbug")
    put_start(url, corpus, run)
    size = Path(url).stat().st_size + room
    done = ingest(url, corpus, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    reached = check_left(url, run)
    if done.returncode == 0:  # there was room for all
        assert reached == len(run.states) - 1
    else:
        assert_refused(done, url)
    run_ingest(url, corpus)
    with open_store(url) as store:
        assert fingerprint(store) == run.states[-1]


def test_a_disk_that_is_full_from_the_start(corpus, run, tmp_path):
    """A graph that could not be made would be in the way of the next run."""
    with mounted(tmp_path / "disk", 8 << 10) as disk:
        url = str(disk / "graph.lbug")
        assert_refused(ingest(url, corpus), url)
        remount(disk, "size=100m")
        run_ingest(url, corpus)
        with open_store(url) as store:
            assert fingerprint(store) == run.states[-1]


def test_a_read_only_disk(corpus, run, tmp_path):
    """A graph on a medium that was handed out is asked, and who writes to it is told where they cannot."""
    with mounted(tmp_path / "disk", 100 << 20) as disk:
        url = str(disk / "graph.lbug")
        put_start(url, corpus, run)
        remount(disk, "ro")
        for target in (url, str(disk / "new.lbug")):
            done = ingest(target, corpus)
            assert done.returncode == 1 and len([line for line in done.stderr.splitlines() if line.startswith("error: ")]) == 1, done.stderr
            assert target in done.stderr and "Read-only file system" in done.stderr and "Traceback" not in done.stderr
        with pytest.raises(StoreNotWritable):
            open_store(url, "write")
        assert check_left(url, run) == 0
        remount(disk, "rw")
        run_ingest(url, corpus)
        with open_store(url) as store:
            assert fingerprint(store) == run.states[-1]


_COMMITS = """
import os, sys
from graph.store import open_store
store = open_store(sys.argv[1], "create")
for n in range(3):
    store.transact(lambda transaction: transaction.run("CREATE (r:Programme {id: $id, name: 'x'})", id=f"r-{n}"))
os._exit(0)
"""


def test_a_damaged_log_costs_what_is_behind_the_damage_and_says_so(tmp_path):
    """The engine leaves it out without a word: answers would rest on less than anybody knows, under a version that was told before."""
    url = str(tmp_path / "graph.lbug")
    subprocess.run([*COMMAND[:1], "-c", _COMMITS, url], check=True)
    log = Path(url + ".wal")
    whole = log.read_bytes()
    log.write_bytes(whole[:-10])
    with open_store(url) as store:
        tag = store.version_tag()
        assert store.read("MATCH (r:Programme) RETURN count(r) AS n") == [{"n": 2}]
        assert ["damaged" in line and "1 of its last writes is lost" in line for line in store.warnings()] == [True]
    with open_store(url, "write") as store:
        assert len(store.warnings()) == 1
        assert store.version_tag() != tag
    with open_store(url) as store:
        assert store.warnings() == [] and store.meta()["version"] > 3
