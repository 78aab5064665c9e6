"""Putting right over HTTP: who may, what lands in which sheet, and that the graph follows."""

from __future__ import annotations

import csv
import shutil

import pytest
from conftest import SAMPLES
from served import assert_problem
from starlette.testclient import TestClient

from api import jobs
from api.app import create_app
from graph.embedded_reading import EmbeddedReader
from graph.errors import BadSetting
from graph.settings import read_settings

HERE = {"host": "127.0.0.1:8000"}


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    """A folder with the samples and their graph, whose files it knows by their places in it."""
    folder = tmp_path_factory.mktemp("ingested")
    shutil.copytree(SAMPLES, folder / "plans")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        jobs.ingest_files(jobs.list_files(["plans"]), "graph.lbug", False, jobs.Failures(), lambda path: None)
    return folder


@pytest.fixture
def copied(tmp_path, monkeypatch, ingested):
    """A service on this machine alone, over a copy of that."""
    shutil.copytree(ingested, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYGRAPH_TOKEN", raising=False)
    client = TestClient(create_app("graph.lbug", local=True), raise_server_exceptions=False, headers=HERE)
    client.folder = tmp_path / "plans"
    return client


def rows_of(sheet) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def first_task(client) -> dict:
    return client.get(f"/api/tasks/{client.get('/api/tasks?department=海岸司&role=lead').json()['rows'][0]['id']}").json()


def document_name(client, task) -> str:
    return task["source"]["file"].rsplit("/", 1)[-1]


@pytest.mark.slow
def test_a_correction_is_kept_over_a_new_ingest(copied):
    """A reader puts a role right, and the next run would forget it."""
    task = first_task(copied)
    row = {"document": document_name(copied, task), "quote": task["id"], "field": "unit.role", "value": "海岸司=support", "reason": "read again", "by": "R. Eader"}
    before = copied.get("/api/overview").json()["graph"]
    done = copied.post("/api/corrections", json={"document": task["source"]["document"], "rows": [row]})
    assert done.status_code == 200, done.text
    kept = rows_of(copied.folder / "corrections.csv")
    assert [(line["quote"], line["value"], line["by"]) for line in kept] == [(task["id"], "海岸司=support", "R. Eader")] and kept[0]["date"]
    after = copied.get(f"/api/tasks/{task['id']}").json()
    assert [(unit["role"], unit["role_basis"]) for unit in after["units"] if unit["name"] == "海岸司"] == [("support", "hand")]
    assert copied.get("/api/overview").json()["graph"] != before
    jobs.ingest_files(jobs.list_files(["plans"]), copied.app.state.graph.url, False, jobs.Failures(), lambda path: None, again=True)
    again = copied.get(f"/api/tasks/{task['id']}").json()
    assert [unit["role"] for unit in again["units"] if unit["name"] == "海岸司"] == ["support"]


@pytest.mark.slow
def test_a_second_correction_of_the_same_takes_the_first_ones_place(copied):
    """Two rows that contradict each other would stand in the sheet."""
    task = first_task(copied)
    for role, replaced in (("support", 0), ("implement", 1)):
        row = {"document": document_name(copied, task), "quote": task["id"], "field": "unit.role", "value": f"海岸司={role}"}
        assert copied.post("/api/corrections", json={"document": task["source"]["document"], "rows": [row]}).json()["replaced"] == replaced
    assert [line["value"] for line in rows_of(copied.folder / "corrections.csv")] == ["海岸司=implement"]


@pytest.mark.slow
@pytest.mark.parametrize(("row", "said"), [
    ({"field": "unit.role", "value": "不存在的司=lead"}, "no unit of the task"), ({"field": "unit.role", "value": "海岸司=boss"}, "boss"), ({"field": "colour", "value": "red"}, "not known")])
def test_a_correction_that_cannot_be_meant_is_in_no_sheet(copied, row, said):
    """Every later run would complain of it, or worse, apply it to something else."""
    task = first_task(copied)
    response = copied.post("/api/corrections", json={"document": task["source"]["document"], "rows": [{"document": document_name(copied, task), "quote": task["id"]} | row]})
    assert said in assert_problem(response, 422)
    assert not (copied.folder / "corrections.csv").exists()
    assert copied.get(f"/api/tasks/{task['id']}").json() == task


@pytest.mark.slow
def test_a_verdict_rules_a_link_out(copied, monkeypatch):
    """What a researcher does not believe would still be counted as carried on. A reader that follows no long log has to be told."""
    refreshed = []
    monkeypatch.setattr(EmbeddedReader, "refresh", lambda self, refresh=EmbeddedReader.refresh: refreshed.append(self.url) or refresh(self))
    link = copied.get("/api/queries/continued_between?from_year=2022&to_year=2025").json()["rows"][0]
    done = copied.post("/api/verdicts", json={"later": link["later"], "earlier": link["earlier"], "verdict": "not", "note": "another line", "by": "R. Eader"})
    assert done.status_code == 200, done.text
    assert [(row["later"], row["earlier"], row["verdict"], row["note"]) for row in rows_of(copied.folder / "verdicts.csv")] == [(link["later"], link["earlier"], "not", "another line")]
    left = copied.get("/api/queries/continued_between?from_year=2022&to_year=2025").json()["rows"]
    assert (link["later"], link["earlier"]) not in {(row["later"], row["earlier"]) for row in left} and len(refreshed) == 1


@pytest.mark.parametrize("path", ["/api/verdicts", "/api/corrections"])
def test_who_may_not_write_is_refused(client, path, monkeypatch):
    """Anybody who reaches the service could change what a researcher publishes."""
    body = {"later": "t-aaaaaaaaaaaa", "earlier": "t-bbbbbbbbbbbb", "verdict": "not"} if path.endswith("verdicts") else {"document": "x-aaaaaaaaaaaa", "rows": [{"document": "a", "field": "title", "value": "b"}]}
    monkeypatch.delenv("POLICYGRAPH_TOKEN", raising=False)
    assert "read-only" in assert_problem(client.post(path, json=body), 403)
    here = TestClient(create_app(client.app.state.graph.url, local=True), raise_server_exceptions=False)
    assert "elsewhere.example" in assert_problem(here.post(path, json=body, headers={"host": "elsewhere.example"}), 403)
    assert "origin" in assert_problem(here.post(path, json=body, headers=HERE | {"origin": "https://elsewhere.example"}), 403)
    monkeypatch.setenv("POLICYGRAPH_TOKEN", "right")
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic right"}):
        assert "right" not in assert_problem(here.post(path, json=body, headers=HERE | headers), 401)


@pytest.mark.parametrize("headers", [{"host": "["}, {"host": "[::1"}, {"host": ""}, {"host": "127.0.0.1:x@evil"}, HERE | {"origin": "http://["}, HERE | {"origin": "null"}, HERE | {"origin": "127.0.0.1:8000"}])
def test_an_address_that_is_none_opens_nothing(client, headers, monkeypatch):
    """What cannot be read as a name must not pass for this machine's, nor end in an error of the service."""
    monkeypatch.delenv("POLICYGRAPH_TOKEN", raising=False)
    here = TestClient(create_app(client.app.state.graph.url, local=True), raise_server_exceptions=False)
    assert_problem(here.post("/api/verdicts", json={"later": "t-aaaaaaaaaaaa", "earlier": "t-bbbbbbbbbbbb", "verdict": "not"}, headers=headers), 403)


def test_a_page_whose_name_leads_here_reads_nothing(client, monkeypatch):
    """Whoever can have a name lead to this machine could read a graph that is served to it alone, from any page."""
    for name in ("POLICYGRAPH_TOKEN", "POLICYGRAPH_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    url = client.app.state.graph.url

    def service(local: bool) -> TestClient:
        return TestClient(create_app(url, local), raise_server_exceptions=False)

    here = service(True)

    def statuses(app: TestClient, *names: str) -> list[int]:
        return [app.get(path, headers={"host": name}).status_code for name in names for path in ("/api/plans", "/", "/metrics")]

    assert set(statuses(here, "elsewhere.example", "elsewhere.example:8000", "127.0.0.1.elsewhere.example", "localhost.elsewhere.example", "policygraph.example")) == {403}
    assert set(statuses(here, "localhost", "localhost.", "app.localhost:8000", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "192.0.2.7")) == {200}
    assert set(statuses(client, "elsewhere.example")) == {200}
    monkeypatch.setenv("POLICYGRAPH_HOSTS", "policygraph.example, Other.example,政务.example")
    for app in (service(True), service(False)):
        assert set(statuses(app, "policygraph.example", "other.example:8000", "xn--zfr164b.example", "localhost")) == {200}
        assert set(statuses(app, "elsewhere.example")) == {403}
    for wrong in ("https://policygraph.example", "policygraph.example:8000", "*.example", "a b"):
        monkeypatch.setenv("POLICYGRAPH_HOSTS", wrong)
        with pytest.raises(BadSetting, match="without scheme and port"):
            read_settings()


@pytest.mark.slow
def test_the_token_opens_the_door(copied, monkeypatch):
    """Who set a token could not use it."""
    monkeypatch.setenv("POLICYGRAPH_TOKEN", "right")
    afar = TestClient(create_app(copied.app.state.graph.url), raise_server_exceptions=False, headers={"authorization": "Bearer right"})
    detail = assert_problem(afar.post("/api/verdicts", json={"later": "t-aaaaaaaaaaaa", "earlier": "t-bbbbbbbbbbbb", "verdict": "not"}), 404)
    assert "t-aaaaaaaaaaaa" in detail


@pytest.mark.slow
def test_the_review_page_of_a_document_saves_to_its_service(copied):
    """A correction made in the browser would have to be carried to the sheet by hand."""
    task = first_task(copied)
    page = copied.get(f"/documents/{task['source']['document']}/review")
    assert page.status_code == 200 and 'data-save="/api/corrections"' in page.text and f'data-of="{task["source"]["document"]}"' in page.text
    policy = page.headers["content-security-policy"]
    assert "connect-src 'self'" in policy and "unsafe" not in policy
    assert_problem(copied.get("/documents/x-aaaaaaaaaaaa/review"), 404)
