"""The exports over HTTP, and Parquet beside JSON and CSV."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile

import pandas
import pyarrow.parquet
import pytest
from commands import WORKLOAD, run

import queries
from graph.store import open_store


@pytest.mark.parametrize("format", ["csv", "parquet", "graphml", "neo4j-admin"])
def test_the_archive_holds_what_the_command_writes(client, tmp_path, format):
    """Whoever has only a browser gets the same files."""
    url = client.app.state.graph.url
    assert run("export", "--format", format, "-o", tmp_path / "out", "--store", url).exit_code == 0
    response = client.get(f"/api/export?format={format}")
    assert response.headers["content-type"] == "application/zip"
    name = re.fullmatch(rf'attachment; filename="(policygraph-\w+-\d+-{format})\.zip"', response.headers["content-disposition"])[1]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        found = {member.removeprefix(f"{name}/"): archive.read(member) for member in archive.namelist()}
    assert found == {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}


def test_nothing_stays_in_the_folder_for_temporary_files(client, tmp_path, monkeypatch):
    """A service that runs for months would fill the disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for path in ("", "/tasks", "/responsibilities"):
        assert client.get(f"/api/export{path}").status_code == 200
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("table", "rows"), [("tasks", 62), ("responsibilities", 185)])
def test_the_flat_tables_alone(client, table, rows):
    """Straight into pandas or Excel, without an archive."""
    response = client.get(f"/api/export/{table}")
    assert re.fullmatch(rf'attachment; filename="policygraph-\w+-\d+-{table}\.csv"', response.headers["content-disposition"])
    assert response.headers["content-length"] == str(len(response.content)) and response.content.startswith(b"\xef\xbb\xbf")
    typed = pandas.read_parquet(io.BytesIO(client.get(f"/api/export/{table}?format=parquet").content))
    assert len(pandas.read_csv(io.BytesIO(response.content))) == len(typed) == rows


@pytest.mark.parametrize(("path", "status"), [("/api/export?format=xml", 422), ("/api/export?fromat=csv", 400), ("/api/export/tasks?format=graphml", 422), ("/api/export/plans", 404)])
def test_a_wrong_request_is_a_problem_document(client, path, status):
    response = client.get(path)
    assert response.status_code == status and response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [
    "/api/plans", "/api/tasks?year=2022", "/api/departments", "/api/indicators", "/api/queries/department_workload?year=2022", "/api/queries/indicators?by_code=true",
    "/api/compare?from_year=2022&to_year=2025&part=pairs"])
def test_parquet_holds_the_rows_of_the_json(client, path):
    """A statistics program must not read other values than the page shows."""
    mark = "&" if "?" in path else "?"
    response = client.get(f"{path}{mark}format=parquet&limit=7")
    body = client.get(f"{path}{mark}limit=7").json()
    assert response.headers["x-total-count"] == str(body["total"]) and response.headers["content-disposition"].endswith('.parquet"')
    assert pyarrow.parquet.read_table(io.BytesIO(response.content)).to_pylist() == body["rows"]


@pytest.mark.parametrize(("path", "column", "kind"), [
    ("/api/queries/department_workload?year=2022", "lead", "int64"), ("/api/queries/department_workload?year=1999", "share", "double"),
    ("/api/queries/indicators?year=1999", "change", "bool"), ("/api/tasks?year=1999", "number", "int64"), ("/api/queries/codes", "code", "string")])
def test_columns_are_typed_without_a_value(client, path, column, kind):
    """`lead` of a plan that marks none is all null: without a type it cannot be put below another year's."""
    response = client.get(f"{path}{'&' if '?' in path else '?'}format=parquet")
    assert str(pyarrow.parquet.read_schema(io.BytesIO(response.content)).field(column).type) == kind


def test_an_answer_is_written_as_parquet_with_its_basis(client, tmp_path):
    """-o answer.parquet, as for CSV; also of a query of one's own, whose columns no header types."""
    url = client.app.state.graph.url
    assert run(*WORKLOAD, "--store", url, "-o", tmp_path / "workload.parquet").exit_code == 0
    assert pyarrow.parquet.read_table(tmp_path / "workload.parquet").to_pylist() == list(queries.run("department_workload", url, year=2022))
    assert (tmp_path / "workload.basis.json").exists()
    (tmp_path / "mine.cypher").write_text("MATCH (p:Plan) RETURN p.title AS title, p.years AS years, p.draft AS draft, p.url AS url, p.first_year * 1.0 AS year ORDER BY title, year")
    assert run("query", "--cypher", tmp_path / "mine.cypher", "--store", url, "-o", tmp_path / "mine.parquet").exit_code == 0
    table = pyarrow.parquet.read_table(tmp_path / "mine.parquet")
    assert [str(field.type) for field in table.schema] == ["string", "list<element: int64>", "bool", "string", "double"]
    with open_store(url) as store:
        assert table.to_pylist() == store.read((tmp_path / "mine.cypher").read_text())
