"""The README's queries for Neo4j Browser: pasted into the real one, in Chromium, and what it shows compared with what the driver answers."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import urlsplit

import pytest
from conftest import load, open_store, wipe
from neo4j_server import PASSWORD
from readme_sections import pasted_queries

from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of
from queries.lint import lint

pytestmark = [pytest.mark.slow, pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]
QUERIES = pasted_queries()
each_query = pytest.mark.parametrize("query", QUERIES, ids=[query.removeprefix("// ").split("?")[0] for query in QUERIES])


def load_samples(url: str, records: list) -> None:
    with open_store(url, "create") as store:
        load(store, [bundle_of(record) for record in records], Linker())


@pytest.fixture(scope="module")
def loaded(neo4j_running, sample_records):
    """The server, with the samples."""
    wipe(neo4j_running.bolt)
    load_samples(neo4j_running.bolt, sample_records)
    return neo4j_running


@pytest.fixture(scope="module")
def driver(loaded):
    import neo4j

    with neo4j.GraphDatabase.driver(loaded.bolt, auth=("neo4j", PASSWORD)) as opened:
        yield opened


@pytest.fixture(scope="module")
def embedded(tmp_path_factory, sample_records):
    url = str(tmp_path_factory.mktemp("pasted") / "graph.lbug")
    load_samples(url, sample_records)
    with open_store(url) as store:
        yield store


class Person:
    """Somebody at Neo4j Browser who logs in, pastes queries and looks at their frames."""

    def __init__(self, browser, server) -> None:
        self.hosts = {urlsplit(address).netloc for address in (server.bolt, server.http)}
        self.refused: set[str] = set()
        self.answered: set[str] = set()
        self.context = browser.new_context(viewport={"width": 1360, "height": 860}, locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
        # The Browser asks for fonts, usage counters and whatever listens on port 7687.
        self.context.route(self._is_foreign, self._refuse)
        self.context.route_web_socket(self._is_foreign, lambda socket: socket.close())
        self.context.on("response", lambda response: self.answered.add(urlsplit(response.url).netloc))
        self.page = self.context.new_page()
        self.page.goto(server.http + "/browser/")
        self._connect(urlsplit(server.bolt))

    def _is_foreign(self, url: str) -> bool:
        return urlsplit(url).netloc not in self.hosts

    def _refuse(self, route) -> None:
        self.refused.add(urlsplit(route.request.url).netloc)
        route.abort()

    def _connect(self, bolt) -> None:
        self.page.get_by_test_id("bolt-scheme-select").select_option(f"{bolt.scheme}://")
        for field, value in (("boltaddress", bolt.netloc), ("username", "neo4j"), ("password", PASSWORD)):
            self.page.get_by_test_id(field).fill(value)
        self.page.get_by_test_id("connect").click()
        # The editor names the database once there is a connection.
        self.page.get_by_test_id("activeEditor").get_by_text("neo4j$").wait_for()

    def paste(self, query: str):
        """Run a query as a reader of the README does; its frame, once it holds an answer."""
        from playwright.sync_api import expect

        editor = self.page.get_by_test_id("activeEditor")
        editor.locator(".monaco-editor").first.click()
        self.page.evaluate("text => navigator.clipboard.writeText(text)", query)
        self.page.keyboard.press("ControlOrMeta+V")
        expect(editor.locator(".view-lines").first).to_contain_text(query.splitlines()[-1])
        self.page.get_by_test_id("editor-Run").click()
        command = self.page.get_by_test_id("frameCommand").filter(has_text=query.splitlines()[0])
        frame = self.page.get_by_test_id("frame").filter(has=command).first
        frame.get_by_test_id("frame-loaded-contents").wait_for()
        return frame


@pytest.fixture(scope="module")
def person(browser, loaded):
    opened = Person(browser, loaded)
    yield opened
    opened.context.close()


def errors(frame):
    return frame.get_by_text("ERROR", exact=True)


def nodes_of(records: list) -> dict:
    """The distinct nodes of an answer by element id; none where it is a table."""
    found = {}
    for value in (value for record in records for value in record.values()):
        for node in getattr(value, "nodes", [value] if hasattr(value, "labels") else []):
            found[node.element_id] = node
    return found


@each_query
def test_query_is_common_cypher_and_answers_alike_on_both_engines(query, driver, embedded):
    """Whoever moves from Neo4j to a file, or back, would find other rows under the same question."""
    assert lint(query) == []
    records = driver.execute_query(query).records
    there = embedded.read(query)
    assert records and len(records) == len(there)
    if not nodes_of(records):
        assert [record.data() for record in records] == there


@each_query
def test_browser_shows_what_the_driver_answers(query, person, driver):
    """A query that the Browser refuses, shows empty or draws in part would be the first thing that a reader meets."""
    from playwright.sync_api import expect

    records = driver.execute_query(query).records
    nodes = nodes_of(records)
    frame = person.paste(query)
    expect(errors(frame)).to_have_count(0)
    if nodes:
        expect(frame.locator("circle.b-outline")).to_have_count(len(nodes))
        between = driver.execute_query("MATCH (a)-[r]->(b) WHERE elementId(a) IN $ids AND elementId(b) IN $ids RETURN count(r) AS n", ids=list(nodes)).records
        expect(frame.locator("g.relationship")).to_have_count(between[0]["n"])
        for label, count in Counter(label for node in nodes.values() for label in node.labels).items():
            expect(frame.get_by_test_id(f"property-details-overview-node-label-{label}")).to_have_text(f"{label} ({count})")
    else:
        expect(frame.locator("tbody tr")).to_have_count(len(records))
        assert frame.locator("th").all_inner_texts()[1:] == list(records[0].keys())
        shown = frame.locator("tbody tr").first.locator("td").all_inner_texts()
        assert shown[1:] == [json.dumps(value, ensure_ascii=False) for value in records[0].values()]


def test_tables_and_pictures_are_both_there(driver):
    """The two ways of the test above would pass unused if every query were of one kind."""
    drawn = [bool(nodes_of(driver.execute_query(query).records)) for query in QUERIES]
    assert len(QUERIES) >= 4 and any(drawn) and not all(drawn)


def test_query_that_the_browser_refuses_is_noticed(person):
    """The same look at the frame that finds no error above finds one where there is one."""
    frame = person.paste("// Spoilt\nMATCH (p:Plan) RETURN p.title AS title ORDER BY nowhere\n")
    errors(frame).wait_for()
    assert frame.locator("tbody tr").count() == 0


def test_places_lead_to_the_words(driver):
    """Offsets that do not cut the task out of its document would be quoted wrongly."""
    query = next(query for query in QUERIES if "start_char" in query)
    texts = {row["plan"]: row["text"] for row in driver.execute_query("MATCH (d:Document)-[:CONTAINS]->(p:Plan) RETURN p.title AS plan, d.text AS text").records}
    for row in driver.execute_query(query).records:
        assert texts[row["plan"]][row["start_char"]:row["end_char"]] == row["text"]


def test_tasks_of_a_picture_can_be_named_by_their_headings(person, driver):
    """A picture of numbers tells nothing: the way out that the README names must be there."""
    from playwright.sync_api import expect

    query = next(query for query in QUERIES if nodes_of(driver.execute_query(query).records))
    # A caption shows the first few characters.
    headings = Counter(node["heading"][:5] for node in nodes_of(driver.execute_query(query).records).values() if "Task" in node.labels)
    frame = person.paste(query)
    captions = frame.locator("g.node")
    for heading in headings:
        expect(captions.filter(has_text=heading)).to_have_count(0)
    frame.get_by_test_id("property-details-overview-node-label-Task").click()
    person.page.locator(".popup").get_by_text("heading", exact=True).click()
    for heading, count in headings.items():
        expect(captions.filter(has_text=heading)).to_have_count(count)


def test_nothing_but_the_server_is_reached(person):
    """The Browser asks other hosts; a test that let it would depend on them and tell them of itself."""
    assert person.refused
    assert urlsplit(person.page.url).netloc in person.answered <= person.hosts
