"""The graph as networkx graphs, for notebooks: centrality, communities, paths, GraphML for Gephi.

    from graph.networks import working_together
    networkx.betweenness_centrality(working_together(store, year=2021))
"""

from __future__ import annotations

import networkx

from graph import model
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
    """Every node and edge with all properties; `label` and `kind` say which kind, lists are joined by ；as GraphML needs them."""
    network = networkx.MultiDiGraph()
    for kind in model.NODES:
        names = [name for name in model.properties(kind) if name != "id"]
        returned = ", ".join(f"n.`{name}` AS `{name}`" for name in names)
        for row in store.read(f"MATCH (n:{kind.__name__}) RETURN n.id AS id, {returned} ORDER BY id"):
            network.add_node(row.pop("id"), label=kind.__name__, **_plain(row))
    for kind in model.EDGES:
        names = list(model.properties(kind))
        returned = "".join(f", r.`{name}` AS `{name}`" for name in names)
        for source, target in kind.PAIRS:
            for row in store.read(f"MATCH (a:{source})-[r:{kind.__name__}]->(b:{target}) RETURN a.id AS source_id, b.id AS target_id{returned}"):
                network.add_edge(row.pop("source_id"), row.pop("target_id"), kind=kind.__name__, **_plain(row))
    return network


def _plain(row: dict) -> dict:
    return {name: "；".join(map(str, value)) if isinstance(value, list) else value for name, value in row.items() if value is not None}
