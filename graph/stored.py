"""Plans read back from the graph as records, for what works on records (continuity)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph.ids import content_id, squeeze
from graph.records import DocumentRecord, IndicatorRecord, MentionRecord, TaskRecord, UnitRecord

Run = Callable[..., list[dict[str, Any]]]
Body = tuple[str | None, str | None, str | None]  # issuing body, place, level: what decides how two plans stand to each other


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What decides whether two plans are compared."""

    id: str
    title: str
    body: str | None
    place: str | None
    level: str | None
    first_year: int | None
    signed_on: str | None


def plan_id(record: DocumentRecord) -> str:
    """The plan's id: from place or body, title, years and number."""
    return content_id("Plan", record.place or record.body, squeeze(record.title), ",".join(map(str, record.years)), record.doc_number)


def facts_of(record: DocumentRecord) -> PlanFacts:
    return PlanFacts(plan_id(record), record.title, record.body, record.place, record.level, record.years[0] if record.years else None, record.signed_on)


def body_of(facts: PlanFacts) -> Body:
    return facts.body, facts.place, facts.level


def read_bodies(run: Run) -> set[Body]:
    """The bodies of all plans: some hundredth of the plans of a large graph."""
    return {(row["body"], row["place"], row["level"]) for row in run("MATCH (p:Plan) RETURN DISTINCT p.issuer AS body, p.place AS place, p.level AS level")}


def read_plan_facts(run: Run, bodies: set[Body] | None = None) -> list[PlanFacts]:
    """Every plan of the graph, or those of some bodies, by id."""
    facts = "p.id AS id, p.title AS title, p.issuer AS body, p.place AS place, p.level AS level, p.first_year AS first_year, p.signed_on AS signed_on"
    if bodies is None:
        return [PlanFacts(**row) for row in run(f"MATCH (p:Plan) RETURN {facts} ORDER BY id")]
    places = sorted({place for _, place, _ in bodies if place})
    rows = run(f"UNWIND $places AS given MATCH (p:Plan) WHERE p.place = given RETURN {facts}", places=places) if places else []
    if any(not place for _, place, _ in bodies):
        rows += run(f"MATCH (p:Plan) WHERE p.place IS NULL RETURN {facts}")
    return sorted((plan for plan in (PlanFacts(**row) for row in rows) if body_of(plan) in bodies), key=lambda plan: plan.id)


def read_records(run: Run, plans: list[str]) -> list[DocumentRecord]:
    """Records of plans with tasks, units, tasks' targets and mentions; offsets count in the file again. What continuity
    does not look at (goals, warnings) is left out."""
    # By a list of ids, not a row for each: the engine would put the texts of the whole graph into memory to join the two.
    head = run(
        "MATCH (d:Document)-[:CONTAINS]->(p:Plan) WHERE p.id IN $ids RETURN p.id AS plan, d.id AS id, d.source AS source, d.sha256 AS sha256, "
        "d.start AS start, d.text AS text, d.genre AS genre, p.title AS title, p.issuer AS body, p.issuer_inferred AS inferred, p.issuers AS issuers, "
        "p.place AS place, p.level AS level, p.years AS years, p.years_basis AS years_basis, p.doc_number AS doc_number, p.signed_on AS signed_on, "
        "p.published_on AS published_on, p.lead_rule AS lead_rule, p.role_scheme AS role_scheme, p.series AS series, p.draft AS draft, "
        "p.forwarded_by AS forwarded_by, p.url AS url, p.corrected AS corrected, d.by_hand AS by_hand ORDER BY plan", ids=plans)
    records = {}
    for row in head:
        records[row["plan"]] = DocumentRecord(
            row["id"], row["source"], row["sha256"], row["start"], row["start"] + len(row["text"]), "plan", row["genre"], row["title"],
            None if row["inferred"] else row["body"], row["inferred"], row["issuers"], row["body"], row["place"], row["doc_number"],
            row["signed_on"], row["published_on"], row["level"], row["years"], row["years_basis"], row["lead_rule"], row["role_scheme"], [], row["series"], row["draft"],
            row["forwarded_by"], row["url"], corrected=row["corrected"], by_hand=row["by_hand"], text=row["text"])
    tasks: dict[str, TaskRecord] = {}
    for row in run(
            "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE p.id IN $ids RETURN p.id AS plan, t.id AS id, t.path AS path, t.text AS text, t.start_char AS start, "
            "t.end_char AS end_char, t.clause AS clause, t.clause_start AS clause_start, t.clause_end AS clause_end, t.deadline AS deadline, t.part AS part, t.heading_start AS heading_start, t.heading_end AS heading_end, t.codes AS codes, "
            "t.position AS position ORDER BY plan, position", ids=plans):
        record = records[row["plan"]]
        at = record.start
        tasks[row["id"]] = task = TaskRecord(
            row["id"], row["path"], row["text"], row["start"] + at, row["end_char"] + at, row["clause"],
            None if row["clause_start"] is None else row["clause_start"] + at, None if row["clause_end"] is None else row["clause_end"] + at,
            row["deadline"], row["part"], None if row["heading_start"] is None else row["heading_start"] + at,
            None if row["heading_end"] is None else row["heading_end"] + at, codes=row["codes"])
        record.tasks.append(task)
    for row in run(
            "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) WHERE p.id IN $ids RETURN p.id AS plan, t.id AS task, d.name AS name, "
            "r.surface AS surface, r.role AS role, r.role_basis AS basis, r.`group` AS grp, d.collective AS collective, r.start_char AS start, r.end_char AS end_char, "
            "r.position AS position ORDER BY task, position", ids=plans):
        at = records[row["plan"]].start
        tasks[row["task"]].units.append(UnitRecord(
            row["surface"], row["name"], row["role"], row["basis"], row["grp"], row["collective"], row["start"] + at, row["end_char"] + at))
    for row in run(
            "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)-[:HAS_INDICATOR]->(i:Indicator) WHERE p.id IN $ids RETURN p.id AS plan, t.id AS task, i.id AS id, i.quote AS quote, "
            "i.value AS value, i.comparator AS comparator, i.unit AS unit, i.object AS object, i.change AS change, i.year AS year, i.start_char AS start, i.end_char AS end_char "
            "ORDER BY task, start, id", ids=plans):
        at = records[row["plan"]].start
        records[row["plan"]].indicators.append(IndicatorRecord(
            row["id"], row["task"], None, row["quote"], row["value"], row["comparator"], row["unit"], row["object"], row["change"], row["year"], row["start"] + at, row["end_char"] + at))
    for edge, kind in (("CITES", "Policy"), ("NAMES", "Programme")):
        for row in run(
                f"MATCH (p:Plan)-[:HAS_TASK]->(t:Task)-[r:{edge}]->(n:{kind}) WHERE p.id IN $ids RETURN p.id AS plan, t.id AS task, n.name AS name, "
                "r.start_char AS start, r.end_char AS end_char ORDER BY task, start, name", ids=plans):
            at = records[row["plan"]].start
            records[row["plan"]].mentions.append(MentionRecord(
                row["task"], None, kind.lower(), row["name"], None, row["start"] + at, row["end_char"] + at))
    return list(records.values())
