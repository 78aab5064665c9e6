"""The graph as networkx graphs, for notebooks: centrality, communities, paths.

    from graph.networks import working_together
    networkx.betweenness_centrality(working_together(store, year=2021))
"""

from __future__ import annotations

import networkx

from graph import model
from graph.graphml import edge_attributes, node_attributes
from graph.pages import iter_edges, iter_nodes
from graph.store import Store


def working_together(store: Store, year: int | None = None, collectives: bool = False) -> networkx.Graph:
    """Departments joined where they share tasks; edge `weight` is the number of shared tasks, node `tasks` their own."""
    rows = store.read(
        "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[:RESPONSIBLE_FOR]-(d:Department) "
        "WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END AND CASE WHEN $collectives THEN true ELSE NOT d.collective END "
        "RETURN DISTINCT t.id AS task, d.id AS id, d.name AS name, d.scope AS scope ORDER BY task, id", year=year, collectives=collectives)
    network = networkx.Graph()
    of_task: dict[str, list[str]] = {}
    for row in rows:
        network.add_node(row["id"], name=row["name"], scope=row["scope"], tasks=network.nodes.get(row["id"], {}).get("tasks", 0) + 1)
        for other in of_task.setdefault(row["task"], []):
            weight = network.get_edge_data(other, row["id"], {"weight": 0})["weight"]
            network.add_edge(other, row["id"], weight=weight + 1)
        of_task[row["task"]].append(row["id"])
    return network


def continuity(store: Store) -> networkx.DiGraph:
    """Tasks joined by CONTINUES, from the later to the earlier one; isolated tasks are in it too."""
    network = networkx.DiGraph()
    for row in store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task) RETURN t.id AS id, t.text AS text, p.id AS plan, coalesce(p.first_year, 0) AS year ORDER BY id"):
        network.add_node(row.pop("id"), **row)
    for row in store.read("MATCH (l:Task)-[c:CONTINUES]->(e:Task) RETURN l.id AS later, e.id AS earlier, c.score AS score, c.named AS named, c.relation AS relation ORDER BY later, earlier"):
        network.add_edge(row.pop("later"), row.pop("earlier"), **row)
    return network


def whole_graph(store: Store) -> networkx.MultiDiGraph:
    """Every node and edge with all properties, as `policygraph export --format graphml` writes them: `node_kind` and `edge_kind` say
    which kind, `label` is a node's name in short, lists are joined by ；."""
    network = networkx.MultiDiGraph()
    for kind in model.NODES:
        for rows in iter_nodes(store, kind):
            network.add_nodes_from((row["id"], node_attributes(kind.__name__, row)) for row in rows)
    for kind in model.EDGES:
        for source, target in kind.PAIRS:
            for rows in iter_edges(store, kind, source, target):
                network.add_edges_from((row["source"], row["target"], edge_attributes(kind.__name__, row)) for row in rows)
    return network
