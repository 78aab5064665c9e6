"""Which unit of which body a name means: the identity of a Department is (scope, canonical name).

The scope follows from the name, in whosever plan it stands: 市水务局 belongs to the city, 科技司 to the issuing ministry,
国家开放大学 to 全国. Spellings meet through `gazetteer`.
"""

from __future__ import annotations

import re

from graph.ids import content_id
from graph.model import Department
from graph.records import DocumentRecord
from ingest.collectives import is_collective
from ingest.counterparts import functions_of, places_of
from ingest.gazetteer import gazetteer
from ingest.places import LEVELS, find_place, place_above

WHOLE_COUNTRY = "全国"
UNKNOWN = "未载明"  # the text shows no body: such units are one only among themselves
_TIERS = {"自治区": "provincial", "省": "provincial", "市": "prefecture", "州": "prefecture", "盟": "prefecture", "区": "county", "县": "county",
          "旗": "county", "镇": "township", "乡": "township", "街道": "township"}
_TIER = re.compile(rf"^(?P<tier>{'|'.join(sorted(_TIERS, key=len, reverse=True))})(?=[\u4e00-\u9fff])(?!级|直|属|内|域|场|划)")
_ZONE = re.compile(r"(?:高新区|开发区|经开区|投资区|度假区|示范区|园区)$")  # 临河高新区管委会 is one name
# 中共上海市委组织部, 国家税务总局青岛市税务局: what stands before the place says only what sort of body it is
_ABOVE = re.compile(r"^(?:中共|中国共产党|国家税务总局|国家金融监督管理总局)(?=[\u4e00-\u9fff]{2,8}?(?:省|市|区|县|州|旗|盟))")
_TOP_ORGAN = re.compile(r"^(?:团|总|政协)?(?P<tier>省|市|区|县|州)(?:委|纪委|政府|人大|政协)")
_DIVISION = re.compile(r"(?:(?<!公)司|处|科|股|(?<!办公)室|处[(（]室[)）]|司局|处室|科室|股室|直属单位|直属机构|业务司局|[局部厅委办院]属(?:各)?(?:单位|企业|事业单位)|机关(?:各)?(?:处室|科室|部门))$")
_DIVISION_OF = re.compile(r"^(?P<body>(?![省市区县])[\u4e00-\u9fff]{2,20}?(?:部|委员会|委|局|厅|署))(?P<division>[\u4e00-\u9fff]{1,10}(?:(?<!公)司|处|科|室|股))$")
_NATIONAL_NAME = re.compile(r"^(?:国家|国务院|中央|中国|全国|中华|教育部|最高人民)|(?:总局|总署|总社)$")
_COMPLETE_NAME = re.compile(r"(?:大学|银行)$|^(?:国网|南网|中铁|中建|中石油|中石化|中海油)")


def resolve(name: str, record: DocumentRecord, collective: bool = False) -> Department:
    """The Department that `name` means in a plan."""
    plain = _ABOVE.sub("", name.replace("（", "(").replace("）", ")"))
    book = gazetteer()
    collective = collective or is_collective(plain)
    if entry := book.find(plain, record.body):
        scope = entry.body or WHOLE_COUNTRY
        return _department(entry.name, scope, entry.full_name, _level_of(scope), entry.kind, entry.collective or collective)
    if (named := _DIVISION_OF.match(plain)) and (named["body"] in book.ministry_spellings or named["body"].endswith("部") or find_place(named["body"])):
        return _department(named["division"], named["body"], None, _level_of(named["body"]), book.kind_of(named["division"]), collective)  # 教育部科技司
    scope, canonical = _scope_and_name(plain, record, collective)
    if scope == WHOLE_COUNTRY and (ministry := book.ministry_spellings.get(plain)):
        return _department(ministry.name, scope, ministry.full_name, "national", ministry.kind, collective)
    kind = "collective" if collective else book.kind_of(canonical)
    return _department(canonical, scope, None, _level_of(scope), kind, collective)


def parent_of(department: Department, record: DocumentRecord) -> Department | None:
    """The body that a division or institution belongs to, None where its scope is a place or the country."""
    if department.scope in (WHOLE_COUNTRY, record.place) or department.scope != record.body or department.name == record.body:
        return None
    if find_place(department.scope) and find_place(department.scope).length == len(department.scope):
        return None
    return resolve(department.scope, record)


def _department(name: str, scope: str, full_name: str | None, level: str | None, kind: str, collective: bool) -> Department:
    return Department(content_id("Department", scope, name), name, full_name, scope, level, kind, collective, list(functions_of(name, scope)), list(places_of(scope)))


def _scope_and_name(name: str, record: DocumentRecord, collective: bool) -> tuple[str, str]:
    book = gazetteer()
    body, place = record.body, record.place
    in_ministry = record.level == "national"
    if in_ministry and name == body:
        return WHOLE_COUNTRY, name
    if name in book.ministry_spellings and (in_ministry or _NATIONAL_NAME.match(name)):
        return WHOLE_COUNTRY, name
    if _DIVISION.search(name) and not _TIER.match(name):
        return body or (WHOLE_COUNTRY if in_ministry else UNKNOWN), name
    if _NATIONAL_NAME.search(name):
        return WHOLE_COUNTRY, name
    if (found := find_place(name)) and not _ZONE.search(found.parts[-1]):
        rest = name[found.length:]
        if rest and place and (found.name == place or place.endswith(found.parts[-1])):
            # 上海市水务局 in a plan of 上海市 is 市水务局
            return place, _bureau(_tier_word(found.parts[-1]), rest)
        if rest and rest not in ("政府", "人民政府"):
            return found.name, _bureau(_tier_word(found.parts[-1]), rest)
        return found.name, name
    tier = _TIER.match(name) or _TOP_ORGAN.match(name)
    if tier:
        word = tier["tier"]
        scope = _place_of_tier(word, record)
        rest = name[tier.end("tier"):]
        return scope, _bureau(word, rest) if name.startswith(word) else name
    if collective or book.kind_of(name) == "sub-district or township":
        return place or (WHOLE_COUNTRY if in_ministry else body or UNKNOWN), name
    if _COMPLETE_NAME.search(name):
        return WHOLE_COUNTRY, name
    # Without a prefix: in a ministry's or bureau's plan an institution of that body, else of the place.
    if place and body in (None, place, f"{place}人民政府", f"{place}人民政府办公厅", f"{place}人民政府办公室"):
        # 教育局 in a city's own plan is 市教育局
        return place, _bureau(_tier_word(place), name) if name in book.bureaus else name
    return body or place or (WHOLE_COUNTRY if in_ministry else UNKNOWN), name


def _tier_word(place: str) -> str:
    return next((word for word in _TIERS if place.endswith(word)), "")


def _bureau(tier: str, rest: str) -> str:
    """市 + 发展和改革委员会 is 市发展改革委."""
    return tier + gazetteer().bureaus.get(rest, rest)


def _place_of_tier(word: str, record: DocumentRecord) -> str:
    """The place of a tier word in this plan: 市 in a district's plan is the city above it."""
    wanted, place, level = _TIERS[word], record.place, record.level
    if not place or not level or level == "national":
        return record.body or (WHOLE_COUNTRY if level == "national" else UNKNOWN)
    if word == "市" and find_place(place) and place_above(place, "prefecture") is None and level == "provincial":
        return place  # a municipality's own departments
    if LEVELS.index(level) > LEVELS.index(wanted):
        if level == "county" and word == "市" and place.endswith("市"):
            return place  # a county-level city calls itself 市
        return place_above(place, wanted) or f"{place}的上级{word}"
    return place


def _level_of(scope: str) -> str | None:
    """The tier of a scope, by its name alone, so that it is the same whichever plan came first."""
    if scope == WHOLE_COUNTRY or gazetteer().is_national(scope) or scope.endswith("部") and not find_place(scope):
        return "national"
    found = find_place(scope.removeprefix("中共"))
    return found.level if found else None


def why_merged(surface: str, name: str, scope: str) -> str:
    """What made a spelling of a clause the unit of a canonical name and scope, in words."""
    plain = "".join(surface.split()).replace("（", "(").replace("）", ")")
    if plain == name.replace("（", "(").replace("）", ")"):
        return "as written"
    book = gazetteer()
    if (entry := book.find(plain, scope) or book.ministry_spellings.get(plain)) and entry.name == name:
        return f"units.yaml: an alias of {name}"
    tier = _TIER.match(name)
    rest = name[tier.end("tier"):] if tier else name
    place = find_place(plain)
    if place and plain[place.length:] and scope.endswith(place.parts[-1]):
        behind = plain[place.length:]
        spelled = "" if behind == rest else f", and {behind} is {rest} (units.yaml, bureaus)"
        return f"the place's own name stands for {tier['tier'] if tier else scope}{spelled}"
    own = _TIER.match(plain)
    behind = plain[own.end("tier"):] if own else plain
    if book.bureaus.get(behind, behind) == rest:
        parts = ([f"{behind} is {rest} (units.yaml, bureaus)"] if behind != rest else []) + (["the prefix is left out in the list"] if tier and not own else [])
        return ", and ".join(parts)
    if plain.endswith(name):
        return "the body's own name is left out"
    return "put right by hand, or by a rule on its place"
