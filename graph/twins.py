"""Which plans are one plan again: a repost on another site, a draft of it, a copy that another body forwards.

A plan under the same title, years and number has the same id and needs none of this; these differ in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.ids import squeeze
from graph.records import DocumentRecord

_SAME = 0.6  # share of the shorter plan's tasks that stand in the other word for word; plans of two years share under 0.2
_DRAFT = 0.2  # of a draft and its final version, which were worked on in between


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


def may_be_one(a: DocumentRecord, b: DocumentRecord) -> bool:
    """Whether only their tasks can still tell two plans apart."""
    return a.series == b.series and may_be_of_one_year(a.years, b.years) and (_is_forwarded(a, b) or _one_body(a, b))


def _is_forwarded(a: DocumentRecord, b: DocumentRecord) -> bool:
    """Whether one of two is another body's copy."""
    return bool(a.forwarded_by) != bool(b.forwarded_by)


def may_be_of_one_year(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether two plans cover the same years, or one does not say which."""
    return set(a) == set(b) or not a or not b


def _one_body(a: DocumentRecord, b: DocumentRecord) -> bool:
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
