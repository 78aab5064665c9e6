"""`link --cluster`: the links among extracted plans, by partition of later plans; the same links in the same order as `link` gives.

What is global is small: which plans there are, and so which pairs. A pair's links depend on its two plans and on the background that
ships with policygraph, on nothing else, so a partition needs the records of its own plans only.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from api.cluster import PAIRS
from api.cluster.extraction import list_records
from api.cluster.folders import Output, everywhere, is_address
from api.cluster.partitions import READING, Job, Report, finish, iter_made, part_name, read_list, why, writing
from api.cluster.rows import Place, iter_rows, take_rows
from api.cluster.scheduler import Advance
from api.jobs import Failures
from graph.errors import Unfinished
from graph.records import DocumentRecord, LinkRecord
from graph.stored import PlanFacts, facts_of
from ingest.beside import Beside, NamedFiles
from ingest.continuity.links import Linker
from ingest.continuity.verdicts import KnownTask, Verdict, read_verdicts, resolve
from ingest.rules import read_with

LINKS = "links.json"  # says which files of a folder are its links; written when all are there
_FACTS = ["kind", "title", "body", "place", "level", "years", "signed_on", "doc_number"]
_NEEDED = [name for name in DocumentRecord.__dataclass_fields__ if name not in ("goals", "warnings", "coverage", "source_text")]  # by linking
Pair = tuple[str, str, str]  # later plan, earlier plan, relation


@dataclass(slots=True)
class StoredLink(LinkRecord):
    """A link with what the graph needs of its documents."""

    later_plan: str = ""
    earlier_plan: str = ""
    later_document_start: int = 0  # where its document begins in its file
    earlier_document_start: int = 0


@dataclass(slots=True)
class LinkPartition(Job):
    """What becomes one Parquet file of links."""

    records: str
    pairs: list[Pair]
    places: dict[str, Place]  # of the pairs' plans
    verdicts: dict[tuple[str, str], Verdict]


@dataclass(slots=True)
class LinksReport(Report):
    """What came of a partition of links."""

    links: int = 0
    perhaps: int = 0
    ruled: int = 0


@dataclass(slots=True)
class ClusterLinked:
    """What a run did, in counts."""

    partitions: int = 0
    there: int = 0
    plans: int = 0
    pairs: int = 0
    links: int = 0
    perhaps: int = 0
    ruled: int = 0


def link_records_of(address: str, records: str, output: str, failures: Failures, advance: Advance, sheets: Iterable[str] = (), across: bool = False,
                    size: int = PAIRS) -> ClusterLinked:
    """Write the links among the plans of a folder of records to Parquet files in another, which is made; raises Unfinished, NoCluster, OtherWorker, ClusterLost.

    `sheets` are files of verdicts; without any, those beside the files that were read count. `size` is how many pairs of plans a
    partition has at least, but for the last.
    """
    source, place, seen = Output(records), Output(output), read_with()
    told = list_records(source)
    facts, places = _read_plans(source, told["parts"])
    linker = Linker(across=across)
    pairs = [(later.id, earlier.id, relation) for later, earlier, relation in linker.plan_pairs(facts)]
    verdicts = _verdicts(source, told, facts, pairs, places, sheets, failures)
    cut = {part_name(k, _digest(some, places, verdicts, seen)): some for k, some in enumerate(_cut(pairs, size))}
    result, reports = ClusterLinked(len(cut), plans=len(facts), pairs=len(pairs)), {}

    def ask(name: str) -> LinkPartition:
        return LinkPartition(name, everywhere(output), seen, everywhere(records), cut[name], {plan: places[plan] for pair in cut[name] for plan in pair[:2]}, _of(verdicts, cut[name]))

    for name, report, there in iter_made(address, place, {name: len(some) for name, some in cut.items()}, ask, link_partition, LinksReport, advance):
        if isinstance(report, Exception):
            failures.errors.append(f"{name} ({len(cut[name])} pairs of plans) is not written: {why(report)}")
        else:
            reports[name] = report
            result.there += there
    for report in reports.values():
        result.links += report.links
        result.perhaps += report.perhaps
        result.ruled += report.ruled
    if len(reports) == len(cut):
        finish(place, LINKS, {"read_with": seen, "records": records, "of": _of_parts(told), "across": across, "pairs": len(pairs), "links": result.links, "perhaps": result.perhaps}, list(cut))
    return result


def list_links(folder: Output, records: dict[str, Any]) -> dict[str, Any]:
    """What links.json says of a folder of links; raises Unfinished, also where they are of other records than those told."""
    command = f"link --cluster ADDRESS --from-records RECORDS -o {folder.url}"
    told = read_list(folder, LINKS, command)
    if told["of"] != _of_parts(records):
        raise Unfinished(folder.url, "these links are of other records", command)
    return told


def _of_parts(records: dict[str, Any]) -> str:
    return hashlib.sha256("\n".join(records["parts"]).encode()).hexdigest()[:16]


def _read_plans(source: Output, parts: list[str]) -> tuple[list[PlanFacts], dict[str, Place]]:
    """The plans, and where each stands by its id: the first where two have one id, as on loading."""
    def read(part: str) -> list[tuple[int, PlanFacts]]:
        with source.open(part) as file:
            return [(k, facts_of(SimpleNamespace(**row))) for k, row in enumerate(iter_rows(file, _FACTS)) if row["kind"] == "plan"]

    facts, places = [], {}
    with ThreadPoolExecutor(READING) as threads:
        for part, found in zip(parts, threads.map(read, parts), strict=True):
            for k, plan in found:
                if plan.id not in places:
                    places[plan.id] = part, k
                    facts.append(plan)
    return facts, places


def _cut(pairs: list[Pair], size: int) -> Iterator[list[Pair]]:
    """In partitions that end where a later plan does: what one needs of others is loaded once for it."""
    start = 0
    for k in range(1, len(pairs) + 1):
        if k == len(pairs) or k - start >= size and pairs[k][0] != pairs[k - 1][0]:
            yield pairs[start:k]
            start = k


def _digest(pairs: list[Pair], places: dict[str, Place], verdicts: dict[str, dict[tuple[str, str], Verdict]], seen: str) -> str:
    """Of all that decides what is in a partition. The files of records say in their names what is in them."""
    digest = hashlib.sha256(seen.encode())
    for pair in pairs:
        digest.update(repr((pair, places[pair[0]], places[pair[1]])).encode())
    for pair, verdict in sorted(_of(verdicts, pairs).items()):
        digest.update(repr((pair, verdict.verdict, verdict.note, verdict.by, verdict.date)).encode())
    return digest.hexdigest()


def _of(verdicts: dict[str, dict[tuple[str, str], Verdict]], pairs: list[Pair]) -> dict[tuple[str, str], Verdict]:
    """The verdicts on the tasks of some later plans."""
    return {pair: verdict for plan in dict.fromkeys(later for later, _, _ in pairs) for pair, verdict in verdicts.get(plan, {}).items()} if verdicts else {}


def _verdicts(source: Output, told: dict[str, Any], facts: list[PlanFacts], pairs: list[Pair], places: dict[str, Place], sheets: Iterable[str],
              failures: Failures) -> dict[str, dict[tuple[str, str], Verdict]]:
    """What verdicts mean, by the later task's plan; tasks are read only where there are verdicts."""
    if not sheets and not is_address(told["folder"]):
        files = [row["source"] for part in told["parts"] for row in _rows(source, part, ["source"])]
        sheets = Beside(NamedFiles(files, [told["folder"]])).verdict_sheets(files)
    rows = [verdict for sheet in sheets for verdict in read_verdicts(sheet)]
    if not rows:
        return {}
    titles = {plan.id: plan.title for plan in facts}
    at = {place: plan for plan, place in places.items()}
    tasks, plan_of = [], {}
    for part in told["parts"]:
        for k, row in enumerate(_rows(source, part, ["tasks.list.element.id", "tasks.list.element.text"])):
            if plan := at.get((part, k)):
                tasks += [KnownTask(task["id"], task["text"], plan, titles[plan]) for task in row["tasks"]]
                plan_of |= {task["id"]: plan for task in row["tasks"]}
    found = resolve(rows, tasks, {(later, earlier) for later, earlier, _ in pairs})
    failures.warnings += found.problems
    by_plan: dict[str, dict[tuple[str, str], Verdict]] = defaultdict(dict)
    for pair, verdict in found.by_pair.items():
        by_plan[plan_of[pair[0]]][pair] = verdict
    return dict(by_plan)


def _rows(source: Output, part: str, columns: list[str]) -> list[dict[str, Any]]:
    with source.open(part) as file:
        return list(iter_rows(file, columns))


# --- on a worker ------------------------------------------------------------------------------------

def link_partition(partition: LinkPartition) -> LinksReport:
    """Link a partition's pairs of plans, and put their links where they belong."""
    report, linker = LinksReport(partition.read_with), Linker(partition.verdicts)
    with writing(partition, StoredLink, report) as rows:
        plans = _load(Output(partition.records), partition.places)
        for later, earlier, relation in partition.pairs:
            links = linker.link_plans(plans[later], plans[earlier], relation)
            rows.add(_stored(link, later, earlier, plans) for link in links)
            report.links += sum(link.standing == "link" for link in links)
            report.perhaps += sum(link.standing == "perhaps" for link in links)
            report.ruled += sum(link.method == "hand" for link in links)
    return report


def _load(source: Output, places: dict[str, Place]) -> dict[str, DocumentRecord]:
    by_part: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for plan, (part, row) in places.items():
        by_part[part].append((row, plan))
    plans = {}
    for part, rows in sorted(by_part.items()):
        rows.sort()
        with source.open(part) as file:
            for (_, plan), row in zip(rows, take_rows(file, [row for row, _ in rows], _NEEDED), strict=True):
                plans[plan] = DocumentRecord.from_row(row)
    return plans


def _stored(link: LinkRecord, later: str, earlier: str, plans: dict[str, DocumentRecord]) -> StoredLink:
    values = {name: getattr(link, name) for name in LinkRecord.__dataclass_fields__}
    return StoredLink(**values, later_plan=later, earlier_plan=earlier, later_document_start=plans[later].start, earlier_document_start=plans[earlier].start)
