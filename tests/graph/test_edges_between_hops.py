"""A filter on an edge's property, with hops on both sides of it: the lint refuses it, and this says why."""

from __future__ import annotations

from graph.load import load
from graph.store import is_server, open_store
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of

HOPS = "MATCH (lp:Plan)-[:HAS_TASK]->(l:Task)-[r:CONTINUES]->(e:Task)<-[:HAS_TASK]-(ep:Plan) "


def test_the_edge_must_be_passed_on_before_it_is_filtered(empty_url, sample_records):
    """Right in a graph that is loaded at once, wrong in one that a researcher adds to: the worst kind."""
    with open_store(empty_url, "create") as store:
        for source in sorted({record.source for record in sample_records}):  # one after the other, so that the edges come in several batches
            load(store, [bundle_of(record) for record in sample_records if record.source == source], Linker())
        right = []
        for value in ("continues", "takes_up"):
            filtered = store.read(HOPS + "WHERE r.relation = $value RETURN count(*) AS n", value=value)[0]["n"]
            passed_on = store.read(HOPS + "WITH l, e, r WHERE r.relation = $value RETURN count(*) AS n", value=value)[0]["n"]
            counted = sum(row["relation"] == value for row in store.read(HOPS + "RETURN r.relation AS relation"))
            assert passed_on == counted > 0
            right.append(filtered == counted)
        assert all(right) is is_server(empty_url), "the engine has changed: this form of the lint may go"
