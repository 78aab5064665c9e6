"""The fingerprint that is cited: the same for the same graph, another for another."""

from __future__ import annotations

import copy

import pytest

from graph.fingerprint import fingerprint
from graph.load import load
from graph.store import open_store
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of
from queries.citation import bibtex, cited, sentences


def graph_of(records, path) -> str:
    with open_store(str(path), "create") as store:
        load(store, [bundle_of(record) for record in records], Linker())
    with open_store(str(path)) as store:
        return fingerprint(store)


def test_both_engines_give_the_same(store, sample_records, tmp_path):
    """A reader checks the citation with the engine that they have."""
    assert fingerprint(store) == graph_of(sample_records, tmp_path / "again.lbug")


def test_order_path_and_time_do_not_move_it(sample_records, tmp_path):
    first = graph_of(sample_records, tmp_path / "a.lbug")
    elsewhere = [copy.deepcopy(record) for record in reversed(sample_records)]
    for record in elsewhere:
        record.source = f"another/folder/{record.source}"
    assert graph_of(elsewhere, tmp_path / "b.lbug") == first


@pytest.mark.parametrize("change", [
    lambda record: setattr(record.tasks[0].units[0], "role", "support"), lambda record: record.tasks[0].units.pop(), lambda record: setattr(record, "years", [2023]),
    lambda record: setattr(record.indicators[0], "value", 31), lambda record: record.tasks[0].corrected.append("units"),
    lambda record: record.tasks[0].codes.append("数据治理")])
def test_whatever_is_read_otherwise_moves_it(sample_records, tmp_path, change):
    first = graph_of(sample_records, tmp_path / "a.lbug")
    records = [copy.deepcopy(record) for record in sample_records]
    change(next(record for record in records if record.source.endswith("ministry-2022.txt")))
    assert graph_of(records, tmp_path / "b.lbug") != first


def test_the_citation_names_what_the_graph_rests_on(store):
    facts = cited(store)
    assert (facts["plans"], facts["tasks"], facts["documents"], facts["manifest"], facts["corrections"], facts["codes"]) == (3, 62, 6, None, None, None)
    english, chinese = sentences(facts)
    for words in (english, chinese, bibtex(facts)):
        assert facts["graph"] in words and facts["policygraph"] in words
    assert "0 of 62 tasks corrected by hand" in english and "62 项任务" in chinese
