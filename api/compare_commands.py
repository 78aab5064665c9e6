"""The command `compare`: what carried on, began and was dropped between two years' plans, or two plans."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.console import Format, Output, Store, errors, say, url_of

if TYPE_CHECKING:
    from graph import store as graphs
    from queries.comparison import Comparison


class PartName(StrEnum):
    compared = "compared"
    summary = "summary"
    tasks = "tasks"
    pairs = "pairs"
    targets = "targets"
    units = "units"
    strength = "strength"
    programmes = "programmes"
    terms = "terms"


def add_to(app: typer.Typer) -> None:
    """Register the command of this module."""
    app.command()(compare)


def compare(years: Annotated[list[int] | None, typer.Argument(help="The earlier and the later year.", show_default=False)] = None,
            plan: Annotated[list[str] | None, typer.Option("--plan", help="Instead of years: id, title or number of the earlier plan, and once more of the later one; one alone is compared with the plan before it in its series.", show_default=False)] = None,
            scope: Annotated[str | None, typer.Option(help="Only plans of this body or place.")] = None,
            part: Annotated[PartName | None, typer.Option("--part", help="All rows of one part.", show_default=False)] = None,
            store: Store = None, format: Output = Format.table,
            output_folder: Annotated[str | None, typer.Option("--output", "-o", help="Write each part as CSV into this folder, its basis beside it.")] = None) -> None:
    """What carried on, began and was dropped between two years' plans: policygraph compare 2018 2021."""
    from api import output
    from graph.store import open_store
    from queries.comparison import compare as compare_plans

    with errors():
        _check_format(format, part, output_folder)
        _check_asked(years or [], plan or [])
        with open_store(url_of(store)) as opened:
            asked = _asked(opened, years or [], plan or [], scope)
            found = compare_plans(opened, **asked, **({"only": (part.value,)} if part else {}))
            if output_folder:
                for path in _write(output_folder, found, opened):
                    say(f"wrote {path}")
                return
        if part:
            _print_part(found, part.value, format)
        elif format is Format.json:
            import json

            print(json.dumps(found.to_dict(), ensure_ascii=False, indent=1, default=str))
        else:
            from api.comparison_screen import print_comparison

            print_comparison(found, output.basis_lines(found.basis))


def _check_asked(years: list[int], plans: list[str]) -> None:
    """Raises UsageError where years and plans name no two sides."""
    from graph.errors import UsageError

    if (len(years), len(plans)) not in ((2, 0), (0, 2), (0, 1)):
        given = " ".join([*map(str, years), *(f"--plan {plan}" for plan in plans)]) or "nothing"
        raise UsageError(f"two years, or two plans, are compared{', not both' if years and plans else ''}: policygraph compare 2018 2021, or --plan EARLIER --plan LATER, "
                         f"or --plan LATER alone, with the plan before it in its series; found {given}")


def _asked(opened: graphs.Store, years: list[int], plans: list[str], scope: str | None) -> dict[str, Any]:
    """The parameters of a comparison; of one plan the other is the one before it in its series. Raises UsageError where there is none."""
    from graph.errors import UsageError
    from graph.series import previous_plan
    from queries.things import find_thing

    if len(plans) == 1:
        later = find_thing(opened, "compare", "plan", "Plan", plans[0])
        before = previous_plan(opened, later)
        if before is None:
            raise UsageError(f"no earlier plan of the series of {plans[0]} is in the graph (policygraph query series lists them; corpus.csv settles what is one series): name both, --plan EARLIER --plan LATER")
        plans = [before, later]
    sides = {"from_year": years[0], "to_year": years[1]} if years else {"from_plan": plans[0], "to_plan": plans[1]}
    return sides | {"scope": scope}


def _check_format(format: Format, part: PartName | None, folder: str | None) -> None:
    from graph.errors import UsageError

    if folder and format not in (Format.table, Format.csv):
        raise UsageError(f"-o writes CSV; leave out --format {format}, or send the output to a file")
    if not folder and not part and format in (Format.csv, Format.jsonl):
        hint = "-o FOLDER writes each part as CSV, and " if format is Format.csv else ""
        raise UsageError(f"a comparison is more than one table: {hint}--part NAME --format {format} prints one of {', '.join(PartName)}")


def _print_part(found: Comparison, name: str, format: Format) -> None:
    from api import output
    from api.console import print_rows

    part = found.parts[name]
    notes = [part.says, *(f"Note: {note}." for note in part.notes), *output.basis_lines(found.basis)]
    print_rows(part.title, part.rows, part.column_names, format, notes)


def _write(folder: str, found: Comparison, opened: graphs.Store) -> list[str]:
    """One CSV a part, and beside each what its columns mean and what it rests on; returns the paths."""
    from api import output
    from graph.errors import CannotWriteFile
    from queries.citation import cited

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWriteFile(folder, error.strerror or error) from None
    basis = found.basis | {"citation": cited(opened), "compared": found.compared, "summary": found.summary}
    paths = []
    for part in found.parts.values():
        about = {"part": part.name, "says": part.says, "columns": {column.name: column.says for column in part.columns}, "part_notes": part.notes}
        paths += output.write_table(str(Path(folder, f"{part.name}.csv")), part.rows, part.types, about | basis)
    return paths
