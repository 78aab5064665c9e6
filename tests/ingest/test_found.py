"""Files that `make soak` found to be read badly, kept so that they never are again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "soak"))

FOUND = sorted(path for path in (Path(__file__).parent.parent / "data" / "found").glob("*") if path.name != "README.md")


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_a_file_that_was_read_badly_is_read_or_refused(path):
    from fuzz_readers import read_all

    read_all(path)
