"""The graph as a drawing asks for it: a node with its neighbours, the edges among nodes, the shortest paths between two."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from api.paging import no_unknown_parameters
from graph.errors import BadParameter
from graph.paths import HOPS, VISITED, shortest_paths
from graph.surroundings import KINDS, read_edges, read_neighbours, read_nodes

_MOST = 500  # ids of one request: its address stays below the 8 kB that servers in between take
Kinds = Annotated[str, Query(description=f"kinds of nodes, by commas: {', '.join(KINDS)}; all, where none is given")]
Perhaps = Annotated[bool, Query(description="also the edges RESEMBLES: links of tasks that mostly do not hold")]


class NodeOut(BaseModel):
    id: str
    kind: str
    label: str
    detail: str | None
    years: list[int]
    level: str | None
    collective: bool
    codes: list[str]
    document: str | None
    start_char: int | None
    end_char: int | None


class EdgeOut(BaseModel):
    source: str
    target: str
    kind: str
    role: str | None
    relation: str | None
    score: float | None
    times: int


class NetworkOut(BaseModel):
    nodes: list[NodeOut]
    edges: list[EdgeOut]


class SurroundingsOut(NetworkOut):
    left_out: dict[str, int]


class PathsOut(NetworkOut):
    paths: list[list[str]]
    length: int | None
    total: int
    visited: int
    gave_up: bool
    note: str | None


def _kinds(endpoint: str, given: str) -> tuple[str, ...]:
    asked = tuple(filter(None, given.split(",")))
    for kind in asked:
        if kind not in KINDS:
            raise BadParameter(endpoint, "kinds", kind, "some of " + ", ".join(KINDS))
    return asked or KINDS


def router() -> APIRouter:
    """/api/graph/{id}, /api/graph/between and /api/paths."""
    routes = APIRouter(prefix="/api", tags=["graph"], dependencies=[Depends(no_unknown_parameters)])

    @routes.get("/graph/between", summary="Nodes by their ids, and the edges among them", response_model=NetworkOut)
    def between(request: Request, ids: Annotated[str, Query(min_length=14, description=f"up to {_MOST} ids, by commas")], perhaps: Perhaps = False) -> dict[str, Any]:
        store, asked = request.state.store, list(dict.fromkeys(ids.split(",")))
        if len(asked) > _MOST:
            raise BadParameter("graph/between", "ids", f"{len(asked)} ids", f"{_MOST} or fewer")
        return {"nodes": read_nodes(store, asked), "edges": read_edges(store, asked, perhaps)}

    @routes.get("/graph/{id}", summary="A node with its neighbours and the edges among all of them", response_model=SurroundingsOut, description=(
        "The node first. `left_out` counts, kind by kind, the neighbours beyond the limit; tasks come from the latest year on, the others by name."))
    def surroundings(request: Request, id: str, kinds: Kinds = "", perhaps: Perhaps = False,
                     limit: Annotated[int, Query(ge=1, le=_MOST, description="neighbours of each kind")] = 60) -> dict[str, Any]:
        store = request.state.store
        nodes = read_nodes(store, [id])
        found = read_neighbours(store, id, _kinds("graph", kinds), perhaps)
        nodes += [row for rows in found.values() for row in rows[:limit]]
        return {"nodes": nodes, "edges": read_edges(store, [row["id"] for row in nodes], perhaps),
                "left_out": {kind: len(rows) - limit for kind, rows in found.items() if len(rows) > limit}}

    @routes.get("/paths", summary="The shortest paths between two nodes", response_model=PathsOut, description=(
        f"Along edges either way, of up to {HOPS} edges. `total` counts all of the shortest ones, `paths` holds the ids of the first `limit`."))
    def paths(request: Request, start: Annotated[str, Query(alias="from", description="id of any node")], end: Annotated[str, Query(alias="to", description="id of another node")],
              kinds: Kinds = "", perhaps: Perhaps = False, collectives: Annotated[bool, Query(description="also through units that are more than one (各区政府)")] = False,
              limit: Annotated[int, Query(ge=1, le=20)] = 5) -> dict[str, Any]:
        store = request.state.store
        ends = read_nodes(store, [start, end])
        if start == end:
            raise BadParameter("paths", "to", end, "another node than from")
        found = shortest_paths(store, start, end, limit, _kinds("paths", kinds), perhaps, collectives)
        ids = list(dict.fromkeys(node for path in found.paths for node in path))
        steps = {frozenset(step) for path in found.paths for step in pairwise(path)}
        return {
            "nodes": read_nodes(store, ids) if ids else ends, "edges": [edge for edge in read_edges(store, ids, perhaps) if {edge["source"], edge["target"]} in steps],
            "paths": found.paths, "length": len(found.paths[0]) - 1 if found.paths else None, "total": found.total, "visited": found.visited, "gave_up": found.gave_up,
            "note": None if found.paths else f"given up at more than {VISITED:,} nodes; choose nearer nodes or fewer kinds" if found.gave_up
            else f"no path of up to {HOPS} edges; {found.visited:,} nodes were looked at"}

    return routes
