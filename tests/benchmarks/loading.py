"""Loading into both engines against the barest writing of the same rows, and whether the rate holds as the graph grows.

    make bench
    python tests/benchmarks/loading.py 20000 100000      # tasks of the comparison, tasks of the growing graph

The rows of the bare runs are those that `graph.load` gave the engine, recorded and made ready before the clock starts. Bare is:
embedded, a COPY a kind from Arrow in the same transactions as ours; Neo4j, one UNWIND … CREATE for each 2,000 rows, as maps and as
lists, in one transaction a batch as ours, with the same constraints; py2neo.bulk likewise. A Neo4j is warmed up before. neo4j-graphrag's writer needs pip install '.[bench]'.
"""

from __future__ import annotations

import asyncio
import gc
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import ladybug
import neo4j
import neo4j_server
from generated_series import Apart, iter_families
from linking import TASKS, YEARS, corpus_of

from graph import ladybug_file, model
from graph.embedded_writing import EmbeddedTransaction, table_of
from graph.load import Bundle, iter_batches, load
from graph.server import ServerTransaction, place_of
from graph.store import BATCH, batches, create_edges_query, create_nodes_query, open_store, schema_queries
from ingest.graph_rows import bundle_of

Written = tuple[type, str | None, str | None, list[Any]]  # kind, an edge's two ends, nodes or edges
TURNS = 5
WARMING = 2  # turns that are not counted: a Neo4j compiles in them what it will run again


@dataclass
class Recorded:
    """What each transaction gave the engine, in order."""

    transactions: list[list[Written]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(len(things) for transaction in self.transactions for *_, things in transaction)

    def as_maps(self) -> list[list[Written]]:
        return [[(kind, source, target, [model.row_of(thing) for thing in things]) for kind, source, target, things in transaction] for transaction in self.transactions]


@contextmanager
def recording(kind: type) -> Iterator[Recorded]:
    """Records what transactions of a class write, and lets it be written."""
    found = Recorded()
    nodes, edges = kind.create_nodes, kind.create_edges

    def create_nodes(self, kind, things):
        found.transactions[-1].append((kind, None, None, things))
        return nodes(self, kind, things)

    def create_edges(self, kind, source, target, things):
        found.transactions[-1].append((kind, source, target, things))
        return edges(self, kind, source, target, things)

    kind.create_nodes, kind.create_edges = create_nodes, create_edges
    try:
        yield found
    finally:
        kind.create_nodes, kind.create_edges = nodes, edges


def load_all(url: str, bundles: Iterable[list[Bundle]], recorded: Recorded | None = None) -> list[tuple[int, float]]:
    """Load in batches; returns the tasks and the seconds of each, of the last with what closing the graph writes."""
    times = []
    with open_store(url, "create") as store:
        for batch in iter_batches(bundles, store.tasks_at_once):
            if recorded is not None:
                recorded.transactions.append([])
            begin = time.perf_counter()
            load(store, batch, Apart())
            times.append((sum(len(bundle.record.tasks) for bundle in batch), time.perf_counter() - begin))
        begin = time.perf_counter()
    tasks, seconds = times[-1]
    return [*times[:-1], (tasks, seconds + time.perf_counter() - begin)]


# --- embedded ---------------------------------------------------------------------------------------

def bare_embedded(path: str, recorded: Recorded) -> float:
    """Seconds for a COPY of each kind's rows, in the same transactions."""
    open_store(path, "create").close()
    ready = [[(kind, f" (from='{source}', to='{target}')" if source and len(kind.PAIRS) > 1 else "", table_of(kind, things)) for kind, source, target, things in transaction if things]
             for transaction in recorded.transactions]
    database = ladybug.Database(path, buffer_pool_size=ladybug_file.BUFFER)
    connection = ladybug.Connection(database)
    begin = time.perf_counter()
    for transaction in ready:
        connection.execute("BEGIN TRANSACTION")
        for kind, pair, rows in transaction:
            connection.execute(f"COPY `{kind.__name__}` FROM $rows{pair}", {"rows": rows})
        connection.execute("COMMIT")
    connection.close()
    database.close()
    return time.perf_counter() - begin


def compare_embedded(bundles: list[list[Bundle]], folder: str) -> None:
    ours, bare = [], []
    for turn in range(TURNS):
        with recording(EmbeddedTransaction) as recorded:
            ours.append(sum(seconds for _, seconds in load_all(str(Path(folder, f"ours-{turn}.lbug")), bundles, recorded)))
        bare.append(bare_embedded(str(Path(folder, f"bare-{turn}.lbug")), recorded))
    rate, other = recorded.rows / min(ours), recorded.rows / min(bare)
    print(f"embedded, {recorded.rows:,} rows: {rate:,.0f} rows a second against {other:,.0f} of a bare COPY, {rate / other:.2f} (goal: 0.5)", flush=True)


def grow(tasks: int, folder: str) -> None:
    """Whether the last tenth of a graph, with what closing it writes, is loaded as quickly as the first."""
    families = iter_families(tasks // (YEARS * TASKS), YEARS, TASKS)
    times = load_all(str(Path(folder, "growing.lbug")), ([bundle_of(record)] for family in families for record in family.records))
    tenth = max(1, len(times) // 10)
    first, last = (sum(n for n, _ in part) / sum(seconds for _, seconds in part) for part in (times[1:1 + tenth], times[-tenth:]))
    whole = sum(n for n, _ in times) / sum(seconds for _, seconds in times)
    print(f"embedded, {sum(n for n, _ in times):,} tasks in {len(times)} transactions: {first:,.0f} tasks a second in the first tenth, {last:,.0f} in the last, "
          f"{last / first:.2f} (goal: 0.8); {whole:,.0f} over all", flush=True)


# --- Neo4j ------------------------------------------------------------------------------------------

@contextmanager
def wiped(address: str) -> Iterator[neo4j.Driver]:
    """A driver to a database without nodes, with our constraints and indexes."""
    with neo4j.GraphDatabase.driver(address, auth=("neo4j", neo4j_server.PASSWORD)) as driver:
        with driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
            for query in schema_queries().values():
                session.run(query).consume()
        yield driver


def bare_unwind(address: str, recorded: Recorded, lists: bool) -> float:
    """Rows as maps, as is usual, or as lists, which go over faster."""
    ready = [[(unwind(kind, source, target, lists), [list(row.values()) for row in rows] if lists else rows) for kind, source, target, rows in transaction] for transaction in recorded.as_maps()]
    with wiped(address) as driver, driver.session() as session:
        begin = time.perf_counter()
        for transaction in ready:
            with session.begin_transaction() as opened:
                for query, rows in transaction:
                    for batch in batches(rows, BATCH):
                        opened.run(query, rows=batch).consume()
                opened.commit()
        return time.perf_counter() - begin


def unwind(kind: type, source: str | None, target: str | None, lists: bool) -> str:
    value = place_of(kind) if lists else "r.`{}`".format
    return create_edges_query(kind, source, target, value) if source and target else create_nodes_query(kind, value)


def bare_py2neo(address: str, recorded: Recorded) -> float:
    from py2neo import Graph
    from py2neo.bulk import create_nodes, create_relationships

    ready = recorded.as_maps()
    with wiped(address):
        graph = Graph(address, auth=("neo4j", neo4j_server.PASSWORD))
        begin = time.perf_counter()
        for transaction in ready:
            opened = graph.begin()
            for kind, source, target, rows in transaction:
                for batch in batches(rows, BATCH):
                    if source is None:
                        create_nodes(opened, batch, labels={kind.__name__})
                    else:
                        create_relationships(opened, ((row["source"], {name: row[name] for name in model.properties(kind)}, row["target"]) for row in batch), kind.__name__,
                                             start_node_key=(source, "id"), end_node_key=(target, "id"))
            graph.commit(opened)
        return time.perf_counter() - begin


def bare_graphrag(address: str, recorded: Recorded) -> float:
    """neo4j-graphrag's Neo4jWriter, one graph a transaction of ours; the graphs are made before the clock starts."""
    from neo4j_graphrag.components.kg_writer import Neo4jWriter
    from neo4j_graphrag.components.types import Neo4jGraph, Neo4jNode, Neo4jRelationship

    def told(row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if value is not None and name not in ("source", "target")}

    graphs = [Neo4jGraph(nodes=[Neo4jNode(id=row["id"], label=kind.__name__, properties=told(row)) for kind, source, _, rows in transaction if source is None for row in rows],
                         relationships=[Neo4jRelationship(start_node_id=row["source"], end_node_id=row["target"], type=kind.__name__, properties=told(row))
                                        for kind, source, _, rows in transaction if source is not None for row in rows])
              for transaction in recorded.as_maps()]

    async def write(writer: Neo4jWriter) -> None:
        for graph in graphs:
            done = await writer.run(graph)
            assert done.status == "SUCCESS", done.metadata

    with wiped(address) as driver:
        writer = Neo4jWriter(driver, batch_size=BATCH, clean_db=False)  # later graphs refer to nodes of earlier ones
        begin = time.perf_counter()
        asyncio.run(write(writer))
        return time.perf_counter() - begin


def compare_neo4j(bundles: list[list[Bundle]]) -> None:
    try:
        running = neo4j_server.start(merging=bool(find_spec("neo4j_graphrag")))
    except neo4j_server.Unavailable as reason:
        print(f"Neo4j: not measured: {reason}", flush=True)
        return
    os.environ["POLICYGRAPH_NEO4J_PASSWORD"] = neo4j_server.PASSWORD
    try:
        sides = {"a bare UNWIND of maps": partial(bare_unwind, lists=False), "a bare UNWIND of lists": partial(bare_unwind, lists=True), "py2neo.bulk": bare_py2neo}
        if find_spec("neo4j_graphrag"):
            sides["neo4j-graphrag"] = bare_graphrag
        else:
            print("neo4j-graphrag: not measured: pip install '.[bench]'", flush=True)
        times: dict[str, list[float]] = {name: [] for name in ("ours", *sides)}
        for _ in range(WARMING + TURNS):
            with wiped(running.bolt):
                pass
            with recording(ServerTransaction) as recorded:
                ours = sum(seconds for _, seconds in load_all(running.bolt, bundles, recorded))
            others = {name: write(running.bolt, recorded) for name, write in sides.items()}
            for name, seconds in ({"ours": ours} | others).items():
                times[name].append(seconds)
        print("Neo4j, turns that warm it up, not counted: " + "; ".join(f"{name} {', '.join(f'{seconds:.1f}' for seconds in listed[:WARMING])} s" for name, listed in times.items()), flush=True)
        times = {name: listed[WARMING:] for name, listed in times.items()}
        best = {name: recorded.rows / min(listed) for name, listed in times.items()}
        print(f"Neo4j, {recorded.rows:,} rows: {best['ours']:,.0f} rows a second; " + "; ".join(
            f"{name} {best[name]:,.0f}, ours is {best['ours'] / best[name]:.2f} of it (by turn {', '.join(f'{b / a:.2f}' for a, b in zip(times['ours'], times[name], strict=True))}; "
            f"goal: {'0.9' if 'UNWIND' in name else '1'})" for name in sides), flush=True)
    finally:
        running.stop()


def main(compared: int, growing: int) -> None:
    gc.set_threshold(50_000)  # as in the command line, for all sides
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; the best of {TURNS} runs in turn")
    bundles = [[bundle_of(record)] for record in corpus_of(compared).records]
    with tempfile.TemporaryDirectory() as folder:
        compare_embedded(bundles, folder)
        grow(growing, folder)
    compare_neo4j(bundles)


if __name__ == "__main__":
    sizes = [int(size.replace(",", "").replace("_", "")) for size in sys.argv[1:]]
    main(*(sizes or (20_000, 100_000)))
