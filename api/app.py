"""The HTTP service: read-only, JSON and CSV, problem details for every error, ETag from the graph's version."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request

from api import compare_routes, documents, edit_routes, export_routes, graph_routes, overview, question_routes, resources, upload_routes
from api.access import KnownNames, asks_for
from api.limits import Bounded
from api.metrics import Metrics, add_metrics
from api.observed import Observed
from api.one_state import OneState
from api.pages import add_pages
from api.problems import add_errors, told
from graph.errors import BadCypher, StoreBusy, StoreUnreadable
from graph.settings import VERSION, read_settings
from graph.store import Store, open_store

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

    def refresh(self) -> None:
        """Show what has just been written; nothing where it has not been opened yet."""
        with self._lock:
            store = self._store
        if store is not None:
            store.refresh()

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
        responses=told((400, "The question cannot be put like this"), (403, "This service does not go by the name by which it was asked"), (404, "Not in the graph"), (422, "A parameter is not of its type"), (431, "The request's headers are too large"), (503, "The graph cannot be used")))
    app.state.graph = Graph(url)
    app.state.local = local
    plain = app.openapi
    app.openapi = lambda: app.openapi_schema or asks_for(question_routes.add_examples(plain()))  # type: ignore[method-assign]
    routers = [module.router() for module in _ROUTERS]
    for router in routers:
        app.include_router(router)
    add_pages(app)
    _add_service(app)
    app.state.metrics = metrics = Metrics(app.state.graph)
    add_metrics(app, metrics)
    add_errors(app)
    app.add_middleware(OneState)
    if (names := read_settings().hosts) or local:
        app.add_middleware(KnownNames, names=names)
    app.add_middleware(Bounded)
    app.state.routes = routes = [route for holder in (*routers, app) for route in holder.routes if hasattr(route, "path_regex")]
    stack = app.build_middleware_stack
    app.build_middleware_stack = lambda: Observed(stack(), routes, metrics)  # type: ignore[method-assign]
    return app


def _add_service(app: FastAPI) -> None:
    asking = anyio.CapacityLimiter(4)  # threads of its own, or it would wait for those who wait for their turn

    @app.get("/healthz", tags=["service"], summary="Whether the process runs")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["service"], summary="Whether the graph answers")
    async def readyz(request: Request) -> dict[str, Any]:
        graph = request.app.state.graph
        try:
            async with asyncio.timeout(READY_SECONDS):
                meta = await anyio.to_thread.run_sync(lambda: graph.store().meta(), abandon_on_cancel=True, limiter=asking)
        except TimeoutError:
            raise StoreBusy(graph.url, READY_SECONDS) from None
        except BadCypher:
            meta = None
        if not meta:
            raise StoreUnreadable(graph.url, "it holds no Meta node")
        return {"status": "ok", "graph": meta["graph"], "version": meta["version"]}
