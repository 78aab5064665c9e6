"""How common each pair of characters is in tasks of any plan: the background that tells shared work from shared style.

`background.tsv` ships with the product: the number of tasks in which each character pair stands, counted over plans
written for this project. Make it anew with `python -m ingest.background FOLDER…`.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PATH = Path(__file__).with_name("background.tsv")
_BREAKS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
_KEEP = 2  # tasks in which a pair must stand to be kept; the rest weigh as unseen


def character_pairs(text: str) -> Counter[str]:
    """Adjacent characters with their counts; punctuation separates."""
    counts: Counter[str] = Counter()
    for run in _BREAKS.split(text):
        counts.update(run[i:i + 2] for i in range(len(run) - 1))
    return counts


@cache
def _background() -> tuple[int, dict[str, int]]:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return int(lines[0].rsplit(" ", 1)[1]), {pair: int(n) for pair, n in rows}


def rarity(pair: str) -> float:
    """Natural logarithm of how rare a pair is among the background's tasks."""
    tasks, counts = _background()
    return math.log((tasks + 1) / (counts.get(pair, 0) + 1))


def rarities(codes: np.ndarray) -> np.ndarray:
    """`rarity` of many pairs, each given as its first character's code point << 16 | its second's."""
    import numpy as np

    known, values, unseen = _table()
    k = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.where(known[k] == codes, values[k], unseen)


@cache
def _table() -> tuple[np.ndarray, np.ndarray, float]:
    """The pairs' codes, sorted, their rarities, and that of a pair that is not among them."""
    import numpy as np

    tasks, counts = _background()
    pairs = sorted((ord(pair[0]) << 16 | ord(pair[1]), n) for pair, n in counts.items())
    return np.array([code for code, _ in pairs]), np.log((tasks + 1) / (np.array([n for _, n in pairs]) + 1)), math.log(tasks + 1)


def build(texts: Iterable[str]) -> str:
    """The file's content for these task texts."""
    counts: Counter[str] = Counter()
    tasks = 0
    for text in texts:
        tasks += 1
        counts.update(character_pairs(text).keys())
    rows = sorted(((n, pair) for pair, n in counts.items() if n >= _KEEP), key=lambda row: (-row[0], row[1]))
    return f"# tasks {tasks}\n" + "".join(f"{pair}\t{n}\n" for n, pair in rows)


def _main(folders: list[str]) -> None:
    from ingest.pipeline import extract
    from ingest.readers import iter_files, read_source

    records = (record for path in iter_files(folders) for record in extract(read_source(path)))
    PATH.write_text(build(" ".join([*task.path[-1:], task.text]) for record in records for task in record.tasks), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
