"""The graph as the page that draws it asks for it: neighbours, edges among nodes, shortest paths."""

from __future__ import annotations

import pytest
from served import assert_problem, first_id

from graph.ids import KINDS as KIND_OF_LETTER
from graph.paths import HOPS, shortest_paths
from graph.store import open_store
from graph.surroundings import KINDS, read_edges, read_neighbours, read_nodes

NO_SUCH = "d-aaaaaaaaaaaa"


@pytest.fixture(scope="module")
def read(client):
    """Cypher over the samples."""
    with open_store(client.app.state.graph.url) as store:
        yield store.read


@pytest.fixture(scope="module")
def ids(read):
    """Things of the samples by short names."""
    found = {name: read(query)[0]["id"] for name, query in {
        "coast": "MATCH (n:Department) WHERE n.name = '海岸司' RETURN n.id AS id", "plan": "MATCH (n:Plan) WHERE n.first_year = 2022 RETURN n.id AS id",
        "city": "MATCH (n:Plan) WHERE n.place = '临澜市' RETURN n.id AS id"}.items()}
    found["task"] = read("MATCH (d:Department)-[:RESPONSIBLE_FOR]->(t:Task) WHERE d.id = $id RETURN t.id AS id ORDER BY id", id=found["coast"])[0]["id"]
    return found


@pytest.mark.parametrize("name", ["coast", "plan", "task", "city"])
def test_neighbours_are_those_of_the_graph(client, read, ids, name):
    """A node that is next to another must be drawn, and nothing else."""
    body = client.get(f"/api/graph/{ids[name]}?limit=500").json()
    said = {row["id"] for row in read("MATCH (n)-[r]-(m) WHERE n.id = $id AND type(r) <> 'RESEMBLES' RETURN DISTINCT m.id AS id", id=ids[name])}
    assert body["nodes"][0]["id"] == ids[name] and body["left_out"] == {}
    assert {node["id"] for node in body["nodes"][1:]} == said and len(said) > 3
    assert all(node["kind"] == KIND_OF_LETTER[node["id"][0]] for node in body["nodes"])


@pytest.mark.parametrize("name", ["coast", "task"])
def test_edges_are_all_among_what_is_shown(client, read, ids, name):
    """Two neighbours that are linked would stand there as if they were not."""
    body = client.get(f"/api/graph/{ids[name]}?limit=500").json()
    shown = [node["id"] for node in body["nodes"]]
    rows = read("MATCH (a)-[r]->(b) WHERE a.id IN $ids AND b.id IN $ids AND type(r) <> 'RESEMBLES' RETURN a.id AS source, b.id AS target, type(r) AS kind", ids=shown)
    assert sum(edge["times"] for edge in body["edges"]) == len(rows)
    assert {(edge["source"], edge["target"], edge["kind"]) for edge in body["edges"]} == {(row["source"], row["target"], row["kind"]) for row in rows}
    assert client.get(f"/api/graph/between?ids={','.join(shown)}").json() == {"nodes": body["nodes"], "edges": body["edges"]}


def test_edges_say_role_and_score(client, read, ids):
    """Lead and support could not be drawn apart."""
    edges = client.get(f"/api/graph/{ids['coast']}?limit=500").json()["edges"]
    roles = read("MATCH (d:Department)-[r:RESPONSIBLE_FOR]->(:Task) WHERE d.id = $id RETURN r.role AS role ORDER BY role", id=ids["coast"])
    assert sorted(edge["role"] for edge in edges if edge["kind"] == "RESPONSIBLE_FOR" and edge["source"] == ids["coast"]) == [row["role"] for row in roles]
    assert all(0 < edge["score"] <= 1 for edge in edges if edge["kind"] == "CONTINUES")
    assert {edge["role"] for edge in edges if edge["kind"] != "RESPONSIBLE_FOR"} == {None}


def test_a_limit_says_what_it_leaves_out(client, ids):
    """Three of 24 tasks must not be taken for all."""
    body = client.get(f"/api/graph/{ids['plan']}?limit=3").json()
    assert [node["kind"] for node in body["nodes"]].count("Task") == 3 and body["left_out"] == {"Task": 21, "Goal": 2}
    whole = client.get(f"/api/graph/{ids['plan']}").json()
    assert [node["id"] for node in body["nodes"] if node["kind"] == "Task"] == [task["id"] for task in client.get(f"/api/plans/{ids['plan']}").json()["tasks"][:3]]
    assert len(whole["nodes"]) == len(body["nodes"]) + 23


def test_tasks_come_from_the_latest_year_on(client, ids):
    """Cut at the limit, a unit would be shown with what it did long ago."""
    years = [node["years"] for node in client.get(f"/api/graph/{ids['coast']}").json()["nodes"] if node["kind"] == "Task"]
    assert years == sorted(years, reverse=True) and len({*map(tuple, years)}) == 2


def test_kinds_are_chosen(client, ids):
    """Whoever asks for units only would wait for everything."""
    body = client.get(f"/api/graph/{ids['task']}?kinds=Department,Plan").json()
    assert {node["kind"] for node in body["nodes"][1:]} == {"Department", "Plan"}
    assert "Taks" in assert_problem(client.get(f"/api/graph/{ids['task']}?kinds=Plan,Taks"), 400)


def test_links_below_the_cut_are_asked_for(client, read):
    """They mostly do not hold, and would be read as if they did."""
    task = read("MATCH (a:Task)-[:RESEMBLES]->(b:Task) RETURN a.id AS id ORDER BY id")[0]["id"]
    kinds = [{edge["kind"] for edge in client.get(f"/api/graph/{task}?perhaps={perhaps}").json()["edges"]} for perhaps in ("false", "true")]
    assert "RESEMBLES" not in kinds[0] and "RESEMBLES" in kinds[1]


def test_nodes_lead_to_their_place(client, read):
    """A goal, a target and a duty have no page of their own."""
    for kind, words in (("Goal", "text"), ("Indicator", "quote"), ("Duty", "text")):
        row = read(f"MATCH (n:{kind}) RETURN n.id AS id, n.{words} AS words ORDER BY id")[0]
        node = client.get(f"/api/graph/{row['id']}").json()["nodes"][0]
        text = client.get(f"/api/documents/{node['document']}/text").text
        assert text[node["start_char"]:node["end_char"]] == row["words"] == node["label"]


def test_every_kind_can_be_the_first(client, read):
    """One kind without its query would be an error on a click."""
    for kind in KINDS:
        row = read(f"MATCH (n:{kind}) RETURN n.id AS id ORDER BY id")[0]
        body = client.get(f"/api/graph/{row['id']}").json()
        assert body["nodes"][0] | {"id": row["id"], "kind": kind} == body["nodes"][0] and body["nodes"][0]["label"] and len(body["nodes"]) > 1, kind


@pytest.mark.parametrize("path", [f"/api/graph/{NO_SUCH}", "/api/graph/nope", "/api/graph/m-meta", f"/api/graph/between?ids={NO_SUCH}", f"/api/paths?from={NO_SUCH}&to={NO_SUCH}"])
def test_an_unknown_id(client, path):
    """A misspelt id is no empty graph."""
    assert "holds no node" in assert_problem(client.get(path), 404)


def test_too_many_ids(client, ids):
    """The address would be cut off on its way."""
    assert "501 ids" in assert_problem(client.get("/api/graph/between?ids=" + ",".join(f"t-{k:012}" for k in range(501))), 400)


# --- paths -------------------------------------------------------------------------------------------

def paths(client, start, end, more=""):
    return client.get(f"/api/paths?from={start}&to={end}{more}").json()


def test_paths_of_known_length(client, read, ids):
    """Cypher's own count says how long they are and how many there are."""
    assert (paths(client, ids["coast"], ids["task"])["length"], paths(client, ids["coast"], ids["task"])["paths"]) == (1, [[ids["coast"], ids["task"]]])
    body = paths(client, ids["coast"], ids["plan"], "&limit=20")
    # Its tasks of the plan, and the ministry: it is part of it, and the plan is issued by it.
    between = {row["id"] for pattern in ("-[:RESPONSIBLE_FOR]->(n:Task)<-[:HAS_TASK]-", "-[:PART_OF]->(n:Department)<-[:ISSUED_BY]-") for row in read(
        f"MATCH (d:Department){pattern}(p:Plan) WHERE d.id = $d AND p.id = $p RETURN DISTINCT n.id AS id", d=ids["coast"], p=ids["plan"])}
    assert body["length"] == 2 and body["total"] == len(between) == len(body["paths"]) == 5 and {path[1] for path in body["paths"]} == between
    assert body["paths"] == sorted(body["paths"]) and body["note"] is None and not body["gave_up"]


def test_a_path_is_made_of_edges(client, ids):
    """A step without an edge would be drawn as a gap."""
    body = paths(client, ids["coast"], ids["city"])
    edges = {frozenset((edge["source"], edge["target"])) for edge in body["edges"]}
    assert body["length"] == 3 and 1 <= len(body["paths"]) <= 5
    for path in body["paths"]:
        assert (path[0], path[-1], len(path)) == (ids["coast"], ids["city"], 4)
        assert {frozenset(step) for step in zip(path, path[1:], strict=False)} <= edges
    assert {node["id"] for node in body["nodes"]} == {node for path in body["paths"] for node in path}


def test_the_way_back_is_as_long(client, ids):
    """From which end one asks must not matter."""
    there, back = paths(client, ids["coast"], ids["city"], "&limit=20"), paths(client, ids["city"], ids["coast"], "&limit=20")
    assert (there["length"], there["total"]) == (back["length"], back["total"])
    assert sorted(there["paths"]) == sorted(path[::-1] for path in back["paths"])


def test_kinds_between_the_ends(client, ids):
    """Where tasks are not wanted, a path through tasks is none; the ends are what they are."""
    body = paths(client, ids["coast"], ids["city"], "&kinds=Policy")
    assert body["paths"] == [] and body["length"] is None and f"up to {HOPS} edges" in body["note"]
    assert [node["id"] for node in body["nodes"]] == [ids["coast"], ids["city"]] and body["edges"] == []


def test_collectives_are_no_way_through(client, read):
    """Everything is joined by 各区政府, which says nothing."""
    rows = read("MATCH (a:Task)<-[:RESPONSIBLE_FOR]-(d:Department)-[:RESPONSIBLE_FOR]->(b:Task) WHERE d.collective AND a.id < b.id RETURN a.id AS one, d.id AS unit, b.id AS other ORDER BY one, other")
    one, unit, other = (rows[0][name] for name in ("one", "unit", "other"))
    through = [one, unit, other]
    assert through in paths(client, one, other, "&collectives=true&limit=20")["paths"]
    assert through not in paths(client, one, other, "&limit=20")["paths"]
    assert paths(client, one, unit)["length"] == 1, "an end may be one"


def test_both_ends_the_same(client, ids):
    """There is nothing between."""
    assert "another node than from" in assert_problem(client.get(f"/api/paths?from={ids['plan']}&to={ids['plan']}"), 400)


def test_a_search_is_given_up(monkeypatch, client, ids):
    """In a graph of a hundred thousand tasks a request would take minutes."""
    monkeypatch.setattr("graph.paths.VISITED", 5)
    body = paths(client, ids["coast"], first_id(client, "indicators"))
    assert body["gave_up"] and body["paths"] == [] and "given up" in body["note"]


def test_both_engines_give_the_same(store, golden):
    """A drawing for a paper must not depend on where the graph is kept."""
    unit, plan = (store.read(query)[0]["id"] for query in ("MATCH (d:Department) WHERE d.name = '海岸司' RETURN d.id AS id", "MATCH (p:Plan) WHERE p.place = '临澜市' RETURN p.id AS id"))
    found = read_neighbours(store, unit, KINDS, True)
    near = [unit] + [row["id"] for rows in found.values() for row in rows]
    golden("graph/surroundings", {
        "nodes": read_nodes(store, near), "edges": [edge | {"score": edge["score"] and round(edge["score"], 6)} for edge in read_edges(store, near, True)], "paths": shortest_paths(store, unit, plan, 5).paths})
