"""
Which words tell one set of plans from another?
zh: 两组规划各有哪些特征词？
One row: a word (jieba's; a programme's name is one word) that more of one side's tasks hold than of the other's, counted once
a task in its last heading and its text; without names of units and places, numbers and function words. Weighted log-odds
with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008; the formula stands in ingest/contrast.py). Give a year or
a plan for each side. A plan that covers both years stands on neither side, unless it is named for one: then it stands there.
param from_year: int = null     a year that the earlier plan covers
param to_year: int = null       a year that the later plan covers
param scope: str = null         only plans of this body or place
param from_plan: str = null     the earlier plan: id, title or number
param to_plan: str = null       the later plan: id, title or number
param code: str = null          only tasks with this code, on both sides; (none): tasks without any
param top: int = 20             words a side
column word: str           the word; of a programme its name
column side: str           earlier or later: the side that it speaks for
column z: float            log_odds by its standard error; null where a side has fewer than 30 tasks: words then go by log_odds
column log_odds: float     natural logarithm, drawn towards 0 by the prior; below 0 for the earlier side
column earlier: int        tasks of the earlier side that hold it
column later: int          tasks of the later side that hold it
column earlier_share: float    of the earlier side's tasks
column later_share: float      of the later side's tasks
column example: str        a sentence, or a part of one, of the first task of that side whose text holds it; the heading where none does
column example_task: str   that task's id
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from graph.errors import BadParameter
from graph.store import Store
from ingest.contrast import PRIOR, TEXTS_FOR_Z, TEXTS_OF_A_WORD, Contrast, contrasts
from ingest.numbers import CLAUSE_STOPS
from ingest.terms import Term, Terms

_TASKS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) "
    "WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END "
    "AND CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END "
    "AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END "
    "RETURN p.id AS plan, p.title AS title, p.issuer AS body, p.place AS place, t.id AS task, t.heading AS heading, t.text AS text "
    "ORDER BY coalesce(p.first_year, 0), title, plan, t.position, task")
_PROGRAMMES = "MATCH (p:Plan)-[:HAS_TASK|HAS_GOAL]->(t)-[:NAMES]->(r:Programme) WHERE p.id IN $plans RETURN DISTINCT r.name AS name ORDER BY name"
_UNITS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department) WHERE p.id IN $plans "
    "RETURN DISTINCT r.surface AS surface, d.name AS name, d.full_name AS full, d.scope AS scope ORDER BY surface, name, scope")
_SENTENCE_STOPS = "。；;！？"
_SHORT = 60  # characters: of a longer sentence the part between commas is the example


def rows(store: Store, from_year: int | None, to_year: int | None, scope: str | None, from_plan: str | None, to_plan: str | None,
         code: str | None, top: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The words of the earlier side, the strongest first, then those of the later; with what to know of them."""
    if top < 1:
        raise BadParameter("distinctive_terms", "top", top, "1 or more")
    if (from_year is None and from_plan is None) or (to_year is None and to_plan is None):
        return [], ["give a year or a plan for each side: from_year and to_year"]
    earlier, later = (store.read(_TASKS, year=year, plan=plan, scope=scope, code=code) for year, plan in ((from_year, from_plan), (to_year, to_plan)))
    earlier, later, notes = _apart(earlier, later, from_plan, to_plan)
    if not earlier or not later:
        return [], [*notes, f"{len(earlier)} tasks stand on the earlier side, {len(later)} on the later: there is nothing to compare"]
    terms = _terms(store, [*earlier, *later])
    sides = {"earlier": _Side(earlier, terms), "later": _Side(later, terms)}
    found = dict(zip(sides, contrasts(sides["earlier"].tasks_with, sides["later"].tasks_with, (len(earlier), len(later))), strict=True))
    notes += _notes(sides, found, top)
    return [_row(word, side, sides) for side, words in found.items() for word in words[:top]], notes


def _apart(earlier: list[dict], later: list[dict], from_plan: str | None, to_plan: str | None) -> tuple[list[dict], list[dict], list[str]]:
    """The sides without the plans that would stand on both: words of one plan cannot tell it from itself."""
    both = {task["plan"] for task in earlier} & {task["plan"] for task in later}
    # A plan that was named for one side stands there, also where the other side's year is one of its own.
    named = {plan for plan in (from_plan, to_plan) if plan in both} if from_plan != to_plan else set()
    notes = []
    for side, plan in (("earlier", from_plan), ("later", to_plan)):
        if plan in named:
            notes.append(f"《{next(task['title'] for task in earlier if task['plan'] == plan)}》 covers both years and stands on the {side} side, for which it is named")
    if neither := {task["plan"]: task["title"] for task in earlier if task["plan"] in both - named}:
        titles = list(neither.values())
        notes.append("on neither side, because they would stand on both, are " + ", ".join(f"《{title}》" for title in titles[:5])
                     + (f" and {len(titles) - 5} more plans" if titles[5:] else "") + f" with {sum(task['plan'] in neither for task in earlier)} tasks")
    return ([task for task in earlier if task["plan"] not in both or task["plan"] == from_plan and task["plan"] in named],
            [task for task in later if task["plan"] not in both or task["plan"] == to_plan and task["plan"] in named], notes)


def _terms(store: Store, tasks: list[dict[str, Any]]) -> Terms:
    """What finds words, with the names that these plans know: other plans of the graph change no answer."""
    plans = sorted({task["plan"] for task in tasks})
    programmes, units = (store.read(query, plans=plans) for query in (_PROGRAMMES, _UNITS))
    return Terms([row["name"] for row in programmes],
                 {name for row in units for name in (row["surface"], row["name"], row["full"]) if name} | {task["body"] for task in tasks if task["body"]},
                 {row["scope"] for row in units if row["scope"]} | {name for task in tasks for name in (task["place"], task["body"]) if name})


class _Side:
    """One side's tasks: how many hold each word, and where the first of them does."""

    def __init__(self, tasks: list[dict[str, Any]], terms: Terms) -> None:
        self.tasks = len(tasks)
        self.tasks_with: Counter[str] = Counter()
        self._examples: dict[str, tuple[dict[str, Any], Term | None]] = {}  # word to a task and where it stands in its text; None: in its heading
        for task in tasks:
            heading, text = ({term.word: term for term in reversed(terms.of(words or ""))} for words in (task["heading"], task["text"]))
            self.tasks_with.update(heading.keys() | text.keys())
            for word, term in text.items():
                if self._examples.get(word, (None, None))[1] is None:  # a heading may stand above several tasks
                    self._examples[word] = task, term
            for word in heading.keys() - self._examples.keys():
                self._examples[word] = task, None

    def example(self, word: str) -> tuple[str, str]:
        """The words of a task around a word, and the task's id."""
        task, term = self._examples[word]
        return _words_around(task["text"], term.start, term.end) if term else task["heading"], task["task"]

    @property
    def words_a_task(self) -> float:
        return self.tasks_with.total() / self.tasks


def _words_around(text: str, start: int, end: int) -> str:
    """The sentence in which a word stands; of a long one the part between commas."""
    for stops in (_SENTENCE_STOPS, CLAUSE_STOPS):
        begin = max(text.rfind(stop, 0, start) for stop in stops) + 1
        until = min((at + 1 for stop in stops if (at := text.find(stop, end)) >= 0), default=len(text))
        if until - begin <= _SHORT:
            break
    return text[begin:until].strip().rstrip("，,")


def _row(word: Contrast, side: str, sides: dict[str, _Side]) -> dict[str, Any]:
    example, task = sides[side].example(word.word)
    return {
        "word": word.word, "side": side, "z": word.z, "log_odds": word.log_odds,
        "earlier": word.earlier, "later": word.later, "earlier_share": round(word.earlier / sides["earlier"].tasks, 3),
        "later_share": round(word.later / sides["later"].tasks, 3), "example": example, "example_task": task}


def _notes(sides: dict[str, _Side], found: dict[str, list[Contrast]], top: int) -> list[str]:
    """What a reader must know before quoting a word."""
    earlier, later = sides["earlier"], sides["later"]
    words = {side: len(of_side) for side, of_side in found.items()}
    notes = [f"{earlier.tasks} tasks stand on the earlier side, {later.tasks} on the later; shown are {min(top, words['earlier'])} of {words['earlier']} words "
             f"that speak for the earlier and {min(top, words['later'])} of {words['later']} for the later, each in {TEXTS_OF_A_WORD} or more tasks of its side"]
    if min(earlier.tasks, later.tasks) < TEXTS_FOR_Z:
        notes.append(f"too few tasks for z-scores ({TEXTS_FOR_Z} a side are needed): words go by log_odds, which are highest where the other side has none, however few tasks hold them")
    else:
        notes.append(f"a z beyond 1.96 either way is rare by chance for one word, not among {sum(words.values())}")
    longer, shorter = sorted((earlier, later), key=lambda side: -side.words_a_task)
    if longer.words_a_task > 1.25 * shorter.words_a_task:
        notes.append(f"a task has {earlier.words_a_task:.0f} different words on the earlier side and {later.words_a_task:.0f} on the later: "
                     "most words stand in a larger share of the longer tasks; log_odds and z allow for it")
    return [*notes,
            "tasks under one heading, or copied from plan to plan, are not independent: a word of many tasks of one plan looks surer than it is",
            f"prior: each word's frequency on both sides together, weighing {PRIOR:.0%} of what was counted (Monroe, Colaresi and Quinn 2008)"]
