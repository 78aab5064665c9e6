"""Queries of the user's own: whatever writes, reads files, asks servers or runs a second statement is refused, on both engines."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, load_into
from readme_sections import pasted_queries

import queries
from api.questions import ask_cypher
from graph.errors import NotReading, UsageError
from graph.reading import CASES, DEEP, LONG, check_reading

# Each is known to have worked on some engine, or to have passed some filter of words.
WRITES = [
    "CREATE (n:Task {id: 't-x'}) RETURN n", "MATCH (n) SET n.id = 'x' RETURN n", "MATCH (n) SET n:Other", "MATCH (n) REMOVE n.title RETURN n", "MATCH (n) DELETE n", "MATCH (n) DETACH DELETE n",
    "MATCH (n) NODETACH DELETE n", "MERGE (n:Task {id: 't-x'}) ON CREATE SET n.text = '' RETURN n", "MATCH (n) FOREACH (x IN [1] | SET n.id = 'x')", "MATCH (n) WITH * SET n.id = 'x' RETURN n",
    "MATCH (n) WITH n AS all SET all.id = 'x' RETURN 1", "INSERT (n:Task)", "DROP TABLE Task", "ALTER TABLE Task ADD x STRING", "CREATE INDEX FOR (n:Task) ON (n.text)",
    "CREATE MACRO f(x) AS x", "CREATE USER eve SET PASSWORD 'evilevil'", "GRANT ROLE admin TO eve", "BEGIN TRANSACTION", "COMMIT", "CHECKPOINT", "MATCH (n) RETURN n UNION MATCH (n) SET n.id = 'x' RETURN n"]
FILES = [
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "load csv from 'file:///etc/passwd' as row return row", "LoAd\tCsV\nFrOm 'file:///etc/passwd' AS row RETURN row",
    "LOAD/**/CSV/**/FROM 'file:///etc/passwd' AS row RETURN row", "LOAD // a\nCSV // b\nFROM 'file:///etc/passwd' AS row RETURN row", "WITH 1 AS one LOAD CSV FROM 'http://169.254.169.254/' AS row RETURN row",
    "WITH * LOAD CSV WITH HEADERS FROM 'file:///etc/passwd' AS row RETURN row", "RETURN COUNT { LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row }",
    "RETURN 1 AS a UNION ALL LOAD CSV FROM 'file:///etc/passwd' AS a RETURN a", "USING PERIODIC COMMIT 500 LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "LOAD FROM '/etc/passwd' (file_format='csv') RETURN *", "LOAD WITH HEADERS (a STRING) FROM '/etc/passwd' (file_format='csv') RETURN *", "LOAD FROM rows RETURN *",
    "RETURN 1 AS a UNION ALL LOAD FROM '/etc/passwd' (file_format='csv') RETURN *", "COPY (MATCH (n:Task) RETURN n.text) TO '{out}'", "COPY Task FROM '/etc/passwd'", "COPY (RETURN 1) TO \"{out}\"",
    "EXPORT DATABASE '{out}'", "IMPORT DATABASE '/tmp'", "ATTACH '{out}' AS other (dbtype lbug)", "DETACH other", "INSTALL httpfs", "LOAD EXTENSION httpfs", "LOAD httpfs", "UNINSTALL httpfs", "UPDATE httpfs",
    "CREATE NODE TABLE x AS LOAD FROM '/etc/passwd'", "USE neo4j MATCH (n) RETURN n", "USE graph.byName('system') RETURN 1"]
CALLS = [
    "CALL dbms.listConfig()", "CALL dbms.listConfig() YIELD name, value RETURN name, value", "call db.labels()", "CALL/**/db.labels()", "CALL `db`.`labels`()", "CALL apoc.load.json('file:///etc/passwd')",
    "CALL apoc.cypher.runWrite('CREATE (n)', {{}})", "RETURN apoc.cypher.runFirstColumnSingle('CREATE (n) RETURN n', {{}})", "RETURN apoc.util.sleep(1)", "RETURN `apoc`.`load`.`json`('x')", "MATCH (n) CALL (n) {{ SET n.id = 'x' }} RETURN n",
    "CALL {{ CREATE (n) RETURN n }} RETURN n", "MATCH (n) WITH * CALL {{ WITH n DELETE n }} IN TRANSACTIONS RETURN 1", "RETURN EXISTS {{ CALL {{ CREATE (n) RETURN n }} RETURN n }}", "MATCH (n) CALL {{ WITH n SET n.id = 'x' }} IN 2 CONCURRENT TRANSACTIONS RETURN n",
    "CALL show_tables() RETURN *", "CALL current_setting('threads') RETURN *", "CALL threads=1", "CALL show_tables() WITH name RETURN name", "RETURN getenv('HOME')", "RETURN nextval('s')", "RETURN `getenv`('HOME')", "RETURN (getenv('HOME'))", "RETURN {{a: getenv('HOME')}} AS x", "RETURN {{a: `getenv`('HOME')}} AS x",
    "SHOW SETTINGS", "SHOW USERS YIELD user RETURN user", "TERMINATE TRANSACTION 'neo4j-transaction-1'", "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'", "START DATABASE system"]
HIDDEN = [
    "\\u004cOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "WITH 1 AS a \\u0043ALL db.labels() YIELD label RETURN label", "\\U0000004cOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "RETURN 1 // \\u000aLOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "RETURN '\\u0027 UNION ALL CALL db.labels() YIELD label RETURN label //'", "RETURN `a\\u0060 UNION ALL CALL db.labels() YIELD label RETURN label //`", "/* \\u002a\\u002f CALL db.labels() // */ RETURN 1",
    "RETURN 1; MATCH (n) DETACH DELETE n", "RETURN 1;", "; RETURN 1", "RETURN 1 /* ; */ ; CREATE (n)", "EXPLAIN MATCH (n) RETURN n", "PROFILE MATCH (n) SET n.id = 'x' RETURN n", "CYPHER 5 MATCH (n) SET n.id = 'x'", "CYPHER runtime=slotted RETURN 1",
    "RETURN 'a\\\\' AS a UNION ALL CALL db.labels() YIELD label RETURN 'b'", "RETURN \"it's\" AS a UNION ALL CALL db.labels() YIELD label RETURN label // isn't", "RETURN 1 // it's\nUNION ALL MATCH (n) SET n.id = 'x' RETURN 1 // isn't",
    "// opens /*\nCALL db.labels() // */", "/* a */ CALL db.labels() /* b */", "RETURN 'open", "RETURN `open", "RETURN 1 /* open", "LO\u200bAD CSV FROM 'a' AS row RETURN row", "RETURN 1\u2028CALL db.labels()", "RETURN 1 // a\rCALL db.labels()", "\ufeffCALL db.labels()",
    "\uff23\uff21\uff2c\uff2c db.labels()", "RETURN 1\x00", "", "// nothing", "MATCH (n:$(LOAD)) RETURN n"]
# The embedded engine ends the process over the first three, and does not come back from the others.
TOO_DEEP = ["RETURN " + "NOT " * 20_000 + "true AS x", "RETURN " + "(" * 5_000 + "1" + ")" * 5_000 + " AS x", "RETURN " + "[" * 1_000 + "1" + "]" * 1_000 + " AS x",
            "RETURN " + "CASE WHEN true THEN " * 40 + "1" + " END" * 40 + " AS x", "RETURN " + "{a: CASE WHEN true THEN " * 30 + "1" + " END}" * 30 + " AS x", "RETURN " + "+".join(["1"] * 20_000) + " AS x"]
REFUSED = [*WRITES, *FILES, *(text.replace("{{", "{").replace("}}", "}") for text in CALLS), *HIDDEN, *TOO_DEEP]


@pytest.mark.parametrize("query", REFUSED)
def test_what_reaches_beyond_the_graph_is_refused(query):
    """A query from the web would change the graph, or carry a file of this machine away."""
    with pytest.raises(NotReading):
        check_reading(query)


def own_queries() -> list[str]:
    return [question.body for question in queries.load_all() if question.is_cypher] + pasted_queries()


def test_every_query_of_the_project_passes():
    """A researcher begins with one of these and changes it."""
    found = own_queries()
    assert len(found) > 15
    for query in found:
        check_reading("\n".join(line for line in query.splitlines() if not line.startswith(":")))


@pytest.mark.parametrize("query", [
    "MATCH (call:Task) WHERE call.load = 'CALL' RETURN call.set, call.copy AS use", "MATCH (p:Plan) WHERE p.title CONTAINS 'LOAD CSV; CREATE' RETURN p // and CALL",
    "MATCH (n:Task {text: 'a'}) WHERE EXISTS { MATCH (n)<-[:NAMES]-(:Task) } AND NOT n.text STARTS WITH '\\'' RETURN n.id AS id, CASE WHEN n.part IS NULL THEN 0 ELSE 1 END AS part ORDER BY id DESC SKIP 1 LIMIT 2",
    "OPTIONAL MATCH (a)-[r:CONTINUES*1..5]->(b:Task|Plan) WITH *, collect(DISTINCT {set: a.id, match: b}) AS rows UNWIND rows AS row RETURN *", "MATCH (`create`:`Task`) RETURN `create`.`delete` AS `drop`",
    "WITH [x IN [1, 2.5, 1e3] WHERE x > 1 | x * 2] AS list RETURN all(x IN list WHERE x > 0) AS ok, size(list), list[0]", "MATCH p = shortestPath((a:Task)-[*..3]-(b:Task)) RETURN length(p)",
    "RETURN 1 AS a UNION ALL MATCH (n) RETURN count(n) AS a", "MATCH (n:Task) WHERE n.id IN [" + ", ".join(["'t-aaaaaaaaaaaa'"] * 4_000) + "] RETURN count(n) AS n",
    "RETURN " + "(" * 30 + "1" + ")" * 30 + " AS a, " + "CASE WHEN true THEN 1 END, " * 100 + "{a: size([1]), b: {c: count(*)}} AS b"])
def test_what_only_reads_is_let_through(query):
    """Words of the language are also names in a graph, and stand in texts."""
    check_reading(query)


def test_refused_on_the_engine_itself(store, tmp_path):
    """The list of words stands before both engines, and what they hold is the same afterwards."""
    def state():
        return store.version_tag(), sorted(row["n"] for row in store.read("MATCH (n) RETURN count(n) AS n")), [row["t"] for row in store.read("MATCH (n:Task) RETURN n.text AS t ORDER BY t")]

    before = state()
    path, out = tmp_path / "theirs.cypher", tmp_path / "out"
    for query in REFUSED:
        path.write_text(query.replace("{out}", str(out)), encoding="utf-8")
        with pytest.raises(NotReading, match=re.escape(str(path))):
            ask_cypher(store.url, str(path))
        assert not out.exists(), query
    assert state() == before


@pytest.mark.parametrize("query", ["MATCH (n:Task) SET n.text = ''", "CREATE (n:Programme {id: 'r-x', name: ''})", "MATCH (n) DETACH DELETE n"])
def test_the_engine_refuses_to_write_by_itself(store, query):
    """One word that the list missed would be enough otherwise."""
    with pytest.raises(NotReading):
        store.ask(query)


def test_a_reading_query_is_answered(store, tmp_path):
    """A gate that lets nothing through is no gate."""
    path = Path(tmp_path, "mine.cypher")
    path.write_text(":params {}\nMATCH (t:Task) RETURN count(t) AS tasks", encoding="utf-8")
    assert list(ask_cypher(store.url, str(path)))[0]["tasks"] > 0


def test_a_query_that_is_no_text(store, tmp_path):
    """An error of Python's would name neither the file nor what to do."""
    path = Path(tmp_path, "mine.cypher")
    path.write_bytes(b"RETURN 1 AS \xff\xff\x81")
    with pytest.raises(UsageError, match="mine.cypher: byte 12 is no UTF-8"):
        ask_cypher(store.url, str(path))


@pytest.mark.slow
def test_the_deepest_that_is_let_through_is_answered(embedded_url, sample_records):
    """A limit beyond which the engine ends the process would be none."""
    load_into(embedded_url, sample_records)
    for query in ("RETURN " + "NOT " * (LONG - 8) + "true AS x", "RETURN " + "- " * (LONG - 8) + "1 AS x", "RETURN " + "(" * DEEP + "1" + ")" * DEEP + " AS x", "RETURN " + "[" * DEEP + "1" + "]" * DEEP + " AS x",
                  "RETURN " + "CASE WHEN true THEN " * CASES + "1" + " END" * CASES + " AS x", "MATCH (n:Task) WHERE " + " AND ".join(["true"] * 4_900) + " RETURN count(n) AS x"):
        check_reading(query)
        code = "import sys; from graph.store import open_store; print(open_store(sys.argv[1]).ask(sys.stdin.read()))"
        done = subprocess.run([sys.executable, "-c", code, embedded_url], input=query, capture_output=True, text=True, cwd=ROOT, timeout=120)
        assert done.returncode == 0 and "'x'" in done.stdout, (query[:40], done.stderr[-300:])
