"""Documents sent to the service: kept in a folder, ingested in a process of their own, progress as server-sent events.

There only where POLICYGRAPH_TOKEN is set: without it these addresses do not exist.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from api.access import REFUSED, WRITES
from api.problems import told
from api.worker import edit_graph
from graph.errors import PolicygraphError, UnknownThing
from graph.settings import read_settings
from graph.store import is_server
from ingest.errors import InputError
from ingest.readers import check_format

if TYPE_CHECKING:
    from api.app import Graph

log = logging.getLogger(__name__)

UPLOADS = "/api/documents"
FILES = 100  # of one upload
BYTES = 50 << 20  # of one file
WHOLE = 200 << 20  # of one upload
SECONDS = 1800  # that an upload may take to be ingested
KEPT = 20  # uploads whose events can still be read
WAITING = 10  # uploads that are not done
_BODY = {"required": True, "content": {"multipart/form-data": {"schema": {
    "type": "object", "required": ["files"],
    "properties": {"files": {"type": "array", "minItems": 1, "maxItems": FILES, "items": {"type": "string", "format": "binary"}}}}}}}
_NAME = re.compile(r"[^\w.\-（）()《》〔〕—“”·]+")


class NotHere(PolicygraphError):
    status = 404
    title = "Not Found"


class NoFiles(PolicygraphError):
    status = 422
    title = "No file was sent"


class TooManyUploads(PolicygraphError):
    status = 429
    title = "Too many uploads wait"
    headers = {"Retry-After": "60"}


class TooMuch(PolicygraphError):
    status = 413
    title = "The upload is too large"


class NotRead(PolicygraphError):
    status = 415
    title = "The format is not read"


@dataclass(slots=True)
class Job:
    """One upload under way: its events so far, and whoever waits for the next."""

    files: list[str]
    events: list[dict[str, Any]] = field(default_factory=list)
    done: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def tell(self, event: dict[str, Any]) -> None:
        async with self.changed:
            self.events.append(event)
            self.done = event["event"] in ("done", "failed")
            self.changed.notify_all()


class UploadOut(BaseModel):
    """Where to follow an upload."""

    job: str
    files: list[str]
    events: str


def _token_is_set() -> None:
    if not read_settings().token:
        raise NotHere("this service takes no documents: POLICYGRAPH_TOKEN is not set")


def folder_of(url: str) -> Path:
    """Where uploaded files are kept: POLICYGRAPH_UPLOADS, else `uploads` beside an embedded graph or here."""
    return Path(read_settings().uploads or ("uploads" if is_server(url) else Path(url).parent / "uploads"))


def safe_name(given: str) -> str:
    """The last part of a file's name, without what a path or a terminal could take for something else."""
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    return _NAME.sub("_", name).lstrip(".-")[-150:] or "document"


def router() -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["documents"], dependencies=[Depends(_token_is_set)])
    jobs: OrderedDict[str, Job] = OrderedDict()
    one_at_a_time = asyncio.Lock()
    running: set[asyncio.Task[None]] = set()  # the loop itself keeps no hold of a task

    # The form is read here and not by the framework, which would take all of it before it asks who sends it.
    @routes.post(
        "/documents", summary="Send documents to be ingested", status_code=202, response_model=UploadOut, dependencies=WRITES,
        responses=REFUSED | told((404, "This service takes no documents"), (415, "The format is not read"), (429, "Too many uploads wait")), openapi_extra={"requestBody": _BODY})
    async def upload(request: Request) -> dict[str, Any]:
        if sum(not job.done for job in jobs.values()) >= WAITING:
            raise TooManyUploads(f"{WAITING} uploads are not done yet; try again when one is")
        async with request.form() as form:
            files = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
            if not files:
                raise NoFiles("send at least one file as `files` of a multipart/form-data body")
            return await take(files, request.app.state.graph)

    async def take(files: list[UploadFile], graph: Graph) -> dict[str, Any]:
        if len(files) > FILES:
            raise TooMuch(f"{len(files)} files; an upload takes {FILES}")
        refused = []
        for file in files:  # before any is kept: a sheet would lie beside all documents that were sent, and rule them
            try:
                check_format(safe_name(file.filename or ""), archives=True)
            except InputError as error:
                refused.append(str(error))
        if refused:
            raise NotRead("; ".join(refused))
        name = secrets.token_hex(8)
        kept = await _keep(files, folder_of(graph.url))
        jobs[name] = job = Job([path.name for path in kept])
        while len(jobs) > KEPT:
            del jobs[next(old for old in jobs if jobs[old].done)]
        task = asyncio.create_task(_ingest(job, [str(path) for path in kept], graph, one_at_a_time))
        running.add(task)
        task.add_done_callback(running.discard)
        return {"job": name, "files": job.files, "events": f"/api/uploads/{name}"}

    @routes.get("/uploads/{job}", summary="How far an upload is, as server-sent events", response_class=StreamingResponse)
    async def events(job: str) -> StreamingResponse:
        if job not in jobs:
            raise UnknownThing("upload", job)
        return StreamingResponse(_stream(jobs[job]), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return routes


async def _keep(files: list[UploadFile], folder: Path) -> list[Path]:
    """Write the files into the folder, one of the same name over the older one; nothing is kept where one is too large."""
    folder.mkdir(parents=True, exist_ok=True)
    kept: list[Path] = []
    parts: list[Path] = []
    whole = 0
    try:
        for file in files:
            path = folder / safe_name(file.filename or "")
            if path in kept:
                raise TooMuch(f"two files are called {path.name}; send them one by one")
            part = folder / f".{path.name}.{secrets.token_hex(4)}.part"
            parts.append(part)
            size = 0
            with part.open("wb") as out:
                while block := await file.read(1 << 20):
                    size, whole = size + len(block), whole + len(block)
                    if size > BYTES or whole > WHOLE:
                        raise TooMuch(f"{path.name}: a file may have {BYTES >> 20} MB, an upload {WHOLE >> 20} MB")
                    out.write(block)
            kept.append(path)
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
    for part, path in zip(parts, kept, strict=True):
        part.replace(path)
    return kept


async def _ingest(job: Job, paths: list[str], graph: Graph, one_at_a_time: asyncio.Lock) -> None:
    """Ingest in a process of its own; what was done before it failed stays done."""
    async with one_at_a_time:
        try:
            done = await edit_graph(graph, {"do": "ingest", "files": paths}, SECONDS, job.tell)
            await job.tell({"event": "done", **done})
        except PolicygraphError as error:
            await job.tell({"event": "failed", "title": error.title, "detail": str(error)})
        except Exception as error:
            log.error("an upload failed with %s", type(error).__name__)
            await job.tell({"event": "failed", "title": "The service failed", "detail": "an error of the service itself; its log says more"})


async def _stream(job: Job) -> AsyncIterator[str]:
    told = 0
    while True:
        async with job.changed:
            while told == len(job.events) and not job.done:
                await job.changed.wait()
            waiting, told, done = job.events[told:], len(job.events), job.done
        for event in waiting:
            yield f"event: {event['event']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
        if done:
            return
