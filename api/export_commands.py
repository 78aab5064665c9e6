"""The command `export`: the graph in files of other programs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from api.console import Store, errors, say, url_of


class Exported(StrEnum):
    csv = "csv"
    parquet = "parquet"
    graphml = "graphml"
    neo4j_admin = "neo4j-admin"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(export)


def export(folder: Annotated[str, typer.Option("--output", "-o", help="A new folder, or an earlier export to replace.", show_default=False)],
           format: Annotated[Exported, typer.Option("--format", help="csv and parquet have flat tables of tasks and responsibilities, too.")] = Exported.csv, store: Store = None) -> None:
    """Write the graph for pandas, R, Stata, Excel, Gephi or Neo4j, with codebook and citation."""
    from api.export.folder import check_folder, export_folder
    from api.output import counted
    from graph.store import open_store

    with errors():
        check_folder(folder)  # before a large graph is opened
        with open_store(url_of(store)) as opened:
            told = export_folder(opened, format, folder)
        nodes, edges = (sum(told[kind].values()) for kind in ("nodes", "edges"))
        say(f"wrote {counted(len(told['files']), 'file')} to {folder}: {counted(nodes, 'node')} and {counted(edges, 'edge')} of graph {told['graph']}, version {told['version']}; README.txt says how to open them")
