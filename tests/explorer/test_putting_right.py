"""What a reader puts right in the browser lands in the sheets beside the plans, and stays."""

from __future__ import annotations

import csv
import shutil

import pytest
from conftest import SAMPLES
from live import DRAWN, running

from api import jobs

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Plans that a test may correct, and the graph of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYGRAPH_TOKEN", raising=False)
    folder = tmp_path / "plans"
    shutil.copytree(SAMPLES, folder)
    ingest(folder, tmp_path)
    return folder


def ingest(folder, tmp_path, again: bool = False) -> None:
    jobs.ingest_files(jobs.list_files([str(folder)]), str(tmp_path / "graph.lbug"), False, jobs.Failures(), lambda path: None, again=again)


def rows_of(sheet) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_role_put_right_in_the_browser_stays(browser, copied, tmp_path):
    """A correction that the next run forgets is made once and never again."""
    with running(str(tmp_path / "graph.lbug")) as address:
        page = browser.new_page(base_url=address, locale="en-GB")
        page.goto("/tasks?department=海岸司&role=lead")
        page.wait_for_selector(DRAWN)
        page.locator("tbody th a").first.click()
        page.wait_for_url("**/tasks/t-**")
        page.wait_for_selector(DRAWN)
        task = page.url
        assert page.locator("tr", has_text="海岸司").first.locator("td").first.inner_text() == "lead"
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Put something right").click()
        review = opened.value
        chip = review.locator('.document:not([hidden]) .chip[data-name="海岸司"]', has_text="lead").first
        chip.click()
        review.locator('.editor [data-act="unit.role"][value="support"], .editor button:has-text("support")').first.click()
        review.fill("#by", "R. Eader")
        with review.expect_navigation():
            review.click('[data-act="save"]')
        kept = rows_of(copied / "corrections.csv")
        assert [(row["field"], row["value"], row["by"]) for row in kept] == [("unit.role", "海岸司=support", "R. Eader")]
        ingest(copied, tmp_path, again=True)
        page.goto("/tasks?department=海岸司")
        page.wait_for_selector(DRAWN)
        page.goto(task if kept[0]["quote"].split()[0] in task else f"/tasks/{kept[0]['quote'].split()[0]}")
        page.wait_for_selector(DRAWN)
        row = page.locator("tr", has_text="海岸司").first
        assert row.locator("td").all_inner_texts()[:2] == ["support", "by hand"]
        page.close()


def test_a_link_ruled_out_in_the_browser_is_gone(browser, copied, tmp_path):
    """What a reader does not believe would be counted all the same."""
    with running(str(tmp_path / "graph.lbug")) as address:
        page = browser.new_page(base_url=address, locale="en-GB")
        page.goto("/compare?from_year=2022&to_year=2025&scope=海岸与渔业部")
        page.wait_for_selector(".lines button.continued")
        before = page.locator(".side >> nth=1 >> button.continued").count()
        page.locator(".side >> nth=1 >> button.continued").first.click()
        page.fill(".rule input >> nth=0", "another line")
        page.fill(".rule input >> nth=1", "R. Eader")
        page.click(".rule button:has-text('It does not')")
        page.wait_for_selector(".rule [role=status]:has-text('verdicts.csv')", timeout=60_000)
        assert [(row["verdict"], row["note"], row["by"]) for row in rows_of(copied / "verdicts.csv")] == [("not", "another line", "R. Eader")]
        page.reload()
        page.wait_for_selector(".lines button.continued")
        assert page.locator(".side >> nth=1 >> button.continued").count() == before - 1
        page.close()


def test_plans_are_sent_from_the_browser(browser, tmp_path, monkeypatch):
    """Who has no shell could fill no graph."""
    monkeypatch.setenv("POLICYGRAPH_TOKEN", "right")
    graph = str(tmp_path / "graph.lbug")
    jobs.ingest_files([str(SAMPLES / "ministry-2022.txt")], graph, False, jobs.Failures(), lambda path: None)
    with running(graph) as address:
        page = browser.new_page(base_url=address, locale="en-GB")
        page.goto("/upload")
        page.set_input_files("input[type=file]", [str(SAMPLES / "ministry-2025.txt"), str(SAMPLES / "city-compilation.txt")])
        page.fill("input[name=token]", "wrong")
        page.click("main form button")
        page.wait_for_selector(".log .problem")
        page.fill("input[name=token]", "right")
        page.click("main form button")
        page.wait_for_selector(".log .done", timeout=60_000)
        assert any(line.startswith("2/2") for line in page.locator(".log li").all_inner_texts())
        page.goto("/")
        page.wait_for_selector(".doors")
        assert "海岸与渔业部" in page.locator("main").inner_text() and page.locator(".loaded").count() >= 3
        page.close()
