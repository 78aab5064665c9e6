"""Who issued a plan, for which place and years, at which level; from its words, then from its front matter."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from ingest.documents import Document
from ingest.gazetteer import gazetteer
from ingest.layout import longest_of
from ingest.notice import DOC_NUMBER, split_bodies
from ingest.numerals import chinese_number, iso_date
from ingest.places import find_place

_TIER_WORDS = (("provincial", "省"), ("prefecture", "市"), ("county", "区"), ("county", "县"), ("township", "镇"), ("township", "街道"))
_MASKED_PLACE = re.compile(r"(?:xx|XX|××|某)(?P<tier>省|市|区|县|镇)")
_SPAN = re.compile(r"(?P<a>(?:19|20)\d\d)\s{0,3}年?\s{0,3}[-—－–~～至到]{1,3}\s{0,3}(?P<b>(?:19|20)\d\d)\s{0,3}年?")
_YEAR = re.compile(r"(?P<y>(?:19|20)\d\d)\s*年(?:度)?|[（(](?P<z>(?:19|20)\d\d)[）)]")
_FIVE_YEARS = re.compile(r"[“\"]?十(?P<n>[二三四五六七])五[”\"]?(?:期间|时期|规划|发展|计划|)?")
_STATED = re.compile(r"(?:实施期限|规划期|行动期限|计划期|实施时间|行动时间|整治时间|时间安排|期限)[^。；\n]{0,12}?(?P<a>20\d\d)年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:起)?\s*(?:-|—|－|–|~|～|至|到)+\s*(?P<b>20\d\d)年")
_TARGET = re.compile(r"(?:到|至)(?P<y>20\d\d)年|(?P<z>20\d\d)年(?:底|末)?(?:前|之前)")


def read_issuers(document: Document) -> tuple[str | None, list[str]]:
    """The issuer in full and all of a joint issue. The body wins over front matter, the fuller of two names of one body."""
    header, footer = document.header, document.footer
    signed = header.issuers or footer.issuers
    issuers = list(signed)
    if header.issuer:
        in_title = [body for body in split_bodies(re.sub(r"等[一二三四五六七八九十两\d]+(?:部门|单位)$", "", header.issuer))]
        if not issuers:
            issuers = in_title
    front = header.front.get("issuer")
    if not issuers and front:
        issuers = [part for part in re.split(r"[、，, ]+", front) if part]
    if issuers and front and len(re.split(r"[、，, ]+", front)) == 1 and front.endswith(issuers[0]):
        issuers[0] = front
    if issuers and header.issuer and header.issuer.endswith(issuers[0]):
        issuers[0] = header.issuer
    return (issuers[0] if issuers else None), issuers


def read_place(issuer: str | None, document: Document, text: str, units: list[str]) -> tuple[str | None, str | None]:
    """Place and level of the issuing body; from the text where no issuer is stated."""
    if issuer:
        if _is_office_of_ministry(issuer):
            return None, "national"
        if not gazetteer().is_national(issuer) and (found := find_place(issuer.removeprefix("中共"))):
            return found.name, found.level
        if gazetteer().is_national(issuer) or issuer.startswith(("中共中央", "国务院", "国家", "中华人民共和国", "全国", "中国")):
            return None, "national"
        if issuer.endswith("部"):
            return None, "national"
    words = text[document.start:document.end]
    if in_title := find_place(document.title):
        return in_title.name, in_title.level
    masked = Counter(m[0] for m in _MASKED_PLACE.finditer(words))
    whole = Counter(m[1] for m in re.finditer(r"(?:全|我|本)(省|市|区|县|镇)", words))
    prefixes = Counter(unit[0] for unit in units if unit[0] in "省市区县镇")
    tier = (whole + prefixes).most_common(1)
    divisions = sum(unit.endswith("司") for unit in units)
    if divisions >= 3 and divisions >= 0.2 * len(units):
        return None, "national"
    if tier:
        level = dict((word, name) for name, word in reversed(_TIER_WORDS)).get(tier[0][0])
        place = next((name for name, _ in masked.most_common() if name.endswith(tier[0][0])), None)
        return place, level
    return None, None


@cache
def ministry_names() -> re.Pattern:
    return longest_of(gazetteer().ministries)


def _is_office_of_ministry(issuer: str) -> bool:
    """农业农村部办公厅, 国家卫生健康委综合监督局."""
    rest = re.search(r"(?:办公厅|办公室|[\u4e00-\u9fff]{2,8}(?:司|局))(?:等[一二三四五六七八九十]+部门)?$", issuer)
    return any(gazetteer().is_national(issuer[:k]) for k in range(3, len(issuer)) if rest and rest.start() <= k)


def read_body(issuer: str | None, place: str | None, level: str | None, document: Document, text: str) -> str | None:
    """The body whose divisions the clauses name: the issuer, else the ministry that the text names most, else the place."""
    if issuer:
        # 教育部办公厅 issues for 教育部, whose divisions its clauses name
        ministry = re.sub(r"^中华人民共和国|(?:办公厅|办公室)$", "", issuer)
        return ministry if ministry != issuer and gazetteer().is_national(ministry) else issuer
    if level == "national":
        seen = Counter(m[0] for m in ministry_names().finditer(text, document.start, document.end))
        name, count = seen.most_common(1)[0] if seen else ("", 0)
        return name if count >= 2 else None
    return place


def read_years(document: Document, text: str, goals: list[tuple[int, int]], issued: str | None) -> tuple[list[int], str | None]:
    """Every year that the plan covers, and how that is known: title, stated, target or issue."""
    title = document.title
    if (span := _SPAN.search(title)) and 0 <= int(span["b"]) - int(span["a"]) <= 30:
        return list(range(int(span["a"]), int(span["b"]) + 1)), "title"
    if five := _FIVE_YEARS.search(title):
        last = 1955 + 5 * (10 + (chinese_number(five["n"]) or 0))  # 十三五 is 2016 to 2020
        return list(range(last - 4, last + 1)), "title"
    if years := [int(m["y"] or m["z"]) for m in _YEAR.finditer(title)]:
        if three := re.search(r"([三五两])年(?:行动|计划|攻坚)", title):
            return list(range(years[0], years[0] + (chinese_number(three[1]) or 1))), "title"
        return [years[0]], "title"
    words = text[document.start:document.end]
    if (stated := _STATED.search(words)) and 0 <= int(stated["b"]) - int(stated["a"]) <= 30:
        return list(range(int(stated["a"]), int(stated["b"]) + 1)), "stated"
    issue = int(issued[:4]) if issued else None
    if issue is None:
        return [], None
    first = document.body[0].start if document.body else document.start
    zones = [*goals, *((p.start, p.end) for p in document.body[:3] if p.start >= first)]
    targets = [int(m["y"] or m["z"]) for a, b in zones for m in _TARGET.finditer(text, a, b)]
    last = max((year for year in targets if issue <= year <= issue + 15), default=None)
    if last and last > issue:
        return list(range(issue, last + 1)), "target"
    if three := re.search(r"([三五两])年行动", title):
        return list(range(issue, issue + (chinese_number(three[1]) or 1))), "issue"
    return [issue], "issue"


def read_dates(document: Document) -> tuple[str | None, str | None]:
    """(signed_on, published_on) as YYYY-MM-DD."""
    header, front = document.header, document.header.front
    signed = header.signed_on or document.footer.signed_on or iso_date(front.get("signed_on", ""))
    return signed, header.published_on or iso_date(front.get("published_on", ""))


def read_number(document: Document) -> str | None:
    """文号 without spaces."""
    front = "".join(document.header.front.get("doc_number", "").split())
    return document.header.doc_number or (front if DOC_NUMBER.fullmatch(front) else None)


_DEADLINE = re.compile(
    r"(?:(?P<y>20\d\d)年|(?P<this>今年|年内|本年度))?(?:(?P<m>\d{1,2})月)?(?:(?P<d>\d{1,2})日)?(?P<end>年底|底|末|中旬|上旬|下旬|月底)?(?:前|之前|以前)?")


def read_deadline(words: str, year: int | None) -> str | None:
    """2026年底前 is 2026, 6月底前 YYYY-06, 2024年12月31日 in full; 长期坚持 is none."""
    for match in _DEADLINE.finditer(words):
        y, m, d = match["y"], match["m"], match["d"]
        if not (y or m or match["this"] or match["end"] == "年底"):
            continue
        stated = int(y) if y else year
        if stated is None or m and not 1 <= int(m) <= 12 or d and not 1 <= int(d) <= 31:
            continue
        return f"{stated}" + (f"-{int(m):02}" if m else "") + (f"-{int(d):02}" if m and d else "")
    return None
