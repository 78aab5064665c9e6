"""What `sample --links` and `evaluate` do for a sheet of links: from a corpus to the sheet, and from the coded sheet to figures and verdicts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING, Any

from api.console import Format, conclude, counting, print_rows, processes_of, say, url_of
from graph.errors import UsageError
from graph.settings import VERSION
from ingest.errors import NothingToCompare

if TYPE_CHECKING:
    from api.link_report import Against
    from graph.records import DocumentRecord
    from ingest.continuity.link_sheet import CodedLinks, Key
    from ingest.continuity.opinions import Decided, Opinion


def draw_sheet(paths: list[str] | None, store: str | None, n: int, seed: int, output: str, processes: int) -> None:
    """Draw pairs of tasks and write the sheet, its instructions and its key."""
    from api.output import counted
    from ingest.continuity.link_sample import draw_links
    from ingest.continuity.link_sheet import refuse_written, write_link_sheet
    from ingest.continuity.opinions import Opinions
    from ingest.continuity.weights import read_weights

    refuse_written(output)
    records, decided, failures = _corpus(paths, store, processes)
    failures.warnings.clear()  # as for passages: a doubt about a plan tells what was read in it
    with counting("comparing", "pairs of plans") as advance:
        drawn = draw_links(Opinions(records, decided), n, seed, advance)
    if not drawn.pairs:
        raise NothingToCompare(", ".join(paths or [url_of(store)]))
    # How many of them are links is not told: the one who draws may be the one who codes.
    told = f"{len(drawn.pairs)} of {drawn.population:,} pairs of tasks of {counted(drawn.plans, 'plan')}, --links --n {n} --seed {seed}, policygraph {VERSION}"
    sheet, instructions, key = write_link_sheet(output, drawn, told, VERSION, read_weights().cut)
    conclude(failures, f"drew {told}\nwrote {sheet} and {instructions}, for those who code, and {key}, which they do not open and `evaluate` needs")


def evaluate_sheets(paths: list[str], store: str | None, format: Format, detail: bool, verdicts: str | None) -> None:
    """Measure links against sheets coded by hand; `verdicts` names the file that the answers are added to."""
    from api.link_report import METHOD, Between, cautions, links_now, links_then, paragraphs, rows_of, tables
    from api.validation_report import name_coders
    from ingest.continuity.link_sheet import find_key, is_link_sheet, read_link_sheet

    named = [path for path in paths[1:] if is_link_sheet(path)]
    files = [path for path in paths[1:] if path not in named]
    key = find_key([paths[0], *named])
    sheets = [read_link_sheet(path, key) for path in [paths[0], *named]]
    opinions, thinks, failures = key.opinions, links_then(key.version), None
    if files or store:
        opinions, failures = _opinions_now(key, files, store)
        thinks = links_now()
    coders = name_coders(sheets)
    against = [_against(sheet, coder, key, opinions) for sheet, coder in zip(sheets, coders, strict=True)]
    between = [Between((coders[a], coders[b]), [(x.continues, y.continues) for pair, x in sheets[a].answers.items() if (y := sheets[b].answers.get(pair))
                                               and x.continues is not None and y.continues is not None]) for a, b in combinations(range(len(sheets)), 2)]
    rows = rows_of(against, between)
    notes = [f"measured are {thinks[0]}", METHOD, *cautions(against)]
    tell: Callable[[str], None] = say
    if format is Format.table:
        tell = print
        for k, (title, shown, columns) in enumerate(tables(rows)):
            if k:
                tell("")
            print_rows(title, shown, columns, format, notes if k == 2 else None)
    else:
        print_rows("", rows, list(rows[0]), format, notes)
    if detail:
        tell("")
        for line in [line for sheet, coder in zip(sheets, coders, strict=True) for line in _misses(sheet, coder, opinions)] or ["no misses"]:
            tell(line)
    for paragraph in paragraphs(against, between, key.plans, key.plan_pairs, thinks):
        tell(f"\n{paragraph}")
    if verdicts:
        _write_verdicts(verdicts, sheets, coders)
    if failures is not None:
        conclude(failures)


def _corpus(paths: list[str] | None, store: str | None, processes: int) -> tuple[list[DocumentRecord], Decided | None, Any]:
    """The plans with, for a graph, what its edges say."""
    from api import jobs
    from api.corpus_records import records_of_files
    from graph.store import open_store
    from ingest.continuity.opinions import read_decided

    if paths:
        records, failures = records_of_files(paths, processes)
        return records, None, failures
    with open_store(url_of(store)) as opened:
        decided = read_decided(opened)
    return jobs.read_plans(url_of(store)), decided, jobs.Failures()


def _opinions_now(key: Key, files: list[str], store: str | None) -> tuple[dict[str, Opinion], Any]:
    from ingest.continuity.opinions import Opinions

    records, decided, failures = _corpus(files, store, processes_of(None))
    failures.warnings.clear()
    found = Opinions(records, decided).of_pairs(key.strata)
    if not found:
        raise UsageError(f"none of the {len(key.strata)} pairs of the sheet is in {', '.join(files or [url_of(store)])}: name the plans that it was drawn from, or none at all "
                         "to measure the links of that day")
    return found, failures


def _against(sheet: CodedLinks, coder: str, key: Key, opinions: dict[str, Opinion]) -> Against:
    from api.link_report import Against
    from ingest.continuity.link_figures import CodedPair, Sample

    told = {pair: answer.continues for pair, answer in sheet.answers.items() if answer.continues is not None}
    coded = [CodedPair(key.strata[pair], opinions[pair].is_link, opinions[pair].score, continues) for pair, continues in told.items() if pair in opinions]
    return Against(coder, Sample(coded, key.sizes, key.expected), len(sheet.answers) - len(told), len(key.strata), len(told) - len(coded))


def _misses(sheet: CodedLinks, coder: str, opinions: dict[str, Opinion]) -> list[str]:
    """A line for each pair on which tool and coder differ."""
    told = []
    for pair, answer in sheet.answers.items():
        opinion = opinions.get(pair)
        if opinion and answer.continues is not None and answer.continues != opinion.is_link:
            words = " ← ".join(f"《{answer.row[f'{side}_plan']}》 {answer.row[f'{side}_text'][:40]}" for side in ("later", "earlier"))
            told.append(f"{sheet.path}:{answer.line}: {coder}: {'continues' if answer.continues else 'not'}; the tool: {'link' if opinion.is_link else 'no link'}, "
                        f"{opinion.score:.3f}: {words}{f' ({answer.note})' if answer.note else ''}")
    return told


def _write_verdicts(path: str, sheets: list[CodedLinks], coders: list[str]) -> None:
    """The yes and no of every sheet as rows of verdicts.csv; pairs on which coders contradict each other are left out and counted."""
    from datetime import date

    from api.output import counted
    from ingest.continuity.verdicts import Verdict, add_verdicts, first_words
    from ingest.sheets import out_of_cell

    said: dict[str, set[bool]] = {}
    for sheet in sheets:
        for pair, answer in sheet.answers.items():
            if answer.continues is not None:
                said.setdefault(pair, set()).add(answer.continues)
    agreed = {pair for pair, found in said.items() if len(found) == 1}
    rows, today = [], date.today().isoformat()
    for sheet, coder in zip(sheets, coders, strict=True):
        for pair, answer in sheet.answers.items():
            if answer.continues is not None and pair in agreed:
                later, _, earlier = pair.partition("+")
                words = [first_words(out_of_cell(answer.row[f"{side}_text"])) for side in ("later", "earlier")]
                plans = [out_of_cell(answer.row[f"{side}_plan"]) for side in ("later", "earlier")]
                rows.append(Verdict(path, 0, later, earlier, "continues" if answer.continues else "not", answer.note, answer.coder or coder, today, *words, *plans))
    replaced = add_verdicts(path, rows)
    left = len(said) - len(agreed)
    out = f"; {counted(left, 'pair')} left out, on which the coders contradict each other" if left else ""
    say(f"wrote {len(rows)} verdicts to {path}{f', {replaced} in place of earlier ones' if replaced else ''}{out}; put it beside the plans and ingest them, or `policygraph link --verdicts`")
