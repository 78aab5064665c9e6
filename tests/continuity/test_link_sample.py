"""Pairs drawn for coding: strata, blindness, and figures that are those of all pairs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from coded import TO_FILL, annotated, answers, corpus, everything, folder, rows_in, sample_of, small, truth, yes_of  # noqa: F401  some are fixtures
from commands import run
from conftest import records_in

from graph.settings import VERSION
from ingest.continuity.link_figures import CodedPair, Sample, at_most
from ingest.continuity.link_sample import SHARES, STRATA, draw_links
from ingest.continuity.link_sheet import COLUMNS, write_link_sheet
from ingest.continuity.opinions import Opinion, Opinions
from ingest.sheets import out_of_cell

# --- the draw ---------------------------------------------------------------------------------------

def test_strata_make_up_all_pairs_and_each_gives_what_it_has(corpus):
    opinions = everything(corpus)
    drawn = draw_links(corpus, 120, 1)
    assert drawn.population == len(opinions) == sum(drawn.sizes.values()) and len({pair.id for pair in drawn.pairs}) == 120
    assert drawn.sizes["link"] == sum(opinion.is_link for opinion in opinions.values())
    assert all(pair.opinion == opinions[pair.id] and (pair.stratum == "link") == pair.opinion.is_link for pair in drawn.pairs)
    assert sum(drawn.expected.values()) == pytest.approx(sum(opinion.score for opinion in opinions.values()), abs=0.01)
    given = {stratum: sum(pair.stratum == stratum for pair in drawn.pairs) for stratum in STRATA}
    assert all(given[stratum] for stratum in STRATA if drawn.sizes[stratum])
    if all(drawn.sizes[stratum] > 40 for stratum in STRATA):
        assert all(given[stratum] == pytest.approx(120 * SHARES[stratum], abs=1) for stratum in STRATA)
    scores = {stratum: [pair.opinion.score for pair in drawn.pairs if pair.stratum == stratum] for stratum in STRATA}
    assert max(scores["far"]) < min(scores["near"]) and max(scores["near"]) < min(scores["link"]), "near is nearer than far"


def test_all_pairs_where_there_are_no_more(small):
    drawn = draw_links(small, 10_000, 1)
    assert {pair.id: pair.opinion for pair in drawn.pairs} == everything(small) and len(drawn.pairs) == drawn.population


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_files(annotated, corpus):
    records = [record for pair in annotated for record in (pair.later, pair.earlier)]
    first = [pair.id for pair in draw_links(corpus, 60, 7).pairs]
    assert [pair.id for pair in draw_links(Opinions(records[::-1] + records[:1]), 60, 7).pairs] == first
    other = {pair.id for pair in draw_links(corpus, 60, 8).pairs}
    assert 0 < len(other - set(first))


def test_every_pair_of_a_stratum_can_be_drawn_and_about_equally_often(small):
    """Far pairs are drawn by number, in two ways: of few all are put in an order, of many some numbers are taken."""
    opinions = everything(small)
    for n, seeds in ((40, 150), (400, 15)):
        times: dict[str, dict[str, int]] = {stratum: {} for stratum in STRATA}
        for seed in range(seeds):
            for pair in draw_links(small, n, seed).pairs:
                times[pair.stratum][pair.id] = times[pair.stratum].get(pair.id, 0) + 1
        assert set().union(*times.values()) <= set(opinions)
        far, size = times["far"], draw_links(small, n, 0).sizes["far"]
        mean = sum(far.values()) / size
        assert len(far) > size * (1 - 2 * np.exp(-mean)) and max(far.values()) < mean + 6 * np.sqrt(mean) + 3


def test_what_a_graph_says_decides(small):
    """A judge's link on a far pair is a link, a rules' link without an edge is none."""
    opinions = everything(small)
    far = min(opinions, key=lambda pair: opinions[pair].score)
    later, earlier = far.split("+")
    decided = Opinions(small.plans.values(), {later: {earlier: Opinion(True, 0.9)}})
    drawn = draw_links(decided, 10_000, 1)
    assert [(pair.id, pair.opinion) for pair in drawn.pairs if pair.stratum == "link"] == [(far, Opinion(True, 0.9))]
    assert drawn.population == len(opinions)


# --- blindness --------------------------------------------------------------------------------------

def test_the_sheet_is_the_same_whatever_the_tool_thinks(small, tmp_path):
    """The law of blindness, byte for byte: of one that links everything and one that links nothing."""
    opinions = everything(small)
    for name, is_link, score in (("all", True, 0.99), ("none", False, 0.01)):
        decided: dict[str, dict[str, Opinion]] = {}
        for pair in opinions:
            later, earlier = pair.split("+")
            decided.setdefault(later, {})[earlier] = Opinion(is_link, score)
        drawn = draw_links(Opinions(small.plans.values(), decided), 10_000, 1)
        assert {pair.stratum for pair in drawn.pairs} == {"link" if is_link else "far"}
        write_link_sheet(str(tmp_path / f"{name}.csv"), drawn, "drawn", VERSION, 0.5)
    for suffix in (".csv", ".instructions.txt"):
        assert (tmp_path / f"all{suffix}").read_bytes() == (tmp_path / f"none{suffix}").read_bytes()
    assert (tmp_path / "all.key").read_bytes() != (tmp_path / "none.key").read_bytes()


def test_neither_place_nor_id_tells_the_score(corpus):
    """Over 20 seeds; of 100 ranks a correlation has a standard deviation of 0.1, the mean of 20 of 0.023."""
    places, ids = [], []
    for seed in range(20):
        pairs = draw_links(corpus, 100, seed).pairs
        ranks = np.argsort(np.argsort([pair.opinion.score for pair in pairs], kind="stable"), kind="stable")
        places.append(np.corrcoef(np.arange(100), ranks)[0, 1])
        ids.append(np.corrcoef(np.argsort(np.argsort([pair.id for pair in pairs])), ranks)[0, 1])
    assert abs(np.mean(places)) < 0.12 and max(map(abs, places)) < 0.45
    assert abs(np.mean(ids)) < 0.2  # ids are hashes, but the same few pairs come again


def test_columns_and_words_tell_nothing(folder):
    result = run("sample", "--links", folder, "--n", 60)
    rows = rows_in("links.csv")
    assert list(rows[0]) == list(COLUMNS) and all(row[column] == "" for row in rows for column in TO_FILL) and len(rows) == 60
    key = Path("links.key").read_text(encoding="utf-8")
    assert not any(row["pair"] in key or row["pair"].split("+")[0] in key for row in rows) and "link" not in key.split("\n", 1)[1][:20]
    told = (result.stderr + Path("links.instructions.txt").read_text(encoding="utf-8-sig")).replace("60 of ", "").replace("--n 60 ", "")
    drawn = draw_links(Opinions(records_in(folder)), 60, 1)
    for stratum in ("link", "perhaps", "near", "far"):
        assert f" {drawn.sizes[stratum]} " not in told, "how many are links is not told to who may be the coder"
    assert f"drew 60 of {drawn.population:,} pairs of tasks of 4 plans, --links --n 60 --seed 1, policygraph {VERSION}" in result.stderr
    assert "warning" not in result.stderr
    assert "不要打开" in told and "does not open it" in told and "是同一条工作线" in told and "one line of work" in told


def test_rows_hold_both_tasks_as_they_stand(folder, annotated):
    tasks = {task.id: (record.title, task) for pair in annotated for record in (pair.later, pair.earlier) for task in record.tasks}
    run("sample", "--links", folder, "--n", 30)
    for row in rows_in("links.csv"):
        for side, task_id in zip(("later", "earlier"), row["pair"].split("+"), strict=True):
            title, task = tasks[task_id]
            assert row[f"{side}_plan"] == title and "".join(out_of_cell(row[f"{side}_text"]).split()) == "".join(task.text.split())
            assert row[f"{side}_heading"].split(" / ")[-1] == (" ".join(task.path[-1].split()) if task.path else "")
        assert "2017" in row["earlier_plan"] or "2022" in row["earlier_plan"]


# --- from sheet to figures --------------------------------------------------------------------------

def test_all_pairs_coded_give_the_true_figures(small, annotated):
    answers = yes_of([pair for pair in annotated if pair.name == "68_69"])
    sample = sample_of(draw_links(small, 10_000, 1), answers)
    precision, recall = truth(everything(small), answers)
    assert sample.precision().value == pytest.approx(precision) and sample.recall().value == pytest.approx(recall)
    assert sample.f1().value == pytest.approx(2 * precision * recall / (precision + recall))
    for bin in sample.calibration():
        inside = [(opinion.score, pair in answers) for pair, opinion in everything(small).items() if bin.low <= opinion.score < bin.high or opinion.score == bin.high == 1]
        assert bin.share.coded == len(inside)
        if inside:
            assert (bin.mean_score, bin.share.value) == (pytest.approx(np.mean([score for score, _ in inside])), pytest.approx(np.mean([right for _, right in inside])))


@pytest.mark.parametrize("n", [100, 300])
def test_a_perfect_coders_samples_agree_with_the_true_figures(corpus, annotated, n):
    """Intervals of 95 % hold the truth for most of 20 seeds: fewer than 15 would have a chance of 1 in 3,000. The estimates are right on average."""
    answers = yes_of(annotated)
    precision, recall = truth(everything(corpus), answers)
    f1 = 2 * precision * recall / (precision + recall)
    samples = [sample_of(draw_links(corpus, n, seed), answers) for seed in range(20)]
    for true, shares in ((precision, [sample.precision() for sample in samples]), (recall, [sample.recall() for sample in samples]), (f1, [sample.f1() for sample in samples])):
        assert sum(share.interval[0] <= true <= share.interval[1] for share in shares) >= 15
        assert abs(np.mean([share.value for share in shares]) - true) < 0.1
        assert all(share.interval[0] <= share.value <= share.interval[1] and share.interval[1] - share.interval[0] < 0.9 for share in shares)


def test_unequal_chances_are_made_up_for(corpus, annotated):
    """A third of what is drawn are links, hardly one pair in thirty is; counted up, there are as many as there are."""
    answers = yes_of(annotated)
    there = len(answers & set(everything(corpus)))
    samples = [sample_of(draw_links(corpus, 200, seed), answers) for seed in range(20)]
    assert np.mean([np.mean([row.continues for row in sample.coded]) for sample in samples]) > 5 * there / sum(samples[0].sizes.values())
    counted_up = [sum(sample.sizes[row.stratum] / sample.counts[row.stratum] for row in sample.coded if row.continues) for sample in samples]
    assert np.mean(counted_up) == pytest.approx(there, rel=0.25)
    assert np.mean([sample.recall().pairs for sample in samples]) == pytest.approx(np.mean(counted_up))


def test_a_recall_without_a_miss_is_not_certain():
    """Four strata all as the tool says; the far pairs of which few were seen leave room."""
    rows = [CodedPair("link", True, 0.9, True)] * 20 + [CodedPair("near", False, 0.1, False)] * 10 + [CodedPair("far", False, 0.0, False)] * 10
    few, many = ({"link": 20, "near": 20, "far": size} for size in (20, 5_000))
    recalls = [Sample(rows, sizes, {"link": 18.0, "near": 2.0, "far": size * 0.001}).recall() for sizes, size in ((few, 20), (many, 5_000))]
    assert all(recall.value == 1.0 == recall.interval[1] for recall in recalls)
    assert recalls[1].interval[0] < recalls[0].interval[0] < 0.9
    assert Sample(rows, few, {"link": 18.0, "near": 0.0, "far": 0.0}).precision().interval[0] < 0.9
    assert at_most(1) == pytest.approx(0.95) and at_most(59) == pytest.approx(0.05, abs=0.001)


def test_without_a_stratum_no_recall_is_told():
    rows = [CodedPair("link", True, 0.9, True)] * 5 + [CodedPair("near", False, 0.1, False)] * 5
    sample = Sample(rows, {"link": 5, "perhaps": 0, "near": 9, "far": 100}, dict.fromkeys(STRATA, 1.0))
    assert sample.uncoded == ["far"] and sample.precision().value == 1.0 and sample.recall().value is None is sample.f1().interval
