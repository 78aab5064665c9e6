"""All parts of a comparison together, with the basis that goes with them everywhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graph.errors import BadParameter, UnknownThing
from graph.settings import VERSION
from graph.store import Store, one_state
from graph.version_file import tag_of
from queries.answer import Rows, answer
from queries.comparison.classes import Count, count_side, thin
from queries.comparison.material import Comparands, read_comparands
from queries.comparison.parts import NAMES, PARTS, TERMS, Comparison, Part, columns_of
from queries.comparison.rows import compared_rows, pair_rows, programme_rows, strength_rows, summary_row, target_rows, task_rows, unit_rows
from queries.comparison.sides import Sides, find_sides
from queries.comparison.strength import stage_changes
from queries.comparison.targets import pair_targets
from queries.comparison.units import unit_changes
from queries.comparison.words import notes_on_links, say_compared, say_counts
from queries.question import load
from queries.things import find_thing, nearest_scopes


@one_state
def compare(store: Store, from_year: int | None = None, to_year: int | None = None, scope: str | None = None, from_plan: str | None = None,
            to_plan: str | None = None, only: Collection[str] = NAMES) -> Comparison:
    """Compare the plans of two years, or two plans given by id, title or number. `only` names the parts to make.

    Raises a UsageError where a part is unknown, a plan or body is not in the graph, a side has no plan, or the two sides' plans were not linked.
    """
    for name in only:
        if name not in NAMES:
            raise BadParameter("compare", "part", name, "one of " + ", ".join(NAMES))
    named = {name: find_thing(store, "compare", name, "Plan", value) if value is not None else None for name, value in (("from_plan", from_plan), ("to_plan", to_plan))}
    if scope and not store.read("MATCH (p:Plan) WHERE p.issuer = $scope OR p.place = $scope RETURN p.id AS id LIMIT 1", scope=scope):
        raise UnknownThing("body or place", scope, nearest_scopes(store, scope))
    from ingest.continuity.weights import read_weights

    values = {"from_year": from_year, "to_year": to_year, "scope": scope, **named}
    sides = find_sides(store, **values)
    weights = read_weights()
    found = read_comparands(store, sides.groups, weights.low, weights.high)
    counts = [[count_side(each, side, equal) for side in ("later", "earlier")] for each in found for equal in (thin(each),)]
    rows = _rows(found, counts)
    parts = {name: _part(name, rows[name]) for name in PARTS if name in only}
    if TERMS in only:
        parts[TERMS] = _terms(store, sides, values)
    basis = _basis(store, sides, values, notes_on_links(found, [count for pair in counts for count in pair], weights.low, weights.high))
    several = len(found) > 1
    return Comparison(
        [line for each in found for line in say_compared(each, several)],
        [line for each, pair in zip(found, counts, strict=True) for line in say_counts(each, pair, several)],
        {name: parts[name] for name in NAMES if name in parts}, basis)


def _rows(found: list[Comparands], counts: list[list[Count]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every part, group by group."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in PARTS}
    for each, pair in zip(found, counts, strict=True):
        targets, units, stages = pair_targets(each), unit_changes(each), stage_changes(each)
        rows["compared"] += compared_rows(each)
        rows["summary"] += [summary_row(each, count) for count in pair]
        rows["tasks"] += task_rows(each)
        rows["pairs"] += pair_rows(each, targets, units, stages)
        rows["targets"] += target_rows(each, targets)
        rows["units"] += unit_rows(each, units)
        rows["strength"] += strength_rows(each, stages)
        rows["programmes"] += programme_rows(each)
    return rows


def _part(name: str, rows: list[dict[str, Any]]) -> Part:
    spec = PARTS[name]
    return Part(name, spec.title, spec.says, list(spec.columns), [{column.name: row[column.name] for column in spec.columns} for row in rows])


def _terms(store: Store, sides: Sides, values: dict[str, Any]) -> Part:
    """The rows of distinctive_terms for these plans, or, where a side has several, for these years."""
    ends = [[plan for group in sides.groups for plan in getattr(group, side)] for side in ("earlier", "later")]
    asked = {"from_plan": ends[0][0].id, "to_plan": ends[1][0].id} if [len(plans) for plans in ends] == [1, 1] else values
    question = load("distinctive_terms")
    found: Rows = answer(question, store, asked)
    notes = list(found.basis["notes"])
    if asked is values and sides.left_out:
        notes.append("terms are of all plans of both sides, those that are left out of the comparison too")
    return Part(TERMS, "Distinctive terms", question.english, columns_of(TERMS), list(found), notes)


def _basis(store: Store, sides: Sides, values: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """What the comparison rests on, in the form of every answer's basis."""
    kept = ("id", "title", "body", "body_inferred", "place", "level", "years", "years_basis", "role_scheme", "tasks", "unstated", "corrected", "metadata_by_hand", "responsibilities")
    plans = [{name: plan.row[name] for name in kept} for plan in sides.plans]
    inferred = [plan for plan in plans if plan["body_inferred"]]
    notes = sides.notes + notes + store.warnings()
    if inferred:
        notes.append("the body is inferred from the text, not stated, for " + ", ".join(f"《{plan['title']}》 ({plan['body']})" for plan in inferred[:3]) + (" …" if inferred[3:] else ""))
    others = sides.every - len(plans)
    return {
        "question": "compare", "parameters": values, "plans": plans, "tasks": sum(plan["tasks"] for plan in plans),
        "tasks_corrected_by_hand": sum(plan["corrected"] for plan in plans), "tasks_without_stated_unit": sum(plan["unstated"] for plan in plans),
        "responsibilities": sum(plan["responsibilities"] for plan in plans),
        "left_out": ([f"{others} of the graph's {sides.every} plans"] if others else []) + sides.left_out, "notes": notes,
        "policygraph": VERSION, "graph": tag_of(store.meta())}
