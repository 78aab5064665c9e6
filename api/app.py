"""The HTTP service: read-only, JSON and CSV, problem details for every error, ETag from the graph's version."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api import compare_routes, documents, edit_routes, export_routes, graph_routes, overview, question_routes, resources, upload_routes
from api.access import is_loopback
from api.pages import add_pages
from graph.errors import CannotListen, PolicygraphError
from graph.settings import VERSION
from graph.store import Store, is_server, open_store
from graph.version_file import tag_of, version_of_file

log = logging.getLogger(__name__)
_CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class Graph:
    """The graph that is served: a reading store, opened anew when another process has written."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._seen = ""  # what the version file said before the store was opened
        self._tag = ""  # the version that the store is at

    def store(self) -> Store:
        """The store to read; for an embedded graph at the version that its small file says."""
        return self._held()[0]

    def tag(self) -> str:
        """The version of what is read, also where a writer was killed before it wrote the small file."""
        store, tag = self._held()
        return store.version_tag() if is_server(self.url) else tag

    def _held(self) -> tuple[Store, str]:
        with self._lock:
            if self._store is not None and not is_server(self.url) and version_of_file(self.url) != self._seen:
                # Requests under way keep the old handle; it is closed when the last of them lets go of it.
                self._store = None
            if self._store is None:
                # Asked before opening: a commit in between is then seen at the next request.
                seen = "" if is_server(self.url) else version_of_file(self.url)
                store = open_store(self.url)
                meta = store.meta()
                assert meta is not None, "a graph without one is not opened"
                self._store, self._seen, self._tag = store, seen, tag_of(meta["graph"], meta["version"])
            return self._store, self._tag

    def close(self) -> None:
        if self._store is not None:
            self._store.close()


def create_app(url: str, local: bool = False) -> FastAPI:
    """The service over one graph; `local`: it listens on this machine alone, and whoever reaches it may correct."""
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.graph.close()

    app = FastAPI(
        lifespan=lifespan, title="policygraph", version=VERSION, docs_url=None, redoc_url=None,
        description="Policies, units and targets read from government work plans. Every answer says what it rests on; every task leads back to its characters.",
        responses={400: {"description": "The question cannot be put like this", "content": {"application/problem+json": {"schema": PROBLEM}}},
                   503: {"description": "The graph cannot be used", "content": {"application/problem+json": {"schema": PROBLEM}}}})
    app.state.graph = Graph(url)
    app.state.local = local
    plain = app.openapi
    app.openapi = lambda: app.openapi_schema or question_routes.add_examples(plain())  # type: ignore[method-assign]
    app.include_router(overview.router())
    app.include_router(question_routes.router())
    app.include_router(resources.router())
    app.include_router(compare_routes.router())
    app.include_router(documents.router())
    app.include_router(graph_routes.router())
    app.include_router(edit_routes.router())
    app.include_router(upload_routes.router())
    app.include_router(export_routes.router())
    add_pages(app)
    _add_service(app)
    _add_errors(app)
    app.middleware("http")(_conditional)
    return app


def serve_app(url: str, host: str, port: int, say: Callable[[], None]) -> None:
    """Serve a graph until interrupted; `say` is called when the port is taken. Raises CannotListen."""
    import socket

    import uvicorn

    app = create_app(url, is_loopback(host))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(host, port, error.strerror or error) from None
    say()
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


def _add_service(app: FastAPI) -> None:
    @app.get("/healthz", tags=["service"], summary="Whether the process runs")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["service"], summary="Whether the graph answers")
    def readyz(request: Request) -> dict[str, Any]:
        meta = request.app.state.graph.store().meta() or {}
        return {"status": "ok", "graph": meta.get("graph"), "version": meta.get("version")}


async def _conditional(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Security headers on everything; ETag and 304 on what is read from the graph."""
    tagged = request.url.path.startswith("/api/") and request.method in ("GET", "HEAD")
    etag = None
    if tagged:
        try:
            # The address is part of it, so that only who was given this very answer can hold it.
            address = hashlib.sha256(str(request.url.path + "?" + request.url.query).encode()).hexdigest()[:12]
            tag = await run_in_threadpool(request.app.state.graph.tag)
            etag = f'"{tag}-{VERSION}-{address}"'
        except PolicygraphError as error:
            return _secure(problem(request, error.status, error.title, str(error)))
        if etag in (given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")):
            return _secure(Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"}))
    response = await call_next(request)
    if etag and response.status_code == 200:
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "no-cache"
    return _secure(response)


def _secure(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


PROBLEM = {
    "type": "object", "title": "Problem", "required": ["type", "title", "status", "detail", "instance"],
    "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                   "detail": {"type": "string"}, "instance": {"type": "string"}}}


def problem(request: Request, status: int, title: str, detail: str) -> JSONResponse:
    """Problem details (RFC 9457)."""
    return JSONResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.url.path},
        status_code=status, media_type="application/problem+json")


def _add_errors(app: FastAPI) -> None:
    """The one place where an error becomes a status."""
    @app.exception_handler(PolicygraphError)
    def ours(request: Request, error: PolicygraphError) -> Response:
        return problem(request, error.status, error.title, str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        detail = "; ".join(f"{'.'.join(str(part) for part in e['loc'][1:])}: {e['msg']}" for e in error.errors())
        return problem(request, 422, "A parameter is not of its type", detail)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        response = problem(request, error.status_code, str(error.detail), f"{request.method} {request.url.path}: {error.detail}")
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return _secure(problem(request, 500, "The service failed", "an error of the service itself; its log says more"))
