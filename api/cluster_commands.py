"""What `extract` and `link` do with --cluster."""

from __future__ import annotations

from collections.abc import Sequence

from api.console import Format, conclude, counting
from graph.errors import UsageError


def extract(address: str, paths: list[str], output: str | None, format: Format, jobs: int | None, size: int) -> None:
    """`extract --cluster`."""
    if len(paths) != 1 or output is None:
        raise UsageError("extract --cluster reads one folder and needs -o: policygraph extract --cluster ADDRESS FOLDER -o RECORDS")
    _refuse(format, jobs)
    from api.cluster.extraction import extract_folder
    from api.jobs import Failures
    from api.output import counted

    failures = Failures()
    with counting("reading", "files") as advance:
        made = extract_folder(address, paths[0], output, failures, advance, size)
    conclude(failures, f"{counted(made.documents, 'document')} with {counted(made.tasks, 'task')} of {counted(made.files, 'file')} in {output}: "
                       f"{counted(made.partitions, 'partition')}, {made.there} there already")


def link(address: str | None, records: str | None, output: str | None, paths: list[str] | None, format: Format, jobs: int | None, verdicts: Sequence[str], across: bool,
         judge: str | None) -> None:
    """`link --cluster`."""
    if not (address and records and output) or paths or judge:
        raise UsageError("on a cluster link reads what extract wrote and needs -o: policygraph link --cluster ADDRESS --from-records RECORDS -o LINKS; no files, no --judge")
    _refuse(format, jobs)
    from api.cluster.linking import link_records_of
    from api.jobs import Failures
    from api.output import counted

    failures = Failures()
    with counting("linking", "pairs of plans") as advance:
        made = link_records_of(address, records, output, failures, advance, verdicts, across)
    conclude(failures, f"{counted(made.links, 'link')} in {output}, {made.perhaps} below the cut{f', {made.ruled} ruled by hand' if made.ruled else ''}; "
                       f"{counted(made.pairs, 'pair')} of {counted(made.plans, 'plan')}: {counted(made.partitions, 'partition')}, {made.there} there already")


def _refuse(format: Format, jobs: int | None) -> None:
    if format is not Format.jsonl:
        raise UsageError(f"--cluster writes Parquet; leave out --format {format}")
    if jobs is not None:
        raise UsageError("--jobs is of this machine; with --cluster the scheduler's workers do the work")
