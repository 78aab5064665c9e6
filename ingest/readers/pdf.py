"""PDFs with a text layer: paragraphs mended from lines, page numbers and running heads left out, ruled tables as pipe
tables. A scan is refused."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from ingest.errors import ScannedPdf
from ingest.readers.grid import table_lines
from ingest.readers.lines import as_text
from ingest.readers.pdf_layout import iter_pages
from ingest.readers.pdf_lines import Glyph, Line, find_lines, has_columns, is_spaced_out, read_glyphs, split_columns
from ingest.readers.pdf_margins import without_margins
from ingest.readers.pdf_paragraphs import iter_paragraphs
from ingest.readers.pdf_tables import RuledTable, append_rows, find_tables, goes_on

_FEW = 20  # characters on a page that is otherwise a picture: a page number, a stamp

logger = logging.getLogger(__name__)


def read_pdf(path: str, data: bytes) -> str:
    """The document's text, one paragraph a line."""
    sheets = list(_read_sheets(path, data))
    _refuse_scan(path, sheets)
    kept = without_margins([sheet.lines for sheet in sheets], [sheet.height for sheet in sheets])
    stretches: list[list[Line | RuledTable]] = []
    for sheet, lines in zip(sheets, kept, strict=True):
        stretches += _with_tables(_columns(sheet, lines), sheet.tables)
    found: list[str] = []
    for item in iter_paragraphs(_joined_tables(stretches), median(sheet.width for sheet in sheets)):
        found += [item] if isinstance(item, str) else table_lines(item.cells)
    return as_text(found)


@dataclass(slots=True)
class Sheet:
    """What one page holds; its lines are those outside tables."""

    width: float
    height: float
    lines: list[Line]
    tables: list[RuledTable]
    columned: list[Glyph]  # the characters outside tables, if they stand in columns
    is_spaced: bool
    characters: int  # in all
    nameless: int  # of them, those whose font does not say what they are
    is_drawn: bool  # pictures or curves are on it


def _read_sheets(path: str, data: bytes) -> Iterator[Sheet]:
    for page in iter_pages(path, data):
        glyphs = read_glyphs(page)
        words = [glyph for glyph in glyphs if glyph.text.strip()]
        spaced = not is_spaced_out(glyphs)
        tables, rest = find_tables(page, glyphs)
        yield Sheet(
            float(page.width), float(page.height), find_lines(rest, spaced), tables, rest if has_columns(rest) else [], spaced, len(words),
            sum(glyph.text == "\ufffd" for glyph in words), bool(page.images or page.curves))


def _refuse_scan(path: str, sheets: list[Sheet]) -> None:
    pictures = [i for i, sheet in enumerate(sheets, 1) if sheet.characters < _FEW and sheet.is_drawn]
    words, nameless = sum(sheet.characters for sheet in sheets), sum(sheet.nameless for sheet in sheets)
    if pictures and (not words or len(pictures) * 2 > len(sheets)):
        raise ScannedPdf(path, f"{len(pictures)} of its {len(sheets)} pages are pictures without text (a scan)")
    if not words:
        raise ScannedPdf(path, f"no text is on its {len(sheets)} pages")
    if nameless > 0.2 * words:
        raise ScannedPdf(path, f"its fonts do not say which characters {nameless:,} of its {words:,} signs are")
    if pictures:
        logger.warning("%s: page %s is a picture without text and was not read", path, ", ".join(map(str, pictures)))


def _columns(sheet: Sheet, lines: list[Line]) -> list[list[Line]]:
    """The page's lines as one stretch, or as the columns in which they are read."""
    kept = {id(line) for line in lines}
    aside = [line.y for line in sheet.lines if id(line) not in kept]
    glyphs = [glyph for glyph in sheet.columned if not any(abs(glyph.y - y) < 0.4 * glyph.size for y in aside)]
    return [find_lines(part, sheet.is_spaced) for part in split_columns(glyphs)] if glyphs else [lines]


def _with_tables(columns: list[list[Line]], tables: list[RuledTable]) -> list[list[Line | RuledTable]]:
    """The page's tables put before the first line that stands lower."""
    stretches: list[list[Line | RuledTable]] = [list(lines) for lines in columns]
    for table in sorted(tables, key=lambda table: table.top, reverse=True):
        lower = ((stretch, i) for stretch in stretches for i, item in enumerate(stretch) if isinstance(item, RuledTable) or item.y > table.top)
        stretch, place = next(lower, (stretches[-1], len(stretches[-1])))
        stretch.insert(place, table)
    return stretches


def _joined_tables(stretches: list[list[Line | RuledTable]]) -> list[list[Line | RuledTable]]:
    """Tables that go on over a page are one, on the page where they begin."""
    last: Line | RuledTable | None = None
    for stretch in stretches:
        if stretch and isinstance(last, RuledTable) and isinstance(stretch[0], RuledTable) and goes_on(last, stretch[0]):
            append_rows(last, stretch.pop(0))
        last = stretch[-1] if stretch else last
    return stretches
