"""A line of work through many years: gaps told apart, who took it over, lines and series; workload across levels."""

from __future__ import annotations

import pytest
from marked_plans import ByMark, Nothing, plan

import queries
from graph.load import load
from graph.series import pairs_of_years, previous_plan, read_series
from graph.store import open_store
from ingest.graph_rows import bundle_of
from queries.lines import joined, strongest_both_ways

CITY, BUREAU, PROVINCE = "青岛市", "青岛市人民政府", "山东省人民政府"


def of_city(year: int, tasks: list[tuple[str, str]], name: str = "工作要点"):
    return plan(f"{BUREAU}{year}年{name}", tasks, BUREAU, f"{year}年3月1日")


def of_province(year: int, tasks: list[tuple[str, str]]):
    return plan(f"{PROVINCE}{year}年工作要点", tasks, PROVINCE, f"{year}年2月1日")


FILLER = [("整修公园30处。", "市园林绿化局"), ("新建书屋40个。", "市文化旅游局")]
# 2021 is not loaded, 2023 is and has no task 〔甲〕; the province has one in 2018 and none of its later plans is loaded.
CORPUS = [
    of_province(2018, [("治理河道〔甲〕，长度3000公里。", "省环保厅、省水利厅")]),
    of_city(2019, [("治理河道〔甲〕，长度300公里。", "市环保局、市水务局"), *FILLER]),
    of_city(2020, [*FILLER, ("治理河道〔甲〕，长度400公里。", "市生态环境局、市水务局、市财政局")]),
    of_city(2022, [("治理河道〔甲〕，长度500公里。", "市水务局牵头，市财政局配合"), *FILLER]),
    of_city(2023, FILLER),
    of_city(2024, [("治理河道〔甲〕，长度600公里。", "市生态环境局牵头，市水务局、市财政局配合")]),
    of_city(2022, [("修建码头〔乙〕，泊位20个。", "市交通运输局")], "港口工作要点"),
    of_city(2025, [("修建码头〔乙〕，泊位30个。", "市交通运输局")], "港口工作要点")]


def filled(url: str, records, linker=None):
    with open_store(url, "create") as store:
        load(store, [bundle_of(record) for record in records], linker or ByMark())
    return open_store(url)


@pytest.fixture
def corpus(empty_url):
    with filled(empty_url, CORPUS) as store:
        yield store


def told(rows) -> list[tuple]:
    return [(row["year"], row["status"], row["body"]) for row in rows]


def test_a_year_without_a_plan_is_no_plan_without_the_task(corpus):
    """2023 says that the work was dropped or renamed, 2021 says nothing at all."""
    rows = queries.run("task_history", corpus, task="治理河道〔甲〕，长度300公里")
    assert told(rows) == [
        (2018, "task", PROVINCE), (2018, "no plan loaded", BUREAU), (2019, "task", BUREAU), (2019, "no plan loaded", PROVINCE), (2020, "task", BUREAU), (2020, "no plan loaded", PROVINCE),
        (2021, "no plan loaded", PROVINCE), (2021, "no plan loaded", BUREAU), (2022, "task", BUREAU), (2022, "no plan loaded", PROVINCE), (2023, "no task found", BUREAU),
        (2023, "no plan loaded", PROVINCE), (2024, "task", BUREAU), (2024, "no plan loaded", PROVINCE)]
    dropped = next(row for row in rows if row["status"] == "no task found")
    assert dropped["plan"] == f"{BUREAU}2023年工作要点" and dropped["series"] == "工作要点" and dropped["task"] is None
    assert {row["series"] for row in rows} == {"工作要点"}, "plans of another series are not asked"
    assert told(queries.run("task_history", corpus, task="治理河道〔甲〕，长度300公里", gaps=False)) == [line for line in told(rows) if line[1] == "task"]


def test_who_took_the_work_over_is_said(corpus):
    rows = {row["year"]: row for row in queries.run("task_history", corpus, task="治理河道〔甲〕，长度300公里", gaps=False)}
    assert rows[2018]["compared"] is None and rows[2018]["change"] is None and rows[2018]["units"] == ["省环保厅", "省水利厅"]
    assert rows[2019]["relation"] is None and rows[2019]["compared"] == rows[2018]["task"]
    assert rows[2019]["change"] == f"taken up by {BUREAU} from {PROVINCE}; 市环保局 stands for 省环保厅; 市水务局 stands for 省水利厅"
    assert (rows[2019]["joined"], rows[2019]["left"], rows[2019]["lead"]) == ([], [], None)
    assert (rows[2020]["joined"], rows[2020]["left"]) == (["市生态环境局", "市财政局"], ["市环保局"])
    assert rows[2020]["change"] == "市生态环境局 took over from 市环保局 (reform of 2019-03)"
    assert (rows[2022]["joined"], rows[2022]["left"], rows[2022]["lead"], rows[2022]["change"]) == ([], ["市生态环境局"], "市水务局", None)
    assert (rows[2024]["joined"], rows[2024]["left"], rows[2024]["lead"]) == (["市生态环境局"], [], "市生态环境局")
    assert rows[2024]["change"] == "市生态环境局 leads instead of 市水务局" and rows[2024]["compared"] == rows[2022]["task"]


def test_a_plan_of_several_years_stands_in_each(empty_url):
    """A year in the middle of a three-year plan would be a gap; and a single plan of several years has no years before it."""
    records = [of_city(2019, [("治理河道〔甲〕，长度300公里。", "市水务局")]),
               plan(f"{CITY}河道治理三年行动方案（2020—2022年）", [("治理河道〔甲〕，长度900公里。", "市水务局")], BUREAU, "2020年5月1日"),
               of_city(2023, [("治理河道〔甲〕，长度400公里。", "市水务局")])]
    with filled(empty_url, records) as store:
        rows = queries.run("task_history", store, task="治理河道〔甲〕，长度300公里")
        assert [(row["year"], row["status"], row["series"]) for row in rows] == [
            (2019, "task", "工作要点"), (2020, "task", records[1].series), (2020, "no plan loaded", "工作要点"), (2021, "no plan loaded", "工作要点"),
            (2022, "no plan loaded", "工作要点"), (2023, "task", "工作要点")]
        (line,) = queries.run("lines", store)
        assert (line["years"], line["stands_in"], line["not_found"], line["no_plan"]) == (5, ["2019", "2020", "2021", "2022", "2023"], [], [])


def test_a_line_that_goes_on_beyond_the_depth_is_said(empty_url):
    """A history of four steps would be taken for the whole. ByMark links every two plans, so the chain is made of two marks."""
    with filled(empty_url, [of_city(2018, [("治理河道〔甲〕30公里。", "市水务局")]), of_city(2019, [("治理河道〔甲〕〔乙〕40公里。", "市水务局")]), of_city(2020, [("治理河道〔乙〕50公里。", "市水务局")])]) as store:
        short = queries.run("task_history", store, task="治理河道〔甲〕30", depth=1)
        assert [row["year"] for row in short] == [2018, 2019] and any("the line goes on behind its last step: 1 tasks more" in note for note in short.basis["notes"])
        whole = queries.run("task_history", store, task="治理河道〔甲〕30")
        assert [row["year"] for row in whole] == [2018, 2019, 2020] and not any("goes on" in note for note in whole.basis["notes"])


def test_lines_with_their_years(corpus):
    lines = queries.run("lines", corpus)
    assert [(row["first_year"], row["last_year"], row["years"], row["tasks"], row["stands_in"], row["not_found"], row["no_plan"], row["bodies"]) for row in lines] == [
        (2018, 2024, 5, 5, ["2018", "2019", "2020", "2022", "2024"], ["2023"], ["2021"], [PROVINCE, BUREAU]), (2022, 2025, 2, 2, ["2022", "2025"], [], ["2023", "2024"], [BUREAU])]
    assert lines[0]["heading"] == "1.做好第1项工作。" and lines[0]["weakest"] == 0.99
    assert [row["years"] for row in queries.run("lines", corpus, scope=BUREAU)] == [4, 2]
    assert [row["years"] for row in queries.run("lines", corpus, min_years=3)] == [5]
    history = queries.run("task_history", corpus, task=lines[0]["first"], gaps=False)
    assert (history[0]["task"], history[-1]["task"]) == (lines[0]["first"], lines[0]["last"])


def test_many_to_many_links_do_not_join_everything(empty_url):
    """Two works that touch each other in every plan are two lines; the nearer of two tasks goes on in each."""
    records = [of_city(year, [("治理河道〔甲1〕〔丙2〕30公里。", "市水务局"), ("疏浚港池〔乙1〕〔丙3〕40处。", "市交通运输局"), ("治理支流〔甲2〕〔乙2〕50条。", "市水务局")]) for year in (2019, 2020, 2021)]
    with filled(empty_url, records) as store:
        assert store.read("MATCH (:Task)-[c:CONTINUES]->(:Task) RETURN count(c) AS n")[0]["n"] == 27
        lines = queries.run("lines", store, min_score=0.5)
        assert [(row["tasks"], row["years"]) for row in lines] == [(3, 3), (3, 3), (3, 3)]
        for row in lines:
            texts = [step["text"] for step in store.read("MATCH (t:Task) WHERE t.id IN $ids RETURN t.text AS text", ids=[row["first"], row["last"]])]
            assert len(texts) == 2 and len({text[:4] for text in texts}) == 1, texts


def test_no_line_has_two_tasks_of_a_plan():
    """C's task is the nearest of one task in A and of another in B, which are nearest to others: three lines would be one."""
    plan_of = {"a1": "A", "a2": "A", "b1": "B", "b2": "B", "c1": "C"}
    links = [{"later": later, "earlier": earlier, "score": score} for later, earlier, score in
             [("b1", "a1", 0.9), ("b2", "a2", 0.9), ("b1", "a2", 0.8), ("b2", "a1", 0.8), ("c1", "b2", 0.95), ("c1", "a1", 0.85), ("c1", "a2", 0.7)]]
    kept = strongest_both_ways(links, plan_of)
    assert list(kept) == [("c1", "b2"), ("b1", "a1"), ("b2", "a2"), ("c1", "a1")]
    assert sorted(map(sorted, joined(kept, plan_of))) == [["a1", "b1"], ["a2", "b2", "c1"]]


def test_lines_are_of_sure_links_and_of_those_ruled_by_hand(empty_url):
    class Doubtful(ByMark):
        def link_plans(self, later, earlier, relation):
            links = super().link_plans(later, earlier, relation)
            for link in links:
                link.score, link.method = 0.51, "hand" if "〔乙〕" in next(task.text for task in later.tasks if task.id == link.later) else "rules"
            return links

    with filled(empty_url, CORPUS, Doubtful()) as store:
        assert [row["bodies"] for row in queries.run("lines", store)] == [[BUREAU]]
        assert len(queries.run("lines", store, min_score=0.5)) == 2


def test_series_with_the_years_that_they_lack(corpus):
    rows = queries.run("series", corpus)
    assert [(row["series"], row["body"], row["plans"], row["years"], row["missing"]) for row in rows] == [
        ("工作要点", BUREAU, 5, ["2019", "2020", "2022", "2023", "2024"], ["2021"]), ("港口工作要点", BUREAU, 2, ["2022", "2025"], ["2023", "2024"])]
    assert len(queries.run("series", corpus, min_plans=1)) == 3
    assert previous_plan(corpus, rows[0]["latest"]) == rows[0]["previous"]


def test_pairs_to_compare_are_of_one_series(corpus):
    """The port's plan of 2022 is not compared with the city's of 2020."""
    plans = {row["plan"]: (row["title"], row["first_year"]) for row in queries.run("plans", corpus)}

    def years(pairs):
        return [(plans[one][1], plans[other][1]) for one, other in pairs]

    assert years(pairs_of_years(corpus, 2020, 2022)) == [(2020, 2022)] and years(pairs_of_years(corpus, 2021, 2022)) == []
    assert years(pairs_of_years(corpus, to_year=2022)) == [(2020, 2022)] and years(pairs_of_years(corpus, from_year=2022)) == [(2022, 2023), (2022, 2025)]
    assert sorted(years(pairs_of_years(corpus))) == [(2019, 2020), (2020, 2022), (2022, 2023), (2022, 2025), (2023, 2024)]
    assert pairs_of_years(corpus, scope=PROVINCE) == []
    first = next(node for node, (title, year) in plans.items() if year == 2018)
    assert previous_plan(corpus, first) is None


def test_spellings_of_one_body_issue_one_series(empty_url):
    """And two bodies with plans of one title are two."""
    records = [plan(f"{issuer}{year}年工作要点", FILLER, issuer, f"{year}年3月1日") for issuer, year in (("上海市教育委员会", 2020), ("上海市教委", 2021), ("上海市体育局", 2021))]
    with filled(empty_url, records, Nothing()) as store:
        assert sorted(len(series.plans) for series in read_series(store)) == [1, 2]


def test_workload_beside_that_of_the_other_level(corpus):
    """Shares, since plans differ in size; a plan of another year is left out when a year is given."""
    rows = {row["unit"]: row for row in queries.run("workload_across", corpus)}
    water = rows["市水务局"]
    assert (water["counterpart"], water["function"], water["counterpart_tasks"], water["counterpart_share"], water["counterpart_years"]) == ("省水利厅", "水利", 1, 1.0, ["2018"])
    assert (water["unit_tasks"], water["unit_share"], water["unit_years"]) == (4, 0.4, ["2019", "2020", "2022", "2024"]) and water["times"] == 0.4
    assert (water["unit_lead"], water["counterpart_lead"]) == (1, None), "the province marks no lead: not 0"
    assert "市财政局" not in rows and rows["市环保局"]["counterpart"] == "省环保厅" and rows["市生态环境局"]["counterpart"] == "省环保厅"
    assert list(queries.run("workload_across", corpus, year=2020)) == []
    assert {row["unit"] for row in queries.run("workload_across", corpus, department="市水务局")} == {"市水务局"}
    assert {(row["unit"], row["basis"]) for row in queries.run("counterparts", corpus, body="山东省")} == {("市水务局", "gazetteer"), ("市环保局", "gazetteer"), ("市生态环境局", "gazetteer")}


def test_how_many_times_is_of_shares_that_are_not_rounded(corpus, monkeypatch):
    """A share under 0.0005 is shown as 0."""
    from queries import workload_across

    whole = workload_across._PLANS
    monkeypatch.setattr(workload_across, "_PLANS", whole.replace("count(t) AS tasks", "count(t) * 3000 AS tasks"))
    (row,) = [row for row in queries.run("workload_across", corpus) if row["unit"] == "市水务局"]
    assert (row["unit_share"], row["counterpart_share"], row["times"]) == (0.0, 0.0, 0.4)
