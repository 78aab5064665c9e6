"""Which plans stand on the earlier and on the later side, and which of them may be compared with which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graph.errors import BadParameter, MissingParameter, NoPlanOnSide, NotCompared
from graph.stored import PlanFacts
from graph.store import Store
from queries.comparison.issuers import pairs_of_one_issuer

# What a task without a link is called, on the later and on the earlier side, by how the two bodies stand to each other.
CALLED = {
    "continues": ("new", "dropped"),
    "takes_up": ("not found in the upper plan", "not found in the lower plan"),
    "passes_up": ("not found in the lower plan", "not found in the upper plan"),
    "parallel": ("not found in the other plan", "not found in the other plan"),
    "beside": ("not found in the other plan", "not found in the other plan"),  # other issuers of one place
}
_PLANS = (
    "MATCH (p:Plan) RETURN p.id AS id, p.title AS title, p.issuer AS body, p.issuer_inferred AS body_inferred, p.place AS place, p.level AS level, "
    "p.years AS years, p.years_basis AS years_basis, p.first_year AS first_year, p.signed_on AS signed_on, p.role_scheme AS role_scheme, "
    "p.corrected AS metadata_by_hand, p.numbered_items AS numbered_items, p.sentences AS sentences, p.characters AS characters, p.uncovered AS uncovered, "
    "COUNT { MATCH (p)-[:HAS_TASK]->(:Task) } AS tasks, COUNT { MATCH (p)-[:HAS_TASK]->(t:Task) WHERE t.clause IS NULL } AS unstated, "
    "COUNT { MATCH (p)-[:HAS_TASK]->(c:Task) WHERE size(c.corrected) > 0 } AS corrected, "
    "COUNT { MATCH (p)-[:HAS_TASK]->(:Task)<-[:RESPONSIBLE_FOR]-(:Department) } AS responsibilities "
    "ORDER BY coalesce(p.first_year, 0), title, id")
# Which issuer's work went to which: edges lead between the issuers' Departments.
_REFORMS = (
    "MATCH (e:Plan)-[x:ISSUED_BY]->(a:Department)-[s:SUCCEEDED_BY]->(b:Department)<-[y:ISSUED_BY]-(l:Plan) "
    "WHERE e.id IN $earlier AND l.id IN $later AND x.position = 1 AND y.position = 1 "
    "RETURN DISTINCT e.issuer AS before, l.issuer AS after, s.date AS date, s.basis AS basis ORDER BY before, after, date")
# Plans of which tasks were linked; a graph keeps only in its links whether bodies of one level were looked at.
_LINKED = (
    "MATCH (l:Plan)-[:HAS_TASK]->(:Task)-[:{kind}]->(:Task)<-[:HAS_TASK]-(e:Plan) WHERE l.id IN $later AND e.id IN $earlier "
    "RETURN DISTINCT l.id AS later, e.id AS earlier ORDER BY later, earlier")


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of the graph; `row` is what a basis says of it."""

    id: str
    title: str
    body: str | None
    place: str | None
    level: str | None
    years: list[int]
    role_scheme: str | None
    row: dict[str, Any] = field(compare=False, repr=False)

    def facts(self) -> PlanFacts:
        return PlanFacts(self.id, self.title, self.body, self.place, self.level, self.row["first_year"], self.row["signed_on"])


@dataclass(slots=True)
class Group:
    """Plans that are compared with each other: those of one body, or a body's with another body's. By year, then title."""

    relation: str  # continues, beside, takes_up, passes_up, parallel
    why: str  # in words, how the bodies stand to each other
    earlier: list[Plan]
    later: list[Plan]
    reforms: frozenset[tuple[str, str]] = frozenset()  # issuers of which the second took the first one's work over

    @property
    def same(self) -> bool:
        """Whether both sides are of one issuing body or its successor: only then is a task new or dropped."""
        return self.relation == "continues"

    @property
    def bodies(self) -> str:
        """教育部, or 教育部 → xx市 where the later side is another's."""
        sides = ["、".join(dict.fromkeys(plan.body or plan.place or "body unknown" for plan in plans)) for plans in (self.earlier, self.later)]
        return sides[0] if sides[0] == sides[1] else " → ".join(sides)

    def called(self, side: str) -> str:
        """What a task of a side without a link is called."""
        return CALLED[self.relation][0 if side == "later" else 1]


@dataclass(slots=True)
class Sides:
    """The groups, and what was left out of them in words."""

    groups: list[Group]
    left_out: list[str]
    notes: list[str]
    plans: list[Plan]  # those of the groups
    every: int  # plans of the graph


def find_sides(store: Store, from_year: int | None, to_year: int | None, scope: str | None, from_plan: str | None, to_plan: str | None) -> Sides:
    """The plans to compare; `from_plan` and `to_plan` are ids.

    A plan that covers both years stands on neither side, unless it is named for one. Where both sides have plans of one
    body or its successor, only those are compared; else, where they have plans of one place, those. Raises a UsageError where a side is not given, has no plan, or where no
    plan of one side is compared with any of the other.
    """
    if from_plan is None and from_year is None:
        raise MissingParameter("compare", "from_year")
    if to_plan is None and to_year is None:
        raise MissingParameter("compare", "to_year")
    if from_plan is not None and from_plan == to_plan:
        raise BadParameter("compare", "to_plan", to_plan, "another plan than from_plan")
    if from_year is not None and to_year is not None and from_year >= to_year:
        raise BadParameter("compare", "to_year", to_year, f"a year after from_year, which is {from_year}")
    every = [Plan(row["id"], row["title"], row["body"], row["place"], row["level"], row["years"], row["role_scheme"], row) for row in store.read(_PLANS)]
    stand = {side: [plan for plan in every if _stands(plan, year, named, scope)] for side, year, named in (("earlier", from_year, from_plan), ("later", to_year, to_plan))}
    both = {plan.id for plan in stand["earlier"]} & {plan.id for plan in stand["later"]}
    notes = _on_both(every, both, from_plan, to_plan)
    for side, named in (("earlier", from_plan), ("later", to_plan)):
        stand[side] = [plan for plan in stand[side] if plan.id not in both or plan.id == named]
        if not stand[side]:
            raise NoPlanOnSide(side, from_year if side == "earlier" else to_year, scope, _years(every, scope), [plan.title for plan in every if plan.id in both])
    groups, unlinked = _groups(store, stand["earlier"], stand["later"])
    inside = {plan.id for group in groups for plan in group.earlier + group.later}
    named_apart = {plan.id for pair in unlinked for plan in pair}
    outside = {side: [plan for plan in plans if plan.id not in inside | named_apart] for side, plans in stand.items()}
    return Sides(groups, _left_out(outside) + _not_linked(unlinked), notes, [plan for plan in every if plan.id in inside], len(every))


def _stands(plan: Plan, year: int | None, named: str | None, scope: str | None) -> bool:
    return (year is None or year in plan.years) and named in (None, plan.id) and (scope is None or scope in (plan.body, plan.place))


def _on_both(every: list[Plan], both: set[str], from_plan: str | None, to_plan: str | None) -> list[str]:
    neither = [f"《{plan.title}》" for plan in every if plan.id in both and plan.id not in (from_plan, to_plan)]
    if not neither:
        return []
    return [f"in force on both sides, and on neither here: {', '.join(neither[:5])}{f' and {len(neither) - 5} more' if neither[5:] else ''}; nothing of {'it' if len(neither) == 1 else 'them'} is new or dropped"]


def _years(every: list[Plan], scope: str | None) -> list[str]:
    """2018 (1 plan), 2021 (1 plan): what could be asked for."""
    counts = Counter(year for plan in every if _stands(plan, None, None, scope) for year in plan.years)
    return [f"{year} ({n} plan{'' if n == 1 else 's'})" for year, n in sorted(counts.items())]


def _groups(store: Store, earlier: list[Plan], later: list[Plan]) -> tuple[list[Group], list[tuple[Plan, Plan]]]:
    """The plans by body, or, where the sides have no body in common, by place, or each pair of bodies that was linked; and
    the pairs of plans (earlier, later) that might have been compared had they been linked."""
    from ingest.continuity.pairs import plan_pairs

    known = {plan.id: plan for plan in [*earlier, *later]}
    first, second = {plan.id for plan in earlier}, {plan.id for plan in later}
    ordered = [(known[b.id], known[a.id], relation) for a, b, relation in plan_pairs([plan.facts() for plan in known.values()], across=True)]
    pairs = [(a, b, relation) for a, b, relation in ordered if a.id in first and b.id in second]
    issued = pairs_of_one_issuer(store, sorted(first), sorted(second))
    pairs, unlinked = _only_linked(store, pairs)
    if not pairs:
        turned = next(((a, b) for a, b, _ in ordered if a.id in second and b.id in first), None)
        raise NotCompared([_named(plan) for plan in earlier], [_named(plan) for plan in later], turned and turned[1].title)
    own = [(a, b) for a, b, _ in pairs if (a.id, b.id) in issued]
    if own:
        return [_of_one_body(store, *parted, issued) for parted in _components(own)], []
    beside = [(a, b) for a, b, relation in pairs if relation == "continues"]
    if beside:
        return [_of_one_place(*parted) for parted in _components(beside)], []
    found: dict[tuple, list[tuple[Plan, Plan, str]]] = defaultdict(list)
    for a, b, relation in pairs:
        found[a.body, a.place, a.level, b.body, b.place, b.level].append((a, b, relation))
    return [Group(listed[0][2], _why_other(*listed[0]), *_parted((a, b) for a, b, _ in listed)) for listed in found.values()], unlinked


def _only_linked(store: Store, pairs: list[tuple[Plan, Plan, str]]) -> tuple[list[tuple[Plan, Plan, str]], list[tuple[Plan, Plan]]]:
    """The pairs without those of two bodies of one level between which there is no link, and those.

    Plan by plan: one that was read again, or came later, without --across has none, whatever the others have.
    """
    across = [(a, b) for a, b, relation in pairs if relation == "parallel"]
    if not across:
        return pairs, []
    ends = {"earlier": sorted({a.id for a, _ in across}), "later": sorted({b.id for _, b in across})}
    linked = {(row["earlier"], row["later"]) for kind in ("CONTINUES", "RESEMBLES") for row in store.read(_LINKED.format(kind=kind), **ends)}
    return ([pair for pair in pairs if pair[2] != "parallel" or (pair[0].id, pair[1].id) in linked], [pair for pair in across if (pair[0].id, pair[1].id) not in linked])


def _components(pairs: list[tuple[Plan, Plan]]) -> list[tuple[list[Plan], list[Plan]]]:
    """Plans that pairs join, as (earlier, later); in the order of their first pair."""
    head: dict[str, str] = {}

    def find(plan: str) -> str:
        while head.setdefault(plan, plan) != plan:
            head[plan] = head[head[plan]]
            plan = head[plan]
        return plan

    for a, b in pairs:
        head[find(a.id)] = find(b.id)
    joined: dict[str, list[tuple[Plan, Plan]]] = defaultdict(list)
    for a, b in pairs:
        joined[find(a.id)].append((a, b))
    return [_parted(listed) for listed in joined.values()]


def _parted(pairs: Iterable[tuple[Plan, Plan]]) -> tuple[list[Plan], list[Plan]]:
    sides: tuple[dict[str, Plan], dict[str, Plan]] = ({}, {})
    for pair in pairs:
        for side, plan in zip(sides, pair, strict=True):
            side[plan.id] = plan
    earlier, later = (sorted(side.values(), key=lambda plan: (plan.row["first_year"] or 0, plan.title, plan.id)) for side in sides)
    return earlier, later


def _of_one_body(store: Store, earlier: list[Plan], later: list[Plan], issued: set[tuple[str, str]]) -> Group:
    """The group of one body's plans or of its and its successor's, and in words why "new" and "dropped" hold."""
    before, after = _bodies(earlier), _bodies(later)
    renamed = frozenset((a.body, b.body) for a in earlier for b in later if (a.id, b.id) in issued and a.body and b.body and a.body != b.body)
    reforms = store.read(_REFORMS, earlier=[plan.id for plan in earlier], later=[plan.id for plan in later]) if renamed else []
    told = "; ".join(f"{row['before']} became {row['after']} ({row['date']}, {row['basis']})" for row in reforms if row["before"] != row["after"])
    if set(before) == set(after):
        why = f"one body, {'、'.join(before)}"
    else:
        why = "a body and its successor: " + (told or "、".join(before) + "; then " + "、".join(after))
    return Group("continues", f"{why}: what has no link is new or dropped", earlier, later, renamed)


def _of_one_place(earlier: list[Plan], later: list[Plan]) -> Group:
    """The group of the plans of one place by other issuers: what one does not hold may be the other's work."""
    place = next((f"one place, {plan.place}" for plan in reversed([*earlier, *later]) if plan.place), "one body by name")
    return Group("beside", f"{place}, but not the same issuers ({'、'.join(_bodies(earlier))}; then {'、'.join(_bodies(later))}): what has no link is not found in the other plan, "
                 "which shows neither that it is new nor that it was dropped: it may stand in another issuer's", earlier, later)


def _bodies(plans: list[Plan]) -> list[str]:
    return list(dict.fromkeys(plan.body or "body unknown" for plan in plans))


def _why_other(earlier: Plan, later: Plan, relation: str) -> str:
    stand = {"takes_up": "the earlier plan's above the later one's", "passes_up": "the later plan's above the earlier one's", "parallel": "neither above the other"}[relation]
    return f"two bodies, {stand}: what has no link is not found in the other plan, which shows neither that it is new nor that it was dropped"


def _named(plan: Plan) -> str:
    return f"《{plan.title}》 ({plan.body or 'body unknown'}, {plan.level or 'level unknown'}, {plan.years[0] if plan.years else 'year unknown'})"


def _left_out(outside: dict[str, list[Plan]]) -> list[str]:
    """Plans of a side of whose body the other side has none."""
    return [f"{len(plans)} plan{'' if len(plans) == 1 else 's'} of the {side} side, of whose body the other side has no plan to compare: "
            + ", ".join(_named(plan) for plan in plans[:3]) + (" …" if plans[3:] else "") for side, plans in outside.items() if plans]


def _not_linked(pairs: list[tuple[Plan, Plan]]) -> list[str]:
    """Pairs of bodies of one level that were not linked with each other."""
    if not pairs:
        return []
    told = ", ".join(f"《{a.title}》 with 《{b.title}》" for a, b in pairs[:3]) + (" …" if pairs[3:] else "")
    return [f"{len(pairs)} pair{'' if len(pairs) == 1 else 's'} of plans without any link between bodies of one level: {told}; `policygraph link --across` links them"]
