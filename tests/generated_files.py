"""The made-up series of plans (generated_series.py) as files, their clauses in all wordings, with what is to be read in them.

    python tests/generated_files.py FOLDER 1000

What is known of a file is the ids of its tasks, which follow from the plan's body, title and years and the task's words, with
the units and roles of each; what carries on is known of the corpus, by the same ids. The same arguments make the same files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from generated_series import Corpus, generate

from graph.records import DocumentRecord

# What stands behind a task, with the role of the first unit and of the others; {first} alone where there is but one.
WORDINGS = [
    ("（责任单位：{all}）", "responsible", "responsible"), ("(责任部门:{all})", "responsible", "responsible"), ("【责任单位：{all}】", "responsible", "responsible"),
    ("（{all}负责）", "responsible", "responsible"), ("（{all}按职责分工负责）", "responsible", "responsible"), ("\n责任单位：{all}", "responsible", "responsible"),
    ("（牵头单位：{first}；配合单位：{others}）", "lead", "support"), ("（{first}牵头，{others}按职责分工负责）", "lead", "responsible"),
    ("（{first}会同{others}负责）", "responsible", "support"), ("（牵头：{first}；配合：{others}）", "lead", "support"), ("\n牵头单位：{first}\n配合单位：{others}", "lead", "support")]


@dataclass(slots=True)
class PlanFile:
    name: str
    text: str
    units: dict[str, list[tuple[str, str]]]  # id of each task, in order, to its units and their roles


def iter_plan_files(corpus: Corpus, seed: int = 1) -> Iterator[PlanFile]:
    """Each plan of a corpus as a file, the clause of each task in a wording of its own."""
    for record in corpus.records:
        yield _reworded(record, Random(f"{seed}/{record.source}/wordings"))


def _reworded(record: DocumentRecord, random: Random) -> PlanFile:
    parts, at, units = [], 0, {}
    for task in record.tasks:
        names = [unit.surface for unit in task.units]
        wording, first, others = random.choice([row for row in WORDINGS if len(names) > 1 or "{others}" not in row[0]])
        parts += [record.text[at:task.end], wording.format(all="、".join(names), first=names[0], others="、".join(names[1:]))]
        at = record.text.index("）", task.clause_end) + 1
        units[task.id] = [(name, others if k else first) for k, name in enumerate(names)]
    return PlanFile(record.source, "".join(parts) + record.text[at:], units)


def write_plan_files(folder: Path, files: int, tasks: int = 20, years: int = 10, seed: int = 1) -> list[str]:
    """Write so many plans of about `tasks` tasks into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = generate(-(-files // years), years, tasks, seed)
    del corpus.records[files:]
    paths = []
    for plan in iter_plan_files(corpus, seed):
        (folder / plan.name).write_text(plan.text, encoding="utf-8")
        paths.append(str(folder / plan.name))
    return paths


if __name__ == "__main__":
    print(len(write_plan_files(Path(sys.argv[1]), int(sys.argv[2]))), "files")
