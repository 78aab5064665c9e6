"""Thirty-two clients ask the service for everything, without a pause, while the graph is ingested anew every half minute.

    make soak                              # ten minutes
    python tests/soak/serve.py 120         # two

Fails on an answer that is no 200 or 304, on a broken connection, on a graph that is not the undisturbed one in the end, and
on growth: of the straight line through the memory of the service (RSS, asked every ten seconds) after the first minute, over the rest of the
run, by more than TOLERATED of what it was then; and of its open files.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, quantiles
from urllib.parse import quote

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]

import httpx
from commands import COMMAND
from kills import Corpus, documents_of, make_corpus
from served import free_port

from api.examples import REQUESTS, ids_in
from graph.store import open_store

CLIENTS, EVERY = 32, 30.0  # seconds between two ingests
SETTLED = 60.0  # seconds after which memory is to stay as it is
TOLERATED = 0.05  # of the memory at that time, over the rest of the run
PAGES = ("/", "/healthz", "/readyz", "/openapi.json")


@dataclass
class Seen:
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by path of the OpenAPI document
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float, int]] = field(default_factory=list)  # seconds, MB, open files
    ingests: int = 0


async def requests_of(client: httpx.AsyncClient) -> list[tuple[str, str]]:
    """Path of the OpenAPI document and request, ids filled in."""
    ids: dict[str, str] = {}
    listed = [(page, page) for page in PAGES]
    for path, request in REQUESTS:
        filled = quote(request.format(**ids), safe="/?=&,:%")
        body = (await client.get(filled)).raise_for_status().json()
        listed.append((path, filled))
        ids |= ids_in(path, body)
    return listed


async def ask(client: httpx.AsyncClient, listed: list[tuple[str, str]], draw: random.Random, seen: Seen, end: float) -> None:
    tags: dict[str, str] = {}
    while time.monotonic() < end:
        path, request = draw.choice(listed)
        headers = {"If-None-Match": tags[request]} if request in tags and draw.random() < 0.3 else {}
        begin = time.monotonic()
        try:
            answer = await client.get(request, headers=headers)
        except httpx.HTTPError as error:
            seen.errors.append(f"{request}: {error!r}")
            continue
        seen.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            seen.seconds[path].append(time.monotonic() - begin)
            if "etag" in answer.headers:
                tags[request] = answer.headers["etag"]
        elif not (headers and answer.status_code == 304):
            seen.errors.append(f"{request}: {answer.status_code} {answer.text[:200]}")


async def ingest_often(corpus: Corpus, url: str, seen: Seen, end: float) -> None:
    """The older texts of some plans, then the newer ones, and so on."""
    for state in itertools.cycle((corpus.older, corpus.newer)):
        if time.monotonic() + EVERY > end:
            return
        await asyncio.sleep(EVERY)
        writer = await asyncio.create_subprocess_exec(*COMMAND, "ingest", *state(), "--store", url, stderr=asyncio.subprocess.PIPE)
        _, said = await writer.communicate()
        seen.ingests += 1
        if writer.returncode:
            seen.errors.append(f"ingest: {said.decode()[-300:]}")


async def watch(pid: int, seen: Seen, begin: float, end: float) -> None:
    while time.monotonic() < end:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        seen.memory.append((time.monotonic() - begin, pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), len(os.listdir(f"/proc/{pid}/fd"))))
        print("{:5.0f} s  {:6.1f} MB  {} files  {:,} answers, {} ingests, {} errors".format(*seen.memory[-1], sum(seen.statuses.values()), seen.ingests, len(seen.errors)), flush=True)
        await asyncio.sleep(10)


async def soak(address: str, pid: int, corpus: Corpus, url: str, seconds: float, seed: int) -> Seen:
    seen = Seen()
    begin = time.monotonic()
    end = begin + seconds
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=httpx.Limits(max_connections=CLIENTS), trust_env=False) as client:
        listed = await requests_of(client)
        clients = [ask(client, listed, random.Random(f"{seed}/{n}"), seen, end) for n in range(CLIENTS)]
        await asyncio.gather(*clients, ingest_often(corpus, url, seen, end), watch(pid, seen, begin, end))
    return seen


def growth(memory: list[tuple[float, float, int]]) -> tuple[float, float, int]:
    """MB after the first minute, MB more over the rest by the straight line through it, and files more."""
    late = [row for row in memory if row[0] >= SETTLED]
    if len(late) < 3:
        return 0.0, 0.0, 0
    slope, start = linear_regression([row[0] for row in late], [row[1] for row in late])
    return start + slope * late[0][0], slope * (late[-1][0] - late[0][0]), late[-1][2] - min(row[2] for row in late[:3])


def main(seconds: float, seed: int) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder, url = Path(temporary), str(Path(temporary, "graph.lbug"))
        corpus = make_corpus(folder / "plans")
        subprocess.run([*COMMAND, "ingest", *corpus.newer(), "--store", url], check=True, capture_output=True)
        with open_store(url) as store:
            before = documents_of(store)
        port = free_port()
        service = subprocess.Popen([*COMMAND, "serve", "--store", url, "--port", str(port)])
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, service)
            seen = asyncio.run(soak(address, service.pid, corpus, url, seconds, seed))
        finally:
            service.terminate()
            service.wait()
        subprocess.run([*COMMAND, "ingest", *corpus.newer(), "--store", url], check=True, capture_output=True)
        with open_store(url) as store:
            is_same = documents_of(store) == before
    return tell(seen, is_same, seconds, seed)


def wait_for(address: str, service: subprocess.Popen) -> None:
    while True:
        try:
            httpx.get(f"{address}/readyz", trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            assert service.poll() is None, "the service did not start"
            time.sleep(0.1)


def tell(seen: Seen, is_same: bool, seconds: float, seed: int) -> int:
    whole = [taken for listed in seen.seconds.values() for taken in listed]
    for name, listed in sorted(seen.seconds.items(), key=lambda item: -max(item[1])) + [("all", whole)]:
        if len(listed) > 1:
            cut = quantiles(listed, n=100, method="inclusive")
            print(f"{name:40} {len(listed):7,} answers  p50 {cut[49] * 1000:6.0f} ms  p95 {cut[94] * 1000:6.0f} ms  p99 {cut[98] * 1000:6.0f} ms")
    settled, grown, files = growth(seen.memory)
    has_grown = grown > TOLERATED * settled or files > 0
    for line in seen.errors[:20]:
        print(f"error: {line}")
    print(f"{CLIENTS} clients for {seconds:.0f} s (seed {seed}): {dict(seen.statuses)}, {seen.ingests} ingests, {len(seen.errors)} errors; "
          f"memory {settled:.1f} MB after a minute, {grown:+.1f} MB over the rest (tolerated {TOLERATED * settled:.1f}), {files:+d} open files; "
          f"the graph in the end is {'the same' if is_same else 'ANOTHER'}")
    return 1 if seen.errors or has_grown or not is_same else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600, int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())))
