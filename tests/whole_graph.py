"""Everything that a graph holds, for tests that compare graphs or look at every span of one."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graph import model
from graph.ids import squeeze
from graph.store import Store

# Differ from run to run by their nature.
_OF_THE_RUN = {("Document", "ingested_at")}


def dump(store: Store) -> list[str]:
    """Every node and edge but Meta as one sorted line each, with all that is stored on it."""
    lines = []
    for kind in model.NODES:
        if kind is not model.Meta:
            lines += _lines(store, kind.__name__, f"MATCH (n:{kind.__name__})", {name: f"n.`{name}`" for name in model.properties(kind)})
    for kind in model.EDGES:
        for source, target in kind.PAIRS:
            asked = {"source": "a.id", "target": "b.id"} | {name: f"r.`{name}`" for name in model.properties(kind)}
            lines += _lines(store, kind.__name__, f"MATCH (a:{source})-[r:{kind.__name__}]->(b:{target})", asked)
    return sorted(lines)


def _lines(store: Store, kind: str, pattern: str, asked: dict[str, str]) -> list[str]:
    names = [name for name in asked if (kind, name) not in _OF_THE_RUN]
    returned = ", ".join(f"{asked[name]} AS k{n}" for n, name in enumerate(names))
    rows = store.read(f"{pattern} RETURN {returned}")
    return [json.dumps([kind, {name: row[f"k{n}"] for n, name in enumerate(names)}], ensure_ascii=False, sort_keys=True) for row in rows]


_PLAN = "MATCH (d:Document)-[:CONTAINS]->(p:Plan)"
_TASK = f"{_PLAN}-[:HAS_TASK]->(t:Task)"
# What is stored with offsets: the pattern, the words as stored, their two offsets.
_SPANS: dict[str, tuple[str, str, str, str]] = {
    "task": (_TASK, "t.text", "t.start_char", "t.end_char"),
    "clause": (f"{_TASK} WHERE t.clause IS NOT NULL", "t.clause", "t.clause_start", "t.clause_end"),
    "goal": (f"{_PLAN}-[:HAS_GOAL]->(g:Goal)", "g.text", "g.start_char", "g.end_char"),
    "unit": (f"{_TASK}<-[r:RESPONSIBLE_FOR]-(:Department)", "r.surface", "r.start_char", "r.end_char"),
    "task's indicator": (f"{_TASK}-[:HAS_INDICATOR]->(i:Indicator)", "i.quote", "i.start_char", "i.end_char"),
    "goal's indicator": (f"{_PLAN}-[:HAS_GOAL]->(:Goal)-[:HAS_INDICATOR]->(i:Indicator)", "i.quote", "i.start_char", "i.end_char"),
    "duty": ("MATCH (d:Document)-[:CONTAINS]->(y:Duty)", "y.text", "y.start_char", "y.end_char"),
    "unit in running text": ("MATCH (d:Document)-[r:MENTIONS]->(:Department)", "r.surface", "r.start_char", "r.end_char"),
    "evidence, later": (f"{_TASK}-[c:CONTINUES]->(:Task)", "c.evidence_later", "c.later_start", "c.later_end"),
    "evidence, earlier": (f"{_TASK}<-[c:CONTINUES]-(:Task)", "c.evidence_earlier", "c.earlier_start", "c.earlier_end"),
}
for _edge, _kind in (("CITES", "Policy"), ("NAMES", "Programme")):
    _SPANS |= {
        f"task's {_kind}": (f"{_TASK}-[r:{_edge}]->(n:{_kind})", "n.name", "r.start_char", "r.end_char"),
        f"goal's {_kind}": (f"{_PLAN}-[:HAS_GOAL]->(:Goal)-[r:{_edge}]->(n:{_kind})", "n.name", "r.start_char", "r.end_char"),
        f"document's {_kind}": (f"MATCH (d:Document)-[r:{_edge}]->(n:{_kind})", "n.name", "r.start_char", "r.end_char")}
_SPANS["plan's Policy"] = (f"{_PLAN}-[r:CITES]->(n:Policy)", "n.name", "r.start_char", "r.end_char")


def iter_spans(store: Store) -> Iterator[tuple[str, str, str]]:
    """(what it is, the words as stored, the words that stand at its offsets) for every span of the graph."""
    texts = {row["id"]: row["text"] for row in store.read("MATCH (d:Document) RETURN d.id AS id, d.text AS text")}
    for what, (pattern, words, start, end) in _SPANS.items():
        for row in store.read(f"{pattern} RETURN d.id AS id, {words} AS words, {start} AS s, {end} AS e"):
            yield what, row["words"], texts[row["id"]][row["s"]:row["e"]]


def misplaced(store: Store) -> list[tuple[str, str, str]]:
    """The spans whose offsets do not lead to their words."""
    return [span for span in iter_spans(store) if not _is_at(*span)]


def _is_at(what: str, words: str, found: str) -> bool:
    if not what.endswith(("Policy", "Programme")):
        return words == found
    # The name of a shared node is the inside of 《…》 or “…”, in the spelling of the document that came first.
    inside = found[1:-1] if found[:1] in ("《", "“") and found[-1:] in ("》", "”") else found
    return squeeze(words) in (squeeze(found), squeeze(inside))
