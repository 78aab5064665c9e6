"""corrections.csv as a table: its columns, its fields, what a row may say. What each field does to a record stands in `corrections`.

One row is one correction: document, quote, field, value, reason, by, date. `quote` says which task or target: its id,
its words, or both.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import did_you_mean
from graph.ids import squeeze
from graph.model import ROLES
from ingest.errors import BadSheet
from ingest.sheets import read_sheet, write_sheet
from ingest.told import METADATA, read_told

COLUMNS = ("document", "quote", "field", "value", "reason", "by", "date")
# What a row can put right beside the metadata, which stand in `told.METADATA`.
FIELDS = (
    "task", "text", "clause", "deadline", "part", "unit.add", "unit.remove", "unit.role", "unit.name", "target.add", "target.remove",
    "target.value", "target.comparator", "target.unit", "target.object", "target.year", "target.change")


class NotApplicable(Exception):
    """Why a row changes nothing."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of corrections.csv."""

    sheet: str  # path of the file
    line: int
    document: str
    quote: str
    field: str
    value: str
    reason: str = ""
    by: str = ""
    date: str = ""

    def place(self) -> str:
        return f"{self.sheet}:{self.line}"


def read_corrections(path: str) -> list[Correction]:
    """The rows of a corrections.csv; raises BadSheet where a field or value cannot be meant."""
    found = []
    for row in read_sheet(path, COLUMNS, needed=("document", "field", "value")):
        known = [*FIELDS, *METADATA]
        if row["field"] not in known:
            raise BadSheet(path, row.line, f"the field '{row['field']}' is not known{did_you_mean(row['field'], known) or '; known are ' + ', '.join(known)}")
        if row["field"] in FIELDS and not row["quote"]:
            raise BadSheet(path, row.line, f"{row['field']} needs a quote: the id or the words of the task or target")
        if not row["document"]:
            raise BadSheet(path, row.line, "the document is missing: the file's name, or the plan's title or id")
        try:
            _check(row["field"], row["value"])
        except NotApplicable as problem:
            raise BadSheet(path, row.line, str(problem)) from None
        found.append(Correction(path, row.line, *(row[column] for column in COLUMNS)))
    return found


def add_corrections(path: str, rows: Sequence[Mapping[str, str]]) -> int:
    """Put rows into a corrections.csv, made where there is none; returns how many earlier rows they replace, those that said
    something else of the same thing. Raises BadSheet where a row cannot be meant; the sheet is then as it was."""
    before = [{column: getattr(row, column) for column in COLUMNS} for row in read_corrections(path)] if Path(path).exists() else []
    fresh = {meaning_of(row): {column: " ".join(str(row.get(column, "")).split()) for column in COLUMNS} for row in rows}
    kept = [row for row in before if meaning_of(row) not in fresh]
    beside = f"{path}.new"
    try:
        write_sheet(beside, list(COLUMNS), [*kept, *fresh.values()])
        read_corrections(beside)
        os.replace(beside, path)
    finally:
        Path(beside).unlink(missing_ok=True)
    return len(before) - len(kept)


def meaning_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row is about: two with the same meaning cannot both stand. Several units or targets can be added to a task, and taken away."""
    several = str(row["field"]).endswith((".add", ".remove")) or row["field"] in ("unit.role", "unit.name")
    value = str(row.get("value", ""))
    about = value.split("=")[0] if row["field"] in ("unit.role", "unit.name") else value
    return row["document"], squeeze(row.get("quote", "")), row["field"], squeeze(about) if several else ""


def _check(name: str, value: str) -> None:
    if name in METADATA:
        try:
            read_told(name, value)
        except ValueError as problem:
            raise NotApplicable(str(problem)) from None
    if name == "task" and value not in ("add", "remove"):
        raise NotApplicable(f"task is {value!r}, expected add or remove")
    if name in ("unit.add", "unit.role"):
        unit, _, role = value.rpartition("=")
        if role not in ROLES or not unit.strip():
            raise NotApplicable(f"{name} is {value!r}, expected a unit and its role, such as 市教委=lead; roles are {', '.join(ROLES)}")
    if name == "unit.name" and not all(part.strip() for part in value.partition("=")[::2]):
        raise NotApplicable(f"unit.name is {value!r}, expected the name that was read and the right one, such as 教委=市教委")
    if name == "part" and value not in ("substantive", "safeguard"):
        raise NotApplicable(f"part is {value!r}, expected substantive or safeguard")
    if name == "deadline" and value and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
        raise NotApplicable(f"deadline is {value!r}, expected YYYY, YYYY-MM, YYYY-MM-DD or nothing")
    if name == "target.comparator" and value not in ("=", ">=", ">", "<=", "<", "~"):
        raise NotApplicable(f"target.comparator is {value!r}, expected = >= > <= < or ~")
    if name == "target.value" and not _is_number(value) or name == "target.year" and not re.fullmatch(r"\d{4}|", value):
        raise NotApplicable(f"{name} is {value!r}, expected a number")
    if name == "target.change" and value not in ("true", "false"):
        raise NotApplicable(f"target.change is {value!r}, expected true or false")


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
