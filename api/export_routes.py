"""The exports over HTTP: the whole graph as a .zip, the two flat tables alone."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from api.export import FLAT, FORMATS, OPENERS, one_version, write_export
from api.export.tables import write_table
from api.paging import MEDIA, no_unknown_parameters
from graph.store import Store

_CHUNK = 1 << 16  # bytes sent at a time
_Whole = Annotated[Literal[FORMATS], Query(description="csv and parquet have flat tables of tasks and responsibilities, too")]  # type: ignore[valid-type]
_Table = Annotated[Literal["csv", "parquet"], Query(description="csv for Excel, Stata and R; parquet with typed columns")]
_BINARY = {"type": "string", "format": "binary"}


def router() -> APIRouter:
    """/api/export and the flat tables under it."""
    routes = APIRouter(prefix="/api/export", tags=["export"], dependencies=[Depends(no_unknown_parameters)])

    @routes.get("", summary="The whole graph with codebook and citation, as a .zip", response_class=StreamingResponse,
                responses={200: {"description": "A .zip; README.txt in it says how the files are opened", "content": {"application/zip": {"schema": _BINARY}}}})
    def export(request: Request, format: _Whole = "csv") -> StreamingResponse:
        store: Store = request.state.store
        file = cast(BinaryIO, tempfile.TemporaryFile())  # has no name: nothing stays, whatever ends the request
        with tempfile.TemporaryDirectory() as folder:
            told = write_export(store, format, Path(folder))
            name = f"policygraph-{told['graph']}-{told['version']}-{format}"
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in told["files"]:
                    archive.write(Path(folder, path), f"{name}/{path}")
        return _sent(file, f"{name}.zip", "application/zip")

    for table in FLAT:
        routes.add_api_route(
            f"/{table}", _endpoint(table), methods=["GET"], name=table, summary=f"One row a {'task' if table == 'tasks' else 'unit and task'}, the whole table", response_class=StreamingResponse,
            responses={200: {"description": "The file", "content": {MEDIA[format]: {"schema": _BINARY} for format in ("csv", "parquet")}}})
    return routes


def _endpoint(table: str):
    def export_table(request: Request, format: _Table = "csv") -> StreamingResponse:
        store: Store = request.state.store
        file = cast(BinaryIO, tempfile.TemporaryFile())
        named, pages = FLAT[table]
        with one_version(store) as meta:
            write_table(OPENERS[format], file, named, pages(store))
        return _sent(file, f"policygraph-{meta['graph']}-{meta['version']}-{table}.{format}", MEDIA[format])

    return export_table


def _sent(file: BinaryIO, name: str, media: str) -> StreamingResponse:
    length = file.seek(0, 2)
    file.seek(0)

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(_CHUNK):
                yield chunk

    return StreamingResponse(chunks(), media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length)})
