"""A real browser for tests: Chromium as the system has it, driven by Playwright's Python package."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


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
