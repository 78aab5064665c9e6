"""`policygraph export`: what pandas and networkx read back is the graph, and no folder is ever half or wrongly replaced."""

from __future__ import annotations

import csv
import json
import re

import networkx
import pandas
import pytest
from commands import refused, run
from exported import CODES, HOSTILE, hostile_graph

import api.export
import queries
from api.export import flat
from api.export.columns import edge_columns, node_columns
from api.output import flat_cell
from graph import model, pages
from graph.load import count_graph
from graph.networks import whole_graph
from graph.store import open_store

FORMATS = ("csv", "parquet", "graphml", "neo4j-admin")
# From Stata's manual, [U] 11.3 Naming conventions; str1 to str2045 besides.
STATA = set("_all _b byte _coef _cons double float if in int long _n _N _pi _pred _rc _skip strL using with".split())


@pytest.fixture(scope="module")
def graph(tmp_path_factory, sample_records):
    """Address of the graph, id of its hostile task."""
    url = str(tmp_path_factory.mktemp("graph") / "graph.lbug")
    return url, hostile_graph(sample_records, url)


@pytest.fixture(scope="module")
def folders(graph, tmp_path_factory):
    """An export in each format."""
    top = tmp_path_factory.mktemp("exports")
    for format in FORMATS:
        result = run("export", "--format", format, "-o", top / format, "--store", graph[0])
        assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    return {format: top / format for format in FORMATS}


def rows_of(url: str, kind: type) -> list[dict]:
    with open_store(url) as store:
        if kind in model.NODES:
            return [row for page in pages.iter_nodes(store, kind) for row in page]
        return [row | {"source_kind": a, "target_kind": b} for a, b in kind.PAIRS for page in pages.iter_edges(store, kind, a, b) for row in page]


def file_of(kind: type) -> str:
    return f"{'nodes' if kind in model.NODES else 'edges'}/{kind.__name__}"


def columns_of(kind: type):
    return node_columns(kind) if kind in model.NODES else edge_columns(kind)


@pytest.mark.parametrize("kind", [*model.NODES, *model.EDGES], ids=lambda kind: kind.__name__)
def test_pandas_reads_every_node_and_edge(graph, folders, kind):
    """A row lost at a line end, or a text cut at a quotation mark, changes somebody's result without a word."""
    names = [column.name for column in columns_of(kind)]
    stored = [{name: row[name] for name in names} for row in rows_of(graph[0], kind)]
    with open_store(graph[0]) as store:
        assert len(stored) == count_graph(store)[kind.__name__]
    table = pandas.read_csv(folders["csv"] / f"{file_of(kind)}.csv", dtype=str, keep_default_na=False)
    assert list(table.columns) == names
    assert table.to_dict("records") == [{name: str(flat_cell(value)) for name, value in row.items()} for row in stored]
    typed = pandas.read_parquet(folders["parquet"] / f"{file_of(kind)}.parquet", dtype_backend="pyarrow")
    found = [{name: list(value) if hasattr(value, "tolist") and not isinstance(value, str) else None if value is pandas.NA else value for name, value in row.items()}
             for row in typed.to_dict("records")]
    assert [json.dumps(row, default=str) for row in found] == [json.dumps(row) for row in stored]


def test_parquet_is_typed_where_there_is_no_row(folders):
    """A column of no type cannot be joined with next year's export."""
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(folders["parquet"] / "edges" / "MENTIONS.parquet")
    assert [(field.name, str(field.type)) for field in schema] == [
        ("source", "string"), ("target", "string"), ("surface", "string"), ("start_char", "int64"), ("end_char", "int64")]
    schema = pyarrow.parquet.read_schema(folders["parquet"] / "tasks.parquet")
    assert {name: str(schema.field(name).type) for name in ("deadline", "corrected", "years", "n_units")} == {
        "deadline": "string", "corrected": "list<element: string>", "years": "list<element: int64>", "n_units": "int64"}


def test_words_of_any_kind_come_back_from_the_flat_table(graph, folders):
    """Long Chinese texts with line ends and quotation marks are what the table is for."""
    for read in (pandas.read_csv(folders["csv"] / "tasks.csv"), pandas.read_parquet(folders["parquet"] / "tasks.parquet")):
        row = read.set_index("task_id").loc[graph[1]]
        assert row["text"] in (HOSTILE, f"'{HOSTILE}")  # the CSV keeps a spreadsheet from running =SUM
        assert row["task_number"] == 1 and row["end_char"] > row["start_char"] >= 0
        assert row["codes"] == "；".join(CODES) if isinstance(row["codes"], str) else list(row["codes"]) == CODES


def test_a_task_is_one_row_with_all_that_hangs_on_it(graph, folders):
    """One task, read in the sample with one's own eyes: ministry-2025.txt, task 2."""
    tasks = pandas.read_csv(folders["csv"] / "tasks.csv")
    assert len(tasks) == tasks["task_id"].nunique() == 62
    task = tasks[(tasks["first_year"] == 2025) & (tasks["body"] == "海岸与渔业部") & (tasks["task_number"] == 2)].iloc[0]
    assert (task["plan_title"], task["years"], task["level"], task["role_scheme"]) == ("2025年智慧渔业和海岸保护工作要点", 2025, "national", "marked")
    assert task["clause"] == "渔船渔港司牵头，科技司、渔业信息中心按职责分工负责"
    assert (task["lead_units"], task["responsible_units"], task["n_units"]) == ("渔船渔港司", "科技司；渔业信息中心", 3)
    with open_store(graph[0]) as store:
        document = store.read("MATCH (d:Document) WHERE d.id = $id RETURN d.text AS text", id=task["document_id"])[0]["text"]
        assert document[task["start_char"]:task["end_char"]] == task["text"]
        earlier = store.read("MATCH (t:Task)-[:CONTINUES]->(e:Task) WHERE t.id = $id RETURN e.id AS id ORDER BY id", id=task["task_id"])
    continued = tasks[(tasks["continues"].notna()) & (tasks["first_year"] == 2025)].iloc[0]
    assert set(continued["continues"].split("；")) <= set(tasks["task_id"])
    assert (task["continues"].split("；") if isinstance(task["continues"], str) else []) == [row["id"] for row in earlier]


def test_not_marked_is_null_and_never_none_at_all(folders):
    """The share of tasks without a lead would be taken for 100 % in plans that mark no leads."""
    tasks = pandas.read_parquet(folders["parquet"] / "tasks.parquet")
    flat_plan, marked = tasks[tasks["role_scheme"] == "flat"], tasks[tasks["role_scheme"] == "marked"]
    assert len(flat_plan) and flat_plan["lead_units"].isna().all() and flat_plan["responsible_units"].notna().all()
    assert len(marked) and marked["lead_units"].notna().all()
    assert tasks[tasks["clause"].isna()]["n_units"].isna().all()


@pytest.mark.parametrize("year", [2022, 2025])
def test_the_flat_table_answers_as_the_graph_does(graph, folders, year):
    """Which units own the most tasks, counted by a statistics program."""
    for table in (pandas.read_csv(folders["csv"] / "responsibilities.csv"), pandas.read_parquet(folders["parquet"] / "responsibilities.parquet")):
        of_year = table[table["first_year"] == year]
        asked = {row["id"]: (row["tasks"], pytest.approx(row["split"], abs=0.01)) for row in queries.run("department_workload", graph[0], year=year)}
        once = of_year.drop_duplicates(["unit_id", "task_id"])
        assert {unit: (len(rows), (1 / rows["n_units"]).sum()) for unit, rows in once.groupby("unit_id")} == asked


def test_networkx_reads_the_graph(graph, folders):
    """Gephi and networkx show the nodes, edges and properties that a notebook has."""
    read = networkx.read_graphml(folders["graphml"] / "graph.graphml", force_multigraph=True)
    with open_store(graph[0]) as store:
        whole = whole_graph(store)

    def lines(network) -> tuple[list, list]:
        nodes = sorted((node, sorted(data.items())) for node, data in network.nodes(data=True))
        return nodes, sorted((a, b, sorted((name, value) for name, value in data.items() if name != "id")) for a, b, data in network.edges(data=True))

    whole.nodes[graph[1]]["text"] = HOSTILE.replace("\x0c", "\ufffd")
    assert lines(read) == lines(whole)
    assert read.nodes[graph[1]]["node_kind"] == "Task" and {data["edge_kind"] for _, _, data in read.edges(data=True)} >= {"CONTINUES", "RESPONSIBLE_FOR"}


@pytest.mark.parametrize("format", FORMATS)
def test_the_codebook_says_every_column(folders, format):
    """A column that nobody explains is guessed at."""
    with open(folders[format] / "codebook.csv", encoding="utf-8-sig", newline="") as file:
        said: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            assert row["description"] and row["type"], row
            said.setdefault(row["file"], []).append(row["column"])
    if format == "graphml":
        return
    tables = {path.relative_to(folders[format]).as_posix(): path for path in folders[format].rglob("*.*") if path.suffix in (".csv", ".parquet") and path.name != "codebook.csv"}
    assert set(said) == set(tables)
    for name, path in tables.items():
        columns = list(pandas.read_parquet(path).columns) if path.suffix == ".parquet" else list(pandas.read_csv(path).columns)
        assert [{":START_ID": "source", ":END_ID": "target"}.get(column, column.split(":")[0] if format == "neo4j-admin" else column) for column in columns] == said[name]


def test_stata_takes_the_names_of_the_columns(folders):
    """Stata renames a column that it cannot take, and the do-file no longer finds it."""
    for name in pandas.read_csv(folders["csv"] / "codebook.csv")["column"]:
        assert re.fullmatch(r"[a-z_][a-z0-9_]{0,31}", name) and name not in STATA and not re.fullmatch(r"str\d+", name), name


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_says_of_which_graph_it_is_and_how_to_cite_it(graph, folders, format):
    """Two exports in one folder of results have to be told apart."""
    told = json.loads((folders[format] / "policygraph-export.json").read_text(encoding="utf-8"))
    with open_store(graph[0]) as store:
        meta, counts = store.meta(), count_graph(store)
    assert (told["graph"], told["version"], told["format"]) == (meta["graph"], meta["version"], format)
    assert told["nodes"] | told["edges"] == counts
    assert sorted(path.relative_to(folders[format]).as_posix() for path in folders[format].rglob("*") if path.is_file()) == told["files"]
    citation = (folders[format] / "CITATION.txt").read_text(encoding="utf-8")
    assert told["fingerprint"] in citation and "@software{" in citation and "图谱指纹" in citation
    guide = (folders[format] / "README.txt").read_text(encoding="utf-8")
    assert f"graph {meta['graph']}, version {meta['version']}" in guide and len(guide.splitlines()) < 30


def test_pages_lose_nothing_and_change_nothing(graph, folders, tmp_path, monkeypatch):
    """A large graph is read in pages: a row at the border of two must come once."""
    for module in (pages, flat):
        monkeypatch.setattr(module, "PAGE", 7)
    monkeypatch.setattr(pages, "_LONG", {})
    assert run("export", "-o", tmp_path / "paged", "--store", graph[0]).exit_code == 0
    for path in folders["csv"].rglob("*.csv"):
        assert (tmp_path / "paged" / path.relative_to(folders["csv"])).read_bytes() == path.read_bytes(), path.name


def test_an_earlier_export_is_replaced_whole(graph, tmp_path):
    """Files of the old format beside those of the new one would be taken for one export."""
    for format in ("csv", "graphml"):
        assert run("export", "--format", format, "-o", tmp_path / "out", "--store", graph[0]).exit_code == 0
    assert not (tmp_path / "out" / "tasks.csv").exists() and (tmp_path / "out" / "graph.graphml").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("earlier", [True, False])
def test_somebody_elses_file_is_never_lost(graph, tmp_path, earlier):
    """Not in a folder of one's own, and not where a do-file was put into an earlier export."""
    folder = tmp_path / "out"
    if earlier:
        run("export", "-o", folder, "--store", graph[0])
    (folder / "nodes").mkdir(parents=True, exist_ok=True)
    (folder / "nodes" / "mine.do").write_text("use tasks")
    line = refused(run("export", "-o", folder, "--store", graph[0]), 1)
    assert ("nodes/mine.do" if earlier else "nodes") in line and "name a new folder" in line
    assert (folder / "nodes" / "mine.do").read_text() == "use tasks"


def test_a_file_in_the_place_of_the_folder_is_refused(graph, tmp_path):
    (tmp_path / "out").write_text("mine")
    assert "it is a file" in refused(run("export", "-o", tmp_path / "out", "--store", graph[0]), 1)


def test_an_export_that_breaks_off_leaves_the_earlier_one(graph, tmp_path, monkeypatch):
    """A full disk in the middle: half a table looks like a whole one."""
    run("export", "-o", tmp_path / "out", "--store", graph[0])

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(api.export, "cited", full)
    assert "No space left on device" in refused(run("export", "--format", "parquet", "-o", tmp_path / "out", "--store", graph[0]), 1)
    assert [path.name for path in tmp_path.iterdir()] == ["out"] and (tmp_path / "out" / "tasks.csv").exists()


def test_a_graph_that_changes_meanwhile_is_not_exported(graph, tmp_path, monkeypatch):
    """On a server others write: nodes of one version and edges of the next are no graph."""
    from graph.embedded_reading import Snapshot

    versions = iter(range(100))
    monkeypatch.setattr(Snapshot, "meta", lambda self: {"schema": model.SCHEMA, "version": next(versions), "graph": "g"})
    assert "while it was exported" in refused(run("export", "-o", tmp_path / "out", "--store", graph[0]), 1)
    assert not list(tmp_path.iterdir())


def test_a_row_that_is_not_read_is_noticed(graph, tmp_path, monkeypatch):
    """An engine that answers too few rows must not make a smaller data set."""
    monkeypatch.setattr(api.export, "iter_nodes", lambda store, kind: ([] for _ in range(2)))
    assert "were read but" in refused(run("export", "-o", tmp_path / "out", "--store", graph[0]), 1)
    assert not list(tmp_path.iterdir())


def test_a_missing_graph_is_one_line(tmp_path):
    assert "there is no graph here" in refused(run("export", "-o", tmp_path / "out", "--store", tmp_path / "none.lbug"), 1)
