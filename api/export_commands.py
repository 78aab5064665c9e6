"""The command `export`: the graph in files of other programs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from api.console import FromRecords, Store, counting, errors, say, url_of
from graph.errors import UsageError


class Exported(StrEnum):
    csv = "csv"
    parquet = "parquet"
    graphml = "graphml"
    neo4j_admin = "neo4j-admin"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(export)


def export(folder: Annotated[str, typer.Option("--output", "-o", help="A new folder, or an earlier export to replace.", show_default=False)],
           format: Annotated[Exported, typer.Option("--format", help="csv and parquet have flat tables of tasks and responsibilities, too.")] = Exported.csv, store: Store = None,
           from_records: FromRecords = None, links: Annotated[str | None, typer.Option("--links", metavar="LINKS", help="With --from-records: the folder or address that `link --cluster` wrote.", show_default=False)] = None) -> None:
    """Write the graph for pandas, R, Stata, Excel, Gephi or Neo4j, with codebook and citation."""
    from api.export.folder import check_folder, export_folder
    from api.output import counted
    from graph.store import open_store

    with errors():
        if from_records or links:
            _export_records(from_records, links, format, folder)
            return
        check_folder(folder)  # before a large graph is opened
        with open_store(url_of(store)) as opened:
            told = export_folder(opened, format, folder)
        nodes, edges = (sum(told[kind].values()) for kind in ("nodes", "edges"))
        say(f"wrote {counted(len(told['files']), 'file')} to {folder}: {counted(nodes, 'node')} and {counted(edges, 'edge')} of graph {told['graph']}, version {told['version']}; README.txt says how to open them")


def _export_records(records: str | None, links: str | None, format: Exported, folder: str) -> None:
    from api.export.folder import check_folder, write_folder
    from api.export.from_records import write_import_files
    from api.output import counted

    if not records or format is not Exported.neo4j_admin:
        raise UsageError("records become files of Neo4j's import tool: policygraph export --from-records RECORDS --links LINKS --format neo4j-admin -o FOLDER")
    check_folder(folder)
    with counting("writing", "partitions") as advance:
        told = write_folder(folder, lambda new: write_import_files(records, links, new, advance))
    for note in told["notes"]:
        say(f"note: {note}")
    nodes, edges = (sum(told[kind].values()) for kind in ("nodes", "edges"))
    say(f"wrote {counted(len(told['files']), 'file')} to {folder}: {counted(nodes, 'node')} and {counted(edges, 'edge')}; README.txt says how to import them")
