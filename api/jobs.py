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
                 wanted: Callable[[Source], bool] = lambda source: True) -> Iterator[list[DocumentRecord]]:
    """The records of each wanted file that can be read."""
    from ingest.pipeline import extract

    for path in files:
        try:
            source = read_source(path)
            if wanted(source):
                records = extract(source)
                _warn(path, records, failures)
                yield records
        except InputError as error:
            failures.errors.append(str(error))
        finally:
            advance(path)


def _warn(path: str, records: list[DocumentRecord], failures: Failures) -> None:
    if not any(record.kind == "plan" for record in records):
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
    from ingest import continuity

    for batch in iter_batches(bundles):
        load(store, batch, continuity, replace, report, run=frozenset(files))


def _bundles(files: Iterable[str], known: dict[str, str], failures: Failures, advance: Advance, report: LoadReport) -> Iterator[list[Bundle]]:
    """The bundles of each file that is not in the graph as it is; `known` is source to sha256."""
    from ingest.graph_rows import bundle_of

    def wanted(source: Source) -> bool:
        # A file under a new path is known by its bytes; one that changed into another's bytes is still a changed file.
        if known.get(source.path) == source.sha256 or source.path not in known and source.sha256 in known.values():
            report.unchanged += 1
            return False
        known[source.path] = source.sha256
        return True

    for records in iter_records(files, failures, advance, wanted):
        yield [bundle_of(record) for record in records]
