"""Every question over HTTP: one route each, its parameters typed from the file's header."""

from __future__ import annotations

import inspect
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request

import queries
from api.paging import AS_FILES, TYPES, Limit, ListFormat, Offset, no_unknown_parameters, page, page_model
from graph.store import Store
from queries.answer import answer
from queries.question import NO_DEFAULT, Parameter, Question

KEPT = 64  # answers
KEPT_ROWS = 2_000  # of an answer; a longer one is not kept
EXAMPLES = Path(__file__).with_name("examples.json")
ByCode = Annotated[bool, Query(description="once for each code of codes.csv and once for the tasks without any; the column `code` comes first")]


@cache
def examples() -> dict[str, Any]:
    """Real answers from the shipped samples, shortened; a test makes them anew and compares."""
    return json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}


def add_examples(schema: dict[str, Any]) -> dict[str, Any]:
    """Put the examples into an OpenAPI document. FastAPI leaves nulls out of those that a route declares."""
    for path, example in examples().items():
        content = schema["paths"][path]["get"]["responses"]["200"].setdefault("content", {})
        content.setdefault("application/json", {})["example"] = example
    return schema


def router() -> APIRouter:
    """/api/queries and one route a question."""
    routes = APIRouter(prefix="/api/queries", tags=["questions"], dependencies=[Depends(no_unknown_parameters)])

    @routes.get("", summary="The questions")
    def list_questions() -> list[dict[str, Any]]:
        return [description(question) for question in queries.load_all()]

    answers = Answers()
    for question in queries.load_all():
        routes.add_api_route(
            f"/{question.name}", _endpoint(question, answers), methods=["GET"], summary=question.english, name=question.name,
            description=f"{question.chinese}\n\n{question.notes}", responses=AS_FILES,
            response_model=page_model(question.name, _row_columns(question), basis=True))
    return routes


def _row_columns(question: Question) -> dict[str, str]:
    columns = {column.name: column.type for column in question.columns}
    return {"code": "str"} | columns if question.goes_by_code else columns


def description(question: Question) -> dict[str, Any]:
    """A question's header as data."""
    return {
        "name": question.name, "question": question.english, "zh": question.chinese, "notes": question.notes,
        "parameters": [{"name": p.name, "type": p.type, "required": p.default is NO_DEFAULT,
                        "default": None if p.default is NO_DEFAULT else p.default, "choices": p.choices, "description": p.says} for p in question.parameters],
        "columns": [{"name": c.name, "type": c.type, "description": c.says} for c in question.columns],
        "by_code": question.goes_by_code, "cypher": question.body if question.is_cypher else None, "href": f"/api/queries/{question.name}"}


class Answers:
    """The last answers, kept for the version of the graph that they are of; what several ask for at once is worked out once.

    Questions that are computed here, not by the engine, are worked out one at a time: they take Python's own time and much memory.
    """

    def __init__(self) -> None:
        self._lock, self._computing = threading.Lock(), threading.Lock()
        self._kept: OrderedDict[str, Future[queries.Rows]] = OrderedDict()

    def answer(self, question: Question, store: Store, given: dict[str, Any], by_code: bool) -> queries.Rows:
        """The rows of a question with their basis; not to be changed."""
        key = json.dumps([store.version_tag(), question.name, given, by_code], sort_keys=True)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                mine = self._kept[key] = Future()
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(key)
        if found is not None:
            return found.result()
        try:
            with nullcontext() if question.is_cypher else self._computing:
                rows = answer(question, store, given, by_code)
        except BaseException as error:
            self._drop(key)
            mine.set_exception(error)
            raise
        if len(rows) > KEPT_ROWS:
            self._drop(key)
        mine.set_result(rows)
        return rows

    def _drop(self, key: str) -> None:
        with self._lock:
            self._kept.pop(key, None)


def _endpoint(question: Question, answers: Answers) -> Callable[..., Any]:
    def ask(request: Request, limit: int, offset: int, format: str, by_code: bool = False, **given: Any) -> Any:
        rows = answers.answer(question, request.state.store, given, by_code)
        return page(request, list(rows)[offset:offset + limit], len(rows), limit, offset, rows.types, format, rows.basis)

    kind = inspect.Parameter.KEYWORD_ONLY
    fixed = [inspect.Parameter("request", kind, annotation=Request), *(_signature(parameter) for parameter in question.parameters),
             *([inspect.Parameter("by_code", kind, annotation=ByCode, default=False)] if question.goes_by_code else []),
             inspect.Parameter("limit", kind, annotation=Limit, default=50), inspect.Parameter("offset", kind, annotation=Offset, default=0),
             inspect.Parameter("format", kind, annotation=ListFormat, default="json")]
    ask.__signature__ = inspect.Signature(fixed)  # type: ignore[attr-defined]
    ask.__name__ = question.name
    return ask


def _signature(parameter: Parameter) -> inspect.Parameter:
    hint: Any = Literal[tuple(parameter.choices)] if parameter.choices else TYPES[parameter.type]  # type: ignore[valid-type]
    required = parameter.default is NO_DEFAULT
    limits: dict[str, Any] = {"int": {"ge": -(1 << 63), "le": (1 << 63) - 1}, "float": {"allow_inf_nan": False}}.get(parameter.type, {})  # what both engines hold
    annotation = Annotated[hint if required else hint | None, Query(description=parameter.says, **limits)]
    default = inspect.Parameter.empty if required else parameter.default
    return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
