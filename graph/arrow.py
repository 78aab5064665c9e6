"""Records, nodes and edges as Arrow types: a column a field."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

if TYPE_CHECKING:
    import pyarrow


@cache
def schema_of(kind: type) -> pyarrow.Schema:
    """The Arrow schema of a record, node or edge type, its fields in order."""
    import pyarrow  # takes a while, which who only reads a graph does not wait for

    return pyarrow.schema([(name, _arrow(hint)) for name, hint in _hints(kind).items()])


def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind)}


def _arrow(hint: Any) -> pyarrow.DataType:
    import pyarrow

    plain = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    if hint in plain:
        return plain[hint]
    if is_dataclass(hint):
        return pyarrow.struct([(name, _arrow(inner)) for name, inner in _hints(hint).items()])
    (inner,) = (argument for argument in get_args(hint) if argument is not type(None))
    return pyarrow.list_(_arrow(inner)) if getattr(hint, "__origin__", None) is list else _arrow(inner)
