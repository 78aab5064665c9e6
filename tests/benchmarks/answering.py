"""What it takes to answer: every question and list at 1, 8 and 32 clients, what the service adds to the engine, and requests a
second against Datasette and against a bare FastAPI function. The service that is timed keeps no answers, so that each is worked
out; what keeping them gives is the last line.

    make bench
    python tests/benchmarks/answering.py GRAPH      # a path or an address, instead of a generated graph of 100,000 tasks without links
    python tests/benchmarks/answering.py neo4j      # the same made-up graph in a Neo4j that is started for it

Datasette needs pip install '.[bench]'; it serves the same plans, tasks, units and responsibilities from SQLite, indexed, with the
same question in SQL, all its columns, whose answer is compared with ours before anything is timed.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from importlib.util import find_spec
from math import ceil
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import httpx
import neo4j_server
from linking import corpus_of, fill
from served import free_port

import queries
from graph.store import Store, is_server, open_store
from queries.question import NO_DEFAULT

TASKS = 100_000
CLIENTS = (1, 8, 32)
SECONDS = 1.0  # that each address is asked for, at least, after one request that is not counted; a slow one is asked once a client
ASKED = 1_000  # times, for what the service adds: of 200 the p95 lies further apart from run to run
WORKLOAD = "department_workload"
SQL = """
WITH of_plan AS (SELECT t.plan, count(*) AS n FROM plan_years y JOIN tasks t ON t.plan = y.plan WHERE y.year = :year GROUP BY t.plan),
standing AS (
  SELECT t.plan, r.task, r.unit, min(r.position) AS position, max(r.role = 'lead') AS leads, max(r.role = 'responsible') AS answers,
         max(r.role = 'support') AS supports, max(r.role = 'implement') AS implements
  FROM of_plan o JOIN tasks t ON t.plan = o.plan JOIN responsibilities r ON r.task = t.id GROUP BY r.task, r.unit),
shared AS (SELECT task, count(*) AS departments FROM standing GROUP BY task),
by_plan AS (
  SELECT s.plan, s.unit, count(*) AS tasks, sum(leads) AS lead, sum(answers) AS responsible, sum(supports) AS support, sum(implements) AS implement,
         sum(departments = 1) AS alone, sum(position = 1) AS first, sum(1.0 / departments) AS split
  FROM standing s JOIN shared USING (task) GROUP BY s.plan, s.unit)
SELECT u.name AS department, u.scope AS scope, sum(b.tasks) AS tasks, CASE WHEN sum(coalesce(p.role_scheme, '') <> 'flat') = 0 THEN NULL ELSE sum(b.lead) END AS lead,
       sum(b.responsible) AS responsible, sum(b.support) AS support, sum(b.implement) AS implement, sum(b.alone) AS alone, sum(b.first) AS first,
       round(sum(b.split) + 0.000001, 2) AS split, round(1.0 * sum(b.tasks) / sum(o.n) + 0.000001, 3) AS share, u.collective AS collective, u.id AS id
FROM by_plan b JOIN plans p ON p.id = b.plan JOIN of_plan o ON o.plan = b.plan JOIN units u ON u.id = b.unit
GROUP BY u.id ORDER BY u.collective, tasks DESC, split DESC, department, scope"""
BARE = '''
import sys
from fastapi import FastAPI
from graph.store import open_store
store, app = open_store(sys.argv[1]), FastAPI()

@app.get("/workload")
def workload(year: int, limit: int = 100):
    return store.read("""{query}""", year=year)[:limit]

import uvicorn
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
'''


def service(graph: str, port: int, keeps: bool = False) -> list[str]:
    """The command that serves a graph."""
    none = "" if keeps else "from api import question_routes; question_routes.KEPT = 0; "
    return [sys.executable, "-c", f"{none}from api.cli import app; app()", "serve", "--store", graph, "--port", str(port)]


def addresses(store: Store) -> dict[str, str]:
    """Name to address of every question and list, with what the graph has for its parameters."""
    one = store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[:RESPONSIBLE_FOR]-(d:Department) RETURN p.id AS plan, p.issuer AS scope, p.first_year AS year, t.id AS task, d.id AS department LIMIT 1")[0]
    years = sorted(row["year"] for row in store.read("MATCH (p:Plan) WHERE p.first_year IS NOT NULL RETURN DISTINCT p.first_year AS year"))
    given = {"plan": one["plan"], "task": one["task"], "department": one["department"], "node": one["department"], "year": years[-1], "from_year": years[-2], "to_year": years[-1], "q": "平台", "scope": one["scope"]}
    found = {}
    for question in queries.load_all():
        wanted = [p.name for p in question.parameters if p.name in given and (p.default is NO_DEFAULT or p.name in ("year", "from_year", "to_year"))]
        # What reads every word, of one plan or body: of two years of 10,000 tasks it is worked out in 15 seconds, of all tasks in minutes.
        wanted = {"themes": ["plan"], "distinctive_terms": [*wanted, "scope"]}.get(question.name, wanted)
        found[question.name] = str(httpx.URL(f"/api/queries/{question.name}", params={name: given[name] for name in wanted} | {"limit": 100}))
    lists = {f"/api/{name}": str(httpx.URL(f"/api/{name}", params={"year": years[-1], "limit": 50})) for name in ("plans", "tasks", "departments", "indicators")}
    return found | lists | {"/api/search": "/api/search?q=平台", "/api/overview": "/api/overview"}


@contextmanager
def served(command: list[str], port: int, ready: str) -> Iterator[str]:
    """A server in a process of its own, until the block is left."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                if httpx.get(address + ready, timeout=60).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"{command[0]} did not answer")
        yield address
    finally:
        process.terminate()
        process.wait()


async def ask(address: str, path: str, clients: int, seconds: float = SECONDS) -> tuple[list[float], float]:
    """Milliseconds of each request and requests a second, of some clients that ask without a pause."""
    times: list[float] = []
    begin = time.perf_counter()

    async def client() -> None:
        async with httpx.AsyncClient(base_url=address, timeout=600) as session:
            while True:
                start = time.perf_counter()
                (await session.get(path)).raise_for_status()
                times.append(1000 * (time.perf_counter() - start))
                if time.perf_counter() - begin > seconds:
                    return

    await asyncio.gather(*(client() for _ in range(clients)))
    return times, len(times) / (time.perf_counter() - begin)


def percentiles(times: list[float]) -> tuple[float, float, float]:
    listed = sorted(times)
    return tuple(listed[ceil(share * len(listed)) - 1] for share in (0.5, 0.95, 0.99))  # type: ignore[return-value]


def latencies(address: str, paths: dict[str, str]) -> None:
    print("milliseconds p50 / p95 / p99 at " + ", ".join(f"{n} client{'s' if n > 1 else ''}" for n in CLIENTS), flush=True)
    for name, path in paths.items():
        asyncio.run(ask(address, path, 1, 0))  # what is worked out once for a state of the graph, and plans of a server's queries
        cells = []
        for clients in CLIENTS:
            times, _ = asyncio.run(ask(address, path, clients))
            cells.append(" / ".join(f"{ms:,.0f}" for ms in percentiles(times)))
        print(f"  {name}: {'   '.join(cells)}", flush=True)


def added(address: str, store: Store, paths: dict[str, str]) -> None:
    """What the service adds to the time that the engine takes for an answer and its basis; asked with Python's bare HTTP client,
    since what a client's library takes is not the service's."""
    for name in ("coverage", "duties", "plan_tasks", "department_tasks"):
        path = paths[name]
        given = {key: value for key, value in httpx.URL(path).params.items() if key != "limit"}
        engine, service = [], []
        with closing(HTTPConnection(httpx.URL(address).netloc.decode(), timeout=60)) as session:  # as a browser does: one connection for all
            for _ in range(ASKED):
                begin = time.perf_counter()
                queries.run(name, store, **given)
                engine.append(1000 * (time.perf_counter() - begin))
                begin = time.perf_counter()
                session.request("GET", path)
                answer = session.getresponse()
                answer.read()
                service.append(1000 * (time.perf_counter() - begin))
                assert answer.status == 200
        a, b = percentiles(engine)[1], percentiles(service)[1]
        print(f"  {name}: engine {a:.1f} ms at p95, over HTTP {b:.1f}, {b - a:+.1f} (goal: 3)", flush=True)


def to_sqlite(store: Store, path: str) -> None:
    """What the question rests on, in tables with an index for each way in."""
    base = sqlite3.connect(path)
    for name, columns, query in (
            ("plans", "id TEXT PRIMARY KEY, role_scheme TEXT", "MATCH (p:Plan) RETURN p.id AS id, p.role_scheme AS role_scheme"),
            ("plan_years", "plan TEXT, year INT", "MATCH (p:Plan) UNWIND p.years AS year RETURN p.id AS plan, year"),
            ("tasks", "id TEXT PRIMARY KEY, plan TEXT, text TEXT", "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) RETURN t.id AS id, p.id AS plan, t.text AS text"),
            ("units", "id TEXT PRIMARY KEY, name TEXT, scope TEXT, collective INT", "MATCH (d:Department) RETURN d.id AS id, d.name AS name, d.scope AS scope, d.collective AS collective"),
            ("responsibilities", "unit TEXT, task TEXT, role TEXT, position INT", "MATCH (d:Department)-[r:RESPONSIBLE_FOR]->(t:Task) RETURN d.id AS unit, t.id AS task, r.role AS role, r.position AS position")):
        base.execute(f"CREATE TABLE {name} ({columns})")
        base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns.split(',')))})", (tuple(row.values()) for row in store.read(query)))
    base.executescript("CREATE INDEX y ON plan_years(year); CREATE INDEX t_plan ON tasks(plan); CREATE INDEX r_task ON responsibilities(task); CREATE INDEX r_unit ON responsibilities(unit); ANALYZE;")
    base.commit()
    base.close()


def rates(graph: str, store: Store, folder: str) -> None:
    """Requests a second of one question: ours, a bare function with the same query, Datasette with the same question in SQL."""
    year = store.read("MATCH (p:Plan) RETURN max(p.first_year) AS year")[0]["year"]
    script = Path(folder, "bare.py")
    script.write_text(BARE.format(query=queries.load(WORKLOAD).body.replace("\\", "\\\\")), encoding="utf-8")
    same = "year=year, plan=None, role=None, level=None, region=None, kind=None, code=None"
    script.write_text(script.read_text().replace("year=year)[:limit]", f"{same})[:limit]"), encoding="utf-8")
    ports, path = [free_port() for _ in range(4)], f"/api/queries/{WORKLOAD}?year={year}&limit=100"
    sides = {"ours": (service(graph, ports[0]), ports[0], "/healthz", path),
             "ours, answers kept": (service(graph, ports[3], keeps=True), ports[3], "/healthz", path),
             "a bare FastAPI function": ([sys.executable, str(script), graph, str(ports[1])], ports[1], "/openapi.json", f"/workload?year={year}&limit=100")}
    if find_spec("datasette"):
        base = str(Path(folder, "graph.db"))
        to_sqlite(store, base)
        sides["Datasette"] = ([sys.executable, "-m", "datasette", "serve", base, "--port", str(ports[2]), "--setting", "sql_time_limit_ms", "60000", "--setting", "num_sql_threads", "4"], ports[2], "/-/versions.json",
                              str(httpx.URL("/graph.json", params={"sql": SQL, "year": year, "_shape": "array", "_size": "100"})))
        ours = [tuple(row.values()) for row in queries.run(WORKLOAD, store, year=year)]
        theirs = [tuple(row) for row in sqlite3.connect(base).execute(SQL, {"year": year})]
        assert ours == theirs, "the two do not answer the same"
    else:
        print("Datasette: not measured: pip install '.[bench]'", flush=True)
    env = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = f"{ROOT}{os.pathsep}{env}" if env else str(ROOT)
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(3):
        for name, (command, port, ready, path) in sides.items():
            with served(command, port, ready) as address:
                asyncio.run(ask(address, path, 1, 0.5))
                found[name].append(asyncio.run(ask(address, path, 8, 8))[1])
    best = {name: max(listed) for name, listed in found.items()}
    for name, rate in best.items():
        print(f"  {name}: {rate:,.1f} requests a second" + ("" if name.startswith("ours") else f"; ours is {best['ours'] / rate:.2f} of it (goal: {'1' if name == 'Datasette' else '0.9'})"), flush=True)


@contextmanager
def made_up(engine: str | None, folder: str) -> Iterator[str]:
    """The address of a graph of TASKS tasks in an engine."""
    if engine != "neo4j":
        fill(str(Path(folder, "graph.lbug")), corpus_of(TASKS).records)
        yield str(Path(folder, "graph.lbug"))
        return
    running = neo4j_server.start()
    os.environ["POLICYGRAPH_NEO4J_PASSWORD"] = neo4j_server.PASSWORD
    try:
        fill(running.bolt, corpus_of(TASKS).records)
        yield running.bolt
    finally:
        running.stop()


def main(given: str | None) -> None:
    with ExitStack() as held:
        folder = held.enter_context(tempfile.TemporaryDirectory())
        graph = given if given not in (None, "neo4j") else held.enter_context(made_up(given, folder))
        port = free_port()
        with open_store(graph) as store:
            tasks = store.read("MATCH (t:Task) RETURN count(t) AS n")[0]["n"]
            print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {tasks:,} tasks in {'a Neo4j' if is_server(graph) else 'an embedded graph'}", flush=True)
            paths = addresses(store)
            with served(service(graph, port), port, "/healthz") as address:
                print("what the service adds, one client:")
                added(address, store, paths)
                latencies(address, paths)
            print(f"{WORKLOAD}, 8 clients, best of 3:")
            rates(graph, store, folder)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
