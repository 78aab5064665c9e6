"""Commands about continuity: `link`, `verdict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api import cluster_commands
from api.console import Cluster, Format, FromRecords, Jobs, Output, Store, conclude, counting, errors, print_rows, processes_of, progress, url_of
from api.verdict_command import verdict

if TYPE_CHECKING:
    from api.jobs import Failures
    from api.judging import Options
    from graph.records import LinkRecord


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(link)
    app.command()(verdict)


Verdicts = Annotated[list[str] | None, typer.Option("--verdicts", help="A verdicts.csv; without it those beside the files count.", show_default=False)]
Across = Annotated[bool, typer.Option("--across", help="Compare bodies of one level with each other, too.")]
JudgeUrl = Annotated[str | None, typer.Option("--judge", metavar="URL", help="Ask a language model about each task's best candidates: an OpenAI-compatible endpoint such as http://localhost:8000/v1; its key in POLICYGRAPH_JUDGE_KEY.", show_default="nobody is asked, nothing is sent")]
JudgeModel = Annotated[str | None, typer.Option("--judge-model", metavar="NAME", help="The model, by the endpoint's name for it.", show_default=False)]
JudgeCandidates = Annotated[int, typer.Option("--judge-candidates", min=1, help="Candidates of each later task in each earlier plan that it is asked about.")]
JudgeParallel = Annotated[int, typer.Option("--judge-parallel", min=1, help="Requests at a time.")]
JudgeTimeout = Annotated[float, typer.Option("--judge-timeout", min=1, help="Seconds that a request may take.")]
JudgeFresh = Annotated[bool, typer.Option("--judge-fresh", help="Ask again what was answered before.")]
Yes = Annotated[bool, typer.Option("--yes", help="Send without asking back.")]


def link(paths: Annotated[list[str] | None, typer.Argument(help="Files or folders; without any, the graph's plans are linked anew.", show_default=False)] = None,
         store: Store = None, format: Output = Format.jsonl, jobs: Jobs = None, verdicts: Verdicts = None, across: Across = False,
         perhaps: Annotated[bool, typer.Option("--perhaps", help="Print what is only perhaps a link, and what was ruled out, too.")] = False,
         judge: JudgeUrl = None, judge_model: JudgeModel = None, judge_candidates: JudgeCandidates = 6, judge_parallel: JudgeParallel = 4,
         judge_timeout: JudgeTimeout = 120.0, judge_fresh: JudgeFresh = False, yes: Yes = False, cluster: Cluster = None,
         from_records: FromRecords = None, output: Annotated[str | None, typer.Option("--output", "-o", help="With --cluster: a folder or address, for Parquet.", show_default=False)] = None) -> None:
    """Print which tasks carry on which; without files, link the graph's plans anew."""
    with errors():
        from api.judging import Options

        if cluster or from_records or output:
            cluster_commands.link(cluster, from_records, output, paths, format, jobs, verdicts or (), across, judge)
            return
        asked = Options(judge, judge_model, judge_candidates, judge_parallel, judge_timeout, judge_fresh, yes)
        if paths:
            _link_files(paths, format, verdicts, across, perhaps, asked, processes_of(jobs))
        else:
            _link_graph(url_of(store), verdicts, across, asked, processes_of(jobs))


def _link_files(paths: list[str], format: Format, verdicts: list[str] | None, across: bool, perhaps: bool, asked: Options, processes: int) -> None:
    from api import jobs
    from api.judging import ask_about
    from ingest.continuity.links import link_records

    judge, failures = asked.judge(), jobs.Failures()
    files = jobs.list_files(paths)
    with progress(files, "reading") as advance:
        records, linker = jobs.read_to_link(files, failures, advance, verdicts or (), across, processes)
    if judge:
        linker.judged = ask_about(records, linker, judge, asked.yes, failures)
    _print(link_records(records, linker), format, perhaps, failures)


def _link_graph(url: str, verdicts: list[str] | None, across: bool, asked: Options, processes: int) -> None:
    """The judge is asked between two openings of the graph: nobody else waits for it, and no transaction stands open."""
    from api import jobs
    from api.judging import ask_about, told_changes
    from ingest.continuity.links import Linker

    judge, failures = asked.judge(), jobs.Failures()
    judged = ask_about(jobs.read_plans(url), Linker(across=across), judge, asked.yes, failures) if judge else None
    with counting("linking", "pairs of plans") as advance:
        made = jobs.link_graph(url, failures, advance, verdicts or (), across, judged, processes)
    gone = f"; {made.gone} that a judge had decided are the rules' again, --judge brings them back from its cache" if made.gone else ""
    conclude(failures, f"{made.links} links in {url}{told_changes(made.changes)}{gone}")


def _print(links: list[LinkRecord], format: Format, perhaps: bool, failures: Failures) -> None:
    from dataclasses import asdict, fields

    from api.judging import told_changes
    from graph.records import LinkRecord
    from ingest.continuity.judged import count_changes

    shown = [link for link in links if perhaps or link.standing == "link"]
    columns = [field.name for field in fields(LinkRecord)]
    print_rows("Links", [asdict(link) for link in shown], columns, format)
    below = sum(link.standing == "perhaps" for link in links)
    ruled = sum(link.method == "hand" for link in links)
    left = "" if perhaps or not below else f"; {below} below the cut that a reader should look at (--perhaps prints them)"
    conclude(failures, f"{len(links) - below - sum(link.standing == 'not' for link in links)} links{left}" + (f"; {ruled} ruled by hand" if ruled else "") + told_changes(count_changes(links)))
