"""Commands about the corpus as a whole: `manifest`, `units`, `cite`."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
