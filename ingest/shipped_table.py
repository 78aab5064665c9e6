"""The tables that ship with the product as CSV: read strictly, since a row that is left out in silence is a wrong answer."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.errors import BadGazetteer


class ShippedTable:
    """One table; every fault names its file and line."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path, self.columns = path, list(columns)

    def read(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def iter_rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of each row of a text in CSV; raises BadGazetteer where the columns are others or a row has more or fewer."""
        reader = csv.reader(text.splitlines())
        if next(reader, None) != self.columns:
            raise self.fault(1, f"the columns are not {','.join(self.columns)}")
        for cells in reader:
            if len(cells) != len(self.columns):
                raise self.fault(reader.line_num, f"{len(cells)} cells, but there are {len(self.columns)} columns; put a cell that holds a comma in double quotes")
            yield reader.line_num, cells

    def fault(self, line: int, problem: str) -> BadGazetteer:
        return BadGazetteer(self.path.name, f"line {line}: {problem}")
