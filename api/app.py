"""The HTTP service: read-only, JSON and CSV, problem details for every error, ETag from the graph's version."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api import compare_routes, documents, edit_routes, export_routes, graph_routes, overview, question_routes, resources, upload_routes
from api.access import asks_for
from api.limits import Bounded
from api.metrics import Metrics, add_metrics
from api.observed import Observed
from api.pages import add_pages
from api.problems import add_errors, problem_of, told
from graph.errors import BadCypher, PolicygraphError, StoreUnreadable, StoreUnreachable
from graph.settings import VERSION
from graph.store import Store, is_server, open_store
from graph.version_file import tag_of, version_of_file

READY_SECONDS = 5.0  # in which the graph must answer to be called ready
_ROUTERS = (overview, question_routes, resources, compare_routes, documents, graph_routes, edit_routes, upload_routes, export_routes)


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
        """Let go of it; whoever asks for it afterwards opens it anew."""
        with self._lock:
            store, self._store = self._store, None
        if store is not None:
            store.close()


def create_app(url: str, local: bool = False) -> FastAPI:
    """The service over one graph; `local`: it listens on this machine alone, and whoever reaches it may correct."""
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.graph.close()

    app = FastAPI(
        lifespan=lifespan, title="policygraph", version=VERSION, docs_url=None, redoc_url=None,
        description="Policies, units and targets read from government work plans. Every answer says what it rests on; every task leads back to its characters.",
        responses=told((400, "The question cannot be put like this"), (404, "Not in the graph"), (422, "A parameter is not of its type"), (503, "The graph cannot be used")))
    app.state.graph = Graph(url)
    app.state.local = local
    plain = app.openapi
    app.openapi = lambda: app.openapi_schema or asks_for(question_routes.add_examples(plain()))  # type: ignore[method-assign]
    routers = [module.router() for module in _ROUTERS]
    for router in routers:
        app.include_router(router)
    add_pages(app)
    _add_service(app)
    metrics = Metrics(app.state.graph)
    add_metrics(app, metrics)
    add_errors(app)
    app.middleware("http")(_conditional)
    app.add_middleware(Bounded)
    app.state.routes = routes = [route for holder in (*routers, app) for route in holder.routes if hasattr(route, "path_regex")]
    stack = app.build_middleware_stack
    app.build_middleware_stack = lambda: Observed(stack(), routes, metrics)  # type: ignore[method-assign]
    return app


def _add_service(app: FastAPI) -> None:
    @app.get("/healthz", tags=["service"], summary="Whether the process runs")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["service"], summary="Whether the graph answers")
    async def readyz(request: Request) -> dict[str, Any]:
        graph = request.app.state.graph
        try:
            async with asyncio.timeout(READY_SECONDS):
                meta = await anyio.to_thread.run_sync(lambda: graph.store().meta(), abandon_on_cancel=True)
        except TimeoutError:
            raise StoreUnreachable(graph.url, f"no answer within {READY_SECONDS:g} seconds") from None
        except BadCypher:
            meta = None
        if not meta:
            raise StoreUnreadable(graph.url, "it holds no Meta node")
        return {"status": "ok", "graph": meta["graph"], "version": meta["version"]}


async def _conditional(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """ETag and 304 on what is read from the graph."""
    tagged = request.url.path.startswith("/api/") and request.method in ("GET", "HEAD")
    etag = None
    if tagged:
        try:
            # The address is part of it, so that only who was given this very answer can hold it.
            address = hashlib.sha256(str(request.url.path + "?" + request.url.query).encode()).hexdigest()[:12]
            tag = await run_in_threadpool(request.app.state.graph.tag)
            etag = f'"{tag}-{VERSION}-{address}"'
        except PolicygraphError as error:
            return problem_of(request, error)
        if etag in (given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"})
    response = await call_next(request)
    # A version that came in meanwhile may be in the answer already: then it has no tag.
    if etag and response.status_code == 200 and await run_in_threadpool(request.app.state.graph.tag) == tag:
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "no-cache"
    return response
