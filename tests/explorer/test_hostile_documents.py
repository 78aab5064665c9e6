"""A document is text, whatever it holds: markup, quotes, marks that turn the writing round."""

from __future__ import annotations

import pytest
from live import DRAWN, running

from api import jobs

pytestmark = pytest.mark.slow
MARKUP = "<script>window.hacked=1</script><img src=x onerror=window.hacked=2>"
TURNED = "\u202e倒写\u202c\u2066隔离\u2069"
QUOTED = "\"'`</title></textarea>--><svg onload=window.hacked=3>{{7*7}}${window.hacked=4}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The graph of a plan whose every part tries something."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "plan.txt").write_text(
        f"临澜市2025年渔业工作要点{MARKUP}\n\n一、推进{MARKUP}渔港建设\n\n"
        f"（一）建设智慧渔港{QUOTED}。完成5个渔港改造{MARKUP}，推广“{MARKUP}平台”，落实《{QUOTED}办法》。（牵头单位：海岸司；配合单位：科技司、<b onmouseover=window.hacked=5>规划司</b>）\n\n"
        f"（二）推进{TURNED}工程。培训{TURNED}渔民1000人。（责任单位：{TURNED}司、人事司）\n", encoding="utf-8")
    (folder / "plan-2022.txt").write_text("临澜市2022年渔业工作要点\n\n一、推进渔港建设\n\n（一）建设智慧渔港。完成3个渔港改造。（牵头单位：海岸司）\n", encoding="utf-8")
    graph = str(folder / "graph.lbug")
    jobs.ingest_files(jobs.list_files([str(folder)]), graph, False, jobs.Failures(), lambda path: None)
    with running(graph) as address:
        yield address


def test_what_a_document_holds_is_shown_as_text(browser, hostile):
    """A plan from anywhere could act in the name of whoever reads it."""
    page = browser.new_page(base_url=hostile, locale="en-GB")
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda sent: sent.url.startswith((hostile, "data:")) or complaints.append(sent.url))
    api = page.request
    tasks = api.get("/api/tasks").json()["rows"]
    units = api.get("/api/departments?limit=1000").json()["rows"]
    plans = api.get("/api/plans").json()["rows"]
    document = api.get(f"/api/plans/{plans[-1]['id']}").json()["document"]
    assert len(plans) == 2 and any("<script>" in task["text"] or "<svg" in task["text"] for task in tasks)
    addresses = ["/", "/units", "/tasks", "/search?q=渔港", "/search?q=%3Cscript%3E", "/compare?from_year=2022&to_year=2025", f"/documents/{document}", f"/documents/{document}/review", "/questions/plan_tasks?plan=临澜市2025年",
                 f"/graph?node={tasks[0]['id']}", *(f"/tasks/{task['id']}" for task in tasks), *(f"/units/{unit['id']}" for unit in units), *(f"/plans/{plan['id']}" for plan in plans)]
    for address in addresses:
        page.goto(address)
        page.wait_for_selector("h1" if address.endswith("/review") else DRAWN)
        page.wait_for_timeout(100)
        assert page.evaluate("window.hacked") is None, address
        assert page.locator("main svg[onload], main img[onerror], main script").count() == 0, address
    page.goto(f"/documents/{document}")
    page.wait_for_selector(DRAWN)
    shown, text = page.locator(".source").text_content(), api.get(f"/api/documents/{document}/text").text()
    assert shown == text and TURNED in shown and "<script>" in shown
    # What turns the writing round ends with the words that hold it.
    assert page.evaluate("getComputedStyle(document.querySelector('.source')).unicodeBidi") == "isolate"
    assert complaints == []
    page.close()
