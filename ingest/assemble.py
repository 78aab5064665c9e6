"""The record of each document of an annotated Doc: spans in, `DocumentRecord` out."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from graph.ids import content_id, number_equals, squeeze
from graph.records import (
    Coverage, DocumentRecord, DutyRecord, GoalRecord, IndicatorRecord, MentionRecord, TaskRecord, UnitRecord, WarningRecord)
from graph.stored import plan_id
from ingest import metadata
from ingest.clauses import Clause
from ingest.documents import Document
from ingest.indicators import Indicator, Unread
from ingest.labels import INNER_LABEL, ROLE_OF_LABEL
from ingest.layout import BLANK
from ingest.outline import Outline
from ingest.readers import Source
from ingest.spans import facts_in
from ingest.tasks import Duty, Goal, Task
from ingest.units import Unit, find_lead_rules, role_scheme


def records_of(doc: Doc, source: Source) -> list[DocumentRecord]:
    """One record a document, in the order of the file."""
    return [_record(doc, source, span._.policy_documents) for span in doc.spans["policy_documents"]]


def _record(doc: Doc, source: Source, document: Document) -> DocumentRecord:
    text, start, end = source.text, document.start, document.end
    words = text[start:end]
    issuer, issuers = metadata.read_issuers(document)
    signed_on, published_on = metadata.read_dates(document)
    number = metadata.read_number(document)
    units: list[Unit] = facts_in(doc, "policy_units", start, end)
    place, level = metadata.read_place(issuer, document, text, [unit.name for unit in units])
    body = metadata.read_body(issuer, place, level, document, text)
    goals: list[Goal] = facts_in(doc, "policy_tasks", start, end, "goal")
    issued = signed_on or (re.search(r"(?:19|20)\d\d", number or "") or [None])[0] or published_on
    is_plan = document.kind == "plan"
    years, basis = metadata.read_years(document, text, [(g.start, g.end) for g in goals], issued) if is_plan else ([], None)
    rules = find_lead_rules(text, start, end) if is_plan else []
    record = DocumentRecord(
        id=content_id("Document", squeeze(words)), source=source.path, sha256=source.sha256, start=start, end=end,
        kind=document.kind, genre=document.genre, title=document.title, issuer=issuer,
        issuer_inferred=issuer is None and body is not None, issuers=issuers, body=body, place=place, doc_number=number,
        signed_on=signed_on, published_on=published_on, level=level, years=years, years_basis=basis,
        lead_rule=text[rules[0].start:rules[0].end] if rules else None,
        role_scheme=role_scheme(units) if is_plan else None, addressees=document.header.addressees, text=words)
    if document.kind == "duties":
        duties: list[Duty] = facts_in(doc, "policy_tasks", start, end, "duty")
        record.duties = [DutyRecord(document.department or "", d.number, text[d.start:d.end], d.start, d.end) for d in duties]
    if is_plan:
        _add_tasks(doc, text, document, record, goals)
        outlines: list[Outline] = facts_in(doc, "policy_outline", start, end, "outline")
        record.coverage = _coverage(doc, text, document, outlines[0] if outlines else None)
        _warn(doc, text, document, record)
    record.mentions = _mentions(doc, record)
    return record


def _add_tasks(doc: Doc, text: str, document: Document, record: DocumentRecord, goals: list[Goal]) -> None:
    plan = plan_id(record)
    tasks: list[Task] = facts_in(doc, "policy_tasks", document.start, document.end, "task")
    last_year = record.years[-1] if record.years else None
    keys = [("Task", squeeze(text[t.start:t.end])) for t in tasks]
    for task, key, n in zip(tasks, keys, number_equals(keys), strict=True):
        clause = task.clause
        heading = task.item.nearest_heading() if task.item else None
        record.tasks.append(TaskRecord(
            id=content_id("Task", plan, key[1], n), path=task.item.path(text) if task.item else [],
            text=text[task.start:task.end], start=task.start, end=task.end,
            clause=text[clause.inside_start:clause.inside_end] if clause else None,
            clause_start=clause.inside_start if clause else None, clause_end=clause.inside_end if clause else None,
            deadline=_deadline(text, task, last_year), part=task.part,
            heading_start=heading[0] if heading else None, heading_end=heading[1] if heading else None,
            units=[UnitRecord(u.surface, u.name, u.role, u.role_basis, u.group, u.collective, u.start, u.end)
                   for u in (facts_in(doc, "policy_units", clause.inside_start, clause.inside_end) if clause else ())]))
    keys = [("Goal", squeeze(text[g.start:g.end])) for g in goals]
    for goal, key, n in zip(goals, keys, number_equals(keys), strict=True):
        record.goals.append(GoalRecord(content_id("Goal", plan, key[1], n), goal.number, text[goal.start:goal.end], goal.start, goal.end))
    _add_indicators(doc, text, document, record, last_year)


def _add_indicators(doc: Doc, text: str, document: Document, record: DocumentRecord, last_year: int | None) -> None:
    rows = []
    indicators: list[Indicator] = facts_in(doc, "policy_indicators", document.start, document.end, "indicator")
    for indicator in indicators:
        task = next((t for t in record.tasks if t.start <= indicator.start < t.end), None)
        goal = None if task else next((g for g in record.goals if g.start <= indicator.start < g.end), None)
        for value, comparator in indicator.values:
            rows.append((indicator, value, comparator, task, goal))
    keys = [((task or goal).id if task or goal else None, value, comparator, indicator.unit) for indicator, value, comparator, task, goal in rows]
    for (indicator, value, comparator, task, goal), key, n in zip(rows, keys, number_equals(keys), strict=True):
        record.indicators.append(IndicatorRecord(
            content_id("Indicator", *key, n), task.id if task else None, goal.id if goal else None, text[indicator.start:indicator.end],
            int(value) if value == int(value) else value, comparator, indicator.unit, indicator.object, indicator.change,
            indicator.year or (int(task.deadline[:4]) if task and task.deadline else last_year), indicator.start, indicator.end))


_BY = re.compile(r"(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年底|月底|底|末)?(?:前|之前|以前)")
_DONE = re.compile(r"完成|建成|建立|实现|投用|投入使用|出台|印发|到位|投产|通车|交付")
# A date of one step, not of the task: 完成…编制计划, 首批, 摸底
_STEP = re.compile(r"率先|首批|第一批|试点|摸底|摸排|调查|台账|清单|招标|评审|审核|审批|核查|申报|计划|方案|前期|开工|选址|报送|报告|上报|总结")
_STAGE = re.compile(r"[（(](?P<time>[^（）()]{0,12}(?:20\d\d年|\d月)[^（）()]{0,12}(?:前|底|日|月))[）)][。：:]?$")  # 自查自改阶段（2025年5月底前）
_BRACKETED = re.compile(r"[（(](?P<time>[^（）()]{0,6}20\d\d年[^（）()]{0,12}(?:前|底|完成)[^（）()]{0,6})[）)]$")


def _deadline(text: str, task: Task, year: int | None) -> str | None:
    """The time set for the whole task: in the clause (完成时限：…), in a bracket at its end, or the one date in its words
    by which all of it or what its heading names is to be done. Near misses: a date of a step, of a report, of a number."""
    clause: Clause | None = task.clause
    if clause:
        labels = list(INNER_LABEL.finditer(text, clause.start, clause.end))
        for k, label in enumerate(labels):
            if ROLE_OF_LABEL[label["label"]] == "time":
                until = labels[k + 1].start() if k + 1 < len(labels) else clause.end
                return metadata.read_deadline(text[label.end():until], year)
    words = text[task.start:task.end].strip(BLANK + "。；;")
    if bracket := _BRACKETED.search(words):
        return metadata.read_deadline(bracket["time"], year)
    headings = task.item.path(text) if task.item else []
    if headings and (stage := _STAGE.search(headings[-1])):
        return metadata.read_deadline(stage["time"], year)
    dates = [m for m in _BY.finditer(words) if re.search(r"\d|年底", m[0]) and not re.match(r"(?:建成|完工|建造|交付|竣工)的", words[m.end():])]
    if len(dates) != 1:
        return None
    rest = words[dates[0].end():].lstrip("，,")
    behind = re.split("[，,。；;]", rest)[0]
    one_sentence = not re.search("[。；]", words)
    if dates[0].start() == 0 and one_sentence:
        return metadata.read_deadline(dates[0][0], year)  # the date stands before all that the task says
    heading = headings[-1] if headings else ""
    pairs = {heading[k:k + 2] for k in range(len(heading) - 1)} - {"建设", "工作", "推进", "加强", "完善", "全面", "项目"}
    whole = "全部" in behind or "全面" in behind or any(behind[k:k + 2] in pairs for k in range(len(behind) - 1))
    if not _DONE.search(behind) or _STEP.search(behind) or not (whole or one_sentence and behind == rest):
        return None
    return metadata.read_deadline(dates[0][0], year)


def _mentions(doc: Doc, record: DocumentRecord) -> list[MentionRecord]:
    """Mentions with the task or goal that they stand in; one in a heading belongs to each task right under it."""
    found = []
    for mention in facts_in(doc, "policy_mentions", record.start, record.end):
        tasks = [t.id for t in record.tasks if t.start <= mention.start < t.end or (t.heading_start or 0) <= mention.start < (t.heading_end or 0)]
        goal = None if tasks else next((g.id for g in record.goals if g.start <= mention.start < g.end), None)
        found += [MentionRecord(task, goal, mention.kind, mention.name, mention.relation, mention.start, mention.end) for task in tasks or [None]]
    return found


def _coverage(doc: Doc, text: str, document: Document, outline: Outline | None) -> Coverage:
    covered = bytearray(document.end - document.start)
    stretches = [(document.start, document.header.end), *document.chrome]
    stretches += [(found.start, found.end) for group in ("policy_tasks", "policy_clauses")
                  for found in facts_in(doc, group, document.start, document.end)]
    for item in outline.items if outline else []:
        stretches.append((item.start, item.heading[1] if item.heading else item.number.end if item.number else item.start))
        stretches += [(item.paragraphs[0].start - 4, item.paragraphs[0].start)] if item.paragraphs and not item.heading else []
    for a, b in stretches:
        a, b = max(a, document.start) - document.start, min(b, document.end) - document.start
        covered[a:b] = b"\1" * max(0, b - a)
    characters = uncovered = 0
    for k, c in enumerate(text[document.start:document.end]):
        if c not in BLANK:
            characters += 1
            uncovered += not covered[k] and c not in "。；;，,*#->"
    unread = []
    for match in re.finditer(rb"\0+", bytes(covered)):
        words = text[document.start + match.start():document.start + match.end()].strip(BLANK + "。；;，,*#->")
        if len(words) >= _UNREAD_FROM:
            unread.append(words)
    numbered = sum(1 for item in outline.items if item.number and item.number.value) if outline else 0
    sentences = len(re.findall(r"[。！？!?](?![”’）)])|[。！？](?=[”’])", text[document.start:document.end]))
    return Coverage(numbered, sentences, characters, uncovered, unread)


_UNREAD_FROM = 6  # characters: shorter stretches are numbers and stops between spans


def _warn(doc: Doc, text: str, document: Document, record: DocumentRecord) -> None:
    """What was doubtful, for the reader to look at."""
    def warn(message: str, start: int, end: int) -> None:
        record.warnings.append(WarningRecord(message, start, end))

    if not record.years:
        warn("no year is stated: the plan is not linked to others", record.start, min(record.end, record.start + 1))
    if not record.tasks:
        warn("no task was found", record.start, min(record.end, record.start + 1))
    for task in record.tasks:
        if task.clause is not None and not task.units:
            warn(f"no unit was read in the clause {task.clause[:40]!r}", task.clause_start or task.start, task.clause_end or task.end)
    for clause in facts_in(doc, "policy_clauses", document.start, document.end):
        if text[clause.start] in "（([【" and text[clause.end - 1] not in "）)]】":
            warn("the clause's closing bracket is missing", clause.start, clause.end)
    for unread in facts_in(doc, "policy_indicators", document.start, document.end, "unread"):
        assert isinstance(unread, Unread)
        warn(f"a target that gives no number: {text[unread.start:unread.end]}", unread.start, unread.end)
