"""Ruled tables of a PDF, also those that go on over the next pages."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from pdfplumber.table import merge_edges

from ingest.layout import SENTENCE_END
from ingest.readers.grid import Cell
from ingest.readers.pdf_lines import Glyph, Line, find_lines
from ingest.readers.pdf_paragraphs import join_words

_CROSSINGS = 8_000  # of rules on one page; a drawing has more, and each is looked at
_TABLES = 40  # on one page
_EDGES = 20_000  # before they are merged: a page of 200 cells has 1,600
_SNAP = 3.0  # points
Place = tuple[int, int]  # row and column; of an end, those behind it


@dataclass(slots=True)
class RuledTable:
    """A table on one page: its place, the edges of its columns, and its cells with their lines joined."""

    top: float
    edges: list[float]
    cells: list[Cell]
    rows: int
    first_lines: dict[int, dict[int, Line]]  # of each cell of this page, by column and row
    last_lines: dict[int, tuple[Line, float]]  # of the last row, by column, and the room that a full line would leave


def find_tables(page: Any, glyphs: list[Glyph]) -> tuple[list[RuledTable], list[Glyph]]:
    """The tables of two columns or more, and the characters that stand in none."""
    tables: list[RuledTable] = []
    ruled = _ruled(page)
    for cells in ruled if len(ruled) <= _TABLES else []:
        xs, ys = _places([x for cell in cells for x in (cell[0], cell[2])]), _places([y for cell in cells for y in (cell[1], cell[3])])
        if len(xs) < 3 or len(ys) < 2:  # a row by itself may be the last of the page before
            continue
        spans = {(_at(ys, top), _at(xs, x0)): (_at(ys, bottom), _at(xs, x1)) for x0, top, x1, bottom in cells}
        owner = {(r, c): place for place, (below, behind) in spans.items() for r in range(place[0], below) for c in range(place[1], behind)}
        held: dict[Place, list[Glyph]] = {}
        rest: list[Glyph] = []
        for glyph in glyphs:
            place = (bisect_right(ys, glyph.middle) - 1, bisect_right(xs, (glyph.x0 + glyph.x1) / 2) - 1)
            (held.setdefault(owner[place], []) if place in owner else rest).append(glyph)
        if not held:
            continue
        glyphs = rest
        tables.append(_table(xs, ys, spans, held))
    return tables, glyphs


def _ruled(page: Any) -> list[list[tuple[float, float, float, float]]]:
    """The cells of each table, as (x0, top, x1, bottom)."""
    found = [edge for edge in page.edges if edge["orientation"]]  # a slanted line has none
    if not 4 <= len(found) <= _EDGES:
        return []
    edges = merge_edges(found, _SNAP, _SNAP, _SNAP, _SNAP)
    upright = [edge for edge in edges if edge["orientation"] == "v" and edge["height"] > 4]
    level = [edge for edge in edges if edge["orientation"] == "h" and edge["width"] > 4]
    if len(upright) < 2 or not level or len(upright) * len(level) > _CROSSINGS:
        return []
    # A row that the page cuts has no rule at the cut, and many tables have none at their sides.
    for y, low, high in [found for end in ("top", "bottom") for found in _common_ends(upright, end, "x0", "x1", 3)]:
        crossed = [edge for edge in level if edge["x0"] < high and edge["x1"] > low]
        low, high = min([low, *(edge["x0"] for edge in crossed)]), max([high, *(edge["x1"] for edge in crossed)])
        level.append({**level[0], "x0": low, "x1": high, "width": high - low, "top": y, "bottom": y})
    for x, low, high in [found for end in ("x0", "x1") for found in _common_ends(level, end, "top", "bottom", 2)]:
        upright.append({**upright[0], "x0": x, "x1": x, "top": low, "bottom": high, "height": high - low})
    if len(level) < 2:
        return []
    return [[cell for cell in table.cells if cell] for table in page.find_tables({
        "vertical_strategy": "explicit", "horizontal_strategy": "explicit", "explicit_vertical_lines": upright, "explicit_horizontal_lines": level})]


def _common_ends(edges: list[dict[str, Any]], end: str, low: str, high: str, enough: int) -> list[tuple[float, float, float]]:
    """Places at which so many rules end together, each with how far apart the outer two are."""
    groups: list[list[dict[str, Any]]] = []
    for edge in sorted(edges, key=lambda edge: edge[end]):
        if groups and edge[end] - groups[-1][0][end] <= _SNAP:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [(group[0][end], min(edge[low] for edge in group), max(edge[high] for edge in group)) for group in groups if len(group) >= enough]


def _places(values: list[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SNAP:
            found.append(value)
    return found


def _at(places: list[float], value: float) -> int:
    return max(0, bisect_right(places, value + 0.01) - 1)


def _table(xs: list[float], ys: list[float], spans: dict[Place, Place], held: dict[Place, list[Glyph]]) -> RuledTable:
    lines = {place: find_lines(glyphs) for place, glyphs in held.items()}
    # The least room that any line of a column leaves is the cells' margin: a line with a character more than that
    # was ended on purpose.
    margins: dict[Place, float] = {}
    for place, found in lines.items():
        column = (place[1], spans[place][1])
        for line in found:
            margins[column] = min(margins.get(column, 1e9), xs[column[1]] - xs[column[0]] - (line.x1 - line.x0))
    cells = []
    first_lines: dict[int, dict[int, Line]] = {}
    last_lines: dict[int, tuple[Line, float]] = {}
    for place, (below, behind) in sorted(spans.items()):
        found = lines.get(place, [])
        room = xs[behind] - xs[place[1]] - margins.get((place[1], behind), 0.0)
        cells.append(Cell(place[0], place[1], _paragraphs(found, room), below - place[0], behind - place[1]))
        if found and below == len(ys) - 1:
            last_lines[place[1]] = found[-1], room - (found[-1].x1 - found[-1].x0)
        if found:
            first_lines.setdefault(place[1], {})[place[0]] = found[0]
    return RuledTable(ys[0], xs, cells, len(ys) - 1, first_lines, last_lines)


def _paragraphs(lines: list[Line], widest: float) -> list[str]:
    """A cell's lines joined where the next one's first word had no room left."""
    paragraphs: list[list[str]] = []
    last: Line | None = None
    for line in lines:
        if last is not None and _is_full(last, widest - (last.x1 - last.x0), line):
            paragraphs[-1].append(line.text)
        else:
            paragraphs.append([line.text])
        last = line
    return [join_words(paragraph) for paragraph in paragraphs]


def _is_full(last: Line, room: float, line: Line) -> bool:
    return room < line.first_word() + 0.35 * last.size


def goes_on(table: RuledTable, following: RuledTable) -> bool:
    """Whether a table at a page's head goes on with the one at the foot of the page before: the same columns."""
    ours, theirs = ([x - table.edges[0] for x in table.edges] for table in (table, following))
    return len(ours) == len(theirs) and all(abs(a - b) <= 2 * _SNAP for a, b in zip(ours, theirs, strict=True))


def append_rows(table: RuledTable, following: RuledTable) -> None:
    """The rows of a table's next page: without its header if that is repeated; a row that the page cut in two is one
    again; a cell merged over rows, which the next page leaves empty, goes on."""
    header = {cell.column: cell for cell in table.cells if cell.row == 0}
    again = [cell for cell in following.cells if cell.row == 0]
    is_repeated = bool(again) and all(cell.column in header and _words(cell) == _words(header[cell.column]) for cell in again)
    skipped = max(cell.rows for cell in again) if is_repeated else 0
    first = {cell.column: cell for cell in following.cells if cell.row == skipped}
    above = {cell.column: cell for cell in table.cells if cell.row + cell.rows == table.rows}
    begins = {column: lines[skipped] for column, lines in following.first_lines.items() if skipped in lines}
    is_same_row = _is_cut(header, above, first, table.last_lines, begins)
    offset = table.rows - skipped - is_same_row
    for cell in following.cells:
        upper = above.get(cell.column)
        if cell.row < skipped:
            continue
        if cell.row > skipped or upper is None or upper.columns != cell.columns or not is_same_row and _words(cell):
            table.cells.append(Cell(cell.row + offset, cell.column, cell.lines, cell.rows, cell.columns))
        else:
            if upper.lines and cell.lines:
                upper.lines = [*upper.lines[:-1], join_words([upper.lines[-1], cell.lines[0]]), *cell.lines[1:]]
            else:
                upper.lines = upper.lines or cell.lines
            upper.rows += cell.rows - is_same_row
    table.rows = offset + following.rows
    table.last_lines = following.last_lines


def _is_cut(
        header: dict[int, Cell], above: dict[int, Cell], first: dict[int, Cell], ends: dict[int, tuple[Line, float]], begins: dict[int, Line]) -> bool:
    """Whether the page's first row is the rest of the last one: in a column of cells of one row only one of the two
    has words, and words that fill their line go on in another; or it is the running number that only one has."""
    single = [column for column, cell in first.items() if column in above and cell.rows == above[column].rows == 1]
    half = [column for column in single if bool(_words(first[column])) != bool(_words(above[column]))]
    numbered = any(_words(header[column]) in ("序号", "编号", "号") for column in half if column in header)
    return bool(half) and (numbered or any(
        _is_full(last, room, begins[column]) and last.text[-1] not in SENTENCE_END for column, (last, room) in ends.items() if column in begins))


def _words(cell: Cell) -> str:
    return "".join("".join(cell.lines).split())
