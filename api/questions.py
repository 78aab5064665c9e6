"""Questions on the command line: their list, their help, their options; and queries of the user's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import queries
from api.parquet import guess_types
from graph.errors import BadParameter, NotReading, UnknownParameter, UsageError
from graph.reading import check_reading
from graph.store import open_store
from graph.settings import VERSION
from ingest.errors import MissingFile
from queries.question import NO_DEFAULT, Question, returned_columns

_COMMENTS_AND_STRINGS = re.compile(r"//[^\n]*|/\*(?s:.*?)\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`")


def list_questions() -> str:
    """Every question with its first line."""
    found = queries.load_all()
    width = max(len(question.name) for question in found)
    return "Questions:\n" + "\n".join(f"  {question.name:<{width}}  {question.english}" for question in found) + "\n\npolicygraph query NAME --help says what a question takes."


def describe(name: str) -> str:
    """A question's help: parameters with types and defaults, columns."""
    question = queries.load(name)
    lines = [question.english, question.chinese, "", question.notes, "", "Parameters:"]
    for parameter in question.parameters:
        default = "required" if parameter.default is NO_DEFAULT else f"default {parameter.default if parameter.default is not None else 'none'}"
        lines.append(f"  --{parameter.name.replace('_', '-')} {parameter.type}  ({default})  {parameter.says}")
    if question.goes_by_code:
        lines.append("  --by-code  (a switch)  once for each code of codes.csv and once for the tasks without any; puts the column code first")
    lines += ["" if question.parameters else "  none", "Columns:"]
    lines += [f"  {column.name} ({column.type})  {column.says}" for column in question.columns]
    return "\n".join(lines)


def parse_options(question: Question, options: list[str]) -> dict[str, Any]:
    """--from-year 2018 and --from-year=2018 as parameters of a question, --by-code as what `queries.run` calls so; raises a UsageError."""
    known = [parameter.name for parameter in question.parameters]
    values: dict[str, Any] = {}
    rest = list(options)
    while rest:
        option = rest.pop(0)
        if not option.startswith("--"):
            raise UnknownParameter(question.name, option, known)
        if option == "--by-code":
            values["by_code"] = True
            continue
        name, given, value = option[2:].partition("=")
        name = name.replace("-", "_")
        if name not in known:
            raise UnknownParameter(question.name, name, known)
        if not given:
            if not rest:
                raise BadParameter(question.name, name, "", "a value behind it")
            value = rest.pop(0)
        values[name] = value
    return values


def ask_cypher(url: str, path: str) -> queries.Rows:
    """The rows of a reading query in a file; what could write or reach beyond the graph is refused."""
    file = Path(path)
    if not file.is_file():
        raise MissingFile(path)
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start:,} is no UTF-8; save the query as UTF-8") from None
    text = "\n".join(line for line in lines if not line.startswith(":"))
    bare = _COMMENTS_AND_STRINGS.sub(" ", text)
    try:
        check_reading(text)
        with open_store(url) as store:
            rows, tag = store.ask(text), store.version_tag()
    except NotReading as error:
        raise NotReading(f"{path}: {error.reason}") from None
    return queries.Rows(rows, guess_types(rows, list(rows[0]) if rows else returned_columns(bare)), {"cypher": text, "policygraph": VERSION, "graph": tag})
