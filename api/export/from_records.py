"""`export --from-records`: the files of Neo4j's import tool from extracted records and their links, partition by partition.

What they make is the graph that `ingest` makes of the same files. Of each kind there is a file with the header and one for each
partition that has rows of it. A node that documents share is written once, with the first that names it. In memory are, beside one
partition: the ids of plans, documents and shared nodes, the units themselves, and the links of some bodies; all links between two
levels lie in a temporary file, for COUNTERPART_OF.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from api.cluster.extraction import list_records
from api.cluster.folders import Output
from api.cluster.linking import StoredLink, list_links
from api.cluster.rows import iter_rows
from api.cluster.scheduler import Advance
from api.export import columns, conclude, tables
from api.export.chosen import Chosen
from api.export.guide import arguments_for, guide_from_records, import_script, kinds_in
from api.export.lines_of_work import LinesOfWork
from graph import model
from graph.links import edge_of
from graph.load import Bundle
from graph.records import DocumentRecord
from graph.settings import VERSION
from ingest.graph_rows import bundle_of
from ingest.successions import find_successions

FORMAT = "neo4j-admin"
_AT_ONCE = 20_000  # nodes and edges that are held before they are written
_NEEDED = [name for name in DocumentRecord.__dataclass_fields__ if name != "source_text"]


def write_import_files(records: str, links: str | None, folder: Path, advance: Advance = lambda done, of: None) -> dict[str, Any]:
    """Write the files into an empty folder; returns what its marker says, and `notes` on documents left out. Raises OSError, Unfinished.

    `advance` is called with how many files of records and links are done, of how many.
    """
    source, told = Output(records), list_records(Output(records))
    linked = list_links(Output(links), told) if links else {"parts": []}
    total = len(told["parts"]) + len(linked["parts"])
    chosen, files = Chosen(source, told["parts"]), _Files(folder)
    with TemporaryDirectory(prefix="policygraph-") as apart, closing(LinesOfWork(Path(apart, "lines"))) as lines:
        shared = _Shared(lines)
        for k, part in enumerate(linked["parts"]):
            for link in _links_in(Output(str(links)), part, chosen.plans):
                shared.add_link(files, link, k)
            files.end(k)
            advance(k + 1, total)
        for k, part in enumerate(told["parts"]):
            for record in _records_in(source, part, chosen.rows[part]):
                shared.add(files, bundle_of(record), k)
            files.end(k)
            advance(len(linked["parts"]) + k + 1, total)
        shared.conclude(files, len(told["parts"]))
    counts = {kind.__name__: n for kind, n in files.counts.items()}
    (folder / "import.args").write_text(arguments_for(files.names(), shared.longest), encoding="utf-8")
    graph = secrets.token_hex(4)
    (folder / "after-import.cypher").write_text(import_script({"schema": model.SCHEMA, "version": 1, "relinking": False, "graph": graph}), encoding="utf-8")
    marker = {"policygraph": VERSION, "format": FORMAT, "graph": graph, "version": 1, "schema": model.SCHEMA, "records": records, "links": links,
              "nodes": {kind.__name__: counts[kind.__name__] for kind in kinds_in(FORMAT)}, "edges": {kind.__name__: counts[kind.__name__] for kind in model.EDGES}}
    return conclude(folder, marker, guide_from_records(marker)) | {"notes": chosen.notes}


def _links_in(links: Output, part: str, plans: set[str]) -> Iterator[StoredLink]:
    """Those of plans that are not left out."""
    with links.open(part) as file:
        for row in iter_rows(file):
            if row["later_plan"] in plans and row["earlier_plan"] in plans:
                yield StoredLink(**row)


def _records_in(source: Output, part: str, rows: set[int]) -> Iterator[DocumentRecord]:
    with source.open(part) as file:
        for k, values in enumerate(iter_rows(file, _NEEDED)):
            if k in rows:
                yield DocumentRecord.from_row(values)


class _Files:
    """The files of every kind of node and edge: KIND.csv with the header, KIND-00007.csv with the rows of partition 7."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._columns = {kind: columns.file_columns(kind, FORMAT) for kind in (*kinds_in(FORMAT), *model.EDGES)}
        self._names: dict[type, list[str]] = {kind: [columns.file_of(kind)] for kind in self._columns}
        self._open: dict[type, tuple[BinaryIO, tables.Neo4jTable]] = {}
        self._waiting: dict[type, list[dict[str, Any]]] = defaultdict(list)
        self._held = 0
        self.counts: Counter[type] = Counter(dict.fromkeys(self._columns, 0))
        for where in ("nodes", "edges"):
            (folder / where).mkdir()
        for kind, (name,) in self._names.items():
            (folder / name).write_bytes(tables.neo4j_headers(self._columns[kind]))

    def add(self, kind: type, things: Iterable[Any], k: int) -> None:
        """Add nodes or edges of partition k."""
        rows = [model.row_of(thing) for thing in things]
        self._waiting[kind] += rows
        self.counts[kind] += len(rows)
        self._held += len(rows)
        if self._held >= _AT_ONCE:
            self._write(k)

    def end(self, k: int) -> None:
        """Partition k has no more rows."""
        self._write(k)
        for file, table in self._open.values():
            table.close()
            file.close()
        self._open = {}

    def names(self) -> dict[type, list[str]]:
        return self._names

    def _write(self, k: int) -> None:
        for kind, rows in self._waiting.items():
            if rows and kind not in self._open:
                self._names[kind].append(columns.file_of(kind, f"-{k:05}.csv"))
                file = open(self._folder / self._names[kind][-1], "ab")
                self._open[kind] = file, tables.Neo4jTable(file, self._columns[kind], header=False)
            if rows:
                self._open[kind][1].add(rows)
        self._waiting, self._held = defaultdict(list), 0


class _Shared:
    """What documents share: nodes that several of them name, and edges that no single one of them has."""

    def __init__(self, lines: LinesOfWork) -> None:
        self.longest = 0  # text in characters
        self._lines = lines
        self._departments: dict[str, model.Department] = {}
        self._named: dict[type, dict[str, str]] = {model.Policy: {}, model.Programme: {}, model.Document: {}}  # id to name; one text told to be two plans is one document
        self._titles: dict[str, list[str]] = defaultdict(list)  # title to the ids of its plans
        self._parents: set[tuple[str, str]] = set()
        self._in_use: set[str] = set()  # units on a task, of a plan or with duties

    def add_link(self, files: _Files, link: StoredLink, k: int) -> None:
        edge = edge_of(link, link.later_document_start, link.earlier_document_start)
        files.add(type(edge), [edge], k)
        self._lines.add_link(link)

    def add(self, files: _Files, bundle: Bundle, k: int) -> None:
        """Write a document with the shared nodes that no one before it named."""
        self.longest = max(self.longest, len(bundle.record.text))
        for kind, nodes in bundle.nodes.items():
            files.add(kind, self._fresh(kind, nodes), k)
        for (kind, source, _), edges in bundle.edges.items():
            files.add(kind, self._new_parents(edges) if kind is model.PART_OF and source == "Department" else edges, k)
            if kind in (model.RESPONSIBLE_FOR, model.HAS_DUTY):
                self._in_use |= {edge.source for edge in edges}
            elif kind is model.ISSUED_BY:
                self._in_use |= {edge.target for edge in edges}
            if kind is model.RESPONSIBLE_FOR:
                self._lines.add_responsible(edges, self._departments)
        if bundle.plan_id:
            self._titles[bundle.record.title].append(bundle.plan_id)

    def _fresh(self, kind: type, nodes: dict[str, Any]) -> list[Any]:
        if kind is model.Department:
            fresh = [node for node in nodes.values() if node.id not in self._departments]
            self._departments |= {node.id: node for node in fresh}
            return fresh
        if kind in self._named:
            fresh = [node for node in nodes.values() if node.id not in self._named[kind]]
            self._named[kind] |= {node.id: node.name if kind is model.Policy else "" for node in fresh}
            return fresh
        return list(nodes.values())

    def _new_parents(self, edges: list[Any]) -> list[Any]:
        found = {(edge.source, edge.target): edge for edge in edges if (edge.source, edge.target) not in self._parents}
        self._parents |= set(found)
        return list(found.values())

    def conclude(self, files: _Files, k: int) -> None:
        """Write the edges that rest on all documents together."""
        ids = {(unit.scope, unit.name): unit.id for unit in self._departments.values()}
        files.add(model.SUCCEEDED_BY, [model.SUCCEEDED_BY(ids[found.scope, found.before], ids[found.scope, found.after], found.date, found.source) for found in find_successions(ids)], k)
        files.add(model.IS, [model.IS(policy, plan) for policy, name in self._named[model.Policy].items() for plan in self._titles.get(name, ())], k)
        files.add(model.COUNTERPART_OF, self._lines.counterparts(self._departments[unit] for unit in self._in_use), k)
        files.end(k)
