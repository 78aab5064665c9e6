"""A judge's reply read and checked: what of it can be used, and what is wrong with the rest, in words that it is told."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from graph.records import DocumentRecord, TaskRecord
from ingest.continuity.judge_prompt import Question
from ingest.continuity.judged import Judgement, find_words

_FENCE = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)```", re.S)
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.S)  # what some models print before their answer
_LONGEST = 300  # characters of a reason that are kept
_SHORTEST = 2  # characters of evidence: a single one shows nothing


@dataclass(slots=True)
class Reply:
    """`judged` has the answers that can be used, by the candidate's number (from 1)."""

    judged: dict[int, Judgement] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def left(self, question: Question) -> list[int]:
        """The candidates without an answer that can be used."""
        return [number for number in range(1, len(question.places) + 1) if number not in self.judged]


def read_reply(text: str, question: Question, by: str, date: str) -> Reply:
    """Read a reply: one JSON object, bare or in a fence, that gives each candidate exactly once."""
    reply = Reply()
    answers = _answers(text)
    if isinstance(answers, str):
        reply.problems.append(answers)
        return reply
    numbers = [answer.get("candidate") if isinstance(answer, dict) else None for answer in answers]
    often = Counter(number for number in numbers if _is_number(number))
    known = range(1, len(question.places) + 1)
    for number, answer in zip(numbers, answers, strict=True):
        if not _is_number(number) or number not in known:
            reply.problems.append(f"candidate is {_shown(number)}, expected a whole number from 1 to {len(known)}")
        elif often[number] == 1:
            found = _judgement(answer, question, number, by, date)
            if isinstance(found, Judgement):
                reply.judged[number] = found
            else:
                reply.problems += [f"candidate {number}: {problem}" for problem in found]
    for number in known:
        if often[number] != 1:
            reply.problems.append(f"candidate {number} is answered {often[number]} times, expected once" if often[number] else f"candidate {number} is not answered")
    return reply


def written(judged: dict[int, Judgement]) -> str:
    """Answers in the form in which a reply gives them."""
    rows = [{"candidate": number, "continues": found.continues, "confidence": found.confidence, "evidence_later": found.evidence_later,
             "evidence_earlier": found.evidence_earlier, "why": found.why} for number, found in sorted(judged.items())]
    return json.dumps({"answers": rows}, ensure_ascii=False)


def _answers(text: str) -> list[Any] | str:
    """The list of answers, or what is wrong."""
    text = _THOUGHTS.sub("", text)
    problem = "this is no JSON object"
    for part in (text, *reversed(_FENCE.findall(text)), text[text.find("{"):text.rfind("}") + 1]):
        try:
            found = json.loads(part)
        except (ValueError, RecursionError) as error:
            problem = f"this is no JSON object ({error})" if part is text and part.strip() else problem
            continue
        if not isinstance(found, dict) or not isinstance(found.get("answers"), list):
            return "the JSON holds no list \"answers\""
        return found["answers"]
    return problem


def _judgement(answer: dict[str, Any], question: Question, number: int, by: str, date: str) -> Judgement | list[str]:
    continues, confidence = answer.get("continues"), answer.get("confidence")
    problems = []
    if not isinstance(continues, bool):
        problems.append(f"continues is {_shown(continues)}, expected true or false")
    # Below one half the answer contradicts itself; most often a model has given the odds of a link instead.
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0.5 <= confidence <= 1:
        problems.append(f"confidence is {_shown(confidence)}, expected a number from 0.5 to 1: how sure you are of your own answer, true or false")
    words = []
    if continues is True:
        for side, record, task in (("later", question.later_plan, question.task), ("earlier", question.earlier_plan, question.candidates[number - 1])):
            found = _evidence(answer.get(f"evidence_{side}"), record, task)
            if found is None:
                whose = "the later task" if side == "later" else f"candidate {number}"
                problems.append(f"evidence_{side} is {_shown(answer.get(f'evidence_{side}'))}, which does not stand in the text or heading of {whose}; copy words that do")
            else:
                words.append(found)
    if problems:
        return problems
    return Judgement(bool(continues), round(float(confidence), 3), *(words or ("", "")), _plain(answer.get("why")), by, date)  # type: ignore[arg-type]


def _evidence(words: Any, record: DocumentRecord, task: TaskRecord) -> str | None:
    if not isinstance(words, str) or len("".join(words.split())) < _SHORTEST:
        return None
    found = find_words(record, task, words)
    return found.words if found else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    shown = "missing" if value is None else json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return shown if len(shown) <= 200 else shown[:200] + "…"


def _plain(why: Any) -> str:
    """A reason on one line, without what a terminal or a database would stumble over."""
    if not isinstance(why, str):
        return ""
    return " ".join("".join(character if character.isprintable() else " " for character in why).split())[:_LONGEST]
