"""Pages of a PDF laid out by pdfplumber, within limits: what a hostile file asks for without end is given up."""

from __future__ import annotations

import logging
import re
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import stream_value
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

from ingest.errors import DamagedFile, EncryptedFile, FileTooLarge, InputError

PAGES = 3_000
SECONDS, PAGE_SECONDS = 60.0, 0.5  # for one file, and for each of its pages, which take 0.1
PAGE_GLYPHS = 60_000  # a full page of newsprint has 10,000
PAGE_BYTES = 8 << 20  # of drawing commands; a page of text has 0.05 MB, and pdfminer reads 0.4 MB a second
UNPACKED_BYTES = 512 << 20  # of one stream

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each font without a box


def iter_pages(path: str, data: bytes) -> Iterator[Page]:
    """Each page, turned so that its text is upright; closed when the next one is asked for.

    Raises EncryptedFile, DamagedFile or FileTooLarge.
    """
    _refuse_bomb(path, data)
    try:
        pdf = pdfplumber.open(BytesIO(data))
        count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), PAGES + 1))
        if count > PAGES:
            raise FileTooLarge(path, f"over {PAGES:,} pages", f"{PAGES:,}")
        if not count:
            raise DamagedFile(path, "PDF", "it has no pages")
        clock = _Clock(path, SECONDS + PAGE_SECONDS * count)
        for page in pdf.pages:
            _lay_out(page, clock)
            yield _upright(page, clock)
            page.close()
    except InputError:
        raise
    except Exception as error:  # pdfminer trusts what a file says of itself, and raises anything where that is wrong
        raise _refusal(path, error) from None


def _refusal(path: str, error: Exception) -> InputError:
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error  # pdfplumber wraps pdfminer's
    if isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)):
        return EncryptedFile(path)
    return DamagedFile(path, "PDF", " ".join(str(cause).split())[:120] or type(cause).__name__)


def _refuse_bomb(path: str, data: bytes) -> None:
    """pdfminer unpacks a stream whole, whatever comes of it; so each is unpacked once piece by piece, and counted."""
    view = memoryview(data)
    for match in re.finditer(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])", data):
        unpacker, at, unpacked = zlib.decompressobj(), match.end(), 0
        try:
            while at < len(data) and not unpacker.eof:
                piece: Any = view[at:at + (1 << 16)]
                while piece and not unpacker.eof:
                    unpacked += len(unpacker.decompress(piece, 1 << 20))
                    piece = unpacker.unconsumed_tail
                    if unpacked > UNPACKED_BYTES:
                        raise FileTooLarge(path, f"a part that unpacks to over {UNPACKED_BYTES >> 20} MB", f"{UNPACKED_BYTES >> 20} MB")
                at += 1 << 16
        except zlib.error:
            continue


class _Clock:
    """The time that one file may take."""

    def __init__(self, path: str, seconds: float) -> None:
        self.path, self.seconds, self.start = path, seconds, time.monotonic()

    def check(self) -> None:
        if time.monotonic() - self.start > self.seconds:
            raise FileTooLarge(self.path, f"reading takes over {self.seconds:.0f} seconds", f"{self.seconds:.0f} seconds")


def _lay_out(page: Page, clock: _Clock) -> None:
    """What pdfplumber would do when it is first asked for the page's characters."""
    device = _Device(page, clock)
    _Interpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects what a page draws, up to a number of characters and a time."""

    def __init__(self, page: Page, clock: _Clock) -> None:
        super().__init__(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
        self.clock, self.glyphs = clock, 0

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self.glyphs += 1
        if self.glyphs > PAGE_GLYPHS:
            raise FileTooLarge(self.clock.path, f"page {self.pageno} has over {PAGE_GLYPHS:,} characters", f"{PAGE_GLYPHS:,} of a page")
        return super().render_char(*args, **kwargs)

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        self.clock.check()
        super().paint_path(*args, **kwargs)


class _Interpreter(PDFPageInterpreter):
    device: _Device

    def execute(self, streams: Any) -> None:
        """The page's own commands, and those of each form that they draw, which may draw others."""
        self.device.clock.check()
        size = sum(len(stream_value(stream).get_data()) for stream in streams)
        if size > PAGE_BYTES:
            raise FileTooLarge(
                self.device.clock.path, f"page {self.device.pageno} is drawn by {size >> 20} MB of commands", f"{PAGE_BYTES >> 20} MB of a page")
        super().execute(streams)


def _upright(page: Page, clock: _Clock) -> Page:
    """The page itself, or turned where most of its text runs up or down it, as a wide table printed on a tall page."""
    sideways = [char for char in page.chars if not char["upright"] and char["matrix"][1] and abs(char["matrix"][0]) < 0.01]
    if len(sideways) * 2 <= len(page.chars):
        return page
    turn = 90 if sum(char["matrix"][1] > 0 for char in sideways) * 2 > len(sideways) else 270
    page.page_obj.rotate = page.page_obj.attrs["Rotate"] = (page.rotation + turn) % 360
    turned = Page(page.pdf, page.page_obj, page.page_number, page.initial_doctop)
    _lay_out(turned, clock)
    return turned
