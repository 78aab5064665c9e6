"""The jobs behind the commands: extract, link, ingest. One file's failure is named and the others are still done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from api.known import Known, Skipped, iter_asked
from api.output import counted
from graph.load import Bundle, LoadReport, iter_batches, known_files, load
from graph.records import DocumentRecord
from graph.store import Store, is_server, open_store
from graph.stored import facts_of, read_plan_facts, read_records
from ingest.beside import Beside, NamedFiles
from ingest.errors import InputError, NoFiles
from ingest.readers import READERS, iter_files
from ingest.reading import Make, is_much, iter_readings, read_file

if TYPE_CHECKING:
    from ingest.continuity.links import Linker
    from ingest.continuity.judged import Changes, Judged
    from ingest.continuity.verdicts import Verdict

Advance = Callable[[str], None]  # called with each file's path when it is done
Made = TypeVar("Made")


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


def same(records: list[DocumentRecord]) -> list[DocumentRecord]:
    """Of a file's records: themselves."""
    return records


def iter_records(files: Sequence[str], failures: Failures, advance: Advance, known: Known | None = None, beside: Beside | None = None,
                 make: Make[Made] = same, processes: int = 1) -> Iterator[Made]:
    """What `make` makes of the records of each file that can be read and is not known; the records are put right by the sheets
    beside the file, and documents that corpus.csv leaves out are left out. Close it to stop at once."""
    beside = beside or Beside(files)
    skipped = False
    asked, fresh = (iter_asked(files, known, beside), filter(known.is_new, files)) if known else (files, files)
    with closing(iter_readings(asked, beside, make, processes, processes > 1 and is_much(fresh))) as readings:
        for reading in readings:
            if isinstance(reading, Skipped) and known:
                if not known.has_failed(reading.seen):
                    known.skipped += 1
                    skipped = True
                    advance(reading.path)
                    continue
                reading = read_file(reading.path, beside, make)  # the copy that came first could not be read: this one is named, too
            if reading.error is None:
                beside.read_sheets(reading.path)
                beside.met |= reading.met
                beside.used |= reading.used
                failures.warnings += reading.warnings
                yield reading.made
            else:
                if known:
                    known.failed(reading.path)
                if reading.error not in failures.errors:  # a sheet that cannot be read concerns every file beside it
                    failures.errors.append(reading.error)
            advance(reading.path)
    failures.warnings += [f"{row.place()}: not applied: {reason}" for row, reason in beside.unmet(not skipped, files)]


def read_to_link(files: list[str], failures: Failures, advance: Advance, sheets: Iterable[str] = (), across: bool = False, processes: int = 1) -> tuple[list[DocumentRecord], Linker]:
    """The records of some files, and the linker for them; no graph is touched.

    The verdicts.csv beside the files, or the `sheets` given, win over any score.
    """
    from ingest.continuity.links import Linker
    from ingest.continuity.verdicts import known_of, resolve

    beside = Beside(files)
    records = [record for of_file in iter_records(files, failures, advance, beside=beside, processes=processes) for record in of_file]
    linker = Linker(across=across, processes=processes)
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


def link_graph(url: str, failures: Failures, advance: Callable[[int, int], None], sheets: Sequence[str] = (), across: bool = False, judged: Judged | None = None,
               processes: int = 1) -> Linked:
    """Link a graph's plans anew, by the rules and by what a judge answered."""
    from graph.links import link_anew
    from ingest.continuity.links import Linker
    from ingest.continuity.judged import count_changes_in
    from ingest.continuity.ruling import resolve_in

    with open_store(url, "write") as store:
        linker = Linker(across=across, judged=judged, processes=processes)
        failures.warnings += resolve_in(store, verdicts_of(store, sheets=sheets), linker)
        before = 0 if judged else count_changes_in(store).judged
        return Linked(link_anew(store, linker, advance), count_changes_in(store), before)


def ingest_files(files: list[str], url: str, replace: bool, failures: Failures, advance: Advance, again: bool = False, processes: int = 1) -> LoadReport:
    """Load files into a graph, which is made if it is missing and there is something to put in. What a run that was stopped
    has loaded stays, and is not read again.

    `again` reads files too that the graph has unchanged: after a new alias or rule.
    """
    report = LoadReport()
    if is_server(url) or Path(url).exists():
        with open_store(url, "create") as store:
            known = Known({} if again or replace else known_files(store))
            with closing(_bundles(files, known, failures, advance, processes)) as bundles:
                _load_all(store, bundles, files, replace, report, failures, processes)
    else:
        known = Known({})
        with closing(_bundles(files, known, failures, advance, processes)) as bundles:
            if first := next(bundles, None):  # only now is there something to make a graph for
                with open_store(url, "create") as store:
                    _load_all(store, chain([first], bundles), files, replace, report, failures, processes)
    report.unchanged = known.skipped
    return report


def _load_all(store: Store, bundles: Iterable[list[Bundle]], files: list[str], replace: bool, report: LoadReport, failures: Failures, processes: int) -> None:
    from ingest.continuity.links import Linker
    from ingest.continuity.judged import kept_judgements
    from ingest.continuity.ruling import keep_through, kept_verdicts

    linker = Linker(judged=kept_judgements(store), processes=processes)  # so that plans read again keep what a judge answered
    before, readable = ruled_pairs(store), True
    try:
        verdicts = verdicts_of(store, files)  # before a changed file takes its links out of the graph
    except InputError as error:  # a sheet that cannot be read rules nothing; what was ruled before stays
        failures.errors.append(str(error))
        verdicts, readable = kept_verdicts(store), False
    for batch in iter_batches(bundles, store.tasks_at_once):
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


def _bundles(files: list[str], known: Known, failures: Failures, advance: Advance, processes: int) -> Iterator[list[Bundle]]:
    """The bundles of each file that is not in the graph as it is."""
    from ingest.graph_rows import bundles_of

    return iter_records(files, failures, advance, known, make=bundles_of, processes=processes)
