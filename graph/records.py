"""The record of one document: what `policygraph extract` prints and what passes from `ingest` to the rest.

Offsets are half-open, `start` to `end`, and count Unicode code points in the file's decoded text (without
BOM, line ends as they stand). None means that the text does not say. One JSON object a document; the fields
stand in this order.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any, get_args, get_type_hints


@dataclass(slots=True)
class GoalRecord:
    """A goal (工作目标): a paragraph or an item (一是…) under a heading of that kind."""

    id: str
    number: str | None  # "一" of 一是; None for a paragraph
    text: str
    start: int
    end: int


@dataclass(slots=True)
class UnitRecord:
    """A unit (责任单位) as one clause names it."""

    surface: str  # as written
    name: str  # with the prefix put back that the list leaves out (省科技厅、财政厅: 省财政厅)
    role: str  # lead, responsible, support or implement
    role_basis: str  # marked (a word says so), rule (a sentence of the plan says so), hand (corrections.csv says so), none
    group: int  # 1 for the units before the clause's first comma, 2 behind it, …
    collective: bool  # 各区政府, 相关部门: more than one unit under one name
    start: int
    end: int


@dataclass(slots=True)
class TaskRecord:
    """A task (任务): the smallest unit of the plan that carries a responsibility clause of its own."""

    id: str
    path: list[str]  # headings above it, the outermost first, with their numbers
    text: str  # its own words, behind its heading and before its clause
    start: int
    end: int
    clause: str | None  # the inside of the clause without its first label; None: no unit is stated
    clause_start: int | None
    clause_end: int | None
    deadline: str | None  # YYYY, YYYY-MM or YYYY-MM-DD
    part: str  # substantive or safeguard (组织保障)
    heading_start: int | None  # the nearest heading's place; its words are the last of `path`
    heading_end: int | None
    units: list[UnitRecord] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)  # fields that corrections.csv put right
    codes: list[str] = field(default_factory=list)  # categories that codes.csv gives it, sorted


@dataclass(slots=True)
class IndicatorRecord:
    """A number that the plan sets as something to reach (指标)."""

    id: str
    task: str | None
    goal: str | None
    quote: str  # the shortest words with number, comparator and counter
    value: float  # 万 and 亿 multiplied out
    comparator: str  # = >= > < <= ~
    unit: str | None  # the counter: 个, 门, %
    object: str  # what is counted
    change: bool  # an increase or decrease (新增, 减少)
    year: int | None
    start: int
    end: int
    repeats: str | None = None  # id of the task's target that this goal's target states again
    part_of: str | None = None  # id of the goal's target that this one and its like add up to
    corrected: list[str] = field(default_factory=list)


@dataclass(slots=True)
class MentionRecord:
    """A policy, programme or unit that the text names. Units named here are never workload."""

    task: str | None
    goal: str | None
    kind: str  # policy, programme or unit
    name: str  # in full where the words at its place are an alias that the document sets up
    relation: str | None  # of a policy: basis, produces, revises, other
    start: int
    end: int


@dataclass(slots=True)
class DutyRecord:
    """One numbered duty (职责) of a unit."""

    department: str
    number: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class WarningRecord:
    """What was doubtful, with the words that made it so."""

    message: str
    start: int
    end: int


@dataclass(slots=True)
class Coverage:
    """How much of a plan's text was read (characters without white space)."""

    numbered_items: int  # items of the outline that carry a number
    sentences: int
    characters: int
    uncovered: int  # in no task, goal, clause, heading or known chrome
    unread: list[str]  # the stretches of at least six characters that they make up, verbatim


@dataclass(slots=True)
class DocumentRecord:
    """One document of a file."""

    id: str
    source: str  # the path as given
    sha256: str  # of the file's bytes
    start: int
    end: int
    kind: str  # plan, duties, news or other
    genre: str | None  # the tail of a plan's title: 工作要点
    title: str
    issuer: str | None  # 发文机关 in full
    issuer_inferred: bool  # true where `body` is what the text shows and no issuer is stated
    issuers: list[str]
    body: str | None  # the issuer, else the body whose divisions the clauses name (教育部), else the place
    place: str | None
    doc_number: str | None
    signed_on: str | None
    published_on: str | None
    level: str | None  # national, provincial, prefecture, county, township
    years: list[int]
    years_basis: str | None  # title, stated, target, issue
    lead_rule: str | None  # the plan's own sentence on who leads, verbatim
    role_scheme: str | None  # flat, marked, positional; None: no clause
    addressees: list[str]
    series: str | None = None  # title without place, years and marks of a draft: what each year's plan has in common
    draft: bool = False  # 征求意见稿 and the like
    forwarded_by: str | None = None  # the body that passes another's plan on (转发)
    url: str | None = None  # where it was published
    retrieved_on: str | None = None  # when it was fetched, as its front matter says
    corrected: list[str] = field(default_factory=list)  # fields that corpus.csv or corrections.csv says
    by_hand: str = ""  # hashes of the rows of those files and of codes.csv that apply (m=… c=… k=…); empty: none
    goals: list[GoalRecord] = field(default_factory=list)
    tasks: list[TaskRecord] = field(default_factory=list)
    indicators: list[IndicatorRecord] = field(default_factory=list)
    mentions: list[MentionRecord] = field(default_factory=list)
    duties: list[DutyRecord] = field(default_factory=list)
    warnings: list[WarningRecord] = field(default_factory=list)
    coverage: Coverage | None = None
    text: str = ""  # the document's slice of the file; not printed
    source_text: str | None = None  # all that the reader yields of a .docx, .pdf or .html; None: the file's own text counts

    def to_json(self) -> str:
        """One line of JSON, without the document's slice of the text (the file, or `source_text`, holds it)."""
        row = asdict(self)
        del row["text"]
        return json.dumps(row, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> DocumentRecord:
        return cls.from_row(json.loads(line))

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> DocumentRecord:
        """A record from dicts and lists with its fields' names."""
        return _build(cls, row)


@dataclass(slots=True)
class LinkRecord:
    """A later task CONTINUES an earlier one, or perhaps does, with the words that say so."""

    later: str
    earlier: str
    score: float  # 0 to 1
    named: bool  # both name the same programme, instrument, platform or document
    relation: str  # continues, takes_up (downwards), passes_up (upwards), parallel
    method: str  # rules, judge (a language model was asked) or hand (verdicts.csv says so)
    evidence_later: str
    later_start: int  # offsets as the task's record counts them
    later_end: int
    evidence_earlier: str
    earlier_start: int
    earlier_end: int
    standing: str = "link"  # link; perhaps: below the cut, a reader should look; not: ruled out by hand or by the judge
    rules_score: float = 0.0  # what the rules gave, whatever else decided
    reasons: list[str] = field(default_factory=list)  # with what each added to the logarithm of the odds, the greatest first
    sentences_later: list[int] = field(default_factory=list)  # places of the sentences that go on: start, end, start, end, …
    sentences_earlier: list[int] = field(default_factory=list)
    note: str | None = None  # of the verdict or the judge
    by: str | None = None  # who ruled, or which model
    date: str | None = None  # of the verdict or of the judge's answer

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def _build(cls: type, row: dict[str, Any]) -> Any:
    values = {}
    for name, inner in _shape(cls):
        if name not in row:
            continue
        value = row[name]
        if inner and isinstance(value, list):
            value = [_build(inner, item) for item in value]
        elif inner and value is not None:
            value = _build(inner, value)
        values[name] = value
    return cls(**values)


@cache
def _shape(cls: type) -> list[tuple[str, type | None]]:
    """Each field and, where it holds records, their type. Reading the hints takes longer than all else."""
    hints = get_type_hints(cls)
    return [(f.name, next((a for a in (hints[f.name], *get_args(hints[f.name])) if isinstance(a, type) and hasattr(a, "__dataclass_fields__")), None)) for f in fields(cls)]
