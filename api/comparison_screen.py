"""A comparison on the terminal: what is compared, how many carried on, and the first rows of what changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from api.tables import print_table

if TYPE_CHECKING:
    from queries.comparison import Comparison

_ROWS = 8
_WORDS = 10  # distinctive terms of each side
_STANDING = {"none": 0, "perhaps": 1}


def print_comparison(found: Comparison, notes: list[str]) -> None:
    """The whole on stdout, long tables cut; the last lines say how to see all."""
    console = Console(highlight=False)
    for line in [*found.compared, "", *found.summary]:
        # Wrapped for a person at a terminal; whole lines for whatever reads them otherwise.
        console.print(escape(line), soft_wrap=not console.is_terminal)
    several = len({row["bodies"] for row in found.parts["summary"].rows}) > 1
    for title, rows, columns in _tables(found):
        if rows:
            print()
            print_table(title, rows, ["bodies", *columns] if several else columns, [], _ROWS)
    print()
    for line in [*_unsaid(found), *_terms(found), "", "All rows: --part tasks, pairs, targets, units, strength, programmes or terms; -o FOLDER writes each as CSV, --format json prints one object.", *notes]:
        console.print(escape(line), style="dim" if line in notes else None, soft_wrap=not console.is_terminal)


def _tables(found: Comparison) -> list[tuple[str, list[dict[str, Any]], list[str]]]:
    """Title, rows and the columns that fit."""
    tables = []
    for side in ("later", "earlier"):
        rows = [row for row in found.parts["tasks"].rows if row["side"] == side and row["class"] in _STANDING]
        called = list(dict.fromkeys(row["called"] for row in found.parts["summary"].rows if row["side"] == side))
        shown = [row | {"perhaps": row["partners"]} for row in sorted(rows, key=lambda row: _STANDING[row["class"]])]
        tables.append((f"{side.capitalize()} tasks: {' or '.join(called)}, or perhaps", shown, ["number", "words", "class", "perhaps"]))
    parts = sorted((row for row in found.parts["tasks"].rows if row["sentences_alone"] and row["side"] == "earlier"), key=lambda row: -len(row["sentences_alone"]))
    tables.append(("Continued in parts: sentences of earlier tasks without a like one in the tasks linked with them",
                   [row | {"later": row["partners"], "sentences": len(row["sentences_alone"]), "first_of_them": row["sentences_alone"][0]} for row in parts],
                   ["number", "words", "later", "sentences", "first_of_them"]))
    targets = [_tasks(row) for row in found.parts["targets"].rows if row["standing"] in ("changed", "of two bodies", "similar object, check")]
    targets.sort(key=lambda row: row["class"] != "continued")
    tables.append(("Targets", [row | {"standing": row["standing"].replace("similar object, ", "")} for row in targets], ["tasks", "class", "standing", "change", "earlier_quote", "later_quote"]))
    units = [_tasks(row) | {"lead_changed": f"{'、'.join(row['lead_earlier'])} → {'、'.join(row['lead_later'])}" if row["lead_changed"] else ""}
             for row in found.parts["units"].rows if row["class"] == "continued" and (row["joined"] or row["left"] or row["lead_changed"])]
    tables.append(("Units of tasks that go on for sure", sorted(units, key=lambda row: not row["lead_changed"]), ["tasks", "lead_changed", "joined", "left"]))
    stages = [_tasks(row) | {"stage": f"{row['change']}: {row['earlier_verb']} → {row['later_verb']}"} for row in found.parts["strength"].rows if row["change"] != "same" and row["closely"]]
    tables.append(("Stages of work", sorted(stages, key=lambda row: row["class"] != "continued"), ["tasks", "class", "stage", "earlier_quote", "later_quote"]))
    programmes = [row for row in found.parts["programmes"].rows if row["earlier"] and row["later"] or row["alike"]]
    tables.append(("Programmes, in tasks that name them", programmes, ["name", "standing", "earlier", "later", "alike"]))
    return tables


def _tasks(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"tasks": f"{row['earlier_number']} → {row['later_number']}"}


def _unsaid(found: Comparison) -> list[str]:
    """What the tables leave out, counted."""
    lines = []
    units = found.parts["units"].rows
    if units and all(row["joined"] is None and row["left"] is None for row in units):
        stayed = Counter(name for row in units for name in row["stayed"]).most_common()
        told = ": " + ", ".join(f"{name} on {n}" for name, n in stayed[:_ROWS]) + f"{' …' if stayed[_ROWS:] else ''} of {len(units)} links" if stayed else ""
        lines.append(f"Units: {units[0]['note'] or 'stated on one side only'}{told}.")
    targets = [row["standing"] for row in found.parts["targets"].rows]
    if targets:
        counts = {name: targets.count(name) for name in ("changed", "same", "of two bodies", "similar object, check", "only in the earlier task", "only in the later task")}
        lines.append("Targets of linked tasks: " + ", ".join(f"{n} {name.replace('object, check', 'objects to check')}" for name, n in counts.items() if n) + ".")
    programmes = [row["standing"] for row in found.parts["programmes"].rows]
    if programmes:
        lines.append("Programmes: " + ", ".join(f"{programmes.count(name)} {name}" for name in dict.fromkeys(programmes)) + ".")
    return lines


def _terms(found: Comparison) -> list[str]:
    """The words of each side, with in how many of its tasks each stands, and in how many of the other's."""
    lines = []
    for side, other in (("earlier", "later"), ("later", "earlier")):
        words = [row for row in found.parts["terms"].rows if row["side"] == side][:_WORDS]
        if words:
            lines.append(f"Words of the {side} side (tasks there : tasks of the other): " + "、".join(f"{row['word']} {row[side]}:{row[other]}" for row in words))
    return lines
