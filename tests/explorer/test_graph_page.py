"""The Graph page in a browser: opened by mouse and by keyboard, filtered, pinned, with paths, as picture, numbers and Cypher."""

from __future__ import annotations

import csv
import io
import re
import struct
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def unit(page):
    """The id of 海岸司, which has duties, a counterpart, and tasks in two years, some of which it leads."""
    return page.request.get("/api/departments?q=海岸司").json()["rows"][0]["id"]


def ready(page) -> None:
    page.wait_for_selector(".canvas[data-ready]")


def go(page, path: str) -> None:
    page.goto(path)
    ready(page)


def counts(page) -> tuple[int, ...]:
    """Nodes shown, nodes loaded, edges shown, as the page says them."""
    return tuple(map(int, re.findall(r"\d+", page.locator("main > p[role=status]").first.inner_text())))


def drawn(page) -> dict[str, tuple[int, int]]:
    """What stands in the drawing, and where."""
    return {node: (x, y) for node, x, y in page.evaluate(
        "document.querySelector('.canvas')._cyreg.cy.nodes().map(n => [n.id(), Math.round(n.position('x')), Math.round(n.position('y'))])")}


def place(page, node: str) -> tuple[float, float]:
    """Where a node is on the screen."""
    page.locator(".canvas").scroll_into_view_if_needed()
    return tuple(page.evaluate("""(id) => { const box = document.querySelector('.canvas'), at = box.getBoundingClientRect(), p = box._cyreg.cy.getElementById(id).renderedPosition();
        return [at.left + p.x, at.top + p.y]; }""", node))


def listed(page) -> list[str]:
    return page.eval_on_selector_all("[data-open]", "buttons => buttons.map(button => button.dataset.open)")


def download(page, name: str) -> bytes:
    with page.expect_download() as waited:
        page.click(f'[data-save="{name}"]')
    assert waited.value.suggested_filename == name
    return Path(waited.value.path()).read_bytes()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_node_is_found_by_its_words(page):
    """Nobody knows an id."""
    page.goto("/graph")
    page.wait_for_selector("h2 >> text=Units with the most tasks, 2025")
    page.fill("main input[name=q]", "海岸司")
    page.press("main input[name=q]", "Enter")
    page.click("main .found a >> text=海岸司")
    ready(page)
    assert page.inner_text("h1") == "Graph: 海岸司"
    assert parse_qs(urlsplit(page.url).query).keys() == {"node"}


def test_what_is_drawn_is_what_is_listed(page, unit):
    """Who cannot see the drawing would get another graph."""
    go(page, f"/graph?node={unit}")
    body = page.request.get(f"/api/graph/{unit}").json()
    collectives = [node["id"] for node in body["nodes"] if node["collective"]]
    assert set(drawn(page)) == set(listed(page)) == {node["id"] for node in body["nodes"]} - set(collectives)
    assert counts(page)[:2] == (len(body["nodes"]) - len(collectives), len(body["nodes"]))
    assert page.get_attribute(".canvas", "aria-label").startswith(f"Drawing of {counts(page)[0]} nodes")
    assert page.locator(".edge-list tbody tr").count() == counts(page)[2]


def test_a_click_opens_a_node(page, unit):
    """The drawing would be a picture."""
    go(page, f"/graph?node={unit}")
    before = drawn(page)
    task = next(node for node in before if node.startswith("t-"))
    page.mouse.click(*place(page, task))
    page.wait_for_url(f"**/graph?node={unit},{task}")
    page.wait_for_selector(f'[data-open="{task}"][aria-expanded="true"]')
    assert set(before) < set(drawn(page))
    plan = page.request.get(f"/api/tasks/{task}").json()["plan"]
    assert plan in listed(page)
    page.go_back()
    page.wait_for_selector(f'[data-open="{task}"][aria-expanded="false"]')
    ready(page)
    assert set(drawn(page)) == set(before)


def test_enter_in_the_list_opens_a_node(page, unit):
    """Without a mouse one would not get past the first node; the focus stays where it was."""
    go(page, f"/graph?node={unit}")
    task = next(node for node in listed(page) if node.startswith("t-"))
    page.focus(f'[data-open="{task}"]')
    page.keyboard.press("Enter")
    page.wait_for_selector(f'[data-open="{task}"][aria-expanded="true"]')
    assert page.evaluate("document.activeElement.dataset.open") == task
    words = page.request.get(f"/api/tasks/{task}").json()["text"]
    assert words in page.inner_text(".detail") and page.get_attribute(".detail a", "href") == f"/tasks/{task}"
    page.click('[data-do="close"]')
    page.wait_for_url(f"**/graph?node={unit}")


def test_two_quick_clicks_open_two_nodes(page, unit):
    """The second would undo the first while that is still loading."""
    go(page, f"/graph?node={unit}")
    one, two = [node for node in listed(page) if node.startswith("t-")][:2]
    page.evaluate("ids => ids.forEach(id => document.querySelector(`[data-open='${id}']`).click())", [one, two])
    page.wait_for_url(f"**/graph?node={unit},{one},{two}")
    assert page.locator('[data-open][aria-expanded="true"]').count() == 3


def test_an_address_gives_the_same_nodes_at_the_same_places(page, unit):
    """A link sent to a colleague would show something else."""
    address = f"/graph?node={unit}&year=2025&role=lead&kinds=Task,Department,Plan"
    go(page, address)
    first, counted = drawn(page), counts(page)
    assert page.input_value("[name=role]") == "lead" and not page.is_checked("input[value=Duty]") and page.is_checked("input[value=Plan]")
    go(page, "/graph?node=" + unit)
    assert drawn(page) != first
    go(page, address)
    assert (drawn(page), counts(page)) == (first, counted)


def test_filters_leave_what_fits(page, unit):
    """A filter that does nothing would be taken for an answer."""
    go(page, f"/graph?node={unit}")
    everything = counts(page)
    page.select_option("[name=role]", "lead")
    leads = page.request.get(f"/api/tasks?department={unit}&role=lead").json()["total"]
    assert [node[0] for node in listed(page)].count("t") == leads > 0
    page.uncheck("input[value=Task]")
    assert "t" not in {node[0] for node in listed(page)} and counts(page)[1] == everything[1]
    page.check("input[value=Task]")
    page.select_option("[name=role]", "")
    page.focus("[name=year]")
    page.keyboard.press("End")
    page.wait_for_selector("output >> text=2025")
    assert [node[0] for node in listed(page)].count("t") == page.request.get(f"/api/tasks?department={unit}&year=2025").json()["total"]
    assert parse_qs(urlsplit(page.url).query) == {"node": [unit], "year": ["2025"]}
    page.keyboard.press("Home")
    assert counts(page) == everything


def test_collectives_are_shown_where_they_are_asked_for(page):
    """各区政府 stands on everything and would tie all together."""
    collective = next(row["id"] for row in page.request.get("/api/departments?limit=1000").json()["rows"] if row["collective"] and row["responsibilities"])
    task = page.request.get(f"/api/tasks?department={collective}").json()["rows"][0]["id"]
    go(page, f"/graph?node={task}")
    assert collective not in listed(page)
    page.check("[name=collectives]")
    assert collective in listed(page) and "collectives=1" in page.url


def test_lead_and_support_are_told_apart_without_colour(page):
    """Printed in grey, who leads would be gone."""
    task = next(row["later"] for row in page.request.get("/api/queries/continued_between?from_year=2022&to_year=2025&limit=1000").json()["rows"]
                if {"lead", "support"} <= {unit["role"] for unit in page.request.get(f"/api/tasks/{row['later']}").json()["units"]})
    go(page, f"/graph?node={task}")
    strokes = {edge.get("role"): edge for edge in page.evaluate("document.querySelector('.canvas')._cyreg.cy.edges().map(e => ({role: e.id().split(' ')[2], width: e.width(), line: e.style('line-style')}))")}
    assert strokes["lead"]["line"] == "solid" and strokes["support"]["line"] == "dashed" and strokes["lead"]["width"] > strokes["support"]["width"]
    assert {"lead", "support"} <= set(page.inner_text(".legend").split())


def test_dragging_pins_and_the_pin_is_in_the_address(page, unit):
    """A figure that was put in order would be lost on the way to a colleague."""
    go(page, f"/graph?node={unit}")
    node = next(node for node in drawn(page) if node.startswith("t-"))
    x, y = place(page, node)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 70, y + 30, steps=5)
    page.mouse.up()
    page.wait_for_url("**&pin=**")
    at = drawn(page)[node]
    assert f"pin={node}~{at[0]}~{at[1]}" in unquote(page.url)
    page.click('[data-do="again"]')
    assert drawn(page)[node] == at
    page.reload()
    ready(page)
    assert drawn(page)[node] == at
    page.click('[data-do="unpin"]')
    assert "pin=" not in page.url


def test_paths_between_two_nodes(page, unit):
    """Shift and click on two nodes, or the button in the detail of each."""
    go(page, f"/graph?node={unit}")
    city = page.request.get("/api/plans?scope=临澜市").json()["rows"][0]
    page.keyboard.down("Shift")
    page.mouse.click(*place(page, unit))
    page.keyboard.up("Shift")
    assert "海岸司" in page.inner_text(".marked-pair")
    page.fill("main form:not([aria-label]) input[name=q]", city["title"])
    page.press("main form:not([aria-label]) input[name=q]", "Enter")
    page.click(".results button")
    page.wait_for_selector(f'[data-open="{city["id"]}"]')
    for node in (unit, city["id"]):
        page.click(f'[data-pick="{node}"]')
        page.click('[data-do="mark"]')
    page.click('[data-do="paths"]')
    page.wait_for_selector(".paths li")
    found = page.request.get(f"/api/paths?from={unit}&to={city['id']}").json()
    assert f"{len(found['paths'])} of {found['total']} shortest paths; edges on each: {found['length']}." in page.inner_text(".paths")
    assert {node for path in found["paths"] for node in path} <= set(drawn(page))
    address = page.url
    page.reload()
    page.wait_for_selector(".paths li")
    assert page.url == address and f"path={unit},{city['id']}" in address


def test_no_path_is_said(page, unit):
    """Silence would be taken for a search that still runs. The samples hang together, so the service's answer is replaced."""
    other = page.request.get("/api/plans").json()["rows"][0]["id"]
    ends = page.request.get(f"/api/graph/between?ids={unit},{other}").json()["nodes"]
    page.route("**/api/paths?**", lambda route: route.fulfill(json={"nodes": ends, "edges": [], "paths": [], "length": None, "total": 0, "visited": 7, "gave_up": False, "note": "none"}))
    go(page, f"/graph?path={unit},{other}")
    assert "No path of up to 6 edges" in page.inner_text(".paths") and set(listed(page)) == {unit, other}


def test_beyond_300_nodes_it_asks_to_filter(page, unit):
    """A ball of wool answers nothing, and what is missing must be known. The samples are small, so the service's answer is made larger."""
    body = page.request.get(f"/api/graph/{unit}").json()
    task = next(node for node in body["nodes"] if node["kind"] == "Task")
    ids = [f"t-{k:012}" for k in range(350)]
    large = {"nodes": [body["nodes"][0], *({**task, "id": node, "years": [2022 + k % 2]} for k, node in enumerate(ids))], "left_out": {"Task": 2600},
             "edges": [{"source": unit, "target": node, "kind": "RESPONSIBLE_FOR", "role": "lead", "relation": None, "score": None, "times": 1} for node in ids]}
    page.route(f"**/api/graph/{unit}?**", lambda route: route.fulfill(json=large))
    go(page, f"/graph?node={unit}")
    assert "More than 300 nodes: 51 are left out. Filter" in page.inner_text(".too-many")
    assert "2600" in page.inner_text(".left-out")
    assert len(drawn(page)) == 300 and counts(page) == (300, 351, 299)
    page.focus("[name=year]")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".too-many", state="detached")
    assert len(drawn(page)) == 176


def test_the_picture_says_what_it_shows(page, unit):
    """A figure without n, filters and version cannot be published."""
    go(page, f"/graph?node={unit}&role=lead")
    shown, loaded, edges = counts(page)
    root = ElementTree.fromstring(download(page, "graph.svg"))
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert f"n: {shown} nodes, {edges} edges, of {loaded} nodes loaded." in words
    overview = page.request.get("/api/overview").json()
    said = " ".join(words)
    assert "Role: lead" in said and "collectives left out" in said and f"policygraph {overview['policygraph']}" in said and overview["graph"] in said
    tasks = sum(node.startswith("t-") for node in listed(page))
    assert f"task ({tasks})" in words and any(re.fullmatch(r"lead \(\d+\)", word) for word in words)
    assert len(list(root.iter(f"{SVG}g"))) == shown
    png = download(page, "graph.png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (2 * int(root.get("width")), 2 * int(root.get("height")))
    assert len(png) > 20_000, "an empty canvas"


def test_paper_has_the_whole_picture(page, unit):
    """The drawing is made for the screen: on paper it would be cut off."""
    go(page, f"/graph?node={unit}")
    shown, loaded, edges = counts(page)
    page.pdf()
    assert page.locator(".printed svg text", has_text=f"n: {shown} nodes, {edges} edges").count() == 1
    page.emulate_media(media="print")
    assert page.is_visible(".printed svg") and not page.is_visible(".canvas")


def test_words_of_a_document_stay_words(page, unit):
    """A plan could put markup into a picture or a formula into a spreadsheet."""
    body = page.request.get(f"/api/graph/{unit}").json()
    next(node for node in body["nodes"] if node["kind"] == "Task")["label"] = '=1+1<img src=x onerror="boom">&"\x0b'
    page.route(f"**/api/graph/{unit}?**", lambda route: route.fulfill(json=body))
    go(page, f"/graph?node={unit}")
    assert page.locator("main img").count() == 0
    root = ElementTree.fromstring(download(page, "graph.svg"))
    assert any('=1+1<img src=x onerror="boom">&"' == title.text for title in root.iter(f"{SVG}title"))
    assert any(row["label"].startswith("'=1+1<img") for row in rows_of(download(page, "graph-nodes.csv")))


def test_csv_has_what_is_shown(page, unit):
    """The numbers of a figure must be checked by somebody else."""
    go(page, f"/graph?node={unit}&year=2025")
    nodes, edges = rows_of(download(page, "graph-nodes.csv")), rows_of(download(page, "graph-edges.csv"))
    assert [row["id"] for row in nodes] == listed(page) and len(edges) == counts(page)[2]
    labels = {row["id"]: row["label"] for row in nodes}
    assert all(labels[row["source"]] == row["source_label"] and labels[row["target"]] == row["target_label"] for row in edges)
    assert {row["years"] for row in nodes if row["kind"] == "Task"} == {"2025"}


def test_the_view_is_a_query(page, unit, live_store):
    """Pasted elsewhere, it must give the same nodes and edges."""
    go(page, f"/graph?node={unit}&role=lead")
    page.click(".cypher summary")
    query = page.inner_text(".cypher pre")
    rows = live_store.read(query.replace("RETURN n, r, m", "RETURN n.id AS n, type(r) AS r, m.id AS m"))
    edges = rows_of(download(page, "graph-edges.csv"))
    assert {row["n"] for row in rows} == set(listed(page))
    assert sorted((row["n"], row["r"], row["m"]) for row in rows if row["m"]) == sorted((row["source"], row["kind"], row["target"]) for row in edges for _ in range(int(row["times"])))


def test_an_unknown_node_is_said(page):
    """An empty drawing would be taken for a node without neighbours."""
    page.expected.append("404")
    page.goto("/graph?node=d-aaaaaaaaaaaa")
    assert "holds no node" in page.inner_text("[role=alert]")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 800}, "locale": "zh-CN", "has_touch": True, "is_mobile": True, "color_scheme": "dark"}], indirect=True)
def test_on_a_phone_in_chinese(page, unit):
    """Nothing runs out of the screen, a tap opens a node, and every word is Chinese."""
    go(page, f"/graph?node={unit}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".canvas").bounding_box()["height"] == pytest.approx(480, abs=2)
    node = next(node for node in drawn(page) if node.startswith("d-") and node != unit)
    page.touchscreen.tap(*place(page, node))
    page.wait_for_url(f"**/graph?node={unit},{node}")
    said = " ".join(page.locator(element).inner_text() for element in (".tools", ".legend", ".network-filters fieldset", ".doing"))
    assert not re.search(r"[a-z]{3,}", said), said
