"""Word documents (.docx) as they show on paper: automatic numbers written out, tables as pipe tables.

Inserted text counts and deleted text does not; hidden text, headers, footers and the table of contents are left out;
a text box stands before the paragraph that holds it, footnotes at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx.oxml.parser import parse_xml
from docx.package import Package

from ingest.errors import DamagedFile, EncryptedFile, InputError, OldFormat
from ingest.readers.archive import check_sizes
from ingest.readers.grid import Cell, table_lines
from ingest.readers.lines import as_text
from ingest.readers.word_numbering import MC, Numbering, Styles, W, is_on, value, whole

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files and of locked new ones
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STYLES, _NUMBERING, *_NOTES = (
    f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{part}" for part in ("styles", "numbering", "footnotes", "endnotes"))
_GONE = {W + name for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "rt")}
_BOXES = {W + "drawing", W + "pict", W + "object"}
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def read_docx(path: str, data: bytes) -> str:
    """The document's text, one paragraph a line."""
    if data.startswith(_OLE):
        raise EncryptedFile(path) if "EncryptedPackage".encode("utf-16-le") in data else OldFormat(
            path, "it is an old .doc by another name: open it in Word or WPS and save it as .docx")
    try:
        body, parts = _open(path, data)
    except InputError:
        raise
    except Exception as error:  # python-docx trusts what a file says of itself, and raises anything where that is wrong
        raise DamagedFile(path, "Word document", " ".join(str(error).split())[:120] or type(error).__name__) from None
    if body is None:
        raise DamagedFile(path, "Word document", "it has no body")
    return _Reader(parts.get(_STYLES), parts.get(_NUMBERING)).read(body, [parts[notes] for notes in _NOTES if notes in parts])


def _open(path: str, data: bytes) -> tuple[Any, dict[str, Any]]:
    """The body, and the parts that it refers to, by their kind."""
    with ZipFile(BytesIO(data)) as archive:
        check_sizes(path, archive.infolist())
    main = Package.open(BytesIO(data)).main_document_part
    parts = {relation.reltype: parse_xml(relation.target_part.blob) for relation in main.rels.values()
             if not relation.is_external and relation.reltype in (_STYLES, _NUMBERING, *_NOTES)}
    return parse_xml(main.blob).find(W + "body"), parts


class _Reader:
    def __init__(self, styles: Any, numbering: Any) -> None:
        self.styles = Styles(styles)
        self.numbering = Numbering(numbering, self.styles)

    def read(self, body: Any, notes: list[Any]) -> str:
        lines = list(self.lines(body))
        for number, note in enumerate((note for root in notes for note in root if note.get(W + "type") is None), 1):
            words = "".join(line.strip() for line in self.lines(note))
            lines += [f"注{number}：{words}"] if words else []
        return as_text(lines)

    def lines(self, parent: Any, in_cell: bool = False) -> Iterator[str]:
        """The lines of the paragraphs and tables of a body, a cell, a box or a note. In a cell a number can stand alone."""
        held = ""  # words of a paragraph whose end is deleted or hidden: it runs on into the next
        for block in _blocks(parent):
            if block.tag == W + "tbl":
                if held:
                    yield held
                    held = ""
                yield from table_lines(self.cells(block))
                continue
            properties = block.find(W + "pPr")
            style = value(properties, "pStyle")
            if self.styles.is_contents(style):
                continue
            words, boxes = self.words(block, properties)
            for box in boxes:
                yield from self.lines(box)
            mark = properties.find(W + "rPr") if properties is not None else None
            is_hidden = bool(is_on(mark, "vanish"))
            runs_on = is_hidden or mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)
            if runs_on and not words.strip():
                continue
            # A paragraph whose end is deleted becomes part of the next, whose number then counts; one whose end is
            # only hidden (a heading run in by Word's style separator) keeps its own.
            label = "" if runs_on and not is_hidden else self.numbering.label(properties)
            words = words if held else label + words
            held += words
            if not runs_on:
                yield from _split(held, "" if in_cell else label)
                held = ""
        yield from _split(held, "")

    def words(self, paragraph: Any, properties: Any) -> tuple[str, list[Any]]:
        """A paragraph's visible text, its line breaks as line ends, and the text boxes that hang on it."""
        words: list[str] = []
        boxes: list[Any] = []
        hidden = self.styles.is_hidden(value(properties, "pStyle") or self.styles.default)
        self._inline(paragraph, words, boxes, hidden)
        return "".join(words).translate(_INVISIBLE), boxes

    def _inline(self, parent: Any, words: list[str], boxes: list[Any], hidden: bool) -> None:
        for child in parent:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag == W + "r":
                self._inline(child, words, boxes, self._is_hidden(child.find(W + "rPr"), hidden))
            elif tag in _BOXES:
                boxes += _outermost(child, W + "txbxContent")
            elif tag == MC + "AlternateContent":
                self._inline(_chosen(child), words, boxes, hidden)
            elif tag == W + "p":  # a paragraph within a run's content control is not Word's own
                self._inline(child, words, boxes, hidden)
            elif hidden:
                continue
            elif tag in (W + "t", _MATH + "t"):
                words.append(child.text or "")
            elif tag in (W + "tab", W + "ptab"):
                words.append("\t")
            elif tag == W + "cr" or tag == W + "br":
                words.append("\n")
            elif tag == W + "noBreakHyphen":
                words.append("-")
            elif tag == W + "sym":
                words.append(_symbol(child))
            else:  # hyperlinks, inserted runs, fields, content controls, ruby, smart tags
                self._inline(child, words, boxes, hidden)

    def _is_hidden(self, properties: Any, hidden: bool) -> bool:
        own = is_on(properties, "vanish")
        if own is not None:
            return own
        return hidden or (properties is not None and self.styles.is_hidden(value(properties, "rStyle")))

    def cells(self, table: Any) -> list[Cell]:
        """A table's cells; those that Word merges with the one above are part of it."""
        cells: list[Cell] = []
        open_above: dict[int, Cell] = {}  # by column, what a merged cell of the next row continues
        number = 0
        for row in _found(table, W + "tr"):
            properties = row.find(W + "trPr")
            if properties is not None and (properties.find(W + "del") is not None or is_on(properties, "hidden")):
                continue
            column = whole(properties, "gridBefore") or 0
            above, open_above = open_above, {}
            for found in _found(row, W + "tc"):
                own = found.find(W + "tcPr")
                span = max(1, min(whole(own, "gridSpan") or 1, 100))
                merge = own.find(W + "vMerge") if own is not None else None
                upper = above.get(column)
                if merge is not None and merge.get(W + "val", "continue") == "continue" and upper is not None and upper.columns == span:
                    upper.rows += 1
                    open_above[column] = upper
                else:
                    cell = Cell(number, column, [line.strip() for line in self.lines(found, in_cell=True)], 1, span)
                    cells.append(cell)
                    if merge is not None:
                        open_above[column] = cell
                column += span
            number += 1
        return cells


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those in content controls, in insertions and in the chosen alternative."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag == MC + "AlternateContent":
            yield from _blocks(_chosen(child))
        elif child.tag == W + "sdt":
            gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            if gallery is None or gallery.get(W + "val") != "Table of Contents":
                yield from _blocks(child)
        elif isinstance(child.tag, str) and child.tag not in _GONE:
            yield from _blocks(child)


def _found(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also those in content controls and insertions, not those of tables within."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _GONE and child.tag not in (W + "tbl", W + "tr", W + "tc", W + "p"):
            yield from _found(child, tag)


def _outermost(parent: Any, tag: str) -> list[Any]:
    """The outermost elements of a name; of two alternatives one."""
    found = []
    for child in _chosen(parent) if parent.tag == MC + "AlternateContent" else parent:
        found += [child] if child.tag == tag else _outermost(child, tag) if isinstance(child.tag, str) else []
    return found


def _chosen(alternatives: Any) -> Any:
    """What Word shows of mc:AlternateContent: the first choice; the fallback says the same for older programs."""
    return next((child for child in alternatives if child.tag == MC + "Choice"), next(iter(alternatives), alternatives))


def _symbol(element: Any) -> str:
    """A character of a symbol font; those in the private area have no meaning without it."""
    code = element.get(W + "char", "")
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,5}", code) else 0
    return chr(number) if 0x20 <= number < 0xD800 else ""


def _split(words: str, label: str) -> Iterator[str]:
    """Lines of a paragraph; one with nothing but its number is left out."""
    if words.strip() != label.strip():
        for line in words.split("\n"):
            if line.strip():
                yield line.rstrip()
