"""A document cut into passages, and a sample of them drawn for coding by hand.

A passage runs from one numbered heading to the next: the heading, the paragraphs under it, their responsibility clauses.
It follows from the text alone, from numbers and line ends, never from what was found in it, so that a coder meets what
the tool missed as often as what it read. The passages of a document lie end to end and hold all of it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.ids import number_equals, squeeze
from graph.records import DocumentRecord
from ingest.layout import CLOSING, OPENING, SENTENCE_END, Paragraph, split_paragraphs
from ingest.numbering import MARK, NUMBER, RUN_ON, match_number, rank

BY = ("plan", "year", "level", "none")  # what a sample is drawn from in shares
LONGEST = 1_200  # characters: a run of paragraphs that is longer is cut between two of them
_HUGE = 3_000  # characters of one paragraph: longer ones are whole documents without line ends
_WORDS_BEFORE = 30  # characters
_HEADING = 60  # characters: a longer line is no heading
_STEPS = rank("arabic_bracket")  # （1） and ① set steps of one task apart, as a rule
_ROW = re.compile(r"\||[^\t\n]*\t[^\t\n]*\S")  # a table's row: | 1 | 建设平台 | 市教委 |, or cells between tabs
_CLAUSE = 200  # characters of a clause on a line of its own
_RULE = re.compile(r"[|:\s-]+")  # |---|---|
# A clause on a line of its own stays with the words before it: （责任单位：…）, 责任单位：…
_LEANS_BACK = re.compile(rf"[{re.escape(OPENING)}]|[^，。；]{{2,12}}[:：]")


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of a document; offsets count as those of its record."""

    id: str  # from the document's words and its own; the same from any file and from the graph
    record: DocumentRecord
    start: int
    end: int
    before: str  # the headings above, then the last words before it

    @property
    def text(self) -> str:
        return self.record.text[self.start - self.record.start:self.end - self.record.start]


def split_passages(record: DocumentRecord) -> list[Passage]:
    """The passages of a document, in its order."""
    text, at = record.text, record.start
    groups = list(_iter_groups(text))
    borders = [0, *(start for start, _ in groups[1:]), len(text)]
    stretches = list(zip(borders, borders[1:], strict=False))
    words = [squeeze(text[start:end]) for start, end in stretches]
    numbers = number_equals([(key,) for key in words])
    title = squeeze(record.title)
    return [Passage(_id(record.id, key, n), record, at + start, at + end, _context(text, [heading for heading in above if squeeze(heading) != title], start))
            for (start, end), key, n, (_, above) in zip(stretches, words, numbers, groups, strict=True)]


def draw(passages: Iterable[Passage], n: int, by: str, seed: int) -> list[Passage]:
    """A sample of n passages, document by document; all of them where there are no more.

    Each stratum (`by`: a document; the first year or the level of its plan) gives its share, at least one passage; where
    there are more strata than n, n of them give one. Chance is a hash of seed and id: the order of the files changes
    nothing, a plan that is added or removed leaves the draw within the others' strata as it was, and what a smaller n
    draws from a stratum a larger one draws as well.
    """
    strata: dict[str, dict[str, Passage]] = defaultdict(dict)
    for passage in passages:
        strata[_stratum(passage, by)][passage.id] = passage
    shares = _share_out({key: len(found) for key, found in strata.items()}, n, seed)
    drawn = [found[i] for key, found in strata.items() for i in sorted(found, key=lambda i: _chance(seed, i))[:shares[key]]]
    return sorted(drawn, key=lambda passage: (_chance(seed, passage.record.id), passage.record.id, passage.start))


def _stratum(passage: Passage, by: str) -> str:
    record = passage.record
    return {"plan": record.id, "year": str(record.years[0]) if record.years else "", "level": record.level or "", "none": ""}[by]


def _chance(seed: int, key: str) -> bytes:
    return hashlib.sha256(f"{seed}\x1f{key}".encode()).digest()


def _share_out(sizes: dict[str, int], n: int, seed: int) -> dict[str, int]:
    """How many each stratum gives: one, then the next to the one that is furthest behind its share (Sainte-Laguë)."""
    if n >= sum(sizes.values()):
        return dict(sizes)
    shares = dict.fromkeys(sizes, 0)
    for key in sorted(sizes, key=lambda key: _chance(seed, key))[:n]:
        shares[key] = 1
    for _ in range(n - sum(shares.values())):
        behind = max((key for key in sizes if shares[key] < sizes[key]), key=lambda key: (sizes[key] / (shares[key] + 0.5), key))
        shares[behind] += 1
    return shares


def _id(document: str, words: str, n: int) -> str:
    digest = hashlib.sha256(f"{document}\x1f{words}\x1f{n}".encode()).digest()
    return f"s-{base64.b32encode(digest).decode().lower()[:12]}"


def _context(text: str, above: list[str], start: int) -> str:
    last = " ".join(text[max(0, start - _WORDS_BEFORE):start].split())
    return " / ".join([*above, f"…{last}"] if last else above)


def _iter_groups(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where each passage begins, and the headings above it."""
    stack: list[tuple[str, str]] = []  # form and words of each numbered paragraph that stands above
    only_headings, size, started = True, 0, False
    for paragraph in _iter_paragraphs(text):
        form, length = _form(text, paragraph), paragraph.end - paragraph.start
        forms = [above for above, _ in stack]
        deeper = form not in forms
        begins = form is not None and form != "rule" and rank(form) < _STEPS and not (only_headings and deeper)
        leans_back = form is None and length <= _CLAUSE and _LEANS_BACK.match(text, paragraph.start, paragraph.end)
        if size + length > (2 * LONGEST if leans_back else LONGEST):
            begins = True
        if form and form not in ("row", "rule"):
            stack = [*(stack if deeper else stack[:forms.index(form)])]
        if begins or not started:
            yield paragraph.start, [words for _, words in stack if words]
            only_headings, size, started = True, 0, True
        heading = form != "row" and _is_heading(text, paragraph)
        if form and form not in ("row", "rule"):
            stack.append((form, paragraph.of(text).strip("#* ") if heading else ""))
        only_headings = only_headings and heading
        size += length
    if not started:
        yield 0, []


def _iter_paragraphs(text: str) -> Iterator[Paragraph]:
    for paragraph in split_paragraphs(text, 0, len(text), NUMBER):
        start = paragraph.start
        for cut in _cuts(text, paragraph) if paragraph.end - start > _HUGE else ():
            yield Paragraph(start, cut)
            start = cut
        yield Paragraph(start, paragraph.end)


def _cuts(text: str, paragraph: Paragraph) -> Iterator[int]:
    """Where headings follow a stop without a line break; where none does for long, behind a stop."""
    last = paragraph.start
    headings = [match.start() for match in RUN_ON.finditer(text, paragraph.start, paragraph.end) if text[match.start() - 1] in SENTENCE_END + CLOSING]
    for border in [*headings, paragraph.end]:
        while border - last > _HUGE and (stop := text.rfind("。", last, last + _HUGE) + 1) > last:
            yield stop
            last = stop
        if last + _HEADING <= border < paragraph.end:
            yield border
            last = border


def _form(text: str, paragraph: Paragraph) -> str | None:
    """The form of the number that a paragraph begins with; `row` of a table, `rule` under its head, `mark` of markdown's bare headings."""
    if _ROW.match(text, paragraph.start, paragraph.end):
        return "rule" if _RULE.fullmatch(text, paragraph.start, paragraph.end) else "row"
    if number := match_number(text, paragraph.start, paragraph.end):
        return number.form
    mark = MARK.match(text, paragraph.start, paragraph.end)
    return "mark" if mark and not _LEANS_BACK.match(text, mark.end(), paragraph.end) else None


def _is_heading(text: str, paragraph: Paragraph) -> bool:
    """A short line that ends in no stop: 二、强化要素保障."""
    return paragraph.end - paragraph.start <= _HEADING and text[paragraph.end - 1] not in SENTENCE_END + CLOSING
