"""The command `verdict`: a researcher's word on one link, into verdicts.csv and the graph."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.console import Store, conclude, errors, say, url_of

if TYPE_CHECKING:
    from graph.store import Store as OpenStore
    from ingest.continuity.verdicts import KnownTask


class Ruling(StrEnum):
    continues = "continues"
    is_not = "not"


def verdict(later: Annotated[str, typer.Argument(metavar="LATER", help="The later task: its id, or words that it begins with or holds.", show_default=False)],
            earlier: Annotated[str, typer.Argument(metavar="EARLIER", help="The earlier task, likewise.", show_default=False)],
            ruling: Annotated[Ruling, typer.Argument(metavar="continues|not", help="Whether the later task carries on the earlier one.", show_default=False)],
            store: Store = None, note: Annotated[str, typer.Option(help="Why.", show_default=False)] = "",
            by: Annotated[str, typer.Option(help="Who says so.", show_default=False)] = "") -> None:
    """Overrule a link: write a row of verdicts.csv beside the plans and apply it to the graph."""
    from datetime import date

    from api import jobs
    from graph.store import open_store
    from ingest.continuity.links import Linker
    from ingest.continuity.judged import kept_judgements
    from ingest.continuity.verdicts import Verdict, add_verdicts, first_words, read_verdicts

    with errors(), open_store(url_of(store), "write") as opened:
        failures = jobs.Failures()
        ours, theirs = _two_tasks(opened, later, earlier)
        sheet = _sheet_for(opened, ours, theirs)
        row = Verdict(sheet, 0, ours.id, theirs.id, ruling, note, by, date.today().isoformat(), first_words(ours.text), first_words(theirs.text), ours.title, theirs.title)
        replaced = add_verdicts(sheet, [row], [ours, theirs])
        verdicts = jobs.verdicts_of(opened)
        if not any(one.sheet and os.path.samefile(one.sheet, sheet) for one in verdicts):  # the plans' folder is gone: nobody looks here
            verdicts += read_verdicts(sheet)
        notes: list[str] = []
        jobs.apply_and_note(opened, verdicts, Linker(judged=kept_judgements(opened)), jobs.ruled_pairs(opened), failures, notes)
        say(f"《{ours.title}》 {first_words(ours.text)}…\n{ruling} 《{theirs.title}》 {first_words(theirs.text)}…")
        for told in notes:
            if "withdrawn" in told:
                say(f"note: {told}")
        conclude(failures, f"wrote {sheet}{', in place of an earlier row' if replaced else ''}")


def _two_tasks(store: OpenStore, later: str, earlier: str) -> tuple[KnownTask, KnownTask]:
    """The tasks that are meant; raises CannotRule where no link can stand between them this way."""
    from graph.errors import CannotRule
    from graph.stored import read_plan_facts
    from ingest.continuity.links import Linker
    from ingest.continuity.ruling import tasks_by_id
    from ingest.continuity.verdicts import check_order
    from ingest.corrections import NotApplicable
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
