"""Laws of ids and records: the same plan gives the same ids from any file, and a record survives being printed and read."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import pytest
from conftest import SAMPLES
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph import model
from graph.ids import LETTERS, content_id, kind_of, number_equals, squeeze
from graph.records import (
    Coverage,
    DocumentRecord,
    DutyRecord,
    GoalRecord,
    IndicatorRecord,
    LinkRecord,
    MentionRecord,
    TaskRecord,
    UnitRecord,
    WarningRecord,
)
from graph.stored import plan_id
from ingest.pipeline import extract
from ingest.readers import Source, read_source

# Words of a document: anything but surrogates and the separators that no text file holds.
words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\x1e\x1f"), max_size=20)
parts = st.lists(st.one_of(words, st.none()), min_size=1, max_size=5)
offsets = st.integers(0, 10_000)
maybe = words | st.none()
year = st.integers(1949, 2100)
units = st.builds(UnitRecord, words, words, st.sampled_from(["lead", "responsible", "support", "implement"]), st.sampled_from(["marked", "rule", "none"]),
                  st.integers(1, 5), st.booleans(), offsets, offsets)
tasks = st.builds(TaskRecord, words, st.lists(words, max_size=3), words, offsets, offsets, maybe, offsets | st.none(), offsets | st.none(), maybe,
                  st.sampled_from(["substantive", "safeguard"]), offsets | st.none(), offsets | st.none(), st.lists(units, max_size=3))
indicators = st.builds(IndicatorRecord, words, maybe, maybe, words, st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["=", ">=", "~"]),
                       maybe, words, st.booleans(), year | st.none(), offsets, offsets)
records = st.builds(
    DocumentRecord, words, words, words, offsets, offsets, st.sampled_from(["plan", "duties", "news", "other"]), maybe, words, maybe, st.booleans(),
    st.lists(words, max_size=2), maybe, maybe, maybe, maybe, maybe, maybe, st.lists(year, max_size=3), maybe, maybe, maybe, st.lists(words, max_size=2),
    goals=st.lists(st.builds(GoalRecord, words, maybe, words, offsets, offsets), max_size=2), tasks=st.lists(tasks, max_size=2),
    indicators=st.lists(indicators, max_size=2), mentions=st.lists(st.builds(MentionRecord, maybe, maybe, words, words, maybe, offsets, offsets), max_size=2),
    duties=st.lists(st.builds(DutyRecord, words, words, words, offsets, offsets), max_size=2),
    warnings=st.lists(st.builds(WarningRecord, words, offsets, offsets), max_size=2),
    coverage=st.none() | st.builds(Coverage, offsets, offsets, offsets, offsets))


def test_an_id_of_today_is_that_of_yesterday():
    """Ids stand in published tables: one that changes with a release leads nowhere."""
    assert content_id("Task", "p-3kq5h7x2ab4c", "推动智慧渔港建设", 0) == "t-6cijzwyocfhy"
    assert content_id("Department", "海岸与渔业部", "海岸司") == "d-wcno5j3bpicg"


@given(st.sampled_from(sorted(LETTERS)), parts)
def test_an_id_has_its_kind_and_form(kind, given_parts):
    """An id given as a parameter would be taken for a name."""
    made = content_id(kind, *given_parts)
    assert re.fullmatch(r"[a-z]-[a-z2-7]{12}", made)
    assert kind_of(made) == kind
    assert content_id(kind, *given_parts) == made


@given(parts, parts)
def test_other_parts_give_another_id(one, other):
    """("ab", "c") and ("a", "bc"), or None and "", would be one thing: two units of two bodies would meet."""
    assert (content_id("Task", *one) == content_id("Task", *other)) == (one == other)


@given(parts, st.integers(0, 5))
def test_the_same_words_split_otherwise_give_another_id(given_parts, at):
    """A unit 市教育|局 would be the unit 市|教育局."""
    first = given_parts[0] or ""
    if 0 < at < len(first):
        assert content_id("Task", *given_parts) != content_id("Task", first[:at], first[at:], *given_parts[1:])


@pytest.mark.parametrize("name", ["海岸司", "t-shirt", "", "t", "t-", "d-wcno5j3bpic", "z-wcno5j3bpicg", "dwcno5j3bpicgx"])
def test_a_name_is_no_id(name):
    """A department with such a name could not be asked for."""
    assert kind_of(name) is None


def test_every_kind_has_its_own_letter():
    """Two kinds of node with one letter could not be told apart by id."""
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert set(LETTERS) == {kind.__name__ for kind in model.NODES}


@given(words)
@example("R¸")  # NFKC makes a space of it, and what the space kept apart meets
def test_squeezing_twice_is_squeezing_once(text):
    """A copy of a copy of a plan would have other ids than the plan."""
    assert squeeze(squeeze(text)) == squeeze(text)


@pytest.mark.parametrize(("one", "other"), [("（2022—2025年）", "(2022—2025年)"), ("培训 3000　人\n次", "培训3000人次"), ("８０％", "80%")])
def test_what_copies_of_a_text_differ_in_is_squeezed_out(one, other):
    """The .pdf and the .txt of a plan would be two plans."""
    assert squeeze(one) == squeeze(other)


@pytest.mark.parametrize(("one", "other"), [("80%", "8%"), ("海岸司", "海岸处"), ("1.5", "15")])
def test_what_differs_in_words_stays_apart(one, other):
    """Two tasks would be one."""
    assert squeeze(one) != squeeze(other)


@given(st.lists(st.tuples(st.sampled_from("abc")), max_size=12))
def test_equal_things_are_numbered_from_zero(keys):
    """The second of two equal tasks of a plan would be lost."""
    numbers = number_equals(keys)
    assert len(set(zip(keys, numbers, strict=True))) == len(keys)
    for key in set(keys):
        assert [n for k, n in zip(keys, numbers, strict=True) if k == key] == list(range(keys.count(key)))


@given(records)
@settings(deadline=None)
def test_a_record_printed_and_read_is_the_same(record):
    """Who edits the JSON lines of `extract` and reads them again would lose a field."""
    line = record.to_json()
    assert "\n" not in line
    assert DocumentRecord.from_json(line) == record
    assert list(json.loads(line)) == [f.name for f in fields(DocumentRecord) if f.name != "text"]


def test_the_samples_printed_and_read_are_the_same(sample_records):
    """The same for real records: all but the text, which the file holds."""
    assert len(sample_records) == 6
    for record in sample_records:
        again = DocumentRecord.from_json(record.to_json())
        assert again.text == ""
        again.text = record.text
        assert again == record


def test_a_link_prints_in_one_line():
    """Links are JSON lines too."""
    link = LinkRecord("t-a", "t-b", 0.75, True, "continues", "rules", "“智慧\n渔港”", 1, 2, "智慧渔港", 3, 4)
    assert LinkRecord(**json.loads(link.to_json())) == link and "\n" not in link.to_json()


def ids(found: list[DocumentRecord]) -> set[str]:
    listed = [thing.id for record in found for thing in (record, *record.goals, *record.tasks, *record.indicators)]
    assert len(set(listed)) == len(listed)
    return set(listed) | {plan_id(record) for record in found if record.kind == "plan"}


@pytest.mark.parametrize("change", [
    pytest.param(lambda text: text.replace("\n", "\r\n"), id="line ends"),
    pytest.param(lambda text: text.replace("\n", "\n\n"), id="empty lines"),
    pytest.param(lambda text: text.replace("（", "(").replace("）", ")"), id="width of brackets"),
    pytest.param(lambda text: text.replace("\n", "\n　　"), id="indents"),
    pytest.param(lambda text: "\n" + text + "\n", id="space around"),
])
@pytest.mark.parametrize("name", ["ministry-2022.txt", "ministry-2025.txt"])
def test_another_copy_of_a_plan_has_the_same_ids(name, change):
    """A plan downloaded again, or saved from another program, would stand in the graph twice."""
    source = read_source(SAMPLES / name)
    assert ids(extract(Source("copy", "0", change(source.text)))) == ids(extract(source))


def test_ids_do_not_depend_on_the_order_of_documents():
    """A compilation in another order would be taken for other plans."""
    text = read_source(SAMPLES / "city-compilation.txt").text
    start = [text.index(f"第{n}篇:") for n in "一二三"] + [len(text)]
    news, plan, duties = (text[a:b] for a, b in zip(start, start[1:], strict=False))
    turned = duties.rstrip() + "\n" + plan + news
    assert ids(extract(Source("turned", "0", turned))) == ids(extract(Source("as it is", "0", text)))
