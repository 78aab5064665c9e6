"""Units of bodies at two levels with the same function: COUNTERPART_OF, from the lower one to the higher one. Never merged.

Two grounds. The gazetteer: both have a function in common (`Department.functions`), and the lower one's place lies in the
higher one's. The lines of work: their tasks carry each other on more often than chance would have it, and neither has one
that is closer. Where a body's field is not known (?/科技), and for what lines of work alone say, the two bodies must share
so many lines of work that they are of one field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from math import comb
from typing import Any, Protocol

from graph.model import COUNTERPART_OF
from graph.store import BATCH, Transaction, batches, by_ids

LEVELS = ("national", "provincial", "prefecture", "county", "township")
LINES = 3  # lines of work from which two units, or two bodies, are taken to share them
CHANCE = 0.01  # how likely as many links, or more, may be by chance (hypergeometric, the two bodies' links given)
PART = 1 / 3  # of its tasks that a body must share with another to be taken for one of its field
_NOT_KNOWN = "?/"
_SHOWN = 24  # characters of an example
Run = Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A department that can have counterparts."""

    id: str
    name: str
    scope: str
    level: str
    functions: list[str]
    places: list[str]


@dataclass(slots=True)
class Shared:
    """The links of tasks between the units of two scopes, each as (lower task, higher task)."""

    links: dict[tuple[str, str], float] = field(default_factory=dict)  # to their scores
    lower: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))  # by unit
    higher: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    pairs: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))  # by (lower unit, higher unit)

    def add(self, lower: str, higher: str, link: tuple[str, str], score: float) -> None:
        self.links[link] = score
        for links in (self.lower[lower], self.higher[higher], self.pairs[lower, higher]):
            links.add(link)

    def strongest(self) -> set[tuple[str, str]]:
        """The links that are the strongest of one of their two tasks: one task with ten links would count ten times."""
        best: dict[tuple[bool, str], tuple[str, str]] = {}
        for link in sorted(self.links, key=lambda link: (-self.links[link], link)):
            best.setdefault((True, link[0]), link)
            best.setdefault((False, link[1]), link)
        return set(best.values())


@dataclass(frozen=True, slots=True)
class Odds:
    """How two units' links compare with chance, the strongest links of the two bodies being given."""

    found: int
    of: int
    expected: float
    chance: float  # that there are as many, or more

    @property
    def is_more(self) -> bool:
        return self.chance <= CHANCE


def odds_of(shared: Shared, strongest: set[tuple[str, str]], lower: str, higher: str) -> Odds:
    a, b = shared.lower[lower] & strongest, shared.higher[higher] & strongest
    n, found = len(strongest), len(a & b)
    chance = sum(comb(len(a), k) * comb(n - len(a), len(b) - k) for k in range(found, min(len(a), len(b)) + 1)) / comb(n, len(b))
    return Odds(found, n, len(a) * len(b) / n, chance)


def counterparts_anew(transaction: Transaction, scopes: Iterable[str] | None = None) -> None:
    """Make the COUNTERPART_OF edges what units and links now say; nothing is written where nothing has changed.

    `scopes`: those of the units whose tasks, links or plans have come, gone or changed; only edges with such a unit are
    looked at. None: all.
    """
    about = None if scopes is None else set(scopes)
    if about is not None and not about:
        return
    wanted = find_counterparts(_InGraph(transaction.run), about)
    there = {(row["source"], row["target"]): (row["basis"], row["function"], row["shared"], row["reason"]) for row in _edges(transaction.run, about)}
    said = {pair: (edge.basis, edge.function, edge.shared, edge.reason) for pair, edge in wanted.items()}
    stale = [{"s": a, "t": b} for (a, b), told in sorted(there.items()) if said.get((a, b)) != told]
    for batch in batches(stale, BATCH):
        transaction.run("UNWIND $pairs AS p MATCH (a:Department {id: p.s})-[r:COUNTERPART_OF]->(b:Department {id: p.t}) DELETE r", pairs=batch)
    fresh = [edge for pair, edge in sorted(wanted.items()) if there.get(pair) != said[pair]]
    if fresh:
        transaction.write({}, {(COUNTERPART_OF, "Department", "Department"): fresh})


def _edges(run: Run, about: set[str] | None) -> Iterable[dict[str, Any]]:
    """Those that stand in the graph; one between two of the scopes comes twice."""
    edge, told = "MATCH (a:Department)-[r:COUNTERPART_OF]->(b:Department)", "RETURN a.id AS source, b.id AS target, r.basis AS basis, r.function AS function, r.shared AS shared, r.reason AS reason"
    if about is None:
        return run(f"{edge} {told}")
    return chain.from_iterable(run(f"UNWIND $scopes AS given {edge} WHERE {end}.scope = given {told}", scopes=sorted(about)) for end in "ab")


class Facts(Protocol):
    """What counterparts rest on, of a graph or of what will be one."""

    def units(self, about: set[str] | None, linked: set[str]) -> dict[str, Unit]:
        """Every unit that stands on a task, issues a plan or has duties, by id in order; what running text only names is no unit here.
        With `about` at least those of these scopes and of such as can have the same function at another level, and those of `linked`, ids."""

    def links(self, about: set[str] | None) -> dict[tuple[str, str], float]:
        """The CONTINUES between bodies of two levels as (later, earlier) task, with scores; of `about` those in which a unit of these scopes stands."""

    def standing(self, tasks: list[str]) -> Iterable[tuple[str, str]]:
        """(unit, task) of each unit of these tasks, once."""

    def counts(self, scopes: list[str]) -> dict[str, int]:
        """How many tasks the units of each scope have, collectives left out."""

    def words(self, links: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
        """The words of the later and the earlier task on which links rest, at least of these."""


def find_counterparts(facts: Facts, about: set[str] | None = None) -> dict[tuple[str, str], COUNTERPART_OF]:
    """The edges by (lower unit, higher unit); with `about` those in which a unit of these scopes stands."""
    links = facts.links(about)
    standing = list(facts.standing(sorted({task for link in links for task in link})))
    units = facts.units(about, {unit for unit, _ in standing})
    return _wanted(facts, units, _shared(units, links, standing, about), about)


def scopes_of(run: Run, departments: Iterable[str]) -> set[str]:
    """The scopes of departments by id."""
    ids = sorted(departments)
    return {row["scope"] for row in run(by_ids("d:Department") + " RETURN DISTINCT d.scope AS scope", ids=ids)} if ids else set()


def scopes_of_plans(run: Run, plans: Iterable[str]) -> set[str]:
    """The scopes of the units that stand on plans' tasks."""
    ids = sorted(plans)
    return {row["scope"] for row in run(by_ids("p:Plan", "(p)-[:HAS_TASK]->(:Task)<-[:RESPONSIBLE_FOR]-(d:Department)", "d") + " RETURN DISTINCT d.scope AS scope", ids=ids)} if ids else set()


def mend_functions(transaction: Transaction, departments: list[Any]) -> None:
    """Put the functions and places of units that the graph has right, where the gazetteer has changed since they came in."""
    by_id = {department.id: department for department in departments}
    rows = transaction.run(by_ids("d:Department") + " RETURN d.id AS id, d.functions AS functions, d.places AS places", ids=sorted(by_id)) if by_id else []
    changed = [{"id": row["id"], "functions": by_id[row["id"]].functions, "places": by_id[row["id"]].places} for row in rows
               if (row["functions"] or [], row["places"] or []) != (by_id[row["id"]].functions, by_id[row["id"]].places)]
    for row in changed:
        transaction.run("MATCH (d:Department) WHERE d.id = $id SET d.functions = $functions, d.places = $places", **row)


class _InGraph:
    """The facts of a graph."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def units(self, about: set[str] | None, linked: set[str]) -> dict[str, Unit]:
        near = None if about is None else self._scopes_near(about)
        if near is None:
            matched, given = "MATCH (d:Department)", {}
        else:  # their ids first: of a scope that is asked for in one query the engine reads all that every unit of the graph has
            scopes = sorted(near | scopes_of(self._run, linked))
            matched, given = by_ids("d:Department"), {"ids": [row["id"] for row in self._run(
                "UNWIND $scopes AS given MATCH (d:Department) WHERE d.scope = given RETURN d.id AS id", scopes=scopes)]}
        in_use = " OR ".join(f"EXISTS {{ MATCH (d){edge} }}" for edge in ("-[:RESPONSIBLE_FOR]->(:Task)", "<-[:ISSUED_BY]-(:Plan)", "-[:HAS_DUTY]->(:Duty)"))
        return {row["id"]: Unit(**row) for row in self._run(
            f"{matched} WHERE NOT d.collective AND d.level IS NOT NULL AND d.kind <> 'enterprise' AND ({in_use}) "
            "RETURN d.id AS id, d.name AS name, d.scope AS scope, d.level AS level, d.functions AS functions, d.places AS places ORDER BY id", **given) if row["level"] in LEVELS}

    def _scopes_near(self, about: set[str]) -> set[str] | None:
        """The scopes `about`, and those with units that can have a function in common with theirs at another level: national ones, and such
        as have a place in common. None: all, for a national one can have it with any."""
        scopes = self._run("MATCH (d:Department) WHERE size(d.functions) > 0 RETURN DISTINCT d.scope AS scope, d.level AS level, d.places AS places")
        asked = [row for row in scopes if row["scope"] in about]
        if any(row["level"] == "national" for row in asked):
            return None
        places = {place for row in asked for place in row["places"]}
        return about | {row["scope"] for row in scopes if row["level"] == "national" or not places.isdisjoint(row["places"])}

    def links(self, about: set[str] | None) -> dict[tuple[str, str], float]:
        link, between, told = "(l:Task)-[c:CONTINUES]->(e:Task)", "c.relation IN ['takes_up', 'passes_up']", "RETURN DISTINCT l.id AS l, e.id AS e, c.score AS score"
        if about is None:
            rows: Iterable[dict[str, Any]] = self._run(f"MATCH {link} WHERE {between} {told}")
        else:
            # Patterns of two edges at most: the embedded engine filters an edge in the middle of a longer one wrongly. And optional
            # ones: it reads the edges of these units alone, as by `by_ids`.
            rows = chain.from_iterable(self._run(
                f"UNWIND $scopes AS given MATCH (d:Department) WHERE d.scope = given OPTIONAL MATCH {path} WHERE {between} WITH * WHERE l.id IS NOT NULL {told}",
                scopes=sorted(about)) for path in (f"(d)-[:RESPONSIBLE_FOR]->{link}", f"{link}<-[:RESPONSIBLE_FOR]-(d)"))
        return {(row["l"], row["e"]): row["score"] for row in rows}

    def standing(self, tasks: list[str]) -> Iterable[tuple[str, str]]:
        for batch in batches(tasks, BATCH):
            for row in self._run(by_ids("t:Task", "(d:Department)-[:RESPONSIBLE_FOR]->(t)", "d") + " RETURN DISTINCT d.id AS unit, t.id AS task", ids=batch):
                yield row["unit"], row["task"]

    def counts(self, scopes: list[str]) -> dict[str, int]:
        return {row["scope"]: row["n"] for row in self._run(
            "UNWIND $scopes AS given MATCH (d:Department)-[:RESPONSIBLE_FOR]->(t:Task) WHERE d.scope = given AND NOT d.collective RETURN d.scope AS scope, count(DISTINCT t.id) AS n",
            scopes=scopes)} if scopes else {}

    def words(self, links: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for batch in batches(sorted({later for later, _ in links}), BATCH):
            for row in self._run(by_ids("l:Task", "(l)-[c:CONTINUES]->(e:Task)", "e") + " AND c.relation IN ['takes_up', 'passes_up'] "
                                 "RETURN l.id AS l, e.id AS e, c.evidence_later AS later, c.evidence_earlier AS earlier", ids=batch):
                found[row["l"], row["e"]] = row["later"], row["earlier"]
        return found


def _shared(units: dict[str, Unit], links: dict[tuple[str, str], float], units_of: list[tuple[str, str]], about: set[str] | None) -> dict[tuple[str, str], Shared]:
    """The links between bodies of two levels, by (lower scope, higher scope); of `about` every link of the scopes in it."""
    standing: dict[str, list[Unit]] = defaultdict(list)
    for unit, task in units_of:
        if unit in units:
            standing[task].append(units[unit])
    found: dict[tuple[str, str], Shared] = defaultdict(Shared)
    for (later, earlier), score in links.items():
        for one in standing[later]:
            for other in standing[earlier]:
                if about is None or one.scope in about or other.scope in about:
                    rank = LEVELS.index(one.level) - LEVELS.index(other.level)
                    if rank > 0:
                        found[one.scope, other.scope].add(one.id, other.id, (later, earlier), score)
                    elif rank < 0:
                        found[other.scope, one.scope].add(other.id, one.id, (earlier, later), score)
    return found


def _wanted(facts: Facts, units: dict[str, Unit], shared: dict[tuple[str, str], Shared], about: set[str] | None) -> dict[tuple[str, str], COUNTERPART_OF]:
    found: dict[tuple[str, str], COUNTERPART_OF] = {}
    close = _of_one_field(facts, shared)
    for (lower, higher), (function, known) in _same_function(units, about).items():
        one, other = units[lower], units[higher]
        if known or (one.scope, other.scope) in close:
            told = "" if known else f" (the field of {one.scope} is told by {_count(shared[one.scope, other.scope].links)} lines of work that it shares with {other.scope})"
            found[lower, higher] = COUNTERPART_OF(lower, higher, "gazetteer", function, 0, f"{one.name} and {other.name} have the function {function}{told}")
    examples: dict[tuple[str, str], tuple[str, str]] = {}
    for (scope, above), between in shared.items():
        if about is not None and scope not in about and above not in about:
            continue
        odds = _odds(between)
        closest: dict[str, float] = {}
        for pair, each in odds.items():
            closest |= {unit: min(each.chance, closest.get(unit, 1.0)) for unit in pair}
        for (lower, higher), each in odds.items():
            if (lower, higher) not in found and (scope, above) in close and each.is_more and each.chance == closest[lower] == closest[higher]:
                found[lower, higher] = COUNTERPART_OF(lower, higher, "lines of work", None, 0, "")
        for pair, links in between.pairs.items():
            if edge := found.get(pair):
                more = odds[pair] if pair in odds and odds[pair].is_more else None
                _tell(edge, _count(links), f"{more.found} of the {more.of} strongest links between {scope} and {above} where chance would give {more.expected:.1f}" if more else "")
                if more:
                    examples[pair] = min(links, key=lambda link: (-between.links[link], link))
    _add_examples(facts, found, examples)
    return found


def _odds(shared: Shared) -> dict[tuple[str, str], Odds]:
    """Of every two units that share lines of work."""
    pairs = [pair for pair, links in sorted(shared.pairs.items()) if _count(links) >= LINES]
    strongest = shared.strongest() if pairs else set()
    return {pair: odds_of(shared, strongest, *pair) for pair in pairs}


def _same_function(units: dict[str, Unit], about: set[str] | None) -> dict[tuple[str, str], tuple[str, bool]]:
    """(lower unit, higher unit) to their function in words, and whether both bodies' fields are known."""
    sure: dict[tuple[str, str], list[Unit]] = defaultdict(list)  # by function and place, "" for the country
    guessed: dict[tuple[str, str], list[Unit]] = defaultdict(list)  # by what stands behind the field, and place
    for unit in units.values():
        here = "" if unit.level == "national" else unit.places[0] if unit.places else None
        if here is not None:
            for function in unit.functions:
                if not function.startswith(_NOT_KNOWN):
                    sure[function, here].append(unit)
            for kind in _kinds(unit):
                guessed[kind, here].append(unit)
    known: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    perhaps: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for unit in units.values():
        for place in ("", *unit.places[1:]):
            for listed, pairs, told in ((sure, unit.functions, known), (guessed, _kinds(unit), perhaps)):
                for function in pairs:
                    for other in listed.get((function, place), ()):
                        if LEVELS.index(other.level) < LEVELS.index(unit.level) and (about is None or unit.scope in about or other.scope in about) and not (place and _lie_apart(unit.places, other.places)):
                            if told is known or f"{_NOT_KNOWN}{function}" in (*unit.functions, *other.functions):
                                told[unit.id, other.id][function] = None
    return {pair: ("、".join(functions), False) for pair, functions in perhaps.items()} | {pair: ("、".join(functions), True) for pair, functions in known.items()}


def _lie_apart(lower: list[str], higher: list[str]) -> bool:
    """Whether two places, each with those above it, the first of `higher` named in `lower`, lie in different ones: a street of
    江苏省徐州市鼓楼区 and 江苏省南京市鼓楼区. Where one leaves a tier out, what comes after a name that both have decides."""
    beyond, above = lower[lower.index(higher[0]) + 1:], higher[1:]
    if not beyond or not above:
        return False
    return _lie_apart(beyond, above) if above[0] in beyond else _lie_apart(above, beyond) if beyond[0] in above else True


def _kinds(unit: Unit) -> list[str]:
    """科技 of 教育/科技 and of ?/科技; nothing of 教育, which is a body's."""
    return list(dict.fromkeys(function.split("/", 1)[1] for function in unit.functions if "/" in function))


def _of_one_field(facts: Facts, shared: dict[tuple[str, str], Shared]) -> set[tuple[str, str]]:
    """The pairs of (lower scope, higher scope) that share so many lines of work that the lower one must be of the other's field."""
    tasks = facts.counts(sorted({lower for lower, _ in shared}))
    return {pair for pair, between in shared.items() if _count(between.links) >= max(LINES, PART * tasks[pair[0]])}


def _count(links: Iterable[tuple[str, str]]) -> int:
    """Lines of work: one task linked with five of the other side is one line."""
    pairs = set(links)
    return min(len({lower for lower, _ in pairs}), len({higher for _, higher in pairs}))


def _tell(edge: COUNTERPART_OF, count: int, more: str) -> None:
    """Put the lines of work into an edge; `more` says by how much they are more than chance, "" where they are not."""
    edge.shared = count
    if more and edge.basis == "gazetteer":
        edge.basis = "both"
    lines = f"{count} line{'' if count == 1 else 's'} of work in common"
    told = [edge.reason] if edge.reason else []
    if more:
        told.append(f"{lines}, {more}")
    elif count:
        told.append(f"{lines}, no more than by chance" if count >= LINES else lines)
    edge.reason = "; ".join(told)


def _add_examples(facts: Facts, found: dict[tuple[str, str], COUNTERPART_OF], examples: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Put the words of one link into each edge that rests on lines of work. A link may stand in the graph the other way round."""
    wanted = set(examples.values())
    words = facts.words(wanted | {(b, a) for a, b in wanted}) if wanted else {}
    for pair, (a, b) in examples.items():
        later, earlier = words.get((a, b)) or words[b, a]
        found[pair].reason += f", such as “{_short(later)}” after “{_short(earlier)}”"


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"
