"""The judge from the command line: off unless asked for, told before it starts, kept in a graph, honest where it fails."""

from __future__ import annotations

import functools
import io
import json
import re
import socket
from types import SimpleNamespace

import pytest
from annotated import WRITTEN, iter_pairs
from candidates import candidate_recall
from commands import refused, run
from judge_cases import EARLIER, LATER, WORK, fine, same_work
from stub_judge import Sent, StubJudge, answers

import api.judging
import ingest.continuity.judge
from graph.store import open_store
from ingest.continuity.weights import read_weights

MODEL = ("--judge-model", "a-model")


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    for name in ("POLICYGRAPH_CACHE", "POLICYGRAPH_JUDGE_KEY", "POLICYGRAPH_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(ingest.continuity.judge, "Judge", functools.partial(ingest.continuity.judge.Judge, pause=0.01))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def plans(tmp_path):
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "a.txt").write_text(EARLIER, encoding="utf-8")
    (folder / "b.txt").write_text(LATER, encoding="utf-8")
    return folder


def rows(result) -> dict[tuple[str, str], dict]:
    return {(row["later"], row["earlier"]): row for row in map(json.loads, result.stdout.splitlines())}


def test_without_a_judge_nothing_leaves_the_machine(plans, tmp_path, monkeypatch):
    """Every way to the network is shut: neither files nor a graph are linked with it, and the judge does not get past it."""
    tried = []

    def shut(*arguments, **_):
        tried.append(arguments)
        raise OSError("shut")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, shut)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, shut)
    monkeypatch.setenv("POLICYGRAPH_JUDGE_KEY", "sk-0123456789")  # a key alone asks nobody
    store = ("--store", tmp_path / "g.lbug")
    for arguments in (("link", plans), ("ingest", plans, *store), ("link", *store), ("link", plans, "--perhaps", "--across", "--yes")):
        assert run(*arguments).exit_code == 0
    assert tried == [] and not (tmp_path / "cache").exists()
    result = run("link", plans, "--judge", "http://host.example/v1", *MODEL)
    assert tried and result.exit_code == 1 and "this machine" in result.stderr


def test_files_are_linked_by_the_judge(plans):
    """Told before: how much will be sent. Told after: what was asked and what it changed. Data alone on stdout."""
    with StubJudge(fine) as stub:
        result = run("link", plans, "--perhaps", "--judge", stub.url, *MODEL)
        again = run("link", plans, "--perhaps", "--judge", stub.url, *MODEL)
        assert {asked.path for asked in stub.asked} == {"/v1/chat/completions"} and len(stub.asked) == len(WORK)
    found = rows(result)
    assert result.exit_code == again.exit_code == 0 and rows(again) == found
    links = [row for row in found.values() if row["standing"] == "link"]
    assert len(links) == len(WORK)
    assert {(row["method"], row["by"], row["score"]) for row in links} == {("judge", "a-model", 0.9)}
    cut = read_weights().cut
    added, taken = (sum((row["standing"] == "link") is link and (row["rules_score"] >= cut) is not link for row in found.values()) for link in (True, False))
    assert f"{len(found)} by the judge: {added} that the rules have below the cut, {taken} taken from theirs" in result.stderr
    assert f"judge a-model at {stub.url}/chat/completions: 8 later tasks" in result.stderr and "0 of them answered already" in result.stderr
    assert "tokens as it counted them: 560 in, 240 out" in result.stderr
    assert "8 of them answered already" in again.stderr and "0 asked, 8 from the cache" in again.stderr and "to send" not in again.stderr
    tokens = int(re.search(r"about ([\d,]+) tokens in", result.stderr)[1].replace(",", ""))
    sent = [sum(len(message["content"]) for message in asked.body["messages"]) for asked in stub.asked]
    assert sum(sent) / 4 < tokens < sum(sent)


@pytest.mark.parametrize(("options", "told"), [
    (("--judge", "http://localhost:1/v1"), "--judge-model"), (MODEL, "--judge URL"), (("--judge-fresh",), "--judge URL"), (("--judge-candidates", "3"), "--judge URL"),
    (("--judge", "localhost:1", *MODEL), "expected the address"),
])
def test_half_a_judge_is_refused(plans, options, told):
    assert told in refused(run("link", plans, *options), 2)


def test_key_that_is_none_is_refused_unseen(plans, monkeypatch):
    monkeypatch.setenv("POLICYGRAPH_JUDGE_KEY", "sk-01234\n56789")
    assert "56789" not in refused(run("link", plans, "--judge", "http://localhost:1/v1", *MODEL), 2)


def test_asks_back_at_a_terminal_only(plans, monkeypatch):
    def at_a_terminal(typed: str) -> None:
        stdin = io.StringIO(typed)
        stdin.isatty = lambda: True
        monkeypatch.setattr(api.judging, "sys", SimpleNamespace(stdin=stdin))

    with StubJudge(fine) as stub:
        judge = ("link", plans, "--judge", stub.url, *MODEL)
        for typed in ("n\n", "\n", ""):
            at_a_terminal(typed)
            result = run(*judge)
            assert (result.exit_code, result.stdout, stub.asked) == (1, "", []) and "nothing was sent" in result.stderr and "8 requests" in result.stderr
        at_a_terminal("y\n")
        result = run(*judge)
        assert result.exit_code == 0 and len(stub.asked) == len(WORK) and all(row["method"] == "judge" for row in rows(result).values())
        at_a_terminal("")
        assert run(*judge).exit_code == 0  # all of it is known: there is nothing to ask back about
        assert run(*judge, "--judge-fresh", "--yes").exit_code == 0 and len(stub.asked) == 2 * len(WORK)


def test_failure_is_an_exit_status_and_the_rules_links_are_printed(plans):
    by_rules = rows(run("link", plans))
    with StubJudge(lambda asked: Sent(status=500)) as stub:
        result = run("link", plans, "--judge", stub.url, *MODEL)
    assert result.exit_code == 1 and rows(result) == by_rules
    assert "5 requests failed; given up, as 5 requests in a row failed" in result.stderr and "HTTP 500" in result.stderr and "3 not asked" in result.stderr
    with StubJudge(lambda asked: Sent(status=400) if asked.later.startswith(f"扩大{WORK[0]}") else fine(asked)) as stub:
        result = run("link", plans, "--judge", stub.url, *MODEL)
        assert result.exit_code == 1 and "1 request failed" in result.stderr and "7 asked" in result.stderr
    with StubJudge(fine) as stub:  # the same command asks for what is missing
        result = run("link", plans, "--judge", stub.url, *MODEL)
        assert result.exit_code == 0 and len(stub.asked) == 1


def test_answers_that_cannot_be_used_are_a_warning(plans):
    with StubJudge(lambda asked: "I cannot say.") as stub:
        result = run("link", plans, "--judge", stub.url, *MODEL)
    assert result.exit_code == 0 and {row["method"] for row in rows(result).values()} == {"rules"}
    candidates = sum(len(asked.candidates) for asked in stub.asked) // 2
    assert f"no answer that can be used on {candidates} candidates, asked twice" in result.stderr and "8 asked once more" in result.stderr


def test_key_is_in_no_output(plans, monkeypatch):
    monkeypatch.setenv("POLICYGRAPH_JUDGE_KEY", "sk-0123456789")
    with StubJudge(lambda asked: Sent(status=401, raw=json.dumps({"error": {"message": f"no such key: {asked.headers['Authorization']}"}}).encode())) as stub:
        result = run("-v", "link", plans, "--judge", stub.url, *MODEL)
    assert result.exit_code == 1 and "no such key: Bearer …" in result.stderr and "sk-0123456789" not in result.output


# --- a graph ------------------------------------------------------------------------------------------

def edges(url: str) -> dict[tuple[str, str], dict]:
    with open_store(url) as store:
        return {(row["later"], row["earlier"]): row | {"kind": kind} for kind in ("CONTINUES", "RESEMBLES") for row in store.read(
            f"MATCH (lp:Document)-[:CONTAINS]->(:Plan)-[:HAS_TASK]->(l:Task)-[r:{kind}]->(e:Task)<-[:HAS_TASK]-(:Plan)<-[:CONTAINS]-(ep:Document) RETURN l.id AS later, e.id AS earlier, "
            "r.method AS method, r.score AS score, r.by AS by, r.note AS note, r.evidence_later AS words, r.later_start AS start, r.later_end AS stop, l.text AS text, lp.text AS document, ep.source AS source ORDER BY later, earlier")}


def told(found: dict[tuple[str, str], dict]) -> dict[tuple[str, str], tuple]:
    return {pair: (row["kind"], row["method"], row["score"], row["by"], row["words"]) for pair, row in found.items()}


def test_graph_is_linked_by_the_judge_and_keeps_it(plans, empty_url):
    """What the judge decided stays through later runs without one, as far as the texts are the same; linking anew without one is the rules'."""
    store = ("--store", empty_url)
    assert run("ingest", plans, *store).exit_code == 0
    by_rules = told(edges(empty_url))
    with StubJudge(fine) as stub:
        result = run("link", *store, "--judge", stub.url, *MODEL)
    found = edges(empty_url)
    assert result.exit_code == 0 and f"{len(WORK)} links" in result.stderr and f"{len(found)} by the judge" in result.stderr
    assert {row["method"] for row in found.values()} == {"judge"} and {row["score"] for row in found.values() if row["kind"] == "CONTINUES"} == {0.9}
    assert {row["score"] for row in found.values() if row["kind"] == "RESEMBLES"} <= {0.1}
    assert all(row["document"][row["start"]:row["stop"]] == row["words"] for row in found.values())

    (plans / "c.txt").write_text(LATER.replace("2025年", "2027年"), encoding="utf-8")
    for again in ((), ("--again",)):
        assert run("ingest", plans, *store, *again).exit_code == 0
        now = edges(empty_url)
        assert {pair: row for pair, row in told(now).items() if pair in found} == told(found)
        assert {row["method"] for pair, row in now.items() if pair not in found} == {"rules"} and len(now) > len(found)

    (plans / "c.txt").unlink()
    assert run("remove", plans / "c.txt", *store).exit_code == 0
    result = run("link", *store)
    assert told(edges(empty_url)) == by_rules and f"{len(found)} that a judge had decided are the rules' again" in result.stderr


def test_changed_task_loses_what_was_answered_on_it(plans, empty_url):
    store = ("--store", empty_url)
    run("ingest", plans, *store)
    with StubJudge(fine) as stub:
        run("link", *store, "--judge", stub.url, *MODEL)
    before = edges(empty_url)
    (plans / "b.txt").write_text(LATER.replace(f"扩大{WORK[0]}", f"优化{WORK[0]}").replace("一、重点任务", "一、今年的重点任务"), encoding="utf-8")
    assert run("ingest", plans, *store).exit_code == 0
    now = edges(empty_url)
    assert {row["method"] for row in now.values() if row["text"].startswith("优化")} == {"rules"}
    kept = {pair: row for pair, row in before.items() if not row["text"].startswith(f"扩大{WORK[0]}")}
    assert {pair: row for pair, row in told(now).items() if pair in kept} == told(kept)
    assert all(row["document"][row["start"]:row["stop"]] == row["words"] for row in now.values())  # the offsets have moved


def test_verdict_on_a_judged_pair_wins_and_leaves_the_others(plans, empty_url):
    store = ("--store", empty_url)
    run("ingest", plans, *store)
    with StubJudge(lambda asked: answers(asked, same_work)) as stub:
        run("link", *store, "--judge", stub.url, *MODEL)
        before = edges(empty_url)
        pair = next(pair for pair, row in before.items() if row["kind"] == "CONTINUES")
        (plans / "verdicts.csv").write_text(f"later,earlier,verdict,note,by,date\n{pair[0]},{pair[1]},not,read it,Li,2026-01-02\n", encoding="utf-8")
        for command in (("ingest", plans, *store), ("link", *store, "--judge", stub.url, *MODEL)):
            assert run(*command).exit_code == 0
            now = edges(empty_url)
            assert (now[pair]["kind"], now[pair]["method"], now[pair]["by"]) == ("RESEMBLES", "hand", "Li")
            assert told(now) | {pair: None} == told(before) | {pair: None}


# --- what a judge can reach ---------------------------------------------------------------------------

def test_links_are_among_the_candidates():
    """The README gives the figures (tests/continuity/candidates.py prints them)."""
    pairs = list(iter_pairs(WRITTEN))
    recalls = [candidate_recall(pairs, n) for n in (1, 3, 6, 10)]
    assert recalls == sorted(recalls) and recalls[0] < 0.9 and recalls[2] >= 0.9
