"""The documents that a coding sheet is drawn from and compared with: of files, or of the graph."""

from __future__ import annotations

from typing import Any

from graph.records import DocumentRecord, IndicatorRecord
from graph.store import open_store
from graph.stored import read_records
from ingest.departments import resolve


def records_of_files(paths: list[str], processes: int) -> tuple[list[DocumentRecord], Any]:
    """The records of files or folders, and the failures."""
    from api import jobs
    from api.console import progress

    files = jobs.list_files(paths)
    failures = jobs.Failures()
    with progress(files, "reading") as advance:
        records = [record for of_file in jobs.iter_records(files, failures, advance, processes=processes) for record in of_file]
    return records, failures


def records_of_graph(url: str) -> list[DocumentRecord]:
    """Every document of the graph; plans with tasks, units and indicators, offsets as in the file."""
    with open_store(url) as store:
        plans = [row["id"] for row in store.read("MATCH (p:Plan) RETURN p.id AS id ORDER BY id")]
        records = read_records(store.read, plans)
        of_task = {task.id: record for record in records for task in record.tasks}
        of_document = {record.id: record for record in records}
        for record in records:
            record.indicators.clear()
            _name_as_written(record)
        wanted = ("i.id AS id, i.quote AS quote, i.value AS value, i.comparator AS comparator, i.unit AS unit, i.object AS object, "
                  "i.change AS change, i.year AS year, i.start_char AS start, i.end_char AS end_char ORDER BY start, id")
        for row in store.read(f"MATCH (t:Task)-[:HAS_INDICATOR]->(i:Indicator) RETURN t.id AS task, {wanted}"):
            if record := of_task.get(row["task"]):
                record.indicators.append(_indicator(row, record, task=row["task"]))
        for row in store.read(f"MATCH (d:Document)-[:CONTAINS]->(p:Plan)-[:HAS_GOAL]->(g:Goal)-[:HAS_INDICATOR]->(i:Indicator) RETURN d.id AS document, g.id AS goal, {wanted}"):
            if record := of_document.get(row["document"]):
                record.indicators.append(_indicator(row, record, goal=row["goal"]))
        others = store.read("MATCH (d:Document) WHERE d.kind <> 'plan' RETURN d.id AS id, d.source AS source, d.sha256 AS sha256, d.start AS start, "
                            "d.kind AS kind, d.title AS title, d.text AS text ORDER BY id")
    return records + [_other(row) for row in others]


def _name_as_written(record: DocumentRecord) -> None:
    """The graph knows a unit by its Department's name; a record by the plan's spelling, which leads to it."""
    for task in record.tasks:
        for unit in task.units:
            if resolve(unit.surface, record, unit.collective).name == unit.name:
                unit.name = unit.surface


def _indicator(row: dict[str, Any], record: DocumentRecord, task: str | None = None, goal: str | None = None) -> IndicatorRecord:
    return IndicatorRecord(
        id=row["id"], task=task, goal=goal, quote=row["quote"], value=row["value"], comparator=row["comparator"], unit=row["unit"], object=row["object"],
        change=row["change"], year=row["year"], start=row["start"] + record.start, end=row["end_char"] + record.start)


def _other(row: dict[str, Any]) -> DocumentRecord:
    return DocumentRecord(
        id=row["id"], source=row["source"], sha256=row["sha256"], start=row["start"], end=row["start"] + len(row["text"]), kind=row["kind"], genre=None,
        title=row["title"], issuer=None, issuer_inferred=False, issuers=[], body=None, place=None, doc_number=None, signed_on=None, published_on=None,
        level=None, years=[], years_basis=None, lead_rule=None, role_scheme=None, addressees=[], text=row["text"])
