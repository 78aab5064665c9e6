"""The small file beside an embedded graph that says its version, so that a loss is seen: the engine tells of none.

It is written after each commit, so it never speaks of one that was not made: a graph that is behind it has lost commits.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graph import model
from graph.errors import VersionNotWritten


def tag_of(meta: dict[str, Any] | None) -> str:
    """What changes whenever the graph does, from its Meta node."""
    return f"{meta['graph']}-{meta['version']}" if meta else "empty"


def read_said(path: str) -> tuple[str, int] | None:
    """The graph's own name and version, as the file beside it says; None where there is no such file that can be read."""
    try:
        said = json.loads(_beside(path).read_text())
        return said["graph"], said["version"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_said(path: str, graph: str, version: int) -> None:
    """Write the file, whole or not at all; raises VersionNotWritten."""
    if read_said(path) == (graph, version):
        return
    target = _beside(path)
    temporary = target.with_suffix(".writing")
    try:
        temporary.write_text(json.dumps({"graph": graph, "version": version}))
        temporary.replace(target)
    except OSError as error:
        raise VersionNotWritten(target, error.strerror or error) from None


def count_lost(said: tuple[str, int] | None, meta: dict[str, Any] | None) -> int:
    """How many commits the file spoke of before the graph was opened that are not in it, of which `meta` is the Meta node."""
    return max(0, said[1] - meta["version"]) if said and meta and (said[0], model.SCHEMA) == (meta["graph"], meta["schema"]) else 0


def lost_commits(n: int) -> str:
    """What whoever uses a graph that is behind its file must know."""
    return f"the graph's log was damaged and {n} of its last writes {'are' if n > 1 else 'is'} lost; `policygraph ingest` of the same files puts back what is missing"


def _beside(path: str) -> Path:
    return Path(path + ".version")
