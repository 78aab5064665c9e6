"""Which plans are of one issuing body or its successor: only between those is a task new or dropped."""

from __future__ import annotations

from collections import defaultdict

from graph.store import Store

_ISSUERS = (
    "MATCH (p:Plan) WHERE p.id IN $plans OPTIONAL MATCH (p)-[r:ISSUED_BY]->(d:Department) WHERE r.position = 1 "
    "RETURN p.id AS plan, p.issuer AS issuer, d.id AS unit ORDER BY plan, unit")
HEIRS = "MATCH (a:Department)-[:SUCCEEDED_BY*1..3]->(b:Department) RETURN DISTINCT a.id AS one, b.id AS other ORDER BY one, other"


def pairs_of_one_issuer(store: Store, earlier: list[str], later: list[str]) -> set[tuple[str, str]]:
    """(earlier plan, later plan), by id, of one issuer, or where the later plan's issuer took the work of the earlier one's over.

    One issuer is one name or one Department; the questions new_between and dropped_between ask the same of the graph.
    """
    names: dict[str, str | None] = {}
    units: dict[str, set[str]] = defaultdict(set)
    for row in store.read(_ISSUERS, plans=sorted({*earlier, *later})):
        names[row["plan"]] = row["issuer"]
        units[row["plan"]] |= {row["unit"]} - {None}
    heirs = {(row["one"], row["other"]) for row in store.read(HEIRS)}
    return {(a, b) for a in earlier for b in later if names.get(a) and names.get(a) == names.get(b) or units[a] & units[b]
            or any((one, other) in heirs for one in units[a] for other in units[b])}
