"""
What is a node of the graph connected with?
zh: 图谱中的某个节点与什么相连？
One row: an edge of the node, seen from it.
param node: str                          the id of any node
param edge: str = null                   only edges of this kind: RESPONSIBLE_FOR, CONTINUES, …
column edge: str                         kind of the edge
column direction: str                    out or in
column neighbour_kind: str               kind of the node at the other end
column neighbour: str                    its name, title or first words
column neighbour_id: str                 its id
column detail: str                       role, relation or score of the edge
column times: int                        edges of this kind and detail between the two
"""

from __future__ import annotations

from typing import Any

from graph import model
from graph.errors import BadParameter, UnknownThing
from graph.ids import kind_of
from graph.store import Store
from graph.surroundings import LABEL

_DETAIL = {"RESPONSIBLE_FOR": "role", "CITES": "relation", "CONTINUES": "relation", "PART_OF": "basis", "COUNTERPART_OF": "basis", "MENTIONS": "surface"}


def rows(store: Store, node: str, edge: str | None) -> list[dict[str, Any]]:
    """Every edge of one node, kind by kind."""
    own = kind_of(node)
    known = [kind.__name__ for kind in model.EDGES]
    if edge is not None and edge not in known:
        raise BadParameter("neighbours", "edge", edge, "one of " + ", ".join(known))
    if own not in LABEL or not store.read(f"MATCH (n:{own}) WHERE n.id = $id RETURN n.id AS id", id=node):
        raise UnknownThing("node", node)
    found = []
    for kind in model.EDGES:
        name = kind.__name__
        if edge not in (None, name):
            continue
        detail = f"r.{_DETAIL[name]}" if name in _DETAIL else "''"
        for source, target in kind.PAIRS:
            for direction, here, there, pattern in (("out", source, target, "-[r:{}]->"), ("in", target, source, "<-[r:{}]-")):
                if here == own:
                    found += [
                        {"edge": name, "direction": direction, "neighbour_kind": there} | row for row in store.read(
                            f"MATCH (n:{own}){pattern.format(name)}(m:{there}) WHERE n.id = $id "
                            f"RETURN m.{LABEL[there]} AS neighbour, m.id AS neighbour_id, {detail} AS detail, count(*) AS times", id=node)]
    for row in found:
        row["neighbour"] = row["neighbour"][:60]
    return sorted(found, key=lambda row: (row["edge"], row["direction"], row["neighbour"], row["neighbour_id"], row["detail"]))
