"""Every request: its number, its line in the log, its count, and the security headers of its answer.

The line says method, route, status, milliseconds, bytes and number; never an address with its parameters, a body or a header,
since these hold what somebody asked for, or a token.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.problems import MEDIA_TYPE, document_of

log = logging.getLogger(__name__)

GONE = 499  # the client left before an answer began: no status of HTTP, but what proxies write for it
OTHER = "other"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'")
HEADERS = {
    "Content-Security-Policy": _CSP, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()"}


def answer_to_malformed(metrics: Metrics) -> tuple[dict[str, str], bytes]:
    """Headers and body for what is no HTTP request and so never comes to the app; counted and logged as all others."""
    number = secrets.token_hex(8)
    body = json.dumps(document_of(400, "The request is malformed", "what was sent is no HTTP request, or its headers are too large", "")).encode()
    _note(metrics, OTHER, OTHER, 400, 0.0, len(body), number)
    return HEADERS | {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), "Connection": "close", "X-Request-ID": number}, body


def _note(metrics: Metrics, method: str, route: str, status: int, seconds: float, size: int, number: str) -> None:
    """Count a request, and log it."""
    metrics.observe(method, route, status, seconds)
    log.info("method=%s route=%s status=%d ms=%.1f bytes=%d id=%s", method, route, status, seconds * 1000, size, number)


class Observed:
    """Stands outside everything else of the app, its handler of unexpected errors included."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], metrics: Metrics) -> None:
        self.app, self.routes, self.metrics = app, routes, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # One from outside is not taken over: it could hold anything, and two requests could share it.
        number = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = number
        start, status, size, whole = time.perf_counter(), GONE, 0, False

        async def observed(message: Message) -> None:
            nonlocal status, size, whole
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = number
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a page may have a policy of its own
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
                whole = not message.get("more_body", False)
            await send(message)

        try:
            await self.app(scope, receive, observed)
        except Exception:
            if not whole:  # else it was told and logged, and the server would log it again with its words
                raise
        finally:
            seconds = time.perf_counter() - start
            _note(self.metrics, self._method(scope), self._route(scope), status, seconds, size, number)

    def _route(self, scope: Scope) -> str:
        """The route's template: an address as it was sent can hold anything, and each would be a label of its own."""
        return next((route.path for route in self.routes if route.path_regex.match(scope["path"])), OTHER)  # type: ignore[attr-defined]

    def _method(self, scope: Scope) -> str:
        return scope["method"] if scope["method"] in _METHODS else OTHER
