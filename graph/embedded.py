"""The embedded engine: a LadybugDB file. No server, no account.

Facts that bind this file (measured with ladybug 0.22):
- a second writing Database on one path in the same process is not refused and loses commits: one a path and process;
- a read-only handle stays at the state of its opening, so readers open a new one when the version has changed;
- opening fails for a moment while another process checkpoints, so it is tried again;
- a writing handle keeps memory of all that it wrote (some 45 MB for 2,000 tasks; CHECKPOINT frees none of it), until its
  buffer pool is full and a COMMIT fails, after it committed: so a writing store opens a new handle from time to time;
- a log (.wal) that a kill or a full disk cut short refuses to open, committed transactions and all, unless it is opened with
  throw_on_wal_replay_failure=False, which leaves out what comes after the damage without a word: so the version is compared;
- a kill or a full disk in the middle of a checkpoint leaves a graph that only a writing handle can open, which ends the checkpoint;
- what COPY writes is in no log: a kill or a full disk at the checkpoint behind it leaves the transaction without these rows,
  half documents. UNWIND … CREATE in batches is as fast (122,000 to 135,000 nodes a second, COPY 93,000 to 138,000);
- a connection keeps every statement that it ran, with the memory of its last run, until it is closed: kept for longer than a query
  they fill the buffer pool of a service within a minute, and the engine crashes;
- a handle whose write to disk failed ends the process when it is closed (std::terminate): it is never closed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import ladybug

from graph import model
from graph.errors import BadCypher, DiskFull, NotReading, StoreLocked, StoreMissing, StoreNotWritable, StoreOutdated, StoreUnreadable, StoreUnrecovered, WriteFailed
from graph.store import BATCH, Store, Transaction, batches, create_edges_query, create_nodes_query
from graph.version_file import lost_commits, read_said, version_of_file, write_said

T = TypeVar("T")
BUFFER = 1 << 30  # bytes of the buffer pool; the engine's default takes most of the machine
_ATTEMPTS = 20  # to open, 50 ms apart
READING = 4  # queries that a handle answers at a time: each takes of its buffer pool, and a server's threads are forty
RENEWED = 200_000  # rows written after which a handle is opened anew: a quarter of what fills the pool
_TYPES = {str: "STRING", int: "INT64", float: "DOUBLE", bool: "BOOLEAN", list[str]: "STRING[]", list[int]: "INT64[]"}
_WRITE_FAILED = re.compile(r"Cannot write to file|No space left|File too large|Disk quota exceeded")
_MAY_NOT = re.compile(r"Read-only file system|Permission denied")
_writers: dict[str, EmbeddedStore] = {}
_writers_lock = threading.RLock()


class EmbeddedTransaction(Transaction):
    def __init__(self, connection: ladybug.Connection) -> None:
        self.connection = connection
        self.written = 0  # rows

    def execute(self, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        return _rows(self.connection.execute(query, params))

    def create_nodes(self, kind: type, rows: list[dict[str, Any]]) -> None:
        self._create(kind, create_nodes_query(kind), rows)

    def create_edges(self, kind: type, source: str, target: str, rows: list[dict[str, Any]]) -> None:
        self._create(kind, create_edges_query(kind, source, target), rows)

    def _create(self, kind: type, query: str, rows: list[dict[str, Any]]) -> None:
        self.written += len(rows)
        for name, hint in model.properties(kind).items():
            if hint == list[int]:  # empty in every row it is taken for a list of texts
                query = query.replace(f"r.`{name}`", f"CAST(r.`{name}` AS INT64[])")
        for batch in batches(rows, BATCH):
            self.connection.execute(query, {"rows": batch})


class EmbeddedStore(Store):
    """One file. Reading stores are cheap; there is one writing store a path and process."""

    def __init__(self, path: str, mode: str) -> None:
        self.url = path
        self.key = os.path.realpath(path)
        self.mode = mode
        self._written = 0  # rows since the handle was opened
        self._is_spoiled = False  # a write to disk failed
        self._lock = threading.RLock()
        if mode != "create" and not Path(path).exists():
            raise StoreMissing(path)
        said = read_said(path)  # before opening: what another process commits in between is no loss
        if mode == "read":
            self.database = self._open(read_only=True)
        else:
            with _writers_lock:
                if self.key in _writers:
                    raise StoreLocked(path, f"another part of this process ({os.getpid()})")
                if Path(path).exists():
                    _refuse_outdated(path)
                self.database = self._open(read_only=False)
                _writers[self.key] = self
        self._connections: list[ladybug.Connection] = []
        self._reading = threading.BoundedSemaphore(READING)
        try:
            self.connection = self._connect()
            self._lost = self._count_lost(said)
            if mode != "read":
                self._pass_lost()
                self._mend_version_file()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> ladybug.Connection:
        connection = ladybug.Connection(self.database)
        self._connections.append(connection)
        return connection

    def _open(self, read_only: bool) -> ladybug.Database:
        for attempt in range(_ATTEMPTS):
            try:
                return ladybug.Database(self.url, read_only=read_only, buffer_pool_size=BUFFER, throw_on_wal_replay_failure=False)
            except RuntimeError as error:
                reason = " ".join(str(error).removeprefix("Runtime exception: ").split())
                if read_only and "recovery is pending" in reason:
                    if attempt >= _ATTEMPTS // 2:  # nobody is about to end it
                        self._recover()
                elif "recovery" in reason:
                    raise StoreUnrecovered(self.url, reason) from None
                elif _WRITE_FAILED.search(reason):
                    raise DiskFull(self.url) from None
                elif not read_only and (refused := _MAY_NOT.search(reason)):
                    raise StoreNotWritable(self.url, refused[0]) from None
                elif not read_only and "lock" in reason.lower():
                    holder = re.search(r"PID (\d+)", reason)
                    raise StoreLocked(self.url, f"process {holder[1]}" if holder else "another process") from None
                elif "not a valid" in reason or "is a directory" in reason.lower() or attempt == _ATTEMPTS - 1:
                    raise StoreUnreadable(self.url, reason) from None
                time.sleep(0.05)  # another process checkpoints
        raise StoreUnrecovered(self.url, "its checkpoint does not end")

    def _recover(self) -> None:
        """End a checkpoint in whose middle a process was killed or the disk was full: a reading handle cannot."""
        with _writers_lock:
            if self.key not in _writers:
                with contextlib.suppress(StoreLocked):
                    self._open(read_only=False).close()

    def prepare(self) -> None:
        """Make the tables of a new graph; nothing where they are there."""
        if "Meta" in self.tables():
            return
        with self._writing():
            self._make_tables()
        self._mend_version_file()

    def check_schema(self) -> None:
        if not self.tables():  # its making was killed before the first commit
            raise StoreMissing(self.url)
        super().check_schema()

    def tables(self) -> set[str]:
        """The names of its tables; of a new file none."""
        return {row["name"] for row in self._execute("CALL show_tables() RETURN name")}

    def _make_tables(self) -> None:
        self.connection.execute("BEGIN TRANSACTION")
        for kind in model.NODES:
            columns = ", ".join(f"`{name}` {_TYPES[hint]}" for name, hint in model.properties(kind).items())
            self.connection.execute(f"CREATE NODE TABLE `{kind.__name__}`({columns}, PRIMARY KEY(`id`))")
        for kind in model.EDGES:
            ends = ", ".join(f"FROM `{source}` TO `{target}`" for source, target in kind.PAIRS)
            columns = "".join(f", `{name}` {_TYPES[hint]}" for name, hint in model.properties(kind).items())
            self.connection.execute(f"CREATE REL TABLE `{kind.__name__}`({ends}{columns})")
        # Neo4j's name for what ladybug calls label(); in the same transaction, or a kill would leave a graph without it.
        self.connection.execute("CREATE MACRO type(x) AS label(x)")
        self.connection.execute(
            "CREATE (m:Meta {id: 'm-meta', schema: $schema, version: 0, relinking: false, graph: $graph})",
            {"schema": model.SCHEMA, "graph": secrets.token_hex(4)})
        self._commit()

    def read(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        if self.mode != "read":
            with self._lock:
                return self._execute(query, params)
        with self._reading, ladybug.Connection(self.database) as connection:
            return self._execute(query, params, connection)

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
            with self._writing():
                self.connection.execute("BEGIN TRANSACTION")
                transaction = EmbeddedTransaction(self.connection)
                result = work(transaction)
                transaction.raise_version()
                self._commit()
            self._written += transaction.written
            if self._written >= RENEWED:
                self._renew()
            self._mend_version_file()
            return result

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction that is undone when the block fails; an error of the engine is one of ours."""
        try:
            yield
        except BaseException as error:
            self._is_spoiled = self._is_spoiled or bool(_WRITE_FAILED.search(str(error)))
            with contextlib.suppress(RuntimeError):  # a failed statement has rolled back already
                self.connection.execute("ROLLBACK")
            if self._is_spoiled:
                raise DiskFull(self.url) from error
            if isinstance(error, RuntimeError):
                raise WriteFailed(self.url, " ".join(str(error).split())) from error
            raise

    def _commit(self) -> None:
        """COMMIT; one of which only the checkpoint behind it failed has committed, and what was not written out is in the log."""
        try:
            self.connection.execute("COMMIT")
        except RuntimeError as error:
            if "committed successfully" not in str(error):
                raise
            self._is_spoiled = bool(_WRITE_FAILED.search(str(error)))
            self._written = RENEWED  # a new handle has room for the checkpoint

    def _renew(self) -> None:
        """Let go of the handle and of what it keeps in memory, and open another; the store stays this process's writer."""
        self._let_go()
        self._connections, self._is_spoiled = [], False
        self.database = self._open(read_only=False)
        self.connection = self._connect()
        self._written = 0

    def _count_lost(self, said: tuple[str, int] | None) -> int:
        """How many commits the version file spoke of before the opening that are not in the graph."""
        try:
            meta = self.meta()
        except BadCypher:
            return 0  # a new file without tables, or none of ours
        return max(0, said[1] - meta["version"]) if said and meta and (said[0], model.SCHEMA) == (meta["graph"], meta["schema"]) else 0

    def _pass_lost(self) -> None:
        """Raise the version past what was lost, so that no tag means two states."""
        if lost := self._lost:
            self.transact(lambda transaction: transaction.run("MATCH (m:Meta) SET m.version = m.version + $lost", lost=lost))

    def warnings(self) -> list[str]:
        return super().warnings() + ([lost_commits(self._lost)] if self._lost else [])

    def _mend_version_file(self) -> None:
        """Also after a kill between commit and this write: the next writer puts it right. Raises VersionNotWritten."""
        try:
            meta = self.meta()
        except BadCypher:
            return  # a new file without tables
        if meta and meta["schema"] == model.SCHEMA:
            write_said(self.url, meta["graph"], meta["version"])

    def version_tag(self) -> str:
        return version_of_file(self.url)

    def close(self) -> None:
        with _writers_lock:
            if _writers.get(self.key) is self:
                del _writers[self.key]
        self._let_go()

    def _let_go(self) -> None:
        if self._is_spoiled:
            for kept in (*self._connections, self.database):
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))  # never freed, which would close it
            return
        for connection in getattr(self, "_connections", ()):
            connection.close()
        self._connections = []
        if hasattr(self, "database"):
            self.database.close()


def _refuse_outdated(path: str) -> None:
    """By a reading handle: a writing one writes the file anew when it is closed, whatever was done with it."""
    with EmbeddedStore(path, "read") as reader:
        meta = reader.meta() if "Meta" in reader.tables() else None
    if meta and meta["schema"] != model.SCHEMA:
        raise StoreOutdated(path, meta["schema"], model.SCHEMA)


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
