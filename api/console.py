"""What all commands share: options, progress, errors, how rows are printed. Data goes to stdout, words to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer

from graph.errors import PolicygraphError
from graph.settings import read_settings


class Format(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


Store = Annotated[str | None, typer.Option("--store", envvar="POLICYGRAPH_STORE", help="A file path, or the bolt:// or neo4j:// address of a Neo4j.", show_default="policygraph.lbug")]
Paths = Annotated[list[str], typer.Argument(help="Files or folders.", show_default=False)]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes at a time; what takes one a second stays with it.", show_default="all cores")]
Cluster = Annotated[str | None, typer.Option("--cluster", metavar="ADDRESS", help="Work on the workers of a Dask scheduler, such as tcp://127.0.0.1:8786.", show_default=False)]
FromRecords = Annotated[str | None, typer.Option("--from-records", metavar="RECORDS", help="The folder or address that `extract --cluster` wrote.", show_default=False)]
Output = Annotated[Format, typer.Option("--format", help="How to print.")]


@contextmanager
def errors() -> Iterator[None]:
    """An error of ours is one line and an exit status."""
    try:
        yield
    except PolicygraphError as error:
        say(f"error: {error}")
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        raise typer.Exit(0) from None
    except (OSError, UnicodeError) as error:
        say(f"error: {error}")
        raise typer.Exit(1) from None


def say(words: str) -> None:
    print(words, file=sys.stderr)


def url_of(store: str | None) -> str:
    return store or read_settings().store


def processes_of(jobs: int | None) -> int:
    """As many as were asked for, else one for each core that this process may use."""
    return jobs or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@contextmanager
def progress(files: list[str], verb: str) -> Iterator[Any]:
    """A progress bar on stderr for more than one file, moved on with each file's path."""
    if len(files) < 2:
        yield lambda path: None
        return
    with _bar(verb, len(files)) as (bar, task):
        yield lambda path: bar.update(task, advance=1, path=os.path.basename(path))


@contextmanager
def counting(verb: str, noun: str) -> Iterator[Any]:
    """A progress bar on stderr, shown from the first call on and moved with how many are done and of how many."""
    with ExitStack() as shown:
        started: list[Any] = []

        def advance(done: int, of: int) -> None:
            if not started:
                started.extend(shown.enter_context(_bar(verb, None)))
            bar, task = started
            bar.update(task, completed=done, total=of, path=noun)

        yield advance


@contextmanager
def _bar(verb: str, total: int | None) -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    console = Console(stderr=True)
    with Progress(TextColumn(verb), BarColumn(), MofNCompleteColumn(table_column=Column(no_wrap=True)), TimeRemainingColumn(table_column=Column(no_wrap=True)),
                  TextColumn("{task.fields[path]}", table_column=Column(no_wrap=True, ratio=1)),
                  console=console, transient=console.is_terminal, redirect_stdout=False, refresh_per_second=4) as bar:
        yield bar, bar.add_task(verb, total=total, path="")


def conclude(failures: Any, summary: str = "") -> None:
    """Warnings, then errors, then what was done; exit status 1 where a file failed."""
    for line in failures.warnings[:40]:
        say(f"warning: {line}")
    if len(failures.warnings) > 40:
        say(f"warning: … and {len(failures.warnings) - 40} more")
    for line in failures.errors:
        say(f"error: {line}")
    if summary:
        say(summary)
    if failures.errors:
        raise typer.Exit(1)


def print_rows(title: str, rows: Any, columns: list[str], format: Format, notes: list[str] | None = None) -> None:
    """Rows to stdout; under a table the notes, else the notes to stderr."""
    from api import output

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
        say(note)
