"""Which task a quote in a sheet means: by its id, by its words, or both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from graph.ids import squeeze
from ingest.correction_sheet import NotApplicable

_LIKE = 0.7  # share of a quote's character pairs that a changed task still holds; unlike tasks share under 0.4
_AHEAD = 0.1  # by which the best candidate must lead the second


class HasWords(Protocol):
    """A task as far as it is known by its words."""

    @property
    def text(self) -> str: ...


Words = TypeVar("Words", bound=HasWords)


def find_task(tasks: Sequence[Words], ids: Mapping[str, Any], quote: str) -> Words:
    """The task of an id or of words; `ids` are those that tasks have or had. Raises NotApplicable where none or several are meant."""
    given, words = split_id(quote, "t")
    if given and (task := ids.get(given)) in tasks:
        return task
    if not words:
        raise NotApplicable(f"no task has the id {given}; give its first words behind the id")
    wanted = squeeze(words.rstrip("…"))
    holding = [task for task in tasks if wanted in squeeze(task.text)]
    if len(holding) > 1:
        holding = [task for task in holding if squeeze(task.text).startswith(wanted)] or holding
    if len(holding) == 1:
        return holding[0]
    if holding:
        raise NotApplicable(f"{len(holding)} tasks hold the words {words[:20]!r}; give more of them")
    ranked = sorted(((_share(wanted, squeeze(task.text)), -k) for k, task in enumerate(tasks)), reverse=True)
    if not ranked or ranked[0][0] < _LIKE or len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _AHEAD:
        raise NotApplicable(f"no task holds the words {words[:20]!r}")
    return tasks[-ranked[0][1]]


def split_id(quote: str, letter: str) -> tuple[str | None, str]:
    """The id of this letter that a quote begins with, and the words behind it."""
    match = re.match(rf"({letter}-[a-z2-7]{{12}})(?:\s+|$)", quote)
    return (match[1], quote[match.end():].strip()) if match else (None, quote.strip())


def _share(quote: str, text: str) -> float:
    """Share of the quote's character pairs that the text holds."""
    pairs = [quote[k:k + 2] for k in range(len(quote) - 1)]
    there = {text[k:k + 2] for k in range(len(text) - 1)}
    return sum(pair in there for pair in pairs) / len(pairs) if pairs else 0.0
