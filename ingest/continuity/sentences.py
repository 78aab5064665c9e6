"""The sentences and segments of a task, with their places in the file, half-open.

A sentence ends at 。；！？ or a line end; a segment is a stretch between commas, a quoted name or a title counting as one.
"""

from __future__ import annotations

import re

from graph.records import TaskRecord

SEGMENT = re.compile(r"(?:“[^”\n]{1,40}”|《[^》\n]{1,60}》|[^，,。；;：:！？\n])+")
_SENTENCE = re.compile(r"[^。；;！？\n]+[。；;！？]?")
_SHORTEST = 4  # characters of a sentence that counts


def sentences_in(text: str, start: int) -> list[tuple[int, int]]:
    """The places of the sentences of a text that begins at `start`; the whole text where none is long enough."""
    own = [(start + m.start(), m[0]) for m in _SENTENCE.finditer(text) if len(m[0].strip()) >= _SHORTEST] or [(start, text)]
    places = []
    for at, words in own:
        begin = at + len(words) - len(words.lstrip())
        places.append((begin, begin + len(words.strip())))
    return places


def stretches_of(task: TaskRecord) -> list[tuple[int, int, str]]:
    """The heading of a task, if it has one, and its sentences: places and words."""
    found = []
    if task.heading_start is not None and task.heading_end is not None and task.path:
        found.append((task.heading_start, task.heading_end, task.path[-1]))
    return found + [(a, b, task.text[a - task.start:b - task.start]) for a, b in sentences_in(task.text, task.start)]


def words_of(task: TaskRecord) -> str:
    """A task's last heading and its text."""
    return " ".join([*task.path[-1:], task.text])
