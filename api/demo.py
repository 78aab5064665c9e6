"""The demo: the whole main job on the samples that ship with the product."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import ingest
import queries
from api import jobs, output
from api.output import counted, written
from api.resources import read_task
from api.tables import print_table
from graph.store import Store, open_store

SAMPLES = Path(ingest.__file__).with_name("samples")
_SHOWN = {
    "department_workload": ["department", "scope", "tasks", "lead", "responsible", "support", "alone", "first", "split", "share", "collective"],
    "continued_between": ["later_number", "earlier_number", "score", "named", "evidence_later", "evidence_earlier"],
    "new_between": ["number", "standing", "text", "units"],
    "dropped_between": ["number", "standing", "text", "units"],
    "department_tasks": ["first_year", "number", "role", "surface", "text"],
}


def run_demo(folder: str) -> None:
    """Extract, load, answer the three questions, write one answer as CSV."""
    graph = str(Path(folder, "graph.lbug"))
    Path(folder).mkdir(parents=True, exist_ok=True)
    failures = jobs.Failures()
    files = jobs.list_files([str(SAMPLES)])
    print(f"Reading {len(files)} sample files into {graph} (invented plans of an invented ministry and city)", file=sys.stderr)
    report = jobs.ingest_files(files, graph, False, failures, lambda path: None)
    print(f"{written(report)}; {counted(report.unchanged, 'file')} unchanged\n", file=sys.stderr)
    with open_store(graph) as store:
        print("1. Which units own the most tasks?\n")
        _show(store, "department_workload", 12, year=2025)
        print("\n2. What carried on, began and was dropped between 2022 and 2025?\n")
        for name in ("continued_between", "new_between", "dropped_between"):
            _show(store, name, 8, from_year=2022, to_year=2025, scope="海岸与渔业部")
            print()
        print("3. Where is that written?\n")
        answer = queries.run("department_workload", store, year=2025)
        tasks = _show(store, "department_tasks", 6, department=answer[0]["id"], year=2025)
        _show_source(store, tasks[0]["task"])
        for path in output.write_table(str(Path(folder, "department_workload.csv")), answer, answer.types, answer.basis):
            print(f"wrote {path}", file=sys.stderr)
    print(f"\nAsk on: policygraph query --store {graph}    in a browser: make serve", file=sys.stderr)


def _show_source(store: Store, task: str) -> None:
    """One task with its words, its clause and their place in the file."""
    found = read_task(store, task)
    place = found["source"]
    print(f"\nTask {found['number']} of 《{found['plan_title']}》, {Path(place['file']).name}, characters {place['start_char']} to {place['end_char']} of the document:")
    print(f"  “{found['text']}”\n  clause at {place['clause_start']}: “{found['clause']}”")


def _show(store: Store, name: str, limit: int, **params: Any) -> queries.Rows:
    rows = queries.run(name, store, **params)
    print_table(queries.load(name).english, rows, _SHOWN[name], output.basis_lines(rows.basis), limit)
    return rows
