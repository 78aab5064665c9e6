"""The jobs behind the commands: extract, link, ingest. One file's failure is named and the others are still done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from api.output import counted
from graph.errors import InputError, NoFiles
from graph.load import Bundle, LoadReport, iter_batches, known_files, load
from graph.records import DocumentRecord
from graph.store import Store, is_server, open_store
from graph.stored import facts_of, read_plan_facts, read_records
from ingest.beside import Beside, NamedFiles
from ingest.readers import READERS, Source, iter_files, read_source

if TYPE_CHECKING:
    from ingest.continuity.links import Linker
    from ingest.continuity.judged import Changes, Judged
    from ingest.continuity.verdicts import Verdict

Advance = Callable[[str], None]  # called with each file's path when it is done


@dataclass(slots=True)
class Failures:
    """One line for each file that could not be read, and one for each doubt about one that was."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def list_files(paths: list[str]) -> list[str]:
    """The files of paths; raises NoFiles where folders hold none that can be read."""
    files = NamedFiles(iter_files(paths), paths)
    if not files:
        raise NoFiles(paths, sorted(READERS))
    return files


def iter_records(files: Iterable[str], failures: Failures, advance: Advance,
                 wanted: Callable[[Source, str], bool] = lambda source, by_hand: True, beside: Beside | None = None) -> Iterator[list[DocumentRecord]]:
    """The records of each wanted file that can be read, put right by the sheets beside it; documents that corpus.csv
    leaves out are left out. `wanted` is asked with the hash of the rows that concern the file."""
    from ingest.pipeline import extract

    beside = beside or Beside(files)
    skipped, tried = False, []
    for path in files:
        tried.append(path)
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
    failures.warnings += [f"{row.place()}: not applied: {reason}" for row, reason in beside.unmet(not skipped, tried)]


def _warn(path: str, records: list[DocumentRecord], failures: Failures) -> None:
    if records and not any(record.kind == "plan" for record in records):
        kinds = ", ".join(sorted({record.kind for record in records}))
        failures.warnings.append(f"{path}: no plan in this file ({kinds}); it is kept as a document without tasks")
    for record in records:
        failures.warnings += [f"{path}: 《{record.title}》 at {warning.start}: {warning.message}" for warning in record.warnings]


def read_to_link(files: list[str], failures: Failures, advance: Advance, sheets: Iterable[str] = (), across: bool = False) -> tuple[list[DocumentRecord], Linker]:
    """The records of some files, and the linker for them; no graph is touched.

    The verdicts.csv beside the files, or the `sheets` given, win over any score.
    """
    from ingest.continuity.links import Linker
    from ingest.continuity.verdicts import known_of, resolve

    beside = Beside(files)
    records = [record for of_file in iter_records(files, failures, advance, beside=beside) for record in of_file]
    linker = Linker(across=across, processes=os.cpu_count() or 1)
    compared = {(later.id, earlier.id) for later, earlier, _ in linker.plan_pairs([facts_of(record) for record in records if record.kind == "plan"])}
    found = resolve(_read_verdicts(sheets or beside.verdict_sheets(files)), known_of(records), compared)
    linker.verdicts = found.by_pair
    failures.warnings += found.problems
    return records, linker


def read_plans(url: str) -> list[DocumentRecord]:
    """The plans of a graph as records."""
    with open_store(url) as store:
        return read_records(store.read, [plan.id for plan in read_plan_facts(store.read)])


def _read_verdicts(sheets: Iterable[str]) -> list[Verdict]:
    from ingest.continuity.verdicts import read_verdicts

    return [verdict for sheet in sheets for verdict in read_verdicts(sheet)]


def verdicts_of(store: Store, files: Sequence[str] = (), sheets: Sequence[str] = ()) -> list[Verdict]:
    """The verdicts that count for a graph and for files that go into it: of the sheets given, else of those beside its files
    and, on plans whose files have none beside them, those that the graph holds."""
    from ingest.continuity.ruling import kept_verdicts

    if sheets:
        return _read_verdicts(sheets)
    beside = Beside(files)
    found = _read_verdicts(beside.verdict_sheets([*sorted(known_files(store)), *files]))
    return found + kept_verdicts(store, lambda source: beside.verdict_sheet(source) is not None)


@dataclass(slots=True)
class Linked:
    """What linking a graph anew made."""

    links: int  # CONTINUES edges
    changes: Changes  # what the judge decided of them
    gone: int = 0  # edges by a judge that stood there and, as none was asked, are the rules' again


def link_graph(url: str, failures: Failures, advance: Callable[[int, int], None], sheets: Sequence[str] = (), across: bool = False, judged: Judged | None = None) -> Linked:
    """Link a graph's plans anew, by the rules and by what a judge answered."""
    from graph.links import link_anew
    from ingest.continuity.links import Linker
    from ingest.continuity.judged import count_changes_in
    from ingest.continuity.ruling import resolve_in

    with open_store(url, "write") as store:
        linker = Linker(across=across, judged=judged, processes=os.cpu_count() or 1)
        failures.warnings += resolve_in(store, verdicts_of(store, sheets=sheets), linker)
        before = 0 if judged else count_changes_in(store).judged
        return Linked(link_anew(store, linker, advance), count_changes_in(store), before)


def ingest_files(files: list[str], url: str, replace: bool, failures: Failures, advance: Advance, again: bool = False) -> LoadReport:
    """Load files into a graph, which is made if it is missing and there is something to put in.

    `again` reads files too that the graph has unchanged: after a new alias or rule.
    """
    report = LoadReport()
    if is_server(url) or Path(url).exists():
        with open_store(url, "create") as store:
            known = {} if again or replace else known_files(store)
            _load_all(store, _bundles(files, known, failures, advance, report), files, replace, report, failures)
        return report
    bundles = _bundles(files, {}, failures, advance, report)
    if first := next(bundles, None):  # only now is there something to make a graph for
        with open_store(url, "create") as store:
            _load_all(store, chain([first], bundles), files, replace, report, failures)
    return report


def _load_all(store: Store, bundles: Iterable[list[Bundle]], files: list[str], replace: bool, report: LoadReport, failures: Failures) -> None:
    from ingest.continuity.links import Linker
    from ingest.continuity.judged import kept_judgements
    from ingest.continuity.ruling import keep_through, kept_verdicts

    linker = Linker(judged=kept_judgements(store), processes=os.cpu_count() or 1)  # so that plans read again keep what a judge answered
    before, readable = ruled_pairs(store), True
    try:
        verdicts = verdicts_of(store, files)  # before a changed file takes its links out of the graph
    except InputError as error:  # a sheet that cannot be read rules nothing; what was ruled before stays
        failures.errors.append(str(error))
        verdicts, readable = kept_verdicts(store), False
    for batch in iter_batches(bundles):
        keep_through(store, linker, [bundle.record for bundle in batch])
        load(store, batch, linker, replace, report, run=frozenset(files))
    report.ruled = apply_and_note(store, verdicts, linker, before, failures, report.notes)
    report.notes += store.warnings()
    if kept := sum(not verdict.sheet for verdict in linker.verdicts.values()):
        report.notes.append(f"{counted(kept, 'verdict')} kept by the graph{' (no verdicts.csv beside its plans)' if readable else ''}")


Ruled = dict[tuple[str, str], tuple[str, ...]]  # what a verdict says, by the ids of the later and the earlier task


def ruled_pairs(store: Store) -> Ruled:
    """The verdicts that a graph's links hold."""
    from graph.links import read_ruled

    return {(row["later"], row["earlier"]): tuple(row[name] or "" for name in ("verdict", "note", "by", "date")) for row in read_ruled(store)}


def apply_and_note(store: Store, verdicts: list[Verdict], linker: Linker, before: Ruled, failures: Failures, notes: list[str]) -> int:
    """Apply verdicts; `notes` gets a line on links that a sheet ruled on anew and one on verdicts of `before` that hold no
    longer although both tasks are there. Returns how many these are together."""
    from ingest.continuity.ruling import apply_verdicts, tasks_by_id

    failures.warnings += apply_verdicts(store, verdicts, linker)[1]
    after = ruled_pairs(store)
    anew = sum(verdict.sheet != "" and pair in after and after[pair] != before.get(pair) for pair, verdict in linker.verdicts.items())
    lost = set(before) - set(after)
    there = {task.id for task in tasks_by_id(store, {task for pair in lost for task in pair})} if lost else set()
    withdrawn = sum(there.issuperset(pair) for pair in lost)
    if anew:
        notes.append(f"verdicts.csv: {counted(anew, 'link')} ruled on anew")
    if withdrawn:
        notes.append(f"{counted(withdrawn, 'verdict')} withdrawn")
    return anew + withdrawn


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
