"""Putting right over HTTP: a verdict on a link, corrections of a document, and the page on which they are made."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api.access import may_write
from api.paging import no_unknown_parameters
from graph.errors import PolicygraphError, UnknownThing

_one_at_a_time = asyncio.Lock()
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


class EditFailed(PolicygraphError):
    title = "The edit failed"

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["detail"])
        self.status, self.title = error["status"], error["title"]


def _edit(asked: dict[str, Any]) -> dict[str, Any]:
    """Run one edit in a process of its own."""
    try:
        run = subprocess.run([sys.executable, "-m", "api.edits"], input=json.dumps(asked), capture_output=True, text=True, timeout=SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        detail = (str(error.stderr or "").strip().splitlines() or [f"it took more than {SECONDS} s"])[-1]
        raise EditFailed({"status": 500, "title": EditFailed.title, "detail": detail}) from None
    done = json.loads(run.stdout)
    if "error" in done:
        raise EditFailed(done["error"])
    return done


def router() -> APIRouter:
    routes = APIRouter(tags=["corrections"], dependencies=[Depends(no_unknown_parameters)])

    @routes.post("/api/verdicts", summary="Rule on a link: a row of verdicts.csv", response_model=EditedOut, dependencies=[Depends(may_write)])
    async def verdict(request: Request, asked: VerdictIn) -> dict[str, Any]:
        async with _one_at_a_time:
            return await run_in_threadpool(_edit, {
                "do": "rule", "url": request.app.state.graph.url, "later": asked.later, "earlier": asked.earlier, "ruling": asked.verdict, "note": asked.note, "by": asked.by})

    @routes.post("/api/corrections", summary="Correct what was read of a document: rows of corrections.csv", response_model=EditedOut, dependencies=[Depends(may_write)])
    async def corrections(request: Request, asked: CorrectionsIn) -> dict[str, Any]:
        async with _one_at_a_time:
            return await run_in_threadpool(_edit, {
                "do": "correct", "url": request.app.state.graph.url, "document": asked.document, "rows": [row.model_dump() for row in asked.rows]})

    @routes.get("/documents/{id}/review", include_in_schema=False)
    def review(request: Request, id: str) -> HTMLResponse:
        from api.jobs import Failures, iter_records
        from api.review import policy_of, review_page

        rows = request.app.state.graph.store().read("MATCH (x:Document) WHERE x.id = $id RETURN x.source AS source", id=id)
        if not rows:
            raise UnknownThing("document", id)
        failures = Failures()
        records = [record for of_file in iter_records([rows[0]["source"]], failures, lambda path: None) for record in of_file]
        if not records:
            raise EditFailed({"status": 404, "title": "The file is not there", "detail": "; ".join(failures.errors) or rows[0]["source"]})
        return HTMLResponse(review_page(records, save=("/api/corrections", id)), headers={"Content-Security-Policy": policy_of(sends=True)})

    return routes
