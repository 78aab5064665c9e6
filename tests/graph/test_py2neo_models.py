"""The graph as py2neo's objects: held against graph/model.py, and walked in a real Neo4j."""

from __future__ import annotations

import pytest
from conftest import load, open_store, wipe

from graph import model
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of

ogm = pytest.importorskip("py2neo.ogm")
models = pytest.importorskip("graph.py2neo_models")
RELATIONS = [(kind, name, related) for kind in models.MODELS for name, related in vars(kind).items() if isinstance(related, ogm.Related)]


def test_each_kind_and_its_properties_are_those_of_the_graph():
    """A field that is renamed in graph/model.py, or a kind that is added, is renamed and added here."""
    assert [kind.__name__ for kind in models.MODELS] == [kind.__name__ for kind in model.NODES if kind is not model.Meta]
    for kind in models.MODELS:
        named = {name for name, value in vars(kind).items() if isinstance(value, ogm.Property)}
        assert named == set(model.properties(getattr(model, kind.__name__))), kind


def test_each_relation_is_an_edge_of_the_graph_and_each_edge_can_be_walked_both_ways():
    walked = set()
    for kind, name, related in RELATIONS:
        edge = getattr(model, related.relationship_type)
        outward = isinstance(related, ogm.RelatedTo)
        others = {pair[outward] for pair in edge.PAIRS if pair[not outward] == kind.__name__}
        assert others == {related.related_class} or len(others) > 1 and related.related_class == "Anything", f"{kind.__name__}.{name}"
        walked |= {(edge, *((kind.__name__, other) if outward else (other, kind.__name__)), outward) for other in others}
    assert walked == {(edge, *pair, outward) for edge in model.EDGES for pair in edge.PAIRS for outward in (True, False)}


def test_one_kind_has_one_relation_for_an_edge_and_a_direction():
    """py2neo keeps what it found by edge and direction alone: a second relation would give the first one's nodes."""
    seen = [(kind, type(related), related.relationship_type) for kind, _, related in RELATIONS]
    assert len(seen) == len(set(seen))


def _add_what_the_samples_lack(transaction) -> None:
    """An edge of each kind and pair that no sample has, so that each relation has something to walk."""
    for edge in model.EDGES:
        for source, target in edge.PAIRS:
            if not transaction.run(f"MATCH (:{source})-[r:{edge.__name__}]->(:{target}) RETURN r LIMIT 1"):
                transaction.run(f"MATCH (a:{source}) WITH a ORDER BY a.id LIMIT 1 MATCH (b:{target}) WITH a, b ORDER BY b.id DESC LIMIT 1 CREATE (a)-[:{edge.__name__} {{position: 7}}]->(b)")


@pytest.fixture(scope="module")
def graph(neo4j_address, sample_records):
    """py2neo's repository over the samples, and the same graph as a store."""
    import neo4j_server

    wipe(neo4j_address)
    with open_store(neo4j_address, "create") as opened:
        load(opened, [bundle_of(record) for record in sample_records], Linker())
        opened.transact(_add_what_the_samples_lack)
        yield ogm.Repository(neo4j_address, auth=("neo4j", neo4j_server.PASSWORD)), opened


@pytest.mark.slow
@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_a_notebook_walks_from_a_plan_to_its_tasks_and_the_roles_of_their_units(graph):
    repository, _ = graph
    plan = repository.match(models.Plan).where(title="2025年智慧渔业和海岸保护工作要点").first()
    first, second = sorted(plan.tasks, key=lambda task: task.position)[:2]
    assert len(plan.tasks) == 22 and [document.id for document in first.plans] == [plan.id]
    assert {unit.name: first.departments.get(unit, "role") for unit in first.departments} == {"渔船渔港司": "lead", "规划司": "support", "财务司": "support", "各地渔业行政部门": "support"}
    assert {unit.name: second.departments.get(unit, "position") for unit in second.departments} == {"渔船渔港司": 1, "科技司": 2, "渔业信息中心": 3}
    assert [body.name for body in plan.issued_by] == ["海岸与渔业部"] and plan.years == [2025]
    (document,) = plan.documents
    assert document.text[second.start_char:second.end_char] == second.text
    assert {type(thing) for thing in document.contains} == {models.Plan}
    earlier = next(task for task in first.continues if task.position == 4)
    assert first.continues.get(earlier, "evidence_later") == "扩大“智慧渔港”行动覆盖面" and first.id in {task.id for task in earlier.continued_by}


@pytest.mark.slow
@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_every_relation_gives_the_nodes_that_the_graph_joins(graph):
    """For the five busiest nodes of each relation: who is there, of which kind, and the properties of the edge."""
    repository, store = graph
    for kind, name, related in RELATIONS:
        ends = ("(n)-[r:{}]->(o)" if isinstance(related, ogm.RelatedTo) else "(n)<-[r:{}]-(o)").format(related.relationship_type)
        busiest = store.read(f"MATCH {ends} WHERE n:{kind.__name__} RETURN n.id AS id, count(r) AS n ORDER BY n DESC, id LIMIT 5")
        assert busiest, f"{kind.__name__}.{name}"
        for row in busiest:
            there = store.read(f"MATCH {ends} WHERE n:{kind.__name__} AND n.id = $id RETURN o.id AS id, labels(o) AS labels, collect(properties(r)) AS edges", id=row["id"])
            found = getattr(repository.get(kind, row["id"]), name)
            assert {(other.id, type(other).__name__) for other in found} == {(other["id"], other["labels"][0]) for other in there}, f"{kind.__name__}.{name}"
            edges = {other["id"]: other["edges"] for other in there}
            for _, (_, properties), other in found.triples():
                assert dict(properties) in edges[other.id], f"{kind.__name__}.{name}"


@pytest.mark.slow
@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_every_property_is_read_as_the_graph_has_it(graph):
    repository, store = graph
    for kind in models.MODELS:
        stored = store.read(f"MATCH (n:{kind.__name__}) RETURN properties(n) AS properties ORDER BY n.id LIMIT 1")[0]["properties"]
        thing = repository.get(kind, stored["id"])
        assert {name: value for name in model.properties(getattr(model, kind.__name__)) if (value := getattr(thing, name)) is not None} == stored
