"""What is said when a graph cannot be used: one line that names it, so that the user knows which file or server to look at."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager

import ladybug
import pytest
from served import free_port

from graph import model
from graph.errors import BadCypher, NotReading, StoreError, StoreLocked, StoreMissing, StoreOutdated, StoreRefused, StoreUnreachable, StoreUnreadable, WriteFailed
from graph.store import is_server, open_store, schema_queries

_HOLDER = "import sys; from graph.store import open_store; store = open_store(sys.argv[1], 'write'); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def graph(tmp_path) -> str:
    """An embedded graph with one programme."""
    url = str(tmp_path / "graph.lbug")
    with open_store(url, "create") as store:
        add_programme(store, "一")
    return url


def add_programme(store, name: str) -> None:
    store.transact(lambda transaction: transaction.run("CREATE (r:Programme {id: $id, name: $name})", id=f"r-{name}", name=name))


def programmes(store) -> list[str]:
    return [row["name"] for row in store.read("MATCH (r:Programme) RETURN r.name AS name ORDER BY name")]


@contextmanager
def refused(error: type[StoreError], url: str):
    """One line of this class that names the url."""
    with pytest.raises(error) as raised:
        yield raised
    said = str(raised.value)
    assert url in said and "\n" not in said and len(said) < 400, said
    assert raised.value.status == 503 and raised.value.exit_code == 1


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_missing_graph(tmp_path, mode):
    """A mistyped path would be made into an empty graph that answers every question with nothing."""
    url = str(tmp_path / "no-such.lbug")
    with refused(StoreMissing, url):
        open_store(url, mode)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_graph_that_another_process_writes(graph):
    """Two ingests at once would lose one's work, or end in a trace back."""
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, graph], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        for mode in ("write", "create"):
            with refused(StoreLocked, graph) as raised:
                open_store(graph, mode)
            assert f"process {holder.pid}" in str(raised.value)
        with open_store(graph) as reader:
            assert programmes(reader) == ["一"]
    finally:
        holder.communicate()
    with open_store(graph, "write") as store:
        assert programmes(store) == ["一"]


def test_a_second_writer_in_the_same_process(graph, tmp_path):
    """The engine does not refuse it and loses the second one's commits without a word."""
    (tmp_path / "link.lbug").symlink_to(graph)
    with open_store(graph, "write") as first:
        for same in (graph, str(tmp_path / "link.lbug")):
            with refused(StoreLocked, same):
                open_store(same, "write")
        add_programme(first, "二")
    with open_store(graph, "write") as again:
        assert programmes(again) == ["一", "二"]


@pytest.mark.parametrize("mode", ["read", "write", "create"])
def test_a_file_that_is_no_graph(tmp_path, mode):
    """Giving a plan's path as the store must neither change the file nor end in a trace back."""
    path = tmp_path / "plan.txt"
    path.write_text("2025年工作要点\n" * 500, encoding="utf-8")
    before = path.read_bytes()
    with refused(StoreUnreadable, str(path)):
        open_store(str(path), mode)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", ["read", "write", "create"])
def test_a_folder_is_no_graph(tmp_path, mode):
    """`--store .` must say what is wrong."""
    with refused(StoreUnreadable, str(tmp_path)):
        open_store(str(tmp_path), mode)


@pytest.mark.parametrize("mode", ["read", "write"])
def test_an_empty_file_is_no_graph(tmp_path, mode):
    """A download that broke off at once must be named."""
    path = tmp_path / "graph.lbug"
    path.touch()
    with refused(StoreError, str(path)):
        open_store(str(path), mode)


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_database_of_another_program_is_no_graph(tmp_path, mode):
    """It opens, but holds none of the tables: that must be said of the file, not of the user's question."""
    path = str(tmp_path / "other.lbug")
    database = ladybug.Database(path)
    connection = ladybug.Connection(database)
    connection.execute("CREATE NODE TABLE Other(id STRING, PRIMARY KEY(id))")
    connection.close()
    database.close()
    with refused(StoreError, path):
        open_store(path, mode)


@pytest.mark.parametrize("mode", ["read", "write", "create"])
@pytest.mark.parametrize(("schema", "whose"), [(model.SCHEMA - 1, "older"), (model.SCHEMA + 1, "newer")])
def test_a_graph_of_another_schema(graph, tmp_path, mode, schema, whose):
    """Answers from properties that meant something else would be wrong without a word."""
    with open_store(graph, "write") as store:
        set_schema(store, schema)
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(graph, folder / "graph.lbug")  # without its version file, which must not be written either
    url = str(folder / "graph.lbug")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for _ in range(2):  # the first refusal has let go of the file
        with refused(StoreOutdated, url) as raised:
            open_store(url, mode)
        assert_helps(str(raised.value), schema, whose)
    left = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix not in (".lock", ".turn")}
    assert left == before


def set_schema(store, schema: int) -> None:
    store.transact(lambda transaction: transaction.run("MATCH (m:Meta) SET m.schema = $schema", schema=schema))


def assert_helps(said: str, schema: int, whose: str) -> None:
    assert f"schema {schema}," in said and f"needs {model.SCHEMA}" in said and f"{whose} policygraph" in said and "`policygraph ingest FOLDER --store NEW`" in said


def test_a_reader_beside_a_writer(graph):
    """A page that asks twice while a plan is loaded must not mix two states, and the next page shows the new one."""
    reader = open_store(graph)
    with open_store(graph, "write") as writer:
        with reader.snapshot() as seen:
            tag = seen.version_tag()
            add_programme(writer, "二")
            assert programmes(seen) == ["一"] and seen.version_tag() == tag
            with open_store(graph) as fresh:
                assert programmes(fresh) == ["一", "二"] and fresh.version_tag() == writer.version_tag() != tag
            assert programmes(seen) == ["一"]
        assert programmes(reader) == ["一", "二"]
    assert programmes(reader) == ["一", "二"] and reader.version_tag() != tag
    reader.close()


def test_a_graph_without_its_version_file(graph, tmp_path):
    """A graph that is copied alone must still be served, and the next writer puts the file right."""
    alone = str(tmp_path / "alone.lbug")
    shutil.copy(graph, alone)
    with open_store(alone) as store:
        assert programmes(store) == ["一"] and store.version_tag()
    with open_store(alone, "write"), open_store(graph) as original:
        with open_store(alone) as store:
            assert store.version_tag() == original.version_tag()


def test_a_failed_write_says_why_and_is_undone(empty_url):
    """After a failed write the graph must go on working, with nothing of it there."""
    with open_store(empty_url, "create") as store:
        add_programme(store, "一")

        def work(transaction):
            transaction.run("CREATE (r:Programme {id: 'r-2', name: '二'})")
            raise ValueError("in the middle")

        with pytest.raises(ValueError, match="in the middle"):
            store.transact(work)
        assert programmes(store) == ["一"]
        add_programme(store, "三")
        assert programmes(store) == ["一", "三"]


def test_a_reading_store_refuses_to_write(empty_url):
    """A question must not be able to change the graph."""
    with open_store(empty_url, "create") as store:
        add_programme(store, "一")
    with open_store(empty_url) as store:
        with pytest.raises(NotReading):
            store.read("MATCH (r:Programme) SET r.name = '二'")
        with pytest.raises(BadCypher):
            store.read("MATCH (r:Programme RETURN r")
        assert programmes(store) == ["一"]


def test_neo4j_is_down():
    """Behind a long wait or a trace back nobody sees that the server is not running."""
    url = f"bolt://127.0.0.1:{free_port()}"
    with refused(StoreUnreachable, url):
        open_store(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "bolt://", "neo4j://no such host:7687"])
def test_an_address_that_is_none(url):
    """A wrong scheme or host must be told as a wrong address."""
    assert is_server(url)
    with refused(StoreError, url):
        open_store(url)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@pytest.mark.parametrize("password", ["wrong", None])
def test_neo4j_refuses_the_password(neo4j_address, monkeypatch, password):
    """It must say which settings to correct, and go on saying so however often it is tried."""
    monkeypatch.setenv("POLICYGRAPH_NEO4J_USER", "somebody")  # failed attempts lock a user out for a while: not the tests' own
    if password:
        monkeypatch.setenv("POLICYGRAPH_NEO4J_PASSWORD", password)
    else:
        monkeypatch.delenv("POLICYGRAPH_NEO4J_PASSWORD", raising=False)
    for _ in range(5):
        with refused(StoreRefused, neo4j_address) as raised:
            open_store(neo4j_address)
        assert "POLICYGRAPH_NEO4J_PASSWORD" in str(raised.value)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@pytest.mark.parametrize("mode", ["read", "write", "create"])
@pytest.mark.parametrize(("schema", "whose"), [(model.SCHEMA - 1, "older"), (model.SCHEMA + 1, "newer")])
def test_neo4j_with_a_graph_of_another_schema(neo4j_address, mode, schema, whose):
    """The same refusal as for a file; and a refused graph is not touched."""
    import neo4j
    import neo4j_server

    with neo4j.GraphDatabase.driver(neo4j_address, auth=("neo4j", neo4j_server.PASSWORD)) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        for row in driver.execute_query("SHOW CONSTRAINTS YIELD name").records:
            driver.execute_query(f"DROP CONSTRAINT {row['name']}")
        driver.execute_query("CREATE (m:Meta {id: 'm-meta', schema: $schema, version: 7, graph: 'abc'})", schema=schema)
        try:
            with refused(StoreOutdated, neo4j_address) as raised:
                open_store(neo4j_address, mode)
            assert_helps(str(raised.value), schema, whose)
            assert driver.execute_query("SHOW CONSTRAINTS YIELD name").records == []
            assert [row["m"]["version"] for row in driver.execute_query("MATCH (m) RETURN m").records] == [7]
        finally:
            driver.execute_query("MATCH (n) DETACH DELETE n")


def test_what_cannot_be_written_is_said_and_undone(tmp_path):
    url = str(tmp_path / "graph.lbug")
    with open_store(url, "create") as store:
        made = [model.Programme("r-a", "名称"), model.Programme("r-b", "\ud800")]
        with pytest.raises(WriteFailed, match="Programme.*surrogates"):
            store.transact(lambda transaction: transaction.write({model.Programme: made}, {}))
        assert store.read("MATCH (r:Programme) RETURN count(r) AS n") == [{"n": 0}]
        store.transact(lambda transaction: transaction.write({model.Programme: made[:1]}, {}))
        assert store.read("MATCH (r:Programme) RETURN r.name AS name") == [{"name": "名称"}]


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_a_neo4j_gets_the_constraints_and_indexes_that_it_lacks(neo4j_address):
    import neo4j
    import neo4j_server

    with neo4j.GraphDatabase.driver(neo4j_address, auth=("neo4j", neo4j_server.PASSWORD)) as driver:
        open_store(neo4j_address, "create").close()
        driver.execute_query("DROP CONSTRAINT plan_id")
        driver.execute_query("CREATE INDEX plan_id FOR (n:Plan) ON (n.id)")
        with pytest.raises(BadCypher, match="plan_id"):  # an index that only has the constraint's name
            open_store(neo4j_address, "create")
        driver.execute_query("DROP INDEX plan_id")
        driver.execute_query("DROP INDEX policy_name")
        open_store(neo4j_address, "create").close()
        assert {row["name"] for row in driver.execute_query("SHOW INDEXES YIELD name").records} >= set(schema_queries())
        assert "plan_id" in {row["name"] for row in driver.execute_query("SHOW CONSTRAINTS YIELD name").records}
