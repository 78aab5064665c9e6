"""
Which units look alike and were kept apart?
zh: 哪些单位名称相近但没有归并？
One row: two units. Apart are units of two bodies (two 科技处 are two), of two tiers, and spellings that the gazetteer does
not know as one: where they are one, add an alias to ingest/units.yaml and run `policygraph ingest --again`.
param scope: str = null        only pairs with a unit of this body or place
param likeness: float = 0.7    0 to 1, of two names within one body or place
column one: str                canonical name
column one_scope: str          the body or place that it belongs to
column one_tasks: int          its tasks
column other: str              canonical name
column other_scope: str        the body or place that it belongs to
column other_tasks: int        its tasks
column alike: float            1 for the same name
column why: str                what keeps them apart
column one_id: str             id of the one
column other_id: str           id of the other
"""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

from graph.store import Store
from ingest.gazetteer import gazetteer

_QUERY = (
    "MATCH (d:Department)-[:RESPONSIBLE_FOR]->(t:Task) WHERE NOT d.collective "
    "RETURN d.id AS id, d.name AS name, d.full_name AS full, d.scope AS scope, count(DISTINCT t.id) AS tasks ORDER BY name, scope, id")


def rows(store: Store, scope: str | None, likeness: float) -> list[dict[str, Any]]:
    """Pairs of one name in two scopes, and of two like names in one scope."""
    units = store.read(_QUERY)
    by_name, by_scope = defaultdict(list), defaultdict(list)
    for unit in units:
        by_name[unit["name"]].append(unit)
        by_scope[unit["scope"]].append(unit)
    found = [_pair(a, b, 1.0, "the same name in two bodies or places") for same in by_name.values() for a, b in combinations(same, 2)]
    for near in by_scope.values():
        for a, b in _candidates(near):
            if _is_known(a["name"]) and _is_known(b["name"]):
                continue  # 区体育局 and 区教育局: the gazetteer knows them as two
            alike = SequenceMatcher(None, a["name"], b["name"]).ratio()
            held = a["name"] in b["name"] or b["name"] in a["name"]
            if alike >= likeness or held and alike >= likeness / 2:
                found.append(_pair(a, b, alike, "one name holds the other" if held else "no alias says that they are one"))
    kept = [row for row in found if scope in (None, row["one_scope"], row["other_scope"])]
    return sorted(kept, key=lambda row: (-row["alike"], -(row["one_tasks"] + row["other_tasks"]), row["one"], row["other"], row["one_scope"], row["other_scope"]))


def _is_known(name: str) -> bool:
    """Whether the gazetteer has the name by itself or behind the word for a tier."""
    book = gazetteer()
    return any(rest in book.bureaus or rest in book.ministry_spellings or rest in book.complete for rest in (name, name[1:], name.removeprefix("自治区")))


def _candidates(units: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs of one scope that share two characters in a row: the others cannot be alike."""
    holding = defaultdict(list)
    for place, unit in enumerate(units):
        for k in range(len(unit["name"]) - 1):
            holding[unit["name"][k:k + 2]].append(place)
    pairs = {pair for places in holding.values() for pair in combinations(sorted(set(places)), 2)}
    return [(units[a], units[b]) for a, b in sorted(pairs)]


def _pair(a: dict[str, Any], b: dict[str, Any], alike: float, why: str) -> dict[str, Any]:
    return {"one": a["name"], "one_scope": a["scope"], "one_tasks": a["tasks"], "other": b["name"], "other_scope": b["scope"], "other_tasks": b["tasks"],
            "alike": round(alike, 3), "why": why, "one_id": a["id"], "other_id": b["id"]}
