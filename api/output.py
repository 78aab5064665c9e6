"""Rows as tables, JSON, JSON lines and CSV; the basis goes with each."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import CannotWriteFile

if TYPE_CHECKING:
    from graph.load import LoadReport

_NEGATIVE = re.compile(r"-\d[\d,]*(\.\d+)?%?")
BOM = "\ufeff"  # without it Excel reads the file as something else than UTF-8


def to_json(rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, indent=1, default=str)


def to_jsonl(rows: Iterable[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in rows)


def to_csv(rows: Iterable[dict[str, Any]], columns: list[str]) -> str:
    """Lists joined by ；, null left empty, line ends as RFC 4180 has them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([flat_cell(row[column]) for column in columns])
    return buffer.getvalue()


def flat_cell(value: Any) -> Any:
    """A value as a cell of a CSV that a spreadsheet may open."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "；".join(str(item) for item in value) if isinstance(value, list) else "" if value is None else value
    # A cell that a spreadsheet would run as a formula is shown as text; a comparator alone (=) and a number (-0.5) are none.
    return f"'{text}" if isinstance(text, str) and len(text) > 1 and text[0] in "=+-@\t\r" and not _NEGATIVE.fullmatch(text) else text


def write_table(path: str, rows: list[dict[str, Any]], types: dict[str, str], basis: dict[str, Any]) -> list[str]:
    """Write a CSV for Excel, or Parquet where the name ends in .parquet, and its basis beside it; returns both paths."""
    sidecar = str(Path(path).with_suffix(".basis.json"))
    if Path(path).suffix == ".parquet":
        from api.parquet import to_parquet

        content = to_parquet(rows, types)
    else:
        content = (BOM + to_csv(rows, list(types))).encode()
    try:
        Path(path).write_bytes(content)
        Path(sidecar).write_text(json.dumps(basis, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotWriteFile(path, error.strerror or error) from None
    return [path, sidecar]


def basis_lines(basis: dict[str, Any]) -> list[str]:
    """The basis in words, a few lines."""
    from queries.answer import bodies_of

    plans = basis["plans"]
    bodies = bodies_of(plans)
    years = sorted({year for plan in plans for year in plan["years"]})
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]) if years else "no year"
    lines = [
        f"Basis: {counted(len(plans), 'plan')} of {', '.join(bodies[:4]) or 'no body'}{' …' if len(bodies) > 4 else ''}, {span}; "
        f"{counted(basis['tasks'], 'task')}, {basis['tasks_without_stated_unit']} without a stated unit; {basis['responsibilities']} responsibilities; "
        f"{basis['tasks_corrected_by_hand']} of {counted(basis['tasks'], 'task')} corrected by hand."]
    if basis["left_out"]:
        lines.append("Left out: " + "; ".join(basis["left_out"]) + ".")
    lines += [f"Note: {note}." for note in basis["notes"]]
    lines.append(f"policygraph {basis['policygraph']}, graph {basis['graph']}.")
    return lines


def written(report: LoadReport) -> str:
    """What a load wrote, in words."""
    return (f"{counted(report.loaded, 'document')} with {counted(report.plans, 'plan')}, {counted(report.tasks, 'task')} "
            f"and {counted(report.links, 'link')} written")


def counted(n: int, noun: str) -> str:
    """1 plan, 2 plans."""
    return f"{n} {noun}{'' if n == 1 else 's'}"
