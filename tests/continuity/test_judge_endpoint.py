"""Asking an endpoint: what happens where it answers slowly, with errors or not at all, where the address leads, where the key goes."""

from __future__ import annotations

import json
import time

import pytest
from judge_cases import WORK, by_pair, cache, fine, judge_at, judged, records  # noqa: F401 (fixtures)
from stub_judge import Sent, StubJudge

from ingest.continuity.links import link_records
from ingest.continuity.chat_endpoint import TRIES, address_of
from ingest.continuity.judge import Judge
from ingest.errors import BadJudge


def at_first(*sent: Sent):
    """These for the first requests, good answers from then on."""
    left = list(sent)
    return lambda asked: left.pop(0) if left else fine(asked)


@pytest.mark.parametrize("sent", [
    [Sent(status=500), Sent(status=503, raw=b"<html>busy</html>")], [Sent(status=429, headers={"Retry-After": "0"})], [Sent(status=429, headers={"Retry-After": "soon"})], [Sent(drop=True)], [Sent("{", cut=True)],
], ids=["server errors", "too many", "too many, no number", "dropped", "cut in the middle"])
def test_passing_errors_are_tried_again(records, sent):
    with StubJudge(at_first(*sent)) as stub:
        _, outcome = judged(records, judge_at(stub, parallel=1))
    assert (outcome.asked, outcome.failed, len(stub.asked)) == (len(WORK), [], len(WORK) + len(sent))


@pytest.mark.parametrize(("sent", "told"), [
    (Sent(status=400, raw=b'{"error": {"message": "context too long"}}'), "HTTP 400: context too long"), (Sent(raw=b"<html>welcome</html>"), "no chat completion: <html>welcome</html>"),
    (Sent(raw=b'{"choices": []}'), "no chat completion"), (Sent(raw=b'{"error": {"message": "overloaded"}}'), "overloaded"),
], ids=["too long", "a page", "no choice", "error within 200"])
def test_failed_request_is_told_and_the_others_go_on(records, sent, told):
    """Trying again would not help: one request each."""
    with StubJudge(at_first(sent)) as stub:
        found, outcome = judged(records, judge_at(stub, parallel=1))
    assert (outcome.asked, outcome.left, outcome.given_up, len(stub.asked)) == (len(WORK) - 1, 0, "", len(WORK))
    assert len(outcome.failed) == 1 and told in outcome.failed[0] and stub.url in outcome.failed[0]
    assert {link.method for link in found.values()} == {"judge", "rules"}


@pytest.mark.parametrize("reply", [
    lambda asked: time.sleep(1.0) or fine(asked), lambda asked: Sent(json.dumps(fine(asked)), pieces=(20, 0.1)),
], ids=["slow to begin", "drop by drop"])
def test_slow_answers_end_at_the_timeout(records, reply):
    """All of these would come in full, in one or two seconds."""
    with StubJudge(reply) as stub:
        _, outcome = judged(records, judge_at(stub, timeout=0.2, parallel=8))
    assert outcome.asked == 0 and "no answer within 0.2 s" in outcome.failed[0] and f"after {TRIES} tries" in outcome.failed[0]


@pytest.mark.parametrize(("status", "told"), [(401, "POLICYGRAPH_JUDGE_KEY"), (403, "POLICYGRAPH_JUDGE_KEY"), (404, "--judge-model"), (302, "redirects"), (307, "redirects")])
def test_refusal_stops_the_asking_at_once(records, status, told):
    with StubJudge(lambda asked: {}) as elsewhere, StubJudge(lambda asked: Sent(status=status, headers={"Location": elsewhere.url})) as stub:
        rules = by_pair(link_records(records))
        found, outcome = judged(records, judge_at(stub, parallel=1))
        assert elsewhere.asked == [] and len(stub.asked) == 1
    assert len(outcome.failed) == 1 and told in outcome.failed[0] and outcome.left == len(WORK) - 1 and found == rules


def test_dead_endpoint_is_given_up(records):
    with StubJudge(lambda asked: Sent(status=502)) as stub:
        found, outcome = judged(records, judge_at(stub, parallel=2))
    assert len(outcome.failed) == 5 and outcome.left == len(WORK) - 5 and "5 requests in a row" in outcome.given_up
    assert len(stub.asked) <= 7 * TRIES and found == by_pair(link_records(records))
    _, outcome = judged(records, judge_at(stub, parallel=2))  # stopped: nobody listens any more
    assert outcome.asked == 0 and "refused" in outcome.failed[0]


def test_failures_now_and_then_do_not_stop_it(records):
    bad = [what for k, what in enumerate(WORK) if k % 4]  # six of eight, never five in a row
    with StubJudge(lambda asked: Sent(status=400) if any(asked.later.startswith(f"扩大{what}") for what in bad) else fine(asked)) as stub:
        _, outcome = judged(records, judge_at(stub, parallel=1))
    assert (outcome.asked, len(outcome.failed), outcome.left) == (2, 6, 0)


def test_model_that_takes_no_temperature_is_asked_without(records):
    with StubJudge(lambda asked: Sent(status=400, raw=b'{"error": {"message": "temperature is not supported"}}') if "temperature" in asked.body else fine(asked)) as stub:
        _, outcome = judged(records, judge_at(stub))
    assert (outcome.asked, outcome.failed) == (len(WORK), []) and sum("temperature" in asked.body for asked in stub.asked) <= 4


# --- the address and the key --------------------------------------------------------------------------

@pytest.mark.parametrize(("url", "address"), [
    ("http://localhost:8000/v1", "http://localhost:8000/v1/chat/completions"), ("http://localhost:8000/v1/", "http://localhost:8000/v1/chat/completions"),
    ("https://host.example/api/chat/completions?v=2", "https://host.example/api/chat/completions?v=2"), ("http://localhost:8000", "http://localhost:8000/v1/chat/completions"),
])
def test_where_it_asks(url, address):
    assert address_of(url) == address


@pytest.mark.parametrize(("changed", "told"), [
    ({"url": "localhost:8000"}, "expected the address"), ({"url": "ftp://host/v1"}, "expected the address"), ({"url": "http://host:port/v1"}, "no address"), ({"url": "http://[::1/v1"}, "no address"),
    ({"url": "http://me:secret@host/v1"}, "POLICYGRAPH_JUDGE_KEY"), ({"model": " "}, "--judge-model"), ({"candidates": 0}, "--judge-candidates"), ({"parallel": 0}, "--judge-parallel"),
    ({"timeout": float("nan")}, "--judge-timeout"), ({"key": "two words"}, "POLICYGRAPH_JUDGE_KEY"),
])
def test_judge_that_cannot_be_asked_is_refused(changed, told):
    with pytest.raises(BadJudge, match=told) as raised:
        Judge(**{"url": "http://localhost:8000/v1", "model": "m"} | changed)
    assert "secret" not in str(raised.value) and "two words" not in str(raised.value)


def test_key_goes_to_the_endpoint_and_nowhere_else(records, cache):
    with StubJudge(fine) as stub:
        judge = judge_at(stub, key="sk-0123456789")
        judged(records, judge)
    assert {asked.headers["Authorization"] for asked in stub.asked} == {"Bearer sk-0123456789"} and "sk-0123456789" not in repr(judge)
    assert not any(b"sk-0123456789" in path.read_bytes() for path in cache.rglob("*") if path.is_file())
    with StubJudge(lambda asked: Sent(status=401, raw=b'{"error": {"message": "wrong key sk-0123456789"}}')) as stub:
        _, outcome = judged(records, judge_at(stub, key="sk-0123456789", fresh=True))
    assert "wrong key …" in outcome.failed[0]
    with StubJudge(fine) as stub:
        judged(records, judge_at(stub, fresh=True))
    assert not any("Authorization" in asked.headers for asked in stub.asked)


KEY = "sk-" + "0123456789" * 4


@pytest.mark.parametrize("before", [*range(75, 121, 9), *range(160, 201, 8)])
@pytest.mark.parametrize(("status", "form"), [(200, "{}"), (401, "{}"), (401, '{{"error": {{"message": "{}"}}}}'), (400, '{{"error": "{}"}}')])
def test_no_part_of_the_key_is_told_where_words_are_cut(records, before, status, form):
    """The key stands across each of the places at which a message is cut."""
    with StubJudge(lambda asked: Sent(status=status, raw=form.format("x" * before + KEY + "y" * 300).encode())) as stub:
        _, outcome = judged(records, judge_at(stub, key=KEY, parallel=1))
    assert outcome.failed and "xxx" in outcome.failed[0] and KEY[:3] not in outcome.failed[0]


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("at", [190, 3_980])
def test_no_part_of_the_key_is_told_behind_white_space(records, status, at):
    """White space is taken out: what is read last may be told."""
    with StubJudge(lambda asked: Sent(status=status, raw=("no" + " " * at + KEY + " end" * 300).encode())) as stub:
        _, outcome = judged(records, judge_at(stub, key=KEY, parallel=1))
    assert outcome.failed and KEY[:3] not in outcome.failed[0]
