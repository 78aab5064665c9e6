"""One state of the graph for all that a request reads of it, as request.state.store, and ETag and 304 for that state."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, suppress

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_of
from graph.errors import PolicygraphError
from graph.settings import VERSION
from graph.store import Store, is_server

_holders: RunVar[CapacityLimiter] = RunVar("holders")


class OneState:
    """The state is let go of when the answer begins: whoever takes it slowly keeps no writer waiting."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        with ExitStack() as held:
            def hold() -> tuple[Store, str]:
                store = held.enter_context(request.app.state.graph.store().snapshot())
                return store, store.version_tag()

            try:
                store, tag = await anyio.to_thread.run_sync(hold, limiter=_holding())
            except PolicygraphError as error:
                await problem_of(request, error)(scope, receive, send)
                return
            # The address is part of it, so that only who was given this very answer can hold it.
            address = hashlib.sha256(f"{request.url.path}?{request.url.query}".encode()).hexdigest()[:12]
            headers = {"ETag": f'"{tag}-{VERSION}-{address}"', "Cache-Control": "no-cache"}
            if headers["ETag"] in (given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")):
                held.close()
                await Response(status_code=304, headers=headers)(scope, receive, send)
                return

            async def begin(message: Message) -> None:
                if message["type"] == "http.response.start":
                    if message["status"] == 200 and await _is_still(store, tag):
                        MutableHeaders(scope=message).update(headers)
                    held.close()
                await send(message)

            request.state.store = store
            await self.app(scope, receive, begin)


async def _is_still(store: Store, tag: str) -> bool:
    """Whether all that was read is of one version: on a server one that came in meanwhile may be in the answer already."""
    with suppress(PolicygraphError):  # the answer stands, and goes out without a tag
        return not is_server(store.url) or await run_in_threadpool(store.version_tag) == tag
    return False


def _holding() -> CapacityLimiter:
    """Threads of their own for requests that wait for a writer: those that it waits for need the others to come to an end."""
    try:
        return _holders.get()
    except LookupError:
        limiter = CapacityLimiter(8)
        _holders.set(limiter)
        return limiter
