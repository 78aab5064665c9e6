"""The forms that the lint refuses, each run on both engines: a new version of one that changes its meaning is noticed here."""

from __future__ import annotations

import pytest

from graph.errors import BadCypher, NotReading
from graph.store import is_server
from queries.lint import FORMS

LADYBUG, NEO4J = "embedded", "server"
PLAN_2022 = "MATCH (p:Plan) WHERE p.first_year = 2022 "
# Form to the queries that show it: query, parameters, what ladybug says, what Neo4j says. A str that starts with
# "refused" is an error whose message holds the rest.
SHOWN: dict[str, list[tuple]] = {
    "null or": [("MATCH (p:Plan) WHERE $x IS NULL OR $x IN p.years RETURN count(p) AS v", {"x": None}, "refused: compare", 3)],
    "substring": [("RETURN substring('海岸司', 1, 1) AS v", {}, "海", "岸")],
    "list index": [("RETURN ['a', 'b'][1] AS v", {}, "a", "b"), (PLAN_2022 + "RETURN p.years[1] AS v", {}, 2022, None)],
    "labels": [(PLAN_2022 + "RETURN labels(p) AS v", {}, "Plan", ["Plan"])],
    "any": [("MATCH (p:Plan) WHERE any(y IN p.years WHERE y = $x) RETURN count(p) AS v", {"x": 2025}, "refused: Assertion failed", 2)],
    "comprehension": [("RETURN [x IN [1, 2] | x + 1] AS v", {}, "refused: not in scope", [2, 3])],
    "map projection": [(PLAN_2022 + "RETURN p {.first_year} AS v", {}, "refused: Parser exception", {"first_year": 2022})],
    "call": [
        ("CALL { MATCH (p:Plan) RETURN count(p) AS n } RETURN n AS v", {}, "refused: Parser exception", 3),
        ("CALL show_tables() RETURN count(*) > 0 AS v", {}, True, "refused: show_tables"),
        ("CALL db.labels() YIELD label RETURN count(*) > 0 AS v", {}, "refused: Parser exception", True)],
    "case in a case": [
        (PLAN_2022 + "RETURN CASE WHEN CASE WHEN p.first_year = 2022 THEN true ELSE false END THEN 'yes' ELSE 'no' END AS v", {}, "no", "yes"),
        (PLAN_2022 + "RETURN CASE WHEN (CASE WHEN $x IS NULL THEN true ELSE $x IN p.years END) THEN 'yes' ELSE 'no' END AS v", {"x": None}, "no", "yes")],
    "functions": [
        ("RETURN toString(1) AS v", {}, "refused: TOSTRING does not exist", "1"),
        ("RETURN toFloat('1') AS v", {}, "refused: TOFLOAT does not exist", 1.0),
        ("RETURN head([1, 2]) AS v", {}, "refused: HEAD does not exist", 1),
        ("RETURN last([1, 2]) AS v", {}, "refused: LAST does not exist", 2),
        ("RETURN reduce(sum = 0, x IN [1, 2] | sum + x) AS v", {}, "refused: REDUCE does not exist", 3),
        ("MATCH (a:Task)-[c:CONTINUES]->(:Task) RETURN count(startNode(c)) > 0 AS v", {}, "refused: STARTNODE does not exist", True),
        ("MATCH (a:Task)-[c:CONTINUES]->(:Task) RETURN count(endNode(c)) > 0 AS v", {}, "refused: ENDNODE does not exist", True),
        (PLAN_2022 + "RETURN elementId(p) <> '' AS v", {}, "refused: ELEMENTID does not exist", True),
        ("MATCH (a:Plan), (t:Task) WHERE a.first_year = 2022 AND t.id IN $ids MATCH way = shortestPath((a)-[:HAS_TASK*1..2]->(t)) RETURN count(way) AS v",
         {"ids": []}, "refused: Parser exception", 0)],
    "properties": [("MATCH (m) WHERE m.id = 'm-meta' RETURN properties(m) AS v", {}, "more than 5 keys", "5 keys")],
    "length of a list": [("MATCH (:Task)-[r:CONTINUES*1..2]->(:Task) RETURN max(length(r)) > 0 AS v", {}, True, "refused: Type mismatch")],
}
# Where the engines differ in what no pattern can refuse: the store, the loader or the questions see to it.
SEEN_TO = {
    "a sum of nothing": ("MATCH (p:Plan) WHERE p.first_year = 1999 RETURN sum(p.first_year) AS v", {}, None, 0),
    "a missing parameter": ("MATCH (p:Plan) WHERE p.first_year = $x RETURN count(p) AS v", {}, 0, "refused: Expected parameter"),
    "a parameter of another type": ("MATCH (p:Plan) WHERE p.first_year = $x RETURN count(p) AS v", {"x": "2022"}, 1, 0),
    "collect after ORDER BY": ("MATCH (p:Plan) WITH p ORDER BY p.first_year RETURN collect(p.first_year) AS v", {}, "refused: ORDER BY must be followed", [2022, 2025, 2025]),
}


def outcome(store, query: str, params: dict):
    try:
        value = store.read(query, **params)[0]["v"]
    except BadCypher as error:
        return f"refused: {error}"
    if isinstance(value, dict) and "graph" in value:
        return "5 keys" if len(value) == 5 else "more than 5 keys"
    return value


def assert_shown(store, query, params, ladybug, neo4j) -> None:
    found, expected = outcome(store, query, params), neo4j if is_server(store.url) else ladybug
    if isinstance(expected, str) and expected.startswith("refused: "):
        assert isinstance(found, str) and found.startswith("refused: ") and expected.removeprefix("refused: ") in found, found
    else:
        assert found == expected and type(found) is type(expected)


# The second shows only in a graph that was added to: tests/graph/test_edges_between_hops.py.
OF_ITS_OWN = ("write", "edge between hops")


@pytest.mark.parametrize("form", [name for name, _, _ in FORMS if name not in OF_ITS_OWN])
def test_the_form_differs_as_the_lint_says(store, form):
    """The lint would go on refusing what works by now, or its words be wrong about why."""
    pattern = next(pattern for name, pattern, _ in FORMS if name == form)
    for shown in SHOWN[form]:
        assert pattern.search(shown[0]), shown[0]
        assert_shown(store, *shown)


@pytest.mark.parametrize("difference", SEEN_TO)
def test_differences_that_the_loader_sees_to(store, difference):
    """If an engine changes here, a check of the loader can go or another is needed."""
    assert_shown(store, *SEEN_TO[difference])


@pytest.mark.parametrize("query", [
    "CREATE (p:Programme {id: 'r-aaaaaaaaaaaa'})", "MATCH (p:Plan) SET p.title = ''", "MATCH (p:Plan) DETACH DELETE p", "MERGE (p:Programme {id: 'r-aaaaaaaaaaaa'})"])
def test_writing_is_refused_by_both(store, query):
    """The lint is the second guard of the graph; this is the first."""
    with pytest.raises(NotReading):
        store.read(query)


# What the questions are written in: it must mean the same on both engines.
COMMON = {
    "null or a value": ("MATCH (p:Plan) WHERE CASE WHEN $x IS NULL THEN true ELSE $x IN p.years END RETURN count(p) AS v", {"x": None}, 3),
    "a value of a list": ("MATCH (p:Plan) WHERE CASE WHEN $x IS NULL THEN true ELSE $x IN p.years END RETURN count(p) AS v", {"x": 2025}, 2),
    "size of an empty list": ("MATCH (t:Task) WHERE size(t.codes) = 0 RETURN count(t) AS v", {}, 62),
    "size of a list that a kind lacks": (PLAN_2022 + "MATCH (p)-[:HAS_TASK|HAS_GOAL]->(t) WHERE CASE WHEN $x = '(none)' THEN size(t.codes) = 0 ELSE $x IN t.codes END RETURN count(t) AS v", {"x": "(none)"}, 24),
    "a case as a column": (PLAN_2022 + "WITH p, CASE WHEN $x IS NULL THEN true ELSE $x IN p.years END AS meets RETURN count(CASE WHEN meets THEN p.id ELSE null END) AS v", {"x": None}, 1),
    "a list given": ("MATCH (p:Plan) WHERE p.first_year IN $x RETURN count(p) AS v", {"x": [2022, 1999]}, 1),
    "count of a pattern": (PLAN_2022 + "RETURN COUNT { MATCH (p)-[:HAS_TASK]->(:Task) } AS v", {}, 24),
    "a pattern that exists": ("MATCH (p:Plan) WHERE EXISTS { MATCH (p)-[:HAS_GOAL]->(:Goal) } RETURN count(p) AS v", {}, 3),
    "one of two kinds of edge": (PLAN_2022 + "MATCH (p)-[:HAS_TASK|HAS_GOAL]->(t) RETURN count(t) AS v", {}, 29),
    "a sum": ("MATCH (p:Plan) RETURN sum(p.first_year) AS v", {}, 6072),
    "a half rounded": ("RETURN round(0.125 + 0.000001, 2) AS v", {}, 0.13),
    "whole numbers divided": ("RETURN 7 / 2 AS v", {}, 3),
    "null in a collection": (PLAN_2022 + "OPTIONAL MATCH (p)-[:IS]->(q:Plan) RETURN count(q) AS v", {}, 0),
    "kind of an edge": (PLAN_2022 + "MATCH (p)-[r:HAS_GOAL]->(:Goal) RETURN DISTINCT type(r) AS v", {}, "HAS_GOAL"),
    "a node matched again": (PLAN_2022 + "WITH p AS q MATCH (p:Plan) WHERE id(p) = id(q) RETURN count(p) AS v", {}, 1),
    "length of a path": ("MATCH way = (:Task)-[:CONTINUES*1..2]->(:Task) RETURN max(length(way)) AS v", {}, 2),
}


@pytest.mark.parametrize("form", COMMON)
def test_the_common_forms_mean_the_same(store, form):
    """Every question rests on these."""
    query, params, expected = COMMON[form]
    assert_shown(store, query, params, expected, expected)
