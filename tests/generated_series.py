"""Series of plans made up, with what carries on what known: for measuring how continuity scales, and that nothing is lost.

A corpus is families of a province, four cities below it and fifteen districts below them, each body with one plan a year on
one theme. Every year a body carries on most of its tasks (other verbs of the same action, some objects renamed, sentences
in another order, one added or dropped, numbers raised), splits, merges and drops some, takes up some of the bodies above
it and begins the rest. The same arguments make the same corpus, and a smaller one is part of a larger one.

How alike tasks are (cosine of character pairs, weighed as in likeness.py; median, ninth tenth, 99 of 100): of tasks that are no link
0.005, 0.03, 0.07, on the annotated pairs 0.003, 0.015, 0.04; of a task's best such partner 0.06 against 0.03 (median); of links
0.13, from year to year 0.30, against 0.06. So both are nearly twice as alike, and a task's near misses stand about as far
from its links as in real plans.

What it cannot show: its wording is ours, so a recall on it says that size costs nothing, not how good the links are on
real plans (the annotated pairs say that). Sentences go into compounds of nouns that mean nothing together; families share
eight themes and some sixty forms of sentence; real authors differ more between years. A known link is one by descent: after
many years hardly a word may be left of it, and two tasks on one object that come from two lines count as no link.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate, product
from random import Random

from generated_words import ACTIONS, CHAPTERS, FILLERS, FORMS, HEADINGS, LOCAL, PROGRAMMES, PURPOSES, SYLLABLES, THEMES, TIMES, common_words

from graph.ids import content_id
from graph.records import Coverage, DocumentRecord, IndicatorRecord, MentionRecord, TaskRecord, UnitRecord
from ingest.continuity.links import Linker
from ingest.identify import give_ids

FAMILY = 20  # bodies: a province, cities 1 to 4, districts; district n lies in city n % 4 + 1
FIRST_YEAR = 2011
# Of a year's tasks; the rest are dropped.
CARRIED, SPLIT, MERGED = 0.72, 0.04, 0.06
TAKEN_UP = 0.4  # of a lower body's other tasks
RENAMED, RAISED, KEPT = 0.2, (1.05, 1.5), 0.3  # a word with alternates, a number, a sentence's details
WORDS = 3_000  # that a family's sentences go into
FLATNESS = 0.25  # exponent of how often the words of a list are drawn, by rank
CHINESE = "一二三四五六七八九十"
Line = tuple[int, ...]  # a line of work; its parts after a split are longer by one


@dataclass(frozen=True, slots=True)
class Measure:
    """One sentence's content."""

    action: str
    objects: tuple[tuple[str, str], tuple[str, str]]
    places: tuple[str, str]
    number: int
    counter: str
    people: str
    time: str
    details: tuple[str, ...]
    form: float  # which of the action's sentences, as a part of them


@dataclass(frozen=True, slots=True)
class Work:
    """A task before it is put into words; its first measure is what its heading says."""

    lines: tuple[Line, ...]
    measures: tuple[Measure, ...]
    units: tuple[str, ...]
    programme: str | None
    policy: str | None
    filler: str | None


@dataclass(slots=True)
class Corpus:
    """Plans in the order of years; links are (later task, earlier task, relation) of all plans that are compared."""

    records: list[DocumentRecord] = field(default_factory=list)
    links: set[tuple[str, str, str]] = field(default_factory=set)


class Apart(Linker):
    """Links nothing: for what a corpus is loaded for without its links."""

    def plan_pairs(self, plans, about=None):
        return []


def generate(series: int, years: int = 10, tasks: int = 50, seed: int = 1) -> Corpus:
    """`series` bodies with a plan of about `tasks` tasks in each of `years` years."""
    corpus = Corpus()
    for family in iter_families(series, years, tasks, seed):
        corpus.records += family.records
        corpus.links |= family.links
    corpus.records.sort(key=lambda record: (record.years, record.title))
    return corpus


def iter_families(series: int, years: int = 10, tasks: int = 50, seed: int = 1) -> Iterator[Corpus]:
    """The same by FAMILY bodies of one region, for more than memory holds; no links lead from one to another."""
    for first in range(0, series, FAMILY):
        corpus = Corpus()
        held: dict[Line, list[tuple[Line, int, int, str]]] = defaultdict(list)
        bodies = [_Body(seed, first // FAMILY, n, tasks) for n in range(min(FAMILY, series - first))]
        for year in range(FIRST_YEAR, FIRST_YEAR + years):
            for body in bodies:
                body.go_on([bodies[n] for n in body.above])
                record = _record(body, year)
                corpus.records.append(record)
                for task, work in zip(record.tasks, body.works, strict=True):
                    for line in work.lines:
                        held[line[:1]].append((line, body.n, year, task.id))
        for listed in held.values():
            corpus.links.update(_links(bodies, listed))
        yield corpus


def _links(bodies: list[_Body], held: list[tuple[Line, int, int, str]]) -> set[tuple[str, str, str]]:
    """Of the tasks that hold one line or parts of it."""
    found = set()
    for (line, n, year, task), (other, m, before, earlier) in product(held, held):
        if line[:len(other)] != other and other[:len(line)] != line:
            continue
        if n == m and year > before:
            found.add((task, earlier, "continues"))
        elif m in bodies[n].above and year >= before:
            found.add((task, earlier, "takes_up"))
        elif n in bodies[m].above and year > before:
            found.add((task, earlier, "passes_up"))
    return found


class _Body:
    """A body with the works of its latest plan."""

    def __init__(self, seed: int, family: int, n: int, tasks: int) -> None:
        self.n, self._tasks = n, tasks
        self._random = Random(f"{seed}/{family}/{n}")
        self.above = [] if n == 0 else [0] if n <= 4 else [0, n % 4 + 1]
        self.theme = THEMES[family % len(THEMES)]
        self.tier = "省市区"[len(self.above)]
        self.place = _place(seed, family, n)
        self.works: list[Work] = []
        self._lines = 0
        self._words = _words_of(seed, family)
        self._local = [self._name() for _ in range(80)]
        self._weights = {size: list(accumulate(1 / (rank + 3) ** FLATNESS for rank in range(size))) for size in {len(self.theme.about), len(self.theme.things), len(self._local), len(self._words)}}

    def go_on(self, above: list[_Body]) -> None:
        """The works of the next year."""
        r, before = self._random, self.works
        tasks = round(self._tasks * r.uniform(0.85, 1.15))
        works: list[Work] = []
        waiting: Work | None = None
        for work in before:
            fate = r.random()
            if fate < CARRIED:
                works.append(self._reworded(work))
            elif fate < CARRIED + SPLIT:
                works += self._split(work)
            elif fate < CARRIED + SPLIT + MERGED:
                works += [] if waiting is None else [self._merged(waiting, work)]
                waiting = work if waiting is None else None
        r.shuffle(works)
        works = works[:tasks]
        offered = [work for upper in above for work in upper.works]
        known = {line[0] for work in [*works, *before] for line in work.lines}
        while len(works) < tasks:
            work = r.choice(offered) if offered and r.random() < TAKEN_UP else None
            if work and not known & {line[0] for line in work.lines}:
                works.append(self._taken_up(work))
                known |= {line[0] for line in work.lines}
            else:
                works.append(self._new())
        r.shuffle(works)
        self.works = works

    def _new(self) -> Work:
        r = self._random
        self._lines += 1
        about = self._draw(self.theme.about)
        programme = f"{r.choice(PROGRAMMES)}{r.choice(PURPOSES)}" if r.random() < 0.25 else None
        policy = f"{''.join(self._object(about))}{r.choice(('管理办法', '实施意见', '条例', '三年规划'))}" if r.random() < 0.2 else None
        measures = [self._measure(about) for _ in range(r.choice((1, 2, 2, 3, 3, 4)))]
        return Work(((self.n * 100_000 + self._lines,),), tuple(measures), self._units(), programme, policy, r.choice(FILLERS) if r.random() < 0.45 else None)

    def _measure(self, about: str) -> Measure:
        r = self._random
        action = r.choice(list(ACTIONS))
        own = about if r.random() < 0.3 else self._draw(self.theme.about)
        other = about if r.random() < 0.3 else self._draw(self.theme.about)
        return Measure(action, (self._object(own), self._object(other)), (self._draw(self._local), self._draw(self._local)), r.choice((r.randint(2, 20), r.randint(10, 300), 5 * r.randint(10, 200))),
                       r.choice(ACTIONS[action][1]), r.choice(self.theme.people), r.choice(TIMES), tuple(self._detail() for _ in range(r.choice((3, 3, 4, 5)))), r.random())

    def _reworded(self, work: Work) -> Work:
        r = self._random
        measures = [self._raised(measure) for measure in work.measures]
        core, rest = measures[:1], measures[1:]
        r.shuffle(rest)
        if rest and r.random() < 0.45:
            rest.pop()
        if len(rest) < 3 and r.random() < 0.55:
            rest.insert(0, self._measure(core[0].objects[0][0]))
        return replace(work, measures=tuple(core + rest), units=work.units if r.random() < 0.7 else self._units(),
                       programme=work.programme if r.random() < 0.93 else None, policy=work.policy if r.random() < 0.8 else None, filler=r.choice(FILLERS) if r.random() < 0.45 else None)

    def _raised(self, measure: Measure) -> Measure:
        r = self._random
        objects = tuple((self._other(about), self._other(thing)) for about, thing in measure.objects)
        places = measure.places if r.random() < 0.5 else (measure.places[1], self._draw(self._local))
        return replace(measure, objects=objects, places=places, number=max(measure.number + 1, round(measure.number * r.uniform(*RAISED))), time=r.choice(TIMES),
                       details=tuple(detail if r.random() < KEPT else self._detail() for detail in measure.details), form=measure.form if r.random() < 0.35 else r.random())

    def _split(self, work: Work) -> list[Work]:
        measures = [*work.measures, self._measure(work.measures[0].objects[0][0])]
        half = len(measures) // 2
        return [self._reworded(replace(work, lines=tuple((*line, n) for line in work.lines), measures=tuple(part), programme=work.programme if n == 0 else None))
                for n, part in enumerate((measures[:half], measures[half:]))]

    def _merged(self, a: Work, b: Work) -> Work:
        return self._reworded(replace(a, lines=a.lines + b.lines, measures=(a.measures[0], b.measures[0], *a.measures[1:2]), programme=a.programme or b.programme))

    def _taken_up(self, work: Work) -> Work:
        """A line of a body above in this body's words: its places and numbers, its own second half."""
        core = [replace(self._raised(measure), places=(self._draw(self._local), self._draw(self._local)), number=max(2, measure.number // 5)) for measure in work.measures[:2]]
        return self._reworded(replace(work, measures=(*core, self._measure(core[0].objects[0][0])), units=self._units()))

    def _detail(self) -> str:
        """Two words as one."""
        return self._draw(self._words) + self._draw(self._words)

    def _units(self) -> tuple[str, ...]:
        r = self._random
        names = sorted(r.sample(self.theme.units, r.choice((1, 2, 2, 3))), key=self.theme.units.index)
        return tuple(f"{self.tier}{name.removesuffix('局') + '厅' if self.tier == '省' and name.endswith('局') else name}" for name in names)

    def _object(self, about: str) -> tuple[str, str]:
        return about.split("/")[0] if "/" in about and self._random.random() < 0.5 else about.split("/")[-1], self._random.choice(self._draw(self.theme.things).split("/"))

    def _other(self, word: str) -> str:
        """Now and then the word's alternate."""
        if self._random.random() >= RENAMED:
            return word
        return next((other for pair in (*self.theme.about, *self.theme.things) if "/" in pair and word in pair.split("/") for other in pair.split("/") if other != word), word)

    def _draw(self, words: tuple[str, ...] | list[str]) -> str:
        return self._random.choices(words, cum_weights=self._weights[len(words)])[0]

    def _name(self) -> str:
        return f"{''.join(self._random.sample(SYLLABLES, 2))}{self._random.choice(LOCAL)}"

    def words_of(self, measure: Measure) -> str:
        verbs, _, forms = ACTIONS[measure.action]
        (o, o2), (x, x2) = ("".join(words) for words in measure.objects), measure.places
        return forms[int(measure.form * len(forms))].format(v=self._random.choice(verbs), o=o, o2=o2, x=x, x2=x2, n=measure.number, c=measure.counter, t=measure.time, p=measure.people) + "，" + "、".join(measure.details)

    def heading_of(self, work: Work) -> str:
        core = work.measures[0]
        o, o2 = ("".join(words) for words in core.objects)
        return self._random.choice(HEADINGS).format(v=self._random.choice(ACTIONS[core.action][0]), o=o, o2=o2)

    def text_of(self, work: Work) -> tuple[str, list[tuple[str, str]]]:
        """The task's own words, and what it names: (policy or programme, name)."""
        r = self._random
        sentences = [self.words_of(measure) for measure in work.measures]
        named = []
        if work.programme:
            sentences[0] = f"{r.choice(('实施', '深化', '依托'))}“{work.programme}”{r.choice(FORMS)}，{sentences[0]}"
            named.append(("programme", work.programme))
        if work.policy:
            k = r.randrange(len(sentences))
            sentences[k] = f"{r.choice(('落实', '对照', '按照'))}《{self.place}{work.policy}》，{sentences[k]}"
            named.append(("policy", f"{self.place}{work.policy}"))
        r.shuffle(sentences)
        if work.filler:
            sentences[-1] += f"，{work.filler}" if r.random() < 0.5 else f"。{work.filler}"
        return "。".join(sentences) + "。", named


def _place(seed: int, family: int, n: int) -> str:
    names = Random(f"{seed}/{family}/places").sample([a + b for a, b in product(SYLLABLES, SYLLABLES) if a != b], FAMILY)
    above = [] if n == 0 else [f"{names[0]}省"] if n <= 4 else [f"{names[0]}省", f"{names[n % 4 + 1]}市"]
    return "".join(above) + names[n] + "省市区"[len(above)]


def _words_of(seed: int, family: int) -> list[str]:
    """The words that a family's plans go into, the most frequent first."""
    common = common_words()
    return [common[k] for k in sorted(Random(f"{seed}/{family}/words").sample(range(len(common)), WORDS))]


def _record(body: _Body, year: int) -> DocumentRecord:
    """The plan in words, with everything at its place in them."""
    place, chapters = body.place, body._random.sample(CHAPTERS, 5)
    level, government = {"省": "provincial", "市": "prefecture", "区": "county"}[body.tier], f"{place}人民政府"
    title = f"{place}{body.theme.name}{year}年工作要点"
    parts = [f"{title}\n\n"]
    at = len(parts[0])

    def put(words: str) -> int:
        nonlocal at
        parts.append(words)
        at += len(words)
        return at - len(words)

    tasks: list[TaskRecord] = []
    mentions: list[MentionRecord] = []
    targets: list[IndicatorRecord] = []
    for k, work in enumerate(body.works):
        if k % -(-len(body.works) // len(chapters)) == 0:
            number = k // -(-len(body.works) // len(chapters))
            chapter = f"{CHINESE[number]}、{chapters[number]}"
            put(f"{chapter}\n")
        heading = f"{k + 1}.{body.heading_of(work)}。"
        text, named = body.text_of(work)
        begin = put(heading)
        start = put(text)
        clause = f"责任单位：{'、'.join(work.units)}"
        inside = put("（") + 1 + len("责任单位：")
        put(f"{clause}）\n")
        units, cursor = [], inside
        for unit in work.units:
            units.append(UnitRecord(unit, unit, "responsible", "none", 1, False, cursor, cursor + len(unit)))
            cursor += len(unit) + 1
        tasks.append(TaskRecord(str(k), [chapter, heading], text, start, start + len(text), clause.removeprefix("责任单位："), inside, cursor - 1, None, "substantive", begin, begin + len(heading), units))
        for kind, name in named:
            where = start + text.index(name)
            mentions.append(MentionRecord(str(k), None, kind, name, "other" if kind == "policy" else None, where, where + len(name)))
        for measure in work.measures:
            quote = f"{measure.number}{measure.counter}"
            if quote in text:
                where = start + text.index(quote)
                targets.append(IndicatorRecord(f"{k}/{len(targets)}", str(k), None, quote, measure.number, "=", measure.counter, "".join(measure.objects[0]), False, year, where, where + len(quote)))
    put(f"\n{government}\n{year}年2月{body.n + 1}日\n")
    text = "".join(parts)
    sha = hashlib.sha256(text.encode()).hexdigest()
    record = DocumentRecord(
        content_id("Document", sha, 0), f"{place}-{year}.txt", sha, 0, len(text), "plan", "工作要点", title, government, False, [government], government, place, None, f"{year}-02-{body.n + 1:02d}", None,
        level, [year], "title", None, "flat", [], series=f"{body.theme.name}工作要点", tasks=tasks, indicators=targets, mentions=mentions, coverage=Coverage(len(tasks) + len(chapters), len(tasks), len(text), 0, []), text=text)
    give_ids(record)
    return record
