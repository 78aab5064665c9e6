"""The command line. Data goes to stdout, words and progress to stderr.

Exit status: 0; 1 where some input failed (the rest is done) or the graph cannot be used; 2 for wrong usage.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer

from graph.errors import PolicygraphError, UsageError
from graph.settings import VERSION, read_settings

app = typer.Typer(
    name="policygraph", rich_markup_mode=None, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="A knowledge graph of policies, units and targets, read from government work plans.")


class Format(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


Store = Annotated[str | None, typer.Option("--store", envvar="POLICYGRAPH_STORE", help="A file path, or the bolt:// or neo4j:// address of a Neo4j.", show_default="policygraph.lbug")]
Paths = Annotated[list[str], typer.Argument(help="Files or folders.", show_default=False)]
Output = Annotated[Format, typer.Option("--format", help="How to print.")]


@contextmanager
def _errors() -> Iterator[None]:
    """An error of ours is one line and an exit status."""
    try:
        yield
    except PolicygraphError as error:
        _say(f"error: {error}")
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        raise typer.Exit(0) from None
    except (OSError, UnicodeError) as error:
        _say(f"error: {error}")
        raise typer.Exit(1) from None


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def _url(store: str | None) -> str:
    return store or read_settings().store


@contextmanager
def _progress(files: list[str], verb: str) -> Iterator[Any]:
    """A progress bar on stderr for more than one file."""
    if len(files) < 2:
        yield lambda path: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    console = Console(stderr=True)
    with Progress(TextColumn(verb), BarColumn(), MofNCompleteColumn(table_column=Column(no_wrap=True)), TimeRemainingColumn(table_column=Column(no_wrap=True)),
                  TextColumn("{task.fields[path]}", table_column=Column(no_wrap=True, ratio=1)),
                  console=console, transient=console.is_terminal, redirect_stdout=False) as bar:
        task = bar.add_task(verb, total=len(files), path="")
        yield lambda path: bar.update(task, advance=1, path=os.path.basename(path))


def _report(failures: Any, summary: str = "") -> None:
    """Warnings, then errors, then what was done; exit status 1 where a file failed."""
    for line in failures.warnings[:40]:
        _say(f"warning: {line}")
    if len(failures.warnings) > 40:
        _say(f"warning: … and {len(failures.warnings) - 40} more")
    for line in failures.errors:
        _say(f"error: {line}")
    if summary:
        _say(summary)
    if failures.errors:
        raise typer.Exit(1)


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
def extract(paths: Paths, format: Output = Format.jsonl) -> None:
    """Print the record of each document: plans with goals, tasks, units, targets."""
    from api import jobs, output

    with _errors():
        files = jobs.list_files(paths)
        failures = jobs.Failures()
        with _progress(files, "reading") as advance:
            records = jobs.iter_records(files, failures, advance)
            if format is Format.jsonl:
                for of_file in records:
                    for record in of_file:
                        print(record.to_json())
            else:
                found = [record for of_file in records for record in of_file]
                if format is Format.json:
                    print("[" + ",\n".join(record.to_json() for record in found) + "]")
                else:
                    columns = ["source", "kind", "title", "body", "level", "years", "goals", "tasks", "units", "indicators", "duties", "warnings"]
                    _print_rows("Documents", [_summary(record) for record in found], columns, format, output)
        _report(failures)


def _summary(record: Any) -> dict[str, Any]:
    return {"source": record.source, "kind": record.kind, "title": record.title, "body": record.body, "level": record.level,
            "years": [str(year) for year in record.years], "goals": len(record.goals), "tasks": len(record.tasks),
            "units": sum(len(task.units) for task in record.tasks), "indicators": len(record.indicators),
            "duties": len(record.duties), "warnings": len(record.warnings)}


@app.command()
def link(paths: Annotated[list[str] | None, typer.Argument(help="Files or folders; without any, the graph's plans are linked anew.", show_default=False)] = None,
         store: Store = None, format: Output = Format.jsonl) -> None:
    """Print which tasks carry on which; without files, link the graph's plans anew."""
    from dataclasses import asdict

    from api import jobs, output

    with _errors():
        if not paths:
            from graph.load import link_anew
            from graph.store import open_store
            from ingest import continuity

            with open_store(_url(store), "write") as opened:
                _say(f"{link_anew(opened, continuity)} links in {_url(store)}")
            return
        files = jobs.list_files(paths)
        failures = jobs.Failures()
        with _progress(files, "reading") as advance:
            links = [asdict(row) for row in jobs.link_files(files, failures, advance)]
        columns = ["later", "earlier", "score", "named", "relation", "method", "evidence_later", "later_start", "later_end",
                   "evidence_earlier", "earlier_start", "earlier_end"]
        _print_rows("Links", links, columns, format, output)
        _report(failures)


@app.command()
def ingest(paths: Paths, store: Store = None,
           replace: Annotated[bool, typer.Option("--replace", help="Take a plan from these files where the graph has it from another.")] = False,
           again: Annotated[bool, typer.Option("--again", help="Read unchanged files too, after a change of gazetteer or rules.")] = False) -> None:
    """Read files into the graph; files that it has already are skipped."""
    from api import jobs
    from api.output import counted, written

    with _errors():
        files = jobs.list_files(paths)
        failures = jobs.Failures()
        with _progress(files, "ingesting") as advance:
            report = jobs.ingest_files(files, _url(store), replace, failures, advance, again)
        for note in report.notes:
            _say(f"note: {note}")
        if report.wrote:
            changed = f", {counted(report.replaced, 'changed file')} replaced" if report.replaced else ""
            summary = f"{written(report)} to {_url(store)}{changed}; {counted(report.unchanged, 'file')} unchanged"
        else:
            summary = f"nothing written to {_url(store)}: {counted(report.unchanged, 'file')} unchanged"
        _report(failures, summary)


@app.command()
def remove(what: Annotated[str, typer.Argument(help="A file's path as it was ingested, or an id or title.", show_default=False)], store: Store = None) -> None:
    """Take a file, document or plan out of the graph."""
    from graph.load import remove as take_out
    from graph.store import open_store

    with _errors(), open_store(_url(store), "write") as opened:
        for title in take_out(opened, what):
            _say(f"removed 《{title}》")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def query(context: typer.Context, name: Annotated[str | None, typer.Argument(help="A question; without one they are listed.", show_default=False)] = None,
          store: Store = None, format: Output = Format.table,
          output_file: Annotated[str | None, typer.Option("--output", "-o", help="Write CSV to this file, the basis beside it.")] = None,
          cypher: Annotated[str | None, typer.Option("--cypher", help="Run a reading query of your own from this file.")] = None) -> None:
    """Ask a question: policygraph query department_workload --year 2018."""
    from api import output
    from api.questions import ask_cypher, describe, list_questions, parse_options

    with _errors():
        extra = list(context.args)
        wants_help = "--help" in extra or name in ("--help", "-h")
        if wants_help or (name is None and cypher is None):
            print(describe(name) if name and not name.startswith("-") else context.get_help() + "\n\n" + list_questions())
            return
        if output_file and format not in (Format.table, Format.csv):
            raise UsageError(f"-o writes CSV; leave out --format {format}, or send the output to a file")
        if cypher:
            if name or extra:
                raise UsageError(f"--cypher takes no question and no parameters, found {' '.join(filter(None, [name, *extra]))}")
            rows = ask_cypher(_url(store), cypher)
            title, notes, basis = cypher, [], rows.basis
        else:
            import queries

            assert name is not None
            if name.startswith("-"):
                raise UsageError(f"the question's name comes first: policygraph query NAME {name} …")
            question = queries.load(name)
            rows = queries.run(name, _url(store), **parse_options(question, extra))
            title, notes, basis = question.english, output.basis_lines(rows.basis), rows.basis
        if output_file:
            for path in output.write_csv(output_file, rows, rows.columns, basis):
                _say(f"wrote {path}")
            return
        _print_rows(title, rows, rows.columns, format, output, notes)


def _print_rows(title: str, rows: Any, columns: list[str], format: Format, output: Any, notes: list[str] | None = None) -> None:
    if format is Format.table:
        from api.tables import print_table

        print_table(title, list(rows), columns, notes or [])
        return
    if format is Format.csv:
        print(output.to_csv(rows, columns), end="")
    elif format is Format.json:
        print(output.to_json(rows))
    elif rows:
        print(output.to_jsonl(rows))
    for note in notes or []:
        _say(note)


@app.command()
def status(store: Store = None, format: Output = Format.table) -> None:
    """What the graph holds."""
    from api import output
    from graph.load import count_graph, list_sources
    from graph.store import open_store

    with _errors(), open_store(_url(store)) as opened:
        counts = count_graph(opened)
        meta = opened.meta() or {}
        rows = [{"kind": kind, "count": n} for kind, n in counts.items() if kind != "Meta"]
        notes = [f"{_url(store)}: graph {meta.get('graph')}, version {meta.get('version')}, schema {meta.get('schema')}; policygraph {VERSION}"]
        if format is Format.table:
            _print_rows("Files", list_sources(opened), ["source", "documents", "plans", "tasks"], format, output)
            print()
        _print_rows("What the graph holds", rows, ["kind", "count"], format, output, notes)


@app.command()
def serve(store: Store = None, host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
          port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000) -> None:
    """Serve the graph over HTTP, read-only."""
    with _errors():
        from api.app import serve_app
        from graph.store import open_store

        open_store(_url(store)).close()  # say at once what is wrong, not at the first request
        if host not in ("127.0.0.1", "localhost", "::1"):
            _say(f"warning: {host} can be reached from other machines, and the service asks for no password")
        serve_app(_url(store), host, port, lambda: _say(
            f"serving {_url(store)} on http://{host}:{port} (documentation: http://{host}:{port}/docs); Ctrl-C stops"))


@app.command()
def demo(folder: Annotated[str, typer.Option(help="Where to put the demo's graph.")] = "demo") -> None:
    """Run the main job on the samples: extract, load, answer the three questions."""
    with _errors():
        from api.demo import run_demo

        run_demo(folder)
