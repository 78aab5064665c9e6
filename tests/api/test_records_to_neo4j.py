"""Files on a cluster to records, links and Neo4j's own import tool: the graph that `ingest` makes of them on one machine."""

from __future__ import annotations

import json
import shlex

import neo4j_server
import pytest
from commands import refused, run
from conftest import SAMPLES, needs_neo4j
from dask_cluster import dask_cluster
from generated_files import write_plan_files
from imports import run_script
from mixed_folder import write_mixed_folder
from whole_graph import dump

from api.export import lines_of_work
from graph.store import open_store

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Six bodies of a province over three years, plans that cite each other and units with duties; a draft, a copy, a file that cannot be read."""
    top = tmp_path_factory.mktemp("from_records")
    plans = write_mixed_folder(top / "plans")
    for n, path in enumerate(write_plan_files(top / "made", 18, 8, 3)):
        (plans / f"made-{n:02}.txt").write_bytes(open(path, "rb").read())
    text = (SAMPLES / "ministry-2022.txt").read_text(encoding="utf-8")
    (plans / "a-draft.txt").write_text(text.replace("工作要点", "工作要点（征求意见稿）", 1), encoding="utf-8")
    (plans / "ministry-2022-copy.txt").write_text(text, encoding="utf-8")
    (plans / "ministry-2022-reposted.txt").write_text(text.replace("，", "，切实", 1), encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def exported(folder):
    """The folder of the import tool's files."""
    with pytest.MonkeyPatch.context() as patch, dask_cluster() as cluster:
        patch.chdir(folder)
        assert "empty.txt" in run("extract", "--cluster", cluster.address, "plans", "-o", "records", "--partition", 9).stderr
        assert run("link", "--cluster", cluster.address, "--from-records", "records", "-o", "links").exit_code == 0
        result = run("export", "--from-records", "records", "--links", "links", "--format", "neo4j-admin", "-o", "import")
    assert result.exit_code == 0 and "counted once" in result.stderr, result.output
    return folder / "import"


@pytest.fixture(scope="module")
def ingested(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run("ingest", "plans", "--store", "graph.lbug")
    return str(folder / "graph.lbug")


@pytest.fixture(scope="module")
def imported(folder, exported):
    """The address of the Neo4j into which they were imported, as README.txt says."""
    command = next(line for line in (exported / "README.txt").read_text(encoding="utf-8").splitlines() if line.startswith("  neo4j-admin "))
    with needs_neo4j():
        done = neo4j_server.neo4j_admin(folder / "home", exported, *shlex.split(command)[1:])
        assert done.returncode == 0, done.stdout + done.stderr
        server = neo4j_server.start(folder / "home")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("POLICYGRAPH_NEO4J_PASSWORD", neo4j_server.PASSWORD)
            run_script(server.bolt, (exported / "after-import.cypher").read_text(encoding="utf-8"))
            yield server.bolt
    finally:
        server.stop()


def test_neo4j_has_the_graph_that_ingest_makes(imported, ingested):
    """Every node, edge and property: shared nodes once, counterparts, successions, cited plans, what is only perhaps a link."""
    with open_store(ingested) as embedded, open_store(imported) as server:
        lines, expected = dump(server), dump(embedded)
        assert (sorted(set(expected) - set(lines))[:5], sorted(set(lines) - set(expected))[:5]) == ([], [])
        assert len(lines) == len(expected) and server.meta()["schema"] == embedded.meta()["schema"]
        assert {json.loads(line)[0] for line in lines} >= {"COUNTERPART_OF", "RESEMBLES", "CONTINUES", "CITES", "NAMES", "PART_OF", "REPEATS"}


def test_neo4j_gets_each_shared_node_once_and_headers_once(exported):
    told = json.loads((exported / "policygraph-export.json").read_text(encoding="utf-8"))
    for kind in ("Department", "Policy", "Programme", "Task"):
        header, files = exported / "nodes" / f"{kind}.csv", sorted((exported / "nodes").glob(f"{kind}-*.csv"))
        assert header.read_text(encoding="utf-8").startswith("id:ID,") and header.read_text(encoding="utf-8").count("\n") == 1 and len(files) > 2
        ids = [line.split(",")[0] for path in files for line in path.read_text(encoding="utf-8").splitlines() if line.startswith('"') and line[2:3] == "-"]
        assert len(ids) == len(set(ids)) == told["nodes"][kind], kind
    arguments = (exported / "import.args").read_text(encoding="utf-8")
    assert all(name in arguments for name in told["files"] if name.startswith(("nodes/", "edges/")))


def test_counterparts_for_neo4j_do_not_depend_on_how_many_bodies_are_looked_at_at_a_time(folder, exported, tmp_path, monkeypatch):
    monkeypatch.setattr(lines_of_work, "_BODIES", 1)
    assert run("export", "--from-records", folder / "records", "--links", folder / "links", "--format", "neo4j-admin", "-o", tmp_path / "import").exit_code == 0
    found = [sorted(line for file in (top / "edges").glob("COUNTERPART_OF-*.csv") for line in file.read_text(encoding="utf-8").splitlines()) for top in (tmp_path / "import", exported)]
    assert found[0] == found[1] and any("lines of work" in line for line in found[0]) and len(found[0]) > 10


def test_records_without_links_make_a_neo4j_import_without_them(folder, exported, tmp_path):
    assert run("export", "--from-records", folder / "records", "--format", "neo4j-admin", "-o", tmp_path / "import").exit_code == 0
    told, linked = (json.loads((path / "policygraph-export.json").read_text(encoding="utf-8")) for path in (tmp_path / "import", exported))
    assert told["nodes"] == linked["nodes"] and (told["edges"]["CONTINUES"], told["edges"]["RESEMBLES"]) == (0, 0)


def test_what_is_wrong_with_records_for_neo4j_is_one_line(folder, exported, tmp_path):
    def said(*arguments, code: int = 1) -> str:
        return refused(run("export", "-o", tmp_path / "import", *arguments), code)

    assert "--format neo4j-admin" in said("--from-records", folder / "records", code=2)
    assert "records.json is not in it" in said("--from-records", folder / "links", "--format", "neo4j-admin")
    assert "links.json is not in it" in said("--from-records", folder / "records", "--links", folder / "records", "--format", "neo4j-admin")
    (tmp_path / "records").mkdir()
    for path in (folder / "records").iterdir():
        (tmp_path / "records" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "records" / "records.json").write_text((folder / "records" / "records.json").read_text().replace('"parts": [', '"parts": ["part-00000-000000000000.parquet",', 1))
    assert "1 of the" in said("--from-records", tmp_path / "records", "--format", "neo4j-admin")
    assert not (tmp_path / "import").exists()
