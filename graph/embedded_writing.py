"""The embedded engine, written: one writing store a file, in whatever process."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import ladybug

from graph import model
from graph.arrow import schema_of
from graph.embedded_reading import EmbeddedReader
from graph.errors import BadCypher, DiskFull, GraphRead, StoreError, StoreLocked, StoreMissing, StoreNotWritable, WriteFailed
from graph.file_lock import WAIT, FileLock
from graph.ladybug_file import POOL_FULL, WRITE_FAILED, EmbeddedStore, end_checkpoint, most, open_database, rows_of, run_query, size_of, wider
from graph.store import Transaction, batches, create_edges_query, create_nodes_query
from graph.version_file import count_lost, read_said, tag_of, write_said

if TYPE_CHECKING:
    import pyarrow

T = TypeVar("T")
KEPT = 2_000  # rows written after which a connection is let go of: small transactions share one, which need not prepare its statements again
GROUP = 131_072  # nodes of a node group of the engine
CHECKPOINTED = 16 << 20  # bytes of the log after which it is written into the file: whoever opens the file replays it.
SHARE = 4  # Of a large file it may have this part: a checkpoint writes all texts and edges anew of each node group that has new ones.
ROWS = 20_000  # a statement that writes takes
_TYPES = {str: "STRING", int: "INT64", float: "DOUBLE", bool: "BOOLEAN", list[str]: "STRING[]", list[int]: "INT64[]"}
_LOAD = "`{}`".format, "LOAD FROM $rows"  # how a column of an Arrow table is written, and where its rows come from
_writers: dict[str, EmbeddedWriter] = {}
_writers_lock = threading.RLock()


class EmbeddedTransaction(Transaction):
    def __init__(self, connection: ladybug.Connection) -> None:
        self.connection = connection
        self.written = 0  # rows
        self._groups: dict[str, int] = {}  # of the nodes made of a kind: the node group of the first

    def execute(self, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        return rows_of(self.connection.execute(query, params))

    def create_nodes(self, kind: type, nodes: list[Any]) -> int:
        made = 0
        for row in self._create(f"{create_nodes_query(kind, *_LOAD)} RETURN count(*) AS n, min(offset(id(n))) AS first, max(offset(id(n))) AS last", kind, nodes):
            made += row["n"]
            group = self._groups.setdefault(kind.__name__, row["first"] // GROUP)
            # Of new nodes that lie in two groups ladybug 0.22 finds some without their edges, until they are committed.
            self.misreads = self.misreads or row["last"] // GROUP != group
        return made

    def create_edges(self, kind: type, source: str, target: str, edges: list[Any]) -> int:
        """Counted as they are made: a count over the graph may miss some, too."""
        return sum(row["n"] for row in self._create(f"{create_edges_query(kind, source, target, *_LOAD)} RETURN count(*) AS n", kind, edges))

    def _create(self, query: str, kind: type, things: list[Any]) -> Iterator[dict[str, Any]]:
        self.written += len(things)
        for batch in batches(things, ROWS):
            yield from self.execute(query, {"rows": table_of(kind, batch)})


class EmbeddedWriter(EmbeddedStore):
    """One file, written. What it reads, too, is what it has written so far."""

    def __init__(self, path: str, mode: str) -> None:
        self.url = path
        self.key = os.path.realpath(path)
        self._file_lock = FileLock(path)
        self._connection: ladybug.Connection | None = None
        self._written = 0  # rows, by this connection
        self._is_spoiled = False  # a write to disk failed
        self._lock = threading.RLock()
        if mode != "create" and not Path(path).exists():
            raise StoreMissing(path)
        said = read_said(path)  # before opening: what another process commits in between is no loss
        with _writers_lock:
            if self.key in _writers:
                raise StoreLocked(path, f"another part of this process ({os.getpid()})")
            if Path(path).exists():
                _refuse_outdated(path)
            self._open_handle()
            _writers[self.key] = self
        try:
            self.lost = count_lost(said, self._meta_or_none())
            self._pass_lost()
            self._mend_version_file()
        except BaseException:
            self.close()
            raise

    def _open_handle(self, buffer: int = 0) -> None:
        """Open a handle with a pool of at least some bytes, which reads the log and changes nothing: a checkpoint that was broken off has been ended before, by a reading store."""
        self.database = open_database(self.url, read_only=False, buffer=buffer)

    def _close_handle(self) -> None:
        """Close the handle, which leaves the log to the next one."""
        self._disconnect()
        if self._is_spoiled:
            _never_free(self.database)
        elif not self.database.is_closed:  # it is where another could not be opened
            self.database.close()

    def prepare(self) -> None:
        """Make the tables of a new graph; nothing where they are there."""
        if "Meta" in self.tables():
            return
        with self._writing() as connection:
            _make_tables(connection)
        self._mend_version_file()

    def read(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        with self._lock:
            return run_query(self._connect(), query, params)

    def transact(self, work: Callable[[Transaction], T]) -> T:
        with self._lock:
            try:
                with self._writing() as connection:
                    transaction = EmbeddedTransaction(connection)
                    result = work(transaction)
                    transaction.raise_version()
                self._written += transaction.written
                if self._written >= KEPT:
                    self._disconnect()
            except WriteFailed as failed:
                if not POOL_FULL.search(str(failed)) or not self._widen():
                    raise
                return self.transact(work)  # all of it was undone
            self._mend_version_file()
            self._write_log()
            return result

    @contextmanager
    def _writing(self) -> Iterator[ladybug.Connection]:
        """A transaction that is undone when the block fails; an error of the engine is one of ours."""
        connection = self._connect()
        try:
            connection.execute("BEGIN TRANSACTION")
            yield connection
            connection.execute("COMMIT")
        except BaseException as error:
            self._is_spoiled = self._is_spoiled or bool(WRITE_FAILED.search(str(error)))
            with contextlib.suppress(RuntimeError):  # a failed statement has rolled back already
                connection.execute("ROLLBACK")
            self._disconnect()
            if self._is_spoiled:
                raise DiskFull(self.url) from error
            if isinstance(error, RuntimeError):
                raise WriteFailed(self.url, " ".join(str(error).split())) from error
            raise

    def _connect(self) -> ladybug.Connection:
        if self._connection is None:
            self._connection = ladybug.Connection(self.database)
        return self._connection

    def _disconnect(self) -> None:
        """Let go of the connection and of what its statements took of the buffer pool."""
        connection, self._connection, self._written = self._connection, None, 0
        if connection is not None:
            if self._is_spoiled:
                _never_free(connection)
            else:
                connection.close()

    def _write_log(self) -> None:
        """Write a log that has grown long into the file.

        Where the checkpoint fails the transaction stays, what was not written out is in the log, and a new handle has room for the
        next. Where somebody reads for long the next transaction tries again, and waits in earnest only when the log has grown very long.
        """
        log, much = size_of(self.url + ".wal"), max(CHECKPOINTED, size_of(self.url) // SHARE)
        if log < much:
            return
        with contextlib.suppress(GraphRead), self._file_lock.exclusive(WAIT if log >= 4 * much else 1.0):
            failed = self._checkpoint()
            if failed is None:
                self._make_room()
            elif not (POOL_FULL.search(failed) and self._widen()):
                self._renew()

    def _checkpoint(self) -> str | None:
        """Write the log into the file, under the exclusive lock; returns why it failed."""
        try:
            self._connect().execute("CHECKPOINT")
        except RuntimeError as error:
            self._is_spoiled = self._is_spoiled or bool(WRITE_FAILED.search(str(error)))
            return str(error)
        return None

    def _make_room(self) -> None:
        """Have a pool as large as the graph when its next log is written: while there is none a handle is opened in no time."""
        wanted = min(size_of(self.url) + size_of(self.url) // SHARE, most())
        if self.database.buffer_pool_size < wanted:
            self._renew(wanted)

    def _renew(self, buffer: int = 0) -> None:
        """Let go of the handle and open another, whose pool is no smaller; the store stays this process's writer."""
        buffer = max(buffer, self.database.buffer_pool_size)
        self._close_handle()
        self._open_handle(buffer)
        self._is_spoiled = False

    def _widen(self) -> bool:
        """Open a handle with a pool of twice the size; False where there is no memory for it."""
        buffer = wider(self.database.buffer_pool_size)
        if buffer is None:
            return False
        self._renew(buffer)
        return True

    def _meta_or_none(self) -> dict[str, Any] | None:
        try:
            return self.meta()
        except BadCypher:
            return None  # a new file without tables, or none of ours

    def _pass_lost(self) -> None:
        """Raise the version past what was lost, so that no tag means two states."""
        if lost := self.lost:
            self.transact(lambda transaction: transaction.run("MATCH (m:Meta) SET m.version = m.version + $lost", lost=lost))

    def _mend_version_file(self) -> None:
        """Also after a kill between commit and this write: the next writer puts it right. Raises VersionNotWritten."""
        meta = self._meta_or_none()
        if meta and meta["schema"] == model.SCHEMA:
            write_said(self.url, meta["graph"], meta["version"])

    def version_tag(self) -> str:
        return tag_of(self._meta_or_none())

    def close(self) -> None:
        """Write the log into the file, where nobody reads for long and the pool is large enough, and let go of the graph.

        Raises DiskFull; all that was committed is in the log then.
        """
        try:
            if size_of(self.url + ".wal") and not self._is_spoiled and not self.database.is_closed:
                with contextlib.suppress(GraphRead, StoreNotWritable), self._file_lock.exclusive(WAIT):
                    if self._checkpoint() is not None:
                        self._close_handle()
                        with contextlib.suppress(StoreError):
                            end_checkpoint(self.url)  # or nobody could read who may not write here
                    if self._is_spoiled:
                        raise DiskFull(self.url)
        finally:
            self._close_handle()
            with _writers_lock:
                if _writers.get(self.key) is self:
                    del _writers[self.key]


def _never_free(kept: object) -> None:
    """Freeing it would close it, which ends the process once a write to disk has failed."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))


def _make_tables(connection: ladybug.Connection) -> None:
    for kind in model.NODES:
        columns = ", ".join(f"`{name}` {_TYPES[hint]}" for name, hint in model.properties(kind).items())
        connection.execute(f"CREATE NODE TABLE `{kind.__name__}`({columns}, PRIMARY KEY(`id`))")
    for kind in model.EDGES:
        ends = ", ".join(f"FROM `{source}` TO `{target}`" for source, target in kind.PAIRS)
        columns = "".join(f", `{name}` {_TYPES[hint]}" for name, hint in model.properties(kind).items())
        connection.execute(f"CREATE REL TABLE `{kind.__name__}`({ends}{columns})")
    # Neo4j's name for what ladybug calls label(); in the same transaction, or a kill would leave a graph without it.
    connection.execute("CREATE MACRO type(x) AS label(x)")
    connection.execute(
        "CREATE (m:Meta {id: 'm-meta', schema: $schema, version: 0, relinking: false, graph: $graph})",
        {"schema": model.SCHEMA, "graph": secrets.token_hex(4)})


def _refuse_outdated(path: str) -> None:
    """By a reading store, which changes nothing but to end a checkpoint that was broken off."""
    with contextlib.suppress(StoreMissing):  # its making was killed before the first commit
        EmbeddedReader(path).close()


def table_of(kind: type, things: list[Any]) -> pyarrow.Table:
    """Nodes or edges of a kind as a table, which the engine reads four times as quickly as a list of maps."""
    import pyarrow

    schema, fields = schema_of(kind), zip(*map(model.values_of(kind), things), strict=True)
    try:
        return pyarrow.table([pyarrow.array(field, column.type) for column, field in zip(schema, fields, strict=True)], schema=schema)
    except (pyarrow.ArrowException, UnicodeError) as error:  # half of a character pair
        raise RuntimeError(f"{kind.__name__}: {error}") from error  # as the engine does of what it cannot take
