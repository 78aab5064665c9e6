"""The graph in the hands of networkx."""

from __future__ import annotations

from graph.load import count_graph
from graph.networks import continuity, units_and_tasks, whole_graph, working_together


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
