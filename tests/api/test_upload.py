"""Documents sent over HTTP: there only with a token, bounded, and ingested like any others."""

from __future__ import annotations

import json

import pytest
from conftest import SAMPLES
from served import assert_problem
from starlette.testclient import TestClient

from api import jobs, upload_routes
from api.app import create_app
from api.upload_routes import safe_name

TOKEN = {"authorization": "Bearer right"}
LATER, EARLIER = SAMPLES / "ministry-2025.txt", SAMPLES / "ministry-2022.txt"


@pytest.fixture
def afar(tmp_path, monkeypatch):
    """A service that others reach, over a graph of one plan."""
    monkeypatch.setenv("POLICYGRAPH_TOKEN", "right")
    graph = str(tmp_path / "graph.lbug")
    jobs.ingest_files([str(EARLIER)], graph, False, jobs.Failures(), lambda path: None)
    with TestClient(create_app(graph), raise_server_exceptions=False) as client:
        client.folder = tmp_path / "uploads"
        yield client


def events_of(client, upload) -> list[dict]:
    text = client.get(upload["events"]).text
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


@pytest.mark.slow
def test_a_sent_plan_is_in_the_graph_and_linked(afar):
    """A file that was taken and is in no answer."""
    assert afar.get("/api/overview").json()["counts"]["Plan"] == 1
    sent = afar.post("/api/documents", headers=TOKEN, files=[("files", (LATER.name, LATER.read_bytes())), ("files", ("bad.pdf", b"no pdf"))])
    assert sent.status_code == 202, sent.text
    events = events_of(afar, sent.json())
    assert [(event["event"], event.get("file")) for event in events] == [("file", LATER.name), ("file", "bad.pdf"), ("done", None)]
    assert any("bad.pdf" in warning for warning in events[-1]["warnings"])
    counts = afar.get("/api/overview").json()["counts"]
    assert (counts["Plan"], counts["CONTINUES"] > 0) == (2, True)
    assert (afar.folder / LATER.name).read_bytes() == LATER.read_bytes()


def test_without_a_token_there_is_no_such_address(client, monkeypatch):
    """Anybody could fill the disk of a service that is meant to be read."""
    monkeypatch.delenv("POLICYGRAPH_TOKEN", raising=False)
    assert_problem(client.post("/api/documents", files=[("files", ("a.txt", b"a"))]), 404)


@pytest.mark.slow
def test_a_wrong_token_keeps_nothing(afar):
    """Its files would lie in the folder all the same."""
    assert_problem(afar.post("/api/documents", headers={"authorization": "Bearer wrong"}, files=[("files", ("a.txt", b"a"))]), 401)
    assert not afar.folder.exists()


@pytest.mark.slow
def test_too_much_is_refused_whole(afar, monkeypatch):
    """One large file after many would leave the others half done."""
    monkeypatch.setattr(upload_routes, "BYTES", 10)
    detail = assert_problem(afar.post("/api/documents", headers=TOKEN, files=[("files", ("a.txt", b"small")), ("files", ("b.txt", b"much too large"))]), 413)
    assert "b.txt" in detail and list(afar.folder.iterdir()) == []


@pytest.mark.slow
def test_what_is_not_read_is_not_kept(afar):
    """A sheet of a stranger would lie beside all documents that were sent: one would stop every later upload, another rule them."""
    good = ("files", (LATER.name, LATER.read_bytes()))
    for name in ("corpus.csv", "corrections.csv", "verdicts.csv", "a/codes.csv", "plan.exe", "plan.doc", "plan", ".txt"):
        detail = assert_problem(afar.post("/api/documents", headers=TOKEN, files=[good, ("files", (name, b"a,b\n"))]), 415)
        assert "not read" in detail and not afar.folder.exists(), name
    sent = afar.post("/api/documents", headers=TOKEN, files=[good])
    assert sent.status_code == 202 and events_of(afar, sent.json())[-1]["event"] == "done"
    assert afar.get("/api/overview").json()["counts"]["Plan"] == 2


@pytest.mark.parametrize(("given", "kept"), [
    ("../../etc/passwd", "passwd"), ("C:\\plans\\规划（2025）.docx", "规划（2025）.docx"), (".hidden", "hidden"), ("a\x1b[31m.txt", "a_31m.txt"), ("\u202etxt.exe", "_txt.exe"), ("", "document"), ("--store=x", "store_x")])
def test_a_name_cannot_lead_elsewhere(given, kept):
    """A file would be written over another folder's, or a command be given an option."""
    assert safe_name(given) == kept
