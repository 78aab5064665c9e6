"""Continuity over series of generated plans: what is known is found, nothing is lost by not looking at every pair of tasks, and
a plan that comes later changes no other edge. Times and memory: tests/benchmarks/linking.py."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import replace

import pytest
from generated_series import generate
from whole_graph import dump, misplaced

from graph import model
from graph.load import load
from graph.store import open_store
from graph.stored import body_of, facts_of, plan_id
from ingest.continuity import many
from ingest.continuity.links import Linker, link_records
from ingest.continuity.pairs import bodies_near, plan_pairs
from ingest.graph_rows import bundle_of
from ingest.pipeline import extract
from ingest.readers import Source

EDGES = {kind.__name__ for kind in model.EDGES}
COUNTED = {"COUNTERPART_OF"}  # tells how many lines of work two units share in all plans, so it follows the plans
# Measured over 10,000 tasks on 2026-11-26, with three sets of weights: 0.95 to 0.98 of the known links from year to year. Three
# standard errors of a share of some 1,000 links are 0.02, and weights that are fitted anew moved it by 0.03.
FOUND_FROM_YEAR_TO_YEAR = 0.90
# Of the links from year to year 0.77 to 0.92 were known ones, with the same weights; of pairs of tasks one in fifty is.
KNOWN_OF_THOSE_GIVEN = 0.60


@pytest.fixture(scope="module")
def corpus():
    """A province, its four cities and a district, five years, some 1,500 tasks."""
    return generate(6, years=5)


@pytest.fixture(scope="module")
def links(corpus):
    return link_records(corpus.records)


def test_generated_records_are_what_extraction_reads():
    """So that what holds of them holds of plans: the same ids, borders, headings, clauses and units."""
    for record in generate(6, years=2, tasks=20).records:
        read, = extract(Source(record.source, record.sha256, record.text))
        assert (facts_of(read), plan_id(read), read.series, read.genre) == (facts_of(record), plan_id(record), record.series, record.genre)
        for task, other in zip(record.tasks, read.tasks, strict=True):
            other.deadline = None  # the generator does not say any
            assert task == other
        for span in (*record.mentions, *record.indicators):
            assert record.text[span.start:span.end] == getattr(span, "quote", None) or record.text[span.start:span.end] == getattr(span, "name", None)


def test_a_smaller_corpus_is_part_of_a_larger_one(corpus):
    smaller = generate(2, years=5)
    assert {record.text for record in smaller.records} < {record.text for record in corpus.records}
    assert smaller.links < corpus.links


def test_only_the_pairs_that_the_definition_names_are_compared():
    """Two provinces with what lies below: of a body its earlier years, of a body above all years, of others none."""
    plans = [facts_of(record) for record in generate(26, years=2, tasks=2).records]
    pairs = plan_pairs(plans)
    for later, earlier, relation in pairs:
        if relation == "continues":
            assert later.place == earlier.place and later.first_year > earlier.first_year
        else:
            lower, upper = (later, earlier) if relation == "takes_up" else (earlier, later)
            assert lower.place.startswith(upper.place) and lower.place != upper.place
    # 26 bodies; below a province 4 cities and (in the first) 15 districts, each of which lies in a city too.
    above = 4 + 15 * 2 + 4 + 1 * 2
    assert len(pairs) == 26 * 1 + above * 2 * 2 == len({(later.id, earlier.id) for later, earlier, _ in pairs})
    middle = plans[20].id
    assert plan_pairs(plans, {middle}) == [pair for pair in pairs if middle in (pair[0].id, pair[1].id)]


def test_the_plans_of_bodies_near_are_all_that_a_new_plan_is_compared_with():
    """Who adds to a large graph reads no others. A ministry, its successor and bodies without a name or a place come along."""
    plans = [facts_of(record) for record in generate(45, years=2, tasks=2).records]
    like = plans[0]
    plans += [replace(like, id=f"p-{k}", body=body, place=place, level=level) for k, (body, place, level) in enumerate((
        ("国家卫生计生委", None, "national"), ("国家卫生健康委", None, "national"), (None, None, None), (None, like.place, like.level), ("某某集团", None, None)))]
    bodies = {body_of(plan) for plan in plans}
    sizes = set()
    for plan in plans:
        near = bodies_near(bodies - {body_of(plan)}, {body_of(plan)})
        sizes.add(len(near))
        assert plan_pairs([other for other in plans if body_of(other) in near], {plan.id}) == plan_pairs(plans, {plan.id})
    assert min(sizes) < 12 and max(sizes) > 45


@pytest.mark.slow
def test_known_continuity_is_found(corpus, links):
    year = {task.id: record.years[0] for record in corpus.records for task in record.tasks}
    known = {(later, earlier) for later, earlier, relation in corpus.links if relation == "continues" and year[later] == year[earlier] + 1}
    given = {(link.later, link.earlier) for link in links if link.standing == "link" and link.relation == "continues" and year[link.later] == year[link.earlier] + 1}
    assert len(known) > 500
    assert len(given & known) / len(known) >= FOUND_FROM_YEAR_TO_YEAR
    # and not because everything is a link: the others are tasks on the same theme, of the same units, in the same forms
    assert len(given & known) / len(given) >= KNOWN_OF_THOSE_GIVEN


@pytest.mark.slow
def test_relation_and_direction_are_those_known(corpus, links):
    known = {(later, earlier): relation for later, earlier, relation in corpus.links}
    found = [(link.relation, known[link.later, link.earlier]) for link in links if (link.later, link.earlier) in known]
    assert {relation for relation, _ in found} == {"continues", "takes_up", "passes_up"}
    assert all(given == wanted for given, wanted in found)


@pytest.mark.slow
def test_nothing_is_lost_by_not_looking_at_every_pair_of_tasks(corpus, links):
    every = {(link.later, link.earlier) for link in link_records(corpus.records, Linker(exhaustive=True)) if link.standing == "link"}
    usual = {(link.later, link.earlier) for link in links if link.standing == "link"}
    assert len(every) > 1_000
    assert len(every & usual) / len(every) >= 0.99


@pytest.mark.slow
def test_pairs_of_tasks_that_are_scored_grow_with_the_tasks_not_with_their_square():
    scored = {}
    for tasks in (100, 400):
        later, earlier = sorted(generate(1, years=2, tasks=tasks).records, key=lambda record: record.years, reverse=True)
        scored[tasks] = sum(len(places) for _, places in Linker().shortlists(later, earlier, 10 ** 9)) / (len(later.tasks) + len(earlier.tasks))
        assert 0 < scored[tasks] * (len(later.tasks) + len(earlier.tasks)) < len(later.tasks) * len(earlier.tasks)
    assert scored[400] < 1.5 * scored[100]  # four times as many for each task, if all were looked at


def test_order_of_plans_does_not_matter():
    records = generate(4, years=3, tasks=15).records
    assert len(records) == 12
    expected = [link.to_json() for link in link_records(records)]
    assert len(expected) > 100
    for seed in range(3):
        mixed = random.Random(seed).sample(records, len(records))
        assert [link.to_json() for link in link_records(mixed)] == expected


def edges(store) -> dict[tuple[str, str, str], set[str]]:
    """Every edge as a line, by its kind and ends."""
    found = defaultdict(set)
    for line in dump(store):
        kind, values = json.loads(line)
        if kind in EDGES:
            found[kind, values["source"], values["target"]].add(line)
    return found


def test_adding_one_plan_gives_the_links_of_a_full_run_and_changes_no_other_edge(empty_url, tmp_path):
    """The plan added is a city's of the middle year: later than some, earlier than others, below one body and above another."""
    records = generate(6, years=3, tasks=12).records
    added = next(record for record in records if record.level == "prefecture" and record.years == [2012] and any(other.place.startswith(record.place) and other is not record for other in records if other.level == "county"))
    with open_store(empty_url, "create") as store:
        load(store, [bundle_of(record) for record in records if record is not added], Linker())
        before = edges(store)
        load(store, [bundle_of(added)], Linker())
        after = edges(store)
        assert not misplaced(store)
    assert {key: after[key] for key in before if key[0] not in COUNTED} == {key: lines for key, lines in before.items() if key[0] not in COUNTED}
    own = {task.id for task in added.tasks}
    fresh = [key for key in after if key not in before and key[0] in ("CONTINUES", "RESEMBLES")]
    assert {relation for key in fresh for line in after[key] for relation in [json.loads(line)[1]["relation"]]} == {"continues", "takes_up", "passes_up"}
    assert all(source in own or target in own for _, source, target in fresh)
    assert any(source in own for _, source, _ in fresh) and any(target in own for _, _, target in fresh)
    expected = {("CONTINUES" if link.standing == "link" else "RESEMBLES", link.later, link.earlier): link.score for link in link_records(records)}
    assert {key: json.loads(line)[1]["score"] for key, lines in after.items() if key[0] in ("CONTINUES", "RESEMBLES") for line in lines} == expected
    with open_store(str(tmp_path / "at-once.lbug"), "create") as store:
        load(store, [bundle_of(record) for record in records], Linker())
        at_once = edges(store)
    assert at_once == after


def test_plans_that_share_no_words_are_linked_by_nothing():
    """Two short plans on different subjects would stop the whole run."""
    plans = ["某市2024年工作要点\n一、农田\n1.修筑水渠。开挖沟槽。（责任单位：甲局）\n2.育秧。买犁。（责任单位：甲局）\n", "某市2025年工作要点\n一、文娱\n1.排演话剧。招募演员。（责任单位：乙所）\n2.摄影。办展。（责任单位：乙所）\n"]
    records = [extract(Source(f"{k}.txt", str(k), text))[0] for k, text in enumerate(plans)]
    assert [len(record.tasks) for record in records] == [2, 2]
    assert link_records(records, Linker()) == link_records(records, Linker(exhaustive=True)) == []


@pytest.mark.slow
def test_several_processes_link_as_one_does(monkeypatch):
    """A machine with more cores would give other links, or the same ones in another order."""
    records = generate(4, years=3, tasks=10).records
    alone = link_records(records, Linker())
    monkeypatch.setattr(many, "FEW", 0)
    monkeypatch.setattr(many, "AT_ONCE", 3)
    assert link_records(records, Linker(processes=2)) == alone != []
