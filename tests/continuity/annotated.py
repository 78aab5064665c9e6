"""Pairs of plans with annotated links: where they are, and the tasks and links of each as the scorer sees them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.records import DocumentRecord
from ingest.annotations import Annotation, iter_tasks, pair_files
from ingest.evaluation import match_tasks
from ingest.pipeline import extract
from ingest.readers import read_source
from ingest.readings import TaskRead

ROOT = Path(__file__).parent.parent.parent
WRITTEN = ROOT / "tests" / "data" / "continuity"
UNSEEN = [ROOT / "tests" / "data" / name for name in ("continuity-2", "continuity-3")]  # never fitted on; each first read by the weights of its day
REAL = Path(os.environ.get("POLICYGRAPH_SHARED") or ROOT.parent / "shared") / "data"


@dataclass(slots=True)
class AnnotatedPair:
    """Two plans; `links` and `optional` are (place of the later task, place of the earlier one) in the records' lists."""

    name: str
    later: DocumentRecord
    earlier: DocumentRecord
    links: set[tuple[int, int]]
    optional: set[tuple[int, int]]
    labels: tuple[list[str | None], list[str | None]]  # the annotation's number of each task


def iter_pairs(root: Path) -> Iterator[AnnotatedPair]:
    """The pairs of a folder with raw/ and gold/, by name; raises BadAnnotation or KeyError where an annotated task is not found."""
    for path in sorted((root / "gold").glob("continues_*.json")):
        numbers = path.stem.split("_")[1:]
        annotations = [Annotation(str(file), file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in (root / "gold" / f"{number}.json" for number in numbers)]
        plans: list[tuple[DocumentRecord, list[str | None]]] = []
        for annotation, file in pair_files(annotations, [str(file) for file in (root / "raw").iterdir()]):
            source = read_source(file)
            wanted = [TaskRead(row["id"], start, end) for _, row, start, end in iter_tasks(annotation, source.text)]
            plans += [(record, _labels(wanted, record)) for record in extract(source) if record.kind == "plan"]
        (earlier, of_earlier), (later, of_later) = sorted(plans, key=lambda plan: (plan[0].years[0], plan[0].signed_on or ""))
        places = [{label: k for k, label in enumerate(side) if label} for side in (of_later, of_earlier)]
        found: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
        for row in json.loads(path.read_text(encoding="utf-8")):
            found[row.get("required", True)].add((places[0][row["later"]], places[1][row["earlier"]]))
        yield AnnotatedPair(path.stem.removeprefix("continues_"), later, earlier, found[True], found[False], (of_later, of_earlier))


def _labels(wanted: list[TaskRead], record: DocumentRecord) -> list[str | None]:
    """Of each task of a record the annotation's number, None where it has none."""
    partners, _ = match_tasks(wanted, [TaskRead(task.id, task.start, task.end) for task in record.tasks])
    number = {k: label for label, k in partners.items()}
    return [number.get(k) for k in range(len(record.tasks))]
