"""What lies beside the data of an export: the codebook, a page that says how the files are opened, what Neo4j is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from api.export import columns
from graph import model
from graph.graphml import EDGE_KIND, LABEL, NODE_KIND
from graph.settings import VERSION
from graph.store import Store, schema_queries
from queries.question import Column

_CODEBOOK = (Column("file", "str", ""), Column("column", "str", ""), Column("type", "str", ""), Column("description", "str", ""))
_GRAPHML = {"node": (Column(NODE_KIND, "str", "which kind of node"), Column(LABEL, "str", "its title, name or first words")), "edge": (Column(EDGE_KIND, "str", "which kind of edge"),)}
_BUFFER = 4 << 20  # bytes; the import tool's own default, which no value may exceed

_TABLES = """\
tasks.{suffix}             one row a task: text, plan, units by role, targets, codes
responsibilities.{suffix}  one row a unit and task; responsibilities are more than tasks, since tasks are shared
nodes/, edges/        the graph, one file a kind; an edge leads from the id `source` to the id `target`
codebook.csv          every column of every file: type and meaning
CITATION.txt          how to cite the graph
"""
_IMPORTED = """\
nodes/, edges/       what `neo4j-admin database import` of Neo4j 5.26 or later reads
import.args          its arguments
after-import.cypher  what it cannot make: constraints, lists that are empty, and the node that says which graph it is
codebook.csv         every property: type and meaning
"""
_COMMANDS = """
In this folder, with Neo4j stopped:
  neo4j-admin database import full neo4j @import.args
which makes the database `neo4j`. Where it is there already, add --overwrite-destination before @import.args: what it holds is gone then.
Start Neo4j, and then, with its password,
  cypher-shell -u neo4j -p PASSWORD -f after-import.cypher
  POLICYGRAPH_NEO4J_PASSWORD=PASSWORD policygraph status --store bolt://localhost:7687
"""
_GUIDES = {
    "csv": _TABLES.format(suffix="csv") + """
Empty means that the text does not say, never 0. Lists are joined by ；. Numbers of characters count in the text of nodes/Document.csv, from 0.
A cell that a spreadsheet would run as a formula (one that begins with = + - or @) has a ' before it. Texts hold line ends inside their quotes.
Excel     opens the files by a double click; a cell holds 32,767 characters there, so nodes/Document.csv is not for it
pandas    pandas.read_csv("tasks.csv")
R         readr::read_csv("tasks.csv"), or read.csv("tasks.csv", fileEncoding = "UTF-8-BOM")
quanteda  quanteda::corpus(as.data.frame(readr::read_csv("tasks.csv")), docid_field = "task_id", text_field = "text")
Stata     import delimited "tasks.csv", varnames(1) encoding("UTF-8") bindquotes(strict) maxquotedrows(unlimited)
NVivo     import tasks.csv as a dataset; `text` is the column to code, the others classify
""",
    "parquet": _TABLES.format(suffix="parquet") + """
Null means that the text does not say, never 0. Lists are lists. Numbers of characters count in the text of nodes/Document.parquet, from 0.
pandas    pandas.read_parquet("tasks.parquet")
R         arrow::read_parquet("tasks.parquet")
DuckDB    SELECT body, first_year, count(*) FROM 'tasks.parquet' GROUP BY ALL
""",
    "graphml": """\
graph.graphml  every node and edge with all properties; `node_kind` and `edge_kind` say which kind, `label` is a node's name in short
codebook.csv   every property: type and meaning
CITATION.txt   how to cite the graph

What is not stated is left out. Lists are joined by ；. A character that XML cannot hold is written as U+FFFD.
Gephi     File > Open, as a directed graph; edges of one kind between the same two nodes are shown as one
networkx  networkx.read_graphml("graph.graphml", force_multigraph=True)
igraph    igraph::read_graph("graph.graphml", format = "graphml")
""",
    "neo4j-admin": _IMPORTED + """\
CITATION.txt         how to cite the graph
""" + _COMMANDS,
}


def guide(format: str, told: dict[str, Any]) -> str:
    """README.txt."""
    counts = ", ".join(f"{n} {kind}" for kind, n in told["nodes"].items() if n and kind != "Meta")
    return (f"Exported by policygraph {VERSION} from graph {told['graph']}, version {told['version']} (fingerprint {told['fingerprint']}): {counts}; "
            f"{sum(told['edges'].values())} edges.\n\n{_GUIDES[format]}")


def guide_from_records(told: dict[str, Any]) -> str:
    """README.txt of an export from records, whose fingerprint nobody knows before it is imported."""
    counts = ", ".join(f"{n} {kind}" for kind, n in told["nodes"].items() if n)
    return (f"Written by policygraph {VERSION} from the records in {told['records']} and {'the links in ' + told['links'] if told['links'] else 'no links'}: {counts}; "
            f"{sum(told['edges'].values())} edges.\n\n{_IMPORTED}{_COMMANDS}  policygraph cite --store bolt://localhost:7687\n")


def codebook(format: str) -> tuple[tuple[Column, ...], Iterator[list[dict[str, Any]]]]:
    """The codebook's columns and its rows."""
    return _CODEBOOK, iter([[{"file": file, "column": column.name, "type": column.type, "description": column.says} for file, named in _described(format) for column in named]])


def _described(format: str) -> Iterator[tuple[str, tuple[Column, ...]]]:
    if format == "graphml":
        for kind in model.NODES:
            yield f"graph.graphml, {kind.__name__}", (*_GRAPHML["node"], *columns.node_columns(kind))
        for kind in model.EDGES:
            yield f"graph.graphml, {kind.__name__}", (*_GRAPHML["edge"], *columns.ENDS, *columns.own_columns(kind))
        return
    suffix = ".parquet" if format == "parquet" else ".csv"
    if format != "neo4j-admin":
        yield f"tasks{suffix}", columns.TASKS
        yield f"responsibilities{suffix}", columns.RESPONSIBILITIES
    for kind in (*kinds_in(format), *model.EDGES):
        yield columns.file_of(kind, suffix), columns.file_columns(kind, format)


def kinds_in(format: str) -> tuple[type, ...]:
    """The kinds of node that have a file of their own."""
    return tuple(kind for kind in model.NODES if format != "neo4j-admin" or kind is not model.Meta)


def import_arguments(store: Store) -> str:
    """An argument file of neo4j-admin, one argument a line."""
    longest = max((row["n"] for row in store.read("MATCH (d:Document) RETURN size(d.text) AS n")), default=0)
    return arguments_for({kind: [columns.file_of(kind)] for kind in (*kinds_in("neo4j-admin"), *model.EDGES)}, longest)


def arguments_for(files: dict[type, list[str]], longest: int) -> str:
    """The same for the files of each kind, the one with the header first; `longest` is the longest text in characters."""
    return "".join(f"{line}\n" for line in (
        *(f"--{'relationships' if issubclass(kind, model.Edge) else 'nodes'}={kind.__name__}={','.join(names)}" for kind, names in files.items()),
        "--array-delimiter=U+001F", "--multiline-fields=true", f"--read-buffer-size={max(_BUFFER, 4 * longest)}"))


def import_script(meta: dict[str, Any]) -> str:
    """What the import tool cannot make, as Cypher: constraints and indexes, and the empty lists, which it takes for null.

    The Meta node comes last: before it the database is no graph of policygraph, so a script that was forgotten is noticed.
    """
    filled = [line for kind in (*model.NODES, *model.EDGES) if (line := _fill_lists(kind))]
    made = ", ".join(f"m.{name} = {json.dumps(meta[name])}" for name in ("schema", "version", "relinking", "graph"))
    return "".join(f"{line};\n" for line in (*schema_queries().values(), *filled, f"MERGE (m:Meta {{id: 'm-meta'}}) SET {made}"))


def _fill_lists(kind: type) -> str | None:
    lists = [name for name, hint in model.properties(kind).items() if hasattr(hint, "__args__")]
    pattern = f"()-[n:{kind.__name__}]->()" if issubclass(kind, model.Edge) else f"(n:{kind.__name__})"
    filled = ", ".join(f"n.{name} = coalesce(n.{name}, [])" for name in lists)
    return f"MATCH {pattern} CALL (n) {{ SET {filled} }} IN TRANSACTIONS OF 10000 ROWS" if lists else None
