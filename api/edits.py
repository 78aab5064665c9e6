"""What the service writes: a word on one link into verdicts.csv, corrections into corrections.csv, sent documents into the graph.

    python -m api.edits      reads one edit as JSON from standard input and writes what it did, as JSON

The service runs it so, as a process of its own: an embedded graph takes one writer, which must not be the process that reads it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import PolicygraphError

if TYPE_CHECKING:
    from graph.store import Store as OpenStore
    from ingest.continuity.verdicts import KnownTask


@dataclass(slots=True)
class Edited:
    """What an edit did: the sheet that holds it now, how many earlier rows it replaced, and what to know of it."""

    sheet: str
    replaced: int = 0
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)  # of a verdict: the title and the first words of the later and of the earlier task


def rule(url: str, later: str, earlier: str, ruling: str, note: str = "", by: str = "") -> Edited:
    """Overrule a link: a row of verdicts.csv beside the plans, applied to the graph. Raises CannotRule where no link can stand."""
    from api import jobs
    from graph.store import open_store
    from ingest.continuity.judged import kept_judgements
    from ingest.continuity.links import Linker
    from ingest.continuity.verdicts import Verdict, add_verdicts, first_words, read_verdicts

    with open_store(url, "write") as store:
        failures = jobs.Failures()
        ours, theirs = _two_tasks(store, later, earlier)
        sheet = _sheet_for(store, ours, theirs)
        row = Verdict(sheet, 0, ours.id, theirs.id, ruling, note, by, date.today().isoformat(), first_words(ours.text), first_words(theirs.text), ours.title, theirs.title)
        done = Edited(sheet, add_verdicts(sheet, [row], [ours, theirs]), tasks=[text for task in (ours, theirs) for text in (task.title, first_words(task.text))])
        verdicts = jobs.verdicts_of(store)
        if not any(one.sheet and os.path.samefile(one.sheet, sheet) for one in verdicts):  # the plans' folder is gone: nobody looks here
            verdicts += read_verdicts(sheet)
        jobs.apply_and_note(store, verdicts, Linker(judged=kept_judgements(store)), jobs.ruled_pairs(store), failures, done.notes)
        done.warnings = failures.warnings
    return done


def correct(url: str, document: str, rows: list[dict[str, str]]) -> Edited:
    """Put rows into the corrections.csv that covers a document's file, made beside it where there is none, and read the file
    again. A row that finds nothing to change, or cannot be meant, is in no sheet afterwards: raises CannotCorrect."""
    from api import jobs
    from ingest.beside import Beside
    from ingest.correction_sheet import add_corrections
    from ingest.errors import BadSheet, CannotCorrect

    source = _source_of(url, document)
    if source is None or not Path(source).is_file():
        raise CannotCorrect(f"the file of {document} is not there ({source})" if source else f"no document {document}")
    sheet = Beside([source]).correction_sheet(source) or os.path.relpath(Path(source).parent / "corrections.csv")
    before = Path(sheet).read_bytes() if Path(sheet).exists() else None
    failures = jobs.Failures()
    try:
        replaced = add_corrections(sheet, [row | {"date": date.today().isoformat()} for row in rows])
        jobs.ingest_files(jobs.list_files([source]), url, False, failures, lambda path: None)
        # The sheet's other rows may be lost too; that is for a warning, and no reason to refuse these.
        fresh = {f"{sheet}:{line}" for line in _lines_of(sheet, rows)}
        lost = [warning for warning in failures.warnings if warning.split(": ")[0] in fresh]
        if lost or failures.errors:
            raise CannotCorrect("; ".join(failures.errors or lost))
    except (CannotCorrect, BadSheet):
        if before is None:
            Path(sheet).unlink(missing_ok=True)
        else:
            Path(sheet).write_bytes(before)
        jobs.ingest_files(jobs.list_files([source]), url, False, jobs.Failures(), lambda path: None)
        raise
    return Edited(sheet, replaced, warnings=failures.warnings)


@dataclass(slots=True)
class Reviewed:
    """A page to correct a document on, and the Content-Security-Policy that it needs."""

    page: str
    policy: str


class FileGone(PolicygraphError):
    status = 404
    title = "The file is not there"


def review(url: str, document: str, save: str) -> Reviewed:
    """The page that shows a document's file with all that was read of it; its corrections go to the address `save`."""
    from api import jobs
    from api.review import policy_of, review_page
    from graph.errors import UnknownThing

    source = _source_of(url, document)
    if source is None:
        raise UnknownThing("document", document)
    failures = jobs.Failures()
    records = [record for of_file in jobs.iter_records([source], failures, lambda path: None) for record in of_file]
    if not records:
        raise FileGone("; ".join(failures.errors) or source)
    return Reviewed(review_page(records, save=(save, document)), policy_of(sends=True))


def _source_of(url: str, document: str) -> str | None:
    """The file that a document of the graph came from."""
    from graph.store import open_store

    with open_store(url) as store:
        found = store.read("MATCH (x:Document) WHERE x.id = $id RETURN x.source AS source", id=document)
    return found[0]["source"] if found else None


def ingest(url: str, files: list[str]) -> Edited:
    """Read files into the graph; which file is read and which is done is told at once, as lines of JSON on standard output."""
    from api import jobs
    from api.output import written

    failures = jobs.Failures()
    count = 0

    def advance(path: str) -> None:
        nonlocal count
        count += 1
        _tell({"event": "file", "file": Path(path).name, "done": count, "of": len(listed)})
        _tell({"reading": Path(listed[count]).name if count < len(listed) else None})

    listed = jobs.list_files(files)
    _tell({"reading": Path(listed[0]).name})
    report = jobs.ingest_files(listed, url, False, failures, advance)
    said = f"{written(report)}; {report.unchanged} unchanged" if report.wrote else f"nothing written; {report.unchanged} unchanged"
    return Edited("", report.replaced, [said, *report.notes], failures.errors + failures.warnings)


def _tell(said: dict[str, Any]) -> None:
    print(json.dumps(said, ensure_ascii=False), flush=True)


def _lines_of(sheet: str, rows: list[dict[str, str]]) -> list[int]:
    """The lines of a sheet on which these rows stand."""
    from ingest.correction_sheet import meaning_of, read_corrections

    wanted = {meaning_of(row) for row in rows}
    return [row.line for row in read_corrections(sheet) if meaning_of(asdict(row)) in wanted]


def _two_tasks(store: OpenStore, later: str, earlier: str) -> tuple[KnownTask, KnownTask]:
    """The tasks that are meant; raises CannotRule where no link can stand between them this way."""
    from graph.errors import CannotRule
    from graph.stored import read_plan_facts
    from ingest.continuity.links import Linker
    from ingest.continuity.ruling import tasks_by_id
    from ingest.continuity.verdicts import check_order
    from ingest.correction_sheet import NotApplicable
    from queries.things import find_thing

    ids = [find_thing(store, "verdict", name, "Task", value) for name, value in (("later", later), ("earlier", earlier))]
    tasks = {task.id: task for task in tasks_by_id(store, ids)}
    ours, theirs = (tasks[task] for task in ids)
    pairs = Linker(across=True).plan_pairs(read_plan_facts(store.read), {ours.plan})
    try:
        check_order(ours, theirs, {(a.id, b.id) for a, b, _ in pairs})
    except NotApplicable as problem:
        raise CannotRule(problem) from None
    return ours, theirs


def _sheet_for(store: OpenStore, later: KnownTask, earlier: KnownTask) -> str:
    """The verdicts.csv that covers one of the two plans' files, or lies above it and is this graph's; else a new one where the
    next run finds it: in the folder that both have in common below the working directory, else beside the later plan; here
    where both folders are gone. A new one below an older one would hide it, and withdraw what it says."""
    from ingest.beside import VERDICTS, Beside

    source = {row["plan"]: row["source"] for row in store.read("MATCH (d:Document)-[:CONTAINS]->(p:Plan) WHERE p.id IN $ids RETURN p.id AS plan, d.source AS source", ids=[later.plan, earlier.plan])}
    sources = [source[task.plan] for task in (later, earlier) if Path(source[task.plan]).parent.exists()]
    beside = Beside()
    if covering := next((sheet for source in sources if (sheet := beside.verdict_sheet(source))), None):
        return covering
    if above := next((sheet for source in sources if (sheet := _sheet_above(store, source))), None):
        return above
    folders = [next(folder for folder in Path(os.path.abspath(source)).parents if folder.is_dir()) for source in sources] or [Path.cwd()]
    common = Path(os.path.commonpath(folders))
    folder = common if Path.cwd() in (common, *common.parents) else folders[0]
    return os.path.relpath(folder / VERDICTS)


def _sheet_above(store: OpenStore, source: str) -> str | None:
    """The nearest verdicts.csv in a plan's folder or above it: up to the folder that the graph's files have in common, and
    higher where it rules on what the graph has verdicts on (plans/2025 was read with plans/, from elsewhere)."""
    from graph.links import read_ruled
    from graph.load import known_files
    from ingest.beside import VERDICTS
    from ingest.continuity.verdicts import first_words, read_verdicts

    common = Path(os.path.commonpath([Path(os.path.abspath(file)).parent for file in known_files(store) if Path(file).parent.exists()]))
    for folder in Path(os.path.abspath(source)).parents:
        sheet = folder / VERDICTS
        if sheet.is_file():
            if common in (folder, *folder.parents):
                return os.path.relpath(sheet)
            ruled = read_ruled(store)
            ids = {(row["later"], row["earlier"]) for row in ruled}
            words = {(first_words(row["later_text"]), first_words(row["earlier_text"])) for row in ruled}
            if any((row.later, row.earlier) in ids or (row.later_words, row.earlier_words) in words for row in read_verdicts(str(sheet))):
                return os.path.relpath(sheet)
    return None


EDITS: dict[str, Callable[..., Edited | Reviewed]] = {"rule": rule, "correct": correct, "ingest": ingest, "review": review}


def main() -> None:
    """One edit: {"do": one of EDITS, "url": …, …}; the last line is the answer: an Edited or Reviewed, or {"error": {status, title, detail}}."""
    asked: dict[str, Any] = json.load(sys.stdin)
    try:
        answer = asdict(EDITS[asked.pop("do")](**asked))
    except PolicygraphError as error:
        answer = {"error": {"status": error.status, "title": error.title, "detail": str(error)}}
    json.dump(answer, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
