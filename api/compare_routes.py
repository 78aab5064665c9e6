"""The comparison over HTTP: the whole as one object, or one part as a list with pages, JSON, CSV or Parquet."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, create_model

from api.paging import AS_FILES, TYPES, Limit, ListFormat, Offset, no_unknown_parameters, page
from api.resources import Year
from graph.errors import BadParameter
from queries.comparison import compare
from queries.comparison.parts import NAMES, columns_of

_Plan = Annotated[str | None, Query(description="instead of a year: id, title or number")]
_Part = Annotated[Literal[NAMES] | None, Query(description="all rows of one part; limit and offset go with it")]  # type: ignore[valid-type]


class PartPage(BaseModel):
    """One page of a part."""

    rows: list[dict[str, Any]]
    total: int
    next: str | None
    basis: dict[str, Any]


def _model() -> type[BaseModel]:
    """The whole: each part with its columns."""
    parts: dict[str, Any] = {}
    for name in NAMES:
        row = create_model(f"compare_{name}_row", **{column.name: (TYPES[column.type] | None, None) for column in columns_of(name)})  # type: ignore[call-overload]
        parts[name] = (list[row], ...)  # type: ignore[valid-type]
    return create_model("comparison", words=(dict[str, list[str]], ...), **parts, notes=(dict[str, list[str]], ...), basis=(dict[str, Any], ...))


def router() -> APIRouter:
    """/api/compare."""
    routes = APIRouter(prefix="/api", tags=["comparison"], dependencies=[Depends(no_unknown_parameters)])

    @routes.get("/compare", summary="What carried on, began and was dropped between two plans or years", description="两份规划或两个年份之间，哪些任务延续、新增、取消，有何变化？\n\n"
                "Give a year or a plan for each side. `words` says what is compared and how many tasks carried on; `basis.notes` what to know before quoting it.",
                response_model=_model() | PartPage, response_model_exclude_unset=True, responses=AS_FILES)
    def compare_plans(request: Request, from_year: Year = None, to_year: Year = None, scope: Annotated[str | None, Query(description="issuing body or place")] = None,
                      from_plan: _Plan = None, to_plan: _Plan = None, part: _Part = None, limit: Limit = 50, offset: Offset = 0, format: ListFormat = "json") -> Any:
        if part is None and format != "json":
            raise BadParameter("compare", "format", format, "json, or part= with one of " + ", ".join(NAMES))
        found = compare(request.state.store, from_year, to_year, scope, from_plan, to_plan, only=(part,) if part else NAMES)
        if part is None:
            return found.to_dict()
        rows = found.parts[part]
        return page(request, rows.rows[offset:offset + limit], len(rows.rows), limit, offset, rows.types, format, found.basis | ({"part_notes": rows.notes} if rows.notes else {}))

    return routes
