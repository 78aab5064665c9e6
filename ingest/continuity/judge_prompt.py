"""What a judge is asked about one task: the definition and examples of judge_prompt.md, then the texts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graph.records import DocumentRecord, TaskRecord

PATH = Path(__file__).with_name("judge_prompt.md")
ANSWER_TOKENS = 100  # of an answer on one candidate: some 40 of JSON, the rest evidence and reason

Messages = list[dict[str, str]]

_RELATIONS = {
    "continues": "The earlier plan is of the same body or place.",
    "takes_up": "The earlier plan is of a body above the later plan's.",
    "passes_up": "The earlier plan is of a body below the later plan's.",
    "parallel": "The earlier plan is of another body of the same level.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One task of a later plan and its candidates, as places in the two plans' tasks; candidate 1 is the first of them."""

    later_plan: DocumentRecord
    earlier_plan: DocumentRecord
    relation: str
    place: int
    places: tuple[int, ...]

    @property
    def task(self) -> TaskRecord:
        return self.later_plan.tasks[self.place]

    @property
    def candidates(self) -> list[TaskRecord]:
        return [self.earlier_plan.tasks[place] for place in self.places]


def messages_of(question: Question) -> Messages:
    """What is sent for a question."""
    parts = [f"LATER PLAN: {_plan(question.later_plan)}", f"EARLIER PLAN: {_plan(question.earlier_plan)}", _RELATIONS[question.relation], "",
             "LATER TASK", *_task(question.task)]
    for number, candidate in enumerate(question.candidates, 1):
        parts += ["", f"CANDIDATE {number}", *_task(candidate)]
    return [{"role": "system", "content": _instructions()}, {"role": "user", "content": "\n".join(parts)}]


def ask_again(messages: Messages, reply: str, problems: list[str]) -> Messages:
    """The same once more, with the reply that could not be used and what was wrong with it."""
    wrong = "\n".join(f"- {problem}" for problem in problems)
    return [*messages, {"role": "assistant", "content": reply[:8_000] or "(nothing)"},
            {"role": "user", "content": f"Your answer cannot be used:\n{wrong}\nAnswer again, for all candidates, with one JSON object in the form described and nothing else."}]


def estimate_tokens(messages: Messages) -> int:
    """A token for each character that is not ASCII, and one for each four that are: near what today's models count for Chinese."""
    text = "".join(message["content"] for message in messages)
    plain = sum(character.isascii() for character in text)
    return math.ceil(len(text) - plain + plain / 4)


@cache
def _instructions() -> str:
    return PATH.read_text(encoding="utf-8").strip()


def _plan(record: DocumentRecord) -> str:
    years = "–".join(dict.fromkeys(map(str, (record.years[0], record.years[-1])))) if record.years else "no year"
    return f"《{record.title}》, {record.body or record.place or 'no issuer'}, {years}"


def _task(task: TaskRecord) -> list[str]:
    """Only text and last heading have a place in the file: evidence is taken from them."""
    found = [f"under: {' › '.join(task.path[:-1])}"] if task.path[:-1] else []
    found += [f"heading: {task.path[-1]}"] if task.path[-1:] else []
    return [*found, f"text: {task.text}"]
