"""The parts of a comparison: what each is called, what a row is, and its columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from queries.question import Column

_BODIES = Column("bodies", "str", "the body, or earlier → later where they are two")
_BOTH = (
    Column("class", "str", "continued or perhaps: the class of the link"), Column("later_plan", "str", "title"), Column("later_number", "int", "the later task's place in its plan"),
    Column("later_words", "str", "its own heading, or its first words where it shares one"), Column("earlier_plan", "str", "title"),
    Column("earlier_number", "int", "the earlier task's place in its plan"), Column("earlier_words", "str", "its own heading, or its first words"))
_IDS = (Column("later", "str", "the later task's id"), Column("earlier", "str", "the earlier task's id"))


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A part before it is filled."""

    name: str
    title: str
    says: str  # what a row is and what to know
    columns: tuple[Column, ...]


def _spec(name: str, title: str, says: str, *columns: Column | tuple[str, str, str]) -> PartSpec:
    return PartSpec(name, title, says, tuple(column if isinstance(column, Column) else Column(*column) for column in columns))


PARTS: dict[str, PartSpec] = {spec.name: spec for spec in (
    _spec("compared", "What is compared", "One row: a plan of either side.", _BODIES,
          ("side", "str", "earlier or later"), ("plan", "str", "title"), ("body", "str", "issuing body"), ("body_inferred", "bool", "not stated: what the text shows"),
          ("place", "str", "the place that it is for"), ("level", "str", "tier of its body"), ("years", "list[str]", "every year that it covers"),
          ("years_basis", "str", "title, stated, target, issue"), ("tasks", "int", "tasks"), ("numbered_items", "int", "items of its outline that carry a number"),
          ("sentences", "int", "sentences of its text"), ("characters", "int", "characters of its text without white space"),
          ("unread_share", "float", "of the characters, those in nothing that was read"), ("plan_id", "str", "the plan's id")),
    _spec("summary", "How many carried on", "One row: a side. What has no link is a band: at least those with none, at most those with only perhaps one.", _BODIES,
          ("side", "str", "earlier or later"), ("called", "str", "what a task of it without a link is called"), ("tasks", "int", "tasks of the side"),
          ("continued", "int", "with a link for sure"), ("perhaps", "int", "with a link that a reader should look at"), ("none", "int", "without one"),
          ("least", "int", "without a link at least: none"), ("most", "int", "without a link at most: none and perhaps"),
          ("least_share", "float", "of the side's tasks"), ("most_share", "float", "of the side's tasks"),
          ("equal_tasks", "int", "tasks a side when both are drawn to equal size; null: they have it"),
          ("equal_least", "float", "share without any link then, mean of the draws"), ("equal_most", "float", "share without a sure link then, mean of the draws"),
          ("equal_low", "float", "95 % of the draws lie above, for the lower end"), ("equal_high", "float", "95 % of the draws lie below, for the upper end"),
          ("without_kept", "int", "without a link at the cut: the rows of new_between or dropped_between")),
    _spec("tasks", "Tasks", "One row: a task of either side.", _BODIES,
          ("side", "str", "earlier or later"), ("class", "str", "continued, perhaps or none"), ("called", "str", "new, dropped or not found in …; null where it has a link"),
          ("plan", "str", "title"), ("number", "int", "the task's place in its plan"), ("words", "str", "its own heading, or its first words where it shares one"),
          ("heading", "str", "the heading above it"), ("text", "str", "its own words"),
          ("units", "list[str]", "in the order of the clause"), ("best", "float", "score of its best link; null without one"),
          ("partners", "list[str]", "numbers of the tasks linked with it, the best first; ? marks what is only perhaps a link"),
          ("sentences_alone", "list[str]", "of a continued task those, verbatim, that have no like sentence in the tasks linked with it at the cut: it continues in parts; null where its links rest on the heading alone"),
          ("task", "str", "the task's id"), ("partner_tasks", "list[str]", "ids of the tasks linked with it")),
    _spec("pairs", "Links", "One row: a link, those that are only perhaps one too.", _BODIES, *_BOTH,
          ("score", "float", "0 to 1"), ("above_cut", "bool", "whether continued_between has it"), ("method", "str", "rules, judge or hand"),
          ("named", "bool", "both name the same programme, instrument, platform or document"), ("relation", "str", "continues, takes_up, passes_up, parallel"),
          ("evidence_later", "str", "words of the later task on which it rests"), ("evidence_earlier", "str", "words of the earlier task"),
          ("reasons", "list[str]", "what speaks for and against it"), ("changed", "list[str]", "targets, units, lead and stage that changed, in words"),
          ("note", "str", "of the verdict or the judge"), *_IDS),
    _spec("targets", "Targets of tasks that go on", "One row: two targets of linked tasks, or one without a partner of a task that is continued for sure. `changed` and `same` only where "
          "object, unit and direction agree; else `similar object, check`. A number for one year and a total look alike: read both quotes.", _BODIES,
          ("standing", "str", "changed, same, of two bodies (both count the same, and neither is a change of the other), similar object, check; only in the earlier task, only in the later task"), ("change", "str", "70% → 90%, as the texts have it"),
          ("earlier_object", "str", "what is counted"), ("later_object", "str", "what is counted"), ("likeness", "float", "of the two objects, 0 to 1"),
          ("earlier_value", "float", "万 and 亿 multiplied out"), ("later_value", "float", "万 and 亿 multiplied out"),
          ("earlier_comparator", "str", "= >= > < <= ~"), ("later_comparator", "str", "= >= > < <= ~"), ("earlier_unit", "str", "counter"), ("later_unit", "str", "counter"),
          ("earlier_by", "int", "year by which"), ("later_by", "int", "year by which"), ("earlier_quote", "str", "words around it"), ("later_quote", "str", "words around it"),
          *_BOTH, *_IDS),
    _spec("units", "Units of tasks that go on", "One row: a link of two tasks with stated units. A unit left where no later task that this link or one at the cut joins with the earlier one "
          "has it, and joined where no earlier task so joined with the later one has it.", _BODIES, *_BOTH,
          ("stayed", "list[str]", "on both sides; two names where a reform or the table of counterparts makes them one"), ("joined", "list[str]", "null: units of two bodies"),
          ("left", "list[str]", "null: units of two bodies"), ("lead_earlier", "list[str]", "null: not marked"), ("lead_later", "list[str]", "null: not marked"),
          ("lead_changed", "bool", "null: not marked on both sides, or units of two bodies"), ("units_earlier", "list[str]", "all of the earlier task"),
          ("units_later", "list[str]", "all of the later task"), ("note", "str", "why something cannot be said"), *_IDS),
    _spec("strength", "Stages of work", "One row: a link of which both tasks tell a stage: 1 explored, 2 tried out, 3 carried out, 4 spread, 5 everywhere (actions.tsv).", _BODIES, *_BOTH,
          ("change", "str", "up, down, same"), ("earlier_verb", "str", "the verb that tells it"), ("later_verb", "str", "the verb that tells it"),
          ("earlier_strength", "int", "1 to 5"), ("later_strength", "int", "1 to 5"), ("closely", "bool", "both stand in the very words on which the link rests, and the sentences that go on say nothing else"),
          ("earlier_quote", "str", "the words"), ("later_quote", "str", "the words"), *_IDS),
    _spec("programmes", "Named programmes", "One row: a programme that a task of either side names. It rose or fell where number and share of tasks both moved so; else it held.", _BODIES,
          ("name", "str", "as it is named most often"), ("standing", "str", "rose, fell, held, perhaps renamed, new, gone; between two bodies more or less in the later plan, in both, only in the later or earlier plan"),
          ("earlier", "int", "tasks of the earlier side that name it"), ("later", "int", "tasks of the later side that name it"),
          ("earlier_share", "float", "of that side's tasks"), ("later_share", "float", "of that side's tasks"), ("names", "list[str]", "its spellings, editions and other names"),
          ("alike", "str", "of one that is perhaps renamed: what a linked task of the other side holds of its name"),
          ("earlier_numbers", "list[str]", "those tasks' places in their plans"), ("later_numbers", "list[str]", "those tasks' places in their plans")),
)}
TERMS = "terms"  # its columns are those of the question distinctive_terms
NAMES = (*PARTS, TERMS)


@dataclass(slots=True)
class Part:
    """A filled part."""

    name: str
    title: str
    says: str
    columns: list[Column]
    rows: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def types(self) -> dict[str, str]:
        return {column.name: column.type for column in self.columns}


@dataclass(slots=True)
class Comparison:
    """The answer: in sentences, as parts, and what it rests on."""

    compared: list[str]  # what is compared, in sentences
    summary: list[str]  # how many carried on, in sentences
    parts: dict[str, Part]
    basis: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The whole as one object: part name to its rows."""
        return {"words": {"compared": self.compared, "summary": self.summary}} | {name: part.rows for name, part in self.parts.items()} | {
            "notes": {name: part.notes for name, part in self.parts.items() if part.notes}, "basis": self.basis}


def columns_of(name: str) -> list[Column]:
    """The columns of a part."""
    if name == TERMS:
        from queries.question import load

        return list(load("distinctive_terms").columns)
    return list(PARTS[name].columns)
