"""What the compared plans hold, read from the graph: tasks with their sentences, units, targets and programmes, and links."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from graph.links import read_places
from graph.store import Store
from ingest.continuity.sentences import sentences_in
from queries.comparison.issuers import HEIRS
from queries.comparison.sides import Group, Plan

_SHOWN = 30  # characters of a task that has no heading of its own


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a task; `id` is that of its Department."""

    id: str
    name: str
    role: str
    scope: str  # the body or place that it belongs to


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a task; a plain number with 万 and 亿 multiplied out."""

    id: str
    quote: str
    value: float
    comparator: str
    unit: str | None
    object: str
    change: bool
    year: int | None


@dataclass(slots=True)
class Task:
    """A task; places count in Document.text, half-open."""

    id: str
    plan: Plan
    number: int
    heading: str | None
    text: str
    start: int
    own_heading: bool = False  # near miss: a heading above several tasks
    words: str = ""  # its own heading, or its first words where it shares one
    sentences: list[tuple[int, int]] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)  # names as the text has them

    def quote(self, start: int, end: int) -> str:
        return self.text[start - self.start:end - self.start]


@dataclass(frozen=True, slots=True)
class Link:
    """A later and an earlier task; `standing` is continued or perhaps, `kept` whether it is a link at the cut."""

    later: Task
    earlier: Task
    standing: str
    kept: bool
    score: float
    named: bool
    relation: str
    method: str
    evidence_later: str
    evidence_earlier: str
    reasons: list[str]
    place_later: tuple[int, int]  # of the evidence: in the task's text or in a heading
    place_earlier: tuple[int, int]
    sentences_later: list[tuple[int, int]]
    sentences_earlier: list[tuple[int, int]]
    note: str | None

    def places(self, side: str) -> list[tuple[int, int]]:
        """The sentences of a side's task that go on, and the place of the words on which the link rests where they are its own."""
        evidence, sentences = (self.place_later, self.sentences_later) if side == "later" else (self.place_earlier, self.sentences_earlier)
        return [*sentences, evidence] if self.own_words(side) else sentences

    def own_words(self, side: str) -> bool:
        """Whether the words on which the link rests stand in the task's own text; else in a heading."""
        return self.place_later[0] >= self.later.start if side == "later" else self.place_earlier[0] >= self.earlier.start


@dataclass(slots=True)
class Comparands:
    """A group's tasks and the links between them, both in the order of the plans; `ruled_out` counts what verdicts refuse."""

    group: Group
    earlier: list[Task]
    later: list[Task]
    links: list[Link]
    ruled_out: int
    heirs: dict[str, set[str]]  # unit to the units that took its work over, at any remove
    counterparts: dict[str, set[str]] | None  # unit to those that do its work in other bodies; null: the graph has none

    def side(self, side: str) -> list[Task]:
        return self.later if side == "later" else self.earlier

    def links_of(self, side: str) -> dict[str, list[Link]]:
        """Task id to its links, the best first."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in sorted(self.links, key=lambda link: -link.score):
            found[(link.later if side == "later" else link.earlier).id].append(link)
        return found


_TASKS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE p.id IN $plans RETURN p.id AS plan, t.id AS id, t.position AS number, t.heading AS heading, "
    "t.text AS text, t.start_char AS start, t.heading_start AS heading_start ORDER BY plan, number, id")
_UNITS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) WHERE p.id IN $plans "
    "RETURN t.id AS task, d.id AS id, d.name AS name, r.role AS role, d.scope AS scope, r.position AS position ORDER BY task, position, id")
_TARGETS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)-[:HAS_INDICATOR]->(i:Indicator) WHERE p.id IN $plans "
    "RETURN t.id AS task, i.id AS id, i.quote AS quote, i.value AS value, i.comparator AS comparator, i.unit AS unit, i.object AS object, "
    "i.change AS change, i.year AS year, i.start_char AS place ORDER BY task, place, value, id")
_NAMES = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)-[:NAMES]->(r:Programme) WHERE p.id IN $plans RETURN DISTINCT t.id AS task, r.name AS name ORDER BY task, name")
_LINKS = (
    "MATCH (lp:Plan)-[:HAS_TASK]->(lt:Task)-[r:{kind}]->(et:Task)<-[:HAS_TASK]-(ep:Plan) WHERE lp.id IN $later AND ep.id IN $earlier "
    "RETURN lt.id AS later, et.id AS earlier, r.score AS score, r.named AS named, r.relation AS relation, r.method AS method, "
    "r.evidence_later AS evidence_later, r.later_start AS later_start, r.later_end AS later_end, r.evidence_earlier AS evidence_earlier, "
    "r.earlier_start AS earlier_start, r.earlier_end AS earlier_end, r.reasons AS reasons, r.sentences_later AS sentences_later, "
    "r.sentences_earlier AS sentences_earlier, r.note AS note ORDER BY later, earlier")
_COUNTERPARTS = "MATCH (a:Department)-[:COUNTERPART_OF]->(b:Department) RETURN DISTINCT a.id AS one, b.id AS other ORDER BY one, other"


def read_comparands(store: Store, groups: list[Group], low: float, high: float) -> list[Comparands]:
    """Tasks and links of each group; `low` and `high` are the band of scores in which a link is only perhaps one."""
    plans = {plan.id: plan for group in groups for plan in group.earlier + group.later}
    tasks = _read_tasks(store, plans)
    heirs: dict[str, set[str]] = defaultdict(set)
    for row in store.read(HEIRS):
        heirs[row["one"]].add(row["other"])
    counterparts = _read_counterparts(store)
    by_plan: dict[str, list[Task]] = defaultdict(list)
    for task in tasks.values():
        by_plan[task.plan.id].append(task)
    found = []
    for group in groups:
        links, ruled_out = _read_links(store, group, tasks, low, high)
        sides = ([task for plan in listed for task in by_plan[plan.id]] for listed in (group.earlier, group.later))
        found.append(Comparands(group, *sides, links, ruled_out, heirs, counterparts))
    return found


def _read_counterparts(store: Store) -> dict[str, set[str]] | None:
    found: dict[str, set[str]] = defaultdict(set)
    for row in store.read(_COUNTERPARTS):
        found[row["one"]].add(row["other"])
        found[row["other"]].add(row["one"])
    return found or None


def _read_tasks(store: Store, plans: dict[str, Plan]) -> dict[str, Task]:
    listed = sorted(plans)
    rows = store.read(_TASKS, plans=listed)
    shared: dict[tuple[str, int | None], int] = defaultdict(int)
    for row in rows:
        shared[row["plan"], row["heading_start"]] += 1
    tasks = {}
    for row in rows:
        task = tasks[row["id"]] = Task(row["id"], plans[row["plan"]], row["number"], row["heading"], row["text"], row["start"])
        task.own_heading = bool(row["heading"]) and row["heading_start"] is not None and shared[row["plan"], row["heading_start"]] == 1
        task.words = " ".join((row["heading"] if task.own_heading else row["text"][:_SHOWN]).split())
        task.sentences = sentences_in(task.text, task.start)
    for row in store.read(_UNITS, plans=listed):
        tasks[row["task"]].units.append(Unit(row["id"], row["name"], row["role"], row["scope"]))
    for row in store.read(_TARGETS, plans=listed):
        tasks[row["task"]].targets.append(Target(*(row[name] for name in ("id", "quote", "value", "comparator", "unit", "object", "change", "year"))))
    for row in store.read(_NAMES, plans=listed):
        tasks[row["task"]].programmes.append(row["name"])
    return tasks


def _read_links(store: Store, group: Group, tasks: dict[str, Task], low: float, high: float) -> tuple[list[Link], int]:
    links, ruled_out = [], 0
    ids = {"later": [plan.id for plan in group.later], "earlier": [plan.id for plan in group.earlier]}
    for kind in ("CONTINUES", "RESEMBLES"):
        for row in store.read(_LINKS.format(kind=kind), **ids):
            standing = standing_of(kind == "CONTINUES", row["method"], row["score"], low, high)
            if standing == "not":
                ruled_out += 1
            elif standing:
                links.append(_link(row, tasks, standing, kind == "CONTINUES"))
    order = {plan.id: k for k, plan in enumerate(group.later + group.earlier)}
    return sorted(links, key=lambda link: (order[link.later.plan.id], link.later.number, -link.score, order[link.earlier.plan.id], link.earlier.number, link.later.id, link.earlier.id)), ruled_out


def standing_of(kept: bool, method: str, score: float, low: float, high: float) -> str | None:
    """continued, perhaps, not (ruled out by a person) or None (below the band). `kept` is whether the graph has it as a link."""
    if method == "hand":
        return "continued" if kept else "not"
    return "continued" if score >= high else "perhaps" if kept or score >= low else None


def _link(row: dict[str, Any], tasks: dict[str, Task], standing: str, kept: bool) -> Link:
    places = (read_places(row[name]) for name in ("sentences_later", "sentences_earlier"))
    return Link(tasks[row["later"]], tasks[row["earlier"]], standing, kept, row["score"], row["named"], row["relation"], row["method"],
                row["evidence_later"], row["evidence_earlier"], row["reasons"].splitlines(), (row["later_start"], row["later_end"]), (row["earlier_start"], row["earlier_end"]),
                *places, row["note"])
