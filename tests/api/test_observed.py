"""What is known of each request afterwards: a number, a line, a count; and what must be in none of them."""

from __future__ import annotations

import logging
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families
from served import assert_problem, serving, serving_copy

import api.app
from graph.errors import BadCypher
from graph.settings import read_settings
from graph.store import open_store

LINE = re.compile(r"method=(\S+) route=(\S+) status=(\d{3}) ms=\d+\.\d bytes=(\d+) id=([0-9a-f]{16})")
SECRETS = ("a-very-secret-token", "a-very-secret-password", "a-very-secret-key")


@pytest.fixture
def log(caplog):
    """All that any logger says."""
    for client in ("httpx", "httpx2"):  # the tests' own
        caplog.set_level(logging.WARNING, client)
    caplog.set_level(logging.DEBUG)
    return caplog


def lines(log) -> list[tuple[str, ...]]:
    return [match.groups() for record in log.records if record.name == "api.observed" and (match := LINE.fullmatch(record.getMessage()))]


def metric(client, name: str, **labels: str) -> float | None:
    families = text_string_to_metric_families(client.get("/metrics").text)
    found = [sample.value for family in families for sample in family.samples if sample.name == name and all(sample.labels.get(key) == value for key, value in labels.items())]
    return sum(found) if found else None


@pytest.fixture
def own(client, tmp_path):
    return serving_copy(client, tmp_path)


@pytest.mark.parametrize(("method", "path", "route", "status"), [
    ("GET", "/api/plans?scope=某市", "/api/plans", 200), ("GET", "/api/tasks/t-aaaaaaaaaaaa", "/api/tasks/{id}", 404), ("GET", "/api/graph/between?ids=a", "/api/graph/between", 422),
    ("GET", "/static/nope.js", "/static", 404), ("GET", "/nope/a/b", "other", 404), ("POST", "/api/plans", "/api/plans", 405), ("GET", "/api/queries/department_workload?yaer=1", "/api/queries/department_workload", 400),
    ("BREW", "/api/plans", "/api/plans", 405)])
def test_one_line_a_request(client, log, method, path, route, status):
    """By route and not by address, so that requests can be counted, and nobody's question stands in the log."""
    response = client.request(method, path)
    assert response.status_code == status
    assert lines(log) == [(method if method != "BREW" else "other", route, str(status), str(len(response.content)), response.headers["x-request-id"])]


def test_an_unchanged_answer_has_its_line(client, log):
    tag = client.get("/api/plans").headers["etag"]
    client.get("/api/plans", headers={"If-None-Match": tag})
    assert [line[1:4] for line in lines(log)][1] == ("/api/plans", "304", "0")


def test_numbers_are_the_services_own(client):
    """Two requests under one number, or a number with a line break, would make the log say anything."""
    given = "0123456789abcdef"
    numbers = [client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"] for _ in range(3)]
    assert len({*numbers, given}) == 4


def test_neither_questions_nor_secrets_are_in_the_log(own, log, monkeypatch):
    """Logs are kept, sent on and read by others than those who asked."""
    monkeypatch.setenv("POLICYGRAPH_TOKEN", SECRETS[0])
    monkeypatch.setenv("POLICYGRAPH_NEO4J_PASSWORD", SECRETS[1])
    monkeypatch.setenv("POLICYGRAPH_JUDGE_KEY", SECRETS[2])
    said = [own.get("/api/tasks?q=whistleblower&token=a-very-secret-token"), own.get("/api/search?q=whistleblower"), own.get("/api/queries/search_tasks?q=whistleblower"),
            own.get("/api/tasks/whistleblower", headers={"Authorization": "Bearer a-very-secret-token", "Cookie": "a=whistleblower"}), own.get("/whistleblower"),
            own.post("/api/verdicts", content=b'{"whistleblower": 1', headers={"Authorization": "Bearer a-very-secret-token"}), own.post("/api/verdicts", json={}, headers={"Authorization": "Bearer whistleblower"})]

    words = "whistleblower a-very-secret-password"

    def fail():
        raise RuntimeError(words)

    monkeypatch.setattr(own.app.state.graph, "store", fail)
    said.append(own.get("/api/tasks?q=whistleblower"))
    assert [response.status_code for response in said] == [400, 200, 200, 404, 404, 422, 401, 500]
    assert len(lines(log)) == len(said)
    assert "test_observed.py" in log.text, "where the error of the service arose is said"
    for words in ("whistleblower", *SECRETS):
        assert words not in log.text
    for response in said:
        assert not any(secret in response.text + str(response.headers) for secret in SECRETS if "token=" not in str(response.request.url))


def test_settings_show_no_secret(monkeypatch):
    """They are printed by whatever shows a trace back with its variables."""
    for name, value in zip(("TOKEN", "NEO4J_PASSWORD", "JUDGE_KEY"), SECRETS, strict=True):
        monkeypatch.setenv(f"POLICYGRAPH_{name}", value)
    assert {read_settings().token, read_settings().neo4j_password, read_settings().judge_key} == set(SECRETS)
    assert not any(secret in repr(read_settings()) for secret in SECRETS)


@pytest.mark.parametrize("address", ["bolt://neo4j:a-very-secret-password@127.0.0.1:7687", "https://neo4j:a-very-secret-password@db/graph", "neo4j://a@b:a-very-secret-password@db"])
def test_an_address_with_a_password_is_refused_without_saying_it(log, address):
    """Every error of the graph names its address, to whoever asks."""
    service = serving(address)
    said = assert_problem(service.get("/api/plans"), 503) + service.get("/readyz").text + service.get("/metrics").text
    assert "POLICYGRAPH_NEO4J_PASSWORD" in said
    assert "a-very-secret-password" not in said + log.text


def test_requests_are_counted(own):
    """By route, method and status; a thousand addresses that are not there are one row."""
    before = metric(own, "policygraph_requests_total", route="/api/tasks/{id}", method="GET", status="404") or 0
    for number in range(5):
        own.get(f"/api/tasks/t-{number}")
        own.request(f"BREW{number}", f"/nope/{number}")
    assert metric(own, "policygraph_requests_total", route="/api/tasks/{id}", method="GET", status="404") == before + 5
    assert metric(own, "policygraph_requests_total", route="other", method="other") == 5
    assert metric(own, "policygraph_request_seconds_count", route="/api/tasks/{id}") == before + 5
    assert "/metrics" not in own.get("/openapi.json").json()["paths"]


def test_two_apps_count_apart(client, own):
    """A second app in a process would end with a name that is taken."""
    own.get("/api/plans")
    assert metric(own, "policygraph_requests_total", route="/api/plans") == 1


def test_the_graph_is_measured(own):
    tasks = own.get("/api/tasks").json()["total"]
    assert metric(own, "policygraph_graph_tasks") == tasks and metric(own, "policygraph_graph_up") == 1
    version = metric(own, "policygraph_graph_version")
    with open_store(own.app.state.graph.url, "write") as store:
        store.transact(lambda transaction: transaction.delete("Task", [row["id"] for row in transaction.run("MATCH (t:Task) RETURN t.id AS id LIMIT 1")]))
    assert metric(own, "policygraph_graph_tasks") == tasks - 1 and metric(own, "policygraph_graph_version") > version


def test_metrics_without_a_graph(tmp_path):
    """When the graph is gone is when somebody looks at them."""
    service = serving(str(tmp_path / "none.lbug"))
    assert metric(service, "policygraph_graph_up") == 0 and metric(service, "policygraph_graph_tasks") is None


def test_ready_is_only_who_answers(own, monkeypatch):
    """Requests would be sent to a service that cannot answer any."""
    assert own.get("/readyz").status_code == 200
    graph = own.app.state.graph

    class Broken:
        def meta(self):
            raise BadCypher("no such table")

    class Empty:
        def meta(self):
            return None

    for store in (Broken, Empty):
        monkeypatch.setattr(graph, "store", store)
        assert_problem(own.get("/readyz"), 503)


def test_ready_does_not_wait_for_ever(own, monkeypatch):
    """Whoever asks is a machine that takes silence for an answer."""
    import threading

    wait = threading.Event()
    monkeypatch.setattr(api.app, "READY_SECONDS", 0.1)
    monkeypatch.setattr(own.app.state.graph, "store", lambda: wait.wait(20))
    try:
        assert "no answer" in assert_problem(own.get("/readyz"), 503)
    finally:
        wait.set()
