"""What is marked in a document's text, and the text cut into segments that say which marks cover them.

Marks nest and overlap (a target inside a task, a policy across a heading), which elements cannot; so the text is cut
at every border, and each segment names all its marks. Offsets count in the document's text, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from api.review_page.markup import escaped
from graph.records import DocumentRecord, MentionRecord


@dataclass(frozen=True, slots=True)
class Mark:
    """One span: `key` leads to its place in the record, `css` says how it looks."""

    key: str
    css: str
    start: int
    end: int
    number: str | None = None  # shown where the span begins


def key_of(document: str, letter: str, *numbers: int) -> str:
    """d1t5: the fifth task of the first document; d1u5.2: its second unit. The script takes these apart."""
    return f"{document}{letter}{'.'.join(map(str, numbers))}"


def marks_of(record: DocumentRecord, document: str) -> list[Mark]:
    """Every span of a record, the outer before the inner."""
    found = [*_task_marks(record, document)]

    def add(letter: str, css: str, spans: Iterable, numbered: bool = False) -> None:
        for n, span in enumerate(spans, 1):
            found.append(Mark(key_of(document, letter, n), css, span.start, span.end, str(n) if numbered else None))

    add("g", "goal", record.goals, numbered=True)
    add("y", "duty", record.duties, numbered=True)
    add("i", "indicator", record.indicators)
    add("w", "warned", record.warnings)
    first: dict[tuple, int] = {}
    for n, mention in enumerate(record.mentions, 1):
        n = first.setdefault(same_mention(mention), n)
        found.append(Mark(key_of(document, "m", n), f"mention {mention.kind}", mention.start, mention.end))
    for n, (start, end) in enumerate(unread_places(record), 1):
        found.append(Mark(key_of(document, "n", n), "unread", start, end))
    shifted = (Mark(m.key, m.css, max(0, m.start - record.start), min(len(record.text), m.end - record.start), m.number) for m in found)
    return sorted((m for m in shifted if m.start < m.end), key=lambda m: (m.start, -m.end))


def same_mention(mention: MentionRecord) -> tuple:
    """What a task names twice is one entry on its card, which leads to both places."""
    return mention.task, mention.goal, mention.kind, mention.name, mention.relation


def _task_marks(record: DocumentRecord, document: str) -> Iterator[Mark]:
    for n, task in enumerate(record.tasks, 1):
        yield Mark(key_of(document, "t", n), "task", task.start, task.end, str(n))
        if task.heading_start is not None and task.heading_end is not None:
            yield Mark(key_of(document, "h", n), "heading", task.heading_start, task.heading_end)
        if task.clause_start is not None and task.clause_end is not None:
            yield Mark(key_of(document, "c", n), "clause", task.clause_start, task.clause_end)
        for k, unit in enumerate(task.units, 1):
            yield Mark(key_of(document, "u", n, k), f"unit {unit.role}", unit.start, unit.end)


def unread_places(record: DocumentRecord) -> list[tuple[int, int]]:
    """Where the stretches of `coverage.unread` stand in the file.

    The record holds their words in the order of the text, so each is sought behind the one before it, past places
    where a task, goal, clause or heading has the same words.
    """
    if record.coverage is None:
        return []
    read = bytearray(len(record.text))
    for task in record.tasks:
        for start, end in ((task.start, task.end), (task.clause_start, task.clause_end), (task.heading_start, task.heading_end)):
            if start is not None and end is not None:
                read[start - record.start:end - record.start] = b"\1" * (end - start)
    for goal in record.goals:
        read[goal.start - record.start:goal.end - record.start] = b"\1" * (goal.end - goal.start)
    found, behind = [], 0
    for words in record.coverage.unread:
        at = record.text.find(words, behind)
        while at >= 0 and (hit := read.find(1, at, at + len(words))) >= 0:
            free = read.find(0, hit)
            at = record.text.find(words, free) if free >= 0 else -1
        if at >= 0:
            behind = at + len(words)
            found.append((record.start + at, record.start + behind))
    return found


def iter_segments(text: str, marks: list[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """The text from its first to its last character in pieces, each with the marks that cover it, the outer first."""
    begin: dict[int, list[Mark]] = {}
    for mark in marks:
        begin.setdefault(mark.start, []).append(mark)
    borders = sorted({0, len(text), *begin, *(mark.end for mark in marks)})
    covering: list[Mark] = []
    for start, end in pairwise(borders):
        covering = [mark for mark in covering if mark.end > start] + begin.get(start, [])
        yield start, end, covering


def marked_text(text: str, marks: list[Mark]) -> str:
    """The text as HTML: what no mark covers stands plain, and without the tags it is the text, character by character."""
    pieces = []
    for start, end, covering in iter_segments(text, marks):
        words = escaped(text[start:end])
        pieces.append(f"<span{_attributes(start, end, covering)}>{words}</span>" if covering else words)
    return "".join(pieces)


def _attributes(start: int, end: int, covering: list[Mark]) -> str:
    names = dict.fromkeys(name for mark in covering for name in mark.css.split())
    if any(mark.end == end and mark.css.startswith("unit") for mark in covering):
        names["ends"] = None  # where the role is written behind the unit
    numbers = [mark.number for mark in covering if mark.start == start and mark.number]
    number = f' data-n="{numbers[-1]}"' if numbers else ""
    return f' class="{" ".join(names)}" data-s="{" ".join(mark.key for mark in covering)}"{number}'
