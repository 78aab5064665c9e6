"""Plans made up for tests, and a linker that knows a line of work by its marker: 〔甲〕 in two tasks makes a sure link.

What questions make of links is tested without what the scores are; those have tests of their own.
"""

from __future__ import annotations

import re

from graph.records import DocumentRecord, LinkRecord
from ingest.continuity.links import Linker
from ingest.pipeline import extract
from ingest.readers import Source

_MARK = re.compile(r"〔([甲乙丙丁戊己庚辛壬癸])(\d?)〕")


class ByMark(Linker):
    """Links tasks with a marker in common, 0.9; with the same digit behind it, as 〔甲1〕 and 〔甲1〕, 0.99."""

    def link_plans(self, later: DocumentRecord, earlier: DocumentRecord, relation: str) -> list[LinkRecord]:
        links = []
        for a in later.tasks:
            for b in earlier.tasks:
                ours, theirs = dict(_MARK.findall(a.text)), dict(_MARK.findall(b.text))
                if marks := ours.keys() & theirs.keys():
                    score = 0.99 if any(ours[mark] == theirs[mark] for mark in marks) else 0.9
                    links.append(LinkRecord(a.id, b.id, score, True, relation, "rules", a.text[:4], a.start, a.start + 4, b.text[:4], b.start, b.start + 4))
        return links


class Nothing(Linker):
    """Finds no link."""

    def link_plans(self, later: DocumentRecord, earlier: DocumentRecord, relation: str) -> list[LinkRecord]:
        return []


def plan(title: str, tasks: list[tuple[str, str]], issuer: str | None = None, signed: str | None = None) -> DocumentRecord:
    """A plan with a task for each (text, units); its file is named as its title."""
    lines = [title, "", "一、重点任务"]
    lines += [f"{number}.做好第{number}项工作。{text}（责任单位：{units}）" for number, (text, units) in enumerate(tasks, 1)]
    lines += [issuer, signed] if issuer and signed else []
    (record,) = extract(Source(f"{title}.txt", title, "\n".join(lines) + "\n"))
    assert record.kind == "plan" and len(record.tasks) == len(tasks), (record.kind, [task.text for task in record.tasks])
    return record
