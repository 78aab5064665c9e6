"""The command line: `policygraph COMMAND`. What the commands share stands in `console`.

Exit status: 0; 1 where some input failed (the rest is done) or the graph cannot be used; 2 for wrong usage.
"""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from api import cluster_commands, compare_commands, continuity_commands, corpus_commands, export_commands, validation_commands
from api.cluster import FILES
from api.console import Cluster, Format, Jobs, Output, Paths, Store, conclude, errors, print_rows, processes_of, progress, say, url_of
from graph.errors import UsageError
from graph.settings import VERSION

app = typer.Typer(
    name="policygraph", rich_markup_mode=None, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="A knowledge graph of policies, units and targets, read from government work plans.")


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
         verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log one line a document to stderr.")] = False) -> None:
    gc.set_threshold(50_000)  # importing spaCy makes many objects that stay: at the default, passes over them take 0.1 s
    if verbose:
        import logging

        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if version:
        print(f"policygraph {VERSION}")
        raise typer.Exit


@app.command()
def extract(paths: Paths, format: Output = Format.jsonl, jobs: Jobs = None,
            output_file: Annotated[str | None, typer.Option("--output", "-o", help="Write JSON lines to this file; a run that was stopped goes on in it. With --cluster a folder or address, for Parquet.", show_default=False)] = None,
            cluster: Cluster = None, partition: Annotated[int, typer.Option("--partition", min=1, help="With --cluster: files to one Parquet file.")] = FILES) -> None:
    """Print the record of each document: plans with goals, tasks, units, targets."""
    from api import extraction

    with errors():
        if cluster:
            cluster_commands.extract(cluster, paths, output_file, format, jobs, partition)
        elif output_file is None:
            extraction.print_records(paths, format, processes_of(jobs))
        elif format is Format.jsonl:
            extraction.write_records(paths, output_file, processes_of(jobs))
        else:
            raise UsageError(f"-o writes JSON lines; leave out --format {format}, or send the output to a file")


@app.command()
def ingest(paths: Paths, store: Store = None, jobs: Jobs = None,
           replace: Annotated[bool, typer.Option("--replace", help="Take a plan from these files where the graph has it from another.")] = False,
           again: Annotated[bool, typer.Option("--again", help="Read unchanged files too, after a change of gazetteer or rules.")] = False) -> None:
    """Read files into the graph; files that it has already are skipped."""
    from api import jobs as work
    from api.output import counted, written

    with errors():
        files = work.list_files(paths)
        failures = work.Failures()
        with progress(files, "ingesting") as advance:
            report = work.ingest_files(files, url_of(store), replace, failures, advance, again, processes_of(jobs))
        for note in report.notes:
            say(f"note: {note}")
        if report.wrote:
            changed = f", {counted(report.replaced, 'changed file')} replaced" if report.replaced else ""
            summary = f"{written(report)} to {url_of(store)}{changed}; {counted(report.unchanged, 'file')} unchanged"
        elif report.ruled:
            summary = f"{counted(report.ruled, 'verdict')} written to {url_of(store)} or withdrawn from it; {counted(report.unchanged, 'file')} unchanged"
        else:
            summary = f"nothing written to {url_of(store)}: {counted(report.unchanged, 'file')} unchanged"
        conclude(failures, summary)


@app.command()
def remove(what: Annotated[str, typer.Argument(help="A file's path as it was ingested, or an id or title.", show_default=False)], store: Store = None) -> None:
    """Take a file, document or plan out of the graph."""
    from graph.load import remove as take_out
    from graph.store import open_store

    with errors(), open_store(url_of(store), "write") as opened:
        for title in take_out(opened, what):
            say(f"removed 《{title}》")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def query(context: typer.Context, name: Annotated[str | None, typer.Argument(help="A question; without one they are listed.", show_default=False)] = None,
          store: Store = None, format: Output = Format.table,
          output_file: Annotated[str | None, typer.Option("--output", "-o", help="Write CSV to this file, or Parquet where its name ends in .parquet, the basis beside it.")] = None,
          cypher: Annotated[str | None, typer.Option("--cypher", help="Run a reading query of your own from this file.")] = None) -> None:
    """Ask a question: policygraph query department_workload --year 2018."""
    from api import output
    from api.questions import ask_cypher, describe, list_questions, parse_options

    with errors():
        extra = list(context.args)
        wants_help = "--help" in extra or name in ("--help", "-h")
        if wants_help or (name is None and cypher is None):
            print(describe(name) if name and not name.startswith("-") else context.get_help() + "\n\n" + list_questions())
            return
        if output_file and format not in (Format.table, Format.csv):
            raise UsageError(f"-o writes CSV, or Parquet where the name ends in .parquet; leave out --format {format}, or send the output to a file")
        if cypher:
            if name or extra:
                raise UsageError(f"--cypher takes no question and no parameters, found {' '.join(filter(None, [name, *extra]))}")
            rows = ask_cypher(url_of(store), cypher)
            title, notes, basis = cypher, [], rows.basis
        else:
            import queries

            assert name is not None
            if name.startswith("-"):
                raise UsageError(f"the question's name comes first: policygraph query NAME {name} …")
            question = queries.load(name)
            rows = queries.run(name, url_of(store), **parse_options(question, extra))
            title, notes, basis = question.english, output.basis_lines(rows.basis), rows.basis
        if output_file:
            from graph.store import open_store
            from queries.citation import cited

            with open_store(url_of(store)) as opened:
                basis = basis | {"citation": cited(opened)}
            for path in output.write_table(output_file, rows, rows.types, basis):
                say(f"wrote {path}")
            return
        print_rows(title, rows, rows.columns, format, notes)


@app.command()
def status(store: Store = None, format: Output = Format.table) -> None:
    """What the graph holds."""
    from graph.load import count_graph, list_sources
    from graph.store import open_store

    with errors(), open_store(url_of(store)) as opened:
        counts = count_graph(opened)
        meta = opened.meta() or {}
        rows = [{"kind": kind, "count": n} for kind, n in counts.items() if kind != "Meta"]
        notes = [f"{url_of(store)}: graph {meta.get('graph')}, version {meta.get('version')}, schema {meta.get('schema')}; policygraph {VERSION}"]
        notes += opened.warnings()
        if format is Format.table:
            print_rows("Files", list_sources(opened), ["source", "documents", "plans", "tasks"], format)
            print()
        print_rows("What the graph holds", rows, ["kind", "count"], format, notes)


@app.command()
def serve(store: Store = None, host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
          port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000) -> None:
    """Serve the graph over HTTP, read-only."""
    with errors():
        from api.serving import serve_app
        from graph.store import open_store

        open_store(url_of(store)).close()  # say at once what is wrong, not at the first request
        if host not in ("127.0.0.1", "localhost", "::1"):
            say(f"warning: {host} can be reached from other machines, and the service asks for no password")
        serve_app(url_of(store), host, port, lambda: say(
            f"serving {url_of(store)} on http://{host}:{port} (documentation: http://{host}:{port}/docs); Ctrl-C stops"))


@app.command()
def mcp(store: Store = None) -> None:
    """Offer the graph to an assistant over MCP on stdin and stdout, read-only."""
    from graph.errors import PackageMissing
    from graph.store import open_store

    with errors():
        try:
            from api.mcp_server import serve_stdio
        except ModuleNotFoundError as missing:
            if missing.name != "mcp":
                raise
            raise PackageMissing("policygraph mcp", "mcp", "mcp>=2.3,<3") from None
        open_store(url_of(store)).close()  # say at once what is wrong, not at the first question
        serve_stdio(url_of(store))


@app.command()
def demo(folder: Annotated[str, typer.Option(help="Where to put the demo's graph.")] = "demo") -> None:
    """Run the main job on the samples: extract, load, answer the three questions."""
    with errors():
        from api.demo import run_demo

        run_demo(folder)


compare_commands.add_to(app)
continuity_commands.add_to(app)
corpus_commands.add_to(app)
export_commands.add_to(app)
validation_commands.add_to(app)
