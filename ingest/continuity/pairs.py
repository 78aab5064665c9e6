"""Which plans are compared: those of one body or place, and those of a body with the plans of the bodies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import product

from graph.stored import Body, PlanFacts, body_of
from ingest.places import LEVELS, find_place, place_above
from ingest.successions import successors_of


def plan_pairs(plans: list[PlanFacts], about: set[str] | None = None, across: bool = False) -> list[tuple[PlanFacts, PlanFacts, str]]:
    """(later, earlier, relation) of every pair of plans that is compared, by the later plan's body, then by year.

    Same body or place, or a body that took the other's work over: `continues`, by first year, then by date of signature.
    One body above the other's: `takes_up` where the lower plan is not the earlier one, else `passes_up`. With `across`
    bodies of one level elsewhere too: `parallel`. Plans without a year are in no pair. `about` keeps the pairs in which
    one of these plans (by id) stands.
    """
    groups: dict[Body, list[PlanFacts]] = defaultdict(list)
    for plan in plans:
        if plan.first_year:
            groups[body_of(plan)].append(plan)
    asked = None if about is None else {body for body, listed in groups.items() if any(plan.id in about for plan in listed)}
    pairs = []
    for a, b in _near(groups, across, asked):
        standing = _standing(a, b, across)
        if standing is None:
            continue
        for one, other in _two_of(groups[a]) if a == b else product(groups[a], groups[b]):
            if about is None or one.id in about or other.id in about:
                pair = _in_order(one, other, standing)
                if pair:
                    pairs.append(pair)
    # Body by body: whoever goes through them needs few plans at a time (by year: all).
    return sorted(pairs, key=lambda pair: (pair[0].place or "", pair[0].body or "", _when(pair[0]), pair[0].id, _when(pair[1]), pair[1].id))


def bodies_near(bodies: Iterable[Body], asked: set[Body], across: bool = False) -> set[Body]:
    """The bodies whose plans are compared with those of the bodies `asked`, and these."""
    return {body for pair in _near(asked.union(bodies), across, asked) if _standing(*pair, across) for body in pair} | asked


def _near(bodies: Iterable[Body], across: bool, asked: set[Body] | None) -> list[tuple[Body, Body]]:
    """Each body with itself and all pairs that may be compared, found by their names: not every pair of thousands of bodies.
    `asked` keeps the pairs in which one of these stands."""
    listed = sorted(bodies, key=lambda body: tuple(part or "" for part in body))
    wanted = {k for k, body in enumerate(listed) if asked is None or body in asked}
    alike: dict[tuple[str, str | None], set[int]] = defaultdict(set)  # bodies of which any two may be one
    by_place: dict[str, list[int]] = defaultdict(list)
    by_end: dict[str, list[int]] = defaultdict(list)
    for k, (body, place, level) in enumerate(listed):
        if body:
            alike["body", body].add(k)
        if across:
            alike["level", level].add(k)
        if not place:
            alike["no place", None].add(k)  # a reform may have made one of the other
            continue
        found = find_place(place)
        alike["place", found.parts[-1] if found else place].add(k)
        by_place[place].append(k)
        for start in range(len(place)):
            by_end[place[start:]].append(k)
    national = {k for k, (_, _, level) in enumerate(listed) if level == "national"}
    pairs = {(k, k) for k in wanted}
    for group in alike.values():
        pairs.update((min(k, other), max(k, other)) for k in group & wanted for other in group)
    for k, (_, place, level) in enumerate(listed):
        above = set() if level == "national" else set(national) if k in wanted else national & wanted
        if place:
            above |= {upper for end in range(1, len(place) + 1) for upper in by_place.get(place[:end], ())}
            above |= {upper for tier in LEVELS for upper in by_end.get(place_above(place, tier) or "", ())}
        pairs.update((min(k, upper), max(k, upper)) for upper in above if k in wanted or upper in wanted)
    return [(listed[k], listed[other]) for k, other in sorted(pairs)]


def _when(plan: PlanFacts) -> tuple[int, str]:
    return plan.first_year or 0, plan.signed_on or ""


def _two_of(plans: list[PlanFacts]) -> list[tuple[PlanFacts, PlanFacts]]:
    return [(plans[i], plans[k]) for i in range(len(plans)) for k in range(i)]


def _in_order(a: PlanFacts, b: PlanFacts, standing: str) -> tuple[PlanFacts, PlanFacts, str] | None:
    """Later, earlier and relation; `standing` is continues, parallel, or which of both is above: first, second."""
    later, earlier = (a, b) if (_when(a), a.id) > (_when(b), b.id) else (b, a)
    if standing in ("continues", "parallel"):
        return (later, earlier, standing) if _when(later) > _when(earlier) else None
    upper, lower = (a, b) if standing == "first" else (b, a)
    if later is lower or later.first_year == earlier.first_year:
        return lower, upper, "takes_up"
    return later, earlier, "passes_up"


def _standing(a: Body, b: Body, across: bool) -> str | None:
    if _same(a, b):
        return "continues"
    if _is_above(a, b):
        return "first"
    if _is_above(b, a):
        return "second"
    return "parallel" if across and a[2] == b[2] and a != b else None


def _same(a: Body, b: Body) -> bool:
    (body, place, _), (other, elsewhere, _) = a, b
    if place and elsewhere:
        x, y = find_place(place), find_place(elsewhere)
        return place == elsewhere or bool(x and y and x.parts[-1] == y.parts[-1] and (len(x.parts) == 1 or len(y.parts) == 1))
    if place or elsewhere or not body or not other:
        return bool(body and body == other)
    return body == other or _succeeds(body, other) or _succeeds(other, body)


def _succeeds(before: str, after: str) -> bool:
    """Whether a national body's work went to another by a reform: 国家卫生计生委 to 国家卫生健康委."""
    from ingest.gazetteer import gazetteer

    spellings = gazetteer().ministry_spellings
    one, other = (spellings[name].name if name in spellings else name for name in (before, after))
    return one == other or any(row.after == other for row in successors_of(one, "全国"))


def _is_above(upper: Body, lower: Body) -> bool:
    """Whether `upper` stands above `lower`: the national level above all, a place above those in it."""
    (_, place, level), (_, below, its_level) = upper, lower
    if not its_level or not level or level == its_level:
        return False
    if level == "national":
        return True
    if its_level == "national" or not place or not below or LEVELS.index(level) >= LEVELS.index(its_level):
        return False
    above = place_above(below, level)
    return above is not None and place.endswith(above) and not _lies_elsewhere(place, below) or below.startswith(place)


def _lies_elsewhere(place: str, below: str) -> bool:
    """Whether a place names another place above it than one below does: 福州市鼓楼区 and 南京市鼓楼区湖南路街道."""
    found = find_place(place)
    for part in found.parts[:-1] if found else ():
        tier = find_place(part)
        other = place_above(below, tier.level) if tier else None
        if other not in (None, part):
            return True
    return False
