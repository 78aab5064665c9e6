"""The explorer's pages in a real browser: the three questions answered by clicks, every address, every link, every reader."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import load_into
from live import DRAWN, running
from playwright.sync_api import expect

import queries
from graph.store import open_store
from queries.question import NO_DEFAULT

pytestmark = pytest.mark.slow
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
UNIT, MINISTRY = "海岸司", "海岸与渔业部"
VIEWS = {
    "home": "/", "units": "/units?year=2025", "unit": "/units/{unit}", "tasks": "/tasks?department={unit}", "task": "/tasks/{task}?at=task", "plan": "/plans/{plan}", "document": "/documents/{document}?at=20-60",
    "compare": "/compare?from_year=2022&to_year=2025&scope=" + MINISTRY, "questions": "/questions", "question": "/questions/department_workload?year=2025", "search": "/search?q=渔港", "upload": "/upload", "graph": "/graph?node={unit}"}


@pytest.fixture(scope="module")
def ids(live_url):
    """The ids that the addresses of the views have."""
    import httpx

    def get(path):
        return httpx.get(live_url + path).json()

    task = get(f"/api/tasks?department={UNIT}&role=lead")["rows"][0]
    return {"unit": get(f"/api/departments?q={UNIT}")["rows"][0]["id"], "task": task["id"], "plan": task["plan"], "document": get(f"/api/plans/{task['plan']}")["document"]}


@pytest.fixture
def visit(page, ids):
    """Goes to a view by its name, or to an address, and waits until it is drawn."""
    def go(view):
        page.goto(VIEWS.get(view, view).format(**ids))
        page.wait_for_selector(DRAWN)
        return page

    return go


def drawn(page) -> None:
    page.wait_for_selector(DRAWN)


def test_which_units_own_the_most_tasks_is_three_clicks_from_its_words(visit, live_store):
    """A number in a chart that leads nowhere cannot be published."""
    page = visit("home")
    page.click(".doors a >> nth=0")
    page.wait_for_selector("main h2")
    answer = queries.run("department_workload", live_store, year=2025)
    first = page.locator("tbody tr").first
    assert (first.locator("th a").inner_text(), first.locator(".bar-value a").inner_text()) == (answer[0]["department"], str(answer[0]["tasks"]))
    first.locator(".bar-value a").click()
    page.wait_for_url("**/tasks?**")
    drawn(page)
    assert page.locator("tbody tr").count() == answer[0]["tasks"]
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile("/tasks/t-"))
    drawn(page)
    page.get_by_role("link", name="In its document").click()
    page.wait_for_url(re.compile("/documents/"))
    page.wait_for_selector("mark.lit")
    task = live_store.read("MATCH (t:Task) WHERE t.id = $id RETURN t.text AS text", id=re.search(r"t-\w+", page.evaluate("document.querySelector('.contents a[href*=\"/tasks/\"]').href"))[0])
    assert task and "".join(page.locator("mark.lit").all_inner_texts())
    assert page.evaluate("(() => { const box = document.querySelector('mark.lit').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; })()")


def test_what_carried_on_shows_its_evidence_in_both_texts(visit, live_store):
    """A reviewer would not believe a link without its words."""
    page = visit("home")
    page.click(".doors a >> nth=1")
    page.wait_for_selector(".sides .lines button")
    assert "2022" in page.url and "2025" in page.url
    line = page.locator(".side").nth(1).locator("button.continued").first
    line.click()
    page.wait_for_selector(".pair mark.lit")
    words = page.locator(".pair mark.lit").all_inner_texts()
    row = live_store.read("MATCH (l:Task)-[r:CONTINUES]->(e:Task) WHERE r.evidence_earlier = $earlier AND r.evidence_later = $later RETURN l.text AS later, e.text AS earlier, e.heading AS heading", earlier=words[0], later=words[1])
    assert len(row) == 1
    assert page.locator(".pair .reasons li").count() >= 2


def test_the_slider_moves_the_band(visit):
    """The share that is new would look like a fact, whatever the cut."""
    page = visit("compare")
    slider = page.locator("#cut")
    slider.focus()
    said = [page.locator(".moving").inner_text()]
    for key in ("End", "Home"):
        slider.press(key)
        said.append(page.locator(".moving").inner_text())
    strict, loose = (int(re.search(r"Later: (\d+)", text)[1]) for text in said[1:])
    assert strict <= loose and strict < loose
    assert "cut=" in page.url
    page.reload()
    page.wait_for_selector(".moving b")
    assert page.locator(".moving").inner_text() == said[2]


@pytest.mark.parametrize("view", VIEWS)
def test_an_address_restores_its_view(visit, view):
    """A link in a paper's footnote would show something else."""
    page = visit(view)
    before = page.locator("main").inner_text()
    page.reload()
    drawn(page)
    assert page.locator("main").inner_text() == before
    json = page.locator("footer a.json")
    if json.is_visible():
        assert page.request.get(json.get_attribute("href")).ok


def test_a_filter_is_in_the_address_and_the_way_back(visit):
    """Whoever goes back would lose what was chosen."""
    page = visit("units")
    whole = page.locator("tbody tr").count()
    page.select_option("select[name=role]", "lead")
    page.wait_for_url("**role=lead**")
    expect(page.locator("tbody tr")).not_to_have_count(whole)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(whole)
    assert page.locator("select[name=role]").input_value() == ""


@pytest.mark.parametrize("page", [{}, {"viewport": {"width": 390, "height": 800}, "locale": "zh-CN", "color_scheme": "dark"}], indirect=True, ids=["desk", "phone"])
@pytest.mark.parametrize("view", VIEWS)
def test_everybody_can_read_it(visit, view):
    """Who uses a screen reader, a keyboard, a phone or a dark screen would be left out."""
    page = visit(view)
    # By the interface of the browser's tools: the page's own policy lets no script in.
    found = page.evaluate(AXE + "; axe.run({resultTypes: ['violations']}).then(run => run.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | ')))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_is_enough(visit):
    """Some have no pointer."""
    page = visit("home")
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent") == "Units":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/units")
    drawn(page)
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_chinese_is_a_switch_away_and_is_kept(visit):
    """A reader would have to switch on every page."""
    page = visit("units")
    page.click("button.language")
    expect(page.locator("h1")).to_have_text("责任单位任务量")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.click("nav a >> nth=2")
    expect(page.locator("h1")).to_have_text("对比")


def test_every_link_leads_somewhere(visit, live_url):
    """A link that ends in an error stands in somebody's paper."""
    page = visit("home")
    waiting, seen, kinds = ["/"], set(), {}
    while waiting:
        path = waiting.pop(0)
        parts = urlsplit(path)
        kind = re.sub(r"[tpdxiroy]-[a-z2-7]{12}", "ID", parts.path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if path in seen or kinds[kind] > 2:
            continue
        seen.add(path)
        page.goto(path)
        page.wait_for_selector(DRAWN if "/review" not in path and not path.startswith(("/docs", "/api", "/openapi")) else "body")
        assert page.locator("main .problem").count() == 0, path
        for href in page.evaluate("[...document.querySelectorAll('a[href]')].filter(a => !a.hasAttribute('download')).map(a => a.href)"):
            if href.startswith(live_url + "/") and "/api/" not in href and "#" not in href:
                waiting.append(href[len(live_url):])
            elif "/api/" in href:
                kind = re.sub(r"[tpdxiroy]-[a-z2-7]{12}", "ID", urlsplit(href).path)
                kinds[kind] = kinds.get(kind, 0) + 1
                if kinds[kind] <= 2:
                    assert page.request.get(href).ok, href
    assert {"/", "/units", "/units/ID", "/tasks", "/tasks/ID", "/plans/ID", "/documents/ID", "/compare", "/questions", "/graph"} <= set(kinds)


def test_each_question_is_a_form_with_its_answer(visit, live_store):
    """A question that stands in the folder and cannot be asked here."""
    page = visit("questions")
    listed = page.locator(".questions code").all_inner_texts()
    assert listed == queries.names()
    for name in listed:
        visit(f"/questions/{name}")
        question = queries.load(name)
        assert {box.get_attribute("name") for box in page.locator("main form.filters [name]").all()} >= {parameter.name for parameter in question.parameters}
        if any(parameter.default is NO_DEFAULT for parameter in question.parameters):
            assert "To ask it, give" in page.locator("main").inner_text() and page.locator("main table").count() == 0, name
        else:
            assert page.locator("main > .scroll table").count() == 1 or "Nothing fits" in page.locator("main").inner_text(), name
    visit("/questions/department_workload?year=2025")
    answer = queries.run("department_workload", live_store, year=2025)
    assert page.locator("main > .scroll tbody tr").count() == len(answer)
    assert "MATCH (p:Plan)" in page.locator("pre").first.text_content() and ":params {year: 2025" in page.locator("pre").first.text_content()
    for form in ("CSV", "PARQUET"):
        with page.expect_download() as given:
            page.click(f".downloads a:text-is('{form}')")
        assert given.value.suggested_filename == f"department_workload.{form.lower()}"


def test_what_is_not_there_says_so(visit, page):
    """A white page tells nobody what to do."""
    page.expected = ["404 (Not Found)"]
    visit("/units/d-aaaaaaaaaaaa")
    assert "d-aaaaaaaaaaaa" in page.locator("main .problem").inner_text()
    page.get_by_role("link", name="To the home page").click()
    page.wait_for_selector(".doors")
    answer = page.goto("/nowhere")
    assert answer.status == 404


def test_an_empty_graph_says_how_it_is_filled(browser, tmp_path):
    """The first thing that a new user sees would be a table without rows."""
    for url, made in ((str(tmp_path / "empty.lbug"), True), (str(tmp_path / "missing.lbug"), False)):
        if made:
            open_store(url, "create").close()
        with running(url) as address:
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector(DRAWN)
            assert "policygraph ingest" in page.locator("main").inner_text()
            page.close()


@pytest.fixture(scope="module")
def real_url(shared_records, tmp_path_factory):
    """The address of a service over the real documents."""
    graph = str(tmp_path_factory.mktemp("real") / "graph.lbug")
    load_into(graph, shared_records)
    with running(graph) as address:
        yield address


def test_the_three_questions_of_real_plans(page, real_url):
    """What holds for invented plans could fail on those that researchers have."""
    page.expected.append(f"another host was asked: {real_url}")
    page.goto(f"{real_url}/units?year=2018")
    page.wait_for_selector(".bar-value a")
    assert [page.locator("tbody th a").first.inner_text(), page.locator(".bar-value a").first.inner_text()] == ["科技司", "29"]
    assert "not marked" in page.locator("tbody tr").first.inner_text()
    page.goto(f"{real_url}/compare?from_year=2018&to_year=2021")
    page.wait_for_selector(".lines button")
    assert "not found in the upper plan" in page.locator("main").inner_text() and "new:" not in page.locator("main").inner_text()
    page.locator(".side").nth(1).locator("button.continued").first.click()
    words = page.locator(".pair mark.lit").nth(1).inner_text()
    page.locator(".pair mark.lit").nth(1).click()
    page.wait_for_selector(".source mark.lit")
    assert words in "".join(page.locator(".source mark.lit").all_inner_texts())
    for view in ("/", "/questions/programme_years", "/search?q=平台"):
        page.goto(real_url + view)
        page.wait_for_selector(DRAWN)
        assert page.locator("main .problem").count() == 0


def test_a_page_prints_without_its_controls(visit):
    """Paper has no buttons."""
    page = visit("units")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible() and not page.locator(".search").is_visible() and page.locator("table").first.is_visible()
