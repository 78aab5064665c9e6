"""The whole contract between the product and a database: a handful of verbs. `open_store(url)` picks the engine.

Queries are the common Cypher of both engines; no caller asks which one answers.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from graph import model
from graph.errors import BadCypher, PasswordInAddress, StoreMissing, StoreOutdated, StoreUnreadable, UnknownScheme, WriteMiscounted

T = TypeVar("T")
P = ParamSpec("P")
SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_WRITES = re.compile(r"\b(?:CREATE|MERGE|DELETE|SET|REMOVE)\b")
RELINKING = "links are being made anew, or that was broken off: those of some plans are the old ones; `policygraph link` makes all anew"
META = "MATCH (m:Meta) RETURN m.schema AS schema, m.version AS version, m.graph AS graph"
BATCH = 2_000  # ids that a query asks for, and rows that a Neo4j is given: measured best for rows of this size


class Transaction(ABC):
    """One writing transaction: all of it or nothing."""

    touched = False  # it ran something that writes
    misreads = False  # what it reads now can lack edges that it has written, by `by_ids` above all; once committed they are all there

    def run(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """Run any query and return its rows."""
        self.touched = self.touched or bool(_WRITES.search(query))
        return self.execute(query, params)

    @abstractmethod
    def execute(self, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Hand a query to the engine."""

    @abstractmethod
    def create_nodes(self, kind: type, nodes: list[Any]) -> int:
        """Create nodes whose ids are not in the graph yet; returns how many the engine says it made."""

    @abstractmethod
    def create_edges(self, kind: type, source: str, target: str, edges: list[Any]) -> int:
        """Create edges between nodes of the kinds `source` and `target` that are in the graph; returns how many the engine says it made."""

    def delete(self, kind: str, ids: list[str]) -> None:
        """Delete nodes with their edges."""
        if ids:
            self.run(by_ids(f"n:{kind}") + " DETACH DELETE n", ids=ids)

    def existing(self, kind: str, ids: Iterable[str]) -> set[str]:
        """Those of the ids that nodes of `kind` have."""
        found: set[str] = set()
        for batch in batches(sorted(set(ids)), BATCH):
            found |= {row["id"] for row in self.run(by_ids(f"n:{kind}") + " RETURN n.id AS id", ids=batch)}
        return found

    def raise_version(self) -> None:
        """Count the graph's version up where anything was written."""
        if self.touched:
            self.execute("MATCH (m:Meta) SET m.version = m.version + 1", {})

    def write(self, nodes: dict[type, list[Any]], edges: dict[tuple[type, str, str], list[Any]]) -> None:
        """Create nodes, then edges; where the engine made more or fewer than that the transaction is undone."""
        for kind, things in nodes.items():
            if things:
                self.touched = True
                made = self.create_nodes(kind, things)
                if made != len(things):
                    raise WriteMiscounted(kind.__name__, len(things), made)
        for (kind, source, target), things in edges.items():
            if things:
                self.touched = True
                made = self.create_edges(kind, source, target, things)
                if made != len(things):
                    raise WriteMiscounted(f"{source}-{kind.__name__}->{target}", len(things), made)


class Store(ABC):
    """A graph that can be asked and, where it was opened for it, written."""

    url: str
    tasks_at_once = 8_000  # that a transaction of `ingest` loads at most: what is kept in memory; each asks anew what it stands beside

    @abstractmethod
    def read(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        """Run a reading query; a row is a dict of the query's column names."""

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Run a query of somebody's own; raises NotReading where the engine takes it for anything but reading."""
        return self.read(query)

    @abstractmethod
    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction, raise the graph's version if it touched anything, commit.

        `work` may be run again after a lost connection.
        """

    @abstractmethod
    def version_tag(self) -> str:
        """What changes whenever the graph does, cheap to ask: the ETag."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections."""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[Store]:
        """A store whose reads within the block all see one state, where the engine can do that; a reading embedded store can."""
        yield self

    def once(self, name: str, work: Callable[[], T]) -> T:
        """What `work` gives, which rests on the graph alone; a store that shows one state works it out once, a server once a version. Not to be changed."""
        return work()

    def refresh(self) -> None:
        """Show the newest state from now on, whatever it takes to read it: for who has just written."""

    def meta(self) -> dict[str, Any] | None:
        rows = self.read(META)
        return rows[0] if rows else None

    def warnings(self) -> list[str]:
        """What whoever reads any answer of this graph must know."""
        return [RELINKING] if self.is_relinking() else []

    def is_relinking(self) -> bool:
        """Whether links are being made anew, or that was broken off."""
        return any(row["relinking"] for row in self.read("MATCH (m:Meta) RETURN m.relinking AS relinking"))

    def check_schema(self) -> dict[str, Any]:
        """Refuse a graph of another schema, and a database that is none of ours; returns the Meta node."""
        try:
            meta = self.meta()
        except BadCypher:
            raise StoreUnreadable(self.url, "it holds no Meta node") from None
        if meta is None:
            raise StoreMissing(self.url)
        if meta["schema"] != model.SCHEMA:
            raise StoreOutdated(self.url, meta["schema"], model.SCHEMA)
        return meta


def one_state(function: Callable[Concatenate[Store, P], T]) -> Callable[Concatenate[Store, P], T]:
    """A function whose first argument is a store: all that it reads is of one state of the graph."""
    @wraps(function)
    def within(store: Store, *args: P.args, **given: P.kwargs) -> T:
        with store.snapshot() as seen:
            return function(seen, *args, **given)

    return within


def is_server(url: str) -> bool:
    """Whether a url is a Neo4j address; anything else is a file path."""
    return "://" in url


def open_store(url: str, mode: str = "read", seconds: float | None = None) -> Store:
    """Open a graph: `read`, `write` (it must exist) or `create` (made if missing). Raises a StoreError that names it.

    `with open_store(url) as store` shows one state of an embedded graph to the whole block. A query that is read takes at most
    `seconds`, which None leaves open.
    """
    if is_server(url):
        scheme, _, rest = url.partition("://")
        if "@" in rest:
            raise PasswordInAddress(scheme, rest.rpartition("@")[2])
        if scheme not in SCHEMES:
            raise UnknownScheme(url)
        from graph.server import ServerStore

        store: Store = ServerStore(url, seconds)
    else:
        from graph.embedded_reading import EmbeddedReader
        from graph.embedded_writing import EmbeddedWriter

        store = EmbeddedReader(url, seconds) if mode == "read" else EmbeddedWriter(url, mode)
    try:
        if mode == "create":
            store.prepare()  # type: ignore[attr-defined]
        store.check_schema()
    except BaseException:
        store.close()
        raise
    return store


def batches(items: list[T], size: int) -> Iterable[list[T]]:
    """The list in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start:start + size]


def by_ids(node: str, path: str = "", of_path: str = "") -> str:
    """How nodes of `$ids` and what hangs on them are matched, as `by_ids("t:Task", "(d:Department)-[:RESPONSIBLE_FOR]->(t)", "d")`.

    A RETURN follows, after a path AND may; `of_path` is a node of the path, which a node by id without such a path lacks. An id that stands twice gives its rows twice.

    The embedded engine finds such nodes in its index and reads no edges but theirs. For one MATCH of the whole path it reads all
    edges of the graph, and `id IN $ids` compares every node with every id.
    """
    return f"UNWIND $ids AS given MATCH ({node} {{id: given}})" + (f" OPTIONAL MATCH {path} WITH * WHERE {of_path}.id IS NOT NULL" if path else "")


def create_nodes_query(kind: type, value: Callable[[str], str], rows: str = "UNWIND $rows AS r") -> str:
    """CREATE with the fields of a node kind for each of `rows`; `value` says how a field of a row is written."""
    return f"{rows} CREATE (n:{kind.__name__} {_assign(kind, value)})"


def create_edges_query(kind: type, source: str, target: str, value: Callable[[str], str], rows: str = "UNWIND $rows AS r") -> str:
    return (f"{rows} MATCH (a:{source} {{id: {value('source')}}}) MATCH (b:{target} {{id: {value('target')}}}) "
            f"CREATE (a)-[:{kind.__name__} {_assign(kind, value)}]->(b)")


def schema_queries() -> dict[str, str]:
    """What a Neo4j is told before nodes come, by name: no two of a kind have one id, and an index for what else loading looks nodes up by.
    The embedded engine has its own index of ids, and joins by hash."""
    named = [(kind.__name__, "id", "CONSTRAINT") for kind in model.NODES] + [(kind.__name__, name, "INDEX") for kind, names in model.LOOKED_UP.items() for name in names]
    rests = {"CONSTRAINT": "REQUIRE n.{} IS UNIQUE", "INDEX": "ON (n.{})"}
    return {f"{kind.lower()}_{name}": f"CREATE {what} {kind.lower()}_{name} IF NOT EXISTS FOR (n:{kind}) {rests[what].format(name)}" for kind, name, what in named}


def _assign(kind: type, value: Callable[[str], str]) -> str:
    # `group` is a word of the language in one engine, so every name is quoted.
    return "{" + ", ".join(f"`{name}`: {value(name)}" for name in model.properties(kind)) + "}"
