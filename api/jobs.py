"""The jobs behind the commands: extract, link, ingest. One file's failure is named and the others are still done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import InputError, NoFiles
from graph.load import Bundle, LoadReport, iter_batches, known_files, load
from graph.records import DocumentRecord, LinkRecord
from graph.store import Store, is_server, open_store
from ingest.readers import READERS, iter_files, read_source

log = logging.getLogger(__name__)
Advance = Callable[[str], None]  # called with each file's path when it is done


@dataclass(slots=True)
class Failures:
    """Files that could not be read, one line each, and files in which there is no plan."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def list_files(paths: list[str]) -> list[str]:
    """The files of paths; raises NoFiles where folders hold none that can be read."""
    files = list(iter_files(paths))
    if not files:
        raise NoFiles(paths, sorted(READERS))
    return files


def iter_records(files: Iterable[str], failures: Failures, advance: Advance) -> Iterator[list[DocumentRecord]]:
    """The records of each file that can be read."""
    from ingest.pipeline import extract

    for path in files:
        try:
            records = extract(read_source(path))
        except InputError as error:
            failures.errors.append(str(error))
            advance(path)
            continue
        _warn(path, records, failures)
        advance(path)
        yield records


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


def ingest_files(files: list[str], url: str, replace: bool, failures: Failures, advance: Advance) -> LoadReport:
    """Load files into a graph, which is made if it is missing and there is something to put in."""
    report = LoadReport()
    if is_server(url) or Path(url).exists():
        with open_store(url, "create") as store:
            _ingest(store, files, replace, failures, advance, report)
    else:
        pending = list(_bundles(files, {}, failures, advance, report))
        if pending:
            with open_store(url, "create") as store:
                _load_all(store, pending, replace, report)
    return report


def _ingest(store: Store, files: list[str], replace: bool, failures: Failures, advance: Advance, report: LoadReport) -> None:
    _load_all(store, _bundles(files, known_files(store), failures, advance, report), replace, report)


def _load_all(store: Store, bundles: Iterable[list[Bundle]], replace: bool, report: LoadReport) -> None:
    from ingest import continuity

    for batch in iter_batches(bundles):
        load(store, batch, continuity, replace, report)


def _bundles(files: Iterable[str], known: dict[str, str], failures: Failures, advance: Advance, report: LoadReport) -> Iterator[list[Bundle]]:
    """The bundles of each file that is not in the graph yet."""
    from ingest.graph_rows import bundle_of
    from ingest.pipeline import extract

    for path in files:
        try:
            source = read_source(path)
            if source.sha256 in known:
                report.unchanged += 1
                continue
            known[source.sha256] = path
            records = extract(source)
            _warn(path, records, failures)
            yield [bundle_of(record) for record in records]
        except InputError as error:
            failures.errors.append(str(error))
        finally:
            advance(path)
