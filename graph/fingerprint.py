"""What a graph says as one short word: equal on both engines, whatever the order, path or time of its loading."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from graph import model
from graph.pages import iter_edges, iter_nodes
from graph.store import Store, one_state

# What says where, when and with what a document was read, not what it says.
_LEFT_OUT = {"Document": {"source", "ingested_at", "read_with"}}


@one_state
def fingerprint(store: Store) -> str:
    """16 characters of hexadecimal over every node and edge; Meta is left out."""
    # A sum of hashes: rows may come in any order.
    total = 0
    for kind in model.NODES:
        if kind is not model.Meta:
            left_out = _LEFT_OUT.get(kind.__name__, set())
            for rows in iter_nodes(store, kind):
                total += _sum(kind.__name__, [{name: value for name, value in row.items() if name not in left_out} for row in rows])
    for kind in model.EDGES:
        for source, target in kind.PAIRS:
            total += sum(_sum(kind.__name__, rows) for rows in iter_edges(store, kind, source, target))
    return hashlib.sha256(str(total).encode()).hexdigest()[:16]


def _sum(kind: str, rows: list[dict[str, Any]]) -> int:
    return sum(int.from_bytes(hashlib.sha256(f"{kind} {json.dumps(_plain(row), ensure_ascii=False, sort_keys=True)}".encode()).digest()[:16]) for row in rows)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}
