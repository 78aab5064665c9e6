"""CSV tables as researchers keep them: read whatever a spreadsheet saved, written so that a spreadsheet opens them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.errors import CannotWriteFile, did_you_mean
from ingest.errors import BadSheet, MissingFile, UnreadableFile
from ingest.readers import decode

LINE_END = "¶"  # of a text in a cell, so that a row is one line of the file
_FORMULA = tuple("=+-@")  # with these a cell begins that a spreadsheet runs
BOM = "\ufeff"  # without it Excel reads the file as something else than UTF-8


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its line in the file and its cells, trimmed; a column that the sheet lacks is empty."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_sheet(path: str | os.PathLike, known: Iterable[str], needed: Iterable[str] = ()) -> list[SheetRow]:
    """The rows of a CSV in UTF-8, UTF-16 or GB18030, its columns apart by comma, semicolon or tab.

    Raises BadSheet where a column is unknown or lacks; empty rows are left out.
    """
    path = os.fspath(path)
    try:
        data = _bytes_of(path)
    except FileNotFoundError:
        raise MissingFile(path) from None
    except OSError as error:
        raise UnreadableFile(path, error.strerror or error) from None
    text = decode(path, data).removeprefix(BOM)
    known = list(known)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[SheetRow] = []
    columns: list[str] = []
    try:
        for cells in reader:
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                _check(path, columns, known, list(needed))
            elif any(cell.strip() for cell in cells):
                if len(cells) > len(columns):
                    raise BadSheet(path, reader.line_num, f"{len(cells)} cells, but the header has {len(columns)} columns; put a cell that holds a comma in double quotes")
                rows.append(SheetRow(reader.line_num, {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}))
    except csv.Error as error:
        raise BadSheet(path, reader.line_num, f"this is no CSV ({error})") from None
    if not columns:
        raise BadSheet(path, 1, f"the header is missing; it begins {','.join(known[:4])},…")
    return rows


def _bytes_of(path: str) -> bytes:
    """A file's bytes, also of one at an address such as s3://bucket/corpus.csv."""
    if "://" not in path:
        return Path(path).read_bytes()
    import fsspec

    with fsspec.open(path) as file:
        return file.read()


def as_cell(text: str) -> str:
    """A text in one line, which no spreadsheet runs as a formula."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    words = f" {LINE_END} ".join(line for line in lines if line)
    return f"'{words}" if words[:1] in _FORMULA else words


def out_of_cell(cell: str) -> str:
    """The words that `as_cell` was given, white space aside."""
    return (cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell).replace(LINE_END, "")


def _check(path: str, columns: list[str], known: list[str], needed: list[str]) -> None:
    for column in columns:
        if column and column not in known:
            raise BadSheet(path, 1, f"the column '{column}' is not known{did_you_mean(column, known) or '; known are ' + ', '.join(known)}")
    for column in needed:
        if column not in columns:
            raise BadSheet(path, 1, f"the column '{column}' is missing")


def write_sheet(path: str | os.PathLike, columns: list[str], rows: Iterable[dict[str, object]]) -> None:
    """Write a CSV with BOM; None is an empty cell. A file that is there is replaced whole or not at all."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row.get(column) is None else row[column] for column in columns])
    partial = Path(f"{os.fspath(path)}.part")
    try:
        partial.write_text(BOM + buffer.getvalue(), encoding="utf-8", newline="")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CannotWriteFile(path, error.strerror or error) from None


