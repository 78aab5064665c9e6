"""Units of tasks that go on: which joined, left or stayed, and whether the lead changed."""

from __future__ import annotations

from dataclasses import dataclass

from queries.comparison.material import Comparands, Link, Task, Unit

_MARKS_LEADS = ("marked", "positional")


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What became of the units between the two tasks of a link; lists of names, None where the units are of other bodies.

    A unit `left` where no later task that is linked with the earlier one, at the cut or by this link, has it; it `joined`
    where no earlier task that is linked with the later one so has it. `stayed` names both where a reform, or the table of counterparts, makes two one.
    """

    link: Link
    stayed: list[str]
    joined: list[str] | None
    left: list[str] | None
    lead_earlier: list[str] | None  # None: leads are not marked
    lead_later: list[str] | None
    lead_changed: bool | None
    note: str | None

    @property
    def changed(self) -> bool:
        return bool(self.joined or self.left or self.lead_changed)


def unit_changes(found: Comparands) -> list[UnitChange]:
    """One a link, in the order of the links; links of two tasks without any stated unit are left out."""
    later_of, earlier_of = found.links_of("earlier"), found.links_of("later")
    changes = []
    for link in found.links:
        a, b = link.earlier, link.later
        if not a.units and not b.units:
            continue
        stayed = [name for x in a.units for y in b.units if (name := _one(found, x, y))]
        joined = left = None
        note = None
        if found.group.same:
            # What is only perhaps a partner keeps no unit: there may be many of them.
            there = [y for other in later_of[a.id] if other.kept or other is link for y in other.later.units]
            before = [x for other in earlier_of[b.id] if other.kept or other is link for x in other.earlier.units]
            left = [x.name for x in a.units if not any(_one(found, x, y) for y in there)] if b.units else None
            joined = [y.name for y in b.units if not any(_one(found, x, y) for x in before)] if a.units else None
            note = None if a.units and b.units else f"no unit is stated for the {'later' if a.units else 'earlier'} task"
        else:
            note = "two bodies, of whose units only counterparts can be compared" if found.counterparts else "two bodies, whose units cannot be compared by name"
        leads = _leads(a), _leads(b)
        changed = None if None in leads or not found.group.same else not _same_units(found, *leads)
        changes.append(UnitChange(link, list(dict.fromkeys(stayed)), _distinct(joined), _distinct(left), *(units and [unit.name for unit in units] for units in leads), changed, note))
    return changes


def _one(found: Comparands, a: Unit, b: Unit) -> str | None:
    """What a unit that stands on both sides is called; None where they are two."""
    # A division of a body that a reform ended goes on in the division of that name of the body's successor.
    if a.id == b.id or a.name == b.name and (a.scope, b.scope) in found.group.reforms:
        return a.name
    if b.id in found.heirs.get(a.id, ()) or not found.group.same and b.id in (found.counterparts or {}).get(a.id, ()):
        return f"{a.name} → {b.name}"
    return None


def _distinct(names: list[str] | None) -> list[str] | None:
    return None if names is None else list(dict.fromkeys(names))


def _leads(task: Task) -> list[Unit] | None:
    """The units that lead a task; None where its plan marks no lead, or none for this task."""
    if task.plan.role_scheme not in _MARKS_LEADS:
        return None
    return [unit for unit in task.units if unit.role == "lead"] or None


def _same_units(found: Comparands, earlier: list[Unit], later: list[Unit]) -> bool:
    return all(any(_one(found, a, b) for b in later) for a in earlier) and all(any(_one(found, a, b) for a in earlier) for b in later)
