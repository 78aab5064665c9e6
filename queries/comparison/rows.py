"""The rows of each part, from the tasks, links and changes of one group of plans; the terms are a question of their own."""

from __future__ import annotations

from typing import Any

from queries.comparison.classes import CONTINUED, NONE, Count, class_of, sentences_alone
from queries.comparison.material import Comparands, Link, Task
from queries.comparison.programmes import FELL, GONE, HELD, NEW, ROSE, programme_changes
from queries.comparison.strength import StageChange
from queries.comparison.targets import CHANGED, TargetPair, around, said
from queries.comparison.units import UnitChange


def compared_rows(found: Comparands) -> list[dict[str, Any]]:
    return [{"bodies": found.group.bodies, "side": side, "plan": plan.title, "body": plan.body, "body_inferred": plan.row["body_inferred"], "place": plan.place, "level": plan.level,
             "years": [str(year) for year in plan.years], "years_basis": plan.row["years_basis"], "tasks": plan.row["tasks"],
             "numbered_items": plan.row["numbered_items"], "sentences": plan.row["sentences"], "characters": plan.row["characters"],
             "unread_share": round(plan.row["uncovered"] / max(1, plan.row["characters"]), 3), "plan_id": plan.id}
            for side, plans in (("earlier", found.group.earlier), ("later", found.group.later)) for plan in plans]


def summary_row(found: Comparands, count: Count) -> dict[str, Any]:
    equal, of = count.equal, max(1, count.tasks)
    return {"bodies": found.group.bodies, "side": count.side, "called": found.group.called(count.side), "tasks": count.tasks, "continued": count.continued,
            "perhaps": count.perhaps, "none": count.none, "least": count.none, "most": count.most, "least_share": round(count.none / of, 3), "most_share": round(count.most / of, 3),
            "equal_tasks": equal and equal.tasks, **{f"equal_{name}": equal and round(getattr(equal, name), 3) for name in ("least", "most", "low", "high")},
            "without_kept": count.without_kept}


def task_rows(found: Comparands) -> list[dict[str, Any]]:
    """The later side's tasks, then the earlier's, in the order of the plans."""
    rows = []
    for side, other in (("later", "earlier"), ("earlier", "later")):
        links_of = found.links_of(side)
        several = len(found.group.earlier if other == "earlier" else found.group.later) > 1
        for task in found.side(side):
            links = links_of.get(task.id, [])
            name = class_of(links)
            partners = [(getattr(link, other), "" if link.standing == CONTINUED else "?") for link in links]
            rows.append({
                "bodies": found.group.bodies, "side": side, "class": name, "called": found.group.called(side) if name == NONE else None, "plan": task.plan.title,
                "number": task.number, "words": task.words, "heading": task.heading, "text": task.text, "units": [unit.name for unit in task.units],
                "best": links[0].score if links else None, "partners": [f"{f'《{partner.plan.title}》' if several else ''}{partner.number}{mark}" for partner, mark in partners],
                "sentences_alone": sentences_alone(task, [link for link in links if link.kept], side) if name == CONTINUED else None,
                "task": task.id, "partner_tasks": [partner.id for partner, _ in partners]})
    return rows


def pair_rows(found: Comparands, targets: list[TargetPair], units: list[UnitChange], stages: list[StageChange]) -> list[dict[str, Any]]:
    """One row a link, with what changed on the way in words."""
    changed: dict[int, list[str]] = {id(link): [] for link in found.links}
    for pair in targets:
        if pair.link is not None and pair.standing == CHANGED:
            changed[id(pair.link)].append(f"target {said(pair)} ({pair.later.object})")
    for change in units:
        into = changed[id(change.link)]
        if change.lead_changed:
            into.append(f"lead {'、'.join(change.lead_earlier)} → {'、'.join(change.lead_later)}")
        into += [f"{word} {'、'.join(names)}" for word, names in (("joined", change.joined), ("left", change.left)) if names]
    for stage in stages:
        if stage.change != "same" and stage.closely:
            changed[id(stage.link)].append(f"stage {stage.earlier.verb} → {stage.later.verb}")
    return [_both(found, link) | {
        "score": link.score, "above_cut": link.kept, "method": link.method, "named": link.named, "relation": link.relation, "evidence_later": link.evidence_later,
        "evidence_earlier": link.evidence_earlier, "reasons": link.reasons, "changed": changed[id(link)], "note": link.note} | _ids(link) for link in found.links]


def target_rows(found: Comparands, targets: list[TargetPair]) -> list[dict[str, Any]]:
    rows = []
    for pair in targets:
        row: dict[str, Any] = {"standing": pair.standing, "change": said(pair), "likeness": round(pair.likeness, 2) if pair.link else None}
        for side, target, task in (("earlier", pair.earlier, pair.earlier_task), ("later", pair.later, pair.later_task)):
            for name in ("object", "value", "comparator", "unit"):
                row[f"{side}_{name}"] = getattr(target, name) if target else None
            row[f"{side}_by"] = target.year if target else None
            row[f"{side}_quote"] = around(task, target.quote) if target and task else None
        rows.append(_both(found, pair.link, pair.later_task, pair.earlier_task) | row | _ids(pair.link, pair.later_task, pair.earlier_task))
    return rows


def unit_rows(found: Comparands, units: list[UnitChange]) -> list[dict[str, Any]]:
    return [_both(found, change.link) | {
        "stayed": change.stayed, "joined": change.joined, "left": change.left, "lead_earlier": change.lead_earlier, "lead_later": change.lead_later,
        "lead_changed": change.lead_changed, "units_earlier": [unit.name for unit in change.link.earlier.units],
        "units_later": [unit.name for unit in change.link.later.units], "note": change.note} | _ids(change.link) for change in units]


def strength_rows(found: Comparands, stages: list[StageChange]) -> list[dict[str, Any]]:
    """The changes first, those that rest on the link's own words before the others."""
    ordered = sorted(stages, key=lambda stage: (stage.change == "same", not stage.closely))
    return [_both(found, stage.link) | {
        "change": stage.change, "earlier_verb": stage.earlier.verb, "later_verb": stage.later.verb, "earlier_strength": stage.earlier.strength,
        "later_strength": stage.later.strength, "closely": stage.closely, "earlier_quote": stage.earlier.quote, "later_quote": stage.later.quote} | _ids(stage.link) for stage in ordered]


def programme_rows(found: Comparands) -> list[dict[str, Any]]:
    called = {} if found.group.same else {
        NEW: "only in the later plan", GONE: "only in the earlier plan", ROSE: "more in the later plan", FELL: "less in the later plan", HELD: "in both"}
    return [{"bodies": found.group.bodies, "name": row.name, "standing": called.get(row.standing, row.standing), "earlier": row.earlier, "later": row.later,
             "earlier_share": round(row.earlier_share, 3), "later_share": round(row.later_share, 3), "names": row.names,
             "alike": row.alike, "earlier_numbers": [str(task.number) for task in row.earlier_tasks], "later_numbers": [str(task.number) for task in row.later_tasks]} for row in programme_changes(found)]


def _both(found: Comparands, link: Link | None, later: Task | None = None, earlier: Task | None = None) -> dict[str, Any]:
    later, earlier = (link.later, link.earlier) if link else (later, earlier)
    row: dict[str, Any] = {"bodies": found.group.bodies, "class": link.standing if link else None}
    for side, task in (("later", later), ("earlier", earlier)):
        row |= {f"{side}_plan": task.plan.title if task else None, f"{side}_number": task.number if task else None, f"{side}_words": task.words if task else None}
    return row


def _ids(link: Link | None, later: Task | None = None, earlier: Task | None = None) -> dict[str, Any]:
    later, earlier = (link.later, link.earlier) if link else (later, earlier)
    return {"later": later.id if later else None, "earlier": earlier.id if earlier else None}
