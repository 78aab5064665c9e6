"""The explorer in Chromium on a graph of 100,000 tasks against one of 100: until something useful is drawn, and until an action shows.

    make bench
    python tests/benchmarks/explorer.py GRAPH      # instead of the generated large graph

Medians of some runs, both graphs in turn; the plans of both are generated, and linked.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

from browser import ARGUMENTS, chromium_path
from generated_series import generate
from linking import fill
from live import running
from playwright.sync_api import expect, sync_playwright

from graph.links import link_anew
from graph.store import open_store
from ingest.continuity.links import Linker

RUNS = 5
DRAWN = "main:not([aria-busy]) > h1"


def fill_and_link(path: str, series: int, years: int, tasks: int) -> None:
    """A graph of generated plans, linked."""
    fill(path, generate(series, years, tasks).records)
    with open_store(path, "write") as store:
        link_anew(store, Linker(processes=os.cpu_count() or 1))


def paints(page: Any) -> dict[str, tuple[str, str]]:
    """Name to address and what must be there to be useful."""
    task = page.request.get("/api/tasks?limit=1").json()["rows"][0]["id"]
    unit = page.request.get("/api/tasks/" + task).json()["units"][0]["id"]
    body = page.request.get("/api/plans?limit=1").json()["rows"][0]["issuer"]
    years = page.request.get("/api/overview").json()["years"]
    return {"home": ("/", ".doors"), "units of a year": (f"/units?year={years[-1]}", ".bar-value a"), "a unit": (f"/units/{unit}", ".bar"), "a task": (f"/tasks/{task}", ".source"),
            "two years of a body": (f"/compare?from_year={years[0]}&to_year={years[-1]}&scope={body}", ".lines button"), "a unit in the graph": (f"/graph?node={unit}", "canvas"), "search": ("/search?q=平台", "main h2")}


def press_slider(page: Any) -> None:
    before = page.locator(".moving").inner_text()
    page.locator("#cut").press("End")
    expect(page.locator(".moving")).not_to_have_text(before)


def open_link(page: Any) -> None:
    page.locator(".lines button").last.click()
    page.wait_for_selector(".pair mark.lit")


def choose_role(page: Any) -> None:
    with page.expect_response("**/department_workload**"):
        page.select_option("select[name=role]", "lead")
    page.wait_for_selector(DRAWN)


ACTIONS: dict[str, tuple[str, Callable[[Any], None]]] = {
    "the band's slider": ("two years of a body", press_slider), "a link's evidence": ("two years of a body", open_link), "units by role": ("units of a year", choose_role)}


def seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main(given: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        graphs = {"100 tasks": str(Path(folder, "small.lbug")), "100,000 tasks": given or str(Path(folder, "large.lbug"))}
        fill_and_link(graphs["100 tasks"], 1, 2, 50)
        if given is None:
            fill_and_link(graphs["100,000 tasks"], 200, 10, 50)
        print(f"{platform.machine()}, {os.cpu_count()} cores, Chromium, median of {RUNS} runs; seconds on the small and on the large graph")
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        with running(graphs["100 tasks"]) as small, running(graphs["100,000 tasks"]) as large:
            pages = [chromium.new_page(base_url=address, locale="en-GB") for address in (small, large)]
            views = [paints(page) for page in pages]
            found: dict[str, list[list[float]]] = {}
            for _ in range(RUNS):
                for k, (page, addresses) in enumerate(zip(pages, views, strict=True)):
                    for name, (address, useful) in addresses.items():
                        def shown(page=page, address=address, useful=useful):
                            page.goto(address, wait_until="commit")
                            page.wait_for_selector(useful, timeout=120_000)
                        found.setdefault(name, [[], []])[k].append(seconds(shown))
                    for name, (view, act) in ACTIONS.items():
                        page.goto(addresses[view][0])
                        page.wait_for_selector(addresses[view][1], timeout=120_000)
                        found.setdefault(f"action: {name}", [[], []])[k].append(seconds(lambda page=page, act=act: act(page)))
            for name, (few, many) in found.items():
                a, b = statistics.median(few), statistics.median(many)
                print(f"{name}: {a:.2f} and {b:.2f}, {b / a:.1f} times (goal: 2; {'0.1' if name.startswith('action') else '1'} s)", flush=True)
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
