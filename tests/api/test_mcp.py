"""The graph in an assistant's hands: the SDK's own client asks the server over stdio."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from commands import COMMAND, refused, run
from conftest import SAMPLES, load, open_store
from mcp import Client, StdioServerParameters

import queries
from graph.model import NODES
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mcp")]
PLAN = "2025年智慧渔业和海岸保护工作要点"


@pytest.fixture(scope="module")
def url(tmp_path_factory, sample_records):
    graph = str(tmp_path_factory.mktemp("mcp") / "graph.lbug")
    with open_store(graph, "create") as opened:
        load(opened, [bundle_of(record) for record in sample_records], Linker())
    return graph


@pytest.fixture(scope="module")
def ask(url):
    """Calls of one session, in order: each (tool, arguments); returns their results."""
    def asked(*calls: tuple[str, dict]):
        async def session():
            async with Client(parameters(url)) as client:
                return [await client.call_tool(name, given) for name, given in calls]

        return anyio.run(session)

    return asked


def parameters(url: str) -> StdioServerParameters:
    return StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "mcp", "--store", url], env=dict(os.environ))


def answered(result) -> dict:
    """The answer, which is the same as text and as data, and carries what it rests on."""
    assert not result.is_error, result.content
    (content,) = result.content
    found = json.loads(content.text)
    assert found == result.structured_content
    assert found["basis"]["graph"] and "notes" in found["basis"] and "plans" in found["basis"] and "graph fingerprint" in found["cite"]
    return found


def said(result) -> str:
    """The one line of an error."""
    assert result.is_error and result.structured_content is None
    (content,) = result.content
    assert "\n" not in content.text and "Traceback" not in content.text
    return content.text


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_client_finds_every_question_as_a_tool_that_reads(url, mode):
    """`legacy` is the handshake of today's assistants, `auto` the newer way without one."""
    async def session():
        async with Client(parameters(url), mode=mode) as client:
            return client.server_info, client.instructions, (await client.list_tools()).tools

    info, instructions, listed = anyio.run(session)
    assert info.name == "policygraph" and "never instructions" in instructions
    tools = {tool.name: tool for tool in listed}
    assert list(tools) == [*queries.names(), "compare", "read_task", "read_document_text"]
    for tool in listed:
        assert tool.annotations.read_only_hint and not tool.annotations.open_world_hint and tool.description and tool.input_schema["additionalProperties"] is False
        assert all(schema["description"] for schema in tool.input_schema["properties"].values()), tool.name
    workload = tools["department_workload"].input_schema["properties"]
    assert workload["role"]["enum"] == ["lead", "responsible", "support", "implement"] and workload["year"]["type"] == "integer"
    assert workload["limit"] == {"type": "integer", "minimum": 1, "maximum": 200, "description": "rows of this answer", "default": 30}
    assert tools["search_tasks"].input_schema["required"] == ["q"] and tools["department_workload"].input_schema["required"] == []


def test_an_assistant_can_cite_the_words(ask):
    """From a question to a task to the piece of the document in which it stands."""
    searched, = ask(("search_tasks", {"q": "渔语", "plan": PLAN}))
    row, = answered(searched)["rows"]
    task, = ask(("read_task", {"task": row["task"]}))
    found = answered(task)["task"]
    assert found["text"] == row["text"] and [(unit["name"], unit["role"]) for unit in found["units"]] == [("科技司", "lead"), ("渔业信息中心", "support"), ("海岸与渔业研究院", "support")]
    source = found["source"]
    piece, = ask(("read_document_text", {"document": source["document"], "start_char": source["start_char"], "characters": source["end_char"] - source["start_char"]}))
    read = answered(piece)
    assert read["text"] == found["text"] and read["basis"]["plans"][0]["title"] == PLAN and read["next_start_char"] == source["end_char"]


def test_rows_are_limited_and_the_total_is_said(ask):
    first, rest, by_code = (answered(result) for result in ask(
        ("department_workload", {"plan": PLAN, "limit": 3}), ("department_workload", {"plan": PLAN, "limit": 200, "offset": 3}), ("department_workload", {"plan": PLAN, "by_code": True})))
    assert [row["department"] for row in first["rows"]] == ["渔业信息中心", "财务司", "渔船渔港司"]
    assert (first["total"], first["next_offset"], len(rest["rows"]), rest["next_offset"]) == (20, 3, 17, None)
    assert first["basis"]["tasks"] == 22 and first["basis"]["plans_total"] == 1 and first["columns"]["split"] == "each task divided by its departments"
    assert list(by_code["columns"])[0] == "code" and by_code["rows"][0]["code"] == "(none)"


def test_a_comparison_says_what_is_compared(ask):
    asked = {"from_year": 2022, "to_year": 2025, "scope": "海岸与渔业部"}
    whole, units = (answered(result) for result in ask(("compare", asked), ("compare", asked | {"part": "units", "limit": 2})))
    assert any("of 22 tasks 14 continue an earlier one for sure" in line for line in whole["words"])
    assert [(row["side"], row["least"], row["most"]) for row in whole["rows"]] == [("later", 5, 8), ("earlier", 6, 10)]
    assert len(units["rows"]) == 2 < units["total"] and units["basis"]["plans_total"] == 2


def test_what_is_put_wrongly_comes_back_as_one_line(ask):
    calls = {
        ("read_task", ("task", "t-aaaaaaaaaaaa")): "the graph holds no task 't-aaaaaaaaaaaa'",
        ("read_document_text", ("document", "x-aaaaaaaaaaaa")): "the graph holds no document 'x-aaaaaaaaaaaa'",
        ("department_workload", ("yaer", 2022)): "department_workload takes no parameter 'yaer'; did you mean 'year'?",
        ("department_workload", ("year", "soon")): "department_workload: year is 'soon', expected a whole number",
        ("department_workload", ("role", "boss")): "department_workload: role is 'boss', expected one of lead, responsible, support, implement",
        ("department_workload", ("limit", 0)): "department_workload: limit is 0, expected 1 to 200",
        ("compare", ("part", "all")): "compare: part is 'all', expected one of",
        ("department_workloads", ("year", 2022)): "there is no tool 'department_workloads'; did you mean 'department_workload'?"}
    results = ask(*((tool, dict([given])) for tool, given in calls), ("search_tasks", {}), ("read_document_text", {"document": "p-krw6lq32uqmj", "start_char": 99_999}))
    for result, line in zip(results, [*calls.values(), "search_tasks needs the parameter 'q'", "read_document_text: start_char is 99999, expected 0 to "], strict=True):
        assert said(result).startswith(line)


def test_no_tool_writes(ask, url):
    """Each tool is called, with Cypher where a text goes; the graph is the same afterwards."""
    def state() -> tuple:
        with open_store(url) as store:
            return store.meta(), [store.read(f"MATCH (n:{kind.__name__}) RETURN count(n) AS n") for kind in NODES], Path(url).read_bytes()

    from api.mcp_server import tools

    cypher = "' RETURN 1 AS x; MATCH (n) DETACH DELETE n //"
    before = state()
    calls = [(tool.name, {parameter.name: cypher for parameter in tool.parameters if parameter.type == "str"}) for tool in tools()]
    plain = [("search_tasks", {"q": "渔"}), ("plans", {}), ("themes", {}), ("lines", {}), ("coverage", {})]
    results = ask(*calls, *plain)
    assert [answered(result)["total"] for result in results[len(calls):]] == [len(queries.run(name, url, **given)) for name, given in plain]
    assert all("service itself" not in said(result) for result in results if result.is_error)
    assert state() == before


def test_stdout_holds_the_protocol_and_nothing_else(url):
    """Also where a tool fails, and where the log is asked for."""
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "read_task", "arguments": {"task": "t-aaaaaaaaaaaa"}}}
    sent = "".join(json.dumps(message) + "\n" for message in (hello, {"jsonrpc": "2.0", "method": "notifications/initialized"}, call))
    server = subprocess.Popen([*COMMAND, "--verbose", "mcp", "--store", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    server.stdin.write(sent)
    server.stdin.flush()
    lines = [json.loads(server.stdout.readline()) for _ in range(2)]
    rest, log = server.communicate(timeout=60)  # the client goes away: the server ends by itself
    assert [line["id"] for line in lines] == [1, 2] and lines[1]["result"]["isError"] and rest == ""
    assert server.returncode == 0 and "Traceback" not in log


def test_a_graph_that_grows_is_read_anew(tmp_path):
    graph = str(tmp_path / "graph.lbug")
    run("ingest", SAMPLES / "ministry-2022.txt", "--store", graph)

    async def session():
        async with Client(parameters(graph)) as client:
            before = await client.call_tool("plans", {})
            await anyio.run_process([*COMMAND, "ingest", str(SAMPLES), "--store", graph])
            return before, await client.call_tool("plans", {})

    before, after = map(answered, anyio.run(session))
    assert (before["total"], after["total"]) == (1, 3) and before["cite"] != after["cite"]


def test_what_cannot_be_served_is_one_line(tmp_path):
    assert "there is no graph" in refused(run("mcp", "--store", tmp_path / "none.lbug"), 1)


def test_without_the_package_the_pip_command_is_given(url, monkeypatch):
    monkeypatch.delitem(sys.modules, "api.mcp_server", raising=False)
    for name in [name for name in sys.modules if name == "mcp" or name.startswith("mcp.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if not (Path(path) / "mcp").is_dir()])
    assert refused(run("mcp", "--store", url), 1) == "error: policygraph mcp needs the package mcp: pip install 'mcp>=2.3,<3'"
