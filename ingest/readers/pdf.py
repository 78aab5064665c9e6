"""PDFs with a text layer: paragraphs mended from lines, page numbers and running heads left out, ruled tables as pipe
tables. A scan is refused."""

from __future__ import annotations

import logging
import re
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from graph.errors import DamagedFile, EncryptedFile, FileTooLarge, InputError, ScannedPdf
from ingest.readers.grid import table_lines
from ingest.readers.pdf_lines import Glyph, Line, find_lines, is_spaced_out, read_glyphs, split_columns
from ingest.readers.pdf_margins import without_margins
from ingest.readers.pdf_paragraphs import iter_paragraphs
from ingest.readers.pdf_tables import RuledTable, append_rows, find_tables, goes_on

PAGES = 3_000
SECONDS = 300.0  # for one file: a page takes 0.1
PAGE_GLYPHS = 60_000  # a full page of newsprint has 10,000
PAGE_BYTES = 8 << 20  # of drawing commands; a page of text has 0.05 MB, and pdfminer reads 0.4 MB a second
UNPACKED_BYTES = 512 << 20  # of one stream
_FEW = 20  # characters on a page that is otherwise a picture: a page number, a stamp

logger = logging.getLogger(__name__)


def read_pdf(path: str, data: bytes) -> str:
    """The document's text, one paragraph a line."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each font without a box
    _refuse_bomb(path, data)
    try:
        return "".join(f"{line}\n" for line in _lines(path, pdfplumber.open(BytesIO(data))))
    except InputError:
        raise
    except Exception as error:  # pdfminer trusts what a file says of itself, and raises anything where that is wrong
        raise _refusal(path, error) from None


def _refusal(path: str, error: Exception) -> InputError:
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error  # pdfplumber wraps pdfminer's
    if isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)):
        return EncryptedFile(path)
    return DamagedFile(path, "PDF", " ".join(str(cause).split())[:120] or type(cause).__name__)


def _refuse_bomb(path: str, data: bytes) -> None:
    """pdfminer unpacks a stream whole, whatever comes of it."""
    for match in re.finditer(rb"stream\r?\n(?=[\x08-\x78])", data):
        unpacker = zlib.decompressobj()
        packed, unpacked = data[match.end():match.end() + (64 << 20)], 0
        if len(packed) * 1_032 < UNPACKED_BYTES:  # no stream unpacks to more
            continue
        try:
            while packed and not unpacker.eof:
                unpacked += len(unpacker.decompress(packed, 1 << 20))
                packed = unpacker.unconsumed_tail
                if unpacked > UNPACKED_BYTES:
                    raise FileTooLarge(path, f"a part that unpacks to over {UNPACKED_BYTES >> 20} MB", f"{UNPACKED_BYTES >> 20} MB")
        except zlib.error:
            continue


def _lines(path: str, pdf: Any) -> list[str]:
    sheets = list(_read_sheets(path, pdf))
    _refuse_scan(path, sheets)
    kept = without_margins([sheet.lines for sheet in sheets], [sheet.height for sheet in sheets])
    stretches: list[list[Line | RuledTable]] = []
    for sheet, lines in zip(sheets, kept, strict=True):
        stretches += _with_tables(_columns(sheet, lines), sheet.tables)
    found: list[str] = []
    for item in iter_paragraphs(_joined_tables(stretches)):
        found += [item] if isinstance(item, str) else table_lines(item.cells)
    return found


@dataclass(slots=True)
class Sheet:
    """What one page holds; its lines are those outside tables."""

    height: float
    lines: list[Line]
    tables: list[RuledTable]
    glyphs: list[Glyph]  # outside tables
    is_spaced: bool
    characters: int  # in all
    nameless: int  # of them, those whose font does not say what they are
    is_drawn: bool  # pictures or curves are on it


def _read_sheets(path: str, pdf: Any) -> Iterator[Sheet]:
    from pdfminer.pdfpage import PDFPage

    count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), PAGES + 1))
    if count > PAGES:
        raise FileTooLarge(path, f"over {PAGES:,} pages", f"{PAGES:,}")
    if not count:
        raise DamagedFile(path, "PDF", "it has no pages")
    watch = _watch(path, time.monotonic() + SECONDS)
    for page in pdf.pages:
        watch(pdf, page)
        glyphs = read_glyphs(page.chars)
        words = [glyph for glyph in glyphs if glyph.text.strip()]
        spaced = not is_spaced_out(glyphs)
        tables, rest = find_tables(page, glyphs)
        yield Sheet(float(page.height), find_lines(rest, spaced), tables, rest, spaced, len(words), sum(glyph.text == "\ufffd" for glyph in words), bool(page.images or page.curves))
        page.close()


def _watch(path: str, deadline: float) -> Callable[[Any, Any], None]:
    """Lays out a page as pdfplumber does, and gives up on one that draws without end: forms that call each other,
    a page written over thousands of times."""
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfminer.pdftypes import stream_value
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent

    class Device(PDFPageAggregatorWithMarkedContent):
        left = PAGE_GLYPHS

        def render_char(self, *args: Any, **kwargs: Any) -> float:
            self.left -= 1
            if self.left < 0:
                raise FileTooLarge(path, f"page {self.pageno} has over {PAGE_GLYPHS:,} characters", f"{PAGE_GLYPHS:,} of a page")
            return super().render_char(*args, **kwargs)

        def paint_path(self, *args: Any, **kwargs: Any) -> None:
            check()
            super().paint_path(*args, **kwargs)

    class Interpreter(PDFPageInterpreter):
        def execute(self, streams: Any) -> None:  # the page's own, and each form that it draws
            check()
            if (size := sum(len(stream_value(stream).get_data()) for stream in streams)) > PAGE_BYTES:
                raise FileTooLarge(path, f"page {self.device.pageno} is drawn by {size >> 20} MB of commands", f"{PAGE_BYTES >> 20} MB of a page")
            super().execute(streams)

    def check() -> None:
        if time.monotonic() > deadline:
            raise FileTooLarge(path, f"reading took over {SECONDS:.0f} seconds", f"{SECONDS:.0f} seconds")

    def lay_out(pdf: Any, page: Any) -> None:
        check()
        device = Device(pdf.rsrcmgr, pageno=page.page_number, laparams=None)
        Interpreter(pdf.rsrcmgr, device).process_page(page.page_obj)
        page._layout = device.get_result()  # where pdfplumber keeps it

    return lay_out


def _refuse_scan(path: str, sheets: list[Sheet]) -> None:
    pictures = [i for i, sheet in enumerate(sheets, 1) if sheet.characters < _FEW and sheet.is_drawn]
    words, nameless = sum(sheet.characters for sheet in sheets), sum(sheet.nameless for sheet in sheets)
    if not words or len(pictures) * 2 > len(sheets):
        raise ScannedPdf(path, f"{len(pictures)} of its {len(sheets)} pages are pictures without text (a scan)" if pictures else f"no text is on its {len(sheets)} pages")
    if nameless > 0.2 * words:
        raise ScannedPdf(path, f"its fonts do not say which characters {nameless:,} of its {words:,} signs are")
    if pictures:
        logger.warning("%s: page %s is a picture without text and was not read", path, ", ".join(map(str, pictures)))


def _columns(sheet: Sheet, lines: list[Line]) -> list[list[Line]]:
    """The page's lines as one stretch, or as the columns in which they are read."""
    aside = [line.y for line in sheet.lines if line not in lines]
    glyphs = [glyph for glyph in sheet.glyphs if not any(abs(glyph.y - y) < 0.4 * glyph.size for y in aside)]
    parts = list(split_columns(glyphs))
    return [find_lines(part, sheet.is_spaced) for part in parts] if len(parts) > 1 else [lines]


def _with_tables(columns: list[list[Line]], tables: list[RuledTable]) -> list[list[Line | RuledTable]]:
    stretches: list[list[Line | RuledTable]] = [list(lines) for lines in columns]
    for table in sorted(tables, key=lambda table: table.top, reverse=True):
        place = next(((stretch, i) for stretch in stretches for i, item in enumerate(stretch) if isinstance(item, RuledTable) or item.y > table.top), (stretches[-1], len(stretches[-1])))
        place[0].insert(place[1], table)
    return stretches


def _joined_tables(stretches: list[list[Line | RuledTable]]) -> list[list[Line | RuledTable]]:
    """Tables that go on over a page are one, on the page where they begin."""
    last: Line | RuledTable | None = None
    for stretch in stretches:
        if stretch and isinstance(last, RuledTable) and isinstance(stretch[0], RuledTable) and goes_on(last, stretch[0]):
            append_rows(last, stretch.pop(0))
        last = stretch[-1] if stretch else last
    return stretches
