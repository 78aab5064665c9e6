"""What a unit is there for, so far as its name says: 科技司 of 教育部 and 科技处 of 市教育局 both do 教育/科技.

A function is one of these words:

    教育          a department of that field, and every institution by its name (疾控中心): 教育部, 省教育厅, 市教育局
    教育/科技     a unit within a body of that field: 科技司 of 教育部, 科技处 of 市教育局; near miss: 科技处 of 市水务局
    ?/科技        a unit within a body whose field is not known: 科技处 in a plan that names no bureau

The rule is the same words before 部, 厅, 局, 委 or 司, 处, 科, 室; `counterparts.csv` says which other words mean one
function, and is validated when it is first asked. Its rows are of two sorts: `body`, where the words are departments as
units.yaml calls them, and `unit`, where they are what stands before 司, 处, 科, 室, without 和 and 与; a unit's row may be
of one `field` alone. A word may have several rows (计财: 财务 and 规划). Equal functions never make two units one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from pathlib import Path

from ingest.gazetteer import gazetteer
from ingest.places import find_place, place_above
from ingest.shipped_table import ShippedTable

PATH = Path(__file__).with_name("counterparts.csv")
_COUNTRY = "全国"  # departments.WHOLE_COUNTRY; that module asks this one
_NOT_COMPARED = ("enterprise", "sub-district or township", "collective")
_BRACKET = re.compile(r"[(（].*$")  # 河湖管理科(市河长制工作科)
_JOINTS = re.compile("[和与及、]")
_NATION = re.compile(r"^(?:国务院|国家|全国|中国|中央)(?=..)")
_TIER = re.compile(r"^(?:自治区|省|市|区(?!划)|县|州|盟|旗|镇|乡|街道)(?=..)")
_YOUTH = re.compile(r"^团(?:省|市|区|县|州|盟|旗)委$")
_RANK = re.compile(r"(?<=.)(?:管理局|总局|总署|委员会|部|委|厅|局|署|办公室|办公厅|办)$")
_UNIT_RANK = re.compile(r"(?<=.)(?:司局|司|处|科|股|局|办公室|办|(?<=办公)[厅室]|室)$")
_DUTY = re.compile(r"(?<=..)(?:管理|工作)$")  # 教师工作司, 社会组织管理局
_UNIT_OF = re.compile(r"^(?P<body>.{2,}?(?:委员会|委|厅|局|部))(?P<unit>.{1,12}(?:处|科|室|股))$")


@dataclass(frozen=True, slots=True)
class Row:
    """One function of the table and the words that mean it."""

    function: str
    sort: str  # body, unit
    field: str  # of a unit: the field that its body must be of; "": any
    words: str  # a space between two
    note: str


_SHIPPED = ShippedTable(PATH, [field.name for field in fields(Row)])


@lru_cache(maxsize=8_192)
def functions_of(name: str, scope: str) -> tuple[str, ...]:
    """The functions of a unit, by its canonical name and scope; none for enterprises, sub-districts and whole governments.

    普教处 of 市教育局: 教育/基础教育. 人事与教师处: both, 教育/人事 and 教育/教师.
    """
    book = gazetteer()
    plain = _BRACKET.sub("", name)
    if plain.endswith(("政府", "管委会")) or plain == scope or book.kind_of(plain) in _NOT_COMPARED:
        return ()
    place = find_place(scope)
    if scope != _COUNTRY and not (place and place.length == len(scope)):
        return _of_unit(plain, *_fields_of(scope))
    known = book.ministry_spellings.get(plain) if scope == _COUNTRY else None
    rest = "团委" if _YOUTH.match(plain) else _TIER.sub("", plain)
    canonical = known.name if known else book.bureaus.get(rest)
    if canonical:
        return tuple(dict.fromkeys((*_of_body(canonical), *(_of_unit(_NATION.sub("", canonical), (), False) if _is_institution(canonical) else ()))))
    if (inner := _UNIT_OF.match(rest)) and inner["body"] in book.bureaus:
        return _of_unit(inner["unit"], _of_body(book.bureaus[inner["body"]]), True)  # 市水务局供排水科, a unit of the city in its plan
    if scope == _COUNTRY or rest != plain:
        own = _NATION.sub("", plain) if scope == _COUNTRY else rest
        return (own, *_of_unit(own, (), False)) if _is_institution(own) else (own,)
    return _of_unit(plain, (), False)


@lru_cache(maxsize=8_192)
def places_of(scope: str) -> tuple[str, ...]:
    """The place that a scope is of or in, then those above it as far as they are known: 昆山市, 苏州市, 江苏省; none for 教育部."""
    place = find_place(scope.removeprefix("中共"))
    if place is None:
        return ()
    above = (place_above(place.name, level) for level in ("prefecture", "provincial"))
    return tuple(dict.fromkeys((*reversed(place.parts), *(name for name in above if name))))


def _is_institution(name: str) -> bool:
    return gazetteer().kind_of(name) == "affiliated institution"


@lru_cache(maxsize=4_096)
def _fields_of(body: str) -> tuple[tuple[str, ...], bool]:
    """The fields of a body and whether the gazetteer knows it: 上海市教育委员会 is of 教育, 海岸与渔业部 of 海岸渔业, not known."""
    book = gazetteer()
    plain = body.removeprefix("中共")
    place = find_place(plain)
    rest = plain[place.length:] if place else plain
    if rest in ("", "政府", "人民政府"):
        return (), False
    known = book.bureaus.get(rest) if place else book.ministry_spellings[rest].name if rest in book.ministry_spellings else None
    return _of_body(known or rest), known is not None


def _of_body(canonical: str) -> tuple[str, ...]:
    """The fields of a department by its canonical name, without the word for its tier."""
    if rows := _table()["body"].get(canonical):
        return tuple(row.function for row in rows)
    name = re.sub(r"^委(?=..)", "", _NATION.sub("", canonical))
    return (_JOINTS.sub("", name if _is_institution(name) else _RANK.sub("", name)),)


def _of_unit(name: str, of: tuple[str, ...], known: bool) -> tuple[str, ...]:
    """The functions of a unit within a body of the fields `of`, which the gazetteer knows or not."""
    stem = name if _is_institution(name) else _UNIT_RANK.sub("", name)
    parts = [_DUTY.sub("", part) for part in _JOINTS.split(stem) if len(part) > 1]
    whole = _DUTY.sub("", _JOINTS.sub("", stem))
    found = _meant(_JOINTS.sub("", stem), of, known) or _meant(whole, of, known)
    if not found and len(parts) > 1 and any(_meant(part, of, known) for part in parts):
        found = [function for part in parts for function in _meant(part, of, known) or [part]]
    found = found or [whole]
    return tuple(dict.fromkeys([f"{field}/{function}" for field in of for function in found] + ([] if known else [f"?/{function}" for function in found])))


def _meant(word: str, of: tuple[str, ...], known: bool) -> list[str]:
    """The functions that the table gives a word in a body of these fields."""
    return [row.function for row in _table()["unit"].get(word, ()) if not row.field or row.field in of or not known]


@cache
def _table() -> dict[str, dict[str, list[Row]]]:
    """By sort and word."""
    table: dict[str, dict[str, list[Row]]] = {"body": defaultdict(list), "unit": defaultdict(list)}
    for row in read_functions(_SHIPPED.read()):
        for word in row.words.split():
            table[row.sort][word].append(row)
    return table


def read_functions(text: str) -> list[Row]:
    """The rows of a table in CSV; raises BadGazetteer that names the line."""
    rows: dict[tuple[str, str, str], Row] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for line, cells in _SHIPPED.iter_rows(text):
        row = Row(*cells)
        _check(row, line)
        key = (row.function, row.sort, row.field)
        if key in rows:
            raise _SHIPPED.fault(line, f"{row.function} stands here a second time; add the words to line {lines[key]}")
        rows[key], lines[key] = row, line
    book = gazetteer()
    bodies = {row.function for row in rows.values() if row.sort == "body"} | {stem for name in (*book.bureaus.values(), *book.ministries) for stem in _stem(name)}
    for key, row in rows.items():
        if row.field and row.field not in bodies:
            raise _SHIPPED.fault(lines[key], f"the field '{row.field}' is none: no department of units.yaml and no row of the sort body is of it")
    return list(rows.values())


def _stem(canonical: str) -> tuple[str, ...]:
    return (_RANK.sub("", _NATION.sub("", canonical)),)


def _check(row: Row, line: int) -> None:
    if row.sort not in ("body", "unit"):
        raise _SHIPPED.fault(line, f"the sort '{row.sort}' is neither body nor unit")
    if not row.function.strip() or any(mark in row.function for mark in "/?"):
        raise _SHIPPED.fault(line, f"the function '{row.function}' is none; write a word without / and ?")
    words = row.words.split()
    if not words:
        raise _SHIPPED.fault(line, f"{row.function} has no words")
    if twice := next((word for word in words if words.count(word) > 1), None):
        raise _SHIPPED.fault(line, f"{row.function}: the word {twice} stands here twice")
    if row.sort == "body" and row.field:
        raise _SHIPPED.fault(line, f"{row.function}: a row of the sort body has no field")
    book = gazetteer()
    for word in words:
        if row.sort == "body":
            meant = [book.bureaus[word]] if word in book.bureaus else []
            meant += [book.ministry_spellings[word].name] if word in book.ministry_spellings else []
            if not meant:
                raise _SHIPPED.fault(line, f"'{word}' is not in units.yaml; give it an entry among the ministries or bureaus")
            if word not in meant:
                raise _SHIPPED.fault(line, f"'{word}' is another spelling of {meant[0]}; write {meant[0]}")
        elif _JOINTS.search(word) and not _is_institution(word):
            raise _SHIPPED.fault(line, f"{row.function}: write the word '{word}' without {_JOINTS.search(word)[0]}")  # type: ignore[index]
