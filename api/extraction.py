"""`extract`: records printed, or written to a file in which a run that was stopped goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from api.console import Format, conclude, print_rows, progress
from api.jobs import Failures, iter_records, list_files
from api.known import Known, Seen
from api.output import counted
from graph.errors import CannotWriteFile, NoRecords
from graph.records import DocumentRecord
from ingest.beside import Beside
from ingest.errors import InputError
from ingest.readers import hash_file

COLUMNS = ["source", "kind", "title", "body", "level", "years", "goals", "tasks", "units", "indicators", "duties", "warnings"]


_HEAD = b'{"id": "'  # of a record's line


def print_records(paths: list[str], format: Format, processes: int) -> None:
    """Print the records of files: whole as JSON, as counts in a table or CSV."""
    files, failures = list_files(paths), Failures()
    make = lines_of if format in (Format.jsonl, Format.json) else summaries_of
    with progress(files, "reading") as advance, closing(iter_records(files, failures, advance, make=make, processes=processes)) as made:
        if format is Format.jsonl:
            for lines in made:
                for line in lines:
                    print(line)
        else:
            found = [one for of_file in made for one in of_file]
            if format is Format.json:
                print("[" + ",\n".join(found) + "]")
            else:
                print_rows("Documents", found, COLUMNS, format)
    conclude(failures)


def write_records(paths: list[str], output: str, processes: int) -> None:
    """Write the records of files as JSON lines, after those that stand in `output` already: files that have theirs there,
    as they are now, are not read again. The last file in it may lack some of its lines, and is."""
    files, failures = list_files(paths), Failures()
    try:
        known = Known(_keep(output, files) if Path(output).exists() else {}, copies=False)
        file = open(output, "ab")
    except OSError as error:
        raise CannotWriteFile(output, error.strerror or error) from None
    documents = 0
    with file, progress(files, "reading") as advance, closing(iter_records(files, failures, advance, known, make=lines_of, processes=processes)) as made:
        for lines in made:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            documents += len(lines)
    conclude(failures, f"{counted(documents, 'document')} written to {output}; {counted(known.skipped, 'file')} in it already")


def lines_of(records: list[DocumentRecord]) -> list[str]:
    return [record.to_json() for record in records]


def summaries_of(records: list[DocumentRecord]) -> list[dict[str, Any]]:
    """What COLUMNS says of each document."""
    return [{"source": record.source, "kind": record.kind, "title": record.title, "body": record.body, "level": record.level,
             "years": [str(year) for year in record.years], "goals": len(record.goals), "tasks": len(record.tasks),
             "units": sum(len(task.units) for task in record.tasks), "indicators": len(record.indicators),
             "duties": len(record.duties), "warnings": len(record.warnings)} for record in records]


def _keep(output: str, files: list[str]) -> dict[str, Seen]:
    """Take out of the file what the run will write again: the lines of its last file, and those of files that have changed.
    Returns source to what was seen of it, for the rest."""
    with open(output, "rb") as file:
        lines = list(_iter_sources(file, output))
        beside, run = Beside(files), set(files)
        last = lines[-1][0] if lines else ""
        while lines and lines[-1][0] == last and last in run:
            lines.pop()
        end = lines[-1][2] + lines[-1][3] if lines else 0
        held = {source: seen for source, seen, _, _ in lines}
        changed = {source for source in held if source in run and _seen(source, beside) != held[source]}
        if changed:
            with open(f"{output}.new", "wb") as kept:
                for source, _, start, length in lines:
                    if source not in changed:
                        file.seek(start)
                        kept.write(file.read(length))
    if changed:
        os.replace(f"{output}.new", output)
    else:
        os.truncate(output, end)
    return {source: seen for source, seen in held.items() if source not in changed}


def _seen(source: str, beside: Beside) -> Seen | None:
    try:
        return hash_file(source), beside.rows_of(source).by_hand
    except InputError:
        return None


def _iter_sources(file: BinaryIO, output: str) -> Iterator[tuple[str, Seen, int, int]]:
    """Of each whole line its source, what was seen of it, and its place and length in bytes."""
    file.seek(0)
    start = 0
    for number, line in enumerate(file, 1):
        if not line.endswith(b"\n") and line.startswith(_HEAD[:len(line)]):
            return  # the run was stopped within it
        try:
            row = json.loads(line)
            yield row["source"], (row["sha256"], row["by_hand"]), start, len(line)
        except (ValueError, TypeError, KeyError):
            raise NoRecords(output, number) from None
        start += len(line)
