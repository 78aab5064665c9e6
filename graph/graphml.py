"""The graph as GraphML, which Gephi, networkx, yEd and igraph open; written as it is read.

A node has `node_kind` and a short `label` beside its properties, an edge `edge_kind`. Lists are joined by ；, null is left out.
Characters that XML cannot hold (the form feed of a PDF's page) are written as U+FFFD, one for one, so that offsets still lead to their words.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from graph import model
from graph.pages import iter_edges, iter_nodes
from graph.store import Store

_SPACE = "{http://graphml.graphdrawing.org/xmlns}"
_TYPES = {str: "string", int: "long", float: "double", bool: "boolean"}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LABEL = 40  # characters of a text that stand for it
NODE_KIND, LABEL, EDGE_KIND = "node_kind", "label", "edge_kind"


def write_graphml(store: Store, path: str) -> dict[str, int]:
    """Write every node and edge; returns how many of each kind. Raises OSError."""
    counts = {}
    node_keys, edge_keys = _keys(model.NODES, {NODE_KIND: str, LABEL: str}), _keys(model.EDGES, {EDGE_KIND: str})
    with etree.xmlfile(path, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{_SPACE}graphml", nsmap={None: _SPACE[1:-1]}):
            for domain, keys in (("node", node_keys), ("edge", edge_keys)):
                for name, kind in keys.items():
                    xml.write(etree.Element(f"{_SPACE}key", {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": kind}))
            with xml.element(f"{_SPACE}graph", edgedefault="directed"):
                for kind in model.NODES:
                    counts[kind.__name__] = 0
                    for rows in iter_nodes(store, kind):
                        counts[kind.__name__] += len(rows)
                        for row in rows:
                            xml.write(_element("node", {"id": row["id"]}, node_attributes(kind.__name__, row)))
                for kind in model.EDGES:
                    counts[kind.__name__] = 0
                    for source, target in kind.PAIRS:
                        for rows in iter_edges(store, kind, source, target):
                            counts[kind.__name__] += len(rows)
                            for row in rows:
                                ends = {"source": row["source"], "target": row["target"]}
                                xml.write(_element("edge", ends, edge_attributes(kind.__name__, row)))
    return counts


def node_attributes(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a node has in GraphML and networkx, its id left out."""
    words = next((row[name] for name in ("title", "name", "quote", "heading", "text") if row.get(name)), kind)
    return {NODE_KIND: kind, LABEL: _shortened(words)} | _plain(row, ("id",))


def edge_attributes(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """What an edge has in GraphML and networkx, its two ends left out."""
    return {EDGE_KIND: kind} | _plain(row, ("source", "target"))


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LABEL else line[:_LABEL] + "…"


def _plain(row: dict[str, Any], left_out: tuple[str, ...]) -> dict[str, Any]:
    return {name: "；".join(map(str, value)) if isinstance(value, list) else value for name, value in row.items() if value is not None and name not in left_out}


def _keys(kinds: tuple[type, ...], first: dict[str, type]) -> dict[str, str]:
    """GraphML's type of each property; one that kinds give different types would be a text."""
    found: dict[str, str] = {name: _TYPES[hint] for name, hint in first.items()}
    for kind in kinds:
        for name, hint in model.properties(kind).items():
            said = _TYPES.get(hint, "string")
            found[name] = said if found.get(name, said) == said else "string"
    return {name: said for name, said in found.items() if name != "id"}


def _element(tag: str, attributes: dict[str, str], values: dict[str, Any]) -> etree._Element:
    element = etree.Element(f"{_SPACE}{tag}", attributes)
    for name, value in values.items():
        data = etree.SubElement(element, f"{_SPACE}data", key=f"{tag}-{name}")
        data.text = str(value).lower() if isinstance(value, bool) else _ILLEGAL.sub("\ufffd", str(value))
    return element
