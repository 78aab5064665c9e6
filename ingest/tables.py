"""Tables of tasks: | 序号 | 重点任务 | 责任单位 | 完成时限 |. One row is one task; its unit cells are its clause.

Read are markdown's pipe tables, which the readers of .docx, .pdf and .html write too, and lines with tabs as a browser
copies them. A table without a column of units is no task table and stays text. What a header says of its column is one
row of COLUMNS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graph.ids import squeeze
from ingest.labels import role_of
from ingest.layout import BLANK, Paragraph, trim

# Kind of column by the words of its header; the first row that matches decides. Units and times come from `labels`.
COLUMNS: tuple[tuple[str, re.Pattern], ...] = (
    ("number", re.compile(r"^(?:序号|编号|序|号|项次|NO\.?)$", re.I)),
    ("person", re.compile(r"领导|责任人|负责人|联系人|电话")),
    ("outcome", re.compile(r"目标|成效|成果|标志|预期|形象进度|考核|指标")),  # 工作目标: what the row is to reach
    ("aside", re.compile(r"备注|说明|依据|来源|进展|完成情况|资金|投资|类型|性质|频次")),
    ("text", re.compile(r"任务|内容|举措|措施|事项|项目|工作|要求|做法|名称|类别|领域|方面|板块|分类|专项|行动")),
)
_UNITS = re.compile(r"(?:单位|部门|处室|科室|股室|司局|牵头|责任|配合|主办|协办|落实|实施主体|责任主体)")
_TIME = re.compile(r"时限|时间|期限|节点|进度")
_RULE = re.compile(r"^\|?[\s:|-]*-[\s:|-]*\|?$")
_EMPTY = re.compile(r"^[\s/／—－–-]*$")


@dataclass(slots=True)
class Row:
    """One row: its task's words, the headings that its other cells give, its unit cells and its time."""

    text: tuple[int, int]
    headings: list[tuple[int, int]]
    units: list[tuple[int, int, str]]  # place and the role that the column's header says
    time: tuple[int, int] | None
    outcome: tuple[int, int] | None
    start: int
    end: int


@dataclass(slots=True)
class Table:
    """A table of tasks; offsets count in the file."""

    start: int
    end: int
    rows: list[Row] = field(default_factory=list)


def find_tables(text: str, paragraphs: list[Paragraph]) -> list[Table]:
    """The task tables among a body's paragraphs, in order."""
    tables = []
    k = 0
    while k < len(paragraphs):
        cells = _cells(text, paragraphs[k])
        kinds = _kinds(text, cells) if len(cells) > 1 else []
        if not {kind for kind, _ in kinds} >= {"units", "text"}:
            k += 1
            continue
        table = Table(paragraphs[k].start, paragraphs[k].end)
        piped = text[paragraphs[k].start] == "|"
        header = squeeze(paragraphs[k].of(text))
        k += 1
        above: list[tuple[int, int] | None] = [None] * len(kinds)
        while k < len(paragraphs) and _goes_on(text, paragraphs[k], piped):
            if not _RULE.match(paragraphs[k].of(text)) and squeeze(paragraphs[k].of(text)) != header:  # again on each page
                row = _row(text, paragraphs[k], kinds, above)
                if row:
                    table.rows.append(row)
            table.end = paragraphs[k].end
            k += 1
        tables.append(table)
    return [table for table in tables if table.rows]


def _goes_on(text: str, paragraph: Paragraph, piped: bool) -> bool:
    return text[paragraph.start] == "|" if piped else "\t" in paragraph.of(text)


def _cells(text: str, paragraph: Paragraph) -> list[tuple[int, int]]:
    """The cells of a line, trimmed; none where it is no row."""
    start, end = paragraph.start, paragraph.end
    if text[start] == "|":
        start, end = start + 1, end - (text[end - 1] == "|" and end - 1 > start)
        mark = "|"
    elif text.count("\t", start, end) >= 2:
        mark = "\t"
    else:
        return []
    cells, begin = [], start
    for k in range(start, end + 1):
        if k == end or text[k] == mark and text[k - 1] != "\\":
            cells.append(trim(text, begin, k, "*"))
            begin = k + 1
    return cells


def _kinds(text: str, cells: list[tuple[int, int]]) -> list[tuple[str, str]]:
    """(kind, role) of each column by its header."""
    found = []
    for start, end in cells:
        words = "".join(text[start:end].split())
        role = role_of(re.sub(r"[（(].*?[）)]$", "", words))
        if role in ("person", "time"):
            found.append((role, ""))
        elif role or len(words) <= 12 and _UNITS.search(words) and not re.search("领导|责任人|负责人|内容|事项|任务", words):
            found.append(("units", role or _role(words)))
        elif len(words) <= 12 and _TIME.search(words):
            found.append(("time", ""))
        else:
            found.append((next((kind for kind, pattern in COLUMNS if pattern.search(words)), "aside") if 0 < len(words) <= 16 else "aside", ""))
    if not any(kind == "text" for kind, _ in found):
        # 工作目标 alone is what is to be done
        found = [("text", role) if kind == "outcome" else (kind, role) for kind, role in found]
    return found


def _role(words: str) -> str:
    """牵头部门及责任人 and 市级责任单位 are no labels of the table of labels, but say as much."""
    return "lead" if re.search("牵头|主办|主责", words) else "support" if re.search("配合|协办|协同|参与|支撑", words) else "implement" if "落实" in words else "responsible"


def _row(text: str, paragraph: Paragraph, kinds: list[tuple[str, str]], above: list[tuple[int, int] | None]) -> Row | None:
    """A row's cells by their columns; an empty cell of a heading column is merged with the one above it."""
    cells = _cells(text, paragraph)[:len(kinds)]
    texts: list[tuple[int, int]] = []
    units: list[tuple[int, int, str]] = []
    time = outcome = None
    columns = [n for n, (kind, _) in enumerate(kinds) if kind == "text"]
    for n, (start, end) in enumerate(cells):
        kind, role = kinds[n]
        empty = bool(_EMPTY.match(text[start:end]))
        if kind == "text":
            cell = above[n] if empty and n != columns[-1] else None if empty else (start, end)
            above[n] = cell
            if cell:
                texts.append(cell)
        elif empty:
            continue
        elif kind == "units":
            units.append((start, end, role))
        elif kind == "time":
            time = (start, end)
        elif kind == "outcome":
            outcome = (start, end)
    own = [cell for cell in texts if cell[0] >= paragraph.start]
    if not own or len({text[a:b] for a, b in cells if a < b}) == 1:
        return None  # a line across the table: 一、综合类
    return Row(own[-1], [cell for cell in texts if cell != own[-1]], units, time, outcome, *trim(text, paragraph.start, paragraph.end, BLANK))
