"""Records as rows of Parquet: a column a field, lists of structures for what a document holds, null where the text does not say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from types import TracebackType
from typing import Any, BinaryIO

from graph.arrow import schema_of

Place = tuple[str, int]  # file of records, and the row in it
_KEY = b"policygraph"  # of a file's own metadata: JSON
_AT_ONCE = 4 << 20  # characters of rows that are held before they are written as a row group


class RowFile:
    """A Parquet file of records that is written a few at a time, so that memory does not grow with it."""

    def __init__(self, path: str, kind: type) -> None:
        import pyarrow.parquet

        self._schema = schema_of(kind)
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[dict[str, Any]] = []
        self._size = 0
        self.metadata: dict[str, Any] = {}  # what is known when all is written

    def add(self, records: Iterable[Any]) -> None:
        for record in records:
            self._waiting.append(asdict(record))
            self._size += len(getattr(record, "text", "")) + 1_000
            if self._size >= _AT_ONCE:
                self._write()

    def _write(self) -> None:
        import pyarrow

        if self._waiting:
            self._writer.write_table(pyarrow.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting, self._size = [], 0

    def __enter__(self) -> RowFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self._write()
            self._writer.add_key_value_metadata({_KEY: json.dumps(self.metadata, ensure_ascii=False).encode()})
        self._writer.close()


def read_metadata(file: BinaryIO) -> dict[str, Any]:
    """What was put beside the rows of a file."""
    import pyarrow.parquet

    return json.loads(pyarrow.parquet.read_metadata(file).metadata[_KEY])


def iter_rows(file: BinaryIO, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a file as dicts, a row group in memory at a time."""
    import pyarrow.parquet

    parquet = pyarrow.parquet.ParquetFile(file)
    for group in range(parquet.num_row_groups):
        yield from parquet.read_row_group(group, columns).to_pylist()


def take_rows(file: BinaryIO, places: list[int], columns: list[str] | None = None) -> list[dict[str, Any]]:
    """The rows of a file at some places, counted from 0 and sorted."""
    import pyarrow.parquet

    parquet, found, first = pyarrow.parquet.ParquetFile(file), [], 0
    for group in range(parquet.num_row_groups):
        size = parquet.metadata.row_group(group).num_rows
        if here := [place - first for place in places if first <= place < first + size]:
            found += parquet.read_row_group(group, columns).take(here).to_pylist()
        first += size
    return found
