"""What can be set from outside, one line a setting. Command-line options win over these."""

import math
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import BadSetting

_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9])?")
VERSION = "0.1.0"  # the same as in pyproject.toml; a test compares them


@dataclass(frozen=True)
class Settings:
    store: str  # POLICYGRAPH_STORE: a file path (embedded) or a bolt://, neo4j:// or neo4j+s:// address
    neo4j_user: str  # POLICYGRAPH_NEO4J_USER
    neo4j_password: str | None = field(repr=False)  # POLICYGRAPH_NEO4J_PASSWORD: there is no default password
    neo4j_database: str | None  # POLICYGRAPH_NEO4J_DATABASE: None is the server's default
    judge_key: str | None = field(repr=False)  # POLICYGRAPH_JUDGE_KEY: sent to the endpoint of `link --judge`, kept nowhere
    token: str | None = field(repr=False)  # POLICYGRAPH_TOKEN: who sends it to the service may correct and upload
    uploads: str | None  # POLICYGRAPH_UPLOADS: folder for documents sent to the service, default `uploads` beside the graph
    hosts: tuple[str, ...]  # POLICYGRAPH_HOSTS: names, separated by commas, by which the service may be asked; without any, one of this machine alone by localhost
    query_seconds: float  # POLICYGRAPH_QUERY_SECONDS: how long a query of the service may take
    cache: str  # POLICYGRAPH_CACHE: folder for what can be had again, default policygraph in XDG_CACHE_HOME or ~/.cache


def read_settings() -> Settings:
    """The settings of this moment; read anew at each call, so that tests and notebooks can change them. Raises BadSetting."""
    get = os.environ.get
    return Settings(
        store=get("POLICYGRAPH_STORE") or "policygraph.lbug",
        neo4j_user=get("POLICYGRAPH_NEO4J_USER") or "neo4j",
        neo4j_password=get("POLICYGRAPH_NEO4J_PASSWORD") or None,
        neo4j_database=get("POLICYGRAPH_NEO4J_DATABASE") or None,
        judge_key=get("POLICYGRAPH_JUDGE_KEY") or None,
        token=get("POLICYGRAPH_TOKEN") or None,
        uploads=get("POLICYGRAPH_UPLOADS") or None,
        hosts=_names("POLICYGRAPH_HOSTS"),
        query_seconds=_seconds("POLICYGRAPH_QUERY_SECONDS", 60),
        cache=get("POLICYGRAPH_CACHE") or str(Path(get("XDG_CACHE_HOME") or Path.home() / ".cache") / "policygraph"),
    )


def _names(name: str) -> tuple[str, ...]:
    """Names of hosts as a browser sends them."""
    found = []
    for told in filter(None, map(str.strip, (os.environ.get(name) or "").split(","))):
        try:
            host = told.encode("idna").decode().lower()
        except UnicodeError:
            host = ""
        if not _HOST.fullmatch(host):
            raise BadSetting(name, told, "names such as plans.example, without scheme and port, separated by commas")
        found.append(host)
    return tuple(found)


def _seconds(name: str, default: float) -> float:
    told = os.environ.get(name) or default
    try:
        seconds = float(told)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise BadSetting(name, told, "a number of seconds above 0, such as 60")
    return seconds
