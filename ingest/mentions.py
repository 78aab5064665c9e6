"""Policies, programmes and units that the text names. None of them is workload.

What a verb before 《…》 says of a policy is one row of RELATIONS; what a programme ends in one word of PROGRAMME_TAILS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from ingest.aliases import Alias, find_aliases, find_uses
from ingest.gazetteer import gazetteer
from ingest.labels import NO_PROGRAMME
from ingest.layout import Stretches, longest_of, mend, trim
from ingest.spans import documents_of, text_of, write_spans

# The verb before 《…》, nearest first: 落实《…》 is its basis, 编制《…》 its product.
RELATIONS: tuple[tuple[str, re.Pattern], ...] = (
    ("revises", re.compile(r"(?:修订|修编|修改|完善|修改完善|修订完善|更新)(?:并?(?:印发|发布))?(?:[^，。；《》]{0,8})$")),
    ("basis", re.compile(r"(?:落实|根据|按照|依据|依照|遵循|参照|执行|贯彻|实施|遵照|对照|为|结合)(?:[^，。；《》]{0,14})$")),
    ("produces", re.compile(r"(?:编制|研制|制定|制订|印发|出台|发布|编写|编发|起草|出版|研究制定|形成|推出|完成)(?:[^，。；《》]{0,10})$")),
)
PROGRAMME_TAILS = "行动计划|专项行动|攻坚行动|示范行动|普及行动|行动|攻坚工程|工程|云平台|服务平台|平台|示范区|试验区|实验区|活动|计划|大赛|项目|试点|联盟|系统|数据库|资源库|课堂"
_POLICY = re.compile(r"《(?P<name>[^《》\n]{2,80}(?:《[^《》\n]{1,60}》[^《》\n]{0,40})?)》")
# Found by its brackets, then read backwards: a pattern that begins with any characters is tried at each of them.
_NUMBER = re.compile(r"〔(?:19|20)\d\d〕\s?\d{1,4}\s?号")
_NUMBER_LEADS = re.compile(r"(?:(?![号和与及并照据依按见《》])[\u4e00-\u9fff]){1,10}$")
_QUOTED = re.compile(r"[“\"](?P<name>[^”\"“\n]{2,24})[”\"](?P<tail>[\u4e00-\u9fff]{0,6}?(?:" + PROGRAMME_TAILS + r"))?")
_PLAIN = re.compile(
    r"(?:启动|实施|开展|推进|组织|联合|深入|参与|持续|继续|全面|加快|有序|办好|举办|建设|完善|建好|用好|依托|接入|推动|打造|通过|完成|和|、|，|。|“|^)"
    r"(?P<name>[\u4e00-\u9fffA-Za-z+]{4,18}(?:行动计划|专项行动|攻坚行动|示范行动|行动|攻坚工程|工程|公共服务平台|管理平台|服务平台|云平台|示范区|大赛))(?![\u4e00-\u9fff]{0,2}(?:方案|建设规划))")
_GENERIC = re.compile(r"^(?:专项|示范|重点|重大|一批|相关|有关|各类|本次|系列|等|该|此|国家|全市|全省|全国|建设|基础|信息|改造|民生|配套|续建|新建)?(?:行动|工程|平台|活动|示范区|专项行动|服务平台|管理平台|大赛)$|^一批|^(?:推进|开展|实施|加强|加快|完善|依托|通过|组织|参与|深化|强化|结合|统筹|支持|鼓励)")
_ALIAS = re.compile(r"(?:以下|下同|统|简)(?:统|简)?称[:：]?$")  # （以下简称“平台”）: an alias, no programme


@dataclass(slots=True)
class Mention:
    start: int
    end: int
    kind: str  # policy, programme, unit
    name: str
    relation: str | None


def find_policies(text: str, start: int, end: int) -> list[Mention]:
    """《…》 with any issuer inside it, and numbers: 财教〔2013〕342号. 《统一用户管理办法》 counts, a journal does too."""
    found = []
    for match in _POLICY.finditer(text, start, end):
        found.append(Mention(match.start(), match.end(), "policy", match["name"], _relation(text, start, match.start())))
    cited = Stretches([(m.start, m.end) for m in found])
    for match in _NUMBER.finditer(text, start, end):
        leads = _NUMBER_LEADS.search(text, max(start, match.start() - 10), match.start())
        if not leads:
            continue
        begin = leads.start()
        if begin not in cited and text[max(start, begin - 2):begin] not in ("》（", "》("):  # the number of the title before it
            found.append(Mention(begin, match.end(), "policy", text[begin:match.end()], _relation(text, start, begin)))
    return sorted(found, key=lambda mention: mention.start)


_OTHERS_CITED = re.compile(r"(?:《[^《》]*》(?:[（(][^（）()]*[）)])?[和与及、]?)+$")
_STOP = re.compile("[。；！？]")


def _relation(text: str, start: int, at: int) -> str:
    before = text[max(start, at - 40):at]
    # 落实《甲》《乙》和《丙》: what is said before the first holds for all
    before = _OTHERS_CITED.sub("", before)
    before = _STOP.split(before)[-1]
    return next((name for name, pattern in RELATIONS if pattern.search(before)), "other")


def find_programmes(text: str, start: int, end: int) -> list[Mention]:
    """网络扶智工程攻坚行动, “一师一优课、一课一名师”活动; near misses: “三区三州”, “十三五”, “四个提升”."""
    found: list[Mention] = []
    for match in _QUOTED.finditer(text, start, end):
        name = match["name"]
        if NO_PROGRAMME.search(name) or _ALIAS.search(text[max(start, match.start() - 8):match.start()]):
            continue
        found.append(Mention(match.start(), match.end("name") + 1, "programme", name, None))
    taken = Stretches([(m.start, m.end) for m in found] + [(m.start(), m.end()) for m in _POLICY.finditer(text, start, end)])
    for match in _iter_plain(text, start, end):
        a, b = trim(text, *match.span("name"))
        a = _without_verbs(text, a, b)
        name = text[a:b]
        if len(name) >= 5 and not _GENERIC.match(name) and a not in taken and b - 1 not in taken:
            found.append(Mention(a, b, "programme", name, None))
    return sorted(found, key=lambda mention: mention.start)


_PLAIN_TAIL = re.compile("行动|工程|平台|示范区|大赛")


def _iter_plain(text: str, start: int, end: int) -> Iterator[re.Match]:
    """Matches of _PLAIN, looked for only around the words that a programme ends in."""
    at = start
    for tail in _PLAIN_TAIL.finditer(text, start, end):
        if tail.start() >= at:
            if match := _PLAIN.search(text, max(at, tail.start() - 30), min(end, tail.end() + 10)):
                at = match.end()
                yield match


_LEAD_VERBS = re.compile(r"(?:聘请|提出|谋划|启动|实施|开展|推进|组织|联合|深入|参与|持续|继续|全面|加快|有序|办好|举办|建设|完善|建好|用好|依托|接入|推动|打造|通过|完成|大力|积极|稳步|并|和|好|对接|支持|制定|落实|优化|扎实|强化|加强|做好|大力推进|支撑|配合|引导|鼓励|创建|因地制宜|单位|街道|改造|将|采用|结合|等|在|以|将|由|等|及|与|为|的|了|对)+")


def _without_verbs(text: str, start: int, end: int) -> int:
    match = _LEAD_VERBS.match(text, start, end)
    return match.end() if match and end - match.end() >= 4 else start


def find_units(text: str, start: int, end: int) -> list[Mention]:
    """Units of the gazetteer that running text names: 公安部, 教育部; inner divisions are not looked for."""
    return [Mention(m.start(), m.end(), "unit", m[0], None) for m in _unit_names().finditer(text, start, end)]


@cache
def _unit_names() -> re.Pattern:
    book = gazetteer()
    # 统计局 and 旅游局 are a city's as well: only names that can be no bureau's count
    words = (name for name in {*book.ministry_spellings, *book.complete} if len(name) >= 3 and name not in book.bureaus)
    # near misses: 财政部门, 中国银行业协会, 纪检监察部门
    return longest_of(words, "(?![门业])")


@Language.component("policy_mentions", requires=["span._.policy_documents", "span._.policy_clauses"], assigns=["doc.spans", "span._.policy_mentions"])
def policy_mentions(doc: Doc) -> Doc:
    """Writes doc.spans["policy_mentions"]: `policy`, `programme` and `unit` spans of all documents, clauses left out."""
    text = text_of(doc)
    clauses = Stretches([(span.start_char, span.end_char) for span in doc.spans["policy_clauses"]])
    found: list[Mention] = []
    for document in documents_of(doc):
        of_document: list[Mention] = []
        aliases: list[Alias] = []
        for paragraph in document.passages():
            here = _find_all(text, paragraph.start, paragraph.end)
            aliases += find_aliases(text, paragraph.start, paragraph.end, here)
            of_document += here
        found += _resolve(text, of_document, aliases, document.end)
    found = [m for m in found if m.start not in clauses]
    return write_spans(doc, "policy_mentions", [(m.start, m.end, m.kind, m) for m in sorted(found, key=lambda m: (m.start, -m.end))])


def _find_all(text: str, start: int, end: int) -> list[Mention]:
    """All mentions of a passage; names that line ends take apart are put together again."""
    if mended := mend(text, start, end):
        flat, places = mended
        found = _find_all(flat, 0, len(flat))
        for mention in found:
            mention.start, mention.end = places[mention.start], places[mention.end - 1] + 1
        return found
    policies = find_policies(text, start, end)
    cited = Stretches([(m.start, m.end) for m in policies])
    return policies + find_programmes(text, start, end) + [m for m in find_units(text, start, end) if m.start not in cited]


def _resolve(text: str, mentions: list[Mention], aliases: list[Alias], end: int) -> list[Mention]:
    """Mentions by an alias under the full name; places that only the alias makes a mention are added."""
    set_up = Stretches([alias.set_up for alias in aliases if alias.set_up[1]])
    by_place = {(m.start, m.end): m for m in mentions if m.start not in set_up}
    taken = Stretches([(m.start, m.end) for m in mentions if m.kind != "unit"])
    for a, b, alias in find_uses(text, aliases, end):
        if mention := by_place.get((a, b)):
            mention.name = alias.name if mention.kind == alias.kind else mention.name
        elif a not in taken and a not in set_up:
            by_place[a, b] = Mention(a, b, alias.kind, alias.name, _relation(text, alias.since, a) if alias.kind == "policy" else None)
    return list(by_place.values())
