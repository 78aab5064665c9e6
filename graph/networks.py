"""The graph as networkx graphs, for notebooks.

    from graph.networks import centrality, communities, units_and_tasks, working_together
    network = units_and_tasks(store, year=2022)       # two-mode: units and the tasks that they stand on
    together = working_together(network)              # units joined by the tasks that they share
    together.graph                                    # what it rests on: plans, years, filters, n of tasks
    centrality(together); networkx.write_graphml(together, "together.graphml")

The attributes of each network, of its nodes and of its edges are single values, as GraphML needs them; a value that the text
does not say is left out.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

import networkx

from graph import model
from graph.counterparts import LEVELS
from graph.errors import BadParameter, UnknownCode, UnknownThing
from graph.graphml import edge_attributes, node_attributes
from graph.pages import iter_edges, iter_nodes
from graph.store import Store, one_state

if TYPE_CHECKING:
    import pandas

UNIT, TASK = 0, 1  # `bipartite` of a node, as networkx.bipartite has it
RUNS = 50  # other seeds against which communities are held

_TASKS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END "
    "AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan OR p.title = $plan END AND CASE WHEN $level IS NULL THEN true ELSE p.level = $level END "
    "AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END ")


@one_state
def units_and_tasks(store: Store, *, year: int | None = None, plan: str | None = None, role: str | None = None, level: str | None = None,
                    code: str | None = None, collectives: bool = False) -> networkx.Graph:
    """The two-mode network: units and tasks, joined where a unit is responsible for a task; edge `role`, `position`, `surface`.

    `year`: one that the plan covers. `plan`: id or title. `role`: only responsibilities of this role. `level`: of the plan.
    `code`: of the task, (none) for tasks without any. Collectives (各区政府) are out unless asked for. A unit that a task names
    twice keeps the role in which it stands first. Tasks without such a unit are not in it.

    `network.graph` has `tasks` (of these plans, and of this code), `tasks_with_units` (those in the network), `plans`, `years`,
    `filters`. Raises a UsageError where a role, level, plan or code is unknown.
    """
    for name, value, known in (("role", role, model.ROLES), ("level", level, LEVELS)):
        if value is not None and value not in known:
            raise BadParameter("units_and_tasks", name, value, "one of " + ", ".join(known))
    if plan is not None and not store.read("MATCH (p:Plan) WHERE p.id = $plan OR p.title = $plan RETURN p.id AS id", plan=plan):
        raise UnknownThing("plan", plan)
    codes = {row["code"] for row in store.read("MATCH (t:Task) UNWIND t.codes AS code RETURN DISTINCT code AS code")}
    if code is not None and code not in {*codes, model.NO_CODE}:
        raise UnknownCode(code, sorted(codes))
    asked = {"year": year, "plan": plan, "level": level, "code": code}
    tasks = {row["id"]: row for row in store.read(
        _TASKS + "RETURN t.id AS id, t.position AS number, t.text AS text, p.id AS plan_id, p.title AS plan, p.years AS years ORDER BY plan_id, number, id", **asked)}
    joined = store.read(
        _TASKS + "WITH p, t MATCH (t)<-[r:RESPONSIBLE_FOR]-(d:Department) RETURN t.id AS task, d.id AS id, d.name AS name, d.scope AS scope, d.level AS level, "
        "d.kind AS kind, d.collective AS collective, r.role AS role, r.position AS position, r.surface AS surface ORDER BY id, task, position", **asked)
    network = networkx.Graph()
    for row in joined:
        if (role is None or row["role"] == role) and (collectives or not row["collective"]) and not network.has_edge(row["id"], row["task"]):
            task = tasks[row["task"]]
            network.add_node(row["id"], bipartite=UNIT, **{name: row[name] for name in ("name", "scope", "level", "kind", "collective") if row[name] is not None})
            network.add_node(row["task"], bipartite=TASK, **{name: task[name] for name in ("plan", "number", "text")})
            network.add_edge(row["id"], row["task"], role=row["role"], position=row["position"], surface=row["surface"])
    filters = {name: value for name, value in (asked | {"role": role}).items() if value is not None}
    plans = {task["plan_id"]: task for task in tasks.values()}
    network.graph |= {
        "tasks": len(tasks), "tasks_with_units": len(_of(network, TASK)), "plans": "；".join(row["plan"] for row in plans.values()),
        "years": "；".join(map(str, sorted({each for row in plans.values() for each in row["years"]}))),
        "filters": "；".join([*(f"{name}={value}" for name, value in filters.items()), f"collectives {'in' if collectives else 'out'}"])}
    return network


def working_together(network: networkx.Graph) -> networkx.Graph:
    """Units joined where they share tasks, from the two-mode network: edge `weight` and `tasks`, node `tasks` and `alone`.

    A task of n units adds 1/(n−1) to each of its pairs (M. E. J. Newman, Physical Review E 64 (2001) 016132), so that what a
    unit's edges weigh together is its `tasks` less those on which it stands `alone`: a task of ten units counts no more than
    one of two. Edge `tasks` is the plain number of shared tasks. n is of the units in the network: without collectives, and
    with a `role` only of that role. `network.graph` also has `tasks_shared`, those of two or more units.
    """
    together = _units(network, networkx.Graph())
    for task in _of(network, TASK):
        units = sorted(network[task])
        if len(units) == 1:
            together.nodes[units[0]]["alone"] += 1
        for pair in combinations(units, 2):
            _add(together, pair, 1 / (len(units) - 1))
    return together


def leading(network: networkx.Graph) -> networkx.DiGraph:
    """Lead → other, from the two-mode network: each lead of a task joined to the units of it that do not lead.

    `weight` is what the pair has in `working_together`, `tasks` the plain number; two leads of one task are not joined by it. A
    task with no marked lead joins nothing, which does not say that nobody leads it: `network.graph` also has `tasks_led`, those
    with a marked lead and another unit.
    """
    led = _units(network, networkx.DiGraph())
    led.graph["tasks_led"] = 0
    for task in _of(network, TASK):
        units = sorted(network[task])
        leads = [unit for unit in units if network[task][unit]["role"] == "lead"]
        led.nodes[units[0]]["alone"] += len(units) == 1
        led.graph["tasks_led"] += 0 < len(leads) < len(units)
        for lead in leads:
            for other in units:
                if other not in leads:
                    _add(led, (lead, other), 1 / (len(units) - 1))
    return led


def _of(network: networkx.Graph, mode: int) -> list[str]:
    return sorted(node for node, kind in network.nodes(data="bipartite") if kind == mode)


def _units(network: networkx.Graph, empty: networkx.Graph) -> networkx.Graph:
    """The units of a two-mode network with what it rests on, in an order that no run changes: communities depend on it."""
    empty.graph |= network.graph | {"tasks_shared": sum(network.degree(task) > 1 for task in _of(network, TASK))}
    for unit in _of(network, UNIT):
        own = {name: value for name, value in network.nodes[unit].items() if name != "bipartite"}
        empty.add_node(unit, **own, tasks=network.degree(unit), alone=0)
    return empty


def _add(network: networkx.Graph, pair: tuple[str, str], weight: float) -> None:
    before = network.get_edge_data(*pair, {"weight": 0.0, "tasks": 0})
    network.add_edge(*pair, weight=before["weight"] + weight, tasks=before["tasks"] + 1)


def centrality(together: networkx.Graph) -> pandas.DataFrame:
    """A row a unit of `working_together`, by strength: `tasks`, `alone`, `partners`, `strength`, `betweenness`.

    `strength` is the weight of its edges together. `betweenness` (networkx, over shortest paths, 0 to 1) takes 1/weight for the
    length of an edge, as ties that weigh more are nearer; it is exact, without a seed. `frame.attrs` is `together.graph`, the n of
    tasks in it. Needs pandas.
    """
    near = networkx.Graph()
    near.add_nodes_from(together)
    near.add_weighted_edges_from(((one, other, 1 / weight) for one, other, weight in together.edges(data="weight")), weight="length")
    between = networkx.betweenness_centrality(near, weight="length")
    rows = [_row(together, unit) | {"alone": together.nodes[unit]["alone"], "partners": together.degree(unit), "strength": together.degree(unit, weight="weight"),
                                    "betweenness": between[unit]} for unit in together]
    rows.sort(key=lambda row: (-round(row["strength"], 9), -row["tasks"], row["id"]))
    return _frame(rows, ["name", "scope", "tasks", "alone", "partners", "strength", "betweenness", "id"], together.graph)


def communities(together: networkx.Graph, seed: int = 0) -> pandas.DataFrame:
    """A row a unit of `working_together`: its `community` (1 is the largest) by Louvain, and how `steady` it is.

    Louvain starts from a random order, so other seeds may part the units otherwise. `steady` says how much: of the others of
    its community, the share that was with it again, over 50 other seeds; null for a unit by itself. Give it beside whatever you
    write of a community. `frame.attrs` has `together.graph`, the seed, the number of other runs and the modularity. Needs pandas.
    """
    from networkx.algorithms.community import louvain_communities, modularity

    def parted(seed: int) -> list[set[str]]:
        return louvain_communities(together, weight="weight", seed=seed)

    found = sorted((sorted(each) for each in parted(seed)), key=lambda each: (-len(each), each))
    again: Counter[str] = Counter()
    for other in range(seed + 1, seed + 1 + RUNS):
        there = {unit: number for number, each in enumerate(parted(other)) for unit in each}
        for each in found:
            again.update(unit for unit in each for beside in each if unit != beside and there[unit] == there[beside])
    rows = [_row(together, unit) | {"community": number, "steady": again[unit] / (len(each) - 1) / RUNS if len(each) > 1 else None}
            for number, each in enumerate(found, 1) for unit in sorted(each, key=lambda unit: (-together.nodes[unit]["tasks"], unit))]
    value = modularity(together, found, weight="weight") if together.number_of_edges() else 0.0
    return _frame(rows, ["name", "scope", "tasks", "community", "steady", "id"], together.graph | {"seed": seed, "runs": RUNS, "modularity": value})


def _row(network: networkx.Graph, unit: str) -> dict[str, Any]:
    return {"id": unit} | {name: network.nodes[unit][name] for name in ("name", "scope", "tasks")}


def _frame(rows: list[dict[str, Any]], columns: list[str], about: dict[str, Any]) -> pandas.DataFrame:
    try:
        import pandas
    except ModuleNotFoundError:
        raise ModuleNotFoundError("this table needs pandas: pip install 'policygraph[notebook]'") from None

    frame = pandas.DataFrame(rows, columns=columns)
    frame.attrs |= about
    return frame


@one_state
def continuity(store: Store) -> networkx.DiGraph:
    """Tasks joined by CONTINUES, from the later to the earlier one; isolated tasks are in it too."""
    network = networkx.DiGraph()
    for row in store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task) RETURN t.id AS id, t.text AS text, p.id AS plan, coalesce(p.first_year, 0) AS year ORDER BY id"):
        network.add_node(row.pop("id"), **row)
    for row in store.read("MATCH (l:Task)-[c:CONTINUES]->(e:Task) RETURN l.id AS later, e.id AS earlier, c.score AS score, c.named AS named, c.relation AS relation ORDER BY later, earlier"):
        network.add_edge(row.pop("later"), row.pop("earlier"), **row)
    return network


@one_state
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
