"""The outline of a plan: which headings stand above which words.

Every paragraph becomes a heading, text, or both (a heading run in at the start: `（一）强化管控。推进…`). The numbering
forms are `numbering`'s; how deep a form stands is found in each plan, since plans mix and restart them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from ingest.clauses import Clause, clauses_between
from ingest.layout import BLANK, OPENING, SENTENCE_END, Paragraph, trim
from ingest.numbering import EMBEDDED, ITEM, MARK, RUN_ON, Number, match_number, rank
from ingest.spans import body_paragraphs, facts_in, text_of, write_spans

# A goal stands under one of these: 二、核心目标; near misses: 完成双碳目标, 目标考核
GOALS = re.compile(r"^(?!.{0,6}(?:完成|实现|落实|聚焦|围绕|锚定|考核|分解|双碳))[\u4e00-\u9fff]{0,6}目标(?:任务|要求|指标|值)?$|总体要求|^(?:总体)?(?:思路|要求)(?:和|与|及)(?:工作|主要|总体)?目标|目标(?:和|与|及)(?:思路|原则|要求|指标)$|^\d{4}年(?:工作|主要)?目标$|^指导思想(?:和|与|及|、).*目标")
# What stands before the work and asks nothing of anybody: 一、指导思想
PREFACE = re.compile(r"^(?:总体)?(?:指导思想|总体思路|工作思路|基本原则|工作原则|重要意义|重大意义|基本情况|工作背景|形势分析|编制依据|适用范围|术语解释)(?:(?:和|与|及|、)(?:基本|工作)?(?:原则|思路|背景))?$")
# The closing part on organisation and safeguards: 三、组织保障; near miss: 加强社会保障体系建设
SAFEGUARDS = re.compile(r"^(?:强化|加强|健全|完善|落实|做好|严格|狠抓|夯实)?(?:工作|组织|实施|推进|服务|政策|支撑|要素|综合|相关|有关)?(?:组织|保障|实施|领导)?(?:保障|保障措施|保障机制|组织保障|组织实施|组织领导|措施保障|工作要求|有关要求|相关要求|工作保障|实施保障|推进机制|工作机制)$")
_HEADING_LIMIT = 42  # characters of a run-in heading's first sentence; longer ones are content
_ALONE_LIMIT = 60  # of a heading on a line of its own


@dataclass(slots=True)
class Item:
    """A place in the outline: its heading and what stands directly under it, before the next heading."""

    number: Number | None
    start: int
    heading: tuple[int, int] | None  # None: a numbered paragraph without a heading
    depth: int
    parent: Item | None
    paragraphs: list[Paragraph] = field(default_factory=list)  # text, behind the heading, clauses included
    children: list[Item] = field(default_factory=list)
    kind: str = "work"  # work, goals, preface or safeguards, as the headings above say

    def words(self, text: str) -> str:
        return text[slice(*self.heading)] if self.heading else ""

    def chain(self) -> list[Item]:
        """This item and those above it, the outermost first."""
        return [*(self.parent.chain() if self.parent else []), self]

    def nearest_heading(self) -> tuple[int, int] | None:
        return next((item.heading for item in reversed(self.chain()) if item.heading), None)

    def path(self, text: str) -> list[str]:
        """The headings from the outside in; a chapter 三、 whose number 3.1 gives again is left out."""
        chain = self.chain()
        chapters = {item.number.chapter for item in chain if item.number and item.number.chapter}
        return [item.words(text) for item in chain
                if item.heading and not (item.number and item.number.form == "chinese" and item.number.value in chapters)]


@dataclass(slots=True)
class Outline:
    """A plan's items in the order of the text; `preamble` is what stands before the first of them."""

    items: list[Item]
    preamble: list[Paragraph]


def read_outline(text: str, paragraphs: list[Paragraph], clauses: list[Clause]) -> Outline:
    """The outline of a body."""
    pieces = [piece for paragraph in paragraphs for piece in _split_run_on(text, paragraph, clauses)]
    own_lines = {clause.start for clause in clauses if clause.own_line}
    numbers = [None if piece.start in own_lines else match_number(text, piece.start, piece.end) for piece in pieces]
    bare = _bare_headings(text, pieces, numbers, own_lines)
    short = _runs_in(text, pieces, numbers, clauses)
    items: list[Item] = []
    preamble: list[Paragraph] = []
    stack: list[Item] = []
    for i, (piece, number) in enumerate(zip(pieces, numbers, strict=True)):
        if number is not None and number.form == "dash" and (not stack or stack[-1].kind == "goals"):
            number = None  # ——到2025年…: under goals a dash only sets paragraphs apart
        if number is None and i not in bare:
            (stack[-1].paragraphs if stack else preamble).append(piece)
            continue
        parent = _parent(stack, _form(number, bare.get(i)), number, items)
        stack = parent.chain() if parent else []
        begin, heading, rest = _cut_heading(text, piece, number, clauses, short)
        item = Item(number, begin, heading, len(stack), parent)
        if i in bare:
            item.number = Number(bare[i], 0, None, begin, begin, False)
        if rest:
            item.paragraphs.append(rest)
        item.kind = _kind(text, item)
        (parent.children if parent else []).append(item)
        items.append(item)
        stack.append(item)
    return Outline(items, preamble)


def _form(number: Number | None, bare: str | None) -> str:
    return number.form if number else bare or ""


def _kind(text: str, item: Item) -> str:
    words = text[item.number.end if item.number else item.heading[0]:item.heading[1]] if item.heading else ""
    words = words.strip(BLANK + "。：:*#、.")
    if item.parent and item.parent.kind != "work":
        return item.parent.kind
    if len(words) <= 16 and GOALS.search(words):
        return "goals"
    if PREFACE.match(words):
        return "preface"
    return "safeguards" if len(words) <= 14 and SAFEGUARDS.match(words) and item.depth <= 1 else "work"


def _split_run_on(text: str, paragraph: Paragraph, clauses: list[Clause]) -> list[Paragraph]:
    """Cut where a heading follows a clause without a line break, and where two headings stand in one line:
    `…)二、推动“智慧教育”深度融合(四)突出教育教学融合创新。`"""
    cuts = [paragraph.start]
    for clause in clauses_between(clauses, paragraph.start, paragraph.end):
        if not clause.own_line:
            behind = clause.end
            while behind < paragraph.end and text[behind] in BLANK + "。；;":
                behind += 1
            if behind < paragraph.end and RUN_ON.match(text, behind, paragraph.end):
                cuts.append(behind)
    cuts.append(paragraph.end)
    pieces = []
    for begin, end in zip(cuts, cuts[1:], strict=False):
        number = match_number(text, begin, end)
        inner = None
        if number and number.form == "chinese":
            stop = _STOP.search(text, begin, end)
            inner = EMBEDDED.search(text, number.end, stop.start() if stop else end)
        if inner and inner.start() - number.end <= 40:
            pieces += [Paragraph(*trim(text, begin, inner.start())), Paragraph(*trim(text, inner.start(), end))]
        else:
            pieces.append(Paragraph(*trim(text, begin, end)))
    return [piece for piece in pieces if piece.start < piece.end]


_STOP = re.compile(f"[{SENTENCE_END}]")
_OPENS, _CLOSES = OPENING + "“《", ")）】]〕”》"
_MARKS = re.compile(f"[{re.escape(_OPENS + _CLOSES)}。！？：:]")
_ASIDE = re.compile(r"“[^”]*”|（[^（）]*）|\([^()]*\)")
_CONTENT = re.compile(r"[；;]|\d+(?:\.\d+)?\s*[%％万亿个家名所]|\d{4}年\d{0,2}月?底?前|到\d{4}年")
_LEADS_ON = re.compile(r"(?:如下|包括|是指|其中|例如)[:：]?$")
_GAP = re.compile(r"[\u3000]{1,2}|[ ]{2,}")


def _first_sentence(text: str, begin: int, end: int) -> int:
    """Behind the first sentence, or behind a short lead before a colon; `end` where neither comes."""
    depth = 0
    for match in _MARKS.finditer(text, begin, end):
        c = match[0]
        if c in _OPENS:
            depth += 1
        elif c in _CLOSES:
            depth = max(0, depth - 1)
        elif depth == 0 and (c not in "：:" or 3 <= match.start() - begin <= 24):
            return match.end()
    return end


def _is_heading(words: str) -> bool:
    """Whether a first sentence reads as a heading: short, and no date, amount or citation that content has."""
    words = words.strip("*_ ")
    body = _ASIDE.sub("", words)
    return (2 <= len(words.strip(BLANK + "。：:")) <= _HEADING_LIMIT
            and not _CONTENT.search(body)
            and not _LEADS_ON.search(words))


def _runs_in(text: str, pieces: list[Paragraph], numbers: list[Number | None], clauses: list[Clause]) -> set[str]:
    """The forms whose items mostly begin with a short sentence and go on: their first sentence is a heading."""
    tally: dict[str, list[int]] = {}
    for piece, number in zip(pieces, numbers, strict=True):
        if not number:
            continue
        stop = _content_end(piece, clauses)
        first = _first_sentence(text, number.end, stop)
        if text[first:stop].strip(BLANK + "*"):
            words = text[number.end:first]
            counts = tally.setdefault(number.form, [0, 0])
            counts[0] += len(words) <= 26 and _is_heading(words)
            counts[1] += 1
    return {form for form, (short, seen) in tally.items() if short >= 0.5 * seen}


def _content_end(piece: Paragraph, clauses: list[Clause]) -> int:
    inside = clauses_between(clauses, piece.start + 1, piece.end)
    return inside[0].start if inside else piece.end


def _cut_heading(text, piece, number, clauses, short) -> tuple[int, tuple[int, int] | None, Paragraph | None]:
    """Begin of the piece, its heading and the text behind it."""
    begin = number.start if number else piece.start
    if not number and (mark := MARK.match(text, piece.start, piece.end)):
        begin = mark.end()
    words_at = number.end if number else begin
    stop = _content_end(piece, clauses)
    bold_end = text.find("**", words_at, piece.end) if (number and number.bold) or text.startswith("**", piece.start) else -1
    if bold_end > 0:
        first = bold_end
        behind = bold_end + 2
    else:
        first = behind = _first_sentence(text, words_at, stop)
        if gap := _GAP.search(text, words_at + 2, min(first, words_at + 40)):
            # 1.强化管控　推进…: a wide space stands between heading and text
            if _is_heading(text[words_at:gap.start()]) and first - gap.end() > 8:
                first, behind = gap.start(), gap.end()
    if number and number.form == "chinese" and text[first - 1] in "：:" and stop == piece.end and not re.search("[。；;！？]", text[first:stop]) and _is_heading(text[words_at:stop]):
        first = behind = stop  # 二、办事更省心：以“高效办成一件事”为牵引优化政务服务: all of the line is a heading
    rest = trim(text, behind, piece.end)
    words = text[words_at:first]
    if rest[0] >= rest[1]:
        # Alone in its paragraph: a heading, unless it is a long sentence that directs something.
        content = len(words) > _ALONE_LIMIT or (len(words) > 30 and words.rstrip().endswith(("。", "；"))) or words.rstrip().endswith(("；", ";"))
        if content and bold_end < 0:
            return begin, None, Paragraph(*trim(text, words_at, piece.end))
        return begin, trim(text, begin, first, "*"), None
    if text[rest[0]:rest[1]] and stop <= rest[0]:
        # One sentence and its clause: a heading would leave the task without words.
        return begin, None, Paragraph(*trim(text, words_at, piece.end))
    if bold_end > 0 or (_is_heading(words) and (number is None or number.form in short or len(words) <= 20)):
        return begin, trim(text, begin, first, "*"), Paragraph(*rest)
    return begin, None, Paragraph(*trim(text, words_at, piece.end))


def _bare_headings(text, pieces, numbers, own_lines) -> dict[int, str]:
    """Headings without a number: markdown's, and bare short lines where the plan has them in place of 一、 or （一）."""
    found: dict[int, str] = {}
    for i, piece in enumerate(pieces):
        if numbers[i] is None and piece.start not in own_lines and (mark := MARK.match(text, piece.start, piece.end)):
            found[i] = f"markdown{len(mark['mark']) if mark['mark'] else 7}"
    if any(number and number.form in ("chinese", "part") for number in numbers):
        return found
    numbered = sum(number is not None for number in numbers)
    candidates = [i for i, piece in enumerate(pieces) if i not in found and numbers[i] is None and piece.start not in own_lines
                  and 2 <= piece.end - piece.start <= 30 and not re.search(r"[。；，,;：:！？、]|\d{4}年\d+月", piece.of(text))
                  and i + 1 < len(pieces) and text[piece.start] not in OPENING + "-—·>"]
    followed = [i for i in candidates if pieces[i + 1].end - pieces[i + 1].start > 30 or i + 1 in candidates or numbers[i + 1]]
    if numbered and numbered > len(followed):
        # Bare chapter headings above numbered items only.
        return found | {i: "bare1" for i in followed if numbers[i + 1] or i == 0 or GOALS.search(pieces[i].of(text)) or SAFEGUARDS.match(pieces[i].of(text))}
    upper = {i for i in followed if i + 1 in followed}
    upper |= {i for i in followed if upper and (GOALS.search(pieces[i].of(text)) or SAFEGUARDS.match(pieces[i].of(text)))}
    return found | {i: "bare1" if i in upper else "bare2" if upper else "bare1" for i in followed}


def _parent(stack: list[Item], form: str, number: Number | None, items: list[Item]) -> Item | None:
    """The item under which a new one of `form` stands."""
    forms = [item.number.form if item.number else "" for item in stack]
    value = number.value if number else 0
    places = [k for k, known in enumerate(forms) if known == form]
    if form.startswith("decimal"):
        shallower = [k for k, known in enumerate(forms) if known.startswith("decimal") and known < form]
        if places:
            return stack[places[0]].parent
        if shallower:
            return stack[shallower[-1]]
    if len(places) == 1:
        top = stack[places[0]]
        if value == 1 and places[0] == len(stack) - 1 and top.heading and not top.paragraphs and number:
            return top  # 1.–6. are chapters and 1.–62. tasks: a restart right under a bare heading is one level down
        return top.parent
    if places:
        # Two levels share a form: the deeper one unless only the upper one counts on from where it is.
        deeper, upper = stack[places[-1]], stack[places[0]]
        if value == upper.number.value + 1 and value != deeper.number.value + 1:
            return upper.parent
        return deeper.parent
    if value <= 1 or not stack:
        if form.startswith(("markdown", "bare")):
            keep = [item for item in stack if item.number and item.number.form.startswith(("markdown", "bare")) and item.number.form < form]
            numbered = [item for item in stack if item.number and not item.number.form.startswith(("markdown", "bare"))]
            return (keep or [None])[-1] if not numbered or form.startswith(("markdown1", "markdown2", "bare1")) else stack[-1]
        seen_above = [item for item in items if item.number and item.number.form == form]
        top = stack[-1] if stack else None
        if top and top.number and top.heading and not top.paragraphs and rank(top.number.form) < rank(form) and not top.number.form.startswith(("markdown", "bare")):
            return top  # 1、 right under （二）…, a heading without words, though it stood under 一、 before
        if seen_above and value <= 1:
            # Known from an earlier chapter: the same depth as there, as far as the stack reaches.
            depth = seen_above[-1].depth
            return stack[min(depth, len(stack)) - 1] if depth and stack else None
        return stack[-1] if stack else None
    above = [item for item in stack if item.number and rank(item.number.form) < rank(form)]
    return above[-1] if above else None


@Language.component("policy_outline", requires=["span._.policy_documents", "span._.policy_clauses"], assigns=["doc.spans", "span._.policy_outline"])
def policy_outline(doc: Doc) -> Doc:
    """Writes doc.spans["policy_outline"]: `heading` spans (facts: Item) and one `outline` span a plan (facts: Outline)."""
    text = text_of(doc)
    found = []
    for document, paragraphs in body_paragraphs(doc):
        if document.kind != "plan" or not paragraphs:
            continue
        outline = read_outline(text, paragraphs, facts_in(doc, "policy_clauses", document.start, document.end))
        found.append((paragraphs[0].start, paragraphs[-1].end, "outline", outline))
        found += [(*item.heading, "heading", item) for item in outline.items
                  if item.heading and item.heading != (paragraphs[0].start, paragraphs[-1].end)]
    return write_spans(doc, "policy_outline", found)


def goal_items(text: str, paragraph: Paragraph) -> list[tuple[str | None, int, int]]:
    """A goals paragraph as (number, start, end): 一是… 二是… in one paragraph are several goals."""
    starts = [m for m in re.compile(rf"(?:(?<=^)|(?<=[。；;：:\n])){ITEM.pattern}").finditer(text, paragraph.start, paragraph.end)
              if m.start() == paragraph.start or text[m.start() - 1] in "。；;：:\n \u3000"]
    first = ITEM.match(text, paragraph.start, paragraph.end)
    if first and all(m.start() != first.start() for m in starts):
        starts.insert(0, first)
    if len(starts) < 2:
        if first:
            return [(first["n"], *trim(text, first.end(), paragraph.end))]
        return [(None, paragraph.start, paragraph.end)]
    bounds = [m.start() for m in starts] + [paragraph.end]
    return [(m["n"], *trim(text, m.end(), bounds[k + 1])) for k, m in enumerate(starts)]
