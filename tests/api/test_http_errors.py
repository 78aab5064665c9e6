"""What the HTTP service refuses and in which words, what it keeps back as unchanged, and what it says of a graph that it cannot use."""

from __future__ import annotations

import time

import pytest
from served import assert_problem, first_id, free_port, serving, serving_copy

from graph import errors, ladybug_file
from graph.embedded_reading import Snapshot
from graph.store import open_store
from ingest.errors import EmptyFile


@pytest.fixture
def own(client, tmp_path):
    """A service over a graph of its own."""
    return serving_copy(client, tmp_path)


@pytest.mark.parametrize(("path", "said"), [
    ("/api/queries/department_workload?year=abc", "year"), ("/api/queries/department_workload?role=boss", "'lead', 'responsible', 'support' or 'implement'"),
    ("/api/queries/search_tasks", "q"), ("/api/tasks?year=abc", "year"), ("/api/tasks?limit=0", "limit"), ("/api/tasks?limit=1001", "limit"),
    ("/api/tasks?offset=-1", "offset"), ("/api/tasks?format=xml", "'json', 'csv' or 'parquet'"), (f"/api/tasks?q={'海' * 201}", "q")])
def test_a_parameter_of_another_type(client, path, said):
    """The parameter at fault must be named."""
    assert said in assert_problem(client.get(path), 422)


@pytest.mark.parametrize("path", ["/api/queries/department_workload?yaer=2022", "/api/tasks?yaer=2022"])
def test_an_unknown_parameter_is_refused(client, path):
    """A misspelt year would be left out in silence, and the table be that of all years."""
    assert "did you mean 'year'?" in assert_problem(client.get(path), 400)


@pytest.mark.parametrize("year", ["9223372036854775808", "-9223372036854775809"])
def test_a_number_that_no_engine_holds(client, year):
    """It must be told as a number out of range, not in the words of the engine."""
    response = client.get(f"/api/plans?year={year}")
    assert response.status_code in (400, 422)
    assert "instance of type" not in assert_problem(response, response.status_code)


@pytest.mark.parametrize("path", [
    "/api/nope", "/nope", "/static/nope.js", "/static/%2e%2e/app.py", "/static/../app.py", "/api/plans/p-aaaaaaaaaaaa", "/api/tasks/nope", "/api/departments/nope",
    "/api/indicators/nope", "/api/documents/nope/text", "/api/documents/nope/spans", "/api/tasks?department=没有这样的单位", "/api/queries/plan_tasks?plan=nope"])
def test_what_is_not_there(client, path):
    """Every miss has one shape."""
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/plans", "/api/queries/department_workload", "/docs"])
def test_the_service_only_reads(client, method, path):
    """Nobody must think that a change was taken."""
    response = getattr(client, method)(path)
    assert_problem(response, 405)
    assert response.headers["allow"] == "GET"


def test_all_methods_of_an_address_are_named(client):
    """Documents are listed by one route and taken by another."""
    response = client.delete("/api/documents")
    assert_problem(response, 405)
    assert response.headers["allow"] == "GET, POST"


def test_an_etag_saves_the_answer(client):
    """A page would load everything again at each step."""
    first = client.get("/api/tasks")
    tag = first.headers["etag"]
    again = client.get("/api/tasks", headers={"If-None-Match": f'"other", {tag}'})
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    assert client.get("/api/tasks", headers={"If-None-Match": '"other"'}).status_code == 200
    assert "etag" not in client.get("/api/plans/nope").headers


def test_a_304_opens_no_database(own, monkeypatch):
    """Polling pages would keep the graph's file busy."""
    tag = own.get("/api/tasks").headers["etag"]
    monkeypatch.setattr(ladybug_file.ladybug, "Database", lambda *_, **__: pytest.fail("the graph was opened"))
    monkeypatch.setattr(Snapshot, "read", lambda *_, **__: pytest.fail("the graph was asked"))
    assert own.get("/api/tasks", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(("path", "status"), [("/api/plans/nope", 404), ("/api/nope", 404), ("/api/plans?limit=0", 422)])
def test_a_condition_does_not_hide_an_error(client, path, status):
    """What is not there is not "unchanged" either (RFC 9110, 13.2.1)."""
    tag = client.get("/api/plans").headers["etag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == status


def test_a_query_that_takes_too_long_is_ended(client, tmp_path, monkeypatch):
    """One question would hold a core, and keep a writer waiting, for as long as it likes."""
    monkeypatch.setenv("POLICYGRAPH_QUERY_SECONDS", "0.001")
    service = serving_copy(client, tmp_path)
    with open_store(service.app.state.graph.url, "write") as store:  # a quick machine answers of the samples in that time
        store.transact(lambda transaction: transaction.run("UNWIND range(1, 8) AS n MATCH (d:Department), (t:Task) CREATE (d)-[:RESPONSIBLE_FOR {role: 'lead'}]->(t)"))
    said = assert_problem(service.get("/api/queries/department_workload"), 503)
    assert "took longer" in said and "command line" in said


def test_what_was_written_is_served(own):
    """The service would have to be started again after each ingest."""
    before = own.get("/api/plans")
    with open_store(own.app.state.graph.url, "write") as store:
        store.transact(lambda transaction: transaction.run("MATCH (p:Plan) WHERE p.first_year = 2022 SET p.place = '某地'"))
    after = own.get("/api/plans", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200 and after.headers["etag"] != before.headers["etag"]
    assert [row["place"] for row in after.json()["rows"]][:1] == ["某地"]
    assert own.get("/api/plans?limit=1").json()["rows"][0]["place"] == "某地"


@pytest.mark.parametrize("path", ["/api/plans", "/healthz", "/docs", "/api/nope", "/openapi.json"])
def test_every_answer_has_the_security_headers(client, path):
    """One page without them is enough."""
    headers = client.get(path).headers
    assert headers["content-security-policy"] and headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"


def test_health_and_readiness(client):
    """What a supervisor asks: does the process run, does the graph answer."""
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ok" and ready["version"] >= 1 and ready["graph"]


def test_a_graph_that_does_not_answer_in_time_is_not_ready(own, monkeypatch):
    """A supervisor would wait for ever, or be told of a Neo4j where there is none."""
    monkeypatch.setattr("api.app.READY_SECONDS", 0.05)
    monkeypatch.setattr(type(own.app.state.graph.store()), "meta", lambda store: time.sleep(0.5))
    said = assert_problem(own.get("/readyz"), 503)
    assert "no answer within 0.05 seconds" in said and "Neo4j" not in said


def missing(tmp_path):
    return str(tmp_path / "no-such.lbug")


def unreadable(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text("2025年工作要点\n" * 500, encoding="utf-8")
    return str(path)


def outdated(tmp_path):
    url = str(tmp_path / "old.lbug")
    with open_store(url, "create") as store:
        store.transact(lambda transaction: transaction.run("MATCH (m:Meta) SET m.schema = 0"))
    return url


def unreachable(tmp_path):
    return f"bolt://127.0.0.1:{free_port()}"


@pytest.mark.parametrize("graph", [missing, unreadable, outdated, unreachable])
@pytest.mark.parametrize("path", ["/readyz", "/api/plans", "/api/queries/department_workload"])
def test_a_graph_that_cannot_be_used(tmp_path, graph, path):
    """The process runs and says what is wrong; it neither ends nor answers with nothing."""
    url = graph(tmp_path)
    service = serving(url)
    assert url in assert_problem(service.get(path), 503)
    assert service.get("/healthz").status_code == 200
    assert service.get("/docs").status_code == 200


def test_a_graph_that_comes_later_is_served(tmp_path):
    """The service may be started before the first ingest."""
    service = serving(missing(tmp_path))
    assert_problem(service.get("/readyz"), 503)
    open_store(missing(tmp_path), "create").close()
    assert service.get("/readyz").status_code == 200
    assert service.get("/api/plans").json() == {"rows": [], "total": 0, "next": None}


# Each error class that a request can meet, with the request; the others belong to reading files, writing or the command line.
MET = {
    errors.UnknownThing: "/api/plans/p-aaaaaaaaaaaa", errors.AmbiguousParameter: "/api/queries/department_tasks?department=县渔业主管部门",
    errors.BadParameter: "/api/queries/neighbours?node={plan}&edge=OWNS"}


@pytest.mark.parametrize("error", MET, ids=lambda error: error.__name__)
def test_each_error_has_its_status_and_title(client, error):
    """A client could not tell a wrong id from a wrong question."""
    response = client.get(MET[error].format(plan=first_id(client, "plans")))
    assert_problem(response, error.status)
    assert response.json()["title"] == error.title


@pytest.mark.parametrize("error", [
    errors.NotReading("it writes"), errors.BadCypher("it is no query"), errors.StoreLocked("graph.lbug", "process 7"), errors.StoreRefused("bolt://db", "neo4j"),
    errors.NothingToRemove("a.txt", []), errors.UnknownQuestion("a", ["b"]), errors.MissingParameter("a", "b"), EmptyFile("a.txt")],
    ids=lambda error: type(error).__name__)
def test_errors_from_deeper_have_theirs(own, monkeypatch, error):
    """One handler for all of them: none may end as a 500 without words."""
    def fail():
        raise error

    own.get("/api/plans")
    monkeypatch.setattr(own.app.state.graph, "store", fail)
    assert assert_problem(own.get("/api/plans"), error.status) == str(error)


def test_an_error_of_the_service_itself(own, monkeypatch):
    """A trace back would show paths and code to everybody."""
    def fail():
        raise ZeroDivisionError("secret")

    own.get("/api/plans")
    monkeypatch.setattr(own.app.state.graph, "store", fail)
    response = own.get("/api/plans")
    assert "secret" not in assert_problem(response, 500)
    assert response.headers["content-security-policy"]
