"""A question file: what its header says, checked against its body both ways.

    // Which units own the most tasks?          the question, one line
    // zh: 哪些单位承担的任务最多？               the same in Chinese
    // One row: a department. …                 what a row is and what to know; any number of lines
    // param year: int = null   what it means   name, type, default (without one it must be given), description
    // column tasks: int        distinct tasks  in the order of RETURN

A .py file has the same header as its docstring, without the slashes, and one function `rows(store, **params)`; it gives
the rows, or (rows, notes) with what only it can say of them, which goes into the basis.
Types: int, float, str, bool, a|b|c, list[str]. Parameters called plan, task or department (also from_plan, to_plan)
take an id, a name or a known spelling.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from graph.errors import BadParameter, BadQuestionFile, MissingParameter, UnknownParameter, UnknownQuestion, did_you_mean
from queries.lint import lint

FOLDER = Path(__file__).parent
NO_DEFAULT = object()
# Parameters that mean a thing of the graph, by name.
MEANS = {"plan": "Plan", "from_plan": "Plan", "to_plan": "Plan", "task": "Task", "department": "Department"}
_MODULES = {"__init__", "answer", "by_code", "citation", "question", "lint", "task_changes", "things"}
_PARAM = re.compile(r"param (?P<name>[a-z_]+): (?P<type>\S+)(?: = (?P<default>\S+))?(?:\s+(?P<says>.*))?$")
_COLUMN = re.compile(r"column (?P<name>[a-z_]+): (?P<type>\S+)(?:\s+(?P<says>.*))?$")
_TYPES = {"int": int, "float": float, "str": str, "bool": bool, "list[str]": list}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str  # int, float, str, bool, list[str] or a|b|c
    default: Any  # NO_DEFAULT: it must be given
    says: str

    @property
    def choices(self) -> list[str] | None:
        return self.type.split("|") if "|" in self.type else None


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    says: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, loaded and checked."""

    name: str
    path: Path
    english: str
    chinese: str
    notes: str  # what a row is and what to know
    parameters: list[Parameter]
    columns: list[Column]
    body: str  # Cypher, without `:` lines; of a .py question its source
    params_line: dict[str, str] = field(default_factory=dict)  # values of the `:params` line, as written

    @property
    def is_cypher(self) -> bool:
        return self.path.suffix == ".cypher"

    @property
    def goes_by_code(self) -> bool:
        """Whether it can be asked once for each of the researchers' codes; a question with a column `code` does so by itself."""
        return any(parameter.name == "code" for parameter in self.parameters) and not any(column.name == "code" for column in self.columns)

    def check(self, given: dict[str, Any]) -> dict[str, Any]:
        """Parameters with defaults put in and values of the right type; raises a UsageError."""
        return check_parameters(self.name, self.parameters, given)


def check_parameters(name: str, parameters: list[Parameter], given: dict[str, Any]) -> dict[str, Any]:
    """`given` with defaults put in and values of the right type; raises a UsageError that names what was asked."""
    known = {parameter.name for parameter in parameters}
    for each in given:
        if each not in known:
            raise UnknownParameter(name, each, [parameter.name for parameter in parameters])
    values = {}
    for parameter in parameters:
        value = given.get(parameter.name)
        if value is None:
            if parameter.default is NO_DEFAULT:
                raise MissingParameter(name, parameter.name)
            value = parameter.default
        values[parameter.name] = None if value is None else _typed(name, parameter, value)
    return values


def _typed(name: str, parameter: Parameter, value: Any) -> Any:
    if parameter.choices:
        if value not in parameter.choices:
            raise BadParameter(name, parameter.name, value, "one of " + ", ".join(parameter.choices))
        return value
    kind = _TYPES[parameter.type]
    try:
        if kind is list:
            return [str(item) for item in value] if isinstance(value, list | tuple) else [part for part in str(value).split(",") if part]
        if kind is bool and not isinstance(value, bool):
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[str(value).lower()]
        if kind is int and isinstance(value, bool | float):
            raise ValueError
        number = kind(value)
        if kind is int and abs(number) >= 1 << 63:
            raise ValueError
        return number
    except (KeyError, ValueError, TypeError):
        raise BadParameter(name, parameter.name, value, {"int": "a whole number", "float": "a number", "bool": "true or false"}.get(parameter.type, parameter.type)) from None


def names() -> list[str]:
    """The questions' names, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.iterdir() if path.suffix == ".cypher" or path.suffix == ".py" and path.stem not in _MODULES)


@cache
def load(name: str) -> Question:
    """A question by its name; raises UnknownQuestion or BadQuestionFile."""
    if name not in names():
        raise UnknownQuestion(name, names())
    path = FOLDER / f"{name}.cypher"
    return parse(path if path.exists() else path.with_suffix(".py"))


def load_all() -> list[Question]:
    return [load(name) for name in names()]


def parse(path: Path) -> Question:
    """Read and check one question file."""
    text = path.read_text(encoding="utf-8")
    header, body, offset = _split(path, text)
    english, chinese, notes, parameters, columns = "", "", [], [], []
    for number, line in header:
        if line.startswith("zh:"):
            chinese = line.removeprefix("zh:").strip()
        elif line.startswith("param "):
            parameters.append(_parameter(path, number, line))
        elif line.startswith("column "):
            match = _COLUMN.match(line)
            if not match or match["type"] not in _TYPES:
                raise BadQuestionFile(path, number, f"expected `column name: type  description`, found `{line}`")
            columns.append(Column(match["name"], match["type"], match["says"] or ""))
        elif re.match(r"\w+ \w+: ", line) and line.split()[0] not in ("One", "Note"):
            raise BadQuestionFile(path, number, f"`{line.split()[0]}` is no word of a header{did_you_mean(line.split()[0], ['param', 'column'])}")
        elif not english:
            if not line.endswith("?"):
                raise BadQuestionFile(path, number, f"the header begins with the question, found `{line}`")
            english = line
        elif line:
            notes.append(line)
    for value, what in ((english, "the question"), (chinese, "`zh:`, the question in Chinese"), (columns, "a `column` line")):
        if not value:
            raise BadQuestionFile(path, 1, f"the header lacks {what}")
    params_line = dict(re.findall(r"(\w+): (\"[^\"]*\"|'[^']*'|[^,}]+)", next((line for line in text.splitlines() if line.startswith(":params")), "")))
    question = Question(path.stem, path, english, chinese, " ".join(notes), parameters, columns, body, params_line)
    if question.is_cypher:
        _check_body(question, offset)
    return question


def _split(path: Path, text: str) -> tuple[list[tuple[int, str]], str, int]:
    """Header lines with their numbers, the body, and the line number before the body."""
    lines = text.splitlines()
    if path.suffix == ".py":
        match = re.match(r'"""(.*?)"""', text, re.DOTALL)
        if not match:
            raise BadQuestionFile(path, 1, "a .py question opens with its header as a docstring")
        return [(number, line.strip()) for number, line in enumerate(match[1].splitlines(), 1) if line.strip()], text, 0
    header = []
    for number, line in enumerate(lines, 1):
        if not line.startswith("//"):
            break
        header.append((number, line.removeprefix("//").strip()))
    body = "\n".join("" if line.startswith(":") else line for line in lines[len(header):])
    return header, body, len(header)


def _parameter(path: Path, number: int, line: str) -> Parameter:
    match = _PARAM.match(line)
    if not match or not (match["type"] in _TYPES or "|" in match["type"]):
        raise BadQuestionFile(path, number, f"expected `param name: type = default  description`, found `{line}`")
    default: Any = NO_DEFAULT
    if match["default"] is not None:
        default = None if match["default"] == "null" else match["default"]
        try:
            if default is not None and match["type"] in ("int", "float", "bool"):
                default = _TYPES[match["type"]](default) if match["type"] != "bool" else default == "true"
        except ValueError:
            raise BadQuestionFile(path, number, f"the default of '{match['name']}' is {default}, no {match['type']}") from None
    return Parameter(match["name"], match["type"], default, match["says"] or "")


def _check_body(question: Question, offset: int) -> None:
    """Header and Cypher name the same parameters and columns; the Cypher keeps to what both engines mean alike."""
    body = re.sub(r"//.*", "", question.body)
    if "RETURN" not in body:
        raise BadQuestionFile(question.path, offset + 1, "the query has no RETURN")
    used = {m[1]: offset + body[:m.start()].count("\n") + 1 for m in re.finditer(r"\$([a-z_]+)", body)}
    declared = [parameter.name for parameter in question.parameters]
    for name, line in used.items():
        if name not in declared:
            raise BadQuestionFile(question.path, line, f"parameter '{name}' is used but not declared{did_you_mean(name, declared)}")
    for name in declared:
        if name not in used:
            line = next(n for n, text in enumerate(question.path.read_text(encoding='utf-8').splitlines(), 1) if f"param {name}:" in text)
            raise BadQuestionFile(question.path, line, f"parameter '{name}' is declared but not used{did_you_mean(name, list(used))}")
    returned = returned_columns(body)
    columns = [column.name for column in question.columns]
    if returned != columns:
        line = offset + body[:body.rfind("RETURN")].count("\n") + 1
        raise BadQuestionFile(question.path, line, f"RETURN gives {', '.join(returned)}; the header declares {', '.join(columns)}")
    if question.params_line.keys() != {parameter.name for parameter in question.parameters}:
        raise BadQuestionFile(question.path, offset + 1, f"the `:params` line gives {', '.join(question.params_line) or 'nothing'}; the header declares {', '.join(p.name for p in question.parameters) or 'no parameter'}")
    for line, problem in lint(body):
        raise BadQuestionFile(question.path, offset + line, problem)


def returned_columns(body: str) -> list[str]:
    """The column names of the last RETURN."""
    tail = body[body.rfind("RETURN") + len("RETURN"):]
    tail = re.split(r"\b(?:ORDER BY|SKIP|LIMIT)\b", tail)[0].strip().removeprefix("DISTINCT ")
    columns, depth, piece = [], 0, ""
    for c in tail + ",":
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            columns.append(piece.split(" AS ")[-1].strip())
            piece = ""
        else:
            piece += c
    return [column for column in columns if column]


def module_of(question: Question) -> Any:
    """The module of a .py question."""
    return importlib.import_module(f"queries.{question.name}")
