"""Where a file's documents begin, what kind each is and what it is called. The header and footer are `notice`'s."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from ingest import notice
from ingest.labels import UNIT_LABEL
from ingest.layout import BLANK, Paragraph, Stretches, iter_lines, split_paragraphs
from ingest.numbering import ITEM, NUMBER
from ingest.spans import text_of, write_spans
from ingest.tables import Table, find_tables
from ingest.titles import DUTIES, GENRE, NEWS, OTHER, SAMPLE_TAIL, WORK

COMPILATION = re.compile(r"第[一二三四五六七八九十百\d]{1,4}篇[ \u3000]*[:：、][ \u3000]*")
_DIRECTS = re.compile(r"要|应|须|推进|加强|开展|落实|完善|建立|组织|做好|确保|推动|检查")
_BEGINS = re.compile(rf"{NUMBER.pattern}|(?:{ITEM.pattern.replace('?P<n>', '?:')})|#|\*\*|责任|牵头|配合|附件|特此")


@dataclass(slots=True)
class Document:
    """One document of a file; offsets count in the file."""

    start: int
    end: int
    kind: str
    genre: str | None
    title: str
    department: str | None  # of a duty list
    header: notice.Header
    footer: notice.Footer
    body: list[Paragraph] = field(default_factory=list)  # paragraphs without header, footer and chrome
    chrome: list[tuple[int, int]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)  # of tasks; their lines are not in `body`

    def passages(self) -> list[Paragraph]:
        """Body paragraphs and, of task tables, the cells with words."""
        cells = [cell for table in self.tables for row in table.rows for cell in (*row.headings, row.text, row.outcome) if cell]
        return sorted({*self.body, *(Paragraph(start, end) for start, end in cells)}, key=lambda p: p.start) if cells else self.body


_TITLE = 200  # characters: no title is longer


def find_borders(text: str) -> list[tuple[int, int | None]]:
    """Where each document begins, and where its title does if a marker says so (第一篇:…; a title line twice).

    A marker may follow the last clause of the document before it without a line break.
    """
    borders: list[tuple[int, int | None]] = []
    for match in COMPILATION.finditer(text):
        at = match.start()
        while at > 0 and text[at - 1] in " \t\u3000#*":
            at -= 1
        before = text[at - 1:at]
        if before in "\n\r" or before in "。)）】":
            borders.append((match.start(), match.end()))
    ends = [*(start for start, _ in borders[1:]), len(text)]
    # A list of contents names every part before the parts come: lines with nothing under them.
    borders = [border for border, end in zip(borders, ends, strict=False) if end - border[0] > _TITLE or end == len(text) or "\n" in text[border[0]:end].strip(BLANK + "#*")]
    if not borders:
        lines = list(iter_lines(text, 0, len(text)))
        for first, second in zip(lines, lines[1:], strict=False):
            words = first.of(text)
            if words == second.of(text) and 6 <= len(words) <= 60 and (GENRE.search(words) or DUTIES.match(words)) and not NUMBER.match(words):
                borders.append((first.start, first.start))
        if len(borders) < 2:
            borders = []
    if not borders:
        return [(0, None)]
    # What stands before the first marker (front matter, a list of contents) belongs to the first document.
    return [(0, borders[0][1]), *borders[1:]]


def read_document(text: str, start: int, end: int, title_at: int | None) -> Document:
    """Title, kind and the body between header and footer."""
    header = notice.read_header(text, start, end, title_at)
    title = SAMPLE_TAIL.sub("", header.title) or header.title
    paragraphs = split_paragraphs(text, header.end, end, _BEGINS)
    footer = notice.read_footer(text, paragraphs)
    chrome = footer.spans
    aside = {start for start, _ in chrome}
    body = [p for p in paragraphs if p.start not in aside]
    tables = find_tables(text, body)
    of_tables = Stretches([(table.start, table.end) for table in tables])
    body = [p for p in body if p.start not in of_tables]
    duties = DUTIES.match(title)
    genre = GENRE.search(title)
    words = "".join(p.of(text) for p in body)
    clauses = sum(1 for _ in islice(UNIT_LABEL.finditer(words), 2))
    if duties and not clauses and not tables:
        kind = "duties"
    elif tables or clauses >= 2 or (genre and not OTHER.search(title) and _lays_out_work(title, genre["genre"], body, text)):
        kind = "plan"
    elif NEWS.search(title) and not OTHER.search(title) and not genre:
        kind = "news"
    else:
        kind = "other"
    return Document(
        start, end, kind, (genre["genre"] if genre else None) if kind == "plan" else None, title,
        duties["department"] if kind == "duties" else None, header, footer, body if kind in ("plan", "duties") else paragraphs, chrome, tables)


def _lays_out_work(title: str, genre: str, body: list[Paragraph], text: str) -> bool:
    """A plan's genre is enough; a notice must lay out work under headings, which one on a meeting does not."""
    if genre != "通知":
        return bool(body)
    numbered = sum(1 for p in body if NUMBER.match(text, p.start, p.end)) or _bare_headings(body, text)
    directs = sum(1 for p in body if len(_DIRECTS.findall(p.of(text))) >= 2)
    return bool(WORK.search(title)) and numbered >= 2 and directs >= 2


def _bare_headings(body: list[Paragraph], text: str) -> int:
    """Short lines without a stop, each above a paragraph: 强化责任落实 stands where 一、 would."""
    return sum(1 for line, below in zip(body, body[1:], strict=False) if line.end - line.start <= 26 and below.end - below.start >= 40
               and not re.search("[。；，：！？、]", line.of(text)))


@Language.component("policy_documents", assigns=["doc.spans", "span._.policy_documents"])
def policy_documents(doc: Doc) -> Doc:
    """Writes doc.spans["policy_documents"]: a span a document, its label the kind."""
    text = text_of(doc)
    borders = find_borders(text)
    found = []
    for i, (start, title_at) in enumerate(borders):
        end = borders[i + 1][0] if i + 1 < len(borders) else len(text)
        document = read_document(text, start, end, title_at)
        found.append((start, end, document.kind, document))
    return write_spans(doc, "policy_documents", found)
