"""What can be told of a document by hand, in corpus.csv and corrections.csv, and how a cell is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ingest.numerals import iso_date
from ingest.places import LEVELS as TIERS

# A new one is one row: its name and how a cell is read.
METADATA: dict[str, Callable[[str], Any]] = {
    "title": str, "issuer": str, "issuers": lambda cell: [part.strip() for part in re.split("[；;、]", cell) if part.strip()], "place": str,
    "level": lambda cell: _one_of(cell, ("national", *TIERS)), "doc_number": lambda cell: "".join(cell.split()), "signed_on": lambda cell: _date(cell), "published_on": lambda cell: _date(cell),
    "years": lambda cell: _years(cell), "genre": str, "series": str,
    "status": lambda cell: _one_of(cell, ("draft", "final")) == "draft", "url": str,
}


def read_told(name: str, cell: str) -> Any:
    """What a cell says of a field of METADATA; an empty cell says that the text does not say. Raises ValueError."""
    cell = cell.strip()
    if not cell:
        return {"issuers": [], "years": [], "status": False}.get(name)
    return METADATA[name](cell)


def _one_of(cell: str, known: tuple[str, ...]) -> str:
    if cell not in known:
        raise ValueError(f"{cell!r} is none of {', '.join(known)}")
    return cell


def _date(cell: str) -> str:
    # Excel shows 2024-03-05 as 2024/3/5 and saves it so
    if date := iso_date(cell):
        return date
    raise ValueError(f"{cell!r} is no date; write it as 2024-03-05")


def _years(cell: str) -> list[int]:
    """2021, 2021-2023, 2021；2023."""
    found: list[int] = []
    for part in re.split("[；;,，、 ]+", cell):
        span = re.fullmatch(r"((?:19|20)\d\d)年?(?:[-—－–~～至到]+((?:19|20)\d\d)年?)?", part)
        if not span or span[2] and int(span[2]) < int(span[1]):
            raise ValueError(f"{cell!r} gives no years; write 2021 or 2021-2023")
        found += range(int(span[1]), int(span[2] or span[1]) + 1)
    return sorted(set(found))
