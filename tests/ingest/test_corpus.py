"""corpus.csv: filled from what was read, what the researcher writes wins; twins are named and counted once."""

from __future__ import annotations

import csv

import pytest
from by_hand import PLAN, write_plan
from typer.testing import CliRunner

from api.cli import app
from graph.load import count_graph
from graph.store import open_store
from graph.twins import read_possible_twins, same_plan
from ingest.corpus import COLUMNS, read_manifest, years_cell
from ingest.errors import BadSheet
from ingest.pipeline import extract
from ingest.readers import Source
from ingest.titles import series_of

FULL = "某市教育局关于印发某市2025年教育信息化工作要点的通知\n某教〔2025〕3号\n各区教育局：\n现印发给你们。\n某市教育局\n2025年3月1日\n" + PLAN
DRAFT = PLAN.replace("工作要点\n", "工作要点（征求意见稿）\n", 1).replace("培训教师3000人", "培训教师2800人")
FORWARDED = "某县教育局转发某市教育局关于印发《某市2025年教育信息化工作要点》的通知\n各学校：\n现转发给你们。\n某县教育局\n2025年4月1日\n" + PLAN
OTHER_YEAR = PLAN.replace("2025年", "2026年", 1)


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def rows_of(folder):
    with open(folder / "corpus.csv", encoding="utf-8-sig", newline="") as file:
        return {(row["file"], row["document"]): row for row in csv.DictReader(file)}


def save(folder, rows):
    with open(folder / "corpus.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows.values())


def test_it_is_filled_from_what_was_read(tmp_path):
    write_plan(tmp_path, FULL)
    shown = run("manifest", str(tmp_path))
    assert shown.exit_code == 0 and "1 plans" in shown.output.replace("1 documents, ", "")
    row = rows_of(tmp_path)["plan.txt", "1"]
    assert (row["issuer"], row["doc_number"], row["signed_on"], row["years"], row["status"], row["include"], row["yours"]) == (
        "某市教育局", "某教〔2025〕3号", "2025-03-01", "2025", "final", "yes", "")
    assert row["series"] == "教育信息化工作要点" and row["tasks"] == "3" and len(row["sha256"]) == 64


def test_what_the_researcher_writes_wins_and_is_marked_as_theirs(tmp_path):
    """A second run of the tool must not write over what somebody knows better, nor take its own old cells for theirs."""
    write_plan(tmp_path, FULL)
    run("manifest", str(tmp_path))
    rows = rows_of(tmp_path)
    rows["plan.txt", "1"] |= {"years": "2025-2026", "published_on": "2025/3/9", "note": "from the county's archive"}
    save(tmp_path, rows)
    assert run("manifest", str(tmp_path)).exit_code == 0
    row = rows_of(tmp_path)["plan.txt", "1"]
    assert row["yours"].split() == ["note", "published_on", "years"] and row["years"] == "2025-2026" and row["note"] == "from the county's archive"
    assert run("manifest", str(tmp_path)).exit_code == 0 and rows_of(tmp_path)["plan.txt", "1"] == row
    store = str(tmp_path / "g.lbug")
    assert run("ingest", str(tmp_path), "--store", store).exit_code == 0
    with open_store(store) as opened:
        (plan,) = opened.read("MATCH (p:Plan) RETURN p.years AS years, p.years_basis AS basis, p.published_on AS published, p.corrected AS corrected")
    assert plan == {"years": [2025, 2026], "basis": "hand", "published": "2025-03-09", "corrected": ["published_on", "years"]}


def test_a_cell_that_is_written_again_as_read_is_the_tools_again(tmp_path):
    write_plan(tmp_path, FULL)
    run("manifest", str(tmp_path))
    rows = rows_of(tmp_path)
    rows["plan.txt", "1"]["years"] = "2026"
    save(tmp_path, rows)
    assert read_manifest(str(tmp_path / "corpus.csv"))[0].yours == {"years"}
    rows["plan.txt", "1"]["years"] = "2025"
    save(tmp_path, rows)
    assert read_manifest(str(tmp_path / "corpus.csv"))[0].yours == set()


def test_a_document_that_is_left_out_is_not_loaded(tmp_path):
    write_plan(tmp_path, FULL)
    (tmp_path / "corpus.csv").write_text("file,include\nplan.txt,no\n", encoding="utf-8")
    store = str(tmp_path / "g.lbug")
    assert run("ingest", str(tmp_path), "--store", store).exit_code == 0
    (tmp_path / "corpus.csv").write_text("file,include\nplan.txt,yes\n", encoding="utf-8")
    run("ingest", str(tmp_path), "--store", store)
    with open_store(store) as opened:
        assert count_graph(opened)["Plan"] == 1


def test_twins_are_named_and_left_out(tmp_path):
    """A plan that stands in the folder four times would be counted four times."""
    for name, text in (("a.txt", FULL), ("b.md", FULL), ("draft.txt", DRAFT), ("forwarded.txt", FORWARDED), ("next.txt", OTHER_YEAR)):
        write_plan(tmp_path, text, name)
    shown = run("manifest", str(tmp_path))
    rows = rows_of(tmp_path)
    assert {name: row["include"] for (name, _), row in rows.items()} == {"a.txt": "yes", "b.md": "no", "draft.txt": "no", "forwarded.txt": "no", "next.txt": "yes"}
    assert rows["b.md", "1"]["note"] == "the same plan as a.txt"
    assert rows["draft.txt", "1"]["note"] == "draft; draft of a.txt" and rows["draft.txt", "1"]["status"] == "draft"
    assert rows["forwarded.txt", "1"]["note"] == "forwarded by 某县教育局; forwarded copy of a.txt"
    assert "note: draft.txt: draft; draft of a.txt; not counted twice" in shown.output


@pytest.mark.parametrize("order", [("a", "draft"), ("draft", "a")])
def test_without_a_sheet_the_graph_counts_twins_once(tmp_path, order):
    """Whichever comes first, the final version stays."""
    texts = {"a": FULL, "draft": DRAFT}
    store = str(tmp_path / "g.lbug")
    for name in order:
        path = write_plan(tmp_path, texts[name], f"{name}.txt")
        shown = run("ingest", str(path), "--store", store)
    assert "is a draft of" in shown.output and "counted once" in shown.output
    with open_store(store) as opened:
        assert [row["number"] for row in opened.read("MATCH (p:Plan) RETURN p.doc_number AS number")] == ["某教〔2025〕3号"]
        assert count_graph(opened)["Task"] == 3


def test_two_bodies_plans_under_one_title_are_two():
    """Every district has its 教育信息化工作要点, and much of it is the same sentence."""
    one, two = (extract(Source(f"{place}.txt", place, PLAN.replace("某市", place)))[0] for place in ("南京市", "苏州市"))
    assert one.series == two.series and same_plan(one, two) is None
    again = extract(Source("c.txt", "c", PLAN.replace("某市2025年", "南京市2026年")))[0]
    assert same_plan(one, again) is None  # two years


def test_of_the_plans_that_may_be_twins_no_others_are_read(tmp_path):
    """Each of a thousand bodies has a plan of this title: every ingest would read all of them whole."""
    store = str(tmp_path / "g.lbug")
    for place in ("南京市", "苏州市"):
        for year in ("2024", "2025"):
            write_plan(tmp_path, PLAN.replace("某市", place).replace("2025年", f"{year}年"), f"{place}{year}.txt")
    assert run("ingest", str(tmp_path), "--store", store).exit_code == 0
    (record,) = extract(Source("again.txt", "again", PLAN.replace("某市", "南京市").replace("一、", "一、 ")))
    with open_store(store) as opened:
        assert count_graph(opened)["Plan"] == 4
        assert {held.source.rsplit("/", 1)[-1] for held in read_possible_twins(opened.read, [record])} == {"南京市2025.txt"}


@pytest.mark.parametrize(("text", "why"), [
    ("file,yeers\na.txt,2025\n", "did you mean 'years'"), ("file,years\na.txt,明年\n", "2: years:"), ("title\nx\n", "'file' is missing"), ("file,include\na.txt,maybe\n", "expected yes or no"),
    ("file,document\na.txt,first\n", "expected 1")])
def test_a_sheet_that_cannot_be_meant_is_refused_with_its_line(tmp_path, text, why):
    path = tmp_path / "corpus.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSheet, match=why):
        read_manifest(str(path))


def test_years_read_as_they_are_written():
    from ingest.told import read_told

    for years in ([2021], [2021, 2022, 2023], [2019, 2021], []):
        assert read_told("years", years_cell(years)) == years


def test_a_file_that_is_gone_keeps_its_row(tmp_path):
    path = write_plan(tmp_path, FULL)
    write_plan(tmp_path, OTHER_YEAR, "other.txt")
    run("manifest", str(tmp_path))
    path.unlink()
    assert run("manifest", str(tmp_path)).exit_code == 0
    assert rows_of(tmp_path)["plan.txt", "1"]["note"] == "the file is gone"


@pytest.mark.parametrize("other", [
    "关于做好2026年玻璃幕墙安全检查工作的通知", "关于进一步做好2026年玻璃幕墙安全检查工作的通知", "某市住建局关于组织开展2024年度玻璃幕墙安全检查工作的通知",
    "关于切实加强和推进2023年玻璃幕墙安全检查工作的通知"])
def test_a_notice_of_each_year_is_one_series(other):
    """开展 in one year and 做好 in the next: the same yearly notice would be two series of one plan."""
    assert series_of(other, ["某市住建局"]) == series_of("关于开展2025年玻璃幕墙安全检查工作的通知", ["某市住建局"]) == "玻璃幕墙安全检查工作"


@pytest.mark.parametrize(("title", "series"), [
    ("关于做好2026年玻璃幕墙维护工作的通知", "玻璃幕墙维护工作"), ("关于做好2026年电梯安全检查工作的通知", "电梯安全检查工作"), ("关于组织部2026年工作的通知", "组织部工作"),
    ("关于实施方案的通知", "实施方案"), ("关于加强的通知", "关于加强"), ("推进2026年电梯更新工作方案", "推进电梯更新工作方案")])
def test_two_subjects_are_two_series(title, series):
    assert series_of(title, []) == series
