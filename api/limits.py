"""How large a request's head and body may be and how long a body may take to arrive; a body that is too much is never parsed.

The same for a body whose length is told and for one that comes in chunks.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_of
from api.upload_routes import UPLOADS, WHOLE
from graph.errors import PolicygraphError

HEAD_BYTES = 32 << 10  # of a request's line and headers
BYTES = 4 << 20  # of a body; 500 corrections have some 0.1 MB
UPLOAD_BYTES = WHOLE + (1 << 20)  # the files, and what stands between them
SECONDS = 30.0  # for a whole body
UPLOAD_SECONDS = 900.0
SILENCE = 20.0  # seconds between two pieces of a body


class HeadTooLarge(PolicygraphError):
    status = 431
    title = "The request's headers are too large"
    headers = {"Connection": "close"}

    def __init__(self) -> None:
        super().__init__(f"the request's line and headers have more than the {HEAD_BYTES >> 10} KB that are taken here")


class BodyTooLarge(PolicygraphError):
    status = 413
    title = "The request is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body has more than the {limit >> 20} MB that are taken here; send it in parts")


class BodyTooSlow(PolicygraphError):
    status = 408
    title = "The request came too slowly"

    def __init__(self) -> None:
        super().__init__("the body did not arrive in time; send it over a faster line, or in parts")


class Bounded:
    """Whoever reads a body that is cut off is told that the client left; the client is told why."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _Exchange(scope, receive, send).run(self.app)
        else:
            await self.app(scope, receive, send)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self.limit, seconds = (UPLOAD_BYTES, UPLOAD_SECONDS) if scope["path"] == UPLOADS else (BYTES, SECONDS)
        self.end = asyncio.get_running_loop().time() + seconds
        headers = Request(scope).headers
        told = headers.get("content-length", "0")
        self.told = int(told) if told.isdecimal() else 0
        self.size = 0
        self.has_arrived = not self.told and "transfer-encoding" not in headers
        self.is_answered = False
        self.error: PolicygraphError | None = None

    async def run(self, app: ASGIApp) -> None:
        if _head_size(self.scope) > HEAD_BYTES:  # one that arrived whole in one piece
            self.error = HeadTooLarge()
        elif self.told > self.limit:
            self.error = BodyTooLarge(self.limit)
        else:
            try:
                await app(self.scope, self.receive, self.send)
            except Exception:
                if self.error is None or self.is_answered:
                    raise
        if self.error is not None and not self.is_answered:
            error, self.error = self.error, None
            await problem_of(Request(self.scope), error)(self.scope, self._receive, self.send)

    async def receive(self) -> Message:
        if self.has_arrived:  # what is waited for now is that the client leaves
            return await self._receive()
        if self.error is None:
            try:
                async with asyncio.timeout_at(min(self.end, asyncio.get_running_loop().time() + SILENCE)):
                    message = await self._receive()
            except TimeoutError:
                self.error = BodyTooSlow()
            else:
                self.size += len(message.get("body", b""))
                if self.size <= self.limit:
                    self.has_arrived = not message.get("more_body", False)
                    return message
                self.error = BodyTooLarge(self.limit)
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.error is not None and not self.is_answered:
            return  # the app's answer to a body that it saw broken off
        if message["type"] == "http.response.start":
            self.is_answered = True
            if not self.has_arrived:  # else the connection would take the rest, however long that is
                MutableHeaders(scope=message)["Connection"] = "close"
        await self._send(message)


def _head_size(scope: Scope) -> int:
    """Bytes of a request's line and headers, but for the few of their punctuation."""
    return len(scope["method"]) + len(scope["raw_path"]) + len(scope["query_string"]) + sum(len(name) + len(value) for name, value in scope["headers"])
