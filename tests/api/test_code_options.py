"""Researchers' codes from the command line and over HTTP: --code, --by-code and ?by_code=true."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest
from commands import refused, run
from conftest import SAMPLES
from served import assert_problem, serving

import queries

SHEET = "code,words,unit\n海岸保护,,海岸司；海岸处\n智慧渔港,“智慧渔港”行动,\n"
PLAN = "海渔发〔2025〕2号"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The samples with codes.csv beside them, ingested by the command."""
    found = tmp_path_factory.mktemp("coded")
    for path in SAMPLES.glob("*.txt"):
        shutil.copy(path, found / path.name)
    (found / "codes.csv").write_text(SHEET, encoding="utf-8")
    result = run("ingest", found, "--store", found / "graph.lbug")
    assert result.exit_code == 0 and "codes.csv" not in result.stderr, result.stderr
    return found


@pytest.fixture(scope="module")
def service(folder):
    return serving(str(folder / "graph.lbug"))


def ask(folder, *arguments, format: str = "json"):
    return run("query", *arguments, "--store", folder / "graph.lbug", "--format", format)


def test_the_command_asks_of_one_code_and_of_each(folder):
    rows = json.loads(ask(folder, "plan_tasks", "--plan", PLAN, "--code", "智慧渔港").stdout)
    assert [row["number"] for row in rows] == [1, 2] and "code" not in rows[0]
    result = ask(folder, "plan_tasks", "--by-code", "--plan", PLAN)
    rows = json.loads(result.stdout)
    assert list(rows[0])[0] == "code" and [row["number"] for row in rows if row["code"] == "海岸保护"] == [9, 10, 11, 13]
    assert len(rows) == 22 and {row["code"] for row in rows} == {"海岸保护", "智慧渔港", "(none)"}
    assert "Note: a task with several codes counts under each of them: 0 of the 22 tasks of these plans have several, 16 have none and stand under (none)." in result.stderr
    assert next(csv.reader(io.StringIO(ask(folder, "department_workload", "--by-code", "--year", "2022", format="csv").stdout)))[:3] == ["code", "department", "scope"]
    assert "智慧渔港" in ask(folder, "department_workload", "--year", "2022", "--by-code", format="table").stdout


def test_the_basis_beside_a_csv_says_by_code(folder, tmp_path):
    assert run("query", "department_workload", "--by-code", "--store", folder / "graph.lbug", "-o", tmp_path / "a.csv").exit_code == 0
    basis = json.loads((tmp_path / "a.basis.json").read_text(encoding="utf-8"))
    assert basis["parameters"]["by_code"] is True and basis["citation"]["codes"] and basis["citation"]["corrections"] is None
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("code,department,")


@pytest.mark.parametrize(("arguments", "said"), [
    (("plan_tasks", "--plan", PLAN, "--code", "海岸"), "known are 智慧渔港, 海岸保护"), (("coverage", "--by-code"), "not about tasks with codes"), (("coverage", "--code", "海岸保护"), "takes no parameter 'code'"),
    (("codes", "--by-code"), "has a row for each code anyway"), (("plan_tasks", "--plan", PLAN, "--code", "海岸保护", "--by-code"), "leave one of the two out"),
    (("plan_tasks", "--plan", PLAN, "--by-code=yes"), "takes no parameter 'by_code'"), (("plan_tasks", "--by-code"), "needs the parameter 'plan'")])
def test_what_cannot_be_asked_is_refused_in_one_line(folder, arguments, said):
    assert said in refused(ask(folder, *arguments), 2)


def test_the_help_of_a_question_names_the_switch():
    """A switch that no help names is used by nobody."""
    assert "--by-code" in run("query", "plan_tasks", "--help").stdout and "--by-code" not in run("query", "coverage", "--help").stdout


def test_the_service_answers_as_the_command_does(folder, service):
    body = service.get("/api/queries/plan_tasks", params={"plan": PLAN, "by_code": "true", "limit": 1000}).json()
    assert body["rows"] == json.loads(ask(folder, "plan_tasks", "--by-code", "--plan", PLAN).stdout)
    assert body["total"] == 22 and body["basis"]["parameters"]["by_code"] is True and list(body["rows"][0])[0] == "code"
    body = service.get("/api/queries/plan_tasks", params={"plan": PLAN, "code": "智慧渔港"}).json()
    assert [row["number"] for row in body["rows"]] == [1, 2]
    assert "code" not in body["rows"][0] and body["rows"][0]["deadline"] is None and body["next"] is None
    text = service.get("/api/queries/department_workload", params={"by_code": "true", "format": "csv"}).text
    assert text.lstrip("\ufeff").startswith("code,department,")


def test_the_service_refuses_what_cannot_be_asked(service):
    assert "known are 智慧渔港, 海岸保护" in assert_problem(service.get("/api/queries/plan_tasks", params={"plan": PLAN, "code": "海岸"}), 404)
    assert "by_code" in assert_problem(service.get("/api/queries/coverage", params={"by_code": "true"}), 400)
    assert "leave one of the two out" in assert_problem(service.get("/api/queries/plan_tasks", params={"plan": PLAN, "code": "海岸保护", "by_code": "true"}), 400)


def test_every_question_by_code_is_so_in_the_documentation(service):
    paths = service.get("/openapi.json").json()["paths"]
    told = {row["name"]: row["by_code"] for row in service.get("/api/queries").json()}
    for question in queries.load_all():
        names = {parameter["name"] for parameter in paths[f"/api/queries/{question.name}"]["get"]["parameters"]}
        assert ("by_code" in names) == told[question.name] == question.goes_by_code
        assert {parameter.name for parameter in question.parameters} <= names
