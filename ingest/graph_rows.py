"""A record as nodes and edges of the graph: where units become Departments and offsets count in the document."""

from __future__ import annotations

from datetime import UTC, datetime

from graph import model
from graph.ids import content_id, number_equals, squeeze
from graph.load import Bundle
from graph.records import DocumentRecord
from graph.stored import plan_id
from ingest.departments import parent_of, resolve
from ingest.rules import read_with


def bundles_of(records: list[DocumentRecord]) -> list[Bundle]:
    """Those of a file's documents."""
    return [bundle_of(record) for record in records]


def bundle_of(record: DocumentRecord) -> Bundle:
    """All nodes and edges of one document. Shared nodes stand in it whether the graph has them or not."""
    bundle = Bundle(record, plan_id(record) if record.kind == "plan" else None)
    document = model.Document(
        record.id, record.source, record.sha256, record.start, record.kind, record.genre, record.title, record.text, record.by_hand, read_with(),
        datetime.now(UTC).isoformat(timespec="seconds"))
    bundle.node(document)
    if record.kind == "plan":
        _add_plan(bundle, record)
    _add_duties(bundle, record)
    _add_mentions(bundle, record)
    return bundle


def _add_plan(bundle: Bundle, record: DocumentRecord) -> None:
    coverage = record.coverage
    assert coverage is not None and bundle.plan_id is not None
    plan = model.Plan(
        bundle.plan_id, record.title, record.body, record.issuer_inferred, record.issuers, record.place, record.level,
        record.doc_number, record.signed_on, record.published_on, record.years,
        record.years[0] if record.years else None, record.years[-1] if record.years else None, record.years_basis,
        record.role_scheme, record.lead_rule, record.series, record.draft, record.forwarded_by, record.url, record.corrected, coverage.numbered_items, coverage.sentences, coverage.characters, coverage.uncovered, coverage.unread,
        [warning.message for warning in record.warnings])
    bundle.node(plan)
    bundle.edge(model.CONTAINS(record.id, plan.id), "Document", "Plan")
    for position, issuer in enumerate(record.issuers or ([record.body] if record.body else []), 1):
        department = resolve(issuer, record)
        bundle.node(department)
        bundle.edge(model.ISSUED_BY(plan.id, department.id, position), "Plan", "Department")
    at = record.start
    for goal in record.goals:
        bundle.node(model.Goal(goal.id, goal.number, goal.text, goal.start - at, goal.end - at))
        bundle.edge(model.HAS_GOAL(plan.id, goal.id), "Plan", "Goal")
    for position, task in enumerate(record.tasks, 1):
        bundle.node(model.Task(
            task.id, position, task.path, task.path[-1] if task.path else None, task.text, task.clause, task.start - at, task.end - at,
            None if task.clause_start is None else task.clause_start - at, None if task.clause_end is None else task.clause_end - at,
            None if task.heading_start is None else task.heading_start - at, None if task.heading_end is None else task.heading_end - at,
            task.deadline, task.part, task.corrected, task.codes))
        bundle.edge(model.HAS_TASK(plan.id, task.id), "Plan", "Task")
        for order, unit in enumerate(task.units, 1):
            department = resolve(unit.name, record, unit.collective)
            _add_department(bundle, record, department)
            bundle.edge(model.RESPONSIBLE_FOR(
                department.id, task.id, unit.role, unit.role_basis, order, unit.group, unit.surface, unit.start - at, unit.end - at),
                "Department", "Task")
    for indicator in record.indicators:
        owner, kind = (indicator.task, "Task") if indicator.task else (indicator.goal, "Goal")
        if owner:
            bundle.node(model.Indicator(
                indicator.id, indicator.quote, float(indicator.value), indicator.comparator, indicator.unit, indicator.object,
                indicator.change, indicator.year, indicator.corrected, indicator.start - at, indicator.end - at))
            bundle.edge(model.HAS_INDICATOR(owner, indicator.id), kind, "Indicator")
            if indicator.repeats:
                bundle.edge(model.REPEATS(indicator.id, indicator.repeats), "Indicator", "Indicator")
            if indicator.part_of:
                bundle.edge(model.PART_OF(indicator.id, indicator.part_of, "adds up to it"), "Indicator", "Indicator")


def _add_department(bundle: Bundle, record: DocumentRecord, department: model.Department) -> None:
    bundle.node(department)
    if parent := parent_of(department, record):
        bundle.node(parent)
        bundle.edge(model.PART_OF(department.id, parent.id, "division of the issuing body"), "Department", "Department")


def _add_duties(bundle: Bundle, record: DocumentRecord) -> None:
    at = record.start
    keys = [(record.id, squeeze(duty.text)) for duty in record.duties]
    for duty, key, n in zip(record.duties, keys, number_equals(keys), strict=True):
        department = resolve(duty.department, record)
        bundle.node(department)
        node = model.Duty(content_id("Duty", *key, n), duty.number, duty.text, duty.start - at, duty.end - at)
        bundle.node(node)
        bundle.edge(model.CONTAINS(record.id, node.id), "Document", "Duty")
        bundle.edge(model.HAS_DUTY(department.id, node.id), "Department", "Duty")


def _add_mentions(bundle: Bundle, record: DocumentRecord) -> None:
    at = record.start
    for mention in record.mentions:
        if mention.task:
            owner, kind = mention.task, "Task"
        elif mention.goal:
            owner, kind = mention.goal, "Goal"
        elif bundle.plan_id and mention.kind == "policy":
            owner, kind = bundle.plan_id, "Plan"  # a preamble's citations belong to the plan
        else:
            owner, kind = record.id, "Document"
        start, end = mention.start - at, mention.end - at
        surface = record.text[start:end]
        if mention.kind == "policy":
            policy = model.Policy(content_id("Policy", squeeze(mention.name)), mention.name)
            bundle.node(policy)
            bundle.edge(model.CITES(owner, policy.id, mention.relation or "other", surface, start, end), kind, "Policy")
        elif mention.kind == "programme":
            programme = model.Programme(content_id("Programme", squeeze(mention.name)), mention.name)
            bundle.node(programme)
            bundle.edge(model.NAMES(owner, programme.id, surface, start, end), kind, "Programme")
        else:
            department = resolve(mention.name, record)
            bundle.node(department)
            bundle.edge(model.MENTIONS(record.id, department.id, surface, start, end), "Document", "Department")
