"""The embedded engine: a LadybugDB file. No server, no account.

Facts that bind this file (measured with ladybug 0.22):
- a second writing Database on one path in the same process is not refused and loses commits: one a path and process;
- a read-only handle stays at the state of its opening, so readers open a new one when the version has changed;
- opening fails for a moment while another process checkpoints, so it is tried again;
- a writing handle keeps memory of all that it wrote (some 45 MB for 2,000 tasks; CHECKPOINT frees none of it), until its
  buffer pool is full and a COMMIT fails, after it committed: so a writing store opens a new handle from time to time.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import secrets
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import ladybug

from graph import model
from graph.errors import BadCypher, NotReading, StoreLocked, StoreMissing, StoreUnreadable, WriteFailed
from graph.store import Store, Transaction, version_of_file, create_edges_query, create_nodes_query

T = TypeVar("T")
COPY_FROM = 2_000  # rows from which COPY (25 to 40 ms whatever its size) beats UNWIND … CREATE
BUFFER = 1 << 30  # bytes of the buffer pool; the engine's default takes most of the machine
RENEWED = 200_000  # rows written after which a handle is opened anew: a quarter of what fills the pool
_TYPES = {str: "STRING", int: "INT64", float: "DOUBLE", bool: "BOOLEAN", list[str]: "STRING[]", list[int]: "INT64[]"}
_writers: dict[str, EmbeddedStore] = {}
_writers_lock = threading.Lock()


class EmbeddedTransaction(Transaction):
    def __init__(self, connection: ladybug.Connection) -> None:
        self.connection = connection
        self.written = 0  # rows

    def execute(self, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        return _rows(self.connection.execute(query, params))

    def create_nodes(self, kind: type, rows: list[dict[str, Any]]) -> None:
        self._create(kind, create_nodes_query(kind), kind.__name__, rows, "")

    def create_edges(self, kind: type, source: str, target: str, rows: list[dict[str, Any]]) -> None:
        pair = f" (from='{source}', to='{target}')" if len(kind.PAIRS) > 1 else ""
        self._create(kind, create_edges_query(kind, source, target), kind.__name__, rows, pair)

    def _create(self, kind: type, query: str, table: str, rows: list[dict[str, Any]], pair: str) -> None:
        self.written += len(rows)
        if len(rows) < COPY_FROM and not _is_untyped(kind, rows):
            self.connection.execute(query, {"rows": rows})
        else:
            arrow_table = _arrow(kind, rows)
            self.connection.execute(f"COPY `{table}` FROM $arrow_table{pair}", {"arrow_table": arrow_table})


def _is_untyped(kind: type, rows: list[dict[str, Any]]) -> bool:
    """Whether a list of numbers is empty in every row: UNWIND takes it for a list of texts, and the engine refuses it."""
    return any(hint == list[int] and not any(row[name] for row in rows) for name, hint in model.properties(kind).items())


def _arrow(kind: type, rows: list[dict[str, Any]]) -> Any:
    import pyarrow

    types = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_(),
             list[str]: pyarrow.list_(pyarrow.string()), list[int]: pyarrow.list_(pyarrow.int64())}
    fields = model.properties(kind)
    ends = {"source": str, "target": str} if issubclass(kind, model.Edge) else {}
    schema = pyarrow.schema([(name, types[hint]) for name, hint in (ends | fields).items()])
    return pyarrow.Table.from_pylist(rows, schema=schema)


class EmbeddedStore(Store):
    """One file. Reading stores are cheap; there is one writing store a path and process."""

    def __init__(self, path: str, mode: str) -> None:
        self.url = path
        self.key = os.path.realpath(path)
        self.mode = mode
        self._written = 0  # rows since the handle was opened
        self.version_path = Path(path + ".version")
        self._lock = threading.RLock()
        if mode != "create" and not Path(path).exists():
            raise StoreMissing(path)
        if mode == "read":
            self.database = self._open(read_only=True)
        else:
            with _writers_lock:
                if self.key in _writers:
                    raise StoreLocked(path, "another part of this process")
                self.database = self._open(read_only=False)
                _writers[self.key] = self
        # A connection serves one thread at a time: readers take one from here and put it back.
        self._idle: queue.LifoQueue[ladybug.Connection] = queue.LifoQueue()
        self._connections: list[ladybug.Connection] = []
        try:
            self.connection = self._connect()
            if mode != "read":
                self._mend_version_file()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> ladybug.Connection:
        connection = ladybug.Connection(self.database)
        self._connections.append(connection)
        return connection

    def _open(self, read_only: bool) -> ladybug.Database:
        for attempt in range(20):
            try:
                return ladybug.Database(self.url, read_only=read_only, buffer_pool_size=BUFFER)
            except RuntimeError as error:
                reason = str(error)
                if "lock" in reason.lower():
                    holder = re.search(r"PID (\d+)", reason)
                    if not read_only:
                        raise StoreLocked(self.url, f"process {holder[1]}" if holder else "another process") from None
                if "not a valid" in reason or "is a directory" in reason.lower() or attempt == 19:
                    raise StoreUnreadable(self.url, reason.splitlines()[0].removeprefix("Runtime exception: ")) from None
                time.sleep(0.05)  # another process checkpoints
        raise AssertionError("unreachable")

    def prepare(self) -> None:
        """Make the tables of a new graph; nothing where they are there."""
        known = {row["name"] for row in self._execute("CALL show_tables() RETURN name")}
        if "Meta" in known:
            return
        self.connection.execute("BEGIN TRANSACTION")
        for kind in model.NODES:
            columns = ", ".join(f"`{name}` {_TYPES[hint]}" for name, hint in model.properties(kind).items())
            self.connection.execute(f"CREATE NODE TABLE `{kind.__name__}`({columns}, PRIMARY KEY(`id`))")
        for kind in model.EDGES:
            ends = ", ".join(f"FROM `{source}` TO `{target}`" for source, target in kind.PAIRS)
            columns = "".join(f", `{name}` {_TYPES[hint]}" for name, hint in model.properties(kind).items())
            self.connection.execute(f"CREATE REL TABLE `{kind.__name__}`({ends}{columns})")
        self.connection.execute(
            "CREATE (m:Meta {id: 'm-meta', schema: $schema, version: 0, relinking: false, graph: $graph})",
            {"schema": model.SCHEMA, "graph": secrets.token_hex(4)})
        self.connection.execute("COMMIT")
        # Neo4j's name for what ladybug calls label(); outside the transaction, where macros are made.
        self.connection.execute("CREATE MACRO type(x) AS label(x)")
        self._mend_version_file()

    def read(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        if self.mode != "read":
            with self._lock:
                return self._execute(query, params)
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = self._connect()
        try:
            return self._execute(query, params, connection)
        finally:
            self._idle.put(connection)

    def _execute(self, query: str, params: dict[str, Any] | None = None, connection: ladybug.Connection | None = None) -> list[dict[str, Any]]:
        try:
            return _rows((connection or self.connection).execute(query, params or {}))
        except RuntimeError as error:
            reason = " ".join(str(error).split())
            if "read-only" in reason:
                raise NotReading("the query writes") from None
            raise BadCypher(reason) from None

    def transact(self, work: Callable[[Transaction], T]) -> T:
        with self._lock:
            self.connection.execute("BEGIN TRANSACTION")
            try:
                transaction = EmbeddedTransaction(self.connection)
                result = work(transaction)
                transaction.raise_version()
                self._commit()
            except BaseException as error:
                with contextlib.suppress(RuntimeError):  # a failed statement has rolled back already
                    self.connection.execute("ROLLBACK")
                if isinstance(error, RuntimeError):
                    raise WriteFailed(self.url, " ".join(str(error).split())) from error
                raise
            self._written += transaction.written
            if self._written >= RENEWED:
                self._renew()
            self._mend_version_file()
            return result

    def _commit(self) -> None:
        """COMMIT; one of which only the checkpoint behind it failed has committed, and what it could not write out is in the log."""
        try:
            self.connection.execute("COMMIT")
        except RuntimeError as error:
            if "committed successfully" not in str(error):
                raise
            self._written = RENEWED  # a new handle has room for the checkpoint

    def _renew(self) -> None:
        """Let go of the handle and of what it keeps in memory, and open another; the store stays this process's writer."""
        self._let_go()
        self.database = self._open(read_only=False)
        self.connection = self._connect()
        self._written = 0

    def _mend_version_file(self) -> None:
        """Write the small file that says the version, so that a reader need not open the graph to know it.

        Also after a kill between commit and this write: the next writer puts it right.
        """
        try:
            meta = self.meta()
        except BadCypher:
            return  # a new file without tables
        text = json.dumps({"graph": meta["graph"], "version": meta["version"]}) if meta else "{}"
        if not self.version_path.exists() or self.version_path.read_text() != text:
            temporary = self.version_path.with_suffix(".writing")
            temporary.write_text(text)
            temporary.replace(self.version_path)

    def version_tag(self) -> str:
        return version_of_file(self.url)

    def close(self) -> None:
        with _writers_lock:
            if _writers.get(self.key) is self:
                del _writers[self.key]
        self._let_go()

    def _let_go(self) -> None:
        for connection in getattr(self, "_connections", ()):
            connection.close()
        self._connections = []
        if hasattr(self, "database"):
            self.database.close()


def _rows(result: Any) -> list[dict[str, Any]]:
    if isinstance(result, list):
        result = result[-1]
    names = result.get_column_names()
    return [dict(zip(names, (_plain(value) for value in row), strict=True)) for row in result.get_all()]


def _plain(value: Any) -> Any:
    """sum() gives Decimal here and int on Neo4j."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
