"""A table as text: a markdown pipe table, or its paragraphs where it only lays out the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count

_CLOSED = "、，；：。！？（《“〔【/" + ",;:("  # no space is put behind one of these
_OPENING = "、，；：。！？）》”〕】" + ",;:)"  # nor before one of these
_SENTENCE = re.compile(r"[。；;！？!?]")
_HEADER_LIMIT = 24  # characters of a column's name: 2025年工作目标（计划数）
_HUGE = 400_000  # places of a grid; merged cells can claim more than a file of their size could hold


@dataclass(slots=True)
class Cell:
    """A cell at its first row and column, with how many it takes of each; `lines` are its paragraphs."""

    row: int
    column: int
    lines: list[str] = field(default_factory=list)
    rows: int = 1
    columns: int = 1


def table_lines(cells: list[Cell]) -> list[str]:
    """The lines of a table: what spans its whole width above the header, header, dashes, rows.

    A cell over several rows stands in each of them; one over several columns stands in its first. Where the header
    itself has several rows, the lowest names the columns. A table of one column, or whose first row reads as no
    header, is only layout: then its cells' paragraphs are the lines.
    """
    cells = [cell for cell in cells if cell.row >= 0 and cell.column >= 0]
    width = max((cell.column + cell.columns for cell in cells), default=0)
    height = max((cell.row + cell.rows for cell in cells), default=0)
    paragraphs = [line for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)) for line in cell.lines]
    if width < 2 or height < 2 or width * height > _HUGE:
        return paragraphs
    grid: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        for row in grid[cell.row:cell.row + cell.rows]:
            row[cell.column] = cell
    grid = _without_empty_columns([row for row in grid if any(cell and cell.lines for cell in row)])
    width = len(grid[0]) if grid else 0
    above: list[str] = []
    while grid and (whole := _whole_row(grid[0])):
        above += whole.lines
        grid = grid[1:]
    if width < 2 or len(grid) < 2 or not _is_header(grid[0]):
        return paragraphs
    header = _header_rows(grid)
    names = [_text(grid[header - 1][c]) or _text(grid[0][c]) for c in range(width)]
    rows = [[_joined(cell.lines) if cell else "" for cell in row] for row in grid[header:]]
    return [*above, _row(names), "|" + "---|" * width, *map(_row, rows)]


def _without_empty_columns(grid: list[list[Cell | None]]) -> list[list[Cell | None]]:
    """Word's grid has a column for every place where any row has a border, some of which no cell begins at."""
    kept = [c for c in range(len(grid[0]) if grid else 0) if any(row[c] for row in grid)]
    return [[row[c] for c in kept] for row in grid]


def _whole_row(row: list[Cell | None]) -> Cell | None:
    """The row's only cell, as a table's own title is."""
    found = [cell for cell in row if cell]
    return found[0] if len(found) == 1 and found[0].rows == 1 else None


def _is_header(row: list[Cell | None]) -> bool:
    """Whether the cells read as names of columns: 序号, 任务, 责任单位; near miss: 索引号：, a sentence, a bare number."""
    names = [_text(cell) for cell in row if cell and cell.lines]
    return len(names) >= 2 and len(set(names)) == len(names) and all(
        len(name) <= _HEADER_LIMIT and not _SENTENCE.search(name) and not name.endswith(("：", ":")) and not re.fullmatch(r"[\d.,%]+", name)
        for name in names)


def _header_rows(grid: list[list[Cell | None]]) -> int:
    """How many rows the header has: as many as its tallest cell, while the lower ones read as names too."""
    tallest = max((cell.rows for cell in grid[0] if cell), default=1)
    if tallest >= len(grid) or not any(cell and cell.columns > 1 for cell in grid[0]):
        return 1
    return tallest if all(_is_header(row) for row in grid[1:tallest]) else 1


def _text(cell: Cell | None) -> str:
    """A name without white space: 责 任 单 位, and 责任 above 单位."""
    words = "".join(cell.lines) if cell else ""
    return words if re.search("[A-Za-z]", words) else "".join(words.split())


def _joined(lines: list[str]) -> str:
    """A cell's paragraphs in one line, apart by a space except at punctuation: two units on two lines stay two."""
    words = ""
    for line in lines:
        line = " ".join(line.split("\n")).strip()
        words += line if not words or words[-1] in _CLOSED or line[:1] in _OPENING else f" {line}"
    return words


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(words.replace("|", "｜").strip() for words in cells) + " |"


class Occupied:
    """Which places of a table's rows are taken, for formats that name only each cell's spans (HTML)."""

    def __init__(self) -> None:
        self._taken: dict[int, set[int]] = {}
        self._places = 0

    def place(self, row: int, rows: int, columns: int) -> int:
        """The first free column of the row, which the cell then takes."""
        self._places += rows * columns
        if self._places > _HUGE:  # then the table is read as its paragraphs, and only their order counts
            return self._places
        taken = self._taken.setdefault(row, set())
        column = next(c for c in count() if c not in taken)
        for r in range(row, row + rows):
            self._taken.setdefault(r, set()).update(range(column, column + columns))
        return column
