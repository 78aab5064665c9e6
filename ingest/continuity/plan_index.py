"""What comparing a plan with another needs, counted once a plan: character pairs by task, sentence and segment, with places.

A task's words are its last heading and its text; the heading is a sentence and a segment of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from scipy.sparse import csr_matrix

from graph.records import DocumentRecord, TaskRecord
from ingest.background import rarities
from ingest.continuity.products import Counts
from ingest.continuity.programmes import bare, lines_of, names_of
from ingest.continuity.sentences import SEGMENT, stretches_of, words_of
from ingest.gazetteer import gazetteer

_TIER = re.compile(r"^(?:国家|全省|全市|[省市区县州旗盟])(?=[\u4e00-\u9fff]{2})")
_PIECE_END, _SPACE = 10, 1  # in _LETTERS; no letter


def _letter_of(character: str) -> int:
    """A letter or digit in one width and case, _PIECE_END, _SPACE, or 0 for a mark."""
    if character.isspace():
        return _PIECE_END if character == "\n" else _SPACE
    code = ord(character.lower()) if len(character.lower()) == 1 else 0
    code = ord(chr(code - 0xFEE0).lower()) if 0xFF01 <= code < 0xFF5F else code
    return code if 0x4E00 <= code <= 0x9FFF or chr(code) in "abcdefghijklmnopqrstuvwxyz0123456789" else 0


@cache
def _letter_table() -> np.ndarray:
    """`_letter_of` every character that two bytes hold; the last stands for those beyond."""
    return np.array([_letter_of(chr(code)) for code in range(0xFFFF)] + [0], dtype=np.uint64)


class Stretches:
    """Stretches of one kind, in the order of the tasks: the task of each, its place in the file, half-open, and whether it is the task's heading."""

    __slots__ = ("task", "start", "end", "heading", "_first")

    def __init__(self, rows: list[tuple[int, int, int]], tasks: list[TaskRecord]) -> None:
        self.task, self.start, self.end = (np.array(column, dtype=np.int64) for column in (zip(*rows, strict=True) if rows else ((), (), ())))
        self.heading = np.array([end <= tasks[task].start for task, _, end in rows], dtype=bool)
        self._first = np.searchsorted(self.task, np.arange(len(tasks) + 1)).tolist()

    def __len__(self) -> int:
        return len(self.task)

    def of_task(self, task: int) -> range:
        """The stretches of a task."""
        return range(self._first[task], self._first[task + 1])


@dataclass(slots=True)
class Runs:
    """Runs of characters: their sorted codes (uint64, 16 bits a character) and how often each task (row) holds each."""

    codes: np.ndarray
    tasks: Counts
    holding: np.ndarray  # how many tasks hold each code


@dataclass(slots=True)
class PlanIndex:
    """One plan. Rows of `tasks`, `sentences` and `segments` count `codes` (columns), a code being two characters."""

    record: DocumentRecord
    codes: np.ndarray  # sorted, uint32: first character << 16 | second
    rarity: np.ndarray  # of each code in the background
    holding: np.ndarray  # how many tasks hold each code
    subject: np.ndarray  # the plan's words: its codes weighed by their rarity, of length 1
    tasks: Counts
    sentence: Stretches
    sentences: Counts
    segment: Stretches
    segments: Counts
    grams: Runs  # of one to three characters
    phrases: Runs  # of four
    words: list[str]  # each task's heading and text without marks
    all_words: str
    names: list[dict[str, str]]  # each task's programmes and documents: key that spellings share to the name as it stands
    all_names: frozenset[str]
    lines: dict[str, dict[int, str]]  # lines of programmes.csv: first name to the tasks that hold one of its names, and which
    units: list[frozenset[str]]  # of each task, under the name that spellings share, without the word for the tier
    unit_tasks: dict[str, list[int]]  # the tasks of each unit
    unit_counts: list[int]  # how many units each task has
    targets: dict[str | None, list[tuple[int, frozenset[str]]]]  # by counter, of each target its task and its object's character pairs


def index_plan(record: DocumentRecord) -> PlanIndex:
    """Count a plan's tasks."""
    pieces: list[str] = []  # the segments' words, one behind the other
    sentence: list[tuple[int, int, int]] = []
    segment: list[tuple[int, int, int]] = []
    sentence_of: list[int] = []  # of each segment
    for k, task in enumerate(record.tasks):
        for a, b, words in stretches_of(task):
            sentence.append((k, a, b))
            for m in SEGMENT.finditer(words):
                if len(piece := m[0].strip()) < 2:
                    continue
                begin = a + m.start() + len(m[0]) - len(m[0].lstrip())
                segment.append((k, begin, begin + len(piece)))
                sentence_of.append(len(sentence) - 1)
                pieces.append(piece)
    letters = _letters(pieces)
    codes, (of_segment, column, n) = _count(*letters)
    places = np.array(segment, dtype=np.int64).reshape(-1, 3)
    up = np.array(sentence_of, dtype=np.int64)
    words, names = [bare(words_of(task)) for task in record.tasks], names_of(record)
    lines: dict[str, dict[int, str]] = defaultdict(dict)
    for k, held in enumerate(words):
        for line, name in lines_of(held).items():
            lines[line][k] = name
    owner = places[:, 0]
    tasks = Counts(_matrix(owner[of_segment], column, n, (len(record.tasks), len(codes))))
    units = [frozenset(_unit_key(unit.surface, record.body) for unit in task.units) for task in record.tasks]
    unit_tasks: dict[str, list[int]] = defaultdict(list)
    for k, named in enumerate(units):
        for unit in named:
            unit_tasks[unit].append(k)
    rarity, holding = rarities(codes), np.bincount(tasks.code, minlength=len(codes))
    subject = (1 + np.log(np.maximum(holding, 1))) * rarity
    return PlanIndex(
        record, codes, rarity, holding, subject / max(float(np.sqrt(subject @ subject)), 1e-9), tasks,
        Stretches(sentence, record.tasks), Counts(_matrix(up[of_segment], column, n, (len(sentence), len(codes)))),
        Stretches(segment, record.tasks), Counts(_matrix(of_segment, column, n, (len(segment), len(codes)))),
        _runs(*letters, owner, len(record.tasks), (1, 2, 3)), _runs(*letters, owner, len(record.tasks), (4,)),
        words, "\n".join(words), names, frozenset(key for named in names for key in named), dict(lines), units, dict(unit_tasks), [len(named) for named in units],
        _targets(record))


def _letters(pieces: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Characters of all pieces with 0 between them and for every mark, white space left out; and the piece of each."""
    raw = np.frombuffer("\n".join(pieces).encode("utf-32-le"), dtype=np.uint32)
    letters = _letter_table()[np.minimum(raw, 0xFFFF)]
    letters = letters[letters != _SPACE]
    ends = letters == _PIECE_END
    return np.where(ends, 0, letters), np.cumsum(ends)


def _count(letters: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The codes of two characters, sorted, and how often each stands in each piece: (piece, column, count)."""
    left, right = letters[:-1], letters[1:]
    there = (left > 0) & (right > 0)
    codes, column = np.unique(((left << np.uint64(16)) | right)[there].astype(np.uint32), return_inverse=True)
    cells, n = np.unique(owner[:-1][there] * max(1, len(codes)) + column, return_counts=True)
    return codes, (cells // max(1, len(codes)), cells % max(1, len(codes)), n)


def _runs(letters: np.ndarray, owner: np.ndarray, task: np.ndarray, tasks: int, lengths: tuple[int, ...]) -> Runs:
    """The runs of these lengths; none reaches over a mark. `owner` is each letter's piece, `task` each piece's task."""
    found, rows = [], []
    for length in lengths:
        n = max(0, len(letters) - length + 1)
        joined, there = np.zeros(n, np.uint64), np.ones(n, bool)
        for k in range(length):
            part = letters[k:k + n]
            joined, there = (joined << np.uint64(16)) | part, there & (part > 0)
        found.append(joined[there])
        rows.append(task[owner[:n][there]] if len(task) else np.zeros(0, np.int64))
    codes, column = np.unique(np.concatenate(found), return_inverse=True)
    cells, counts = np.unique(np.concatenate(rows) * max(1, len(codes)) + column, return_counts=True)
    rows = Counts(_matrix(cells // max(1, len(codes)), cells % max(1, len(codes)), counts, (tasks, len(codes))))
    return Runs(codes, rows, np.bincount(rows.code, minlength=len(codes)))


@lru_cache(maxsize=65_536)
def _unit_key(surface: str, body: str | None) -> str:
    """市发改委 and 发展改革委 are one, 科学技术司 and 科技司 of one ministry too. Of the words as they stand in the clause, which a
    record has whether it was just read or comes from the graph."""
    book = gazetteer()
    entry = book.find(surface, body) or book.ministry_spellings.get(surface)
    if entry:
        return entry.name
    rest = _TIER.sub("", surface)
    return book.bureaus.get(rest, rest)


def _targets(record: DocumentRecord) -> dict[str | None, list[tuple[int, frozenset[str]]]]:
    places = {task.id: k for k, task in enumerate(record.tasks)}
    found: dict[str | None, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for target in record.indicators:
        words = bare(target.object)
        if target.task in places and len(words) > 1:
            found[target.unit].append((places[target.task], frozenset(words[k:k + 2] for k in range(len(words) - 1))))
    return dict(found)


def _matrix(row: np.ndarray, column: np.ndarray, n: np.ndarray, shape: tuple[int, int]) -> csr_matrix:
    return csr_matrix((n.astype(np.float64), (row, column)), shape=shape)
