"""The gazetteer `units.yaml`: which spellings are one unit. Validated when it is first asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from graph.errors import BadGazetteer

PATH = Path(__file__).with_name("units.yaml")
_FIELDS = {
    "ministries": {"name", "full_name", "aliases"},
    "units": {"name", "full_name", "aliases", "body", "complete", "kind", "collective"},
    "bureaus": {"name", "aliases"},
    "kinds": {"kind", "tails"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit of the gazetteer."""

    name: str
    full_name: str | None
    body: str | None  # the body whose plans it holds in; None: a ministry or a name complete by itself
    kind: str
    collective: bool


@dataclass(slots=True)
class Gazetteer:
    ministries: dict[str, Entry] = field(default_factory=dict)  # by full and canonical name
    ministry_spellings: dict[str, Entry] = field(default_factory=dict)
    complete: dict[str, Entry] = field(default_factory=dict)
    divisions: dict[tuple[str, str], Entry] = field(default_factory=dict)  # by (body, spelling)
    bureaus: dict[str, str] = field(default_factory=dict)  # spelling to canonical
    kinds: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def is_national(self, name: str) -> bool:
        return name in self.ministry_spellings

    def find(self, name: str, body: str | None) -> Entry | None:
        """The entry of a spelling in a plan of `body`."""
        plain = name.replace("（", "(").replace("）", ")")
        return (self.divisions.get((body or "", plain)) or self.complete.get(plain))

    def kind_of(self, name: str) -> str:
        for kind, tails in self.kinds:
            if name.endswith(tails):
                return kind
        return "other"


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer; raises BadGazetteer that names the entry."""
    # The C loader reads the file in a tenth of the time; it is part of every wheel.
    try:
        rows = yaml.load(PATH.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadGazetteer(PATH.name, f"line {mark.line + 1 if mark else '?'} is no YAML: {getattr(error, 'problem', error)}") from None
    return build(rows)


def build(rows: dict) -> Gazetteer:
    """A gazetteer of parsed rows, checked: fields known, no spelling of two units in one scope."""
    for section in rows:
        if section not in _FIELDS:
            raise BadGazetteer(PATH.name, f"section '{section}' is not known; known are {', '.join(_FIELDS)}")
        for row in rows[section]:
            key = "kind" if section == "kinds" else "name"
            if not isinstance(row, dict) or not row.get(key):
                raise BadGazetteer(PATH.name, f"{section}: an entry has no {key}: {row!r}")
            if unknown := set(row) - _FIELDS[section]:
                raise BadGazetteer(PATH.name, f"{section}: {row[key]} has the unknown field {', '.join(sorted(unknown))}")
    result = Gazetteer()
    for row in rows.get("ministries", ()):
        entry = Entry(row["name"], row.get("full_name"), None, "government department", False)
        result.ministries[entry.name] = entry
        for spelling in _spellings(row):
            _add(result.ministry_spellings, spelling, entry, "ministries")
    for row in rows.get("units", ()):
        entry = Entry(row["name"], row.get("full_name"), row.get("body"), row.get("kind", "other"), bool(row.get("collective")))
        for spelling in _spellings(row):
            if row.get("complete"):
                _add(result.complete, spelling, entry, "units")
            elif entry.body:
                _add(result.divisions, (entry.body, spelling), entry, "units")
            else:
                raise BadGazetteer(PATH.name, f"units: {entry.name} needs `body` or `complete: true`")
    for row in rows.get("bureaus", ()):
        for spelling in _spellings(row):
            _add(result.bureaus, spelling, row["name"], "bureaus")
    result.kinds = [(row["kind"], tuple(row["tails"])) for row in rows.get("kinds", ())]
    return result


def _spellings(row: dict) -> list[str]:
    return list(dict.fromkeys([row["name"], *([row["full_name"]] if row.get("full_name") else []), *row.get("aliases", ())]))


def _add(table: dict, key, value, section: str) -> None:
    if key in table and table[key] != value:
        raise BadGazetteer(PATH.name, f"{section}: the spelling {key} stands for two units, {table[key]} and {value}")
    table[key] = value
