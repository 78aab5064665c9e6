"""Which documents of a folder of records go into a graph: each plan once, as `ingest` chooses them."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from api.cluster.folders import Output
from api.cluster.rows import Place, iter_rows, take_rows
from graph.records import DocumentRecord
from graph.stored import plan_id
from graph.twins import may_be_of_one_year, may_be_one, preference, same_plan

_HEAD = ["id", "source", "kind", "title", "issuer", "issuers", "body", "place", "years", "doc_number", "signed_on", "series", "draft", "forwarded_by", "tasks.list.element.id"]


class Chosen:
    """The documents that a graph takes from records; `plans` are the ids of their plans, `notes` a line for each that is left out."""

    def __init__(self, source: Output, parts: list[str]) -> None:
        self.rows: dict[str, set[int]] = {part: set() for part in parts}
        self.plans: set[str] = set()
        self.notes: list[str] = []
        self._source = source
        series: dict[str | None, list[Any]] = defaultdict(list)
        taken: set[str] = set()
        for part in parts:
            with source.open(part) as file:
                for k, row in enumerate(iter_rows(file, _HEAD)):
                    head = SimpleNamespace(**row, at=(part, k))
                    head.key = plan_id(head) if head.kind == "plan" else head.id
                    if head.key in taken:
                        self.notes.append(f"{head.source}: 《{head.title}》 stands in this run twice; the first one is loaded")
                        continue
                    taken.add(head.key)
                    if head.kind == "plan":
                        series[head.series].append(head)
                    else:
                        self.rows[part].add(k)
        for heads in series.values():
            self._choose(heads)

    def _choose(self, heads: list[Any]) -> None:
        """Of plans with one series the best of each that is there in several forms: a draft, a repost, a forwarded copy."""
        kept: dict[tuple[int, ...], list[Any]] = defaultdict(list)  # by years: those of other years can be no twins
        for head in sorted(heads, key=preference, reverse=True):
            near = [other for years, others in kept.items() if may_be_of_one_year(years, head.years) for other in others if may_be_one(head, other)]
            found = next(((why, other) for other in near if (why := same_plan(self._record(head.at), self._record(other.at)))), None)
            if found:
                why, better = found
                self.notes.append(f"{head.source}: 《{head.title}》 is a {why} of 《{better.title}》 from {better.source}: counted once, the latter stays")
            else:
                kept[tuple(head.years)].append(head)
                self.rows[head.at[0]].add(head.at[1])
                self.plans.add(head.key)

    def _record(self, at: Place) -> DocumentRecord:
        """Read again each time: few plans look like twins, and all their texts would not fit."""
        with self._source.open(at[0]) as file:
            (row,) = take_rows(file, [at[1]])
        return DocumentRecord.from_row(row)
