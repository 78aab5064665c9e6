"""A real browser for tests: Chromium as the system has it, driven by Playwright's Python package."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No name but this machine's own is resolved, so that no page and no part of the browser reaches another host.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def require_browser() -> str:
    """The browser's path; without one the test is skipped, or failed where POLICYGRAPH_REQUIRE_BROWSER is set."""
    path = chromium_path()
    if path is None or find_spec("playwright") is None:
        reason = "no Chromium here: apt-get install chromium" if path is None else "no Playwright here: pip install playwright"
        if os.environ.get("POLICYGRAPH_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="module")
def browser():
    """Chromium for the tests of one module: Playwright refuses a second one in the same process, and `formats.print_pages` starts its own."""
    path = require_browser()
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as Playwright waits for all else: a machine may be busy with other tests
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()
