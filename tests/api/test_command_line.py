"""The command line: data on stdout, words on stderr, and an exit status that a script can trust."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import COMMAND, WORKLOAD, refused, run
from conftest import SAMPLES

from graph.records import DocumentRecord
from graph.store import open_store

CITY, LATER = "city-compilation.txt", "ministry-2025.txt"


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(SAMPLES, tmp_path / "plans"))


def test_extract_prints_one_record_a_line(folder):
    """Scripts read these lines, and lead each number back to the file."""
    result = run("extract", folder)
    records = [DocumentRecord.from_json(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0 and len(records) == 6
    for record in records:
        text = Path(record.source).read_text(encoding="utf-8")
        for task in record.tasks:
            assert text[task.start:task.end] == task.text
            assert task.clause is None or text[task.clause_start:task.clause_end] == task.clause
            assert all(text[unit.start:unit.end] == unit.surface for unit in task.units)
        for thing in (*record.goals, *record.duties):
            assert text[thing.start:thing.end] == thing.text
        assert all(text[indicator.start:indicator.end] == indicator.quote for indicator in record.indicators)
        assert all(0 <= record.start <= mention.start < mention.end <= record.end for mention in record.mentions)


def test_extract_in_other_formats(folder):
    """The same documents as one array and as a table of counts."""
    assert [row["title"] for row in json.loads(run("extract", folder, "--format", "json").stdout)] == [
        json.loads(line)["title"] for line in run("extract", folder).stdout.splitlines()]
    rows = list(csv.DictReader(run("extract", folder, "--format", "csv").stdout.splitlines()))
    assert [row["tasks"] for row in rows] == ["0", "16", "0", "0", "24", "22"]


def test_link_prints_links_of_files_without_a_graph(folder, tmp_path, monkeypatch):
    """Continuity between two files must be had without loading anything."""
    monkeypatch.chdir(tmp_path)
    result = run("link", folder / LATER, folder / "ministry-2022.txt")
    links = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0 and len(links) > 5 and {link["relation"] for link in links} == {"continues"}
    texts = {task["id"]: Path(record["source"]).read_text(encoding="utf-8") for record in map(json.loads, run("extract", folder).stdout.splitlines()) for task in record["tasks"]}
    for link in links:
        assert texts[link["later"]][link["later_start"]:link["later_end"]] == link["evidence_later"]
        assert texts[link["earlier"]][link["earlier_start"]:link["earlier_end"]] == link["evidence_earlier"]
    assert list(tmp_path.glob("*.lbug*")) == []


@pytest.mark.slow
def test_link_without_files_links_the_graph_anew(folder, tmp_path):
    """After a new release the graph's links must become those of the new rules, no more and no fewer."""
    url = str(tmp_path / "graph.lbug")
    run("ingest", folder, "--store", url)
    asked = ("query", "continued_between", "--store", url, "--format", "json")
    before = run(*asked).stdout
    result = run("link", "--store", url)
    assert result.exit_code == 0 and result.stdout == "" and f"{len(json.loads(before))} links" in result.stderr
    assert run(*asked).stdout == before


def test_ingest_twice(folder, tmp_path):
    """The second run must say that nothing was written."""
    url = str(tmp_path / "graph.lbug")
    first = run("ingest", folder, "--store", url)
    assert (first.exit_code, first.stdout) == (0, "") and "6 documents with 3 plans, 62 tasks" in first.stderr
    second = run("ingest", folder, "--store", url)
    assert (second.exit_code, second.stdout) == (0, "") and "nothing written" in second.stderr and "4 files unchanged" in second.stderr


def test_status_counts_what_the_graph_holds(folder, tmp_path):
    """A first look after each ingest."""
    graph = str(tmp_path / "graph.lbug")
    run("ingest", folder, "--store", graph)
    result = run("status", "--store", graph, "--format", "json")
    counts = {row["kind"]: row["count"] for row in json.loads(result.stdout)}
    assert result.exit_code == 0 and (counts["Document"], counts["Plan"], counts["Task"]) == (6, 3, 62) and "Meta" not in counts
    assert "schema 4" in run("status", "--store", graph).stdout


@pytest.mark.slow
def test_remove(folder, tmp_path):
    """By the path as it was given, and by title."""
    url = str(tmp_path / "graph.lbug")
    run("ingest", folder, "--store", url)
    result = run("remove", folder / LATER, "--store", url)
    assert (result.exit_code, result.stdout) == (0, "") and "removed 《2025年智慧渔业和海岸保护工作要点》" in result.stderr
    assert str(folder / CITY) in refused(run("remove", "nothing.txt", "--store", url), 1)
    assert run("remove", "我市召开智慧渔业现场推进会", "--store", url).exit_code == 0
    with open_store(url) as store:
        assert [row["n"] for row in store.read("MATCH (d:Document) RETURN count(d) AS n")] == [4]


@pytest.mark.parametrize("arguments", [WORKLOAD, ("status",), ("remove", "a.txt"), ("link",), ("serve",)])
def test_a_missing_graph(tmp_path, arguments):
    """It must not be made by asking."""
    url = str(tmp_path / "no-such.lbug")
    assert url in refused(run(*arguments, "--store", url), 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["extract", "ingest", "link"])
def test_files_that_cannot_be_read_are_named_and_the_others_done(folder, tmp_path, command):
    """One bad download must neither stop a night's run nor pass unseen."""
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(b"PK\x03\x04\x00\x00" * 50)
    (folder / "latin.txt").write_bytes("Arbeitsplan für das Jahr 2025\n".encode("latin-1") * 20)
    (folder / ".hidden.txt").write_text("2025年工作要点")
    (folder / ".trash").mkdir()
    (folder / ".trash" / "old.txt").write_text("2025年工作要点")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    url = str(tmp_path / "graph.lbug")
    result = run(command, folder, folder / "no-such.txt", folder / "table.xls", *(("--store", url) if command == "ingest" else ()))
    named = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert result.exit_code == 1 and len(named) == 5, result.stderr
    for name, said in {"empty.txt": "empty", "binary.txt": "no text file", "latin.txt": "UTF-8", "no-such.txt": "no such file", "table.xls": "no such file"}.items():
        assert [line for line in named if str(folder / name) in line and said in line], named
    assert "hidden" not in result.stderr and "old.txt" not in result.stderr and "picture" not in result.stderr
    if command == "ingest":
        assert "62 tasks" in result.stderr and run("status", "--store", url).exit_code == 0
    else:
        assert len(result.stdout.splitlines()) > 5


def test_a_format_that_is_not_read(folder):
    """Named outright it must be told, not skipped."""
    (folder / "table.xls").write_bytes(b"a")
    assert "files ending in .xls are not read" in refused(run("extract", folder / "table.xls"), 1)


def test_nothing_to_put_in_makes_no_graph(tmp_path):
    """An empty graph would answer every question with nothing."""
    result = run("ingest", tmp_path / "no-such.txt", "--store", tmp_path / "graph.lbug")
    assert result.exit_code == 1 and "no such file" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_plan_is_a_warning(tmp_path):
    """It is kept, and said, and is no failure."""
    path = tmp_path / "letter.txt"
    path.write_text("各位同事：\n明天下午三点在二楼会议室开会，请准时参加。\n", encoding="utf-8")
    result = run("ingest", path, "--store", tmp_path / "graph.lbug")
    assert result.exit_code == 0 and f"warning: {path}: no plan in this file" in result.stderr
    assert "1 documents with 0 plans" in result.stderr or "1 document with 0 plans" in result.stderr


@pytest.mark.slow
def test_a_graph_that_another_process_writes(folder, tmp_path):
    """One line says who; nothing is lost."""
    url = str(tmp_path / "graph.lbug")
    run("ingest", folder / CITY, "--store", url)
    code = "import sys; from graph.store import open_store; store = open_store(sys.argv[1], 'write'); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen([sys.executable, "-c", code, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        assert f"process {holder.pid} is writing" in refused(run("ingest", folder / LATER, "--store", url), 1)
        assert run("status", "--store", url).exit_code == 0
    finally:
        holder.communicate()
    assert run("ingest", folder / LATER, "--store", url).exit_code == 0


@pytest.mark.slow
def test_data_on_stdout_words_on_stderr(folder, tmp_path):
    """`policygraph extract folder > records.jsonl` must give a file of records, as the shell sees it."""
    done = subprocess.run([*COMMAND, "extract", str(folder)], capture_output=True, text=True)
    assert done.returncode == 0 and all(json.loads(line) for line in done.stdout.splitlines())
    assert "4/4" in done.stderr and "warning: " in done.stderr
    url = str(tmp_path / "graph.lbug")
    done = subprocess.run([*COMMAND, "ingest", str(folder), "--store", url], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "") and "62 tasks" in done.stderr
    done = subprocess.run([*COMMAND, *WORKLOAD, "--store", url, "--format", "json"], capture_output=True, text=True)
    assert done.returncode == 0 and isinstance(json.loads(done.stdout), list)
    done = subprocess.run([*COMMAND, "query", "nope", "--store", url], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("error: ") and "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_reader_that_stops_early(folder):
    """`policygraph extract folder | head -1` ends without a trace back."""
    process = subprocess.Popen([*COMMAND, "extract", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.close()
    assert "Traceback" not in process.communicate()[1] and process.returncode in (0, 1)


def test_the_version():
    """What a bug report needs first."""
    assert run("--version").stdout.startswith("policygraph ")


@pytest.mark.parametrize("told", ["abc", "-1", "nan", "inf"])
def test_a_setting_that_is_no_number_is_named(tmp_path, monkeypatch, told):
    """A service would not start, and only a traceback would say why; or without a limit that somebody meant to set."""
    open_store(str(tmp_path / "graph.lbug"), "create").close()
    monkeypatch.setenv("POLICYGRAPH_QUERY_SECONDS", told)
    assert f"POLICYGRAPH_QUERY_SECONDS={told}: " in refused(run("serve", "--store", tmp_path / "graph.lbug"), 2)
