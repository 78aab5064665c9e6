"""The laws of every record over plans that nobody wrote, and what such a plan says, read as it was made."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from generated import Wanted, as_markdown, broken, plans
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_records import check_spans

from graph.fingerprint import fingerprint
from graph.ids import squeeze
from graph.load import count_graph, load, remove
from graph.records import DocumentRecord
from graph.store import open_store
from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of
from ingest.pipeline import extract
from ingest.readers import Source


def bare(words: str) -> str:
    return words.rstrip("。：")


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans(), st.sampled_from([broken, as_markdown]))
def test_the_same_plan_copied_from_a_pdf_or_with_marks_says_the_same(made, change):
    text = change(made[0])
    (record,) = extract(Source("a.md", "0", text))
    check_spans(text, record)
    # A task's words are verbatim: a page's number among them stays.
    assert [re.sub("—\\d+—", "", squeeze(task.text)) for task in record.tasks] == [squeeze(task.text) for task in made[1]]
    for task, want in zip(record.tasks, made[1], strict=True):
        assert [bare(squeeze(heading).strip("#*")) for heading in task.path] == [bare(squeeze(heading)) for heading in want.path]
        assert [(unit.name, unit.role) for unit in task.units] == want.units
        assert Counter((i.value, i.comparator, i.unit) for i in record.indicators if i.task == task.id) == Counter(want.targets)


def check(text: str, wanted: list[Wanted]) -> None:
    """The one record of a text says what was wanted, white space, marks and page numbers aside."""
    (record,) = extract(Source("a.md", "0", text))
    check_spans(text, record)
    # A task's words are verbatim: a page's number among them stays.
    assert [re.sub("—\\d+—", "", squeeze(task.text)) for task in record.tasks] == [squeeze(task.text) for task in wanted]
    for task, want in zip(record.tasks, wanted, strict=True):
        assert [bare(squeeze(heading).strip("#*")) for heading in task.path] == [bare(squeeze(heading)) for heading in want.path]
        assert [(unit.name, unit.role) for unit in task.units] == want.units
        assert Counter((i.value, i.comparator, i.unit) for i in record.indicators if i.task == task.id) == Counter(want.targets)
    assert DocumentRecord.from_json(record.to_json()).tasks == record.tasks


@pytest.mark.slow
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_what_a_plan_says_is_read_as_it_was_made(made):
    """Every numbering with every clause and target, in mixtures that no example has."""
    check(*made)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans(), st.sampled_from([broken, as_markdown]))
def test_the_same_plan_copied_from_a_pdf_or_with_marks_says_the_same(made, change):
    check(change(made[0]), made[1])


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plans(), plans())
def test_loading_twice_is_loading_once_and_a_changed_plan_leaves_nothing(tmp_path_factory, first, second):
    """Laws of the graph over any two plans: the second takes the place of the first, and nothing of the first stays."""
    folder = tmp_path_factory.mktemp("graphs")

    def put(store, text):
        load(store, [bundle_of(record) for record in extract(Source("a.txt", str(len(text)) + text[-40:], text))], Linker())

    with open_store(str(folder / "a.lbug"), "create") as store:
        put(store, first[0])
        once = fingerprint(store)
        put(store, first[0])
        assert fingerprint(store) == once
        put(store, second[0])
        changed = fingerprint(store)
        remove(store, "a.txt")
        assert not any(n for kind, n in count_graph(store).items() if kind != "Meta")
    with open_store(str(folder / "b.lbug"), "create") as store:
        put(store, second[0])
        assert fingerprint(store) == changed
