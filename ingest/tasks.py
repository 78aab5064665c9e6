"""Which words of a plan are its goals and its tasks.

A task is the smallest unit of the plan that carries a clause of its own; in a plan without clauses, the smallest
numbered item or paragraph that tells somebody to do something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from ingest.clauses import Clause, clauses_between
from ingest.layout import BLANK, Paragraph, trim
from ingest.numbering import match_number
from ingest.outline import Item, Outline, goal_items
from ingest.spans import documents_of, facts_in, text_of, write_spans
from ingest.tables import Table

# Verbs and modals that tell somebody to do something; near miss: 全市范围内所有交付使用的建筑玻璃幕墙。
DIRECTS = re.compile(
    r"要|应|须|将|推进|加强|开展|落实|完善|建立|组织|做好|确保|推动|检查|实施|加快|强化|健全|提升|提高|构建|打造|建设|编制|制定|修订|研究|支持|鼓励|引导|"
    r"指导|督促|统筹|深化|优化|培育|发展|举办|完成|启动|探索|规范|严格|依法|委托|公布|通报|排查|整改|责令|负责|聚焦|扩大|促进|保障|改造|新增|新建|培训|出台|印发|巩固|拓展|推广|协调|清理|治理|修复|设立|布局|纳入|评选|报送|召开|形成|下达|发放|汇总|更新|巡查|维护|养护|购置|采购|演练|宣传|压减|淘汰|关停|监测|普查|攻坚|对接|配备|安装|采用|采取|覆盖|冲洗|禁止|停止|张贴|悬挂|推行")
# A task list with one field a line: 任务：…
_FIELD = re.compile(r"(?:主要|重点|工作|具体)?(?:任务|内容|举措|措施)(?:内容|名称|事项)?[:：][ \u3000]*")
_MODAL = re.compile("要|应|须|将|不得|严禁")
# Items of the closing part that every plan has and that direct no work of its own: 加强组织领导。
ROUTINE = re.compile(r"组织领导|思想认识|提高认识|督促评估|督导评估|监督评估|跟踪评估|评估督导|政治站位|加强领导|领导责任|宣传引导|舆论|宣传发动|督促检查|督查|督导考核|考核评价|跟踪问效|监督考核|经费保障|资金保障|责任落实|落实责任|压实责任|信息报送|总结|工作纪律|责任追究|追责问责|联系人|报送要求|统筹协调|协同配合|强化保障|要素保障|安全生产责任")
_NOT_DIRECTED = re.compile(r"^(?:请?[^，。；]{0,24}(?:请于|务必于|于)[^，。；]{0,16}前[^，。；]{0,6}报(?:送|至|市|省|县|区|我|局|办)|联系人|联系电话|邮箱|地址|附件|注[:：]|本(?:通知|方案|意见|办法|计划)自|特此|执行中|此前|有效期)")


@dataclass(slots=True)
class Task:
    """A task's words and its clause; offsets count in the file."""

    start: int
    end: int
    item: Item | None
    clause: Clause | None
    part: str  # substantive or safeguard
    outcome: tuple[int, int] | None = None  # of a table's row: the cell that says what it is to reach


@dataclass(slots=True)
class Goal:
    start: int
    end: int
    number: str | None


@dataclass(slots=True)
class Duty:
    start: int
    end: int
    number: str


def find_duties(text: str, paragraphs: list[Paragraph]) -> list[Duty]:
    """The numbered items of a duty list; a line without a number goes on with the item above it."""
    duties: list[Duty] = []
    for paragraph in paragraphs:
        if number := match_number(text, paragraph.start, paragraph.end):
            duties.append(Duty(number.end, paragraph.end, text[number.start:number.end].strip(BLANK + ".．、()（）")))
        elif duties:
            duties[-1].end = paragraph.end
    return duties


def find_goals(text: str, outline: Outline, clauses: list[Clause]) -> list[Goal]:
    """Paragraphs and items under a heading of the goals kind; one that carries a clause is a task instead."""
    goals = []
    for item in outline.items:
        if item.kind != "goals":
            continue
        if item.number and item.heading and item.parent and not item.paragraphs and not item.children:
            goals.append(Goal(*trim(text, item.number.end, item.heading[1]), None))  # a short item reads like a heading
        for paragraph in item.paragraphs:
            if clauses_between(clauses, paragraph.start, paragraph.end):
                continue
            if item.children and paragraph.of(text).rstrip().endswith(("：", ":")):
                continue  # 主要目标如下： only leads to what follows
            goals += [Goal(start, end, number) for number, start, end in goal_items(text, paragraph)]
    return goals


def find_tasks(text: str, outline: Outline, clauses: list[Clause], tables: Sequence[Table] = ()) -> list[Task]:
    """The tasks in the order of the text."""
    if tables:
        # What units are to do stands in the table; prose without clauses around it leads to it or says it again.
        rows = [task for table in tables for task in _of_table(text, table, outline)]
        return sorted([*rows, *(_assign(text, outline, clauses)[1] if clauses else [])], key=lambda task: task.start)
    if not clauses:
        return _without_clauses(text, outline)
    owned, tasks = _assign(text, outline, clauses)
    closed = {id(child) for task in tasks if task.item for child in task.item.children if task.start <= child.start < task.end}
    models = [item for item in owned if item.kind == "work"] or owned  # where only safeguards carry clauses, their level counts
    closed |= {id(item) for item in owned}
    levels = {(item.depth, item.number.form) for item in models if item.number}
    for item in outline.items:
        # An item without a clause is a task too where it stands at the level of items that have one.
        bare = item.kind == "work" and item.number and (item.depth, item.number.form) in levels and not item.children
        if bare and id(item) not in closed:
            if task := _whole(text, item, "substantive"):
                tasks.append(task)
    return sorted(tasks, key=lambda task: task.start)


def _of_table(text: str, table: Table, outline: Outline) -> list[Task]:
    """A task a row: its unit cells are its clause, its other cells headings under those above the table."""
    over = next((item for item in reversed(outline.items) if item.start < table.start), None)
    tasks = []
    for row in table.rows:
        item = over
        for heading in row.headings:
            item = Item(None, heading[0], heading, item.depth + 1 if item else 0, item)
        clause = None
        if row.units:
            inside = row.units[0][0], row.units[-1][1]
            clause = Clause(*inside, *inside, "责任单位", True, row.units, row.time)
        tasks.append(Task(*row.text, item, clause, "safeguard" if over and over.kind == "safeguards" else "substantive", row.outcome))
    return tasks


def _assign(text: str, outline: Outline, clauses: list[Clause]) -> tuple[list[Item], list[Task]]:
    """Each clause with the words that it closes; and the items that have one."""
    owned: dict[int, Item] = {}
    tasks: list[Task] = []
    blocks = [(paragraph, None) for paragraph in outline.preamble]
    blocks += [(paragraph, item) for item in outline.items for paragraph in item.paragraphs]
    by_clause = {}
    for paragraph, item in blocks:
        for clause in clauses_between(clauses, paragraph.start, paragraph.end):
            by_clause[clause.start] = (paragraph, item)
    cursor = 0
    for clause in clauses:
        if clause.start not in by_clause:
            cursor = max(cursor, clause.end)
            continue
        paragraph, item = by_clause[clause.start]
        if item is not None and _closes_list(text, item, clause, clauses):
            item = item.parent
            first = item.paragraphs[0].start if item.paragraphs else item.children[0].start
        else:
            first = item.paragraphs[0].start if item is not None else paragraph.start
        start = max(cursor, first)
        # What is left of the sentence's stop behind the clause before belongs to neither.
        start, end = trim(text, start, clause.start)
        while start < end and text[start] in "。；;，,":
            start, end = trim(text, start + 1, end)
        cursor = clause.end
        if item is not None:
            owned[id(item)] = item
        if field := _FIELD.match(text, start, end):
            start, end = trim(text, field.end(), end)
        if start >= end:
            if item is None or not item.heading:
                continue
            heading = trim(text, item.number.end if item.number else item.heading[0], item.heading[1])
            if any(task.item is item for task in tasks):
                continue
            start, end = heading  # a heading and its clause: the heading is all that the task says
            if item.parent is None and item.number is None:
                continue
        safeguard = item is not None and item.kind == "safeguards"
        tasks.append(Task(start, end, item, clause, "safeguard" if safeguard else "substantive"))
    return list(owned.values()), tasks


def _closes_list(text: str, item: Item, clause: Clause, clauses: list[Clause]) -> bool:
    """Whether a clause behind the last of several items closes them all: it is the only clause of the whole list and
    stands on a line of its own, or the items run on with semicolons. Else it closes what stands under its heading."""
    siblings = item.parent.children if item.parent else []
    if len(siblings) < 2 or siblings[-1] is not item or any(other.children for other in siblings):
        return False
    inside = clauses_between(clauses, item.parent.start, clause.end + 1)
    return len(inside) == 1 and (clause.own_line or all(_ends(text, other) in "；;" for other in siblings[:-1]))


def _ends(text: str, item: Item) -> str:
    end = item.paragraphs[-1].end if item.paragraphs else item.heading[1] if item.heading else item.start + 1
    return text[end - 1]


def _whole(text: str, item: Item, part: str, must_direct: bool = False) -> Task | None:
    """A whole item as one task; in a plan without clauses its words must direct something."""
    if item.paragraphs:
        start, end = item.paragraphs[0].start, item.paragraphs[-1].end
    elif item.heading and item.number:
        start, end = trim(text, item.number.end, item.heading[1])
    else:
        return None
    words = text[start:end]
    if len(words) < 8 or must_direct and not DIRECTS.search(item.words(text) + words) or _NOT_DIRECTED.match(words.strip(BLANK)):
        return None
    return Task(start, end, item, None, part)


def _without_clauses(text: str, outline: Outline) -> list[Task]:
    tasks = []
    for item in outline.items:
        if item.kind in ("goals", "preface") or item.children:
            continue
        safeguard = item.kind == "safeguards"
        if safeguard and any(ROUTINE.search(above.words(text)) or (not above.heading and ROUTINE.search(text[above.start:above.start + 20]))
                             for above in item.chain()[1:] or item.chain()):
            continue
        part = "safeguard" if safeguard else "substantive"
        if item.number and item.parent and _is_smallest(item):
            task = _whole(text, item, part, must_direct=True)
            tasks += [task] if task else []
        else:
            for paragraph in item.paragraphs:
                words = paragraph.of(text)
                if safeguard and not item.parent and ROUTINE.search(words[:40]):
                    continue  # 工作要求 in one paragraph: 各地要提高政治站位，加强组织领导
                if len(words) >= 15 and (_MODAL.search(words) or len(DIRECTS.findall(words)) >= 2) and not _NOT_DIRECTED.match(words):
                    tasks.append(Task(paragraph.start, paragraph.end, item, None, part))
    return tasks


def _is_smallest(item: Item) -> bool:
    """A numbered item with at most one paragraph is one task; one heading above several paragraphs holds several."""
    return len(item.paragraphs) <= 1


@Language.component("policy_tasks", requires=["span._.policy_documents", "span._.policy_clauses", "span._.policy_outline"], assigns=["doc.spans", "span._.policy_tasks"])
def policy_tasks(doc: Doc) -> Doc:
    """Writes doc.spans["policy_tasks"]: spans labelled `task`, `goal` and `duty`."""
    text = text_of(doc)
    found = []
    for document in documents_of(doc):
        if document.kind == "duties":
            found += [(duty.start, duty.end, "duty", duty) for duty in find_duties(text, document.body)]
        if document.kind != "plan":
            continue
        clauses = facts_in(doc, "policy_clauses", document.start, document.end)
        outlines = facts_in(doc, "policy_outline", document.start, document.end, "outline") or [Outline([], [])]
        for outline in outlines:
            found += [(task.start, task.end, "task", task) for task in find_tasks(text, outline, clauses, document.tables)]
            found += [(goal.start, goal.end, "goal", goal) for goal in find_goals(text, outline, clauses)]
    return write_spans(doc, "policy_tasks", found)
