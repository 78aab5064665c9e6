"""Pairs of plans with annotated links: where they are, and the tasks and links of each as the scorer sees them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.records import DocumentRecord
from ingest.pipeline import extract
from ingest.readers import read_source

ROOT = Path(__file__).parent.parent.parent
WRITTEN = ROOT / "tests" / "data" / "continuity"
UNSEEN = [ROOT / "tests" / "data" / name for name in ("continuity-2", "continuity-3")]  # never fitted on; each first read by the weights of its day
REAL = Path(os.environ.get("POLICYGRAPH_SHARED") or ROOT.parent / "shared") / "data"
OVERLAP = 0.8


@dataclass(slots=True)
class AnnotatedPair:
    """Two plans; `links` and `optional` are (place of the later task, place of the earlier one) in the records' lists."""

    name: str
    later: DocumentRecord
    earlier: DocumentRecord
    links: set[tuple[int, int]]
    optional: set[tuple[int, int]]
    notes: dict[tuple[int, int], str]
    labels: tuple[list[str | None], list[str | None]]  # the annotation's number of each task


def iter_pairs(root: Path) -> Iterator[AnnotatedPair]:
    """The pairs of a folder with raw/ and gold/, by name; raises AssertionError where an annotated task is not found."""
    for path in sorted((root / "gold").glob("continues_*.json")):
        numbers = path.stem.split("_")[1:]
        files = [next((root / "raw").glob(f"{number}_*")) for number in numbers]
        plans = sorted((record for file in files for record in extract(read_source(str(file))) if record.kind == "plan"), key=lambda record: (record.years[0], record.signed_on or ""))
        earlier, later = plans
        spans: dict[str, tuple[str, int, int]] = {}
        for number, file in zip(numbers, files, strict=True):
            text, cursor = read_source(str(file)).text, 0
            for task in json.loads((root / "gold" / f"{number}.json").read_text(encoding="utf-8"))["tasks"]:
                start = text.find(task["starts"], cursor)
                start = start if start >= 0 else text.find(task["starts"])
                end = text.find(task["ends"], start) + len(task["ends"])
                spans[task["id"]] = (str(file), start, end)
                cursor = max(cursor, start + 1)
        labels = tuple([_label(plan, task.start, task.end, spans) for task in plan.tasks] for plan in (later, earlier))
        places = [{label: k for k, label in enumerate(side) if label} for side in labels]
        rows = json.loads(path.read_text(encoding="utf-8"))
        found: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
        notes = {}
        for row in rows:
            key = places[0][row["later"]], places[1][row["earlier"]]
            found[row.get("required", True)].add(key)
            notes[key] = row["note"]
        yield AnnotatedPair(path.stem.removeprefix("continues_"), later, earlier, found[True], found[False], notes, labels)


def _label(plan: DocumentRecord, start: int, end: int, spans: dict[str, tuple[str, int, int]]) -> str | None:
    def overlap(span: tuple[str, int, int]) -> float:
        common = min(end, span[2]) - max(start, span[1])
        return common / (max(end, span[2]) - min(start, span[1])) if common > 0 and span[0] == plan.source else 0.0

    best = max(spans, key=lambda label: overlap(spans[label]), default=None)
    return best if best and overlap(spans[best]) >= OVERLAP else None
