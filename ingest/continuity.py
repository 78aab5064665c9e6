"""Which task of a later plan carries on which of an earlier one, with the words that say so.

First form: shared named programmes, instruments and documents, and lexical similarity of tasks and of their sentences
against the shipped background. It does not know that one programme was renamed, nor that other words mean the same.
A pair's score depends on the two plans and the background alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from graph.ids import squeeze
from graph.records import DocumentRecord, LinkRecord, TaskRecord
from graph.stored import PlanFacts
from ingest.background import character_pairs, rarity
from ingest.places import LEVELS, find_place, place_above

# Weights, chosen on two annotated pairs of plans (2018/2021 and 2025/2026) and so by no more evidence than that.
SENTENCE_WEIGHT = 0.3  # of the best pair of sentences beside the whole tasks
NAME_WEIGHT = 0.3  # of a name that only these two tasks share; less where more tasks hold it
EXCLUSIVITY = 0.15  # how much a pair loses where either task has a better partner
CUT = 0.075  # raw similarity that becomes the score 0.5: links are kept from there
SPREAD = 0.6  # natural-log units of raw similarity around the cut in which the score goes from 0.5 to 0.73
_SENTENCE = re.compile(r"[^。；;！？\n]+[。；;！？]?")
_SEGMENT = re.compile(r"(?:“[^”\n]{1,40}”|《[^》\n]{1,60}》|[^，,。；;：:！？\n])+")
_QUOTED = re.compile(r"“([^”\n]{3,20})”")


def plan_pairs(plans: list[PlanFacts], about: set[str] | None = None) -> list[tuple[PlanFacts, PlanFacts, str]]:
    """(later, earlier, relation) of every pair of plans that is compared, in a stable order.

    Same body or place: `continues`, by first year, then by date of signature. One body above the other's: `takes_up`
    where the lower plan is not the earlier one, else `passes_up`. Plans without a year are in no pair.
    `about` keeps the pairs in which one of these plans (by id) stands.
    """
    dated = sorted((plan for plan in plans if plan.first_year), key=lambda plan: (plan.first_year, plan.signed_on or "", plan.id))
    pairs = []
    for k, later in enumerate(dated):
        for earlier in dated[:k]:
            if about is not None and later.id not in about and earlier.id not in about:
                continue
            when = (later.first_year, later.signed_on or ""), (earlier.first_year, earlier.signed_on or "")
            if _same_body(later, earlier):
                if when[0] > when[1]:
                    pairs.append((later, earlier, "continues"))
            elif _is_above(earlier, later):
                pairs.append((later, earlier, "takes_up"))
            elif _is_above(later, earlier):
                if later.first_year == earlier.first_year:
                    pairs.append((earlier, later, "takes_up"))
                else:
                    pairs.append((later, earlier, "passes_up"))
    return pairs


def _same_body(a: PlanFacts, b: PlanFacts) -> bool:
    if a.place and b.place:
        x, y = find_place(a.place), find_place(b.place)
        return a.place == b.place or bool(x and y and x.parts[-1] == y.parts[-1] and (len(x.parts) == 1 or len(y.parts) == 1))
    return bool(a.body and a.body == b.body)


def _is_above(upper: PlanFacts, lower: PlanFacts) -> bool:
    """Whether the body of `upper` stands above that of `lower`: the national level above all, a place above those in it."""
    if not lower.level or not upper.level or upper.level == lower.level:
        return False
    if upper.level == "national":
        return True
    if lower.level == "national" or not upper.place or not lower.place or LEVELS.index(upper.level) >= LEVELS.index(lower.level):
        return False
    above = place_above(lower.place, upper.level)
    return above is not None and upper.place.endswith(above) or lower.place.startswith(upper.place)


@dataclass(slots=True)
class _Task:
    record: TaskRecord
    words: str  # its last heading and its text
    sentences: list[tuple[int, int]]  # in the text
    vector: dict[str, float]
    sentence_vectors: list[dict[str, float]]
    squeezed: str
    names: set[str]


def link_plans(later: DocumentRecord, earlier: DocumentRecord, relation: str) -> list[LinkRecord]:
    """The links between two plans' tasks, by later task, then by score."""
    if not later.tasks or not earlier.tasks:
        return []
    weigh = _weights(later, earlier)
    ours, theirs = ([_prepare(plan, task, weigh) for task in plan.tasks] for plan in (later, earlier))
    raw = _similarities(ours, theirs)
    names = _holders(ours), _holders(theirs)
    for (i, j), value in raw.items():
        shared = _shared_names(ours[i], theirs[j], names)
        if shared:
            raw[i, j] = value * (1 + NAME_WEIGHT * shared[0][0])
    best_ours: dict[int, float] = defaultdict(float)
    best_theirs: dict[int, float] = defaultdict(float)
    for (i, j), value in raw.items():
        best_ours[i], best_theirs[j] = max(best_ours[i], value), max(best_theirs[j], value)
    links = []
    for (i, j), value in sorted(raw.items()):
        value *= ((value / best_ours[i]) * (value / best_theirs[j])) ** EXCLUSIVITY
        score = 1 / (1 + math.exp(-math.log(max(value, 1e-9) / CUT) / SPREAD))
        if score < 0.5:
            continue
        shared = _shared_names(ours[i], theirs[j], names)
        a, b = _evidence(ours[i], theirs[j], weigh, [name for _, name in shared])
        links.append(LinkRecord(
            ours[i].record.id, theirs[j].record.id, round(score, 3), bool(shared), relation, "rules",
            later.text[a[0] - later.start:a[1] - later.start], *a, earlier.text[b[0] - earlier.start:b[1] - earlier.start], *b))
    order = {task.id: k for k, task in enumerate(later.tasks)}
    return sorted(links, key=lambda link: (order[link.later], -link.score, link.earlier))


def link_records(records: list[DocumentRecord]) -> list[LinkRecord]:
    """The links among the plans of some records: `policygraph link FILE…`."""
    from graph.stored import facts_of

    plans: dict[str, DocumentRecord] = {}
    for record in records:
        if record.kind == "plan":
            plans.setdefault(facts_of(record).id, record)  # a plan that two files hold counts once, as on loading
    links = []
    for later, earlier, relation in plan_pairs([facts_of(record) for record in plans.values()]):
        links += link_plans(plans[later.id], plans[earlier.id], relation)
    return links


def _words(task: TaskRecord) -> str:
    return " ".join([*task.path[-1:], task.text])


def _weights(later: DocumentRecord, earlier: DocumentRecord):
    """How much a character pair tells: rare in the background and rare in the two plans."""
    holding: Counter[str] = Counter()
    tasks = [*later.tasks, *earlier.tasks]
    for task in tasks:
        holding.update(character_pairs(_words(task)).keys())
    known: dict[str, float] = {}

    def weigh(pair: str) -> float:
        if pair not in known:
            known[pair] = max(0.0, math.log((len(tasks) + 1) / (holding[pair] + 0.5))) * rarity(pair)
        return known[pair]

    return weigh


def _vector(text: str, weigh) -> dict[str, float]:
    values = {pair: (1 + math.log(n)) * weigh(pair) for pair, n in character_pairs(text).items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {pair: value / length for pair, value in values.items() if value}


def _prepare(plan: DocumentRecord, task: TaskRecord, weigh) -> _Task:
    words = _words(task)
    sentences = [m.span() for m in _SENTENCE.finditer(task.text) if m.end() - m.start() >= 6] or [(0, len(task.text))]
    names = {_bare(plan.text[m.start - plan.start:m.end - plan.start]) for m in plan.mentions if m.task == task.id and m.kind in ("policy", "programme")}
    names |= {_bare(m[1]) for m in _QUOTED.finditer(words)}
    return _Task(task, words, sentences, _vector(words, weigh), [_vector(task.text[a:b], weigh) for a, b in sentences],
                 _bare(words), {name for name in names if len(name) >= 4})


def _bare(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", squeeze(text))


def _similarities(ours: list[_Task], theirs: list[_Task]) -> dict[tuple[int, int], float]:
    """Cosine of the tasks plus a share of the best cosine of their sentences, for pairs that share anything."""
    whole = _products([task.vector for task in ours], [task.vector for task in theirs])
    mine = [(i, vector) for i, task in enumerate(ours) for vector in task.sentence_vectors]
    other = [(j, vector) for j, task in enumerate(theirs) for vector in task.sentence_vectors]
    best: dict[tuple[int, int], float] = defaultdict(float)
    for (a, b), value in _products([vector for _, vector in mine], [vector for _, vector in other]).items():
        key = mine[a][0], other[b][0]
        best[key] = max(best[key], value)
    return {key: value + SENTENCE_WEIGHT * best[key] for key, value in whole.items()}


def _products(rows: list[dict[str, float]], columns: list[dict[str, float]]) -> dict[tuple[int, int], float]:
    """Scalar products of sparse vectors, zero ones left out, by an index of the columns."""
    index: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for j, column in enumerate(columns):
        for pair, value in column.items():
            index[pair].append((j, value))
    products: dict[tuple[int, int], float] = {}
    for i, row in enumerate(rows):
        sums: dict[int, float] = defaultdict(float)
        for pair, value in row.items():
            for j, other in index.get(pair, ()):
                sums[j] += value * other
        for j, total in sums.items():
            products[i, j] = total
    return products


def _holders(tasks: list[_Task]) -> dict[str, set[int]]:
    """Name to the tasks of one plan that name it as such."""
    holders: dict[str, set[int]] = defaultdict(set)
    for k, task in enumerate(tasks):
        for name in task.names:
            holders[name].add(k)
    return holders


def _shared_names(mine: _Task, other: _Task, holders: tuple[dict[str, set[int]], dict[str, set[int]]]) -> list[tuple[float, str]]:
    """Names that one task names as such and the other holds too, the most telling first, with what each tells."""
    shared = []
    for name in mine.names | other.names:
        if name in mine.squeezed and name in other.squeezed:
            common = max(1, len(holders[0].get(name, ()))) * max(1, len(holders[1].get(name, ())))
            shared.append((1 / math.sqrt(common), name))
    return sorted(shared, key=lambda row: (-row[0], -len(row[1]), row[1]))


def _evidence(mine: _Task, other: _Task, weigh, names: list[str]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The stretch between commas in each text, or the heading, that says most of what both share; where a name is shared,
    one that holds it."""
    sides = []
    for task in (mine, other):
        record = task.record
        segments = [((record.start + m.start() + len(m[0]) - len(m[0].lstrip()), record.start + m.end()), m[0]) for m in _SEGMENT.finditer(record.text) if m[0].strip()]
        segments = segments or [((record.start, record.end), record.text)]
        if record.heading_start is not None and record.heading_end is not None:
            segments.append(((record.heading_start, record.heading_end), record.path[-1]))
        named = [segment for segment in segments if any(name in _bare(segment[1]) for name in names[:1])]
        sides.append([(place, character_pairs(words)) for place, words in (named or segments)])
    best, found = -1.0, (sides[0][0][0], sides[1][0][0])
    for a, left in sides[0]:
        for b, right in sides[1]:
            common = sum(weigh(pair) for pair in left if pair in right)
            # Long stretches share more by chance.
            value = common / math.sqrt(len(left) + len(right) + 8)
            if value > best:
                best, found = value, (a, b)
    return found
