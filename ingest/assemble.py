"""The record of each document of an annotated Doc: spans in, `DocumentRecord` out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from spacy.tokens import Doc

from graph.ids import content_id, squeeze
from graph.records import (
    Coverage, DocumentRecord, DutyRecord, GoalRecord, IndicatorRecord, MentionRecord, TaskRecord, UnitRecord, WarningRecord)
from ingest import metadata
from ingest.clauses import TIME_PIECE, Clause
from ingest.documents import Document
from ingest.identify import give_ids
from ingest.indicators import Indicator, Unread
from ingest.labels import INNER_LABEL, role_of
from ingest.layout import BLANK
from ingest.numerals import iso_date
from ingest.outline import Outline
from ingest.readers import Source
from ingest.repeats import mark_repeats
from ingest.spans import documents_of, facts_in
from ingest.tasks import Duty, Goal, Task
from ingest.titles import series_of
from ingest.units import Unit, find_lead_rules, role_scheme


def records_of(doc: Doc, source: Source, told: Callable[[int, str], dict[str, Any]] = lambda place, title: {}) -> list[DocumentRecord]:
    """One record a document, in the order of the file. `told(place, title)` gives those metadata of the n-th document
    that somebody has told by hand: they win over what is read, and what follows from them follows."""
    records = []
    for place, document in enumerate(documents_of(doc), 1):
        record = _record(doc, source, document, told(place, document.title))
        if source.derived:
            record.source_text = source.text
        records.append(record)
    return records


def _record(doc: Doc, source: Source, document: Document, told: dict[str, Any]) -> DocumentRecord:
    text, start, end = source.text, document.start, document.end
    words = text[start:end]
    title = told.get("title", document.title)
    issuer, issuers = metadata.read_issuers(document)
    if "issuers" in told or "issuer" in told:
        issuers = told.get("issuers") or ([told["issuer"]] if told.get("issuer") else [])
        issuer = told.get("issuer") or (issuers[0] if issuers else None)
    signed_on, published_on = metadata.read_dates(document)
    signed_on, published_on = told.get("signed_on", signed_on), told.get("published_on", published_on)
    number = told.get("doc_number", metadata.read_number(document))
    units: list[Unit] = facts_in(doc, "policy_units", start, end)
    place, level = metadata.read_place(issuer, document, text, [unit.name for unit in units])
    place, level = told.get("place", place), told.get("level", level)
    body = metadata.read_body(issuer, place, level, document, text)
    goals: list[Goal] = facts_in(doc, "policy_tasks", start, end, "goal")
    issued = signed_on or (re.search(r"(?:19|20)\d\d", number or "") or [None])[0] or published_on
    is_plan = document.kind == "plan"
    years, basis = metadata.read_years(document, text, [(g.start, g.end) for g in goals], issued) if is_plan else ([], None)
    if "years" in told:
        years, basis = told["years"], "hand" if told["years"] else None
    rules = find_lead_rules(text, start, end) if is_plan else []
    record = DocumentRecord(
        id=content_id("Document", squeeze(words)), source=source.path, sha256=source.sha256, start=start, end=end,
        kind=document.kind, genre=told.get("genre", document.genre), title=title, issuer=issuer,
        issuer_inferred=issuer is None and body is not None, issuers=issuers, body=body, place=place, doc_number=number,
        signed_on=signed_on, published_on=published_on, level=level, years=years, years_basis=basis,
        lead_rule=text[rules[0].start:rules[0].end] if rules else None,
        role_scheme=role_scheme(units) if is_plan else None, addressees=document.header.addressees,
        series=told.get("series") or (series_of(title, [body, place, *issuers]) if is_plan else None), draft=told.get("status", document.header.draft),
        forwarded_by=document.header.forwarded_by, url=told.get("url", document.header.front.get("url")),
        retrieved_on=iso_date(document.header.front.get("retrieved_on", "")), corrected=sorted(told), text=words)
    if document.kind == "duties":
        duties: list[Duty] = facts_in(doc, "policy_tasks", start, end, "duty")
        record.duties = [DutyRecord(document.department or "", d.number, text[d.start:d.end], d.start, d.end) for d in duties]
    if is_plan:
        _add_tasks(doc, text, document, record, goals)
        outlines: list[Outline] = facts_in(doc, "policy_outline", start, end, "outline")
        record.coverage = _coverage(doc, text, document, outlines[0] if outlines else None)
        _warn(doc, text, document, record)
    record.mentions = _mentions(doc, record)
    give_ids(record)
    mark_repeats(record)
    return record


def _add_tasks(doc: Doc, text: str, document: Document, record: DocumentRecord, goals: list[Goal]) -> None:
    last_year = record.years[-1] if record.years else None
    tasks: list[Task] = facts_in(doc, "policy_tasks", document.start, document.end, "task")
    for n, task in enumerate(tasks):
        clause = task.clause
        heading = task.item.nearest_heading() if task.item else None
        record.tasks.append(TaskRecord(
            id=f"task {n}", path=task.item.path(text) if task.item else [],
            text=text[task.start:task.end], start=task.start, end=task.end,
            clause=text[clause.inside_start:clause.inside_end] if clause else None,
            clause_start=clause.inside_start if clause else None, clause_end=clause.inside_end if clause else None,
            deadline=_deadline(text, task, last_year), part=task.part,
            heading_start=heading[0] if heading else None, heading_end=heading[1] if heading else None,
            units=unit_records(facts_in(doc, "policy_units", clause.inside_start, clause.inside_end) if clause else ())))
    for n, goal in enumerate(goals):
        record.goals.append(GoalRecord(f"goal {n}", goal.number, text[goal.start:goal.end], goal.start, goal.end))
    indicators: list[Indicator] = facts_in(doc, "policy_indicators", document.start, document.end, "indicator")
    owners = _owners(record, [(*task.outcome, told) for task, told in zip(tasks, record.tasks, strict=True) if task.outcome])
    for indicator in indicators:
        kind, owner = owners(indicator.start)
        record.indicators += indicator_records(text, indicator, owner if kind == "task" else None, owner if kind == "goal" else None, last_year)


def _owners(record: DocumentRecord, more: Iterable[tuple[int, int, TaskRecord]] = ()) -> Callable[[int], tuple[str | None, Any]]:
    """Which task, else which goal, stands at an offset; found by bisection, since a long plan has thousands of both.
    `more` are further stretches that belong to a task."""
    tasks = sorted([*((t.start, t.end, t) for t in record.tasks), *more], key=lambda row: row[:2])
    goals = sorted(((g.start, g.end, g) for g in record.goals), key=lambda row: row[:2])

    def owner(at: int) -> tuple[str | None, Any]:
        for kind, listed in (("task", tasks), ("goal", goals)):
            k = bisect_right(listed, at, key=lambda row: row[0]) - 1
            if k >= 0 and at < listed[k][1]:
                return kind, listed[k][2]
        return None, None

    return owner


def unit_records(units: Iterable[Unit]) -> list[UnitRecord]:
    return [UnitRecord(u.surface, u.name, u.role, u.role_basis, u.group, u.collective, u.start, u.end) for u in units]


def indicator_records(text: str, indicator: Indicator, task: TaskRecord | None, goal: GoalRecord | None, last_year: int | None) -> list[IndicatorRecord]:
    """One record a value: a range is two. The year is the stated one, else the task's deadline's, else the plan's last."""
    year = indicator.year or (int(task.deadline[:4]) if task and task.deadline else last_year)
    return [IndicatorRecord(
        "indicator", task.id if task else None, goal.id if goal else None, text[indicator.start:indicator.end], int(value) if value == int(value) else value,
        comparator, indicator.unit, indicator.object, indicator.change, year, indicator.start, indicator.end) for value, comparator in indicator.values]


_BY = re.compile(r"(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年底|月底|底|末)?(?:前|之前|以前)")
_DONE = re.compile(r"完成|建成|建立|实现|投用|投入使用|出台|印发|到位|投产|通车|交付|上线|投入运行|启用")
_WHOLE = re.compile(r"(?:该|本|此|上述|以上)(?:项)?(?:工作|任务|项目)(?:要|须|应|计划)?[于在]?(?P<time>(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年|月)?(?:底|末)?前)[^，。；]{0,6}完成")  # 该项工作于2024年12月底前完成
# What the whole task comes to by then: 6月底前向社会公布; near miss: 9月底前禁养区内设施全部清退, a subject of its own
_OF_THE_WHOLE = re.compile(r"(?:正式|全面|基本|全部|力争)?(?:向|提交|提请|公布|发布|印发|出台|完成|上线|投入|投用|建成|实现|形成|交付|通过|取得|到位)")
_ALL_DONE = re.compile("(?:要|须|应)?(?:全面|全部)?完成(?:任务|工作)?")  # …建立台账，7月底前完成。
_DATED = re.compile(r"\d\s*[年月日]|年底|年内")
_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
_PIECES = re.compile("[，,；;、]")
_COMMON_PAIRS = {"建设", "工作", "推进", "加强", "完善", "全面", "项目", "设施", "服务", "管理", "体系", "保障"}
_PRODUCT = 3  # character pairs that a step's words share with the heading where the step is what the heading names
# A date of one step, not of the task: 完成…编制计划, 首批, 摸底
_STEP = re.compile(r"率先|首批|第一批|试点|摸底|摸排|调查|台账|清单|招标|评审|审核|审批|核查|申报|计划|方案|前期|开工|选址|报送|报告|上报|总结")
_STAGE = re.compile(r"[（(](?P<time>[^（）()]{0,12}(?:20\d\d年|\d月)[^（）()]{0,12}(?:前|底|日|月))[）)][。：:]?$")  # 自查自改阶段（2025年5月底前）
_BRACKETED = re.compile(r"[（(](?P<time>[^（）()]{0,6}20\d\d年[^（）()]{0,12}(?:前|底|完成)[^（）()]{0,6})[）)]$")


def _last_of_span(words: str) -> str:
    """2024年4月下旬至10月 ends in 2024年10月."""
    first, _, last = re.sub("[-—－–~～到]+", "至", words).rpartition("至")
    year = re.match(r"[^\d]*(20\d\d年)", first)
    return last if not year or re.search(r"20\d\d年", last) else year[1] + last


def _deadline(text: str, task: Task, year: int | None) -> str | None:
    """The time set for the whole task: in the clause (完成时限：…), in a bracket at its end, or the one date in its words
    by which all of it or what its heading names is to be done. Near misses: a date of a step, of a report, of a number."""
    clause: Clause | None = task.clause
    if clause and clause.time:
        return metadata.read_deadline(text[slice(*clause.time)], year)
    if clause:
        labels = list(INNER_LABEL.finditer(text, clause.start, clause.end))
        for k, label in enumerate(labels):
            if role_of(label["label"]) == "time":
                until = labels[k + 1].start() if k + 1 < len(labels) else clause.end
                return metadata.read_deadline(text[label.end():until], year)
        inside = text[clause.inside_start:clause.inside_end]
        for piece in _PIECES.split(inside) if _DATED.search(inside) else ():
            if TIME_PIECE.match(piece.strip(BLANK)):
                return metadata.read_deadline(piece, year)  # …负责，6月底前完成
    headings = task.item.path(text) if task.item else []
    words = text[task.start:task.end]
    if not (_DATED.search(words) or headings and _DATED.search(headings[-1])):
        return None
    words = _LINE_BREAK.sub("", words).strip(BLANK + "。；;")
    if bracket := _BRACKETED.search(words):
        return metadata.read_deadline(bracket["time"], year)
    if headings and (stage := _STAGE.search(headings[-1])):
        return metadata.read_deadline(_last_of_span(stage["time"]), year)
    if whole := _WHOLE.search(words):
        return metadata.read_deadline(whole["time"], year)
    dates = [m for m in _BY.finditer(words) if re.search(r"\d|年底", m[0]) and not re.match(r"(?:建成|完工|建造|交付|竣工)的", words[m.end():])]
    if len(dates) != 1:
        return None
    rest = words[dates[0].end():].lstrip("，,")
    behind = re.split("[，,。；;]", rest)[0]
    one_sentence = not re.search("[。；]", words)
    if dates[0].start() == 0 and one_sentence or _ALL_DONE.fullmatch(behind):
        return metadata.read_deadline(dates[0][0], year)  # the date stands before all that the task says
    heading = headings[-1] if headings else ""
    pairs = {heading[k:k + 2] for k in range(len(heading) - 1)} - _COMMON_PAIRS
    # 建设全省统一的养老服务综合平台，2024年6月底前上线运行: the product stands before the date
    product = behind if len(behind) > 8 else re.split("[，,。；;]", words[:dates[0].start()].rstrip("，,"))[-1] + behind
    named = sum(product[k:k + 2] in pairs for k in range(len(product) - 1))
    whole = "全部" in behind or "全面" in behind or named > 0
    leads = dates[0].start() == 0 or words[dates[0].start() - 1] in "，,"  # the clause has no subject of its own
    if one_sentence and behind == rest and leads and _OF_THE_WHOLE.match(behind) and not _STEP.search(behind):
        return metadata.read_deadline(dates[0][0], year)  # 编制…汇编，6月底前向社会公布
    if not _DONE.search(behind) or not (whole or one_sentence and behind == rest) or _STEP.search(behind) and (named < _PRODUCT or not one_sentence):
        return None
    return metadata.read_deadline(dates[0][0], year)


def _mentions(doc: Doc, record: DocumentRecord) -> list[MentionRecord]:
    """Mentions with the task or goal that they stand in; one in a heading belongs to each task right under it."""
    owners = _owners(record)
    under: dict[tuple[int, int], list[str]] = {}
    for task in record.tasks:
        if task.heading_start is not None and task.heading_end is not None:
            under.setdefault((task.heading_start, task.heading_end), []).append(task.id)
    headings = sorted(under)
    found = []
    for mention in facts_in(doc, "policy_mentions", record.start, record.end):
        kind, owner = owners(mention.start)
        tasks = [owner.id] if kind == "task" else []
        k = bisect_right(headings, (mention.start, 1 << 62)) - 1
        if k >= 0 and mention.start < headings[k][1]:
            tasks += [task for task in under[headings[k]] if task not in tasks]
        goal = owner.id if kind == "goal" and not tasks else None
        found += [MentionRecord(task, goal, mention.kind, mention.name, mention.relation, mention.start, mention.end) for task in tasks or [None]]
    return found


def _coverage(doc: Doc, text: str, document: Document, outline: Outline | None) -> Coverage:
    stretches = [(document.start, document.header.end), *document.chrome, *((table.start, table.end) for table in document.tables)]
    stretches += [(found.start, found.end) for group in ("policy_tasks", "policy_clauses")
                  for found in facts_in(doc, group, document.start, document.end)]
    for item in outline.items if outline else []:
        stretches.append((item.start, item.heading[1] if item.heading else item.number.end if item.number else item.start))
        stretches += [(item.paragraphs[0].start - 4, item.paragraphs[0].start)] if item.paragraphs and not item.heading else []
    unread, uncovered = [], 0
    for start, end in _gaps(stretches, document.start, document.end):
        words = text[start:end].strip(BLANK + _STOPS)
        if words:
            uncovered += len("".join(words.translate(_NO_STOPS).split()))
        if len(words) >= _UNREAD_FROM:
            unread.append(words)
    characters = len("".join(text[document.start:document.end].split()))
    numbered = sum(1 for item in outline.items if item.number and item.number.value) if outline else 0
    sentences = len(_SENTENCE_ENDS.findall(text, document.start, document.end))
    return Coverage(numbered, sentences, characters, uncovered, unread)


def _gaps(stretches: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What lies between stretches, which may overlap."""
    at = start
    for a, b in sorted(stretches):
        if a > at:
            yield at, min(a, end)
        at = max(at, b)
    if at < end:
        yield at, end


_STOPS = "。；;，,*#->"
_NO_STOPS = str.maketrans("", "", _STOPS)
_SENTENCE_ENDS = re.compile(r"[。！？!?](?![”’）)])|[。！？](?=[”’])")
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
