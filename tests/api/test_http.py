"""The HTTP service over the samples: what it answers, how it pages, and that its numbers lead back to the text."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter

import pytest
from served import first_id, serving_copy

import queries
from api import question_routes
from api.examples import REQUESTS, collect
from api.question_routes import examples
from graph.store import open_store
from queries.answer import answer

PLAN = "海渔发〔2025〕2号"
LISTS = ["/api/plans", "/api/tasks", "/api/departments", "/api/indicators", "/api/queries/department_workload?year=2025", "/api/queries/search_tasks?q=渔"]
WRITING = {"/api/corrections": {"post"}, "/api/verdicts": {"post"}, "/api/documents": {"get", "post"}}  # tests/api/test_edits.py, test_upload.py
ENDPOINTS = [path for path, _ in REQUESTS] + ["/api/documents/{id}/text", "/healthz", "/readyz", "/api/uploads/{job}",
                                                 "/api/export", "/api/export/tasks", "/api/export/responsibilities", *WRITING]  # exports: test_export_http.py


def test_every_endpoint_is_asked(client):
    """An endpoint that no test asks can break unseen: a new one needs a line in api.examples.REQUESTS."""
    assert set(client.get("/openapi.json").json()["paths"]) == set(ENDPOINTS)


def test_the_examples_are_what_the_service_answers(client):
    """The documentation would show answers that nobody gets."""
    assert examples() == collect(client), "write them anew with python -m api.examples"


def test_openapi_shows_the_examples(client):
    """A null that is left out (a lead that is not marked) would be read as a column that is not there."""
    shown = client.get("/openapi.json").json()["paths"]
    for path, _ in REQUESTS:
        assert shown[path]["get"]["responses"]["200"]["content"]["application/json"]["example"] == examples()[path], path


def test_openapi_describes_the_service(client):
    """A client made from it would lack words, types or errors."""
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1") and document["info"]["title"] == "policygraph" and document["info"]["version"]
    seen = Counter(operation["operationId"] for methods in document["paths"].values() for operation in methods.values())
    assert max(seen.values()) == 1
    for path, methods in document["paths"].items():
        assert set(methods) == WRITING.get(path, {"get"}) and all(each["summary"] for each in methods.values()), path
        named = {parameter["name"] for operation in methods.values() for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path)), path
    text = json.dumps(document)
    for reference in re.findall(r'"#/components/schemas/([^"]+)"', text):
        assert reference in document["components"]["schemas"]
    workload = document["paths"]["/api/queries/department_workload"]["get"]
    assert {parameter["name"] for parameter in workload["parameters"]} == {"year", "plan", "role", "level", "region", "kind", "code", "by_code", "limit", "offset", "format"}
    assert "哪些单位" in workload["description"]


@pytest.mark.parametrize("name", queries.names())
def test_each_question_is_listed_with_its_header(client, name):
    """A form could not be built for it."""
    listed = {question["name"]: question for question in client.get("/api/queries").json()}
    question = queries.load(name)
    assert (listed[name]["question"], listed[name]["zh"]) == (question.english, question.chinese)
    assert [column["name"] for column in listed[name]["columns"]] == [column.name for column in question.columns]
    assert [parameter["name"] for parameter in listed[name]["parameters"]] == [parameter.name for parameter in question.parameters]


def test_a_question_over_http_is_the_question(client):
    """The page and the notebook would show two tables."""
    body = client.get("/api/queries/department_workload?year=2025&limit=1000").json()
    with open_store(client.app.state.graph.url) as store:
        rows = queries.run("department_workload", store, year=2025)
    assert (body["rows"], body["total"], body["next"], body["basis"]) == (list(rows), len(rows), None, rows.basis)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_pages_give_every_row_once(client, path, limit):
    """Whoever follows `next` would miss rows or count them twice."""
    if limit == 1 and "?" not in path:
        path += "?year=2022"
    mark = "&" if "?" in path else "?"
    whole = client.get(f"{path}{mark}limit=1000").json()
    assert whole["next"] is None and whole["total"] == len(whole["rows"])
    rows, following = [], f"{path}{mark}limit={limit}"
    while following:
        assert following.startswith("/api/")
        body = client.get(following).json()
        assert len(body["rows"]) <= limit and body["total"] == whole["total"]
        rows += body["rows"]
        following = body["next"]
    assert rows == whole["rows"]
    assert len({row["id"] if "id" in row else row["task"] for row in rows}) == len(rows)


def test_an_offset_behind_the_end_is_an_empty_page(client):
    """It is no error to ask for the page after the last."""
    total = client.get("/api/tasks").json()["total"]
    assert client.get(f"/api/tasks?offset={total}").json() == {"rows": [], "total": total, "next": None}


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/plans", "/api/tasks", "/api/queries/plans"])
def test_a_far_offset_does_not_end_the_service(client, path):
    """One request could take the service away from everybody (tried in a process of its own)."""
    code = ("import sys; from starlette.testclient import TestClient; from api.app import create_app; "
            "print(TestClient(create_app(sys.argv[1])).get(sys.argv[2] + '?offset=10000000').json()['rows'])")
    done = subprocess.run([sys.executable, "-c", code, client.app.state.graph.url, path], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr[-500:]


@pytest.mark.parametrize("path", [*LISTS, "/api/queries/indicators?year=2022"])
def test_csv_holds_the_rows_of_the_json(client, path):
    """Excel would read the columns wrongly, or a statistics program other values than the page shows."""
    mark = "&" if "?" in path else "?"
    response = client.get(f"{path}{mark}format=csv&limit=5")
    body = client.get(f"{path}{mark}limit=5").json()
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf") and response.content.endswith(b"\r\n")
    assert response.headers["x-total-count"] == str(body["total"])
    assert re.fullmatch(r'attachment; filename="\w+\.csv"', response.headers["content-disposition"])
    if body["next"]:
        following = re.search(r'<(/api/[^>]+)>; rel="next"', response.headers["link"])[1]
        assert client.get(following).headers["content-type"].startswith("text/csv")
    found = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    said = [{key: {None: "", True: "true", False: "false"}.get(value, str(value)) if not isinstance(value, int | float) or isinstance(value, bool) else str(value)
             for key, value in row.items()} for row in body["rows"]]
    assert found == said


@pytest.mark.parametrize(("path", "total"), [
    ("/api/plans?year=2025", 2), ("/api/plans?scope=临澜市", 1), ("/api/plans?year=1999", 0), (f"/api/tasks?plan={PLAN}", 22), ("/api/tasks?year=2022", 24),
    ("/api/tasks?department=海岸司", 8), ("/api/tasks?department=海岸司&role=lead", 3), ("/api/tasks?q=人事司", 4), ("/api/departments?q=海岸司", 1)])
def test_lists_are_filtered(client, path, total):
    """A filter that does nothing gives the whole list as its answer."""
    assert client.get(path).json()["total"] == total


def test_things_by_their_ids(client):
    """Each row leads on to the thing with everything that hangs on it."""
    plan = client.get(f"/api/plans/{first_id(client, 'plans')}").json()
    assert (len(plan["tasks"]), len(plan["goals"]), plan["years"], plan["source"]) == (24, 5, [2022], "ministry-2022.txt")
    task = client.get(f"/api/tasks/{plan['tasks'][0]['id']}").json()
    assert task["plan"] == plan["id"] and [unit["name"] for unit in task["units"]] == ["规划司", "科技司", "政策法规司"] and task["continued_by"]
    unit = client.get(f"/api/departments/{task['units'][0]['id']}").json()
    assert unit["name"] == "规划司" and unit["part_of"] and sum(row["tasks"] for row in unit["plans"] if row["plan"] == plan["id"]) == 3
    indicator = client.get(f"/api/indicators/{first_id(client, 'indicators')}").json()
    assert indicator["quote"] in indicator["owner_text"]


def test_a_task_leads_back_to_its_characters(client):
    """The main promise: from a number to the words of the source."""
    task = client.get(f"/api/tasks/{client.get('/api/tasks?department=海岸司&role=lead').json()['rows'][0]['id']}").json()
    text, source = client.get(task["source"]["text"]).text, task["source"]
    assert text[source["start_char"]:source["end_char"]] == task["text"]
    assert text[source["clause_start"]:source["clause_end"]] == task["clause"]
    for unit in task["units"]:
        assert text[unit["start_char"]:unit["end_char"]] == unit["surface"]
    for indicator in task["indicators"]:
        assert text[indicator["start_char"]:indicator["end_char"]] == indicator["quote"]
    for link in task["continues"]:
        assert text[link["later_start"]:link["later_end"]] == link["evidence_later"]


def test_spans_are_slices_of_the_text(client):
    """A page that marks them would mark other words."""
    kinds = Counter()
    for document in client.get("/api/documents").json():
        text = client.get(f"/api/documents/{document['id']}/text").text
        spans = client.get(f"/api/documents/{document['id']}/spans").json()
        assert [span["start_char"] for span in spans] == sorted(span["start_char"] for span in spans)
        for span in spans:
            assert span["quote"] and text[span["start_char"]:span["end_char"]] == span["quote"]
            kinds[span["kind"]] += 1
    with open_store(client.app.state.graph.url) as store:
        held = {kind: store.read(f"MATCH {pattern} RETURN count(*) AS n")[0]["n"] for kind, pattern in {
            "task": "(:Task)", "goal": "(:Goal)", "indicator": "(:Indicator)", "duty": "(:Duty)", "unit": "(:Department)-[:RESPONSIBLE_FOR]->(:Task)",
            "policy": "()-[:CITES]->(:Policy)", "programme": "()-[:NAMES]->(:Programme)"}.items()}
    assert held == {kind: kinds[kind] for kind in held}


def test_the_documentation_keeps_to_its_policy(client):
    """Inline scripts and other hosts are refused by the browser: the page would stay white."""
    page = client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert page.status_code == 200 and "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", page.text)
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert linked and all(link.startswith(("/", "data:,")) and not link.startswith("//") for link in linked)
    for link in linked:
        if link.startswith("/"):
            response = client.get(link)
            assert response.status_code == 200 and response.headers["content-security-policy"] == policy
            if link.endswith((".html", ".js")) and "vendor" not in link:
                assert not re.search(r"https?://", response.text)


def test_vendored_scripts_say_what_they_are(client):
    """A reader must see which version and licence is served."""
    for name in ("swagger-ui/LICENSE", "swagger-ui/NOTICE", "swagger-ui/VERSION", "cytoscape/LICENSE", "cytoscape/VERSION"):
        assert client.get(f"/static/vendor/{name}").text.strip()


def test_a_computed_answer_is_kept_for_its_version_alone(client, tmp_path, monkeypatch):
    """Themes take seconds: to compute them for each visitor stops the others, and to show those of last week's graph is wrong."""
    computed: list[str] = []
    monkeypatch.setattr(question_routes, "answer", lambda question, store, *rest: computed.append(question.name) or answer(question, store, *rest))
    own = serving_copy(client, tmp_path)
    first, page = own.get("/api/queries/themes").json(), own.get("/api/queries/themes?offset=1").json()
    assert page["rows"] == first["rows"][1:] and computed == ["themes"]
    with open_store(own.app.state.graph.url, "write") as store:
        store.transact(lambda transaction: transaction.run("MATCH (t:Task) DETACH DELETE t"))
    after = own.get("/api/queries/themes").json()
    assert after["rows"] == [] and after["basis"]["graph"] != first["basis"]["graph"] and computed == ["themes"] * 2
