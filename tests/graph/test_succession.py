"""A reform between two plans: the unit that ended and the one that took its work over."""

from __future__ import annotations

import pytest

import queries
from graph.load import load
from graph.store import open_store
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of
from ingest.pipeline import extract
from ingest.readers import Source

PLAN = "青江市{year}年环境保护工作要点\n一、重点任务\n1.治理大气污染。推进锅炉改造{n}台。（责任单位：{unit}、市公安局）\n2.治理水污染。整治排污口{n}个。（责任单位：{unit}）\n"


@pytest.fixture
def loaded(empty_url):
    records = [record for year, unit in ((2017, "市环保局"), (2020, "市生态环境局")) for record in extract(Source(f"{year}.txt", str(year), PLAN.format(year=year, unit=unit, n=year - 2000)))]
    for record in records:  # one at a time: the edge must come with whichever unit comes second
        with open_store(empty_url, "create") as store:
            load(store, [bundle_of(record)], Linker())
    with open_store(empty_url) as store:
        yield store


def test_the_edge_has_date_and_source(loaded):
    (row,) = loaded.read("MATCH (a:Department)-[r:SUCCEEDED_BY]->(b:Department) RETURN a.name AS before, b.name AS after, r.date AS date, r.basis AS basis")
    assert (row["before"], row["after"]) == ("市环保局", "市生态环境局")
    assert row["date"].startswith("20") and "改革" in row["basis"]


def test_successors_are_off_by_default(loaded):
    """Two names are two units until the researcher asks for them as one."""
    apart = {row["department"]: (row["before"], row["after"]) for row in queries.run("workload_change", loaded, from_year=2017, to_year=2020)}
    assert apart["市生态环境局"] == (0, 2) and apart["市公安局"] == (1, 1) and len(apart) == 3
    joined = {row["department"]: (row["before"], row["after"]) for row in queries.run("workload_change", loaded, from_year=2017, to_year=2020, successors=True)}
    assert joined == {"市生态环境局": (2, 2), "市公安局": (1, 1)}
