"""Every node and edge of a kind, in pages: what goes through the whole graph holds one page of it at a time.

Pages follow ranges of ids and not SKIP, which reads again what it skips.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph import model
from graph.store import Store, batches

PAGE = 2_000  # nodes of a page
_LONG = {"Document": 50, "Plan": 200}  # those whose rows hold a whole text or what of it was not read


def iter_nodes(store: Store, kind: type) -> Iterator[list[dict[str, Any]]]:
    """Pages of a kind's nodes, rows of all their properties, in the order of ids."""
    name = kind.__name__
    returned = ", ".join(f"n.`{field}` AS `{field}`" for field in model.properties(kind))
    for ids in batches(_ids(store, name), _LONG.get(name, PAGE)):
        yield store.read(f"MATCH (n:{name}) WHERE n.id >= $first AND n.id <= $last RETURN {returned} ORDER BY id", first=ids[0], last=ids[-1])


def iter_edges(store: Store, kind: type[model.Edge], source: str, target: str) -> Iterator[list[dict[str, Any]]]:
    """Pages of a kind's edges between two kinds of node: rows of `source` and `target`, which are ids, and all properties."""
    returned = "".join(f", r.`{field}` AS `{field}`" for field in model.properties(kind))
    ids, end = _ids(store, source), "a"
    if target != source:
        others = _ids(store, target)
        # Thousands of edges meet in one department, few in one task.
        ids, end = (others, "b") if len(others) > len(ids) else (ids, end)
    near, far = ("source", "target") if end == "a" else ("target", "source")
    for page in batches(ids, PAGE):
        rows = store.read(f"MATCH (a:{source})-[r:{kind.__name__}]->(b:{target}) WHERE {end}.id >= $first AND {end}.id <= $last "
                          f"RETURN a.id AS source, b.id AS target{returned}", first=page[0], last=page[-1])
        yield sorted(rows, key=lambda row: (row[near], row[far], row.get("start_char", 0)))


def _ids(store: Store, kind: str) -> list[str]:
    return [row["id"] for row in store.read(f"MATCH (n:{kind}) RETURN n.id AS id ORDER BY id")]
