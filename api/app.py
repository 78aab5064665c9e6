"""The HTTP service: read-only, JSON and CSV, problem details for every error, ETag from the graph's version."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
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
from graph.settings import VERSION, read_settings
from graph.store import Store, is_server, open_store

READY_SECONDS = 5.0  # in which the graph must answer to be called ready
_ROUTERS = (overview, question_routes, resources, compare_routes, documents, graph_routes, edit_routes, upload_routes, export_routes)


class Graph:
    """The graph that is served: a reading store, opened when it is first asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._seconds = read_settings().query_seconds  # now, so that a service with a wrong setting does not start
        self._lock = threading.Lock()
        self._store: Store | None = None

    def store(self) -> Store:
        """The store to read; what belongs together is read in one `snapshot` of it."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self.url, seconds=self._seconds)
            return self._store

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
    """One state of the graph for all that a request reads of it, as request.state.store, and ETag and 304 for that state."""
    if not (request.url.path.startswith("/api/") and request.method in ("GET", "HEAD")):
        return await call_next(request)
    with ExitStack() as held:
        def hold() -> tuple[Store, str]:
            store = held.enter_context(request.app.state.graph.store().snapshot())
            return store, store.version_tag()

        try:
            store, tag = await anyio.to_thread.run_sync(hold, limiter=_holding())
        except PolicygraphError as error:
            return problem_of(request, error)
        # The address is part of it, so that only who was given this very answer can hold it.
        address = hashlib.sha256(str(request.url.path + "?" + request.url.query).encode()).hexdigest()[:12]
        etag = f'"{tag}-{VERSION}-{address}"'
        if etag in (given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"})
        request.state.store = store
        response = await call_next(request)
        # On a server a version that came in meanwhile may be in the answer already: then it has no tag.
        if response.status_code == 200 and (not is_server(store.url) or await run_in_threadpool(store.version_tag) == tag):
            response.headers["ETag"] = etag
            response.headers["Cache-Control"] = "no-cache"
        return response


_holders: RunVar[CapacityLimiter] = RunVar("holders")


def _holding() -> CapacityLimiter:
    """Threads of their own for requests that wait for a writer: those that it waits for need the others to come to an end."""
    try:
        return _holders.get()
    except LookupError:
        limiter = CapacityLimiter(8)
        _holders.set(limiter)
        return limiter
