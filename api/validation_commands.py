"""Commands that check a reading: `sample`, `evaluate`, `review`."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.console import Format, Jobs, Output, Paths, Store, conclude, errors, print_rows, processes_of, progress, say, url_of

if TYPE_CHECKING:
    from api.validation_report import Compared
    from graph.records import DocumentRecord


class By(StrEnum):
    plan = "plan"
    year = "year"
    level = "level"
    none = "none"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(review)
    app.command()(sample)
    app.command()(evaluate)


def review(paths: Paths, output: Annotated[str | None, typer.Option("--output", "-o", help="The page, or a folder for the pages of several files.", show_default="FILE's name and .review.html")] = None) -> None:
    """Write a page that shows a file's text beside all that was read of it, to check and correct in a browser."""
    from api import jobs
    from api.output import counted
    from api.review import place_pages, read_places, review_page, write_page

    with errors():
        files = jobs.list_files(paths)
        pages = dict(zip(files, place_pages(files, paths, output), strict=True))
        failures = jobs.Failures()
        written = []
        with progress(files, "reading") as advance:
            for records in jobs.iter_records(files, failures, advance, processes=processes_of(None)):
                if records:  # corpus.csv may leave out all documents of a file
                    page = pages[records[0].source]
                    write_page(page, review_page(records, read_places(records)))
                    doubts = sum(len(record.warnings) for record in records)
                    tasks = sum(len(record.tasks) for record in records)
                    written.append(f"wrote {page}: {counted(len(records), 'document')}, {counted(tasks, 'task')}, {counted(doubts, 'warning')}")
        conclude(failures, "\n".join(written))


def sample(paths: Annotated[list[str] | None, typer.Argument(help="Files or folders; without any, the graph's documents.", show_default=False)] = None,
           store: Store = None, n: Annotated[int, typer.Option("--n", min=1, help="Passages, or pairs of tasks, to draw.")] = 100,
           by: Annotated[By, typer.Option(help="Draw from each plan, year or level its share, at least one passage.")] = By.plan,
           seed: Annotated[int, typer.Option(help="The same seed draws the same of the same corpus.")] = 1,
           all_documents: Annotated[bool, typer.Option("--all-documents", help="Draw from what was not taken for a plan, too.")] = False,
           links: Annotated[bool, typer.Option("--links", help="Draw pairs of tasks instead, to say of each whether the later one carries on the earlier one.")] = False,
           output: Annotated[str | None, typer.Option("--output", "-o", help="The sheet; how to fill it in is written beside it.", show_default="coding.csv, links.csv")] = None, jobs: Jobs = None) -> None:
    """Draw passages or links to code by hand, blind to what the tool made of them, to measure how well your corpus is read."""
    from api.output import counted
    from graph.errors import UsageError
    from graph.settings import VERSION
    from ingest.errors import NothingToDraw, SheetThere

    with errors():
        if links:
            from api.link_coding import draw_sheet

            if by is not By.plan or all_documents:
                raise UsageError("--by and --all-documents draw passages; leave them out with --links")
            draw_sheet(paths, store, n, seed, output or "links.csv", processes_of(jobs))
            return
        output = output or "coding.csv"
        if Path(output).exists():
            raise SheetThere(output)
        records, failures = _corpus(paths, store, processes_of(jobs))
        failures.warnings.clear()  # what is doubtful in a plan would say what was read in it
        from ingest.coding_sheet import write_coding_sheet
        from ingest.passages import draw, split_passages

        chosen = list({record.id: record for record in records if all_documents or record.kind == "plan"}.values())
        others = len({record.id for record in records}) - len(chosen)
        if not chosen:
            raise NothingToDraw(", ".join(paths or [url_of(store)]), others)
        passages = [passage for record in chosen for passage in split_passages(record)]
        drawn = draw(passages, n, by, seed)
        told = f"{len(drawn)} of {counted(len(passages), 'passage')} of {counted(len(chosen), 'document')}, --n {n} --by {by} --seed {seed}, policygraph {VERSION}"
        written = write_coding_sheet(output, drawn, told)
        left_out = f"; {counted(others, 'document')} not taken for a plan left out (--all-documents draws from them)" if others else ""
        conclude(failures, f"drew {told}{left_out}\nwrote {' and '.join(written)}")


def evaluate(first: Annotated[str, typer.Argument(metavar="SHEET|FOLDER", help="A coding sheet as `sample` writes it, of passages or of links, or a folder of annotations.", show_default=False)],
             rest: Annotated[list[str] | None, typer.Argument(metavar="[SHEET2] [FILE-OR-FOLDER…]", show_default=False,
                                                              help="A second coder's sheet; the documents (without any: for passages the graph's; for links, what the tool thought when they were drawn).")] = None,
             store: Store = None, format: Output = Format.table,
             detail: Annotated[bool, typer.Option("--detail", help="Tell every miss.")] = False,
             verdicts: Annotated[str | None, typer.Option("--verdicts", metavar="FILE", help="Add what was answered on links to this verdicts.csv.", show_default=False)] = None) -> None:
    """Measure how well your corpus is read, against what you coded by hand: precision, recall, F1 with intervals."""
    with errors():
        from ingest.continuity.link_sheet import is_link_sheet

        if is_link_sheet(first):
            from api.link_coding import evaluate_sheets

            evaluate_sheets([first, *(rest or [])], store, format, detail, verdicts)
        elif verdicts:
            from graph.errors import UsageError

            raise UsageError(f"{first}: --verdicts goes with a sheet of links, as `policygraph sample --links` draws it")
        elif Path(first).is_dir():
            _evaluate_folder(first, rest or [], format, detail)
        else:
            _evaluate_sheets([first, *(rest or [])], store, format, detail)


def _corpus(paths: list[str] | None, store: str | None, processes: int) -> tuple[list[DocumentRecord], Any]:
    from api import jobs
    from api.corpus_records import records_of_files, records_of_graph

    return records_of_files(paths, processes) if paths else (records_of_graph(url_of(store)), jobs.Failures())


def _evaluate_folder(folder: str, paths: list[str], format: Format, detail: bool) -> None:
    from api import jobs
    from api.corpus_records import records_of_files
    from api.output import counted
    from api.validation_report import Compared, basis_of_annotations
    from graph.errors import UsageError
    from ingest.annotations import evaluate_file, pair_files, read_annotations
    from ingest.evaluation import Comparison
    from ingest.readers import read_source

    annotations = read_annotations(folder)
    if not paths:
        raise UsageError(f"{folder} holds annotations: name the files that they annotate behind it, policygraph evaluate {folder} FILE-OR-FOLDER…")
    files = jobs.list_files(paths)
    pairs = pair_files(annotations, files)
    records, failures = records_of_files([file for _, file in pairs], processes_of(None))
    result = Comparison()
    for annotation, file in pairs:
        result += evaluate_file(annotation, file, read_source(file).text, [record for record in records if record.source == file])
    spare = len(files) - len(pairs)
    notes = [f"{counted(spare, 'file')} without an annotation did not count"] if spare else []
    compared = Compared("tool – annotations", result, "tasks", "")
    _report([compared], basis_of_annotations(len(pairs), result), notes + _by_hand(records), format, detail)
    conclude(failures)


def _evaluate_sheets(paths: list[str], store: str | None, format: Format, detail: bool) -> None:
    from itertools import combinations

    from api.validation_report import Compared, basis_of_sheets, name_coders
    from ingest.coding_sheet import compare_sheets, evaluate_sheet, is_coding_sheet, read_coding_sheet
    from ingest.passages import split_passages

    named = [path for path in paths[1:] if is_coding_sheet(path)]
    records, failures = _corpus([path for path in paths[1:] if path not in named], store, processes_of(None))
    passages = [passage for record in {record.id: record for record in records}.values() for passage in split_passages(record)]
    sheets = [read_coding_sheet(path, passages) for path in [paths[0], *named]]
    coders = name_coders(sheets)
    compared = [Compared(f"tool – {coder}", evaluate_sheet(sheet), "passages", coder) for sheet, coder in zip(sheets, coders, strict=True)]
    for one, other in combinations(range(len(sheets)), 2):
        comparison, holds = compare_sheets(sheets[one], sheets[other])
        compared.append(Compared(f"{coders[one]} – {coders[other]}", comparison, "passages", holds=holds))
    notes = [f"{sheet.path}: {sheet.drawn - len(sheet.coded)} of {sheet.drawn} passages are not coded and do not count" for sheet in sheets if len(sheet.coded) < sheet.drawn]
    coded = {coded.passage.record.id: coded.passage.record for sheet in sheets for coded in sheet.coded}
    _report(compared, basis_of_sheets(sheets, passages), notes + _by_hand(list(coded.values())), format, detail)
    conclude(failures)


def _by_hand(records: list[DocumentRecord]) -> list[str]:
    from api.output import counted

    n = sum(any(part.startswith(("m=", "c=")) for part in record.by_hand.split()) for record in records)  # codes.csv puts nothing right
    return [f"{counted(n, 'document')} put right by hand in corpus.csv or corrections.csv: the figures are of the reading so corrected"] if n else []


def _report(compared: list[Compared], basis: tuple[str, str], notes: list[str], format: Format, detail: bool) -> None:
    """Tables, every miss, the paragraph; with another format than a table only the rows go to stdout."""
    from api.validation_report import COLUMNS, SHARES_SHOWN, SHOWN, method_of, paragraphs, rows_of, shown

    rows = [row for one in compared for row in rows_of(one)]
    if any(one.coder is None for one in compared):
        notes = [*notes, "two coders: the first is taken as if it were right; F1 is the same both ways"]
    notes = [*notes, *dict.fromkeys(method_of(one) for one in compared)]
    tell: Callable[[str], None] = say
    if format is Format.table:
        tell = print
        fields, shares = shown(rows)
        lone = {"compared"} if len(compared) == 1 else set()
        print_rows("How well it is read", fields, [column for column in SHOWN if column not in lone], format, notes)
        if shares:
            tell("")
            print_rows("Right values over what was matched", shares, [column for column in SHARES_SHOWN if column not in lone], format)
    else:
        print_rows("", rows, COLUMNS, format, notes)
    if detail:
        tell("")
        for one in compared:
            for miss in one.comparison.misses:
                tell(f"{one.name}: {miss}" if len(compared) > 1 else str(miss))
        if not any(one.comparison.misses for one in compared):
            tell("no misses")
    for paragraph in paragraphs(compared, basis):
        tell(f"\n{paragraph}")
