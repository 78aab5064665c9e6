"""Who may write: with the token of POLICYGRAPH_TOKEN from anywhere, without one only where the service listens on this machine alone."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from fastapi import Request

from graph.errors import PolicygraphError
from graph.settings import read_settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotAllowed(PolicygraphError):
    status = 403
    title = "This service does not take that"


class TokenNeeded(PolicygraphError):
    status = 401
    title = "A token is needed"


def is_loopback(host: str) -> bool:
    return host in LOOPBACK


def may_write(request: Request) -> None:
    """Raises TokenNeeded or NotAllowed. A page of another origin is refused even here: a browser would send it for anybody."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotAllowed("a page of another origin cannot write here")
    token = read_settings().token
    if token:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
            raise TokenNeeded("send the token of POLICYGRAPH_TOKEN as `Authorization: Bearer …`")
        return
    # The name is asked too: a page could have its own name lead to this machine.
    if not getattr(request.app.state, "local", False) or not is_loopback(urlsplit(f"//{request.headers.get('host', '')}").hostname or ""):
        raise NotAllowed("this service is read-only: it can be reached from other machines, and no POLICYGRAPH_TOKEN is set")
