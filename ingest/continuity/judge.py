"""The judge of links, optional: a language model is asked about the best candidates of each task. Off unless an address is given.

One request is one later task with its candidates in one earlier plan. Answers are checked (judge_replies), asked for
once more where they cannot be used, and kept on disk (judge_cache). What gets no answer that can be used keeps the
score of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from queue import Empty, SimpleQueue
from threading import Event, Thread

from graph.records import DocumentRecord
from ingest.continuity.chat_endpoint import ChatEndpoint, Completion
from ingest.continuity.judge_cache import JudgeCache
from ingest.continuity.judge_prompt import ANSWER_TOKENS, Question, ask_again, estimate_tokens, messages_of
from ingest.continuity.judge_replies import read_reply
from ingest.continuity.judged import Judged, Judgement
from ingest.continuity.links import Linker, pairs_of
from ingest.errors import BadJudge, JudgeRefused, JudgeSilent

_GIVE_UP = 5  # requests that fail one after the other: the endpoint is down, the rest would only wait


@dataclass(frozen=True, slots=True)
class Judge:
    """Who is asked, and how. Raises BadJudge on what cannot be."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    candidates: int = 6  # of each later task in each earlier plan
    parallel: int = 4  # requests at a time
    timeout: float = 120.0  # seconds for a request
    fresh: bool = False  # ask again what the cache holds
    pause: float = 1.0  # seconds before the second try, doubled from there on

    def __post_init__(self) -> None:
        for name, value, least in (("candidates", self.candidates, 1), ("parallel", self.parallel, 1), ("timeout", self.timeout, 0.001)):
            if not value >= least:
                raise BadJudge(f"--judge-{name} is {value}, expected {least} or more")
        if not self.model.strip():
            raise BadJudge("--judge-model is empty; give the name by which the endpoint knows the model")
        ChatEndpoint(self.url, self.model, self.key)


@dataclass(slots=True)
class Prepared:
    """Questions of a run: `cached` have their answers, or some of them, `open` are to be asked; tokens are estimates for the open ones."""

    cached: list[tuple[Question, dict[int, Judgement]]] = field(default_factory=list)
    open: list[Question] = field(default_factory=list)
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(slots=True)
class Outcome:
    """What came of a run: answers, and requests by what became of them."""

    judged: Judged = field(default_factory=dict)
    cached: int = 0
    asked: int = 0  # requests with an answer, good or bad
    twice: int = 0  # of those: asked once more
    invalid: int = 0  # candidates whose answer could not be used the second time either
    failed: list[str] = field(default_factory=list)  # a line for each request without an answer
    left: int = 0  # not asked, because the judge was given up
    given_up: str = ""  # why
    tokens_in: int = 0  # as the endpoint counts them
    tokens_out: int = 0
    counted: bool = True  # whether it gave a count for every reply

    def add(self, question: Question, judged: dict[int, Judgement]) -> None:
        if judged:
            of_task = self.judged.setdefault(question.task.id, {})
            of_task.update((question.candidates[number - 1].id, found) for number, found in judged.items())


def iter_questions(records: Iterable[DocumentRecord], linker: Linker, candidates: int) -> Iterator[Question]:
    """A question for each later task of each pair of plans that are compared, as far as it has candidates."""
    for later, earlier, relation in pairs_of(records, linker):
        for place, places in linker.shortlists(later, earlier, candidates):
            yield Question(later, earlier, relation, place, tuple(places))


def prepare(judge: Judge, questions: Iterable[Question]) -> Prepared:
    """What is to be asked, and how much that will be; nothing is sent."""
    cache, prepared = JudgeCache(judge.model), Prepared()
    for question in questions:
        while not judge.fresh and question.places and (known := cache.get(question)):
            prepared.cached.append((question, known))
            question = replace(question, places=tuple(place for number, place in enumerate(question.places, 1) if number not in known))  # of a partly good answer the rest
        if question.places:
            prepared.open.append(question)
            prepared.tokens_in += estimate_tokens(messages_of(question))
            prepared.tokens_out += ANSWER_TOKENS * len(question.places)
    return prepared


def ask(judge: Judge, prepared: Prepared, advance: Callable[[int, int], None] = lambda done, of: None) -> Outcome:
    """Ask what is open, so many at a time; `advance` is called with how many requests are done, of how many.

    Each good answer is on disk when the next one is looked at, so an interrupted run loses what is under way only.
    """
    outcome, cache, stop = Outcome(cached=len(prepared.cached)), JudgeCache(judge.model), Event()
    for question, judged in prepared.cached:
        outcome.add(question, judged)
    done = _start(judge, prepared.open, stop)
    in_a_row = 0
    try:
        for n in range(1, len(prepared.open) + 1):
            question, answer = done.get()
            if isinstance(answer, _Answer):
                in_a_row = 0
                _take(outcome, question, answer, cache)
            elif isinstance(answer, JudgeRefused | JudgeSilent):
                in_a_row += 1
                outcome.failed.append(str(answer))
                if isinstance(answer, JudgeRefused) or in_a_row >= _GIVE_UP:
                    outcome.left = len(prepared.open) - n
                    outcome.given_up = "it refuses" if isinstance(answer, JudgeRefused) else f"{in_a_row} requests in a row failed"
                    break
            else:
                raise answer
            advance(n, len(prepared.open))
    finally:
        stop.set()
    return outcome


@dataclass(slots=True)
class _Answer:
    judged: dict[int, Judgement]
    left: list[int]  # candidates without an answer that can be used
    replies: list[Completion]


def _start(judge: Judge, questions: list[Question], stop: Event) -> SimpleQueue[tuple[Question, _Answer | Exception]]:
    """Threads that answer questions until none is left or `stop` is set. They die with the process: an interrupted run need not wait for them."""
    todo: SimpleQueue[Question] = SimpleQueue()
    done: SimpleQueue[tuple[Question, _Answer | Exception]] = SimpleQueue()
    for question in questions:
        todo.put(question)
    endpoint = ChatEndpoint(judge.url, judge.model, judge.key, judge.timeout, judge.pause, stop)

    def work() -> None:
        while not stop.is_set():
            try:
                question = todo.get_nowait()
            except Empty:
                return
            try:
                done.put((question, _answer(endpoint, judge.model, question)))
            except Exception as error:  # dealt with where the answers are taken
                if isinstance(error, JudgeRefused):
                    stop.set()  # before another request goes out
                done.put((question, error))

    for _ in range(min(judge.parallel, len(questions))):
        Thread(target=work, daemon=True).start()
    return done


def _answer(endpoint: ChatEndpoint, model: str, question: Question) -> _Answer:
    """The answer to a question, asked once more where something is wrong with it."""
    messages, today = messages_of(question), date.today().isoformat()
    first = endpoint.complete(messages)
    reply = read_reply(first.text, question, model, today)
    if not reply.problems:
        return _Answer(reply.judged, [], [first])
    second = endpoint.complete(ask_again(messages, first.text, reply.problems))
    better = read_reply(second.text, question, model, today)
    better.judged = reply.judged | better.judged  # what was good the first time is
    return _Answer(better.judged, better.left(question), [first, second])


def _take(outcome: Outcome, question: Question, answer: _Answer, cache: JudgeCache) -> None:
    outcome.asked += 1
    outcome.twice += len(answer.replies) > 1
    outcome.invalid += len(answer.left)
    for reply in answer.replies:
        outcome.counted = outcome.counted and None not in (reply.tokens_in, reply.tokens_out)
        outcome.tokens_in += reply.tokens_in or 0
        outcome.tokens_out += reply.tokens_out or 0
    outcome.add(question, answer.judged)
    if answer.judged and (not answer.left or len(answer.judged) >= len(cache.get(question) or ())):  # asked afresh, a part takes no place of more
        cache.put(question, answer.judged, next(iter(answer.judged.values())).date)
