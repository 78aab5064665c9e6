"""The command line in a process of its own, with batches and logs so small that a few plans make many of each.

    python tests/batchwise.py TASKS LOG ingest FOLDER --store GRAPH

TASKS a batch, LOG bytes after which the embedded engine's log is written into the file. Says `begin` on standard
output once everything is imported, so that who kills it need not kill imports.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]


def command(tasks: int, log: int, *arguments: str) -> list[str]:
    """What starts it."""
    return [sys.executable, "-W", "ignore", __file__, str(tasks), str(log), *arguments]


def make_small(tasks: int, log: int) -> None:
    import graph.embedded_writing
    from graph.store import Store

    Store.tasks_at_once = tasks
    graph.embedded_writing.CHECKPOINTED = log


if __name__ == "__main__":
    import ingest.continuity.judged
    import ingest.continuity.links
    import ingest.continuity.ruling
    import ingest.pipeline  # noqa: F401
    from api.cli import app

    make_small(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv[1:3] = []
    print("begin", flush=True)
    app()
