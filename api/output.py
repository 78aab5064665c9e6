"""Rows as tables, JSON, JSON lines and CSV; the basis goes with each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph.errors import CannotWriteFile

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
        writer.writerow([_flat(row[column]) for column in columns])
    return buffer.getvalue()


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return "；".join(str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else value
    # A cell that a spreadsheet would run as a formula is shown as text; a comparator alone (=) is none.
    return f"'{text}" if isinstance(text, str) and len(text) > 1 and text[0] in "=+@\t" else text


def write_csv(path: str, rows: list[dict[str, Any]], columns: list[str], basis: dict[str, Any]) -> list[str]:
    """Write a CSV for Excel and its basis beside it; returns both paths."""
    sidecar = str(Path(path).with_suffix(".basis.json"))
    try:
        Path(path).write_text(BOM + to_csv(rows, columns), encoding="utf-8", newline="")
        Path(sidecar).write_text(json.dumps(basis, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotWriteFile(path, error.strerror or error) from None
    return [path, sidecar]


def basis_lines(basis: dict[str, Any]) -> list[str]:
    """The basis in words, a few lines."""
    plans = basis["plans"]
    bodies = sorted({f"{plan['body'] or 'body unknown'} ({plan['level'] or 'level unknown'})" for plan in plans})
    years = sorted({year for plan in plans for year in plan["years"]})
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]) if years else "no year"
    lines = [
        f"Basis: {counted(len(plans), 'plan')} of {', '.join(bodies[:4]) or 'no body'}{' …' if len(bodies) > 4 else ''}, {span}; "
        f"{counted(basis['tasks'], 'task')}, {basis['tasks_without_stated_unit']} without a stated unit; {basis['responsibilities']} responsibilities."]
    if basis["left_out"]:
        lines.append("Left out: " + "; ".join(basis["left_out"]) + ".")
    lines += [f"Note: {note}." for note in basis["notes"]]
    lines.append(f"policygraph {basis['policygraph']}, graph {basis['graph']}.")
    return lines


def counted(n: int, noun: str) -> str:
    """1 plan, 2 plans."""
    return f"{n} {noun}{'' if n == 1 else 's'}"


def print_table(title: str, rows: list[dict[str, Any]], columns: list[str], notes: list[str], limit: int | None = None) -> None:
    """A table on stdout for people: ids last and dim, collectives in a block of their own, null lead as "not marked"."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from graph.ids import kind_of

    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=160, no_color=True)
    table = Table(title=escape(title), title_justify="left", show_edge=False, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = all(isinstance(row[column], int | float) and not isinstance(row[column], bool) or row[column] is None for row in rows) and bool(rows)
        long = any(isinstance(row[column], str) and len(row[column]) > 24 for row in rows)
        is_id = any(isinstance(row[column], str) and kind_of(row[column]) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="ellipsis" if long else "fold", max_width=44 if long else None,
                         min_width=14 if is_id else None, no_wrap=long or is_id, style="dim" if is_id else None)
    shown = rows if limit is None else rows[:limit]
    for k, row in enumerate(shown):
        following = shown[k + 1] if k + 1 < len(shown) else None
        block_ends = bool(following) and "collective" in row and row["collective"] != following["collective"]
        table.add_row(*(escape(_shown(column, row[column])) for column in columns), end_section=block_ends)
    console.print(table)
    if len(shown) < len(rows):
        console.print(f"… and {len(rows) - len(shown)} more rows", style="dim")
    if not rows:
        console.print("no rows", style="dim")
    for note in notes:
        console.print(escape(note), style="dim")


def _shown(column: str, value: Any) -> str:
    if value is None:
        return "not marked" if column == "lead" else "–"
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:g}"
    return " ".join(str(value).split())
