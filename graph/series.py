"""Series of plans: one body's plans of one title but for the year, as 2018年…工作要点, 2019年…工作要点.

What is one series is settled by issuer and `Plan.series`; corpus.csv overrules both (columns issuer, series, years), for a
body that renamed its yearly plan. Two plans of one series are what one compares first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from graph.store import Store

_PLANS = (
    "MATCH (p:Plan) WHERE p.series IS NOT NULL AND p.first_year IS NOT NULL AND CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END "
    "OPTIONAL MATCH (p)-[r:ISSUED_BY]->(d:Department) WHERE r.position = 1 "
    "RETURN p.id AS id, p.title AS title, p.years AS years, p.signed_on AS signed_on, p.series AS series, p.issuer AS body, p.place AS place, p.level AS level, "
    "d.id AS department ORDER BY id")


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """One plan of a series."""

    id: str
    title: str
    years: tuple[int, ...]  # every year that it covers
    signed_on: str | None

    @property
    def when(self) -> tuple[int, str, str]:
        return self.years[0], self.signed_on or "", self.id


@dataclass(frozen=True, slots=True)
class Series:
    """The plans of one body and one title, by their first years. A plan by itself is a series of one."""

    body: str | None
    level: str | None
    name: str  # the title without body, place and year
    plans: tuple[SeriesPlan, ...]

    @property
    def years(self) -> list[int]:
        """Every year that a plan of it covers."""
        return sorted({year for plan in self.plans for year in plan.years})

    @property
    def missing(self) -> list[int]:
        """The years between its first and its last that no loaded plan of it covers."""
        years = set(self.years)
        return [year for year in range(min(years), max(years)) if year not in years]

    @property
    def is_yearly(self) -> bool:
        """Whether years without a plan can be told: not of a single plan of several years (行动方案 2024—2026年)."""
        return len(self.plans) > 1 or len(self.plans[0].years) == 1

    def gaps(self, standing: set[int], first: int, last: int) -> list[tuple[int, list[SeriesPlan]]]:
        """The years from `first` to `last` that are not among `standing`, each with the loaded plans that cover it: none, or
        plans in which nothing was found."""
        return [(year, [plan for plan in self.plans if year in plan.years]) for year in range(first, last + 1) if year not in standing]

    @property
    def neighbours(self) -> list[tuple[str, str]]:
        """Ids of each plan and the next one, the earlier first; what is of one year and date is no pair."""
        return [(one.id, other.id) for one, other in pairwise(self.plans) if one.when[:2] < other.when[:2]]


def read_series(store: Store, scope: str | None = None) -> list[Series]:
    """Every series of the graph, or of one body or place, by body and name. A plan without a year or a body is in none.

    Spellings of one body meet: 上海市教委 and 上海市教育委员会 issue one series.
    """
    found = defaultdict(list)
    for row in store.read(_PLANS, scope=scope):
        if row["department"] or row["body"] or row["place"]:
            found[row["department"] or row["body"] or row["place"], row["series"]].append(row)
    listed = []
    for (_, name), rows in found.items():
        plans = sorted((SeriesPlan(row["id"], row["title"], tuple(sorted(row["years"])), row["signed_on"]) for row in rows), key=lambda plan: plan.when)
        latest = next(row for row in rows if row["id"] == plans[-1].id)
        listed.append(Series(latest["body"] or latest["place"], latest["level"], name, tuple(plans)))
    return sorted(listed, key=lambda series: (series.body or "", series.name, series.plans[0].id))


def series_of_plan(listed: list[Series], plan: str) -> Series | None:
    """The series in which a plan stands, None where it has no year or no body."""
    return next((series for series in listed if any(each.id == plan for each in series.plans)), None)


def previous_plan(store: Store, plan: str) -> str | None:
    """Id of the plan before this one in its series, None where it is the first that is loaded."""
    series = series_of_plan(read_series(store), plan)
    return next((earlier for earlier, later in series.neighbours if later == plan), None) if series else None


def pairs_of_years(store: Store, from_year: int | None = None, to_year: int | None = None, scope: str | None = None) -> list[tuple[str, str]]:
    """(earlier, later) ids of plans of one series: what to compare when nothing else is said.

    With both years every plan that covers the first with every one that covers the second; with `to_year` alone the plans
    of that year with those before them in their series, with `from_year` alone with those after them; without either each
    plan with the next. A series with no plan of a year gives no pair.
    """
    pairs = []
    for series in read_series(store, scope):
        if from_year is not None and to_year is not None:
            pairs += [(one.id, other.id) for one in series.plans for other in series.plans
                      if from_year in one.years and to_year in other.years and one.when[:2] < other.when[:2]]
        else:
            years = {plan.id: plan.years for plan in series.plans}
            pairs += [(one, other) for one, other in series.neighbours
                      if (from_year is None or from_year in years[one]) and (to_year is None or to_year in years[other])]
    return pairs
