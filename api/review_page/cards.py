"""The record's parts as cards beside the text: goals, tasks with their units and targets, duties, mentions.

Every card carries its key, by which the script finds its words in the text, and where a correction can be made the
quote that goes into the row: the id, and the words that a person knows it by. A goal is known by its words alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.review_page.facts import hand_mark
from api.review_page.markup import escaped, label, listed
from api.review_page.marks import key_of, same_mention
from graph.records import DocumentRecord, IndicatorRecord, MentionRecord, TaskRecord, UnitRecord

_QUOTED = 40  # characters of a task or goal that its quote shows behind the id
SIGNS = {">=": "≥", "<=": "≤", "~": "≈"}
_NO = "–"


def goals_of(record: DocumentRecord, document: str) -> str:
    targets = _grouped(record.indicators, lambda indicator: indicator.goal)
    mentions = _grouped(record.mentions, lambda mention: mention.goal)
    cards = (
        f'<li class="card goal" data-k="{key_of(document, "g", n)}" data-q="{escaped(goal.text[:_QUOTED])}"><p class="text-of" lang="zh">{_number(document, "g", n)} {escaped(goal.text)}</p>'
        f'{_targets(targets.get(goal.id, ()), document)}{_mentions(mentions.get(goal.id, ()), document)}</li>'
        for n, goal in enumerate(record.goals, 1))
    return _section(document, "goals", "Goals", len(record.goals), listed(cards, "cards"))


def tasks_of(record: DocumentRecord, document: str) -> str:
    targets = _grouped(record.indicators, lambda indicator: indicator.task)
    mentions = _grouped(record.mentions, lambda mention: mention.task)
    cards = (_task(task, n, document, targets.get(task.id, ()), mentions.get(task.id, ())) for n, task in enumerate(record.tasks, 1))
    return _section(document, "tasks", "Tasks", len(record.tasks), listed(cards, "cards"))


def others_of(record: DocumentRecord, document: str) -> str:
    """Duties, and what is named outside the tasks and goals."""
    duties = (
        f'<li class="card duty" data-k="{key_of(document, "y", n)}"><p class="text-of" lang="zh">{_number(document, "y", n)} {escaped(duty.text)}</p></li>'
        for n, duty in enumerate(record.duties, 1))
    loose = [(n, mention) for n, mention in enumerate(record.mentions, 1) if mention.task is None and mention.goal is None]
    loose_targets = [(n, indicator) for n, indicator in enumerate(record.indicators, 1) if indicator.task is None and indicator.goal is None]
    return (_section(document, "duties", "Duties", len(record.duties), listed(duties, "cards"))
            + _section(document, "targets", "Targets outside tasks and goals", len(loose_targets), _targets(loose_targets, document))
            + _section(document, "mentions", "Named outside tasks", len(loose), _mentions(loose, document)))


def _section(document: str, name: str, words: str, n: int, inner: str) -> str:
    return f'<section id="{document}-{name}"><h3>{label(words)} <span class="n">{n}</span></h3>{inner}</section>' if n else ""


def _task(task: TaskRecord, n: int, document: str, targets: Iterable[tuple[int, IndicatorRecord]], mentions: Iterable[tuple[int, MentionRecord]]) -> str:
    above = f'<p class="path" lang="zh">{" › ".join(map(escaped, task.path[:-1]))}</p>' if len(task.path) > 1 else ""
    heading = f'<span lang="zh">{escaped(task.path[-1])}</span>' if task.path else label("no heading")
    said = [label(task.part)] if task.part != "substantive" else []
    said += [f"{label('deadline')} <b>{escaped(task.deadline)}</b>"] if task.deadline else []
    said += [f'<i>{label("no unit stated")}</i>'] if task.clause is None else []
    said += [hand_mark(task)] if hand_mark(task) else []
    below = f'<p class="said-of">{" · ".join(said)}</p>' if said else ""
    return (
        f'<li class="card task" data-k="{key_of(document, "t", n)}" data-q="{_quote_of(task.id, task.text)}" data-id="{task.id}" data-deadline="{escaped(task.deadline or "")}" data-part="{task.part}">'
        f'<header>{_number(document, "t", n)}<h4>{heading}</h4><button type="button" class="quiet fix" data-open="task" aria-expanded="false">{label("Correct")}</button></header>'
        f'{above}<p class="text-of" lang="zh">{escaped(task.text)}</p>'
        + listed((_unit(unit, k, n, document) for k, unit in enumerate(task.units, 1)), "units")
        + _targets(targets, document) + _mentions(mentions, document) + f"{below}</li>")


def _unit(unit: UnitRecord, k: int, n: int, document: str) -> str:
    key = key_of(document, "u", n, k)
    hand = hand_mark(unit) or (f' <span class="hand">{label("corrected by hand")}</span>' if unit.role_basis == "hand" else "")
    collective = ' data-collective="true"' if unit.collective else ""
    return (f'<li class="host"><button type="button" class="chip {unit.role}" data-k="{key}" data-open="unit" aria-expanded="false" data-name="{escaped(unit.name)}" data-role="{unit.role}"'
            f' data-basis="{unit.role_basis}"{collective}><span lang="zh">{escaped(unit.name)}</span> <i>{label(unit.role)}</i></button>{hand}</li>')


def _targets(targets: Iterable[tuple[int, IndicatorRecord]], document: str) -> str:
    return listed((_target(indicator, n, document) for n, indicator in targets), "targets")


def _target(indicator: IndicatorRecord, n: int, document: str) -> str:
    sign = SIGNS.get(indicator.comparator, indicator.comparator)
    year = f" · {indicator.year}" if indicator.year else ""
    change = f" · {label('change')}" if indicator.change else ""
    return (
        f'<li class="host" data-q="{escaped(indicator.id)} {escaped(indicator.quote)}"><button type="button" class="chip target" data-k="{key_of(document, "i", n)}" data-open="target" aria-expanded="false"'
        f' data-value="{number_of(indicator.value)}" data-comparator="{escaped(indicator.comparator)}" data-unit="{escaped(indicator.unit or "")}" data-object="{escaped(indicator.object)}"'
        f' data-year="{indicator.year or ""}" data-change="{str(indicator.change).lower()}"><b>{escaped(sign)} {number_of(indicator.value, ",")}</b> <span lang="zh">{escaped(indicator.unit or "")}</span>'
        f' <span class="object" lang="zh">{escaped(indicator.object or _NO)}</span><small>{year}{change}</small></button>{hand_mark(indicator)}</li>')


def _mentions(mentions: Iterable[tuple[int, MentionRecord]], document: str) -> str:
    """Policies, programmes and units that the text names, each once: leads to their words, nothing to correct."""
    each = {same_mention(mention): (n, mention) for n, mention in reversed(list(mentions))}
    return listed((
        f'<li><button type="button" class="go mention {mention.kind}" data-k="{key_of(document, "m", n)}" data-go><span lang="zh">{escaped(mention.name)}</span>'
        f' <small>{label(mention.relation or mention.kind)}</small></button></li>' for n, mention in reversed(each.values())), "mentions")


def number_of(value: float, group: str = "") -> str:
    """1000 or 1,000 or 12.5: never an exponent."""
    if value == int(value):
        return f"{int(value):{group}}"
    return f"{value:{group}.6f}".rstrip("0")


def _number(document: str, letter: str, n: int) -> str:
    return f'<button type="button" class="no" data-k="{key_of(document, letter, n)}" data-go title="Show in the text" data-ta="title">{n}</button>'


def _quote_of(id: str, text: str) -> str:
    return escaped(f"{id} {text[:_QUOTED]}")


def _grouped(things: Iterable, owner) -> dict:
    """Numbered things by the id that owns them."""
    found: dict[str, list] = {}
    for n, thing in enumerate(things, 1):
        if owner(thing):
            found.setdefault(owner(thing), []).append((n, thing))
    return found
