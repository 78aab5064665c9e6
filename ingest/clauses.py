"""Which words are a responsibility clause (责任单位), and where it stands.

The labels stand in `labels`; a new way to name a unit's tail is one word of UNIT_TAILS. The clause's inside is
read by `units`. What a bracket must be to count without a label stands in `_names_units_only`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from ingest.layout import BLANK, CLOSING, PAGE_NUMBER, Paragraph, bracket_pairs, mend, split_outside_brackets, trim
from ingest.labels import BARE_LABEL, INNER_LABEL, LABEL, ROLE_VERBS, TAIL_LABEL, role_of
from ingest.numbering import ITEM
from ingest.spans import body_paragraphs, text_of, write_spans

# The last word of a unit's name.
UNIT_TAILS = (
    "委员会|管委会|管理委|办公厅|办公室|管理办|联合会|领导小组|工作组|指挥部|工作专班|专班|街道办|办事处|管理局|研究院|研究所|检察院|法院|"
    "事务局|出版社|报刊社|电视台|供电公司|有限公司|公司|集团|银行|分行|支行|工会|妇联|团委|残联|文联|科协|侨联|工商联|红十字会|协会|学会|商会|"
    "大学|学院|学校|医院|人民政府|政府|街道|街镇|乡镇|镇街|司局|处室|科室|部门|单位|机构|中心|开发区|投资区|高新区|经开区|示范区|保税区|度假区|管理区|园区|新区|总队|支队|大队|海关|"
    "党委|党组|党工委|工委|市委|区委|县委|省委|州委|语委|纪委|政协|人大|部|委|厅|局|署|司|处|科|室|办|院|所|馆|站|台|社|会|组|队|校|镇|乡|村|社区|股|联社|总社|军分区|武装部")
_COLLECTIVE = re.compile(
    r"各(?=[\u4e00-\u9fff])|相关|有关|属地|地方")
# A name that says by itself that it is one unit of government, so that an unlabelled bracket may rest on it.
_SPECIFIC = re.compile(
    r"^(?:[国省市区县州旗盟镇][^，。；]{1,14}|[^，。；、]{1,12})(?:厅|局|委|办|司|处|科|股|室|大队|支队|总队|中心|分局|委员会|办公室|办公厅|管委会|人民政府|政府|部|残联|残疾人联合会|妇联|妇女联合会|团委|科协|科学技术协会|工商联|侨联|总工会|文联|红十字会|供销社|国有林场)(?:[(（][^()（）]{1,8}[)）])?$")
_UNIT = re.compile(rf"^(?:[^，,。；;：:！？“”\"]{{1,26}}(?:{UNIT_TAILS})(?:[(（][^()（）]{{1,8}}[)）])?|残联|妇联|科协|文联|侨联|工商联|工会|团委|海关|政协|人大|[省市区县州旗][\u4e00-\u9fff]{{0,8}}国有林场)$")
_ROLE_ENDING = re.compile(rf"(?:等(?:有关|相关)?(?:单位|部门)?)?(?:按照?|依照?|依据|根据)?(?:各自)?(?:职责|职能)?(?:分工)?(?:共同|分别|联合|具体|抓好|组织|结合实际){{0,4}}(?:{ROLE_VERBS}|会同){{1,4}}$")
_NO_UNIT_START = re.compile(r"^(?:如|含|即|例|见|原|以下|包括|不含|其中|详见|注|暂|指|下同|简称|除|参照|根据|按)")
# Verbs that a unit's name does not hold: 市教育局制定方案 is a sentence.
# …负责，6月底前完成: a time among the units is no objection
TIME_PIECE = re.compile(r"^(?:于|在)?(?:(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年|月)?(?:底|末|中旬|上旬|下旬)?(?:前|之前|内)(?:取得.{0,6}|[\u4e00-\u9fff]{0,4}完成|完成)?|(?:长期|持续|全年|常年)(?:推进|坚持|实施|开展)?|年内完成|今年完成|20\d\d年(?:完成)?)$")
_SENTENCE = re.compile(r"(?:为牵头|下同|不再|以下|前为|列第|排在|制定|报送|印发|建立|完成|推进|开展|要求|可以|应当|进行)")


_RULE = re.compile(r"(?:为|是|系)(?:主要)?(?:牵头|主办|主责)|^[，,]?下同$|不再(?:逐一|一一|重复)?列")


@dataclass(slots=True)
class Clause:
    """A clause: `start`, `end` with brackets and label; `inside_start`, `inside_end` the words that are kept."""

    start: int
    end: int
    inside_start: int
    inside_end: int
    label: str | None  # the first label: 责任单位
    own_line: bool  # it stands on lines of its own and closes what is above it
    cells: list[tuple[int, int, str]] = field(default_factory=list)  # of a table's row: place and role of each unit cell
    time: tuple[int, int] | None = None  # of a table's row: the cell with its time


def looks_like_unit(name: str) -> bool:
    """市水务局 and 各区政府 do; 玻璃幕墙管理员 and 四川省 do not."""
    return bool(_UNIT.match(name) or (_COLLECTIVE.match(name) and len(name) <= 16)) and not _SENTENCE.search(name)


def match_clauses(text: str, paragraphs: list[Paragraph]) -> list[Clause]:
    """The clauses of a body, in order and apart.

    Catches `（责任单位：市水务局，各区政府）`, `（市教育局、市财政局）` behind a full stop, `责任单位：…` on a line of its own.
    Near misses: `（见附件1）`, `（以下简称“平台”）`, `智慧教育区域(学校)`.
    """
    found: list[Clause] = []
    for paragraph in paragraphs:
        for clause in _match_paragraph(text, paragraph):
            last = found[-1] if found else None
            if clause.own_line and last and last.own_line and last.end <= paragraph.start and not PAGE_NUMBER.sub("", text[last.end:paragraph.start]).strip(BLANK):
                # 牵头单位：… and 配合单位：… on two lines are one clause; lines on persons and times stand around its inside
                last.end = clause.end
                if _names_units(last) and _names_units(clause):
                    last.inside_end = clause.inside_end
                elif _names_units(clause):
                    last.inside_start, last.inside_end, last.label = clause.inside_start, clause.inside_end, clause.label
            else:
                found.append(clause)
    return [clause for clause in found if clause.inside_start < clause.inside_end and _names_units(clause)]


def _match_paragraph(text: str, paragraph: Paragraph) -> list[Clause]:
    """The clauses of one paragraph; where line ends take its words apart, those of the words put together again."""
    if mended := mend(text, paragraph.start, paragraph.end):
        flat, places = mended
        clauses = _match_paragraph(flat, Paragraph(0, len(flat)))
        for clause in clauses:
            clause.start, clause.end = places[clause.start], places[clause.end - 1] + 1
            if clause.inside_start < clause.inside_end:
                clause.inside_start, clause.inside_end = places[clause.inside_start], places[clause.inside_end - 1] + 1
        return clauses
    if line := _match_line(text, paragraph):
        return [line]
    if in_brackets := _match_brackets(text, paragraph):
        return in_brackets
    if tail := TAIL_LABEL.search(text, paragraph.start, paragraph.end):
        return [Clause(*trim(text, tail.start(), paragraph.end), *trim(text, tail.end(), paragraph.end, "。"), tail["label"], False)]
    sentence = _match_sentence(text, paragraph)
    return [sentence] if sentence else []


def clauses_between(clauses: list[Clause], start: int, end: int) -> list[Clause]:
    """Those that begin between two offsets; `clauses` are in the order of the text."""
    return clauses[bisect_left(clauses, start, key=_start):bisect_left(clauses, end, key=_start)]


def _start(clause: Clause) -> int:
    return clause.start


def _names_units(clause: Clause) -> bool:
    return role_of(clause.label) not in ("person", "time")


def _match_line(text: str, paragraph: Paragraph) -> Clause | None:
    """责任单位：A、B as a paragraph of its own, without brackets or with brackets of markdown only."""
    match = LABEL.match(text, paragraph.start, paragraph.end) or _bare_label(text, paragraph.start, paragraph.end)
    if not match or paragraph.end - paragraph.start > 400:
        return None
    label = match["label"] or match.groupdict().get("spaced")
    if match.groupdict().get("spaced") and not looks_like_unit(text[match.end():paragraph.end].split("、")[0].split("，")[0].strip(BLANK)):
        return None
    inside = trim(text, match.end(), paragraph.end, "*＊】]")
    if role_of(label) not in ("person", "time"):
        inside = _without_persons(text, label, *inside)
    a, b = trim(text, inside[0], inside[1], "。；;")
    return Clause(paragraph.start, paragraph.end, a, b, label, True)


_BY = re.compile(r"由[^，。；：]{2,60}(?:牵头|负责|主办|主责)|[^，。；：]{2,60}(?:牵头|主办|主责)(?:负责)?(?![^，。；])")


def _match_sentence(text: str, paragraph: Paragraph) -> Clause | None:
    """A paragraph's last sentence that only says who: 由县农业农村局牵头，县财政局配合，各镇抓好落实。 县水利局牵头，各镇负责。
    Near misses: 由县农业农村局牵头制定方案。 各镇负责。"""
    stop = paragraph.end - 1 if text[paragraph.end - 1] in "。；;" else paragraph.end
    begin = max(text.rfind(mark, paragraph.start, stop) for mark in "。；;！？") + 1
    a, b = trim(text, begin, stop)
    if begin <= paragraph.start or b - a > 200 or not _BY.match(text, a, b) or not _names_units_only(text[a:b]):
        return None
    return Clause(a, paragraph.end, a, b, None, False)


def _match_brackets(text: str, paragraph: Paragraph) -> list[Clause]:
    clauses = []
    for opening, closing in bracket_pairs(text, paragraph.start, paragraph.end):
        closed = text[closing - 1] in CLOSING
        a, b = trim(text, opening + 1, closing - 1 if closed else closing)
        match = LABEL.match(text, a, b) or _bare_label(text, a, b)
        alone = opening == paragraph.start and closing == paragraph.end
        if match:
            label = match["label"] or match.groupdict().get("spaced")
            begin, end = _without_persons(text, label, match.end(), b)
            clauses.append(Clause(opening, closing, *trim(text, begin, end), _first_label(text, a, begin) or label, alone))
        elif (closed and _may_close(text, paragraph, opening, closing) or not closed and text[opening - 1:opening] in "。；") and _names_units_only(text[a:b], text[max(0, opening - 1):opening] in ("。", "；")):
            clauses.append(Clause(opening, closing, a, b, None, alone))
    return clauses


def _bare_label(text: str, start: int, end: int) -> re.Match | None:
    """牵头：监管处；配合：综合处: a role word as a label, where a unit follows."""
    match = BARE_LABEL.match(text, start, end)
    return match if match and looks_like_unit(_FIRST_UNIT.split(text[match.end():end].strip(BLANK), maxsplit=1)[0]) else None


_FIRST_UNIT = re.compile("[、，,；;。 \u3000]")


def _first_label(text: str, start: int, begin: int) -> str | None:
    """The label right before the clause's inside: 牵头处室 of （牵头领导：…；牵头处室：…）."""
    labels = [m["label"] for m in INNER_LABEL.finditer(text, start, begin)]
    return labels[-1] if labels else None


_NOT_BLANK = re.compile(rf"[^{BLANK}]")
_NOT_BLANK_LAST = re.compile(rf"[^{BLANK}](?=[{BLANK}]*$)")
_NEAR = 40  # characters: wider gaps than this stand in no paragraph


def _may_close(text: str, paragraph: Paragraph, opening: int, closing: int) -> bool:
    """An unlabelled clause stands behind a sentence, or ends one that ends the paragraph."""
    before = _NOT_BLANK_LAST.search(text, max(paragraph.start, opening - _NEAR), opening)
    after = _NOT_BLANK.search(text, closing, min(paragraph.end, closing + _NEAR))
    if not before or before[0] in "。；;！？" or not after or after[0] in "。；;":
        return True
    return bool(ITEM.match(text, after.start(), paragraph.end))  # …（市工商联）三是…


_RULE_PARTS, _MARKED = re.compile("[。；;]"), re.compile("[《》“”\"]")
_TOGETHER = re.compile(r"会同|联合(?!会|总|体)|(?:以及|及|和|与)(?=各)")
_AND_OTHERS = re.compile(r"等(?:有关|相关)?(?:单位|部门)?$")


def _names_units_only(inside: str, behind_stop: bool = False) -> bool:
    """市教育局、市财政局 and 市教育局牵头，各区政府落实 do; 含幼儿园、小学 and 学校 do not. Right behind a full stop an
    institution's own name is enough: 图书馆、档案馆."""
    # 市水务局，市财政局。逗号前为牵头单位，下同: the sentence on the rule is no unit and no objection
    inside = "。".join(part for part in _RULE_PARTS.split(inside) if not _RULE.search(part))
    if _NO_UNIT_START.match(inside) or _MARKED.search(inside):
        return False
    specific = marked = False
    pieces = [inside[a:b].strip(BLANK) for a, b in split_outside_brackets(inside, 0, len(inside), "、，,；;。/ \u3000\n")]
    for piece in filter(None, pieces):
        label = INNER_LABEL.match(piece)  # …配合；完成时限：2023年10月底前
        if TIME_PIECE.match(piece) or label and role_of(label["label"]) == "time":
            continue
        name = _ROLE_ENDING.sub("", piece)
        marked = marked or name != piece
        for part in _TOGETHER.split(name.removeprefix("由")):
            part = _AND_OTHERS.sub("", _ROLE_ENDING.sub("", part))  # A牵头会同B
            if not part:
                continue
            if not looks_like_unit(part):
                return False
            specific = specific or bool(_SPECIFIC.match(part)) or bool(_COLLECTIVE.match(part))
    return specific or marked or behind_stop and all(len(piece) >= 3 and _INSTITUTION.search(piece) for piece in filter(None, pieces))


_INSTITUTION = re.compile("(?:馆|院|所|站|中心|学部|工作部|保障部|集团|公司)$")


# 分管副县长, 各村党组织书记、主任: posts, whose words may stay; near miss: 副县长李静
_POST = r"[\u4e00-\u9fff（）()]{0,16}?(?:长|书记|主任|副主任|主席|负责人|负责同志|领导|领导同志|班子成员|秘书长|主官)"
_POSTS = re.compile(rf"{_POST}(?:[、，和及]{_POST})*[\s。；;）)]*$")


def _without_persons(text: str, label: str, begin: int, end: int) -> tuple[int, int]:
    """The inside without a person's part at its beginning or end (责任领导：…；责任单位：…); posts without a name may stay there."""
    labels = list(INNER_LABEL.finditer(text, begin, end))
    if role_of(label) in ("person", "time"):
        unit = next((m for m in labels if role_of(m["label"]) not in ("person", "time")), None)
        if not unit:
            return begin, begin
        begin = unit.end()
        labels = [m for m in labels if m.start() >= begin]
    person = next((m for m in labels if role_of(m["label"]) == "person"), None)
    if person and not any(role_of(m["label"]) != "person" for m in labels if m.start() > person.start()) and not _POSTS.match(text, person.end(), end):
        end = person.start()
    return trim(text, begin, end, "，,；;")


@Language.component("policy_clauses", requires=["span._.policy_documents"], assigns=["doc.spans", "span._.policy_clauses"])
def policy_clauses(doc: Doc) -> Doc:
    """Writes doc.spans["policy_clauses"]: a span a clause, brackets and label included."""
    text = text_of(doc)
    found = []
    for _, paragraphs in body_paragraphs(doc):
        found += [(clause.start, clause.end, "clause", clause) for clause in match_clauses(text, paragraphs)]
    return write_spans(doc, "policy_clauses", found)
