"""Files that are made to harm: the process that reads them is stopped, the sender is told, and the service goes on answering."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import zipfile

import psutil
import pytest
from conftest import SAMPLES
from served import assert_problem
from starlette.testclient import TestClient

from api import jobs, upload_routes, worker
from api.app import create_app

pytestmark = pytest.mark.slow
TOKEN = {"authorization": "Bearer right"}
PLAN = SAMPLES / "ministry-2025.txt"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
          '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
_RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Target="word/document.xml" '
         'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>')


def docx(body: str) -> bytes:
    """A Word document of which only the body is ours."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELS)
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
    return held.getvalue()


def paragraphs(count: int) -> str:
    """As many, each another, so that they pack no tighter than a text does."""
    return "".join(f"<w:p><w:r><w:t>{number}、{number * 7919 % 65537}</w:t></w:r></w:p>" for number in range(count))


def pdf(pages: int) -> bytes:
    """A PDF of empty pages."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 9 9]>>", *["<</Type/Page/Parent 2 0 R>>"] * pages]
    body, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{held}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF".encode()


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.txt", data)
    return held.getvalue()


HOSTILE = {
    "bomb.docx": (docx("<w:p/>" + " " * (60 << 20)), "unpacks to"),
    "bomb.zip": (zipped(plan=b"\n" * (60 << 20)), "unpacks to"),
    "members.zip": (zipped(**{f"n{number}": b"" for number in range(10_001)}), "members"),
    "pages.pdf": (pdf(3_001), "over 3,000 pages"),
    "deep.docx": (docx("<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000), "Excessive depth"),
    "deep.html": (b"<div>" * 200_000 + b"<p>" + "一、工作任务".encode(), "no web page that can be opened"),
    "broken.pdf": (b"%PDF-1.7\n" + b"<<" * 100_000, "no PDF that can be opened"),
    "zero.txt": (b"\x00" * 1000, "zero"),
}


@pytest.fixture
def afar(tmp_path, monkeypatch):
    """A service that others reach, over a graph of one plan."""
    monkeypatch.setenv("POLICYGRAPH_TOKEN", "right")
    graph = str(tmp_path / "graph.lbug")
    jobs.ingest_files([str(SAMPLES / "ministry-2022.txt")], graph, False, jobs.Failures(), lambda path: None)
    with TestClient(create_app(graph), raise_server_exceptions=False) as client:
        yield client


def events_of(client, **files: bytes) -> list[dict]:
    sent = client.post("/api/documents", headers=TOKEN, files=[("files", (name.replace("__", "."), data)) for name, data in files.items()])
    assert sent.status_code == 202, sent.text
    text = client.get(sent.json()["events"]).text
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def plans(client) -> int:
    assert client.get("/readyz").status_code == 200
    return client.get("/api/overview").json()["counts"]["Plan"]


def test_hostile_files_beside_a_plan(afar):
    """One of them would keep the others of its upload out, or end the service."""
    files = {name.replace(".", "__"): data for name, (data, _) in HOSTILE.items()} | {"plan__txt": PLAN.read_bytes()}
    last = events_of(afar, **files)[-1]
    assert last["event"] == "done", last
    for name, (_, said) in HOSTILE.items():
        assert any(name in warning and said in warning for warning in last["warnings"]), (name, last["warnings"])
    assert plans(afar) == 2


def children() -> set[psutil.Process]:
    """Those of this process, a Neo4j among them where it runs tests of it, too."""
    return {child for child in psutil.Process().children(recursive=True) if child.is_running() and child.status() != psutil.STATUS_ZOMBIE}


def test_a_file_that_takes_too_long(afar, monkeypatch):
    """Every upload behind it would wait, and the processor be busy for hours."""
    before = children()
    monkeypatch.setattr(upload_routes, "SECONDS", 0.2)
    last = events_of(afar, plan__txt=PLAN.read_bytes())[-1]
    assert (last["event"], last["title"]) == ("failed", worker.TookTooLong.title)
    assert children() <= before, "what was stopped is gone"
    monkeypatch.setattr(upload_routes, "SECONDS", 300)
    assert plans(afar) == 1 and events_of(afar, plan__txt=PLAN.read_bytes())[-1]["event"] == "done"


def test_a_file_that_takes_too_much_memory(afar, monkeypatch):
    """The machine would end what it likes, perhaps the service."""
    before = children()
    monkeypatch.setattr(worker, "MEMORY", 450 << 20)  # reading a sample holds 350 MB
    hungry = docx(paragraphs(400_000))
    last = events_of(afar, hungry__docx=hungry)[-1]
    assert (last["event"], last["title"]) == ("failed", worker.TookTooMuchMemory.title) and last["detail"].startswith("hungry.docx: "), last
    assert children() <= before
    assert plans(afar) == 1


def test_the_service_answers_meanwhile(afar, monkeypatch):
    """What others ask must not wait for a stranger's file."""
    monkeypatch.setattr(upload_routes, "SECONDS", 3)
    slow = docx(paragraphs(400_000))
    told: list[dict] = []
    thread = threading.Thread(target=lambda: told.extend(events_of(afar, slow__docx=slow)))
    thread.start()
    answers = 0
    while thread.is_alive():
        assert afar.get("/api/plans").status_code == 200
        answers += 1
        thread.join(0.1)
    assert told[-1]["title"] == worker.TookTooLong.title and answers > 5


@pytest.mark.parametrize(("limit", "error"), [({"seconds": 0.2}, worker.TookTooLong), ({"memory": 1}, worker.TookTooMuchMemory)])
def test_a_correction_is_bounded_too(afar, monkeypatch, limit, error):
    """Its file is read anew, and may be any file by then."""
    monkeypatch.setattr("api.edit_routes.SECONDS", limit.get("seconds", 300))
    monkeypatch.setattr(worker, "MEMORY", limit.get("memory", worker.MEMORY))
    document = afar.get("/api/documents").json()[0]["id"]
    response = afar.post("/api/corrections", headers=TOKEN, json={"document": document, "rows": [{"document": "a", "field": "title", "value": "b"}]})
    assert_problem(response, error.status)
    assert response.json()["title"] == error.title and plans(afar) == 1


def test_a_process_that_says_much(monkeypatch, tmp_path):
    """A full pipe would hold it, and the one who reads, for ever."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "__init__.py").touch()
    (tmp_path / "api" / "edits.py").write_text("import json, sys\nsys.stdin.read()\nsys.stderr.write('x' * (1 << 22) + '\\n')\nprint(json.dumps({'notes': ['y' * (1 << 22)]}))\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = asyncio.run(worker.run_edit({"do": "nothing"}, 30))
    assert len(done["notes"][0]) == 1 << 22


def test_what_reads_a_file_knows_no_token(monkeypatch, tmp_path):
    """Whoever takes that process over would be able to write as its user pleases."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "__init__.py").touch()
    (tmp_path / "api" / "edits.py").write_text("import json, os, sys\nsys.stdin.read()\nprint(json.dumps({'notes': sorted(name for name in os.environ if name.startswith('POLICYGRAPH_'))}))\n")
    for name in ("TOKEN", "JUDGE_KEY", "NEO4J_USER"):
        monkeypatch.setenv(f"POLICYGRAPH_{name}", "a")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    notes = asyncio.run(worker.run_edit({}, 30))["notes"]
    assert "POLICYGRAPH_NEO4J_USER" in notes and not {"POLICYGRAPH_TOKEN", "POLICYGRAPH_JUDGE_KEY"} & set(notes)
