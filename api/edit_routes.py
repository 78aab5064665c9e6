"""Putting right over HTTP: a verdict on a link, corrections of a document, and the page on which they are made."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api.access import REFUSED, WRITES
from api.paging import no_unknown_parameters
from api.worker import edit_graph, run_edit

_one_at_a_time = asyncio.Lock()
_reviews = asyncio.Semaphore(2)  # each reads a file in a process of its own
SECONDS = 300  # that an edit may take: it reads one file and links its plans
Text = Annotated[str, Field(max_length=2000)]


class VerdictIn(BaseModel):
    """Whether a later task carries on an earlier one."""

    later: str = Field(pattern=r"^t-[a-z2-7]{12}$")
    earlier: str = Field(pattern=r"^t-[a-z2-7]{12}$")
    verdict: Literal["continues", "not"]
    note: Text = ""
    by: Text = ""


class CorrectionIn(BaseModel):
    """One row of corrections.csv."""

    document: Text
    quote: Text = ""
    field: Text
    value: Text = ""
    reason: Text = ""
    by: Text = ""


class CorrectionsIn(BaseModel):
    """Corrections of the file of a document, given by its id."""

    document: str = Field(pattern=r"^x-[a-z2-7]{12}$")
    rows: list[CorrectionIn] = Field(min_length=1, max_length=500)


class EditedOut(BaseModel):
    sheet: str
    replaced: int
    notes: list[str]
    warnings: list[str]


def router() -> APIRouter:
    routes = APIRouter(tags=["corrections"], dependencies=[Depends(no_unknown_parameters)])

    @routes.post("/api/verdicts", summary="Rule on a link: a row of verdicts.csv", response_model=EditedOut, dependencies=WRITES, responses=REFUSED)
    async def verdict(request: Request, asked: VerdictIn) -> dict[str, Any]:
        return await _edit(request, {"do": "rule", "later": asked.later, "earlier": asked.earlier, "ruling": asked.verdict, "note": asked.note, "by": asked.by})

    @routes.post("/api/corrections", summary="Correct what was read of a document: rows of corrections.csv", response_model=EditedOut, dependencies=WRITES, responses=REFUSED)
    async def corrections(request: Request, asked: CorrectionsIn) -> dict[str, Any]:
        return await _edit(request, {"do": "correct", "document": asked.document, "rows": [row.model_dump() for row in asked.rows]})

    @routes.get("/documents/{id}/review", include_in_schema=False)
    async def review(request: Request, id: str) -> HTMLResponse:
        async with _reviews:
            made = await run_edit({"do": "review", "url": request.app.state.graph.url, "document": id, "save": "/api/corrections"}, SECONDS)
        return HTMLResponse(made["page"], headers={"Content-Security-Policy": made["policy"]})

    return routes


async def _edit(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
    async with _one_at_a_time:
        return await edit_graph(request.app.state.graph, asked, SECONDS)
