"""Plans made up, with what they say known: numbering, clauses and targets drawn from the customs of the texts."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

CHINESE = "一二三四五六七八九十"
# A level's number for n (from 1), and whether the heading may be run in.
NUMBERS = {
    "chinese": lambda n: f"{CHINESE[n - 1]}、", "bracket": lambda n: f"（{CHINESE[n - 1]}）", "half bracket": lambda n: f"({CHINESE[n - 1]})", "arabic": lambda n: f"{n}.",
    "full arabic": lambda n: f"{n}．", "comma": lambda n: f"{n}、", "named": lambda n: f"行动{CHINESE[n - 1]}：", "dash named": lambda n: f"——任务{n}："}
LEVELS = [("chinese", "bracket"), ("chinese", "half bracket"), ("chinese", "arabic"), ("chinese", "full arabic"), ("chinese", "named"), ("bracket", "arabic"), ("chinese", "dash named"), ("chinese", "comma")]
# A clause and whom it names in which role.
CLAUSES = [
    ("（责任单位：市教委、市财政局）", [("市教委", "responsible"), ("市财政局", "responsible")]), ("(责任部门:市水务局,各区政府)", [("市水务局", "responsible"), ("各区政府", "responsible")]),
    ("（牵头单位：市教委；配合单位：市财政局、市人力资源社会保障局）", [("市教委", "lead"), ("市财政局", "support"), ("市人力资源社会保障局", "support")]),
    ("（市教委牵头，市财政局、市水务局按职责分工负责）", [("市教委", "lead"), ("市财政局", "responsible"), ("市水务局", "responsible")]),
    ("（市教委、市财政局负责，各区政府落实）", [("市教委", "responsible"), ("市财政局", "responsible"), ("各区政府", "implement")]),
    ("（市教委会同市财政局负责）", [("市教委", "responsible"), ("市财政局", "support")]), ("（牵头：市教委；配合：市财政局）", [("市教委", "lead"), ("市财政局", "support")]),
    ("【责任单位：市政务和数据局等】", [("市政务和数据局", "responsible")]), ("（市教委、财政局）", [("市教委", "responsible"), ("市财政局", "responsible")]),
    ("\n责任单位：市教委、市财政局", [("市教委", "responsible"), ("市财政局", "responsible")]), ("\n牵头单位：市教委\n配合单位：市财政局", [("市教委", "lead"), ("市财政局", "support")])]
# A sentence and the targets that it sets: (value, comparator, counter).
SENTENCES = [
    ("新建智慧校园20所。", [(20, "=", "所")]), ("培训教师3000人以上。", [(3000, ">=", "人")]), ("学校覆盖率达到95%。", [(95, "=", "%")]), ("改造老旧管网1.5万米。", [(15000, "=", "米")]),
    ("管网漏损率控制在6％以内。", [(6, "<=", "%")]), ("推进第二批试点，完善2.0版平台。", []), ("落实“一师一优课、一课一名师”活动要求。", []), ("截至目前，已建成平台30个，要加强运行维护。", []),
    ("培育示范企业10—15家。", [(10, ">=", "家"), (15, "<=", "家")]), ("举办专题培训不少于8场。", [(8, ">=", "场")]), ("完善工作机制，加强统筹协调，确保取得实效。", [])]
HEADINGS = ["强化平台建设", "推进资源共享", "加强队伍建设", "优化服务供给", "完善保障机制", "深化融合应用", "提升治理水平", "夯实工作基础"]


@dataclass
class Wanted:
    """One task as the plan has it."""

    path: list[str]
    text: str
    units: list[tuple[str, str]]
    targets: list[tuple[float, str, str]]


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, list[Wanted]]:
    """(the plan's text, its tasks in order)."""
    upper, lower = draw(st.sampled_from(LEVELS))
    indent = draw(st.sampled_from(["", "　　", "  "]))
    gap = draw(st.sampled_from(["\n", "\n\n", "\r\n"]))
    goes_on = draw(st.booleans())  # numbers run on through the chapters
    lines, wanted, number = ["某市2025年教育信息化工作要点"], [], 0
    for chapter in range(1, draw(st.integers(1, 3)) + 1):
        heading = f"{NUMBERS[upper](chapter)}{draw(st.sampled_from(HEADINGS))}"
        lines.append(indent + heading)
        for n in range(1, draw(st.integers(1, 3)) + 1):
            number = number + 1 if goes_on and lower in ("arabic", "full arabic", "comma") else n
            own = f"{NUMBERS[lower](number)}{draw(st.sampled_from(HEADINGS))}。"
            sentences = draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3, unique_by=lambda row: row[0]))
            clause, units = draw(st.sampled_from(CLAUSES))
            text = "".join(words for words, _ in sentences)
            lines.append(indent + own + text + clause.replace("\n", gap))
            wanted.append(Wanted([heading, own], text, units, [target for _, targets in sentences for target in targets]))
    return gap.join(lines) + gap, wanted


_WHOLE = "0123456789.—%％"
WIDTH = 30  # characters a line, as in text copied from a PDF


def broken(text: str) -> str:
    """The plan as text copied from a PDF: every paragraph indented and broken at a fixed width, page numbers in between."""
    lines: list[str] = []
    for paragraph in filter(None, (line.strip() for line in text.splitlines())):
        words = "　　" + paragraph
        while words:
            end = min(WIDTH, len(words))
            while 0 < end < len(words) and words[end - 1] in _WHOLE and words[end] in _WHOLE:
                end -= 1  # a number is not taken apart
            lines.append(words[:end])
            words = words[end:]
            if len(lines) % 20 == 0:
                lines.append(f"— {len(lines) // 20} —")
    return "\n".join(lines) + "\n"


def as_markdown(text: str) -> str:
    """The same plan with marks: ## before chapters, ** around run-in headings."""
    lines = []
    for line in text.splitlines():
        words = line.strip()
        heading, stop, rest = words.partition("。")
        if not lines or words and not stop and not words.endswith(("：", "局")) and "单位" not in words:
            words = ("# " if not lines else "## ") + words
        elif rest and "单位" not in heading:
            words = f"**{heading}。**{rest}"
        lines.append(words)
    return "\n".join(lines) + "\n"
