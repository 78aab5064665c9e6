"""The columns of every exported table: name, type and what it means. The codebook is these rows."""

from __future__ import annotations

from dataclasses import fields

from graph import model
from queries.question import Column

ENDS = (Column("source", "str", "id of the node it leaves"), Column("target", "str", "id of the node it reaches"))
KINDS = (Column("source_kind", "str", "kind of the node it leaves"), Column("target_kind", "str", "kind of the node it reaches"))

_PLAN = (
    Column("plan_id", "str", "the plan's id"), Column("plan_title", "str", "the plan's title"),
    Column("body", "str", "the plan's issuing body; where none is stated the body that the text shows"),
    Column("body_inferred", "bool", "true where the issuing body is not stated"),
    Column("place", "str", "the place that the plan is for"), Column("level", "str", "national, provincial, prefecture, county, township"),
    Column("years", "list[int]", "every year that the plan covers"), Column("first_year", "int", "first of years"), Column("last_year", "int", "last of years"),
    Column("doc_number", "str", "the plan's number (文号) without spaces"),
    Column("role_scheme", "str", "flat (the plan marks no lead), marked (in words), positional (by a rule); empty: no clause"))
_TASK = (
    Column("task_id", "str", "the task's id"), Column("task_number", "int", "1 for the first task of its plan"),
    Column("heading", "str", "the nearest heading above it"), Column("heading_path", "list[str]", "headings above it, the outermost first"),
    Column("text", "str", "the task's own words, verbatim, without heading and clause"),
    Column("clause", "str", "its clause on responsible units (责任单位), verbatim; empty: no unit is stated"),
    Column("deadline", "str", "YYYY, YYYY-MM or YYYY-MM-DD"), Column("part", "str", "substantive or safeguard (组织保障)"),
    Column("codes", "list[str]", "the researchers' categories of it, from codes.csv"))
_N_UNITS = Column("n_units", "int", "different units of the task, 1/n_units is a unit's share of it; empty: no unit is stated")

TASKS: tuple[Column, ...] = (
    *_TASK, *_PLAN,
    Column("lead_units", "list[str]", "units that lead it (牵头), in the order of the clause; empty (null in Parquet) where the plan marks no lead, which is not the same as none"),
    Column("responsible_units", "list[str]", "units responsible for it that neither lead nor support"), Column("support_units", "list[str]", "units that support or take part (配合, 参加)"),
    Column("implement_units", "list[str]", "units that carry it out on the spot (落实)"), _N_UNITS,
    Column("targets", "list[str]", "the numbers that it sets as something to reach, verbatim"), Column("n_targets", "int", "how many"),
    Column("policies", "list[str]", "policy documents that it cites"), Column("programmes", "list[str]", "programmes that it names"),
    Column("continues", "list[str]", "ids of the earlier tasks that it carries on"), Column("corrected", "list[str]", "fields put right by hand"),
    Column("document_id", "str", "id of the document in which it stands"), Column("source_file", "str", "path of the file as it was given"),
    Column("start_char", "int", "where its text begins in the document's text, in characters"), Column("end_char", "int", "where it ends"))

RESPONSIBILITIES: tuple[Column, ...] = (
    Column("unit_id", "str", "the unit's id"), Column("unit", "str", "the unit's name in its scope"),
    Column("unit_scope", "str", "the body or place that it belongs to; 全国 for a name complete by itself"), Column("unit_level", "str", "tier of its body"),
    Column("unit_kind", "str", "government department, inner division, affiliated institution, …"), Column("collective", "bool", "more than one unit under one name (各区政府)"),
    Column("role", "str", "lead, responsible, support, implement"), Column("role_basis", "str", "marked (a word says so), rule (a sentence of the plan), hand, none"),
    Column("unit_number", "int", "1 for the unit listed first in the clause"), Column("clause_group", "int", "1 before the clause's first comma, 2 behind it"),
    Column("surface", "str", "the unit as written"), Column("surface_start", "int", "where it is written in the document's text, in characters"),
    Column("surface_end", "int", "where that ends"), _N_UNITS, *_TASK, *_PLAN)


def node_columns(kind: type) -> tuple[Column, ...]:
    """A node kind's properties."""
    types = model.properties(kind)
    return tuple(Column(f.name, _named(types[f.name]), f.metadata["says"]) for f in fields(kind))


def edge_columns(kind: type[model.Edge]) -> tuple[Column, ...]:
    """An edge kind's two ends, the kinds of these where it joins several, and its properties."""
    return (*ENDS, *(KINDS if len(kind.PAIRS) > 1 else ()), *own_columns(kind))


def file_columns(kind: type, format: str) -> tuple[Column, ...]:
    """What stands in the file of a node or edge kind. Neo4j's import tool finds the ends of an edge by their ids alone."""
    if not issubclass(kind, model.Edge):
        return node_columns(kind)
    return (*ENDS, *own_columns(kind)) if format == "neo4j-admin" else edge_columns(kind)


def file_of(kind: type, suffix: str = ".csv") -> str:
    """The way from an export's folder to the file of a node or edge kind."""
    return f"{'edges' if issubclass(kind, model.Edge) else 'nodes'}/{kind.__name__}{suffix}"


def own_columns(kind: type[model.Edge]) -> tuple[Column, ...]:
    """An edge kind's properties."""
    types = model.properties(kind)
    return tuple(Column(f.name, _named(types[f.name]), f.metadata["says"]) for f in fields(kind) if f.name in types)


def _named(hint: object) -> str:
    return hint.__name__ if isinstance(hint, type) and not hasattr(hint, "__args__") else str(hint)
