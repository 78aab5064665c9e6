"""The graph in the hands of networkx and py2neo."""

from __future__ import annotations

import pytest
from conftest import load, open_store, wipe

from graph.load import count_graph
from graph.networks import continuity, units_and_tasks, whole_graph, working_together
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of


def test_networkx_views_count_what_the_graph_counts(store, tmp_path):
    import networkx

    counts = count_graph(store)
    whole = whole_graph(store)
    assert whole.number_of_nodes() == sum(n for kind, n in counts.items() if kind[1].islower())
    assert whole.number_of_edges() == sum(n for kind, n in counts.items() if not kind[1].islower())
    networkx.write_graphml(whole, tmp_path / "graph.graphml")
    assert networkx.read_graphml(tmp_path / "graph.graphml").number_of_nodes() == whole.number_of_nodes()
    assert continuity(store).number_of_edges() == counts["CONTINUES"]
    together = working_together(units_and_tasks(store, year=2025))
    rows = store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[:RESPONSIBLE_FOR]-(d:Department) WHERE 2025 IN p.years AND NOT d.collective RETURN d.id AS id, count(DISTINCT t) AS n")
    assert {node: data["tasks"] for node, data in together.nodes(data=True)} == {row["id"]: row["n"] for row in rows}
    narrow = units_and_tasks(store, year=2025, level="national", code="(none)", plan="2025年智慧渔业和海岸保护工作要点", role="lead")
    assert (narrow.graph["tasks"], narrow.graph["tasks_with_units"]) == (22, 15)  # as many clauses of the text have 牵头


@pytest.mark.slow
@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_py2neo_models_walk_the_real_graph(neo4j_address, sample_records):
    pytest.importorskip("py2neo")
    import neo4j_server
    from py2neo.ogm import Repository

    from graph.py2neo_models import Plan

    wipe(neo4j_address)
    with open_store(neo4j_address, "create") as opened:
        load(opened, [bundle_of(record) for record in sample_records], Linker())
    repository = Repository(neo4j_address, auth=("neo4j", neo4j_server.PASSWORD))
    plan = next(plan for plan in repository.match(Plan) if plan.title.startswith("2025年"))
    assert len(plan.tasks) == 22
    task = min(plan.tasks, key=lambda task: task.position)
    assert {unit.name for unit in task.departments} == {"渔船渔港司", "规划司", "财务司", "地方各级渔业行政部门"} or "各地渔业行政部门" in {unit.name for unit in task.departments}
    with open_store(neo4j_address) as opened:
        there = opened.read("MATCH (t:Task)-[:CONTINUES]->(e:Task) WHERE t.id = $id RETURN e.id AS id ORDER BY id", id=task.id)
    assert there and sorted(earlier.id for earlier in task.continues) == [row["id"] for row in there]
