"""The jobs behind the commands: extract, link, ingest. One file's failure is named and the others are still done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from graph.errors import InputError, NoFiles
from graph.load import Bundle, LoadReport, iter_batches, known_files, load
from graph.records import DocumentRecord, LinkRecord
from graph.store import Store, is_server, open_store
from ingest.beside import Beside
from ingest.readers import READERS, Source, iter_files, read_source

Advance = Callable[[str], None]  # called with each file's path when it is done


@dataclass(slots=True)
class Failures:
    """One line for each file that could not be read, and one for each doubt about one that was."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def list_files(paths: list[str]) -> list[str]:
    """The files of paths; raises NoFiles where folders hold none that can be read."""
    files = list(iter_files(paths))
    if not files:
        raise NoFiles(paths, sorted(READERS))
    return files


def iter_records(files: Iterable[str], failures: Failures, advance: Advance,
                 wanted: Callable[[Source, str], bool] = lambda source, by_hand: True, beside: Beside | None = None) -> Iterator[list[DocumentRecord]]:
    """The records of each wanted file that can be read, put right by the sheets beside it; documents that corpus.csv
    leaves out are left out. `wanted` is asked with the hash of the rows that concern the file."""
    from ingest.pipeline import extract

    beside = beside or Beside(files)
    skipped = False
    for path in files:
        try:
            source, rows = read_source(path), beside.rows_of(path)
            if wanted(source, rows.by_hand):
                records = [record for place, record in enumerate(extract(source, rows), 1) if rows.includes(place)]
                _warn(path, records, failures)
                failures.warnings += [f"{row.place()}: not applied: {reason}" for row, reason in rows.lost]
                yield records
            else:
                skipped = True
        except InputError as error:
            if str(error) not in failures.errors:  # a sheet that cannot be read concerns every file beside it
                failures.errors.append(str(error))
        finally:
            advance(path)
    failures.warnings += [f"{row.place()}: not applied: no document {row.document!r} is among the files" for row in beside.unmet(not skipped)]


def _warn(path: str, records: list[DocumentRecord], failures: Failures) -> None:
    if records and not any(record.kind == "plan" for record in records):
        kinds = ", ".join(sorted({record.kind for record in records}))
        failures.warnings.append(f"{path}: no plan in this file ({kinds}); it is kept as a document without tasks")
    for record in records:
        failures.warnings += [f"{path}: 《{record.title}》 at {warning.start}: {warning.message}" for warning in record.warnings]


def link_files(files: Iterable[str], failures: Failures, advance: Advance) -> list[LinkRecord]:
    """The CONTINUES links among the plans of some files; no graph is touched."""
    from ingest.continuity import link_records

    return link_records([record for records in iter_records(files, failures, advance) for record in records])


def ingest_files(files: list[str], url: str, replace: bool, failures: Failures, advance: Advance, again: bool = False) -> LoadReport:
    """Load files into a graph, which is made if it is missing and there is something to put in.

    `again` reads files too that the graph has unchanged: after a new alias or rule.
    """
    report = LoadReport()
    if is_server(url) or Path(url).exists():
        with open_store(url, "create") as store:
            known = {} if again or replace else known_files(store)
            _load_all(store, _bundles(files, known, failures, advance, report), files, replace, report)
        return report
    bundles = _bundles(files, {}, failures, advance, report)
    if first := next(bundles, None):  # only now is there something to make a graph for
        with open_store(url, "create") as store:
            _load_all(store, chain([first], bundles), files, replace, report)
    return report


def _load_all(store: Store, bundles: Iterable[list[Bundle]], files: list[str], replace: bool, report: LoadReport) -> None:
    from ingest import linker

    for batch in iter_batches(bundles):
        load(store, batch, linker, replace, report, run=frozenset(files))


def _bundles(files: Iterable[str], known: dict[str, tuple[str, str]], failures: Failures, advance: Advance, report: LoadReport) -> Iterator[list[Bundle]]:
    """The bundles of each file that is not in the graph as it is; `known` is source to its hash and that of the rows by hand."""
    from ingest.graph_rows import bundle_of

    def wanted(source: Source, by_hand: str) -> bool:
        # A file under a new path is known by its bytes; one that changed into another's bytes is still a changed file.
        seen = source.sha256, by_hand
        if known.get(source.path) == seen or source.path not in known and seen in known.values():
            report.unchanged += 1
            return False
        known[source.path] = seen
        return True

    for records in iter_records(files, failures, advance, wanted):
        yield [bundle_of(record) for record in records]
