"""Every error as one JSON shape: problem details (RFC 9457)."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from graph.errors import PolicygraphError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PROBLEM = {
    "type": "object", "title": "Problem", "required": ["type", "title", "status", "detail", "instance"],
    "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                   "detail": {"type": "string"}, "instance": {"type": "string"}}}


def told(*statuses: tuple[int, str]) -> dict[int | str, dict[str, Any]]:
    """Statuses of problems with their descriptions, as a route declares its responses."""
    return {status: {"description": says, "content": {MEDIA_TYPE: {"schema": PROBLEM}}} for status, says in statuses}


def document_of(status: int, title: str, detail: str, instance: str) -> dict[str, Any]:
    """One problem as data; `instance` is the path that was asked for."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": instance}


def problem(request: Request, status: int, title: str, detail: str) -> JSONResponse:
    """One problem document."""
    return JSONResponse(document_of(status, title, detail, request.url.path), status_code=status, media_type=MEDIA_TYPE)


def problem_of(request: Request, error: PolicygraphError) -> JSONResponse:
    """The problem document of one of our errors."""
    response = problem(request, error.status, error.title, str(error))
    response.headers.update(getattr(error, "headers", {}))
    return response


def add_errors(app: FastAPI) -> None:
    """The one place where an error becomes a status."""
    @app.exception_handler(PolicygraphError)
    def ours(request: Request, error: PolicygraphError) -> Response:
        return problem_of(request, error)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        detail = "; ".join(f"{'.'.join(str(part) for part in e['loc'][1:])}: {e['msg']}" for e in error.errors())
        return problem(request, 422, "A parameter is not of its type", detail)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        response = problem(request, error.status_code, str(error.detail), f"{request.method} {request.url.path}: {error.detail}")
        response.headers.update(error.headers or {})
        if error.status_code == 405:  # the framework names the methods of the first route alone
            matching = [route for route in request.app.state.routes if route.path_regex.match(request.url.path)]
            response.headers["Allow"] = ", ".join(sorted({method for route in matching for method in getattr(route, "methods", None) or ()}))
        return response

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        # Where it happened, not the error's own words: those can hold what somebody asked or sent.
        frames = "".join(traceback.format_tb(error.__traceback__)[-6:])
        log.error("request %s failed with %s\n%s", request.state.request_id, type(error).__name__, frames)
        return problem(request, 500, "The service failed", "an error of the service itself; its log says more under the X-Request-ID of this answer")
