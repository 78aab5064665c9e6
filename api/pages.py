"""The explorer's pages: one file for all of them; its script draws what the address says (static/explorer)."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).with_name("static")
PAGES = ("/", "/units", "/units/{id}", "/tasks", "/tasks/{id}", "/plans/{id}", "/documents/{id}", "/compare", "/graph", "/questions", "/questions/{id}", "/search", "/upload")


def add_pages(app: FastAPI) -> None:
    """The explorer, the documentation of the interface, and what both load."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    def explorer() -> Response:
        return FileResponse(STATIC / "explorer" / "index.html", headers={"Cache-Control": "no-cache"})

    for path in PAGES:
        app.add_api_route(path, explorer, include_in_schema=False, methods=["GET", "HEAD"])

    @app.get("/docs", include_in_schema=False)
    def docs() -> Response:
        return FileResponse(STATIC / "docs.html")
