"""`sample --links` and `evaluate`: from a corpus to the sheet, from the coded sheet to figures and verdicts."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from coded import SMALL, annotated, answers, everything, figures, fill, folder, rows_in, small, truth  # noqa: F401  some are fixtures
from commands import refused, run

from graph.store import open_store
from ingest.continuity.link_sample import STRATA
from ingest.continuity.opinions import pair_id
from ingest.continuity.verdicts import read_verdicts, write_verdicts
from ingest.sheets import as_cell, out_of_cell

# --- from end to end --------------------------------------------------------------------------------

def test_the_round_trip_of_all_pairs_gives_what_link_makes(folder, answers, small):
    paths = [folder / name for name in SMALL]
    assert run("sample", "--links", *paths, "--n", 5_000).exit_code == 0
    fill("links.csv", "coded.csv", "李", answers)
    found = figures(run("evaluate", "coded.csv", "--format", "json"))
    precision, recall = truth(everything(small), answers)
    linked = [json.loads(line) for line in run("link", *paths).stdout.splitlines()]
    assert found["tool – 李", "precision"]["coded"] == len(linked) and found["tool – 李", "precision"]["value"] == pytest.approx(precision)
    assert found["tool – 李", "recall"]["value"] == pytest.approx(recall)
    assert {figure for _, figure in found} == {"precision", "recall", "f1", *(f"stratum {stratum}" for stratum in STRATA), "score 0.0–0.2", "score 0.2–0.4", "score 0.4–0.6", "score 0.6–0.8", "score 0.8–1.0"}
    assert sum(found["tool – 李", f"stratum {stratum}"]["pairs"] for stratum in STRATA) == 18 * 40 == sum(row["coded"] for (_, figure), row in found.items() if figure.startswith("score"))


def test_what_is_printed(folder, answers):
    run("sample", "--links", folder, "--n", 60)
    rows = rows_in("links.csv")
    wrong = next(k for k, row in enumerate(rows) if row["pair"] not in answers)
    fill("links.csv", "coded.csv", "李", answers, {58: {"continues": "不确定"}, 59: {"continues": ""}, wrong: {"continues": "是", "note": "同一平台"}})
    result = run("evaluate", "coded.csv", "--detail")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "measured are the links of policygraph " in text and "on the day of the draw" in text
    assert "李: 1 unsure and not counted" in text and "李: 1 of 60 pairs are not coded and not counted" in text
    assert "李: recall and F1 are estimates: they rest on " in text and "1,000 draws of pairs within their strata" in text
    assert any(line.startswith(f"coded.csv:{wrong + 2}: 李: continues; the tool: no link, 0.") and line.endswith("(同一平台)") for line in result.stdout.splitlines())
    english, chinese = [line for line in result.stdout.splitlines() if line][-2:]
    assert english.startswith("How good the links are was measured on a blind, stratified sample of 60 of 1,760 pairs of tasks (2 pairs of 4 plans). 李 coded 58 of them")
    assert "an estimated recall of 0." in english and "Horvitz–Thompson" in english
    assert chinese.startswith("任务延续关系的质量以盲法分层抽样检验：从 4 份计划（2 对）的 1,760 对任务中抽取 60 对。李对其中 58 对") and "召回率估计为 0." in chinese


def test_how_few_far_pairs_were_seen_is_told(folder, answers):
    run("sample", "--links", folder, "--n", 60)
    fill("links.csv", "coded.csv", "李", set())
    text = " ".join(run("evaluate", "coded.csv").stdout.split())
    assert "of which 0 turned out to continue" in text and "other non-links that were coded continues; that alone rules out no more than that over " in text


def test_part_of_a_sheet_counts_up_to_all(folder, answers, small):
    """From the top down: the rows are in an order of chance, so a part is a sample."""
    run("sample", "--links", *(folder / name for name in SMALL), "--n", 5_000)
    fill("links.csv", "coded.csv", "李", answers, {k: {"continues": ""} for k in range(400, 720)})
    found = figures(run("evaluate", "coded.csv", "--format", "json"))
    precision, recall = truth(everything(small), answers)
    for name, true in (("precision", precision), ("recall", recall)):
        row = found["tool – 李", name]
        assert row["low"] <= true <= row["high"] and row["coded"] < 40
    assert found["tool – 李", "precision"]["pairs"] == sum(opinion.is_link for opinion in everything(small).values())


def test_two_coders(folder, answers):
    run("sample", "--links", folder, "--n", 60)
    right = next(k for k, row in enumerate(rows_in("links.csv")) if row["pair"] in answers and k > 2)
    fill("links.csv", "li.csv", "李", answers, {0: {"continues": ""}, 1: {"continues": "unsure"}}, encoding="gb18030", separator=";")
    fill("links.csv", "wang.csv", "王", answers, {right: {"continues": "否"}})
    found = figures(run("evaluate", "li.csv", "wang.csv", "--format", "json"))
    agreement, kappa = found["李 – 王", "agreement"], found["李 – 王", "kappa"]
    assert (agreement["coded"], agreement["yes"]) == (58, 57) and agreement["value"] == pytest.approx(57 / 58) and agreement["low"] < 0.97
    assert 0.8 < kappa["value"] < 1 and kappa["low"] < kappa["value"]
    assert found["tool – 李", "precision"]["value"] is not None and found["tool – 王", "recall"]["value"] is not None
    assert "The coders 李 – 王 agree on 57 of 58 pairs; Cohen's kappa is 0.9" in run("evaluate", "li.csv", "wang.csv").stdout


@pytest.mark.parametrize(("rows", "lines"), [
    ({0: {"continues": "perhaps"}}, ["coded.csv:2: continues is 'perhaps'; write yes, no or unsure (是, 否, 不确定)"]),
    ({1: {"pair": "t-aaaaaaaaaaaa+t-bbbbbbbbbbbb"}}, ["coded.csv:3: the pair t-aaaaaaaaaaaa+t-bbbbbbbbbbbb is none of those that were drawn; leave the column pair as it was"]),
    ({1: {"pair": ""}, 4: {"continues": "x"}}, ["coded.csv: 2 cells to put right; nothing was counted", "coded.csv:3: the pair (no id) is none of", "coded.csv:6: continues is 'x'"])])
def test_a_coders_mistakes_are_named_with_their_lines(folder, answers, rows, lines):
    run("sample", "--links", folder, "--n", 20)
    fill("links.csv", "coded.csv", "李", answers, rows)
    result = run("evaluate", "coded.csv")
    assert (result.exit_code, result.stdout) == (1, "") and all(line in result.stderr for line in lines)


def test_a_pair_on_two_rows_is_named(folder, answers):
    run("sample", "--links", folder, "--n", 20)
    fill("links.csv", "coded.csv", "李", answers)
    again = Path("coded.csv").read_text(encoding="utf-8-sig").splitlines()
    Path("coded.csv").write_text("\n".join([*again, again[3]]), encoding="utf-8")
    assert "coded.csv:22: this pair is answered in line 4 already; leave one row" in refused(run("evaluate", "coded.csv"), 1)


def test_answers_may_be_written_in_other_ways(folder, answers):
    run("sample", "--links", folder, "--n", 20)
    words = ["是", "Y", "YES", "延续", "１"], ["否", "N", "No", "不延续", "0"]
    ways = {k: {"continues": words[row["pair"] not in answers][k % 5]} for k, row in enumerate(rows_in("links.csv"))}
    fill("links.csv", "plain.csv", "李", answers)
    fill("links.csv", "other.csv", "李", answers, ways)
    assert run("evaluate", "plain.csv", "--format", "json").stdout == run("evaluate", "other.csv", "--format", "json").stdout


def test_the_key_is_found_beside_any_of_the_sheets_and_missed_by_name(folder, answers):
    run("sample", "--links", folder, "--n", 20, "-o", "draw.csv")
    fill("draw.csv", "li.csv", "李", answers)
    Path("other.key").write_text("-----BEGIN SOMETHING ELSE-----\nMIIB\n")
    Path("broken.key").write_bytes(b"\xff\xfe\x00")
    assert run("evaluate", "li.csv").exit_code == 0
    Path("keys").mkdir()
    Path("draw.key").rename("keys/draw.key")
    assert "li.csv: its .key is in none of .; `policygraph sample --links` wrote it beside the sheet" in refused(run("evaluate", "li.csv"), 1)
    shutil.move("li.csv", "keys/li.csv")
    assert run("evaluate", "keys/li.csv").exit_code == 0
    run("sample", "--links", folder, "--n", 20, "--seed", 2, "-o", "keys/second.csv")
    assert run("evaluate", "keys/li.csv").exit_code == 0, "the key that knows the pairs is taken"


def test_wrong_usage(folder):
    assert "--by and --all-documents draw passages" in refused(run("sample", "--links", folder, "--by", "year"), 2)
    assert "no two plans with tasks that are compared" in refused(run("sample", "--links", folder / SMALL[0]), 1)
    assert "there is no graph here" in refused(run("sample", "--links", "--store", "no.lbug"), 1)
    assert not list(Path().glob("links.*"))
    run("sample", "--links", folder, "--n", 5)
    assert "links.csv: this file is there already" in refused(run("sample", "--links", folder), 1)
    Path("links.csv").rename("mine.csv")
    assert "links.key: this file is there already" in refused(run("sample", "--links", folder), 1)
    assert "mine.csv: no row is filled in" in refused(run("evaluate", "mine.csv"), 1)
    run("sample", folder, "--n", 5)
    assert "--verdicts goes with a sheet of links" in refused(run("evaluate", "coding.csv", folder, "--verdicts", "v.csv"), 2)


# --- the tool of today, the graph, verdicts ---------------------------------------------------------

def test_sheet_and_figures_of_a_graph_are_those_of_its_files(folder, answers, empty_url):
    assert run("ingest", folder, "--store", empty_url).exit_code == 0
    run("sample", "--links", folder, "--n", 60, "-o", "files.csv")
    run("sample", "--links", "--store", empty_url, "--n", 60, "-o", "graph.csv")
    assert Path("files.csv").read_bytes() == Path("graph.csv").read_bytes()
    fill("files.csv", "coded.csv", "李", answers)
    then, files, graph = (figures(run("evaluate", "coded.csv", *arguments, "--format", "json")) for arguments in ([], [folder], ["--store", empty_url]))
    for name in ("precision", "recall", "f1"):
        assert then["tool – 李", name] == files["tool – 李", name] == graph["tool – 李", name]
    assert "as they are now" in run("evaluate", "coded.csv", folder).stdout


def test_answers_become_verdicts_and_the_figures_stay_the_tools(folder, answers, empty_url):
    """Coding curates; and a sheet measured again after its answers have overruled the tool does not find it perfect."""
    run("ingest", folder, "--store", empty_url)
    run("sample", "--links", "--store", empty_url, "--n", 60)
    rows = rows_in("links.csv")
    wrong = [k for k, row in enumerate(rows) if row["pair"] not in answers][:3]
    fill("links.csv", "coded.csv", "李", answers, {k: {"continues": "yes", "note": "同一工程"} for k in wrong} | {59: {"continues": "unsure"}})
    before = figures(run("evaluate", "coded.csv", "--store", empty_url, "--format", "json"))
    result = run("evaluate", "coded.csv", "--verdicts", "plans/verdicts.csv")
    assert result.exit_code == 0 and "wrote 59 verdicts to plans/verdicts.csv" in result.stderr
    made = {pair_id(one.later, one.earlier): one for one in read_verdicts("plans/verdicts.csv")}
    assert len(made) == 59 and rows[59]["pair"] not in made
    assert all(made[row["pair"]].continues == (row["pair"] in answers or k in wrong) for k, row in enumerate(rows[:59]))
    assert {one.by for one in made.values()} == {"李"} and made[rows[wrong[0]]["pair"]].note == "同一工程" and all(len(one.date) == 10 for one in made.values())
    told = run("ingest", folder, "--store", empty_url).stderr
    assert "note: verdicts.csv: 59 links ruled on anew" in told and "not applied" not in told
    with open_store(empty_url) as store:
        hand = {(kind, pair_id(row["later"], row["earlier"])) for kind in ("CONTINUES", "RESEMBLES")
                for row in store.read(f"MATCH (a:Task)-[r:{kind}]->(b:Task) WHERE r.method = 'hand' RETURN a.id AS later, b.id AS earlier")}
    assert hand == {("CONTINUES" if one.continues else "RESEMBLES", pair) for pair, one in made.items()}
    assert figures(run("evaluate", "coded.csv", "--store", empty_url, "--format", "json")) == before


def test_verdicts_from_a_sheet_are_found_by_their_words(folder, answers):
    """The words and titles that the sheet shows are those by which a task is known again."""
    run("sample", "--links", folder, "--n", 40)
    fill("links.csv", "coded.csv", "李", answers)
    run("evaluate", "coded.csv", "--verdicts", "plans/verdicts.csv")
    rows = read_verdicts("plans/verdicts.csv")
    by_id = run("link", folder, "--perhaps")
    assert "40 ruled by hand" in by_id.stderr
    write_verdicts("plans/verdicts.csv", [replace(one, later="", earlier="") for one in rows])
    assert run("link", folder, "--perhaps").stdout == by_id.stdout


def test_verdicts_are_added_to_those_that_are_there(folder, answers):
    run("sample", "--links", folder, "--n", 20)
    fill("links.csv", "li.csv", "李", answers)
    fill("links.csv", "wang.csv", "王", answers, {0: {"continues": "no" if rows_in("links.csv")[0]["pair"] in answers else "yes"}})
    run("evaluate", "li.csv", "--verdicts", "plans/verdicts.csv")
    told = run("evaluate", "li.csv", "wang.csv", "--verdicts", "plans/verdicts.csv").stderr
    assert "wrote 38 verdicts to plans/verdicts.csv, 19 in place of earlier ones; 1 pair left out, on which the coders contradict each other" in told
    assert len(read_verdicts("plans/verdicts.csv")) == 39, "of the pair left out, what 李 ruled before"


def test_only_what_coders_agree_on_becomes_verdicts(folder, answers):
    """Contradictions are left out and told; where one coder says nothing the other's word counts."""
    run("sample", "--links", folder, "--n", 20)
    rows = rows_in("links.csv")
    fill("links.csv", "li.csv", "李", answers, {3: {"continues": ""}})
    fill("links.csv", "wang.csv", "王", answers, {k: {"continues": "no" if rows[k]["pair"] in answers else "yes"} for k in (0, 1)} | {4: {"continues": "unsure"}})
    told = run("evaluate", "li.csv", "wang.csv", "--verdicts", "plans/verdicts.csv").stderr
    assert "wrote 34 verdicts to plans/verdicts.csv; 2 pairs left out, on which the coders contradict each other" in told
    assert {pair_id(one.later, one.earlier) for one in read_verdicts("plans/verdicts.csv")} == {row["pair"] for row in rows[2:]}
    told = run("link", folder, "--perhaps").stderr
    assert "contradict each other" not in told and "18 ruled by hand" in told


def test_pairs_that_the_corpus_no_longer_has_are_told(folder, answers):
    run("sample", "--links", folder, "--n", 40)
    fill("links.csv", "coded.csv", "李", answers)
    result = run("evaluate", "coded.csv", *(folder / name for name in SMALL))
    assert result.exit_code == 0 and " pairs are not in this corpus any more and not counted" in result.stdout
    told = run("evaluate", "coded.csv", folder / SMALL[0])
    assert told.exit_code == 2 and "none of the 40 pairs of the sheet is in" in told.stderr


def test_a_text_that_a_spreadsheet_would_run_and_line_ends_come_back():
    for text in ("=1+1。推进平台", "+ 推进\n平台", "推进平台"):
        assert "".join(out_of_cell(as_cell(text)).split()) == "".join(text.split())
