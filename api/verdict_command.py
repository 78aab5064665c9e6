"""The command `verdict`: a researcher's word on one link, into verdicts.csv and the graph."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from api.console import Store, conclude, errors, say, url_of

class Ruling(StrEnum):
    continues = "continues"
    is_not = "not"


def verdict(later: Annotated[str, typer.Argument(metavar="LATER", help="The later task: its id, or words that it begins with or holds.", show_default=False)],
            earlier: Annotated[str, typer.Argument(metavar="EARLIER", help="The earlier task, likewise.", show_default=False)],
            ruling: Annotated[Ruling, typer.Argument(metavar="continues|not", help="Whether the later task carries on the earlier one.", show_default=False)],
            store: Store = None, note: Annotated[str, typer.Option(help="Why.", show_default=False)] = "",
            by: Annotated[str, typer.Option(help="Who says so.", show_default=False)] = "") -> None:
    """Overrule a link: write a row of verdicts.csv beside the plans and apply it to the graph."""
    from api import jobs
    from api.edits import rule

    with errors():
        done = rule(url_of(store), later, earlier, ruling.value, note, by)
        ours, words, theirs, others = done.tasks
        say(f"《{ours}》 {words}…\n{ruling} 《{theirs}》 {others}…")
        for told in done.notes:
            if "withdrawn" in told:
                say(f"note: {told}")
        conclude(jobs.Failures(warnings=done.warnings), f"wrote {done.sheet}{', in place of an earlier row' if done.replaced else ''}")
