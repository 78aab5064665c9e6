"""Linking a whole graph anew: the same links in one transaction or in many, and a run that is broken off says so."""

from __future__ import annotations

import pytest
from conftest import SAMPLES
from whole_graph import dump

import queries
from api import jobs
from graph import links
from graph.links import link_anew
from graph.store import RELINKING, open_store
from ingest.continuity.links import Linker

pytestmark = pytest.mark.slow


@pytest.fixture
def loaded_url(empty_url):
    jobs.ingest_files(jobs.list_files([str(SAMPLES)]), empty_url, False, jobs.Failures(), lambda path: None)
    return empty_url


def dump_of(url: str) -> list[str]:
    with open_store(url) as store:
        return dump(store)


def test_links_are_the_same_in_one_part_or_in_many(loaded_url, monkeypatch):
    """A large graph would have other links than its parts, or some twice."""
    before = dump_of(loaded_url)
    for at_once in (links.AT_ONCE, 1):
        monkeypatch.setattr(links, "AT_ONCE", at_once)
        with open_store(loaded_url, "write") as store:
            made = link_anew(store, Linker())
            assert made == store.read("MATCH (:Task)-[r:CONTINUES]->(:Task) RETURN count(r) AS n")[0]["n"] > 0
            assert store.warnings() == []
        assert dump_of(loaded_url) == before


def test_a_run_that_is_broken_off_says_so_until_one_ends(loaded_url, monkeypatch):
    """Half of the links would be of older rules, and nobody would know."""
    before = dump_of(loaded_url)
    monkeypatch.setattr(links, "AT_ONCE", 1)

    def stop(done: int, of: int) -> None:
        if done == of:
            raise KeyboardInterrupt

    with open_store(loaded_url, "write") as store:
        with pytest.raises(KeyboardInterrupt):
            link_anew(store, Linker(), stop)
        assert store.warnings() == [RELINKING]
        assert RELINKING in queries.run("continued_between", store, from_year=2022, to_year=2025).basis["notes"]
        link_anew(store, Linker())
        assert store.warnings() == []
    assert dump_of(loaded_url) == before
