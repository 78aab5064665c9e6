"""A Neo4j that restarts or drops the connection in the middle of an ingest: nothing half, nothing twice, and one line where it stays away."""

from __future__ import annotations

import pytest
from commands import run as run_command
from cut_connection import COMMIT, cutting, nth
from kills import check_left, corpus, put_start, settle, small_batches, undisturbed  # noqa: F401 (fixtures, too)

from graph.fingerprint import fingerprint
from graph.store import open_store

pytestmark = [pytest.mark.soak, pytest.mark.slow, pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture(scope="module", params=["from nothing", "onto an older state"])
def run(request, corpus, tmp_path_factory):
    return undisturbed(corpus, tmp_path_factory.mktemp("undisturbed") / "run", request.param == "from nothing")


def ingest(url: str, corpus):
    with small_batches():
        return run_command("ingest", *corpus.newer(), "--store", url)


def errors_of(result) -> list[str]:
    assert "Traceback" not in result.stderr
    return [line for line in result.stderr.splitlines() if line.startswith("error: ")]


def assert_ends_well(url: str, corpus, run) -> None:
    """The next run, over the server's own address, ends where an undisturbed one does."""
    settle(url)
    check_left(url, run)
    assert ingest(url, corpus).exit_code == 0
    with open_store(url) as store:
        assert fingerprint(store) == run.states[-1]


@pytest.mark.parametrize("message", [40, 90, 200])
@pytest.mark.parametrize("down", [0.0, 2.0])
def test_a_connection_that_drops_once(neo4j_address, corpus, run, message, down):
    """An hour's ingest would end at the first restart, or load a batch twice."""
    put_start(neo4j_address, corpus, run)
    with cutting(neo4j_address, nth(message, lambda data: COMMIT not in data), down=down) as proxy:
        result = ingest(proxy.url, corpus)
        assert proxy.is_cut and (result.exit_code, errors_of(result)) == (0, []), result.stderr
    with open_store(neo4j_address) as store:
        assert fingerprint(store) == run.states[-1]


@pytest.mark.parametrize("message", [2, 8, 90])
def test_a_server_that_stays_away(neo4j_address, corpus, run, message, monkeypatch):
    """A trace back, or a wait without end."""
    monkeypatch.setattr("graph.server.RETRIED", 2)
    put_start(neo4j_address, corpus, run)
    with cutting(neo4j_address, nth(message, lambda data: COMMIT not in data), down=float("inf")) as proxy:
        result = ingest(proxy.url, corpus)
    assert proxy.is_cut and result.exit_code == 1
    said = errors_of(result)
    assert len(said) == 1 and proxy.url in said[0], result.stderr
    assert_ends_well(neo4j_address, corpus, run)


@pytest.mark.parametrize("delivered", [True, False])
def test_a_connection_that_drops_at_the_commit(neo4j_address, corpus, run, delivered):
    """Whether it was committed cannot be known: to write it again could double a batch, to say nothing would lose one."""
    put_start(neo4j_address, corpus, run)
    with cutting(neo4j_address, nth(3, lambda data: COMMIT in data), delivered=delivered) as proxy:
        result = ingest(proxy.url, corpus)
    assert proxy.is_cut and result.exit_code == 1
    said = errors_of(result)
    assert len(said) == 1 and proxy.url in said[0] and "run the command again" in said[0], result.stderr
    assert_ends_well(neo4j_address, corpus, run)
