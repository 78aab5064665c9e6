"""Annotated files: a folder of NN.json, each beside no text of its own but paired with a file NN_….txt, .md, .docx …

An annotation names a task by its id and by its first and last words (`starts`, `ends`), with `path`, `clause`, `deadline`
and `units` (`name`, `role`); a target by `task` (or null), `value`, `comparator`, `unit`, `year`, `change` and whether it
is `required`; the document by `title`, `issuer`, `doc_number`, `level`, `years`, or, of a compilation, each of its
`documents`. What it leaves out is not compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.model import ROLES
from graph.records import DocumentRecord
from ingest.errors import BadAnnotation, NoAnnotations
from ingest.evaluation import Comparison, Miss, Tally, compare
from ingest.readings import Reading, TargetRead, TaskRead, UnitRead, bare, plain, read_file

METADATA = ("documents", "title", "issuer", "doc_number", "level", "years", "goals", "tasks", "duties")  # shares, each as `doc …`
_LINKS = "continues"  # continues_00.json holds links between plans, no tasks


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotated file."""

    path: str
    stem: str  # NN
    row: dict[str, Any]  # the JSON as it is


def read_annotations(folder: str) -> list[Annotation]:
    """The annotations of a folder, by name; raises BadAnnotation where one is no annotation, NoAnnotations without any."""
    found = []
    for path in sorted(Path(folder).glob("*.json")):
        if path.stem.startswith(_LINKS):
            continue
        try:
            row = json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError as error:
            raise BadAnnotation(path, f"this is no JSON in UTF-8 ({error})") from None
        if not isinstance(row, dict) or not isinstance(row.get("tasks"), list):
            raise BadAnnotation(path, "an object with a list `tasks` was expected; take the file out of the folder if it is no annotation")
        found.append(Annotation(str(path), path.stem, row))
    if not found:
        raise NoAnnotations(folder)
    return found


def pair_files(annotations: Iterable[Annotation], files: Iterable[str]) -> list[tuple[Annotation, str]]:
    """Each annotation with its file: 06.json with 06_huangpu.txt or 06.txt; raises BadAnnotation where it has none or two."""
    names = {path: Path(path).name for path in files}
    pairs = []
    for annotation in annotations:
        own = [path for path, name in names.items() if name.startswith(f"{annotation.stem}_") or Path(name).stem == annotation.stem]
        if len(own) != 1:
            problem = f"{', '.join(own)} all begin with its name; leave one of them" if own else "no file of its name was given"
            raise BadAnnotation(annotation.path, f"{problem}: the text that it annotates is called {annotation.stem}_….txt")
        pairs.append((annotation, own[0]))
    return pairs


def evaluate_file(annotation: Annotation, file: str, text: str, records: list[DocumentRecord]) -> Comparison:
    """The records of one file, whose text is `text`, against its annotation."""
    def place(start: int, end: int) -> str:
        return f"{file}, characters {start} to {end}"

    result = compare(annotated(annotation, text), read_file(records, text), annotation.stem, place)
    tally = Tally(annotation.stem, "metadata")
    for name, expected, found in _metadata(annotation.row, records):
        tally.add(f"doc {name}", expected == found, 0, expected != found)
        if expected != found:
            result.misses.append(Miss(file, f"doc {name}", str(expected), str(found)))
    result.tallies.append(tally)
    return result


def annotated(annotation: Annotation, text: str) -> Reading:
    """What an annotation says of a text; raises BadAnnotation where its words do not stand there."""
    result = Reading(text)
    for where, row, start, end in iter_tasks(annotation, text, ("units",)):
        values = {key: value for key, value in (("path", [bare(words) for words in row.get("path", ())]), ("clause", bare(row.get("clause"))), ("deadline", row.get("deadline"))) if key in row}
        result.tasks.append(TaskRead(str(row["id"]), start, end, [_unit(annotation, where, unit) for unit in row["units"]], values))
    ids = {task.id for task in result.tasks}
    for number, row in enumerate(annotation.row.get("indicators", ()), 1):
        result.targets.append(_target(annotation, number, row, ids))
    return result


def iter_tasks(annotation: Annotation, text: str, needed: Iterable[str] = ()) -> Iterator[tuple[str, dict[str, Any], int, int]]:
    """Each annotated task as an error names it, its row, and its place in a text; raises BadAnnotation where a row lacks what is
    needed or its words do not stand there."""
    cursor = 0
    for number, row in enumerate(annotation.row["tasks"], 1):
        where = f"task {row.get('id', number)}"
        for key in ("id", "starts", "ends", *needed):
            if key not in row:
                raise BadAnnotation(annotation.path, f"{where} has no `{key}`")
        start = text.find(row["starts"], cursor)
        start = start if start >= 0 else text.find(row["starts"])
        last = text.find(row["ends"], start)
        if start < 0 or last < 0:
            words, behind = (row["starts"], "") if start < 0 else (row["ends"], " behind the first words")
            raise BadAnnotation(annotation.path, f"{where}: the words {words!r} stand nowhere in its text{behind}; copy them from there")
        cursor = start + 1
        yield where, row, start, last + len(row["ends"])


def _unit(annotation: Annotation, where: str, row: dict[str, Any]) -> UnitRead:
    if row.get("role") not in ROLES or not row.get("name"):
        raise BadAnnotation(annotation.path, f"{where}: the unit {row!r} has no name, or a role that is none of {', '.join(ROLES)}")
    return UnitRead(plain(row["name"]), row["role"])


def _target(annotation: Annotation, number: int, row: dict[str, Any], ids: set[str]) -> TargetRead:
    for key in ("task", "value", "comparator"):
        if key not in row:
            raise BadAnnotation(annotation.path, f"indicator {number} has no `{key}`")
    if row["task"] is not None and row["task"] not in ids:
        raise BadAnnotation(annotation.path, f"indicator {number} belongs to the task {row['task']!r}, which is not annotated")
    values = {f"indicator {key}": row[key] for key in ("unit", "year", "change") if key in row}
    return TargetRead(row["task"], row["value"], row["comparator"], row.get("quote", ""), values, row.get("required", True))


def _metadata(row: dict[str, Any], records: list[DocumentRecord]) -> Iterator[tuple[str, Any, Any]]:
    """Field, what the annotation says and what was read, both in a form to compare."""
    if "documents" not in row:
        plan = next((record for record in records if record.kind == "plan"), records[0] if records else None)
        for name in ("title", "issuer", "doc_number", "level", "years"):
            if row.get(name) is not None:
                found = getattr(plan, name, None)
                same = name in ("level", "years")
                yield name, row[name] if same else bare(row[name]), found if same else bare(found)
        return
    yield "documents", [document["kind"] for document in row["documents"]], [record.kind for record in records]
    for document in row["documents"]:
        title = bare(document["title"])
        record = next((record for record in records if bare(record.title) == title), None)
        yield "title", title, title if record else None
        for name in ("level", "years", "issuer"):
            if name in document:
                yield name, document[name], getattr(record, name, None)
        for name in ("goals", "tasks", "duties"):
            if name in document:
                yield name, document[name], len(getattr(record, name, ()))
