"""With what a document is read: hashes of the rules (this folder's code and tables) and of the gazetteer."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from graph.settings import VERSION

FOLDER = Path(__file__).parent
GAZETTEER = ("units.yaml", "places.csv", "successions.csv", "counterparts.csv")


@cache
def rules_hash() -> str:
    """Of every module and table of this folder that is not the gazetteer's."""
    return _hash(path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".py", ".tsv") and "samples" not in path.parts)


@cache
def gazetteer_hash() -> str:
    return _hash(FOLDER / name for name in GAZETTEER)


@cache
def read_with() -> str:
    """What the graph keeps of it for each document: version, rules, gazetteer."""
    return f"{VERSION} {rules_hash()} {gazetteer_hash()}"


def _hash(paths) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
