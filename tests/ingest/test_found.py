"""Files that `make soak` found to be read badly, kept so that they never are again."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "soak"))

FOUND = Path(__file__).parent.parent / "data" / "found"


def test_files_that_were_read_badly_are_read_or_refused():
    from fuzz_readers import read_all

    assert (FOUND / "README.md").exists()
    for path in sorted(FOUND.glob("*")):
        read_all(path)
