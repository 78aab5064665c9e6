"""`policygraph export --format neo4j-admin`, by Neo4j's own import tool into a real Neo4j, as README.txt says."""

from __future__ import annotations

import shlex

import neo4j_server
import pytest
from commands import refused, run
from conftest import needs_neo4j
from exported import HOSTILE, hostile_graph
from imports import run_script
from whole_graph import dump

import queries
from graph import model
from graph.store import open_store

pytestmark = [pytest.mark.slow, pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture(scope="module")
def imported(tmp_path_factory, sample_records):
    """Addresses of an embedded graph and of the Neo4j into which it was imported, and the id of its hostile task."""
    top = tmp_path_factory.mktemp("imported")
    url = str(top / "graph.lbug")
    task = hostile_graph(sample_records, url)
    folder, home = top / "export", top / "home"
    assert run("export", "--format", "neo4j-admin", "-o", folder, "--store", url).exit_code == 0
    command = next(line for line in (folder / "README.txt").read_text(encoding="utf-8").splitlines() if line.startswith("  neo4j-admin "))
    with needs_neo4j():
        done = neo4j_server.neo4j_admin(home, folder, *shlex.split(command)[1:])
        assert done.returncode == 0, done.stdout + done.stderr
        server = neo4j_server.start(home, short=True)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("POLICYGRAPH_NEO4J_PASSWORD", neo4j_server.PASSWORD)
            # Without the script lists that are empty are null, and questions count wrongly.
            assert "there is no graph here" in refused(run("status", "--store", server.bolt), 1)
            run_script(server.bolt, (folder / "after-import.cypher").read_text(encoding="utf-8"))
            yield url, server.bolt, task
    finally:
        server.stop()


def test_every_node_edge_and_property_is_there(imported):
    """Line ends, quotation marks, an empty text that is not null, an empty list that is not null: all as they were."""
    with open_store(imported[0]) as embedded, open_store(imported[1]) as server:
        imported_lines, lines = set(dump(server)), set(dump(embedded))
        assert (sorted(lines - imported_lines), sorted(imported_lines - lines)) == ([], [])
        assert len(dump(server)) == len(dump(embedded))
        assert server.meta() == embedded.meta()
        assert server.read("MATCH (t:Task) WHERE t.id = $id RETURN t.text AS text, t.clause AS clause", id=imported[2]) == [{"text": HOSTILE, "clause": ""}]
        assert server.read("MATCH (t:Task) WHERE size(t.codes) = 0 RETURN count(t) AS n") == [{"n": 61}]


def test_it_is_a_graph_of_policygraph(imported):
    """`status` as README.txt gives it, and the same answers as before."""
    shown = [run("status", "--store", url, "--format", "json") for url in imported[:2]]
    assert [result.exit_code for result in shown] == [0, 0] and shown[0].stdout == shown[1].stdout
    for name, given in (("department_workload", {"year": 2022}), ("continued_between", {"from_year": 2022, "to_year": 2025}), ("coverage", {})):
        rows = list(queries.run(name, imported[0], **given))
        assert rows and list(queries.run(name, imported[1], **given)) == rows


def test_no_id_can_come_twice(imported):
    """Without the constraints loading on is slow, and two nodes of one id are two tasks."""
    with open_store(imported[1]) as server:
        found = server.read("SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes AS labels, properties AS properties")
    assert sorted(row["labels"][0] for row in found if row["properties"] == ["id"]) == sorted(kind.__name__ for kind in model.NODES)


def test_an_export_of_the_server_is_that_of_the_file(imported, tmp_path):
    """Which engine holds the graph must not be seen in the data."""
    for name, url in zip(("embedded", "server"), imported, strict=False):
        assert run("export", "-o", tmp_path / name, "--store", url).exit_code == 0
    files = [path.relative_to(tmp_path / "embedded") for path in (tmp_path / "embedded").rglob("*") if path.is_file()]
    assert len(files) == 33
    for path in files:
        assert (tmp_path / "server" / path).read_bytes() == (tmp_path / "embedded" / path).read_bytes(), path
