"""The graph as plain dataclasses: one a kind of node, one a kind of edge, a sentence for each field.

Table definitions, constraints, writes, exports and the README's schema table are loops over these fields:
a new property is one field here. Offsets count code points in `Document.text`, half-open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import ClassVar, get_type_hints

SCHEMA = 4  # raised when the meaning of a stored property changes; a graph of another schema is refused
ROLES = ("lead", "responsible", "support", "implement")  # of RESPONSIBLE_FOR
NO_CODE = "(none)"  # what questions call tasks without a code; no code may be called so


def says(text: str, **options) -> Field:
    """A field with its description."""
    return field(metadata={"says": text}, **options)


# --- nodes ------------------------------------------------------------------------------------------

@dataclass(slots=True)
class Document:
    """One document of a file (文件)."""

    id: str = says("from its text")
    source: str = says("path of the file as it was given")
    sha256: str = says("of the file's bytes")
    start: int = says("where the document begins in the file")
    kind: str = says("plan, duties, news or other")
    genre: str | None = says("tail of a plan's title: 工作要点")
    title: str = says("its own title")
    text: str = says("the document's slice of the file; all offsets of the graph count in it")
    by_hand: str = says("hashes of the rows of corpus.csv (m=…), corrections.csv (c=…) and codes.csv (k=…) that were applied; empty: none")
    read_with: str = says("version of policygraph, hashes of its rules and its gazetteer")
    ingested_at: str = says("UTC, ISO 8601")


@dataclass(slots=True)
class Plan:
    """A plan (工作要点, 行动方案, …): sets tasks for one or more years."""

    id: str = says("from place or issuer, title, years and number")
    title: str = says("its own title, not that of the covering notice")
    issuer: str | None = says("发文机关; where none is stated the body that the text shows")
    issuer_inferred: bool = says("true where the issuer is not stated")
    issuers: list[str] = says("all issuers of a joint plan, in order")
    place: str | None = says("the place that it is for")
    level: str | None = says("national, provincial, prefecture, county, township")
    doc_number: str | None = says("文号 without spaces")
    signed_on: str | None = says("成文日期")
    published_on: str | None = says("发布日期")
    years: list[int] = says("every year that it covers")
    first_year: int | None = says("first of `years`")
    last_year: int | None = says("last of `years`")
    years_basis: str | None = says("title, stated, target, issue")
    role_scheme: str | None = says("flat (no lead marked), marked (in words), positional (by a rule); null: no clause")
    lead_rule: str | None = says("the plan's own sentence on who leads")
    series: str | None = says("title without place, years and marks of a draft")
    draft: bool = says("征求意见稿 and the like")
    forwarded_by: str | None = says("the body that passes another's plan on (转发)")
    url: str | None = says("where it was published")
    corrected: list[str] = says("fields put right by hand")
    numbered_items: int = says("items of its outline that carry a number")
    sentences: int = says("sentences of its text")
    characters: int = says("characters of its text without white space")
    uncovered: int = says("those in no task, goal, clause, heading or known chrome")
    unread: list[str] = says("the stretches that they make up, verbatim")
    warnings: list[str] = says("what was doubtful when it was read")


@dataclass(slots=True)
class Goal:
    """A goal of a plan (工作目标)."""

    id: str = says("from plan and text")
    number: str | None = says("一 of 一是")
    text: str = says("verbatim")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")


@dataclass(slots=True)
class Task:
    """A task of a plan (任务)."""

    id: str = says("from plan and text")
    position: int = says("1 for the first task of its plan")
    path: list[str] = says("headings above it")
    heading: str | None = says("the nearest of them")
    text: str = says("verbatim, without heading and clause")
    clause: str | None = says("责任单位 clause, verbatim without brackets and first label; null: no unit stated")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")
    clause_start: int | None = says("place in Document.text")
    clause_end: int | None = says("place in Document.text")
    heading_start: int | None = says("place in Document.text")
    heading_end: int | None = says("place in Document.text")
    deadline: str | None = says("YYYY, YYYY-MM or YYYY-MM-DD")
    part: str = says("substantive or safeguard (组织保障)")
    corrected: list[str] = says("fields put right by hand")
    codes: list[str] = says("researchers' categories of it, from codes.csv")


@dataclass(slots=True)
class Department:
    """One unit of one body (责任单位)."""

    id: str = says("from scope and name")
    name: str = says("canonical name in its scope")
    full_name: str | None = says("official full name where known")
    scope: str = says("the body or place that it belongs to; 全国 for a name complete by itself")
    level: str | None = says("tier of its body")
    kind: str = says("government department, inner division, affiliated institution, …")
    collective: bool = says("more than one unit under one name (各区政府)")
    functions: list[str] = says("what it is for, by its name: 教育/科技 of 科技司 in 教育部, ?/科技 where the body's field is not known")
    places: list[str] = says("the place that it is of, then those above it as far as known")


@dataclass(slots=True)
class Duty:
    """A duty of a unit (职责)."""

    id: str = says("from document and text")
    number: str = says("as written")
    text: str = says("verbatim")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")


@dataclass(slots=True)
class Indicator:
    """A number that a plan sets as something to reach (指标)."""

    id: str = says("from its task or goal, value, comparator and unit")
    quote: str = says("verbatim")
    value: float = says("万 and 亿 multiplied out")
    comparator: str = says("= >= > < <= ~")
    unit: str | None = says("counter: 个, 门, %")
    object: str = says("what is counted")
    change: bool = says("an increase or decrease")
    year: int | None = says("by when")
    corrected: list[str] = says("fields put right by hand")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")


@dataclass(slots=True)
class Policy:
    """A cited document (the inside of 《…》, or its number)."""

    id: str = says("from its name")
    name: str = says("as cited")


@dataclass(slots=True)
class Programme:
    """A named programme, platform or campaign."""

    id: str = says("from its name")
    name: str = says("without its quotation marks")


@dataclass(slots=True)
class Meta:
    """One node that says what this graph is."""

    id: str = says("always m-meta")
    schema: int = says("version of this model")
    version: int = says("raised in every writing transaction")
    relinking: bool = says("true while `policygraph link` replaces links; where it stays so, some are the old ones")
    graph: str = says("drawn once, so that two graphs of one version differ")


# --- edges ------------------------------------------------------------------------------------------

@dataclass(slots=True)
class Edge:
    """`source` and `target` are node ids; PAIRS says which kinds they may be of."""

    PAIRS: ClassVar[tuple[tuple[str, str], ...]] = ()
    source: str = says("id of the node it leaves")
    target: str = says("id of the node it reaches")


@dataclass(slots=True)
class CONTAINS(Edge):
    """A document contains a plan or a duty."""

    PAIRS: ClassVar = (("Document", "Plan"), ("Document", "Duty"))


@dataclass(slots=True)
class HAS_GOAL(Edge):
    """A plan has a goal."""

    PAIRS: ClassVar = (("Plan", "Goal"),)


@dataclass(slots=True)
class HAS_TASK(Edge):
    """A plan has a task."""

    PAIRS: ClassVar = (("Plan", "Task"),)


@dataclass(slots=True)
class ISSUED_BY(Edge):
    """A plan is issued by a body."""

    PAIRS: ClassVar = (("Plan", "Department"),)
    position: int = says("1 for the first named")


@dataclass(slots=True)
class RESPONSIBLE_FOR(Edge):
    """A unit is responsible for a task, as its clause says."""

    PAIRS: ClassVar = (("Department", "Task"),)
    role: str = says("lead, responsible, support, implement")
    role_basis: str = says("marked, rule, hand, none")
    position: int = says("1 for the unit listed first")
    group: int = says("1 before the clause's first comma, 2 behind it")
    surface: str = says("the unit as written")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")


@dataclass(slots=True)
class HAS_DUTY(Edge):
    """A unit has a duty."""

    PAIRS: ClassVar = (("Department", "Duty"),)


@dataclass(slots=True)
class PART_OF(Edge):
    """A division belongs to a body; a task's target is a part of a goal's."""

    PAIRS: ClassVar = (("Department", "Department"), ("Indicator", "Indicator"))
    basis: str = says("why")


@dataclass(slots=True)
class REPEATS(Edge):
    """A goal's target states a task's target again."""

    PAIRS: ClassVar = (("Indicator", "Indicator"),)


@dataclass(slots=True)
class SUCCEEDED_BY(Edge):
    """A unit's work passed to another by a reform; both are in the graph."""

    PAIRS: ClassVar = (("Department", "Department"),)
    date: str = says("YYYY-MM or YYYY-MM-DD")
    basis: str = says("the reform's document")


@dataclass(slots=True)
class COUNTERPART_OF(Edge):
    """A unit of a lower body has the function of one of a higher body; the two stay two."""

    PAIRS: ClassVar = (("Department", "Department"),)
    basis: str = says("gazetteer, lines of work, both")
    function: str | None = says("what both are for; null where only lines of work say so")
    shared: int = says("lines of work that both stand on: tasks of the one that carry on, or are carried on by, tasks of the other")
    reason: str = says("why, in words, with an example")


@dataclass(slots=True)
class HAS_INDICATOR(Edge):
    """A task or goal sets a target."""

    PAIRS: ClassVar = (("Task", "Indicator"), ("Goal", "Indicator"))


@dataclass(slots=True)
class CITES(Edge):
    """A policy document is cited."""

    PAIRS: ClassVar = (("Plan", "Policy"), ("Task", "Policy"), ("Goal", "Policy"), ("Document", "Policy"))
    relation: str = says("basis, produces, revises, other")
    surface: str = says("as written: the name or an alias")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")


@dataclass(slots=True)
class NAMES(Edge):
    """A programme is named."""

    PAIRS: ClassVar = (("Task", "Programme"), ("Goal", "Programme"), ("Document", "Programme"))
    surface: str = says("as written: the name or an alias")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")


@dataclass(slots=True)
class MENTIONS(Edge):
    """A unit is named in running text: never workload."""

    PAIRS: ClassVar = (("Document", "Department"),)
    surface: str = says("as written")
    start_char: int = says("place in Document.text")
    end_char: int = says("place in Document.text")


@dataclass(slots=True)
class IS(Edge):
    """The cited document is this plan of the graph."""

    PAIRS: ClassVar = (("Policy", "Plan"),)


@dataclass(slots=True)
class Link(Edge):
    """What links of two tasks have, whichever kind they are."""

    PAIRS: ClassVar = (("Task", "Task"),)
    score: float = says("0 to 1, by the rules or by the judge; a verdict by hand stands whatever it is")
    named: bool = says("both name the same programme, instrument, platform or document")
    relation: str = says("continues, takes_up, passes_up, parallel")
    method: str = says("rules, judge (a language model was asked), hand (verdicts.csv)")
    evidence_later: str = says("verbatim words of the later task or its headings")
    later_start: int = says("place in the later Document.text")
    later_end: int = says("place in the later Document.text")
    evidence_earlier: str = says("verbatim words of the earlier task or its headings")
    earlier_start: int = says("place in the earlier Document.text")
    earlier_end: int = says("place in the earlier Document.text")
    rules_score: float = says("what the rules gave, whatever else decided")
    # Texts, not lists: the embedded engine takes ten times as long to commit an edge with lists on it.
    reasons: str = says("what speaks for and against it, one a line, with what each added to the logarithm of the odds")
    sentences_later: str = says("places in the later Document.text of the sentences that go on: start-end start-end …")
    sentences_earlier: str = says("the same in the earlier Document.text")
    note: str | None = says("of the verdict or the judge")
    by: str | None = says("who ruled, or which model")
    date: str | None = says("of the verdict, or of the judge's answer")


@dataclass(slots=True)
class CONTINUES(Link):
    """A later task carries on an earlier one's line of work."""


@dataclass(slots=True)
class RESEMBLES(Link):
    """A later task perhaps carries on an earlier one, its score being below the cut; or a verdict by hand, or the judge, says that it does not."""


NODES: tuple[type, ...] = (Document, Plan, Goal, Task, Department, Duty, Indicator, Policy, Programme, Meta)
EDGES: tuple[type[Edge], ...] = (
    CONTAINS, HAS_GOAL, HAS_TASK, ISSUED_BY, RESPONSIBLE_FOR, HAS_DUTY, PART_OF, SUCCEEDED_BY, COUNTERPART_OF, HAS_INDICATOR,
    REPEATS, CITES, NAMES, MENTIONS, IS, CONTINUES, RESEMBLES)
# Nodes that belong to one document and go with it; the others are shared, and kept while anything points to them.
OWNED = ("Document", "Plan", "Goal", "Task", "Duty", "Indicator")
SHARED = ("Department", "Policy", "Programme")
# What nodes are looked up by in a large graph, beside their ids. No titles: a server refuses a text of over 8 KB in an index.
LOOKED_UP: dict[type, tuple[str, ...]] = {Document: ("source", "sha256"), Plan: ("place",), Department: ("scope",), Policy: ("name",)}


def properties(kind: type) -> dict[str, object]:
    """Field name to type of a node or edge kind, without an edge's two ends; `str | None` is given as `str`."""
    hints = get_type_hints(kind)
    named = {f.name: hints[f.name] for f in fields(kind)}
    if issubclass(kind, Edge):
        del named["source"], named["target"]
    return {name: _without_none(hint) for name, hint in named.items()}


def _without_none(hint: object) -> object:
    args = [a for a in getattr(hint, "__args__", ()) if a is not type(None)]
    return args[0] if type(None) in getattr(hint, "__args__", ()) else hint


@cache
def columns(kind: type) -> tuple[str, ...]:
    """Field names of a node or edge kind in order, an edge's two ends first."""
    return tuple(f.name for f in fields(kind))


@cache
def values_of(kind: type) -> Callable[[object], tuple[object, ...]]:
    """What gives the fields of a node or edge of a kind, in the order of `columns`."""
    return attrgetter(*columns(kind))


def row_of(thing: object) -> dict[str, object]:
    """A node or edge as a dict of its fields."""
    return dict(zip(columns(type(thing)), values_of(type(thing))(thing), strict=True))
