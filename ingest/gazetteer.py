"""The gazetteer `units.yaml`: which spellings are one unit, and of which kind a unit is. Validated when it is first asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from ingest.errors import BadGazetteer

PATH = Path(__file__).with_name("units.yaml")
KINDS = ("government department", "inner division", "affiliated institution", "party organ", "mass organisation",
         "enterprise", "sub-district or township", "coordinating body", "collective", "other")
_FIELDS: dict[str, dict[str, type]] = {
    "ministries": {"name": str, "full_name": str, "aliases": list, "kind": str, "complete": bool},
    "units": {"name": str, "full_name": str, "aliases": list, "body": str, "complete": bool, "kind": str, "collective": bool},
    "bureaus": {},
    "kinds": {"kind": str, "heads": str, "tails": str},
}
_WORDS = {str: "text", list: "a list of texts, [甲, 乙]", bool: "true or false"}
_NOT_IN_A_SPELLING = re.compile(r"[\s（）,、，]")  # names are compared without spaces and with ( )
_PUBLISHES = ("government department", "party organ", "mass organisation")
_FORMAL = ("部", "委员会", "署")  # 中华人民共和国教育部; near miss: 国家统计局


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
    ministries: dict[str, Entry] = field(default_factory=dict)  # by canonical name, those that publish plans
    ministry_spellings: dict[str, Entry] = field(default_factory=dict)
    complete: dict[str, Entry] = field(default_factory=dict)
    divisions: dict[tuple[str, str], Entry] = field(default_factory=dict)  # by (body, spelling)
    bodies: set[str] = field(default_factory=set)  # those whose divisions are known
    bureaus: dict[str, str] = field(default_factory=dict)  # spelling to canonical
    kinds: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)  # (kind, heads, tails)

    def is_national(self, name: str) -> bool:
        return name in self.ministry_spellings

    def find(self, name: str, body: str | None) -> Entry | None:
        """The entry of a spelling in a plan of `body`: 科学技术司 in one of 教育部, 教育部科学技术司 in any; None where it is not known."""
        plain = name.replace("（", "(").replace("）", ")")
        if entry := self.divisions.get((body or "", plain)) or self.complete.get(plain):
            return entry
        of = next((known for known in self.bodies if plain.startswith(known)), None)
        return (self.divisions.get((of, plain)) or self.divisions.get((of, plain[len(of):]))) if of else None

    def kind_of(self, name: str) -> str:
        """One of KINDS, by the head or tail of a name: 市委办公室 is a party organ, 市政府办公室 a government department."""
        if name.endswith((")", "）")):
            name = name[:max(name.rfind("("), name.rfind("（"))] or name  # 区财政局(区金融办)
        behind = name[1:] if name[:1] in "省市区县州盟旗" else name
        for kind, heads, tails in self.kinds:
            if name.endswith(tails) or name.startswith(heads) or behind.startswith(heads):
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
    """A gazetteer of parsed rows, checked: fields, their types and kinds are known, no spelling means two units in one scope."""
    if not isinstance(rows, dict):
        raise BadGazetteer(PATH.name, f"there is no section in it; known are {', '.join(_FIELDS)}")
    for section in rows:
        if section not in _FIELDS:
            raise BadGazetteer(PATH.name, f"section '{section}' is not known; known are {', '.join(_FIELDS)}")
    result = Gazetteer()
    national: dict[str, Entry] = {}
    for row in _entries(rows, "ministries"):
        entry = Entry(row["name"], row.get("full_name"), None, row.get("kind", "government department"), False)
        if entry.kind in _PUBLISHES:
            result.ministries[entry.name] = entry
        for spelling in _spellings(row, "ministries"):
            _add(national, spelling, entry, "ministries")
            result.ministry_spellings[spelling] = entry
            if row.get("complete"):
                result.complete[spelling] = entry
    for row in _entries(rows, "units"):
        entry = Entry(row["name"], row.get("full_name"), row.get("body"), row.get("kind", "other"), row.get("collective", False))
        if entry.collective != (entry.kind == "collective"):
            raise BadGazetteer(PATH.name, f"units: {entry.name}: `kind: collective` and `collective: true` go together")
        for spelling in _spellings(row, "units"):
            if row.get("complete"):
                _add(national, spelling, entry, "units")
                result.complete[spelling] = entry
            elif entry.body:
                _add(result.divisions, (entry.body, spelling), entry, "units")
                result.bodies.add(entry.body)
            else:
                raise BadGazetteer(PATH.name, f"units: {entry.name} needs `body` or `complete: true`")
    for words in _list(rows, "bureaus"):
        if not isinstance(words, str) or not words.strip():
            raise BadGazetteer(PATH.name, f"bureaus: {words!r} is no line of a name and its other spellings: 发展改革委 发改委")
        spellings = _checked_spellings(words.split(), "bureaus")
        for spelling in spellings:
            if entry := result.complete.get(spelling):
                raise BadGazetteer(PATH.name, f"bureaus: the spelling {spelling} stands for two units, a place's and {entry.name}, which is complete by itself")
            _add(result.bureaus, spelling, spellings[0], "bureaus")
    result.kinds = [(row["kind"], tuple(row.get("heads", "").split()), tuple(row.get("tails", "").split())) for row in _entries(rows, "kinds")]
    return result


def _entries(rows: dict, section: str) -> Iterator[dict]:
    """The rows of a section, checked, each with what its group has in common."""
    for row in _list(rows, section):
        if isinstance(row, dict) and "entries" in row:
            common = {name: value for name, value in row.items() if name != "entries"}
            for entry in _list(row, "entries"):
                yield _checked({**common, **entry} if isinstance(entry, dict) else entry, section)
        else:
            yield _checked(row, section)


def _list(rows: dict, section: str) -> list:
    found = rows.get(section) or []
    if not isinstance(found, list):
        raise BadGazetteer(PATH.name, f"section '{section}' is no list; each of its lines begins with -")
    return found


def _checked(row: dict, section: str) -> dict:
    key, fields = "kind" if section == "kinds" else "name", _FIELDS[section]
    if not isinstance(row, dict) or not row.get(key):
        raise BadGazetteer(PATH.name, f"{section}: an entry has no {key}: {row!r}")
    if unknown := row.keys() - fields.keys():
        raise BadGazetteer(PATH.name, f"{section}: {row[key]} has the unknown field {', '.join(sorted(map(str, unknown)))}; known are {', '.join(fields)}")
    for name, value in row.items():
        if not (_are_texts(value) if fields[name] is list else isinstance(value, fields[name]) and value != ""):
            raise BadGazetteer(PATH.name, f"{section}: {row[key]}: {name} is {value!r}; expected is {_WORDS[fields[name]]}")
    if "kind" in row and row["kind"] not in KINDS:
        raise BadGazetteer(PATH.name, f"{section}: {row[key]}: the kind '{row['kind']}' is not known; known are {', '.join(KINDS)}")
    return row


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text for text in value)


def _spellings(row: dict, section: str) -> list[str]:
    """All that an entry is written as; a full name also without its body, a ministry's also behind the country's name."""
    full = row.get("full_name")
    found = _checked_spellings([row["name"], *([full] if full else []), *row.get("aliases", ())], section)
    if section == "ministries" and row.get("kind") is None and (full or row["name"]).endswith(_FORMAL):
        found.append(f"中华人民共和国{full or row['name']}")
    if full and row.get("body") and full.startswith(row["body"]):
        found.append(full.removeprefix(row["body"]))
    return list(dict.fromkeys(found))


def _checked_spellings(spellings: list[str], section: str) -> list[str]:
    if _NOT_IN_A_SPELLING.search("".join(spellings)):
        wrong = next(spelling for spelling in spellings if _NOT_IN_A_SPELLING.search(spelling))
        raise BadGazetteer(PATH.name, f"{section}: {spellings[0]}: the spelling '{wrong}' holds a space, a comma or a full-width bracket; write ( ), and spellings apart")
    return spellings


def _add(table: dict, key: str | tuple[str, str], value: Entry | str, section: str) -> None:
    if key in table and table[key] != value:
        where, spelling = (f" of {key[0]}", key[1]) if isinstance(key, tuple) else ("", key)
        both = " and ".join(found if isinstance(found, str) else found.name for found in (table[key], value))
        raise BadGazetteer(PATH.name, f"{section}: the spelling {spelling}{where} stands for two units, {both}")
    table[key] = value
