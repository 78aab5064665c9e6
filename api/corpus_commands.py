"""Commands about the corpus as a whole: `manifest`, `units`, `cite`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from api.console import Format, Jobs, Output, Store, conclude, errors, print_rows, processes_of, progress, say, url_of


class Citation(StrEnum):
    text = "text"
    bibtex = "bibtex"
    json = "json"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(manifest)
    app.command()(units)
    app.command()(cite)


def manifest(folder: Annotated[str, typer.Argument(help="The folder with the plans.", show_default=False)], jobs: Jobs = None) -> None:
    """Write corpus.csv: one row a document, filled from what was read; what you write in it wins."""
    from pathlib import Path

    from api import jobs as work
    from ingest.beside import MANIFEST, Beside
    from ingest.corpus import COLUMNS, read_manifest
    from ingest.errors import MissingFile
    from ingest.manifest import build_manifest
    from ingest.sheets import write_sheet

    with errors():
        if not Path(folder).is_dir():
            raise MissingFile(folder)
        path = Path(folder) / MANIFEST
        before = read_manifest(str(path)) if path.exists() else []
        files = work.list_files([folder])
        failures = work.Failures()
        with progress(files, "reading") as advance:
            # Read without what was told by hand: the sheet shows what the tool reads, and keeps apart what is the researcher's.
            records = [(of_file[0].source, of_file) for of_file in work.iter_records(files, failures, advance, beside=Beside.none(), processes=processes_of(jobs)) if of_file]
        rows, entries = build_manifest(folder, records, before)
        write_sheet(path, list(COLUMNS), rows)
        plans = [entry for entry in entries if entry.record.kind == "plan"]
        print_rows("Plans by body and year; – is no plan loaded, which is not the same as not in the plan", *_years_table(plans), Format.table)
        for entry in plans:
            if not entry.include:
                say(f"note: {entry.file}: {'; '.join(entry.notes)}; not counted twice")
        failures.warnings = []  # the sheet says what each document is
        conclude(failures, f"wrote {path}: {len(rows)} documents, {len(plans)} plans, {sum(not entry.include for entry in plans)} left out, {sum(bool(row['yours']) for row in rows)} rows with cells of yours")


def _years_table(plans: list[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    counted = [entry.record for entry in plans if entry.include]
    years = sorted({year for record in counted for year in record.years})
    columns = [str(year) for year in (range(years[0], years[-1] + 1) if years and years[-1] - years[0] < 15 else years)]
    rows = []
    for body in sorted({record.body or "body unknown" for record in counted}):
        own = [record for record in counted if (record.body or "body unknown") == body]
        rows.append({"body": body} | {year: sum(int(year) in record.years for record in own) or "–" for year in columns})
    return rows, ["body", *columns]


def units(store: Store = None, scope: Annotated[str | None, typer.Option(help="Only units of this body or place.")] = None, format: Output = Format.table) -> None:
    """Which spellings were taken for one unit and why, and which units look alike and were kept apart."""
    import queries
    from api import output
    from graph.store import open_store

    with errors(), open_store(url_of(store)) as opened:
        merged, alike = (queries.run(name, opened, scope=scope) for name in ("unit_spellings", "units_alike"))
        if format is Format.json:
            print(output.to_json([{"merged": list(merged), "kept_apart": list(alike)}]))
            return
        print_rows("Merged: spellings of one unit", merged, merged.columns, format, [])
        print()
        print_rows("Kept apart: units that look alike", alike, alike.columns, format, ["A spelling more: one alias in ingest/units.yaml, then policygraph ingest --again."])


def cite(store: Store = None, format: Annotated[Citation, typer.Option("--format", help="How to print.")] = Citation.text) -> None:
    """How to cite the tool and this graph: versions, hashes, the graph's fingerprint."""
    from api import output
    from graph.store import open_store
    from queries.citation import bibtex, cited, sentences

    with errors(), open_store(url_of(store)) as opened:
        facts = cited(opened)
        if format is Citation.json:
            print(output.to_json([facts]))
        elif format is Citation.bibtex:
            print(bibtex(facts))
        else:
            for sentence in sentences(facts):
                print(sentence + "\n")
            print(bibtex(facts))
