"""`ingest` killed at any moment: what it leaves, and what the next run makes of it. For tests/graph/test_kills.py and tests/soak/kill_ingest.py.

A run that nobody disturbs says which states there are between its transactions. A killed one must have left one of these,
with whole documents only, and the run after it must end where the undisturbed one did.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import batchwise
import neo4j_server
import pytest
from generated_series import generate
from whole_graph import dump

from api import jobs
from graph.embedded_writing import EmbeddedWriter
from graph.errors import StoreMissing
from graph.fingerprint import fingerprint
from graph.store import Store, is_server, open_store

ROOT = Path(__file__).parent.parent
TASKS, LOG = 8, 40_000  # most files are a batch of their own, and every few a checkpoint
BETWEEN = ("CONTINUES", "RESEMBLES", "IS")  # edges that rest on what else is in the graph
Documents = dict[str, list[str]]  # id to all that is the document's own, sorted; ids are of the content


@dataclass
class Corpus:
    """A folder of plans in two states: an older one, of which a graph may hold a part already, and the one that is ingested."""

    folder: Path
    files: list[Path]
    changed: dict[Path, tuple[str, str]]  # file to its older and newer text

    def older(self) -> list[str]:
        return self._put(0)[::2]

    def newer(self) -> list[str]:
        return self._put(1)

    def _put(self, state: int) -> list[str]:
        for path, texts in self.changed.items():
            path.write_text(texts[state], encoding="utf-8")
        return [str(path) for path in self.files]


def make_corpus(folder: Path, years: int = 3) -> Corpus:
    """The samples and plans of four bodies; of the older state every other file is missing and two read otherwise."""
    folder.mkdir()
    for sample in sorted((ROOT / "ingest" / "samples").glob("*.txt")):
        shutil.copy(sample, folder)
    for record in generate(4, years, 9).records:
        (folder / record.source).write_text(record.text, encoding="utf-8")
    files = sorted(folder.glob("*.txt"))
    changed = {}
    for path in files[:3:2]:
        text = path.read_text(encoding="utf-8")
        changed[path] = text.replace("，", "，进一步", 3), text
    return Corpus(folder, files, changed)


@dataclass
class Undisturbed:
    """A run that nobody kills."""

    start: str | None  # an embedded graph to begin with
    states: list[str]  # fingerprints between its transactions, from before the first to after the last
    documents: Documents  # those of the first and of the last state


@contextmanager
def small_batches() -> Iterator[None]:
    """As tests/batchwise.py has them, in this process."""
    with patch.object(Store, "tasks_at_once", TASKS):
        yield


def ingest_here(url: str, files: list[str]) -> None:
    failures = jobs.Failures()
    jobs.ingest_files(files, url, False, failures, lambda path: None)
    assert failures.errors == []


def undisturbed(corpus: Corpus, folder: Path, from_nothing: bool) -> Undisturbed:
    """Ingest the newer state, onto nothing or onto the older one."""
    url, start = str(folder / "undisturbed.lbug"), str(folder / "start.lbug")
    folder.mkdir()
    if from_nothing:
        with open_store(url, "create"):
            pass
    else:
        ingest_here(url, corpus.older())
        copy_graph(url, start)
    with open_store(url) as store:
        states, documents = [fingerprint(store)], documents_of(store)
    transact = EmbeddedWriter.transact

    def watched(store, work):
        result = transact(store, work)
        states.append(fingerprint(store))
        return result

    with small_batches(), patch.object(EmbeddedWriter, "transact", watched):
        ingest_here(url, corpus.newer())
    with open_store(url) as store:
        assert states[-1] == fingerprint(store)
        return Undisturbed(None if from_nothing else start, states, documents | documents_of(store))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Corpus:
    return make_corpus(tmp_path_factory.mktemp("corpus") / "plans", years=2)


@pytest.fixture(scope="module")
def run(corpus, tmp_path_factory) -> Undisturbed:
    """One onto an older state of the graph."""
    return undisturbed(corpus, tmp_path_factory.mktemp("undisturbed") / "run", from_nothing=False)


def copy_graph(source: str, target: str) -> None:
    for found in Path(source).parent.glob(Path(source).name + "*"):
        shutil.copy(found, target + found.name.removeprefix(Path(source).name))


def documents_of(store: Store) -> Documents:
    """Of each document its nodes, and their edges but those that rest on other documents; what is nobody's is under its own id."""
    lines = [json.loads(line) for line in dump(store)]
    owner = {stored["id"]: stored["id"] for kind, stored in lines if kind == "Document"}
    for owning in ("CONTAINS", "HAS_TASK", "HAS_GOAL", "HAS_INDICATOR"):  # from the top down
        owner |= {stored["target"]: owner.get(stored["source"], stored["source"]) for kind, stored in lines if kind == owning}
    own: Documents = defaultdict(list)
    for kind, stored in lines:
        ends = {stored[end] for end in ("id", "source", "target") if end in stored and kind != "Document"} or {stored["id"]}
        owners = {owner[end] for end in ends if end in owner}
        if owners and kind not in BETWEEN:
            own[min(owners)].append(json.dumps([kind, stored], ensure_ascii=False, sort_keys=True))
        elif kind in ("Plan", "Task", "Goal", "Duty", "Indicator"):
            own[stored["id"]].append(f"a {kind} without its document")
    return own


def run_ingest(url: str, corpus: Corpus, seconds: float | None = None) -> float:
    """Ingest the newer state in a process of its own and kill it so many seconds after it begins; returns how long it ran.

    Without `seconds` it must end by itself, and well.
    """
    process = subprocess.Popen(batchwise.command(TASKS, LOG, "ingest", *corpus.newer(), "--store", url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "begin\n", process.stderr and process.stderr.read()
    began = time.monotonic()
    if seconds is not None:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    _, said = process.communicate()
    assert process.returncode in ((0, -signal.SIGKILL) if seconds is not None else (0,)), said
    return time.monotonic() - began


def put_start(url: str, corpus: Corpus, run: Undisturbed) -> None:
    """Bring a graph to where the run begins."""
    if is_server(url):
        wipe(url)
        if run.start:
            ingest_here(url, corpus.older())
        return
    for left in Path(url).parent.glob(Path(url).name + "*"):
        left.unlink()
    if run.start:
        copy_graph(run.start, url)


def kill_once(url: str, corpus: Corpus, run: Undisturbed, seconds: float) -> int | None:
    """Kill a run; returns after how many of its transactions, None where there was no graph yet. Raises AssertionError."""
    put_start(url, corpus, run)
    run_ingest(url, corpus, seconds)
    if is_server(url):
        settle(url)
    reached = check_left(url, run)
    run_ingest(url, corpus)
    with open_store(url) as store:
        assert fingerprint(store) == run.states[-1], "the next run ended in another graph than an undisturbed one"
        assert store.warnings() == []
    return reached


def check_left(url: str, run: Undisturbed) -> int | None:
    """What a broken-off run left is a state between two transactions, with whole documents only."""
    try:
        with open_store(url) as store:
            state, found, warnings = fingerprint(store), documents_of(store), store.warnings()
    except StoreMissing:
        assert run.start is None, "the graph is gone"
        return None
    check_whole(found, run.documents)
    assert warnings == [], warnings
    assert state in run.states, "whole documents, but not those of whole transactions"
    return run.states.index(state)


def check_whole(found: Documents, whole: Documents) -> None:
    for key, own in found.items():
        assert key in whole, f"{key}: {own[:1]}"
        assert own == whole[key], f"half of {key}: {sorted(set(own) ^ set(whole[key]))[:3]}"


def wipe(url: str) -> None:
    import neo4j

    with neo4j.GraphDatabase.driver(url, auth=("neo4j", neo4j_server.PASSWORD)) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")


def settle(url: str) -> None:
    """Wait until Neo4j has undone, or done, what a killed client left."""
    import neo4j

    with neo4j.GraphDatabase.driver(url, auth=("neo4j", neo4j_server.PASSWORD)) as driver, driver.session() as session:
        for _ in range(200):
            if len(session.run("SHOW TRANSACTIONS").data()) <= 1:  # the asking one
                return
            time.sleep(0.05)
    raise AssertionError("a killed client's transaction is still open after ten seconds")


def moments(seed: int, kills: int, seconds: float) -> list[float]:
    """Random moments of a run that takes so long, one in each of as many equal parts."""
    draw = random.Random(seed)
    return [(part + draw.random()) * seconds / kills for part in range(kills)]


def time_ingest(url: str, corpus: Corpus, run: Undisturbed) -> float:
    """Seconds of a run that nobody kills, the quicker of two: of a server that has just started the first takes many times as long, and most kills would come too late."""
    times = []
    for _ in range(2):
        put_start(url, corpus, run)
        times.append(run_ingest(url, corpus))
    return min(times)
