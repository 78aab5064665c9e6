"""The command line in a test, in this process or as the shell runs it."""

from __future__ import annotations

import sys

from typer.testing import CliRunner

from api.cli import app

COMMAND = [sys.executable, "-c", "from api.cli import app; app()"]
WORKLOAD = ("query", "department_workload", "--year", "2022")


def run(*arguments, **options):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], **options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(result, code: int) -> str:
    """Nothing on stdout, one line of words on stderr; returns it."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: "), result.stderr
    return lines[0]
