"""The Neo4j engine: a bolt://, neo4j:// or neo4j+s:// address, by the official driver."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import AuthError, ClientError, DriverError, IncompleteCommit, Neo4jError, ServiceUnavailable

from graph import model
from graph.errors import BadCypher, CommitUnknown, NotReading, QueryTooSlow, StoreRefused, StoreUnreachable
from graph.settings import read_settings
from graph.store import BATCH, Store, Transaction, batches, create_edges_query, create_nodes_query, schema_queries
from graph.version_file import tag_of

T = TypeVar("T")
RETRIED = 15  # seconds for which a transaction is tried again after a lost connection
VERSION_AGE = 1.0  # seconds for which the version is not asked again


class ServerTransaction(Transaction):
    def __init__(self, transaction: neo4j.ManagedTransaction) -> None:
        self.transaction = transaction

    def execute(self, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        return [dict(record) for record in self.transaction.run(query, params)]

    def create_nodes(self, kind: type, nodes: list[Any]) -> int:
        return self._create(create_nodes_query(kind, place_of(kind)), kind, nodes, "nodes_created")

    def create_edges(self, kind: type, source: str, target: str, edges: list[Any]) -> int:
        return self._create(create_edges_query(kind, source, target, place_of(kind)), kind, edges, "relationships_created")

    def _create(self, query: str, kind: type, things: list[Any], counted: str) -> int:
        """Rows go over as lists: the names of each would be half of what is packed, which takes as long as the server's part."""
        made, values = 0, model.values_of(kind)
        for batch in batches(things, BATCH):
            made += getattr(self.transaction.run(query, {"rows": list(map(values, batch))}).consume().counters, counted)
        return made


class ServerStore(Store):
    """A Neo4j database."""

    def __init__(self, url: str, seconds: float | None = None) -> None:
        self.seconds = seconds  # that a query may take; None: the server's own limit
        settings = read_settings()
        self.url = url
        self.user = settings.neo4j_user
        auth = (settings.neo4j_user, settings.neo4j_password) if settings.neo4j_password else None
        self.options = {"database": settings.neo4j_database} if settings.neo4j_database else {}
        self._version: tuple[float, str] | None = None
        self._once: dict[str, tuple[str, Any]] = {}  # name to the version that it is of, and what was worked out
        self._lock = threading.Lock()
        self.driver: neo4j.Driver | None = None
        try:
            self.driver = neo4j.GraphDatabase.driver(
                url, auth=auth, connection_timeout=5, max_transaction_retry_time=RETRIED, notifications_min_severity="OFF")
            self.driver.verify_connectivity()
        except (AuthError, ServiceUnavailable, Neo4jError, DriverError, ValueError, OSError) as error:
            self.close()
            raise self._explain(error) from None

    def prepare(self) -> None:
        """Make the constraints, the indexes and the Meta node; nothing where they are there."""
        if self.meta():
            self.check_schema()
        try:
            with self._session() as session:
                # An index that has a constraint's name and no constraint is none: such a query is run, and Neo4j says what is wrong.
                there = dict(session.execute_read(lambda transaction: transaction.run("SHOW INDEXES YIELD name, owningConstraint").values()))
                for query in (query for name, query in schema_queries().items() if name not in there or "CONSTRAINT" in query and not there[name]):
                    session.execute_write(lambda transaction, query=query: transaction.run(query).consume())
                session.execute_write(lambda transaction: transaction.run(
                    "MERGE (m:Meta {id: 'm-meta'}) ON CREATE SET m.schema = $schema, m.version = 0, m.relinking = false, m.graph = $graph",
                    schema=model.SCHEMA, graph=secrets.token_hex(4)).consume())
        except (Neo4jError, DriverError) as error:
            raise self._explain(error) from None

    def read(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        @neo4j.unit_of_work(timeout=self.seconds)
        def work(transaction: neo4j.ManagedTransaction) -> list[dict[str, Any]]:
            return [dict(record) for record in transaction.run(query, params)]  # type: ignore[arg-type]

        try:
            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(work)
        except (Neo4jError, DriverError) as error:
            raise self._explain(error) from None

    def ask(self, query: str) -> list[dict[str, Any]]:
        try:
            with self._session(neo4j.READ_ACCESS) as session:
                kind = session.run(f"EXPLAIN {query}").consume().query_type  # type: ignore[arg-type]
        except (Neo4jError, DriverError) as error:
            raise self._explain(error) from None
        if kind != "r":
            raise NotReading("the query writes")
        return self.read(query)

    def transact(self, work: Callable[[Transaction], T]) -> T:
        def whole(transaction: neo4j.ManagedTransaction) -> T:
            ours = ServerTransaction(transaction)
            result = work(ours)
            ours.raise_version()
            return result

        try:
            with self._session() as session:
                result = session.execute_write(whole)
        except (Neo4jError, DriverError) as error:
            raise self._explain(error) from None
        self._version = None
        return result

    def once(self, name: str, work: Callable[[], T]) -> T:
        """Kept while the version stays; others may write at any time, so that it is asked before and after."""
        tag = self._tag_now()
        kept = self._once.get(name)
        if kept is None or kept[0] != tag:
            kept = tag, work()
            if self._tag_now() == tag:
                self._once[name] = kept
        return kept[1]

    def _tag_now(self) -> str:
        return tag_of(self.meta())

    def version_tag(self) -> str:
        with self._lock:
            now = time.monotonic()
            if self._version is None or now - self._version[0] > VERSION_AGE:
                self._version = (now, self._tag_now())
            return self._version[1]

    def close(self) -> None:
        if self.driver is not None:
            self.driver.close()

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        assert self.driver is not None
        return self.driver.session(default_access_mode=access, **self.options)

    def _explain(self, error: Exception) -> Exception:
        reason = " ".join(str(getattr(error, "message", None) or error).split())
        if isinstance(error, AuthError):
            return StoreRefused(self.url, self.user)
        if isinstance(error, IncompleteCommit):
            return CommitUnknown(self.url)
        if isinstance(error, ServiceUnavailable) or not isinstance(error, Neo4jError):
            return StoreUnreachable(self.url, reason[:200])
        if isinstance(error, ClientError) and "AccessMode" in str(error.code):
            return NotReading("the query writes")
        if "TransactionTimedOut" in str(error.code):
            return QueryTooSlow()
        return BadCypher(reason)


def place_of(kind: type) -> Callable[[str], str]:
    """How a field is written of a row that is a list, as `model.values_of` gives it."""
    return lambda name: f"r[{model.columns(kind).index(name)}]"
