"""Rows as Parquet: typed columns, also where no row exists or every value is null."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow


def schema_of(types: Mapping[str, str]) -> pyarrow.Schema:
    """The Arrow schema of columns whose types are named as in questions: int, float, str, bool, a|b, list[str], list[int]."""
    import pyarrow

    known = {"int": pyarrow.int64(), "float": pyarrow.float64(), "bool": pyarrow.bool_(),
             "list[str]": pyarrow.list_(pyarrow.string()), "list[int]": pyarrow.list_(pyarrow.int64())}
    return pyarrow.schema([(name, known.get(kind, pyarrow.string())) for name, kind in types.items()])


def to_parquet(rows: Iterable[dict[str, Any]], types: Mapping[str, str]) -> bytes:
    """A whole file."""
    import pyarrow
    import pyarrow.parquet

    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows), schema=schema_of(types)), buffer)
    return buffer.getvalue()


def guess_types(rows: list[dict[str, Any]], columns: list[str]) -> dict[str, str]:
    """The types of columns that no header declares, by their values; a column without any, or with several, is a text's."""
    return {column: _guess([row[column] for row in rows]) for column in columns}


def _guess(values: list[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {list}:
        return "list[int]" if (inner := {type(item) for value in values for item in value or ()}) == {int} else "list[str]" if inner <= {str} else "str"
    if kinds == {int, float}:
        return "float"
    return next(iter(kinds)).__name__ if len(kinds) == 1 and kinds <= {int, float, bool} else "str"
