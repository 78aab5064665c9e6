"""Which plans are one plan again: a repost on another site, a draft of it, a copy that another body forwards.

A plan under the same title, years and number has the same id and needs none of this; these differ in one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.ids import squeeze
from graph.records import DocumentRecord
from graph.stored import Run

_SAME = 0.6  # share of the shorter plan's tasks that stand in the other word for word; plans of two years share under 0.2
_DRAFT = 0.2  # of a draft and its final version, which were worked on in between


class Head(Protocol):
    """What of a plan can tell that it is none of the others, without its tasks."""

    @property
    def series(self) -> str | None: ...
    @property
    def years(self) -> Sequence[int]: ...
    @property
    def issuer(self) -> str | None: ...
    @property
    def issuers(self) -> Sequence[str]: ...
    @property
    def place(self) -> str | None: ...
    @property
    def forwarded_by(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class HeldPlan:
    """A plan of the graph, with its document."""

    plan: str
    document: str
    source: str
    series: str
    years: list[int]
    issuer: str | None
    issuers: list[str]
    place: str | None
    forwarded_by: str | None


def read_possible_twins(run: Run, records: list[DocumentRecord]) -> list[HeldPlan]:
    """The plans of the graph that may be one with one of these, by id. Thousands of bodies have a plan of one title each year:
    those whose heads tell them apart are not read whole."""
    of_series: dict[str, list[DocumentRecord]] = defaultdict(list)
    for record in records:
        if record.series:
            of_series[record.series].append(record)
    if not of_series:
        return []
    years = {record.years[0] if record.years else None for record in records}
    of_years = "" if None in years else "AND (p.first_year IS NULL OR p.first_year IN $years) "
    rows = run(f"MATCH (d:Document)-[:CONTAINS]->(p:Plan) WHERE p.series IN $series {of_years}"
               "RETURN p.id AS plan, d.id AS document, d.source AS source, p.series AS series, p.years AS years, CASE WHEN p.issuer_inferred THEN null ELSE p.issuer END AS issuer, "
               "p.issuers AS issuers, p.place AS place, p.forwarded_by AS forwarded_by ORDER BY plan", series=sorted(of_series), **({"years": sorted(years)} if of_years else {}))
    bodies = {series: _Bodies.of(listed) for series, listed in of_series.items()}
    held = [HeldPlan(**row) for row in rows]
    return [plan for plan in held if bodies[plan.series].may_have(plan) and any(may_be_one(record, plan) for record in of_series[plan.series])]


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The bodies of some plans, so that each of many others need not be held against each of them."""

    names: set[str]
    ends: set[str]  # of the names, each from every character on
    is_any: bool  # whether a plan is among them that may be another body's

    @classmethod
    def of(cls, records: list[DocumentRecord]) -> _Bodies:
        names = {name for record in records for name in (record.issuer, *record.issuers) if name}
        return cls(names, {end for name in names for end in _ends(name)}, any(not record.issuer or record.forwarded_by for record in records))

    def may_have(self, plan: HeldPlan) -> bool:
        """False only where `_one_body` and `_is_forwarded` are, with each of the plans."""
        return bool(
            self.is_any or not plan.issuer or plan.forwarded_by or plan.issuer in self.ends or not self.names.isdisjoint(plan.issuers) or not self.names.isdisjoint(_ends(plan.issuer)))


def _ends(name: str) -> Iterator[str]:
    return (name[start:] for start in range(len(name)))


def same_plan(a: DocumentRecord, b: DocumentRecord) -> str | None:
    """What makes two plans one: `draft`, `forwarded copy` or `repost`; None where they are two.

    Same title (years and marks of a draft aside), a year in common, one body or one not stated, and tasks word for word.
    """
    if not may_be_one(a, b):
        return None
    share = shared_tasks(a, b)
    if a.draft != b.draft:
        return "draft" if share >= _DRAFT else None
    if share < _SAME:
        return None
    return "forwarded copy" if _is_forwarded(a, b) else "repost"


def may_be_one(a: Head, b: Head) -> bool:
    """Whether only their tasks can still tell two plans apart."""
    return a.series == b.series and may_be_of_one_year(a.years, b.years) and (_is_forwarded(a, b) or _one_body(a, b))


def _is_forwarded(a: Head, b: Head) -> bool:
    """Whether one of two is another body's copy."""
    return bool(a.forwarded_by) != bool(b.forwarded_by)


def may_be_of_one_year(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether two plans cover the same years, or one does not say which."""
    return set(a) == set(b) or not a or not b


def _one_body(a: Head, b: Head) -> bool:
    """Whether two plans may be of one body: 上海市黄浦区教育局 and 黄浦区教育局; where one states none, of one place."""
    if a.issuer and b.issuer:
        return a.issuer.endswith(b.issuer) or b.issuer.endswith(a.issuer) or b.issuer in a.issuers or a.issuer in b.issuers
    return a.place is None or b.place is None or a.place == b.place


def shared_tasks(a: DocumentRecord, b: DocumentRecord) -> float:
    """Share of the shorter plan's tasks whose words stand in the other too."""
    left, right = ({squeeze(task.text) for task in record.tasks} for record in (a, b))
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def preference(record: DocumentRecord) -> tuple:
    """The better of two is the greater: final over draft, a body's own over a forwarded copy, then the fuller."""
    return (not record.draft, not record.forwarded_by, record.issuer is not None, record.doc_number is not None, record.signed_on is not None, len(record.tasks))
