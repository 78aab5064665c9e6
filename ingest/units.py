"""Who a clause names, in which role.

A new role word is a verb of ROLE_VERBS in labels and a word in its row of ROLE_WORDS, a new way to say who leads one row of LEAD_RULES.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from ingest.clauses import UNIT_TAILS, Clause, looks_like_unit
from ingest.collectives import COLLECTIVE, is_collective
from ingest.labels import INNER_LABEL, ROLE_VERBS, role_of
from ingest.layout import BLANK, mend, split_outside_brackets, trim
from ingest.places import find_place, names_a_place
from ingest.spans import documents_of, facts_in, text_of, write_spans

# A plan's own sentence on who leads, and the place that it calls the lead's. It holds from there on.
LEAD_RULES: tuple[tuple[str, re.Pattern], ...] = (
    ("before_comma", re.compile(r"逗号(?:之)?前(?:面)?(?:的)?(?:单位|部门|处室)?(?:均)?(?:为|是|系)(?:主要)?(?:牵头|主办|主责)[^，。；）)]{0,8}")),  # 逗号前为牵头单位，下同
    ("before_semicolon", re.compile(r"分号(?:之)?前(?:面)?(?:的)?(?:单位|部门)?(?:为|是|系)(?:牵头|主办|主责)[^，。；）)]{0,8}")),
    ("first", re.compile(r"(?:排|列|排名|排列|位列|排序)?(?:在|于)?(?:第一位|首位|首个|第一个|最前|第一)(?:的)?(?:责任)?(?:单位|部门|处室|科室|司局|股室)?(?:[（(][^（）()]{1,6}[）)])?(?:均)?(?:为|是|系)(?:主要)?(?:牵头|主办|主责|总牵头)[^，。；）)]{0,8}")),  # 列第一位的责任单位为牵头单位
    ("sole", re.compile(r"(?:无|没有|未(?:明确|列出|注明|标明))(?:明确)?(?:牵头)(?:单位|部门)?(?:的)?[，,]?(?:其)?(?:责任|负责)?(?:单位|部门)(?:即|均)?(?:为|是)牵头[^，。；）)]{0,8}")),  # 无牵头单位的，责任单位即为牵头单位
    ("rest", re.compile(r"(?:其余|其他|其它|之后|其后|后面)(?:的)?(?:各)?(?:责任)?(?:单位|部门|处室)?(?:均)?(?:为|是|系)(?:配合|协办|协助|参与)[^，。；）)]{0,8}")),  # 排在首位的为牵头单位，其余为配合单位
)
_RULE_HINT = re.compile(r"(?:为|是|系)(?:主要)?(?:总)?(?:牵头|主办|主责)")
_RULE_REACH = 40  # characters: no rule is longer on either side
_RULE_SENTENCE = re.compile("|".join(pattern.pattern for _, pattern in LEAD_RULES))
# What the end of a group says of the units before it. The first row that is found decides.
ROLE_WORDS: tuple[tuple[str, re.Pattern], ...] = (
    ("lead", re.compile("牵头|主办|主责|负总责|总负责")),  # A牵头, A牵头负责; near miss: 列牵头单位之后
    ("support", re.compile("配合|协助|参与|参加|协同|协办|支撑|支持|会同")),  # B配合
    ("implement", re.compile("落实|实施")),  # 各区政府落实, 组织落实; near miss: 负责 alone
    ("responsible", re.compile("负责|职责|分工|承办|承担")),  # B、C按职责分工负责
)
_VERBS = f"{ROLE_VERBS}|主责|承办|承担"
_ADVERBS = (r"按照?|依照?|依据|根据|各自|职责|职能|分工|权限|共同|分别|联合|具体|抓好|认真|积极|全力|做好|组织|结合|实际|情况|统筹|推进|协调|贯彻|主动|密切|严格|"
            rf"{_VERBS}|总|抓")
ROLE_ENDING = re.compile(rf"(?:{_ADVERBS}){{1,12}}$")
_BRACKETED_ROLE = re.compile(r"[（(](?P<role>牵头|主办|主责|负责|配合|协办|落实|参与)(?:单位|部门)?[)）]$")  # 运管处（牵头）、科技处
_VERB = re.compile(rf"{_VERBS}|分工")
_OTHERS = re.compile(r"等(?:有关|相关|各)?(?:单位|部门|处室|企业)?$")
_NO_UNIT = re.compile(r"(?:为牵头|牵头单位$|下同|不再|以下|排名|排序|列出|列第|前为|为责任|详见|要求|完成$|底前|持续|长期|另行|明确|研究确定|商定|\d+月|全年$|常年$|之后)")
_AND = re.compile(rf"(?<=[\u4e00-\u9fff）)])(?:以及|和|及|与|等(?=[省市区县州]直))(?=[\u4e00-\u9fff])")
_COMPLETE = re.compile(rf"(?:{UNIT_TAILS})(?:[(（][^()（）]{{1,8}}[)）])?$")
_TIER = re.compile(r"^(?P<tier>自治区|自治州|兵团|师市|省|市|区|县|州|旗|盟|镇|乡|街道)(?=[\u4e00-\u9fff\d])(?!级|直|属|内|域|场|政协$)")
_RESTORED = re.compile(r"(?:厅|局|委|委员会)$")
_RESTORED_WITH = re.compile(r"(?:办|办公室|中心|院|部|馆|社|会|总队|支队|大队)$")
# Units that every government has and whose name says no tier: 大数据中心, 供销合作总社, 法制办
_OF_GOVERNMENT = re.compile(r"(?:大数据|数据|服务|热线|事务|信息|保障)中心$|供销(?:合作)?(?:总社|社|联社)$|^政府[\u4e00-\u9fff]{2,}|^(?:法制|编|金融|外事|侨务|信访|扶贫|乡村振兴|国动|国资|网信|政务|投促)办(?:公室)?$")
_OF_OFFICE = re.compile(r"(?P<office>[省市区县盟州旗](?:局|厅|委))(?=[\u4e00-\u9fff]{2,}(?:处|科|室|中心)$|办公室$)")
_PARTY_ORGAN = re.compile(r"^(?:组织|宣传|统战|社会工作)部$|^(?:政法委|编办|网信办|改革办|外办|台办|党校|政研室)$")
_MASS = re.compile(r"^(?:残联|妇联|团委|科协|工会|总工会|文联|侨联|工商联|红十字会)$")
_OF_TOWNSHIP = re.compile(r"(?:(?<!派出)(?<!司法)所|院|队|站|中心|办|联)$")
_OWN_NAME = re.compile(r"^(?:[\u4e00-\u9fff]{2,8}区管(?:理)?委|金融监管总局|国家|中国|中央|全国|各|相关|有关|其他|地方(?!金融)|人民银行|海关|团|武警|驻|国网|南网|[\u4e00-\u9fff]{2,4}(?:省|市|区|县|州|旗|镇|(?<!城)乡|街道))|.*分局$|[\u4e00-\u9fff]{2,6}铁路局")
_INNER_DIVISION = re.compile(r"(?:(?<!办事)处|科|(?<!办公)(?<!督查)(?<!研究)室|(?<!公)司)$")
_TIERS_ONLY = re.compile(r"(?:各|有关|相关|各有关)(?:设区|地级)?[省市州盟区县旗](?:[、/][市州盟区县旗])*(?:[（(][^（）()]{1,8}[）)])?$")
_TIER_GOES_ON = re.compile(r"(?:[市州盟区县旗]|自治[区州县]|直辖市|县级市)(?:[（(][^（）()]{1,8}[）)])?(?:[、/]|人民政府|政府|党委|教育|[\u4e00-\u9fff]{0,8}(?:部门|局|委|厅)|$)")
_WORD = re.compile(r"[^\s\u3000]+")
_JOINT = re.compile(r"(?<!共)(?:会同|联合(?=[市省区县各州]))")
_NAME_ENDS = re.compile(r"[委办局厅部司处科室]$")
_SENTENCE_MARK, _LETTER = re.compile("[。；：:？！《》]"), re.compile(r"[\u4e00-\u9fffxX]")
_CLOSED = {"before_comma": "，,", "before_semicolon": "；;"}


@dataclass(slots=True)
class Unit:
    """One unit of one clause; `start` and `end` are the surface's place in the file."""

    start: int
    end: int
    surface: str
    name: str
    role: str
    role_basis: str
    group: int
    collective: bool


@dataclass(slots=True)
class LeadRule:
    kind: str
    start: int
    end: int


def find_lead_rules(text: str, start: int, end: int) -> list[LeadRule]:
    """The plan's own sentences on who leads, wherever they stand: `逗号前为牵头单位,下同`."""
    found = {}
    for hint in _RULE_HINT.finditer(text, start, end):
        # Only around the words that every rule has: the patterns begin with what may be left out, and are slow on plain text.
        for kind, pattern in LEAD_RULES:
            for m in pattern.finditer(text, max(start, hint.start() - _RULE_REACH), min(end, hint.end() + _RULE_REACH)):
                found.setdefault((kind, m.end()), LeadRule(kind, m.start(), m.end()))
    return sorted(found.values(), key=lambda rule: [kind for kind, _ in LEAD_RULES].index(rule.kind))


def read_units(text: str, clause: Clause, rules: list[LeadRule], own: str = "") -> list[Unit]:
    """The units of one clause in order. `rules` are those in force at the clause; `own` is the plan's place without the
    word for its tier (梅溪): a name that begins with it lacks no prefix."""
    if not clause.cells and (mended := mend(text, clause.inside_start, clause.inside_end)):
        flat, places = mended
        units = read_units(flat, Clause(0, len(flat), 0, len(flat), clause.label, clause.own_line), rules, own)
        for unit in units:
            unit.start, unit.end = places[unit.start], places[unit.end - 1] + 1
            unit.surface = text[unit.start:unit.end]
        return units
    kinds = {rule.kind for rule in rules}
    label_role = role_of(clause.label)
    units = []
    group = 0
    separators = _CLOSED["before_semicolon"] if "before_semicolon" in kinds and "before_comma" not in kinds else _CLOSED["before_comma"]
    for start, end, role, labelled in _labelled(text, clause, label_role):
        if role in ("person", "time"):
            continue
        for a, b in _sentences(text, start, end):
            if _RULE_SENTENCE.search(text, a, b):
                continue
            pending: list[Unit] = []
            first_of_sentence = True
            for ga, gb in split_outside_brackets(text, a, b, "，,"):
                found, marked = _read_group(text, *trim(text, ga, gb))
                if not found:
                    continue
                group += 1
                for unit in found:
                    unit.group = group
                    if not unit.role:
                        unit.role, unit.role_basis = (role or "responsible"), "marked" if labelled and role != "responsible" else "none"
                        if not labelled or role == "responsible":
                            pending.append(unit)
                if marked and not first_of_sentence:
                    # B、C，各区政府配合: a later group without a word of its own takes the next one's
                    for unit in pending:
                        if unit.group not in (1, group) and unit.role_basis == "none":
                            unit.role, unit.role_basis = marked, "marked"
                    pending = [unit for unit in pending if unit.group == group]
                elif marked:
                    pending = []
                first_of_sentence = False
                units += found
    _apply_rules(units, kinds, _first_break(text, clause, separators))
    _put_prefix_back(units, own)
    return units


def _labelled(text: str, clause: Clause, role: str | None) -> list[tuple[int, int, str | None, bool]]:
    """The clause cut at its inner labels, or into its cells: (start, end, role of the label, whether a label says it)."""
    if clause.cells:
        return [(start, end, role, True) for start, end, role in clause.cells]
    cuts = [m for m in INNER_LABEL.finditer(text, clause.inside_start, clause.inside_end)]
    parts = []
    first = cuts[0].start() if cuts else clause.inside_end
    if first > clause.inside_start:
        parts.append((clause.inside_start, first, role, clause.label is not None))
    for k, cut in enumerate(cuts):
        parts.append((cut.end(), cuts[k + 1].start() if k + 1 < len(cuts) else clause.inside_end, role_of(cut["label"]), True))
    return parts


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [trim(text, a, b) for a, b in split_outside_brackets(text, start, end, "。；;") if text[a:b].strip(BLANK)]


def _role_in(words: str) -> str | None:
    return next((name for name, pattern in ROLE_WORDS if pattern.search(words)), None)


def _read_group(text: str, start: int, end: int) -> tuple[list[Unit], str | None]:
    """The units between two commas; the role word that ends the group, if there is one."""
    units: list[Unit] = []
    waiting: list[Unit] = []
    marked = None
    joined = False
    for a, b in _items(text, start, end):
        for ia, ib, joint in _split_joint(text, a, b):
            role = None
            ia, ib = trim(text, ia, ib, "*＊★☆▲“”\"")
            words = text[ia:ib]
            if bracketed := _BRACKETED_ROLE.search(words):
                role = _role_in(bracketed["role"])
                ib = ia + bracketed.start()
                words = text[ia:ib]
            ending = ROLE_ENDING.search(words) if _VERB.search(words) else None
            if ending and _VERB.search(ending[0]) and not looks_like_unit_with(words, ending):
                role = _role_in(ending[0])
                ib = trim(text, ia, ia + ending.start())[1]
            if others := _OTHERS.search(text[ia:ib]):
                ib = ia + others.start()
            while text[ia:ib].startswith("由"):
                ia += 1
            ia, ib = trim(text, ia, ib, "*＊★☆▲")
            surface = text[ia:ib]
            if surface and _may_be_unit(surface):
                unit = Unit(ia, ib, surface, "".join(surface.split()), "", "none", 0, is_collective(surface))
                joined = joined or joint
                if joined and role != "support":
                    # A会同B、C负责: who is called in helps, whatever the word at the end
                    unit.role, unit.role_basis = "support", "marked"
                    units.append(unit)
                    if role and waiting:
                        for other in waiting:
                            other.role, other.role_basis = role, "marked"
                        waiting = []
                    continue
                units.append(unit)
                waiting.append(unit)
            if role and bracketed:
                waiting.pop()
                units[-1].role, units[-1].role_basis = role, "marked"
            elif role:
                for unit in waiting:
                    unit.role, unit.role_basis = role, "marked"
                waiting = []
                marked = role
    return units, marked


def looks_like_unit_with(words: str, ending: re.Match) -> bool:
    """Whether the role word belongs to the name: 统筹协调组 does not end in one, 市政务服务中心参与 does."""
    return ending.start() == 0 and looks_like_unit(words)


def _items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces of a list: 、 and / and spaces between units; 和, 与 and 及 where both sides are whole names."""
    pieces = [trim(text, a, b) for a, b in split_outside_brackets(text, start, end, "、/")]
    for k in range(len(pieces) - 1, 0, -1):
        if _TIERS_ONLY.match(text, *pieces[k - 1]) and _TIER_GOES_ON.match(text, *pieces[k]):
            pieces[k - 1:k + 1] = [(pieces[k - 1][0], pieces[k][1])]  # 各市、县（区）人民政府 is one collective
    result = []
    for a, b in pieces:
        spaced = [(a + m.start(), a + m.end()) for m in _WORD.finditer(text[a:b])]
        if len(spaced) > 1 and all(looks_like_unit(text[x:y]) or ROLE_ENDING.search(text[x:y]) for x, y in spaced):
            result += [part for x, y in spaced for part in _split_and(text, x, y)]
        else:
            result += _split_and(text, a, b)
    return [(a, b) for a, b in result if a < b]


def _split_and(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """各地教育行政部门和语委 is two units, 政务和数据局 and 市住房和城乡建设局 one."""
    last = text[max(start, end - _NAME):end]
    last = ROLE_ENDING.sub("", _OTHERS.sub("", last)) or last
    if not (_COMPLETE.search(last) or COLLECTIVE.search(last)):
        return [(start, end)]
    parts = []
    for match in _AND.finditer(text, start, end):
        left = text[max(start, match.start() - _NAME):match.start()]
        if len(left) >= 2 and _COMPLETE.search(left) and not _is_name_part(left) and not (match[0] == "与" and _PLACE_OF_WORK.search(left)):
            parts.append((start, match.start()))
            start = match.end()
    return [*parts, (start, end)]


_PLACE_OF_WORK = re.compile("(?:(?<!办公)室|馆|站|所|院|中心|实验室)$")  # 实验室与设备管理处 is one division
_NAME = 40  # characters: no unit's name is longer


def _is_name_part(left: str) -> bool:
    """Whether what stands before 和 only ends like a unit by chance: 市场监督管理 does not, 宣传部 and 教育局 are names."""
    return len(left) <= 2 and not _NAME_ENDS.search(left)


def _split_joint(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """A会同B is A, and B with a support role; also at the beginning of a group: 会同B."""
    match = _JOINT.search(text, start, end)
    if not match or text[match.end():end].strip(BLANK) == "":
        return [(start, end, False)]
    left = [(start, match.start(), False)] if match.start() > start else []
    return [*left, (match.end(), end, True)]


def _may_be_unit(surface: str) -> bool:
    """A labelled clause is trusted: whatever is short and no sentence is a unit (属地, 兵团, 中国移动)."""
    return 2 <= len(surface) <= 40 and not _NO_UNIT.search(surface) and not _SENTENCE_MARK.search(surface) and bool(_LETTER.search(surface))


def _first_break(text: str, clause: Clause, separators: str) -> int | None:
    """Where the lead's place ends, None where the clause has no such break before a sentence on its rule."""
    rule = _RULE_SENTENCE.search(text, clause.inside_start, clause.inside_end)
    end = clause.inside_end
    if rule:
        end = max((k for k in range(clause.inside_start, rule.start()) if text[k] in "。；;，,"), default=clause.inside_start)
    pieces = split_outside_brackets(text, clause.inside_start, end, separators)
    return pieces[0][1] if len(pieces) > 1 else None


def _apply_rules(units: list[Unit], kinds: set[str], first_break: int | None) -> None:
    """Give the lead by the plan's rule to units that no word marks."""
    if not kinds or any(unit.role == "lead" and unit.role_basis == "marked" for unit in units):
        return
    open_units = [unit for unit in units if unit.role_basis == "none"]
    if kinds & {"before_comma", "before_semicolon"}:
        for unit in open_units:
            leads = first_break is None or unit.start < first_break
            unit.role, unit.role_basis = ("lead" if leads else "support"), "rule"
    elif "first" in kinds and open_units and open_units[0] is units[0]:
        open_units[0].role, open_units[0].role_basis = "lead", "rule"
        if "rest" in kinds:
            for unit in open_units[1:]:
                unit.role, unit.role_basis = "support", "rule"
    elif "sole" in kinds:
        for unit in units:
            if unit.role == "responsible":
                unit.role, unit.role_basis = "lead", "rule"


def _put_prefix_back(units: list[Unit], own: str) -> None:
    """省科技厅、工业和信息化厅: the second is 省工业和信息化厅. Not where the list holds inner divisions, and not
    before a name that is complete by itself (太原海关, 国网公司)."""
    divided = {unit.group for unit in units if _INNER_DIVISION.search(unit.name) and not unit.collective}
    certain = not divided and any(_RESTORED.search(unit.name) for unit in units[1:] if not _is_whole(unit, own))
    prefixes = sum(bool(_TIER.match(unit.name)) for unit in units)
    tier = prefix = None
    for unit in units:
        if found := _TIER.match(unit.name):
            tier, prefix = found["tier"], unit.name
            office = _OF_OFFICE.match(unit.name)
        elif tier and prefix and not _is_whole(unit, own):
            if unit.group in divided:
                if office and _INNER_DIVISION.search(unit.name):
                    unit.name = office["office"] + unit.name  # 省局应急处、人事处
            elif tier == "自治区" and unit.name.startswith("党委"):
                unit.name = tier + unit.name  # 自治区党委宣传部、党委网信办
            elif prefix.startswith(f"{tier}委") and _PARTY_ORGAN.search(unit.name):
                unit.name = f"{tier}委{unit.name}"  # 市委组织部、社会工作部
            elif (_RESTORED.search(unit.name) or certain and _MASS.match(unit.name) or certain and prefixes == 1 and _RESTORED_WITH.search(unit.name)
                  or _OF_GOVERNMENT.search(unit.name) or tier in ("镇", "乡", "街道") and _OF_TOWNSHIP.search(unit.name)):
                unit.name = tier + unit.name


def _is_whole(unit: Unit, own: str) -> bool:
    """Whether a name lacks no prefix: it has one, is a collective, or names a place or a body by itself."""
    return bool(unit.collective or _TIER.match(unit.name) or _OWN_NAME.match(unit.name) or names_a_place(unit.name) or own and own in unit.name[:4 + len(own)])


def role_scheme(units: list[Unit]) -> str | None:
    """flat: no lead anywhere; marked: in words; positional: by the plan's rule."""
    if not units:
        return None
    leads = {unit.role_basis for unit in units if unit.role == "lead"}
    return "positional" if "rule" in leads else "marked" if leads else "flat"


@Language.component("policy_units", requires=["span._.policy_documents", "span._.policy_tasks"], assigns=["doc.spans", "span._.policy_units"])
def policy_units(doc: Doc) -> Doc:
    """Writes doc.spans["policy_units"]: a span a unit of a task's clause, its label the role."""
    text = text_of(doc)
    found = []
    for document in documents_of(doc):
        if document.kind != "plan":
            continue
        rules = find_lead_rules(text, document.start, document.end)
        place = find_place(document.title) or find_place(document.header.issuer or "")
        own = place.parts[-1][:-1] if place and len(place.parts[-1]) > 2 else ""
        for task in facts_in(doc, "policy_tasks", document.start, document.end, "task"):
            if task.clause:
                in_force = [rule for rule in rules if rule.start < task.clause.end]
                found += [(unit.start, unit.end, unit.role, unit) for unit in read_units(text, task.clause, in_force, own)]
    return write_spans(doc, "policy_units", found)
