"""`policygraph query`: one answer in each format, help, queries of the user's own, and what is refused."""

from __future__ import annotations

import csv
import io
import json

import pytest
from commands import WORKLOAD, refused, run
from conftest import SAMPLES

import queries
from api.output import to_csv


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> str:
    """The samples, ingested by the command."""
    url = str(tmp_path_factory.mktemp("graph") / "graph.lbug")
    assert run("ingest", SAMPLES, "--store", url).exit_code == 0
    return url


def test_the_store_comes_from_the_environment(graph, monkeypatch):
    """Nobody wants to repeat it in every command."""
    monkeypatch.setenv("POLICYGRAPH_STORE", graph)
    assert run(*WORKLOAD, "--format", "json").stdout == run(*WORKLOAD, "--store", graph, "--format", "json").stdout


def test_one_answer_in_four_formats(graph):
    """The rows are the same whichever a user takes."""
    asked = (*WORKLOAD, "--store", graph, "--format")
    rows = json.loads(run(*asked, "json").stdout)
    assert isinstance(rows, list) and rows == list(queries.run("department_workload", graph, year=2022))
    assert [json.loads(line) for line in run(*asked, "jsonl").stdout.splitlines()] == rows
    table = list(csv.DictReader(run(*asked, "csv").stdout.splitlines()))
    assert [(row["department"], row["tasks"], row["lead"], row["collective"]) for row in table] == [
        (row["department"], str(row["tasks"]), "", str(row["collective"]).lower()) for row in rows]
    shown = run(*asked, "table").stdout
    assert "Which units own the most tasks?" in shown and "not marked" in shown and "Basis: 1 plan of 海岸与渔业部 (national), 2022; 24 tasks" in shown


def test_what_must_be_known_goes_to_stderr_beside_data(graph):
    """A file of JSON must not hide that no lead is marked, nor be spoilt by saying so."""
    result = run(*WORKLOAD, "--store", graph, "--format", "json")
    assert "no lead is marked" in result.stderr and "no lead is marked" not in result.stdout
    assert json.loads(run("query", "department_workload", "--year", "1999", "--store", graph, "--format", "json").stdout) == []


def test_csv_for_excel_with_its_basis_beside_it(graph, tmp_path):
    """The table that is sent to a colleague takes along what it rests on."""
    target = tmp_path / "workload.csv"
    result = run(*WORKLOAD, "--store", graph, "-o", target)
    assert (result.exit_code, result.stdout) == (0, "") and str(target) in result.stderr
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))) == 23
    basis = json.loads(target.with_suffix(".basis.json").read_text(encoding="utf-8"))
    assert basis["parameters"]["year"] == 2022 and basis["tasks"] == 24


def test_options_are_written_either_way(graph):
    """--from-year 2022, --from-year=2022 and --from_year 2022 are one option."""
    asked = ("query", "continued_between", "--store", graph, "--format", "json")
    forms = [("--from-year", "2022"), ("--from-year=2022",), ("--from_year", "2022")]
    found = [run(*asked, *form).stdout for form in forms]
    assert json.loads(found[0]) and found[0] == found[1] == found[2]


@pytest.mark.parametrize("arguments", [("query",), ("query", "--help"), ()])
def test_the_questions_are_listed(arguments):
    """Nobody can ask what is not listed."""
    result = run(*arguments)
    assert result.exit_code in ((0,) if arguments else (0, 2))
    if arguments:
        assert all(name in result.stdout for name in queries.names())


@pytest.mark.parametrize("name", queries.names())
def test_each_question_has_its_help(name):
    """Its parameters with types and defaults, its columns."""
    result = run("query", name, "--help")
    question = queries.load(name)
    assert result.exit_code == 0 and question.english in result.stdout and question.chinese in result.stdout
    assert all(f"--{parameter.name.replace('_', '-')} {parameter.type}" in result.stdout for parameter in question.parameters)


def test_a_query_of_the_users_own(graph, tmp_path):
    """What no question asks can still be asked."""
    path = tmp_path / "mine.cypher"
    path.write_text(":params {}\n// LOAD and SET stand in a comment, 'CREATE' in a text\nMATCH (p:Plan) WHERE p.title <> 'CREATE'\nRETURN p.first_year AS year ORDER BY year\n")
    assert json.loads(run("query", "--cypher", path, "--store", graph, "--format", "json").stdout) == [{"year": 2022}, {"year": 2025}, {"year": 2025}]


@pytest.mark.parametrize("text", [
    "MATCH (p:Plan) SET p.title = ''", "create (p:Plan {id: 'p'})", "MATCH (p:Plan) DETACH DELETE p", "LOAD FROM '/etc/hostname' (file_format='csv') RETURN *",
    "load csv from 'file:///etc/hostname' AS row RETURN row", "CALL show_tables() RETURN *", "COPY (MATCH (p:Plan) RETURN p.id) TO 'out.csv'", "ATTACH 'a' AS b",
    "/* a */ LOAD FROM 'a.csv' RETURN * /* b */", "// opens /*\nLOAD FROM '/etc/hostname' (file_format='csv') RETURN *",
    "// opens /*\nCOPY (MATCH (p:Plan) RETURN p.id) TO 'out.csv'", "RETURN 1 // it's\nUNION ALL MATCH (p:Plan) SET p.title = '' RETURN 1 // isn't",
    "RETURN '\\\\' AS a\nUNION ALL LOAD FROM 'a.csv' RETURN 'b'"])
def test_a_query_that_writes_or_reaches_out_is_refused(graph, tmp_path, monkeypatch, text):
    """A query from the web could change the graph, or read and write the user's files."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "theirs.cypher"
    path.write_text(text)
    said = refused(run("query", "--cypher", path, "--store", graph, "--format", "json"), 2)
    assert str(path) in said and "only reading queries" in said
    assert list(tmp_path.iterdir()) == [path]


def test_a_query_that_is_none(graph, tmp_path):
    """The engine's words for it, in one line."""
    path = tmp_path / "mine.cypher"
    path.write_text("MATCH (p:Plan RETURN p")
    assert "cannot be run" in refused(run("query", "--cypher", path, "--store", graph), 2)
    assert "no such file" in refused(run("query", "--cypher", tmp_path / "none.cypher", "--store", graph), 1)


@pytest.mark.parametrize(("arguments", "said"), [
    (("query", "department_workloads"), "did you mean 'department_workload'?"), ((*WORKLOAD[:2], "--yaer", "2018"), "did you mean 'year'?"),
    ((*WORKLOAD[:2], "--year", "last"), "a whole number"), ((*WORKLOAD[:2], "--year"), "a value behind it"), ((*WORKLOAD[:2], "2018"), "2018"),
    (("query", "department_tasks"), "needs the parameter 'department'"), (("query", "department_tasks", "--department", "没有这样的单位"), "没有这样的单位"),
    (("query", "department_tasks", "--department", "县渔业主管部门"), "give the id of one")])
def test_a_question_put_wrongly(graph, arguments, said):
    """Exit status 2 and one line, so that a script stops and a person sees the slip."""
    assert said in refused(run(*arguments, "--store", graph), 2)


@pytest.mark.parametrize(("value", "cell"), [
    (["=1+1", "b"], "'=1+1；b"), (["a", "=1+1"], "a；=1+1"), (["@SUM(A1)"], "'@SUM(A1)"), ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"), ("-A1", "'-A1"), (["-2+3"], "'-2+3"), ("\rx", "'\rx"),
    ("-5", "-5"), ("-1,200.5%", "-1,200.5%"), (-0.25, "-0.25"), ("=", "="), ("-", "-"), (["2022", "2025"], "2022；2025"), ([], "")])
def test_no_cell_of_a_csv_runs_as_a_formula(value, cell):
    ((found,),) = list(csv.reader(io.StringIO(to_csv([{"a": value}], ["a"]), newline="")))[1:] or [("",)]
    assert found == cell
