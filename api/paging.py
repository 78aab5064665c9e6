"""Lists over HTTP: limit and offset, the total, the next page, JSON, CSV or Parquet."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, create_model

from api.output import BOM, to_csv
from api.parquet import to_parquet
from graph.errors import UnknownParameter

Limit = Annotated[int, Query(ge=1, le=1000, description="rows of this page")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="rows to skip")]
ListFormat = Annotated[Literal["json", "csv", "parquet"], Query(description="csv and parquet have total and next as headers X-Total-Count and Link")]
MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
# The other forms of a list, for the documentation of its route.
AS_FILES: dict[int | str, dict[str, Any]] = {200: {"content": {media.split(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()}}}
TYPES: dict[str, Any] = {"int": int, "float": float, "str": str, "bool": bool, "list[str]": list[str]}


async def no_unknown_parameters(request: Request) -> None:  # async, so that it takes no thread
    """A misspelt parameter is an error: left out in silence it would answer another question."""
    route = request.scope["route"]
    known = [parameter.alias for parameter in route.dependant.query_params]
    for name in request.query_params:
        if name not in known:
            raise UnknownParameter(request.url.path, name, known)


def page_model(name: str, columns: dict[str, str], basis: bool = False) -> type[BaseModel]:
    """The model of one page: columns by name and type."""
    row = create_model(f"{name}_row", **{column: (TYPES[kind] | None, None) for column, kind in columns.items()})  # type: ignore[call-overload]
    fields: dict[str, Any] = {"rows": (list[row], ...), "total": (int, ...), "next": (str | None, None)}  # type: ignore[valid-type]
    if basis:
        fields["basis"] = (dict[str, Any], ...)
    return create_model(f"{name}_page", **fields)


def page(request: Request, rows: list[dict[str, Any]], total: int, limit: int, offset: int, columns: dict[str, str], format: str,
         basis: dict[str, Any] | None = None) -> Response:
    """One page of a list; `rows` are already those of the page, `columns` their names and types."""
    following = str(request.url.include_query_params(limit=limit, offset=offset + limit)) if offset + limit < total else None
    if following:
        following = following[len(str(request.base_url)) - 1:]
    if format in MEDIA:
        headers = {"X-Total-Count": str(total), "Content-Disposition": f'attachment; filename="{request.url.path.rsplit("/", 1)[-1]}.{format}"'}
        links = [f'<{following}>; rel="next"'] if following else []
        if basis is not None:
            same = str(request.url.include_query_params(format="json"))[len(str(request.base_url)) - 1:]
            links.append(f'<{same}>; rel="describedby"')  # the basis
        if links:
            headers["Link"] = ", ".join(links)
        content = to_parquet(rows, columns) if format == "parquet" else BOM + to_csv(rows, list(columns))
        return Response(content, media_type=MEDIA[format], headers=headers)
    body: dict[str, Any] = {"rows": rows, "total": total, "next": following}
    # A response, so that FastAPI does not hold each cell against the model once more: rows are made of their columns' types. By
    # orjson, since a page with its basis is a hundred KB, for which Python's own json takes a millisecond and more.
    return Response(orjson.dumps(body | {"basis": basis} if basis is not None else body), media_type="application/json")
