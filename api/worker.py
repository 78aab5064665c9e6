"""The process that writes (`python -m api.edits`): its time and memory are watched from here, so that a hostile file ends it and not the service."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import psutil
from anyio import to_thread

from graph.errors import PolicygraphError

if TYPE_CHECKING:
    from api.app import Graph

MEMORY = 4 << 30  # bytes that the process and those that it starts may hold together; an ingest of 100,000 tasks with its linking held 3.4 GB
LOOK = 0.2  # seconds between two looks at it
_LINE = 64 << 20  # of one line that it tells
_SECRETS = ("POLICYGRAPH_TOKEN", "POLICYGRAPH_JUDGE_KEY")  # which what reads a stranger's file has no need to know

Heard = Callable[[dict[str, Any]], Awaitable[None]]


class EditFailed(PolicygraphError):
    """What the process said of itself, with its status."""

    title = "The edit failed"

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["detail"])
        self.status, self.title = error["status"], error["title"]


class WorkerEnded(PolicygraphError):
    title = "The edit failed"

    def __init__(self, code: int | None, last: str) -> None:
        super().__init__(last or f"its process ended with status {code}; the graph is as it was")


class TookTooLong(PolicygraphError):
    status = 422
    title = "Reading takes too long"

    def __init__(self, seconds: float, file: str | None) -> None:
        super().__init__(f"{_at(file)}it took more than the {seconds:g} seconds that it may take; split the file or leave it out")


class TookTooMuchMemory(PolicygraphError):
    status = 422
    title = "Reading takes too much memory"

    def __init__(self, file: str | None) -> None:
        super().__init__(f"{_at(file)}it took more than the {MEMORY >> 20:,} MB of memory that it may take; split the file or leave it out")


def _at(file: str | None) -> str:
    return f"{file}: " if file else ""


async def _nobody(event: dict[str, Any]) -> None:
    """Who does not follow an edit."""


async def edit_graph(graph: Graph, asked: dict[str, Any], seconds: float, heard: Heard = _nobody) -> dict[str, Any]:
    """Run an edit that writes the graph, as `run_edit`; who reads it through this service afterwards sees what it did."""
    made = await run_edit(asked | {"url": graph.url}, seconds, heard)
    await to_thread.run_sync(graph.refresh)
    return made


async def run_edit(asked: dict[str, Any], seconds: float, heard: Heard = _nobody) -> dict[str, Any]:
    """Run one edit and return its answer; `heard` is given each event that it tells on the way.

    Raises EditFailed, TookTooLong, TookTooMuchMemory or WorkerEnded; the process has ended then, whatever it was doing.
    """
    # -P: a json.py in the folder in which the service was started is no part of the program.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "api.edits", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=_LINE,
        env={name: value for name, value in os.environ.items() if name not in _SECRETS})
    complaints = asyncio.create_task(_last_line(process))
    watch = asyncio.create_task(_watch(process))
    answer: dict[str, Any] | None = None
    file = None
    try:
        async with asyncio.timeout(seconds):
            _ask(process, asked)
            assert process.stdout
            async for line in process.stdout:
                said = json.loads(line)
                if "reading" in said:
                    file = said["reading"]
                elif "event" in said:
                    await heard(said)
                else:
                    answer = said
            await process.wait()
    except TimeoutError:
        raise TookTooLong(seconds, file) from None
    finally:
        if process.returncode is None:
            _kill(process.pid)
        await process.wait()
        last, is_too_large = await complaints, await watch
    if is_too_large:
        raise TookTooMuchMemory(file)
    if answer is None:
        raise WorkerEnded(process.returncode, last)
    if "error" in answer:
        raise EditFailed(answer["error"])
    return answer


def _ask(process: asyncio.subprocess.Process, asked: dict[str, Any]) -> None:
    assert process.stdin
    process.stdin.write(json.dumps(asked).encode())
    process.stdin.close()


async def _last_line(process: asyncio.subprocess.Process) -> str:
    """The last words on standard error, read all the while: a full pipe would stop the process."""
    assert process.stderr
    tail = b""
    while piece := await process.stderr.read(1 << 16):
        tail = (tail + piece)[-4096:]
    return (tail.decode(errors="replace").strip().splitlines() or [""])[-1]


async def _watch(process: asyncio.subprocess.Process) -> bool:
    """Whether the process was ended because it held too much memory.

    A limit set by the system cannot do this: the graph's engine reserves addresses by the terabyte and uses few of them.
    """
    while process.returncode is None:
        if await asyncio.to_thread(_resident, process.pid) > MEMORY:
            _kill(process.pid)
            return True
        await asyncio.sleep(LOOK)
    return False


def _family(pid: int) -> list[psutil.Process]:
    """The process and all that it started."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident(pid: int) -> int:
    held = 0
    for process in _family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            held += process.memory_info().rss
    return held


def _kill(pid: int) -> None:
    for process in _family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
