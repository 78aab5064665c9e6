"""The judge of links: what its answers change, what becomes of wrong ones, and that it is asked once for all."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from annotated import WRITTEN, iter_pairs
from conftest import records_in
from judge_cases import EARLIER, LATER, WORK, by_pair, cache, fine, judge_at, judged, never, records, rows_of, same_work, text_of  # noqa: F401 (fixtures)
from stub_judge import Asked, StubJudge, answers


from ingest.continuity.links import Linker, link_records
from ingest.continuity.judge import Judge, ask, iter_questions, prepare
from ingest.continuity.judge_prompt import estimate_tokens, messages_of
from ingest.continuity.verdicts import Verdict
from ingest.continuity.weights import read_weights
from ingest.pipeline import extract
from ingest.readers import Source

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def written():
    """Two plans of some thirty tasks, written as the real ones are."""
    return records_in(*(path for path in (DATA / "continuity" / "raw").iterdir() if path.name[:2] in ("50", "51")))


# --- what an answer changes ---------------------------------------------------------------------------

def test_yes_makes_a_link_and_no_takes_one(written):
    """Whatever the rules say, here the contrary of all of it: the judge is asked about candidates below the cut too."""
    rules = by_pair(link_records(written))
    links = {pair for pair, link in rules.items() if link.standing == "link"}
    texts = {tuple(text_of(written, task) for task in pair) for pair in links}
    with StubJudge(lambda asked: answers(asked, lambda later, earlier: (later, earlier) not in texts)) as stub:
        found, outcome = judged(written, judge_at(stub))
    answered = {(later, earlier): answer for later, of_task in outcome.judged.items() for earlier, answer in of_task.items()}
    assert len(links & set(answered)) > 10 and len(set(answered) - links) > 10
    for pair in answered:
        link = found[pair]
        assert (link.method, link.by, link.rules_score >= read_weights().cut) == ("judge", "a-model", pair in links)
        assert (link.standing, link.score, link.note) == (("not", 0.1, "other work") if pair in links else ("link", 0.9, "the same work"))
        assert pair not in rules or link.rules_score == rules[pair].rules_score
        if link.standing == "link":  # the sentences that go on are those of the evidence, too
            assert covers(link.sentences_later, link.later_start) and covers(link.sentences_earlier, link.earlier_start)
    assert {pair: link for pair, link in found.items() if pair not in answered} == {pair: link for pair, link in rules.items() if pair not in answered}


def covers(places: list[int], at: int) -> bool:
    return any(a <= at < b for a, b in zip(places[::2], places[1::2], strict=True))


def test_a_doubtful_no_stays_for_a_reader_where_the_rules_saw_something():
    """A no that is none too sure is perhaps a yes; but what the rules saw nothing in, no answer makes a perhaps of."""
    pair = next(pair for pair in iter_pairs(WRITTEN) if pair.name == "76_77")
    low = read_weights().low
    seen = {(link.later, link.earlier) for link in link_records([pair.later, pair.earlier])}
    with StubJudge(lambda asked: {"answers": [row | {"confidence": round(1 - low - 0.01, 3)} for row in answers(asked, never)["answers"]]}) as stub:
        found, outcome = judged([pair.later, pair.earlier], judge_at(stub))
    asked = {(later, earlier) for later, of in outcome.judged.items() for earlier in of}
    assert asked - seen and asked & seen, "the stub must be asked about more than the rules see"
    assert set(found) == seen
    assert all((link.standing, link.method) == ("perhaps", "judge") and link.score >= low for key, link in found.items() if key in asked)


def test_verdict_by_hand_wins(records):
    links = [link for link in link_records(records) if link.standing == "link"]
    kept, out = links[0], links[1]
    ruled = {(kept.later, kept.earlier): Verdict("v.csv", 2, kept.later, kept.earlier, "continues", by="Li"), (out.later, out.earlier): Verdict("v.csv", 3, out.later, out.earlier, "not", by="Li")}
    with StubJudge(lambda asked: answers(asked, lambda later, earlier: same_work(later, earlier) and earlier != text_of(records, kept.earlier))) as stub:
        found, _ = judged(records, judge_at(stub), verdicts=ruled)
    assert [(found[link.later, link.earlier].standing, found[link.later, link.earlier].method, found[link.later, link.earlier].by) for link in (kept, out)] == [("link", "hand", "Li"), ("not", "hand", "Li")]
    assert {link.method for pair, link in found.items() if pair not in ruled} == {"judge"}


def test_evidence_is_verbatim_at_its_place(records):
    """Models drop white space and change marks; the link has what stands in the file, also from a heading."""
    def copied(asked: Asked) -> dict:
        found = fine(asked)
        for row in found["answers"]:
            if row["continues"]:
                what = next(what for what in WORK if f"扩大{what}" in asked.later)
                row |= {"evidence_later": f"深化 {what}\n工作", "evidence_earlier": f"项,编制{what}"}
        return found

    with StubJudge(copied) as stub:
        found, outcome = judged(records, judge_at(stub))
    links = [link for link in found.values() if link.standing == "link"]
    assert len(links) == len(WORK) and outcome.twice == 0
    for link in links:
        assert LATER[link.later_start:link.later_end] == link.evidence_later and link.evidence_later.startswith("深化")
        assert EARLIER[link.earlier_start:link.earlier_end] == link.evidence_earlier and link.evidence_earlier.startswith("项，\u3000编制")
        assert covers(link.sentences_earlier, link.earlier_start)


def test_what_is_asked(records):
    """The definition with near misses, the task and the asked number of its candidates, each with heading and text."""
    linker = Linker()
    question = next(iter_questions(records, linker, 3))
    system, user = messages_of(question)
    assert "same line of work" in system["content"] and "Near misses" in system["content"]
    assert len(question.places) == 3 and user["content"].count("CANDIDATE") == 3
    for task in (question.task, *question.candidates):
        assert f"heading: {task.path[-1]}" in user["content"] and f"text: {task.text}" in user["content"]
    assert [len(q.places) for q in iter_questions(records, linker, 99)] != [3] * len(WORK)
    assert estimate_tokens([{"role": "user", "content": "海岸监测abcdefgh"}]) == 6


# --- wrong answers ------------------------------------------------------------------------------------

def first_row(**changed):
    """Of the candidate that continues the task."""
    return lambda asked: {"answers": [row | (changed if row["continues"] else {}) for row in rows_of(asked)]}


WRONG = {
    "prose": (lambda asked: "Candidate 1 continues the later task.", "no JSON"),
    "nothing": (lambda asked: "", "no JSON"),
    "cut off": (lambda asked: json.dumps(fine(asked))[:-20], "no JSON"),
    "nested": (lambda asked: "[" * 100_000, "no JSON"),
    "no list": (lambda asked: {"answers": {"1": True}}, "list"),
    "one left out": (lambda asked: {"answers": rows_of(asked)[1:]}, "candidate 1 is not answered"),
    "one twice": (lambda asked: {"answers": [*rows_of(asked), rows_of(asked)[0]]}, "candidate 1 is answered 2 times"),
    "one too many": (lambda asked: {"answers": [*rows_of(asked), rows_of(asked)[0] | {"candidate": 99}]}, "candidate is 99"),
    "number in words": (lambda asked: {"answers": [row | {"candidate": str(row["candidate"])} for row in rows_of(asked)]}, 'candidate is "1"'),
    "no row": (lambda asked: {"answers": [*rows_of(asked), "1"]}, "candidate is missing"),
    "yes in words": (first_row(continues="yes"), 'continues is "yes"'),
    "too sure": (first_row(confidence=1.5), "confidence is 1.5"),
    "odds of a link": (lambda asked: {"answers": [row | ({} if row["continues"] else {"confidence": 0.05}) for row in rows_of(asked)]}, "confidence is 0.05"),
    "not a number": (first_row(confidence=float("nan")), "confidence is NaN"),
    "confidence in words": (first_row(confidence="high"), 'confidence is "high"'),
    "paraphrase": (first_row(evidence_later="这项工作得到延续"), "evidence_later"),
    "dots": (lambda asked: {"answers": [row | ({"evidence_earlier": f"{row['evidence_earlier'][:4]}…报告"} if row["continues"] else {}) for row in rows_of(asked)]}, "evidence_earlier"),
    "the other's words": (lambda asked: {"answers": [row | ({"evidence_earlier": asked.later[:8]} if row["continues"] else {}) for row in rows_of(asked)]}, "evidence_earlier"),
    "no evidence": (first_row(evidence_later=""), "evidence_later"),
    "one character": (first_row(evidence_earlier="完"), "evidence_earlier"),
    "evidence is a number": (first_row(evidence_earlier=5), "evidence_earlier"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_is_asked_for_once_more(records, name):
    """With the reply and what was wrong with it; the second answer counts."""
    wrong, told = WRONG[name]
    with StubJudge(lambda asked: fine(asked) if asked.again else wrong(asked)) as stub:
        found, outcome = judged(records, judge_at(stub))
    assert (outcome.asked, outcome.twice, outcome.invalid, outcome.failed) == (len(WORK), len(WORK), 0, [])
    assert len(stub.asked) == 2 * len(WORK) and sum(link.standing == "link" for link in found.values()) == len(WORK)
    reply, complaint = next(asked for asked in stub.asked if asked.again).body["messages"][2:]
    assert reply["role"] == "assistant" and told in complaint["content"]


@pytest.mark.parametrize("name", WRONG)
def test_twice_wrong_keeps_the_rules_score(records, name, cache):
    """Of the candidates with no answer that can be used; those that were answered well are judged. Never a third time."""
    rules = by_pair(link_records(records))
    with StubJudge(WRONG[name][0]) as stub:
        found, outcome = judged(records, judge_at(stub))
        assert len(stub.asked) == 2 * len(WORK) and outcome.failed == []
    answered = {(later, earlier) for later, of_task in outcome.judged.items() for earlier in of_task}
    assert outcome.invalid == sum(len(asked.candidates) for asked in stub.asked) / 2 - len(answered)
    assert {pair: link for pair, link in found.items() if pair not in answered} == {pair: link for pair, link in rules.items() if pair not in answered}
    assert all(link.method == "judge" for pair, link in found.items() if pair in answered)
    assert bool(outcome.invalid) == (name not in ("one too many", "no row"))
    assert len(list(cache.rglob("*.json"))) == sum(map(bool, outcome.judged.values())), "what was answered well is kept"


def test_second_answer_may_be_the_missing_part_only(records, cache):
    """What was good in the first one stays; where both answer a candidate the second one counts."""
    def reply(asked: Asked) -> dict:
        first, *others = rows_of(asked)
        return {"answers": [first | {"why": "second thoughts"}]} if asked.again else {"answers": [first | {"confidence": 7}, *others]}

    with StubJudge(reply) as stub:
        _, outcome = judged(records, judge_at(stub))
    assert (outcome.twice, outcome.invalid, len(list(cache.rglob("*.json")))) == (len(WORK), 0, len(WORK))
    assert all({"second thoughts"} < {answer.why for answer in of_task.values()} for of_task in outcome.judged.values())


@pytest.mark.parametrize("dressed", [
    lambda text: f"```json\n{text}\n```",
    lambda text: f"Here is my answer:\n```\n{text}\n```\nI hope it helps.",
    lambda text: f"<think>Is {{it}} one? ```json\nno\n```</think>\n{text}",
    lambda text: f"Sure! {text}",
], ids=["fence", "fence in prose", "thoughts", "prose before"])
def test_json_is_found_in_what_models_put_around_it(records, dressed):
    with StubJudge(lambda asked: dressed(json.dumps(fine(asked), ensure_ascii=False))) as stub:
        _, outcome = judged(records, judge_at(stub))
    assert (outcome.asked, outcome.twice, outcome.invalid) == (len(WORK), 0, 0)


def test_reason_is_kept_short_and_plain(records):
    """A reason goes to terminals and databases: no escapes, no half characters, no page of text."""
    with StubJudge(lambda asked: answers(asked, same_work, why="\x1b[31mred\n\ud800 " + "long " * 500)) as stub:
        _, outcome = judged(records, judge_at(stub))
    reasons = [answer.why for of_task in outcome.judged.values() for answer in of_task.values()]
    assert any(reason.startswith("[31mred long long") for reason in reasons) and all(reason.isprintable() and len(reason) <= 300 for reason in reasons)


# --- the cache ----------------------------------------------------------------------------------------

def test_asked_once_for_all(records, cache):
    """The same texts, model and prompt are not asked about again, under another address neither; anything else is."""
    with StubJudge(fine) as stub, StubJudge(fine) as other:
        first, _ = judged(records, judge_at(stub))
        again, outcome = judged(records, judge_at(other))
        assert again == first and (outcome.cached, outcome.asked, other.asked) == (len(WORK), 0, [])
        _, outcome = judged(records, judge_at(stub, fresh=True))
        assert (outcome.cached, outcome.asked) == (0, len(WORK))
        _, outcome = judged(records, Judge(stub.url, "another-model"))
        assert (outcome.cached, outcome.asked) == (0, len(WORK))
        _, outcome = judged(records, judge_at(stub, candidates=2))
        assert (outcome.cached, outcome.asked) == (0, len(WORK))
        changed = [records[0], *extract(Source("b.txt", "b", LATER.replace(f"扩大{WORK[2]}", f"缩小{WORK[2]}")))]
        _, outcome = judged(changed, judge_at(stub))
        assert (outcome.cached, outcome.asked) == (len(WORK) - 1, 1)
    assert {path.suffix for path in cache.rglob("*") if path.is_file()} == {".json"}


def test_interrupted_run_goes_on_where_it_stopped(records):
    def interrupt(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with StubJudge(fine) as stub:
        judge = judge_at(stub, parallel=1)
        with pytest.raises(KeyboardInterrupt):
            ask(judge, prepare(judge, iter_questions(records, Linker(), 6)), interrupt)
    with StubJudge(fine) as stub:
        _, outcome = judged(records, judge_at(stub, parallel=1))
    assert (outcome.cached, outcome.asked, len(stub.asked)) == (3, len(WORK) - 3, len(WORK) - 3)


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"reply": 3, "date": ""}', '{"date": "2026-01-01", "reply": "{\\"answers\\": []}"}'])
def test_spoilt_answer_on_disk_is_asked_for_again(records, cache, spoilt):
    with StubJudge(fine) as stub:
        first, _ = judged(records, judge_at(stub))
        next(cache.rglob("*.json")).write_text(spoilt, encoding="utf-8")
        again, outcome = judged(records, judge_at(stub))
    assert (outcome.cached, outcome.asked) == (len(WORK) - 1, 1) and again == first


def test_so_many_at_a_time(records):
    with StubJudge(lambda asked: time.sleep(0.05) or fine(asked)) as stub:
        judged(records, judge_at(stub, parallel=3))
    assert 1 < stub.most <= 3


def test_of_a_partly_good_answer_only_the_rest_is_asked_again(records):
    """The same command with the same bad candidate: it alone is sent."""
    def partly(asked: Asked) -> dict:
        return {"answers": rows_of(asked)[1:]}

    with StubJudge(partly) as stub:
        first, before = judged(records, judge_at(stub))
    assert before.invalid == len(WORK)
    with StubJudge(fine) as stub:
        second, after = judged(records, judge_at(stub))
        assert {len(asked.candidates) for asked in stub.asked} == {1} and len(stub.asked) == len(WORK) and after.invalid == 0
    assert all(before.judged[task].items() <= after.judged[task].items() and len(after.judged[task]) == len(before.judged[task]) + 1 for task in before.judged)
    with StubJudge(fine) as stub:
        third, _ = judged(records, judge_at(stub))
        assert stub.asked == [] and third == second


def test_a_partly_good_answer_takes_no_place_of_a_whole_one(records):
    with StubJudge(fine) as stub:
        whole, _ = judged(records, judge_at(stub))
    with StubJudge(lambda asked: {"answers": rows_of(asked)[1:]}) as stub:
        judged(records, judge_at(stub, fresh=True))
    with StubJudge(fine) as stub:
        again, _ = judged(records, judge_at(stub))
        assert stub.asked == [] and again == whole
