"""By which names the service is asked, and who may write: with the token of POLICYGRAPH_TOKEN from anywhere, without one only where the service listens on this machine alone."""

from __future__ import annotations

import hmac
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem_of, told
from graph.errors import PolicygraphError
from graph.settings import read_settings


class NotAllowed(PolicygraphError):
    status = 403
    title = "This service does not take that"


class OtherName(PolicygraphError):
    status = 403
    title = "This service does not go by that name"

    def __init__(self, name: str) -> None:
        super().__init__(f"it is not asked as {name}; where a proxy asks it by that, put it into POLICYGRAPH_HOSTS")


class TokenNeeded(PolicygraphError):
    status = 401
    title = "A token is needed"
    headers = {"WWW-Authenticate": "Bearer"}


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own."""
    address, name = _address(host), host.lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost") or address is not None and address.is_loopback


def may_write(request: Request) -> None:
    """Raises TokenNeeded or NotAllowed. A page of another origin is refused even here: a browser would send it for anybody."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin and _part(origin, "netloc") != host:
        raise NotAllowed("a page of another origin cannot write here")
    token = read_settings().token
    if token:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("latin-1"), token.encode()):
            raise TokenNeeded("send the token of POLICYGRAPH_TOKEN as `Authorization: Bearer …`")
        return
    # The name is asked too: a page could have its own name lead to this machine.
    if not getattr(request.app.state, "local", False) or not is_loopback(_part(f"//{host}", "hostname")):
        raise NotAllowed("this service is read-only: it can be reached from other machines, and no POLICYGRAPH_TOKEN is set")


class KnownNames:
    """The service is asked by an address, as localhost or by one of some names: a page from elsewhere could have its own name
    lead here, and the browser would let it read all that is answered."""

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            name = _part(f"//{request.headers.get('host', '')}", "hostname")
            if name and name.removesuffix(".") not in self.names and not is_loopback(name) and not _address(name):
                await problem_of(request, OtherName(name))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _part(address: str, name: str) -> str:
    """A part of an address; empty where it has none, or is no address."""
    try:
        return getattr(urlsplit(address), name) or ""
    except ValueError:
        return ""


# Of a route that writes: who may, said to the documentation, too, and what those who may not are told.
WRITES = [Depends(may_write), Security(HTTPBearer(auto_error=False, description="POLICYGRAPH_TOKEN"))]
REFUSED = told((401, "A token is needed"), (403, "This service is read-only or does not go by that name, or the page is of another origin"), (408, "The request came too slowly"), (413, "The request is too large"))


def asks_for(schema: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document that asks for a token only where the service does."""
    if not read_settings().token:
        schema.get("components", {}).pop("securitySchemes", None)
        for path in schema["paths"].values():
            for operation in path.values():
                operation.pop("security", None)
    return schema
