"""Which unit took over which one's work by a reform (机构改革): `successions.csv`, validated when it is first asked.

A row is a pair. Bodies that merged have a row each to the one that they became; a body that was split has a row to each
that took a part, its `note` saying which. `tier` is national, where names are the gazetteer's (a division's behind its
body: 教育部科技司), or local, where they are those of its `bureaus`, as they go on after 省, 市, 区 or 县. The date is the
reform's; of a local row the month by which its document wanted the places to have done it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path

from ingest.gazetteer import gazetteer
from ingest.shipped_table import ShippedTable

PATH = Path(__file__).with_name("successions.csv")
_COUNTRY = "全国"  # departments.WHOLE_COUNTRY; that module would bring spaCy along
_TIERS = ("", "自治区", "省", "市", "区", "县", "州", "盟", "旗", "镇", "乡")  # "": 环保局, without one
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?")


@dataclass(frozen=True, slots=True)
class Reform:
    """One row of the table."""

    before: str
    after: str
    tier: str  # national, local
    date: str  # YYYY-MM or YYYY-MM-DD
    source: str  # the reform's document, or its event where no document is public
    note: str


_SHIPPED = ShippedTable(PATH, [field.name for field in fields(Reform)])


@dataclass(frozen=True, slots=True)
class Succession:
    """A unit of a scope and the one that took its work over; both are names as a Department has them."""

    scope: str
    before: str
    after: str
    date: str
    source: str


def find_successions(names: Iterable[tuple[str, str]]) -> list[Succession]:
    """Those of which both units are among the given (scope, canonical name), in order.

    市环保局 and 市生态环境局 of one city are a pair; near miss: 市环保局 and 区生态环境局.
    """
    given = set(names)
    return [found for scope, name in sorted(given) for found in successors_of(name, scope) if (scope, found.after) in given]


def successors_of(name: str, scope: str) -> list[Succession]:
    """What took over the work of one unit, whether or not any plan names it: none, one, or each part's."""
    table = _table()
    if scope == _COUNTRY:
        return [Succession(scope, name, row.after, row.date, row.source) for row in table.get(("national", name), ())]
    found = [Succession(scope, name, row.after.removeprefix(scope), row.date, row.source) for row in table.get(("national", scope + name), ())]
    for tier in _TIERS:
        if name.startswith(tier):
            found += [Succession(scope, name, tier + row.after, row.date, row.source) for row in table.get(("local", name[len(tier):]), ())]
    return found


@cache
def _table() -> dict[tuple[str, str], list[Reform]]:
    """By tier and the name before."""
    table: dict[tuple[str, str], list[Reform]] = {}
    for row in read_reforms(_SHIPPED.read()):
        table.setdefault((row.tier, row.before), []).append(row)
    return table


def read_reforms(text: str) -> list[Reform]:
    """The rows of a table in CSV; raises BadGazetteer that names the line."""
    rows: dict[tuple[str, str, str], Reform] = {}
    for line, cells in _SHIPPED.iter_rows(text):
        row = Reform(*cells)
        _check(row, line)
        key = (row.tier, row.before, row.after)
        if key in rows:
            raise _SHIPPED.fault(line, f"{row.before} to {row.after} stands here a second time")
        rows[key] = row
        if circle := _way(rows, row.tier, row.after, row.before):
            raise _SHIPPED.fault(line, f"{' to '.join([row.before, *circle])} is a circle")
    return list(rows.values())


def _check(row: Reform, line: int) -> None:
    if row.tier not in ("national", "local"):
        raise _SHIPPED.fault(line, f"the tier '{row.tier}' is neither national nor local")
    if not _is_date(row.date):
        raise _SHIPPED.fault(line, f"the date '{row.date}' is none; write YYYY-MM or YYYY-MM-DD")
    if not row.source.strip():
        raise _SHIPPED.fault(line, f"{row.before} to {row.after} has no source")
    for name in (row.before, row.after):
        canonical = _canonical(name, row.tier)
        if canonical is None:
            raise _SHIPPED.fault(line, f"'{name}' is not in units.yaml; give it an entry of its own among the {'ministries or units' if row.tier == 'national' else 'bureaus'}")
        if canonical != name:
            raise _SHIPPED.fault(line, f"'{name}' is another spelling of {canonical}; write {canonical}")


def _canonical(name: str, tier: str) -> str | None:
    book = gazetteer()
    if tier == "local":
        return book.bureaus.get(name)
    entry = book.find(name, None) or book.ministry_spellings.get(name)
    return (entry.body or "") + entry.name if entry else None


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return False
    return True


def _way(rows: dict[tuple[str, str, str], Reform], tier: str, start: str, end: str) -> list[str] | None:
    """The names from `start` to `end` along the rows of a tier, None where no way leads there."""
    if start == end:
        return [end]
    for row in rows.values():
        if row.tier == tier and row.before == start and (way := _way(rows, tier, row.after, end)):
            return [start, *way]
    return None
