"""Rows as a table for people, fitted to the terminal."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph.ids import kind_of

_LONG = 44  # cells: wider columns are cut at their end
_NARROWEST = 16  # cells to which a long column may be cut before the table is given up
_GAP = 3  # cells between two columns
_WIDTH = 160  # cells where the output is no terminal
# What is shown of a comparison's tables where not all columns fit; `bodies` stands before them where it tells rows apart.
_CHOSEN = (
    ("earlier_number", "later_number", "class", "score", "evidence_earlier", "evidence_later"),
    ("side", "number", "class", "words", "partners"),
    ("tasks", "class", "standing", "earlier_quote", "later_quote"))


def print_table(title: str, rows: list[dict[str, Any]], columns: list[str], notes: list[str], limit: int | None = None) -> None:
    """A table on stdout; collectives in a block of their own, null lead as "not marked".

    Where it is wider than the terminal the ids are left out, then long columns are cut, then of a comparison's tables the
    telling columns are shown, then each row is printed as a list of its fields.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=_WIDTH, no_color=True, highlight=False)
    shown = rows if limit is None else rows[:limit]
    cells = [{column: _cell(column, row[column]) for column in columns} for row in shown]
    ids = {column for column in columns if any(isinstance(row[column], str) and kind_of(row[column]) for row in shown)}
    natural = {column: max(cell_len(text) for text in (column, *(row[column] for row in cells))) for column in columns}
    widths = _fit(natural, columns, console.width)
    hint = ""
    if widths is None or any(widths[column] < natural[column] for column in ids):
        widths = _fit(natural, [column for column in columns if column not in ids], console.width)
        hint = "ids are left out to fit; a wider terminal or --format json shows them"
    if widths is None:
        widths = _fit_chosen(natural, columns, shown, console.width)
        hint = "columns are left out to fit; a wider terminal, --format csv or json shows all"
    if widths is None:
        _print_records(console, title, cells)
        hint = ""
    else:
        console.print(_table(title, shown, cells, widths))
    if len(shown) < len(rows):
        console.print(f"… and {len(rows) - len(shown)} more rows", style="dim")
    if not rows:
        console.print("no rows", style="dim")
    for note in [*notes, *([hint] if hint else [])]:
        console.print(escape(note), style="dim")


def _fit(natural: dict[str, int], columns: list[str], width: int) -> dict[str, int] | None:
    """Widths that fit, long columns cut evenly; None where even that is too wide."""
    widths = {column: min(natural[column], _LONG) for column in columns}
    short = sum(w for w in widths.values() if w <= _NARROWEST) + _GAP * (len(columns) - 1)
    long = sorted((column for column in columns if widths[column] > _NARROWEST), key=lambda column: widths[column])
    room = width - short
    for k, column in enumerate(long):
        widths[column] = min(widths[column], room // (len(long) - k))
        room -= widths[column]
        if widths[column] < _NARROWEST:
            return None
    return widths if room >= 0 else None


def _fit_chosen(natural: dict[str, int], columns: list[str], rows: list[dict[str, Any]], width: int) -> dict[str, int] | None:
    """Widths of the telling columns of a table that is too wide; None where it has no such columns or even they do not fit."""
    for chosen in _CHOSEN:
        if set(chosen) < set(columns):
            several = "bodies" in columns and len({row["bodies"] for row in rows}) > 1
            return several and _fit(natural, ["bodies", *chosen], width) or _fit(natural, list(chosen), width)
    return None


def _table(title: str, rows: list[dict[str, Any]], cells: list[dict[str, str]], widths: dict[str, int]) -> Table:
    table = Table(title=escape(title), title_justify="left", show_edge=False, pad_edge=False, header_style="bold")
    for column, width in widths.items():
        values = [row[column] for row in rows if row[column] is not None]
        numeric = bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        table.add_column(column, justify="right" if numeric else "left", width=width, overflow="ellipsis", no_wrap=True)
    for k, row in enumerate(rows):
        following = rows[k + 1] if k + 1 < len(rows) else None
        block_ends = following is not None and "collective" in row and row["collective"] != following["collective"]
        table.add_row(*(escape(cells[k][column]) for column in widths), end_section=block_ends)
    return table


def _print_records(console: Console, title: str, cells: list[dict[str, str]]) -> None:
    console.print(escape(title), style="italic")
    name_width = max((len(column) for row in cells for column in row), default=0)
    for k, row in enumerate(cells, 1):
        console.print(f"— {k} —", style="dim")
        for column, text in row.items():
            console.print(f"[bold]{column:<{name_width}}[/bold]  {escape(text)}")


def _cell(column: str, value: Any) -> str:
    if value is None:
        return "not marked" if column == "lead" else "–"
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:g}"
    return " ".join(str(value).split())
