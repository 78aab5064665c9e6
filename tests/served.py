"""The HTTP service in a test: over a graph of its own, and what every error of it looks like."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from starlette.testclient import TestClient

from api.app import create_app


def serving(url: str) -> TestClient:
    """A service over a graph, whether it can be used or not."""
    return TestClient(create_app(url), raise_server_exceptions=False, follow_redirects=False)


def serving_copy(client: TestClient, folder: Path) -> TestClient:
    """A service over a copy of the client's graph, which a test may change."""
    url = str(folder / "graph.lbug")
    for suffix in ("", ".version"):
        shutil.copy(client.app.state.graph.url + suffix, url + suffix)
    return serving(url)


def assert_problem(response, status: int) -> str:
    """A problem document (RFC 9457) of this status; returns its detail."""
    assert response.status_code == status, response.text[:300]
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "instance"}
    assert body["status"] == status and body["title"] and body["detail"] and body["instance"] == response.request.url.path
    assert "Traceback" not in body["detail"]
    return body["detail"]


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def first_id(client: TestClient, of: str) -> str:
    """The id of the first plan, task, department or indicator."""
    return client.get(f"/api/{of}?limit=1").json()["rows"][0]["id"]
