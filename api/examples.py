"""The examples of the OpenAPI document: real answers of the service over the shipped samples, shortened.

    python -m api.examples        # writes api/examples.json anew
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from api.question_routes import EXAMPLES

_KEEP = 2  # rows of each list
# Path of the OpenAPI document to the request that answers it; {first …} is filled from an answer above it.
REQUESTS: tuple[tuple[str, str], ...] = (
    ("/api/overview", "/api/overview"), ("/api/search", "/api/search?q=渔港&limit=2"), ("/api/queries", "/api/queries"),
    ("/api/queries/department_workload", "/api/queries/department_workload?year=2025"),
    ("/api/queries/department_tasks", "/api/queries/department_tasks?department=海岸司"),
    ("/api/queries/workload_change", "/api/queries/workload_change?from_year=2022&to_year=2025&scope=海岸与渔业部"),
    ("/api/queries/plans", "/api/queries/plans"),
    ("/api/queries/plan_tasks", "/api/queries/plan_tasks?plan=海渔发〔2025〕2号"),
    ("/api/queries/continued_between", "/api/queries/continued_between?from_year=2022&to_year=2025"),
    ("/api/queries/new_between", "/api/queries/new_between?from_year=2022&to_year=2025"),
    ("/api/queries/dropped_between", "/api/queries/dropped_between?from_year=2022&to_year=2025"),
    ("/api/queries/task_history", "/api/queries/task_history?task=扩大“智慧渔港”行动覆盖面"),
    ("/api/queries/coverage", "/api/queries/coverage"),
    ("/api/queries/programme_years", "/api/queries/programme_years?name=智慧渔港"),
    ("/api/queries/policies_cited", "/api/queries/policies_cited?relation=produces"),
    ("/api/queries/indicators", "/api/queries/indicators?year=2025&unit=艘"),
    ("/api/queries/shared_tasks", "/api/queries/shared_tasks?year=2025"),
    ("/api/queries/search_tasks", "/api/queries/search_tasks?q=平台"),
    ("/api/queries/duties", "/api/queries/duties"),
    ("/api/queries/plans_by_year", "/api/queries/plans_by_year"),
    ("/api/queries/unit_spellings", "/api/queries/unit_spellings"),
    ("/api/queries/units_alike", "/api/queries/units_alike"),
    ("/api/queries/codes", "/api/queries/codes"),
    ("/api/queries/themes", "/api/queries/themes"),
    ("/api/queries/distinctive_terms", "/api/queries/distinctive_terms?from_year=2022&to_year=2025&top=5"), ("/api/queries/lines", "/api/queries/lines"),
    ("/api/queries/series", "/api/queries/series"), ("/api/queries/counterparts", "/api/queries/counterparts"),
    ("/api/queries/workload_across", "/api/queries/workload_across?year=2025"),
    ("/api/queries/neighbours", "/api/queries/neighbours?node={department}"),
    ("/api/compare", "/api/compare?from_year=2022&to_year=2025"),
    ("/api/plans", "/api/plans"), ("/api/tasks", "/api/tasks?q=平台"), ("/api/departments", "/api/departments?q=司"), ("/api/indicators", "/api/indicators?year=2025"),
    ("/api/plans/{id}", "/api/plans/{plan}"), ("/api/tasks/{id}", "/api/tasks/{task}"), ("/api/departments/{id}", "/api/departments/{department}"),
    ("/api/indicators/{id}", "/api/indicators/{indicator}"), ("/api/documents", "/api/documents"), ("/api/documents/{id}/spans", "/api/documents/{document}/spans"),
    ("/api/graph/{id}", "/api/graph/{department}?limit=5"), ("/api/graph/between", "/api/graph/between?ids={department},{task}"), ("/api/paths", "/api/paths?from={department}&to={plan}"),
)


def shorten(value: Any) -> Any:
    """Lists of things cut to a few; what differs from graph to graph set to a word."""
    if isinstance(value, dict):
        return {key: "a graph's name and version" if key == "graph" and isinstance(item, str) else shorten(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shorten(item) for item in (value[:_KEEP] if value and isinstance(value[0], dict) else value)]
    return value


def ids_in(path: str, body: Any) -> dict[str, str]:
    """What later requests can be filled with from an answer: by name, the id of its first thing."""
    named = {f"/api/{name}s": name for name in ("plan", "task", "department", "indicator")} | {"/api/queries/department_workload": "department"}
    if path in named:
        return {named[path]: body["rows"][0]["id"]}
    return {"document": body[0]["id"]} if path == "/api/documents" else {}


def collect(client: Any) -> dict[str, Any]:
    """Path to shortened answer, from a client of the service over the samples."""
    ids: dict[str, str] = {}
    found = {}
    for path, request in REQUESTS:
        response = client.get(request.format(**ids))
        assert response.status_code == 200, (request, response.text)
        body = response.json()
        found[path] = shorten(body)
        ids |= ids_in(path, body)
    return found


def _main() -> None:
    import os

    from starlette.testclient import TestClient

    from api import jobs
    from api.app import create_app
    from api.demo import SAMPLES

    target = EXAMPLES.resolve()
    with tempfile.TemporaryDirectory() as folder:
        graph = str(Path(folder, "graph.lbug"))
        os.chdir(SAMPLES)
        jobs.ingest_files(jobs.list_files(["."]), graph, False, jobs.Failures(), lambda path: None)
        found = collect(TestClient(create_app(graph)))
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main()
