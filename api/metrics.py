"""What Prometheus scrapes from /metrics: requests by route, their times, and what the graph holds."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from graph.errors import PolicygraphError

if TYPE_CHECKING:
    from api.app import Graph

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one app; a registry of its own, so that a process can hold several apps."""

    def __init__(self, graph: Graph) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("policygraph_requests", "Requests answered", ["method", "route", "status"], registry=self.registry)
        self._seconds = Histogram("policygraph_request_seconds", "Seconds until an answer was sent whole", ["method", "route"], buckets=_SECONDS, registry=self.registry)
        self.registry.register(_GraphGauges(graph))
        ProcessCollector(registry=self.registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; the labels must come from small sets, as each combination is kept for good."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)


class _GraphGauges(Collector):
    """Asked at each scrape, read from the graph once a version."""

    def __init__(self, graph: Graph) -> None:
        self.graph = weakref.ref(graph)  # a registry outlives its app, and would keep the graph open

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # else registering would collect, and open the graph

    def collect(self) -> Iterator[GaugeMetricFamily]:
        graph = self.graph()
        if graph is None:
            return
        try:
            with graph.store().snapshot() as store:
                version, tasks = store.once("gauges", lambda: ((store.meta() or {})["version"], store.read("MATCH (t:Task) RETURN count(t) AS n")[0]["n"]))
        except (PolicygraphError, KeyError):
            yield GaugeMetricFamily("policygraph_graph_up", "Whether the graph answers", 0)
            return
        yield GaugeMetricFamily("policygraph_graph_up", "Whether the graph answers", 1)
        yield GaugeMetricFamily("policygraph_graph_version", "The version of the graph, raised by every write", version)
        yield GaugeMetricFamily("policygraph_graph_tasks", "Tasks in the graph", tasks)


def add_metrics(app: FastAPI, metrics: Metrics) -> None:
    """The route /metrics; no part of the OpenAPI document."""
    @app.get("/metrics", include_in_schema=False)
    def scrape() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
