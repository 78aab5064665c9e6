"""The fixtures: sample records, a loaded store on each engine, an API client, the folder of real documents."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import neo4j_server
from browser import browser  # noqa: F401 (a fixture)
from live import live_graph, live_store, live_url, page  # noqa: F401 (fixtures)

from graph.load import load
from graph.store import open_store
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of
from ingest.pipeline import extract
from ingest.readers import iter_files, read_source

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts the tests in the background has it ignored, and by all that they start
ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "ingest" / "samples"
GOLDEN = Path(__file__).parent / "golden"
NEO4J = re.compile("neo4j|py2neo|both_engines|broken_connection")  # in the name of each test of it
ENGINES = [pytest.param("embedded"), pytest.param("neo4j", marks=[pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")])]


def pytest_addoption(parser):
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden answers anew; read the diff before committing it")


def pytest_collection_modifyitems(items):
    if strays := [item.nodeid for item in items if item.get_closest_marker("neo4j") and not NEO4J.search(item.nodeid)]:
        raise pytest.UsageError(f"tests of Neo4j whose names do not say so would start a server of their own: {strays}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """One more than cores: many tests wait for a browser, a server or a command that they have started."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """All tests of Neo4j by one process, which starts one server. The marks `xdist_group` should do this, but xdist 3.8 writes
    them where pytest 9.2 no longer reads them; here only the names are known."""
    from xdist.scheduler import LoadGroupScheduling

    class OneServer(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "neo4j" if NEO4J.search(nodeid) else nodeid

    return OneServer(config, log)


def pytest_terminal_summary(terminalreporter):
    """A skip is loud: every reason once, at the end."""
    reasons = sorted({str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)})
    for reason in reasons:
        terminalreporter.write_line(f"NOT TESTED: {reason.removeprefix('Skipped: ')}", yellow=True, bold=True)


@pytest.fixture
def golden(request):
    """Compare with a golden file, or write it under --rewrite-golden."""
    def compare(name: str, found) -> None:
        path = GOLDEN / f"{name}.json"
        text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path.name} is missing: write it with --rewrite-golden, read it, commit it"
        assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text)

    return compare


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and annotations; what needs it is skipped, loudly, where it is missing."""
    folder = Path(os.environ.get("POLICYGRAPH_SHARED") or ROOT.parent / "shared")
    if not (folder / "data" / "raw").is_dir():
        pytest.skip(f"{folder} is missing: set POLICYGRAPH_SHARED to the folder with the real documents and annotations")
    return folder


def records_in(*paths) -> list:
    return [record for path in iter_files(paths) for record in extract(read_source(path))]


@pytest.fixture(scope="session")
def sample_records() -> list:
    """The records of the shipped samples, sources relative so that goldens hold no path of a machine."""
    before = os.getcwd()
    os.chdir(SAMPLES)
    try:
        return records_in(".")
    finally:
        os.chdir(before)


@pytest.fixture(scope="session")
def shared_records(shared) -> list:
    return records_in(shared / "data" / "raw")


@contextmanager
def needs_neo4j():
    """Skipped where no Neo4j can be started, failed where POLICYGRAPH_REQUIRE_NEO4J is set."""
    try:
        yield
    except neo4j_server.Unavailable as reason:
        if os.environ.get("POLICYGRAPH_REQUIRE_NEO4J"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def neo4j_running():
    """A real Neo4j, started for the session."""
    with needs_neo4j():
        server = neo4j_server.start(short=True)
    os.environ["POLICYGRAPH_NEO4J_PASSWORD"] = neo4j_server.PASSWORD
    yield server
    server.stop()


@pytest.fixture(scope="session")
def neo4j_address(neo4j_running):
    return neo4j_running.bolt


def wipe(url: str) -> None:
    import neo4j

    with neo4j.GraphDatabase.driver(url, auth=("neo4j", neo4j_server.PASSWORD)) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")


@pytest.fixture(params=ENGINES)
def empty_url(request, tmp_path):
    """The address of an empty graph, on each engine."""
    if request.param == "embedded":
        return str(tmp_path / "graph.lbug")
    url = request.getfixturevalue("neo4j_address")
    wipe(url)
    return url


@pytest.fixture
def embedded_url(tmp_path):
    """The address of an empty embedded graph: for what asks the engine nothing that is not tried on both elsewhere."""
    return str(tmp_path / "graph.lbug")


def load_into(url: str, records) -> None:
    """A graph of some records, linked."""
    with open_store(url, "create") as opened:
        load(opened, [bundle_of(record) for record in records], Linker())


def _loaded(request, tmp_path_factory, records):
    if request.param == "embedded":
        url = str(tmp_path_factory.mktemp("loaded") / "graph.lbug")
    else:
        url = request.getfixturevalue("neo4j_address")
        wipe(url)
    load_into(url, records)
    return open_store(url)


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory, sample_records):
    """The samples, loaded, open for reading, on each engine."""
    opened = _loaded(request, tmp_path_factory, sample_records)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=ENGINES)
def shared_store(request, tmp_path_factory, shared_records):
    """The real documents, loaded, on each engine."""
    opened = _loaded(request, tmp_path_factory, shared_records)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory, sample_records):
    """The HTTP service over the samples."""
    from starlette.testclient import TestClient

    from api.app import create_app

    url = str(tmp_path_factory.mktemp("served") / "graph.lbug")
    load_into(url, sample_records)
    return TestClient(create_app(url), raise_server_exceptions=False, follow_redirects=False)
