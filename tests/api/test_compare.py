"""compare on the command line and over HTTP."""

from __future__ import annotations

import csv
import io
import json

import pytest
from commands import refused, run
from conftest import SAMPLES
from served import assert_problem

from api.compare_commands import PartName
from graph.store import open_store
from queries.comparison import compare
from queries.comparison.parts import NAMES

YEARS = "/api/compare?from_year=2022&to_year=2025"


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    url = str(tmp_path_factory.mktemp("compared") / "graph.lbug")
    assert run("ingest", SAMPLES, "--store", url).exit_code == 0
    return url


@pytest.fixture(scope="module")
def found(graph):
    with open_store(graph) as store:
        return compare(store, 2022, 2025)


def test_the_screen_says_first_what_is_compared_then_how_many(graph, found):
    """Whoever reads only the top must not take a short plan's gaps for dropped tasks."""
    shown = run("compare", "2022", "2025", "--store", graph).stdout
    lines = shown.splitlines()
    assert lines[:3] == found.compared and lines[4:6] == found.summary
    assert "new: " in lines[4] and "at equal size" in lines[4] and "dropped: " in lines[5]
    for title in ("Later tasks: new, or perhaps", "Earlier tasks: dropped, or perhaps", "Targets", "Stages of work", "Programmes, in tasks that name them"):
        assert title in shown
    assert "达到85% → 达到98%" in shown and "--part tasks" in shown and "Left out: 1 of the graph's 3 plans" in shown


@pytest.mark.parametrize("width", [80, 100])
def test_the_screen_fits_a_narrow_terminal(found, width, monkeypatch):
    """A row that wraps in the middle of Chinese words cannot be read."""
    from rich.cells import cell_len
    from rich.console import Console

    from api import comparison_screen, tables

    for module in (comparison_screen, tables):
        monkeypatch.setattr(module, "Console", lambda **options: Console(file=out, width=width, force_terminal=True, no_color=True, highlight=False))
    out = io.StringIO()
    comparison_screen.print_comparison(found, ["a note"])
    text = out.getvalue()
    for escape in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[3m"):
        text = text.replace(escape, "")
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert sum("┃" in line for line in text.splitlines()) >= 5, "a table was given up for lists of fields"


def test_targets_tell_their_class_and_those_that_go_on_for_sure_come_first(found):
    """A target of what is only perhaps a link would be quoted as one that changed."""
    from api.comparison_screen import _tables

    (rows, columns), = [(rows, columns) for title, rows, columns in _tables(found) if title == "Targets"]
    classes = [row["class"] for row in rows]
    assert "class" in columns and set(classes) == {"continued", "perhaps"} and classes == sorted(classes)


@pytest.mark.parametrize(("name", "columns"), [
    ("pairs", ["earlier_number", "later_number", "class", "score", "evidence_earlier", "evidence_later"]), ("tasks", ["side", "number", "class", "words", "partners"])])
def test_a_part_fits_a_terminal_of_100_columns(found, name, columns, monkeypatch):
    """One field a line is no table; the other columns are said to be left out."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.text import Text

    from api import tables

    out = io.StringIO()
    monkeypatch.setattr(tables, "Console", lambda **_: Console(file=out, width=100, force_terminal=True, no_color=True, highlight=False))
    part = found.parts[name]
    tables.print_table(part.title, part.rows, part.column_names, [])
    lines = Text.from_ansi(out.getvalue()).plain.splitlines()
    assert max(cell_len(line) for line in lines) <= 100
    assert [cell.strip() for cell in next(line for line in lines if "┃" in line).split("┃")] == columns
    assert sum("│" in line for line in lines) == len(part.rows) and "columns are left out" in lines[-1]


def test_the_screen_tells_what_the_questions_count(graph, found):
    """dropped_between gives one number and the screen a band: a reader would think that one of both is wrong."""
    shown = run("compare", "2022", "2025", "--store", graph).stdout
    later, earlier = (row["without_kept"] for row in found.parts["summary"].rows)
    assert f"new_between gives {later} tasks of the later side and dropped_between {earlier} of the earlier one" in shown and "a number within the band" in shown


def test_json_is_one_object(graph, found):
    shown = json.loads(run("compare", "2022", "2025", "--store", graph, "--format", "json").stdout)
    assert list(shown) == ["words", *NAMES, "notes", "basis"]
    assert shown["words"] == {"compared": found.compared, "summary": found.summary}
    assert {name: shown[name] for name in NAMES} == {name: part.rows for name, part in found.parts.items()}


@pytest.mark.parametrize("name", NAMES)
def test_one_part_in_each_format(graph, found, name):
    part = found.parts[name]
    asked = ("compare", "2022", "2025", "--store", graph, "--part", name)
    assert json.loads(run(*asked, "--format", "json").stdout) == part.rows
    assert [json.loads(line) for line in run(*asked, "--format", "jsonl").stdout.splitlines()] == part.rows
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv").stdout)))
    assert len(rows) == len(part.rows) and list(rows[0]) == part.column_names
    assert part.title in run(*asked).stdout


def test_a_folder_of_csv_with_the_basis_beside_each(graph, found, tmp_path):
    """A table that is found alone in three years has to say what it was made from, and what its columns mean."""
    folder = tmp_path / "a" / "b"
    assert run("compare", "2022", "2025", "--store", graph, "-o", folder).exit_code == 0
    assert {path.name for path in folder.iterdir()} == {f"{name}.{end}" for name in NAMES for end in ("csv", "basis.json")}
    text = (folder / "targets.csv").read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == len(found.parts["targets"].rows)
    basis = json.loads((folder / "targets.basis.json").read_text(encoding="utf-8"))
    assert basis["plans"] == found.basis["plans"] and basis["compared"] == found.compared and basis["citation"]["graph"]
    assert set(basis["columns"]) == set(found.parts["targets"].column_names) and basis["says"].startswith("One row")
    run("compare", "2022", "2025", "--store", graph, "--part", "units", "-o", tmp_path / "one")
    assert {path.name for path in (tmp_path / "one").iterdir()} == {"units.csv", "units.basis.json"}


def test_the_command_offers_every_part():
    """Its choices are written out, so that `--help` need not load the questions."""
    assert [part.value for part in PartName] == list(NAMES)


def test_two_plans_instead_of_years(graph, found):
    asked = ("compare", "--plan", "海岸与渔业部2022年智慧渔业和海岸保护工作要点", "--plan", "海渔发〔2025〕2号", "--store", graph, "--part", "pairs", "--format", "json")
    assert json.loads(run(*asked).stdout) == found.parts["pairs"].rows


@pytest.mark.parametrize(("asked", "words"), [
    (("2022",), "two years, or two plans"), ((), "found nothing"), (("2022", "2025", "--plan", "海渔发〔2025〕2号"), "two years, or two plans"), (("2022", "2023", "2025"), "two years"),
    (("2022", "2025", "--plan", "海岸与渔业部2022年智慧渔业和海岸保护工作要点", "--plan", "海渔发〔2025〕2号"), "two years, or two plans, are compared, not both"),
    (("2025", "2022"), "a year after from_year, which is 2025"), (("2022", "2023"), "there are plans for 2022 (1 plan), 2025 (2 plans)"),
    (("2022", "2025", "--format", "csv"), "-o FOLDER"), (("2022", "2025", "--format", "jsonl"), "--part NAME"), (("2022", "2025", "--format", "json", "-o", "x"), "-o writes CSV"),
    (("2022", "2025", "--scope", "没有"), "no body or place")])
def test_what_the_command_refuses(graph, asked, words):
    assert words in refused(run("compare", *asked, "--store", graph), 2)


def test_a_folder_that_cannot_be_made(graph, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "cannot be written" in refused(run("compare", "2022", "2025", "--store", graph, "-o", tmp_path / "file"), 1)


def test_the_whole_over_http(client):
    """The page and the notebook would show two comparisons."""
    with open_store(client.app.state.graph.url) as store:
        same = compare(store, 2022, 2025)
    response = client.get(YEARS)
    assert response.status_code == 200 and response.headers["etag"]
    assert response.json() == json.loads(json.dumps(same.to_dict()))


@pytest.mark.parametrize("name", NAMES)
def test_pages_of_a_part_over_http(client, name):
    """Whoever follows `next` would miss rows or count them twice."""
    whole = client.get(YEARS).json()
    rows, following = [], f"{YEARS}&part={name}&limit=7"
    while following:
        body = client.get(following).json()
        assert body["total"] == len(whole[name]) and len(body["rows"]) <= 7
        rows += body["rows"]
        following = body["next"]
    assert rows == whole[name]
    assert body["basis"]["plans"] == whole["basis"]["plans"]


def test_csv_over_http(client):
    response = client.get(f"{YEARS}&part=tasks&format=csv&limit=1000")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert response.headers["content-type"].startswith("text/csv") and response.headers["x-total-count"] == "46"
    assert [row["task"] for row in rows] == [row["task"] for row in client.get(YEARS).json()["tasks"]]
    assert 'rel="describedby"' in response.headers["link"]


@pytest.mark.parametrize(("path", "status", "said"), [
    ("/api/compare", 400, "from_year"), ("/api/compare?from_year=2022", 400, "to_year"), ("/api/compare?from_year=2022&to_year=2023", 404, "there are plans for 2022"),
    ("/api/compare?from_year=2025&to_year=2022", 400, "a year after"), (f"{YEARS}&part=tables", 422, "part"), (f"{YEARS}&format=csv", 400, "part="),
    (f"{YEARS}&scope=没有", 404, "body or place"), (f"{YEARS}&yaer=1", 400, "takes no parameter 'yaer'"), ("/api/compare?from_year=2022&to_plan=没有这份", 404, "plan"),
    ("/api/compare?from_year=abc&to_year=2025", 422, "from_year")])
def test_what_http_refuses(client, path, status, said):
    assert said in assert_problem(client.get(path), status)


def test_openapi_tells_the_columns(client):
    """A client made from it would not know what a row holds."""
    document = client.get("/openapi.json").json()
    (answer,) = [document["paths"]["/api/compare"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]]
    assert len(answer["anyOf"]) == 2
    assert "lead_changed" in document["components"]["schemas"]["compare_units_row"]["properties"]


def test_one_plan_is_compared_with_the_plan_before_it_in_its_series(graph, found):
    """What one compares first need not be named."""
    alone = run("compare", "--plan", "海渔发〔2025〕2号", "--store", graph, "--part", "pairs", "--format", "json")
    assert json.loads(alone.stdout) == found.parts["pairs"].rows
    assert "no earlier plan of the series" in refused(run("compare", "--plan", "海岸与渔业部2022年智慧渔业和海岸保护工作要点", "--store", graph), 2)
