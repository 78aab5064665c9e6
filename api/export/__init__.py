"""The whole graph in files of other programs: `policygraph export`, `/api/export`.

A folder is written beside its place and then renamed to it: there is never half an export. What is exported is one version
of the graph; where somebody writes to it meanwhile, the export is given up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.export import columns, flat, tables
from api.export.guide import codebook, guide, import_arguments, import_script, kinds_in
from graph import model
from graph.errors import ExportMiscounted, GraphChanged
from graph.graphml import write_graphml
from graph.load import count_graph
from graph.pages import iter_edges, iter_nodes
from graph.settings import VERSION
from graph.store import Store, one_state
from queries.citation import bibtex, cited, sentences

FORMATS = ("csv", "parquet", "graphml", "neo4j-admin")
MARKER = "policygraph-export.json"  # says which version of which graph a folder holds, and which files are the export's
FLAT = {"tasks": (columns.TASKS, flat.iter_tasks), "responsibilities": (columns.RESPONSIBILITIES, flat.iter_responsibilities)}
OPENERS: dict[str, tables.Opener] = {"csv": tables.CsvTable, "parquet": tables.ParquetTable, "neo4j-admin": tables.Neo4jTable}


@contextmanager
def one_version(store: Store) -> Iterator[dict[str, Any]]:
    """The graph's Meta, the same before and after; raises GraphChanged. A snapshot of an embedded graph stays at its version anyway."""
    before = store.meta() or {}
    yield before
    if (store.meta() or {}) != before:
        raise GraphChanged(store.url)


@one_state
def write_export(store: Store, format: str, folder: Path) -> dict[str, Any]:
    """Write an export into an empty folder; returns what its marker says. Raises OSError, GraphChanged, ExportMiscounted."""
    with one_version(store) as meta:
        expected = count_graph(store)
        found = write_graphml(store, str(folder / "graph.graphml")) if format == "graphml" else _write_tables(store, format, folder)
        facts = cited(store)
    expected |= {"tasks": expected["Task"], "responsibilities": expected["RESPONSIBLE_FOR"]}
    for kind, n in found.items():
        if n != expected[kind]:
            raise ExportMiscounted(kind, n, expected[kind])
    (folder / "CITATION.txt").write_text("\n\n".join([*sentences(facts), bibtex(facts)]) + "\n", encoding="utf-8")
    if format == "neo4j-admin":
        (folder / "import.args").write_text(import_arguments(store), encoding="utf-8")
        (folder / "after-import.cypher").write_text(import_script(meta | {"relinking": store.is_relinking()}), encoding="utf-8")
    told = {"policygraph": VERSION, "format": format, "graph": meta["graph"], "version": meta["version"], "schema": meta["schema"], "fingerprint": facts["graph"],
            "nodes": {kind.__name__: expected[kind.__name__] for kind in model.NODES}, "edges": {kind.__name__: expected[kind.__name__] for kind in model.EDGES},
            "tables": {name: found[name] for name in FLAT if name in found}}
    return conclude(folder, told, guide(format, told))


def conclude(folder: Path, told: dict[str, Any], readme: str) -> dict[str, Any]:
    """Put codebook, README.txt and marker into a folder that holds all else of an export; returns what the marker says: `told`, and the files."""
    _write(folder / "codebook.csv", tables.CsvTable, *codebook(told["format"]))
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    told["files"] = sorted([*(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()), MARKER])
    (folder / MARKER).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return told


def _write_tables(store: Store, format: str, folder: Path) -> dict[str, int]:
    """Nodes and edges, and for csv and parquet the flat tables; returns the rows of each."""
    opener = OPENERS[format]
    suffix = ".parquet" if format == "parquet" else ".csv"
    (folder / "nodes").mkdir()
    (folder / "edges").mkdir()
    counts = {}
    for kind in (*kinds_in(format), *model.EDGES):
        pages = _edges_of(store, kind) if issubclass(kind, model.Edge) else iter_nodes(store, kind)
        counts[kind.__name__] = _write(folder / columns.file_of(kind, suffix), opener, columns.file_columns(kind, format), pages)
    if format != "neo4j-admin":
        for name, (named, pages) in FLAT.items():
            counts[name] = _write(folder / f"{name}{suffix}", opener, named, pages(store))
    return counts


def _edges_of(store: Store, kind: type[model.Edge]) -> Iterator[list[dict[str, Any]]]:
    for source, target in kind.PAIRS:
        for rows in iter_edges(store, kind, source, target):
            yield [row | {"source_kind": source, "target_kind": target} for row in rows]


def _write(path: Path, opener: tables.Opener, named: tuple[columns.Column, ...], pages: Any) -> int:
    with open(path, "wb") as file:
        return tables.write_table(opener, file, named, pages)
