"""Tables written page by page: CSV for people and statistics programs, Parquet, and CSV as Neo4j's import tool reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, Protocol

from api.export.columns import ENDS
from api.output import flat_cell
from api.parquet import schema_of
from queries.question import Column

SEPARATOR = "\x1f"  # between the items of an array for Neo4j; an item that holds one gets U+FFFD in its place
_NEO4J_TYPES = {"int": "long", "float": "double", "bool": "boolean", "str": "string", "list[str]": "string[]", "list[int]": "long[]"}
_NEO4J_ENDS = dict(zip(ENDS, (":START_ID", ":END_ID"), strict=True))  # by column, not by name: a Document has a property `source`


class Table(Protocol):
    """A file that takes rows, dicts that hold at least its columns."""

    def add(self, rows: list[dict[str, Any]]) -> None: ...

    def close(self) -> None: ...


Opener = Callable[[BinaryIO, tuple[Column, ...]], Table]


def write_table(opener: Opener, file: BinaryIO, columns: tuple[Column, ...], pages: Iterable[list[dict[str, Any]]]) -> int:
    """Write pages of rows to an open file, which stays open; returns how many rows."""
    table = opener(file, columns)
    written = 0
    for rows in pages:
        table.add(rows)
        written += len(rows)
    table.close()
    return written


class CsvTable:
    """UTF-8 with a byte order mark, lists joined by ；, null left empty."""

    def __init__(self, file: BinaryIO, columns: tuple[Column, ...]) -> None:
        self.names = [column.name for column in columns]
        self.text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self.writer = csv.writer(self.text)
        self.writer.writerow(self.names)

    def add(self, rows: list[dict[str, Any]]) -> None:
        self.writer.writerows([flat_cell(row[name]) for name in self.names] for row in rows)

    def close(self) -> None:
        self.text.detach()


class ParquetTable:
    """A row group a page, lists as lists."""

    def __init__(self, file: BinaryIO, columns: tuple[Column, ...]) -> None:
        import pyarrow.parquet

        self.schema = schema_of({column.name: column.type for column in columns})
        self.writer = pyarrow.parquet.ParquetWriter(file, self.schema)

    def add(self, rows: list[dict[str, Any]]) -> None:
        import pyarrow

        if rows:
            self.writer.write_table(pyarrow.Table.from_pylist(rows, schema=self.schema))

    def close(self) -> None:
        self.writer.close()


class Neo4jTable:
    """Typed headers; every text is quoted, so that an empty one differs from null, which is not."""

    def __init__(self, file: BinaryIO, columns: tuple[Column, ...], header: bool = True) -> None:
        import pyarrow
        import pyarrow.csv

        self.lists = [column.name for column in columns if column.type.startswith("list")]
        self.schema = schema_of({column.name: "str" if column.name in self.lists else column.type for column in columns})
        if header:
            file.write(neo4j_headers(columns))
        self.writer = pyarrow.csv.CSVWriter(file, self.schema, write_options=pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))

    def add(self, rows: list[dict[str, Any]]) -> None:
        import pyarrow

        if rows:
            self.writer.write(pyarrow.Table.from_pylist([row | {name: _joined(row[name]) for name in self.lists} for row in rows], schema=self.schema))

    def close(self) -> None:
        self.writer.close()


def neo4j_headers(columns: tuple[Column, ...]) -> bytes:
    """The first line of a file, or of a group of files that only hold rows."""
    return (",".join(neo4j_header(column) for column in columns) + "\n").encode()


def neo4j_header(column: Column) -> str:
    """id:ID, :START_ID, years:long[]."""
    return _NEO4J_ENDS.get(column) or f"{column.name}:{'ID' if column.name == 'id' else _NEO4J_TYPES[column.type]}"


def _joined(items: list[Any] | None) -> str | None:
    return None if items is None else SEPARATOR.join(str(item).replace(SEPARATOR, "\ufffd") for item in items)
