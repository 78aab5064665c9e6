"""Places by GB/T 2260 (places.csv): whose name begins with which place, and which place stands above another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

PATH = Path(__file__).with_name("places.csv")
MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
LEVELS = ("provincial", "prefecture", "county", "township")
KEPT = 1 << 18  # answers: the bodies of a large graph are gone through in one order with each transaction, of which a smaller store would keep none
_N = "[\u4e00-\u9fff]"
# Places that the table does not hold (invented, renamed, masked): one pattern a level.
_UNKNOWN = (
    re.compile(rf"(?:{_N}{{2,3}}省|[xX×某]{{1,2}}省)"),
    re.compile(rf"(?:{_N}{{2,3}}(?<!市)(?:市|地区|盟)|[xX×某]{{1,2}}市|{_N}{{2,10}}?自治州)"),
    re.compile(rf"(?:{_N}{{2,8}}?自治县|{_N}{{2,4}}?新区|[xX×某]{{1,2}}[区县]|{_N}{{2,3}}(?:区|县|旗))"),
    re.compile(rf"{_N}{{1,5}}?(?:街道|镇|乡)(?=人民政府|政府|办事处|党委|党工委|$)"),
)
_STREET = re.compile(rf"人民政府(?P<street>{_N}{{1,6}}?(?:街道|镇|乡))(?=办事处|人民政府|$)")
_NOT_A_PLACE = re.compile(r"^(?:全|本|我|各|该|省|市|区|县|城|乡)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a name gives it: 上海市黄浦区 is two parts, county."""

    parts: tuple[str, ...]  # from the highest named to the place itself
    level: str
    length: int  # characters of the name that it takes

    @property
    def name(self) -> str:
        return "".join(self.parts)


@cache
def _table() -> tuple[dict[str, list[str]], dict[str, str]]:
    """Name to codes, and code to name."""
    by_name: dict[str, list[str]] = {}
    by_code: dict[str, str] = {}
    for line in PATH.read_text(encoding="utf-8").splitlines()[2:]:
        code, name = line.split(",")
        by_name.setdefault(name, []).append(code)
        by_code[code] = name
    return by_name, by_code


def _level(code: str) -> str:
    return "provincial" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


@lru_cache(maxsize=KEPT)
def find_place(name: str) -> Place | None:
    """The place that a body's name begins with: 昆山市水务局 is 昆山市, county (GB/T 2260 320583)."""
    parts: list[str] = []
    at, level, code = 0, None, ""
    while found := _part_at(name, at, level, code):
        part, level, code = found
        parts.append(part)
        at += len(part)
    if level == "county" and (street := _STREET.match(name, at)):
        parts, level, at = [*parts, street["street"]], "township", street.end("street")  # 鼓楼区人民政府湖南路街道办事处
    return Place(tuple(parts), level, at) if level else None


def _part_at(name: str, at: int, above: str | None, code: str) -> tuple[str, str, str] | None:
    by_name, _ = _table()
    rank = LEVELS.index(above) if above else -1
    for length in range(min(15, len(name) - at), 1, -1):
        for known in by_name.get(name[at:at + length], ()):
            level = _level(known)
            inside = not code or known.startswith(code.rstrip("0")[:4] if above == "prefecture" else code[:2])
            if LEVELS.index(level) > rank and inside:
                return name[at:at + length], level, known
    for level, pattern in zip(LEVELS[rank + 1:], _UNKNOWN[rank + 1:], strict=True):
        match = pattern.match(name, at)
        if match and not _NOT_A_PLACE.match(match[0]) and (level != "township" or above):
            return match[0], level, ""
    return None


@cache
def _stems() -> tuple[str, ...]:
    """浙江 of 浙江省, 绵阳 of 绵阳市: provinces and prefectures without the word for their tier."""
    by_name, _ = _table()
    return tuple(re.sub(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市]$|地区$|盟$", "", name) for name, codes in by_name.items() if codes[0].endswith("00"))


# Of the table, and a word of any town's plan.
_ORDINARY = {"城区", "郊区", "矿区", "东区", "西区", "新城区", "老城区", "新市区", "港口区"}


@cache
def place_names() -> frozenset[str]:
    """What stands for a place wherever it is a word: 黄浦区, 赵县, 浙江 and 绵阳, and 中国; near miss: 新城区."""
    return frozenset(_table()[0]) - _ORDINARY | frozenset(_stems()) | {"中国"}


@lru_cache(maxsize=8_192)
def names_a_place(name: str) -> bool:
    """Whether a unit's name holds a province's or prefecture's within its first characters: 民航浙江安全监管局, 绵阳海关."""
    return any(stem in name[:6] for stem in _stems())


@lru_cache(maxsize=KEPT)
def place_above(place: str, level: str) -> str | None:
    """The place of a tier above: (黄浦区 or 上海市黄浦区, prefecture or provincial) is 上海市; None where it is not known.

    A municipality is both the province and the city of its districts.
    """
    found = find_place(place)
    if not found:
        return None
    for part in found.parts[:-1]:
        above = find_place(part)
        if above and (above.level == level or part in MUNICIPALITIES):
            return part
    by_name, by_code = _table()
    codes = by_name.get(found.parts[-1], [])
    if len(codes) == 1:
        city, province = by_code.get(codes[0][:4] + "00"), by_code.get(codes[0][:2] + "0000")
        if level == "provincial" or province in MUNICIPALITIES:
            return province
        return city
    return None
