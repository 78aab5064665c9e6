"""Which plans are compared with which, over plans written for it, on both engines."""

from __future__ import annotations

import pytest
from conftest import wipe

import queries
from graph.errors import NotCompared
from graph.links import link_anew
from graph.load import load
from graph.store import open_store
from ingest.continuity.links import Linker
from ingest.continuity.verdicts import Verdict
from ingest.graph_rows import bundle_of
from ingest.pipeline import extract
from ingest.readers import Source, read_source
from queries.comparison import compare


def written(body: str, years: str, *tasks: str) -> str:
    day = f"{years[:4]}年2月10日"
    return f"{body}{years}年工作要点\n\n一、重点任务\n" + "\n".join(f"{k}.{words}" for k, words in enumerate(tasks, 1)) + f"\n\n{body}\n{day}\n"


PORTS = "实施“智慧渔港”行动，支持渔港建设视频监控和渔获物登记系统。（责任单位：渔港处）"
BEACH = "举办“净滩日”公益活动，组织渔民清理海滩垃圾和废弃渔网。（责任单位：海岸处）"
MODEL = "开发应用渔业大模型，在病害诊断和统计核查业务中开展应用验证。（责任单位：科技处）"
GREEN = "举办读书节，评选十佳书香家庭。（责任单位：文体处）"


def standings(store, from_year: int, to_year: int) -> list[str]:
    """What new_between and dropped_between call their tasks."""
    found = [{row["standing"] for row in queries.run(question, store, from_year=from_year, to_year=to_year)} for question in ("new_between", "dropped_between")]
    assert [len(each) for each in found] == [1, 1]
    return [each.pop() for each in found]


@pytest.fixture
def graph_of(empty_url, tmp_path):
    """A graph of plans that a test writes."""
    opened = []

    def make(*texts: str, across: bool = False):
        records = []
        for k, text in enumerate(texts):
            (tmp_path / f"{k}.txt").write_text(text, encoding="utf-8")
            records += extract(read_source(str(tmp_path / f"{k}.txt")))
        assert len(records) == len(texts) and all(record.kind == "plan" and record.tasks for record in records)
        with open_store(empty_url, "create") as store:
            load(store, [bundle_of(record) for record in records], Linker(across=across))
        opened.append(open_store(empty_url))
        return opened[0]

    yield make
    for store in opened:
        store.close()


def test_a_body_and_its_successor_are_one(graph_of):
    store = graph_of(written("青岛市环境保护局", "2017", PORTS, BEACH), written("青岛市生态环境局", "2020", PORTS, MODEL))
    found = compare(store, 2017, 2020)
    assert "青岛市环境保护局 became 青岛市生态环境局 (2019-03, 《深化党和国家机构改革方案》（2018）)" in found.compared[-1]
    assert [row["called"] for row in found.parts["summary"].rows] == ["new", "dropped"]
    assert found.parts["summary"].rows[0]["equal_tasks"] is None and "equal size" in found.summary[0]
    assert [(row["stayed"], row["joined"], row["left"]) for row in found.parts["units"].rows if row["earlier_number"] == row["later_number"] == 1] == [(["渔港处"], [], [])]


def test_the_questions_know_a_successor_too(graph_of):
    """compare said new where new_between said not found in the earlier plan; plans that come one at a time are no other case."""
    store = graph_of(written("青岛市环境保护局", "2017", PORTS, GREEN), written("青岛市水务局", "2017", BEACH))
    store.close()
    with open_store(store.url, "create") as more:
        load(more, [bundle_of(record) for record in extract(Source("2020.txt", "2020", written("青岛市生态环境局", "2020", PORTS, MODEL)))], Linker())
    with open_store(store.url) as again:
        both = {"from_plan": "青岛市环境保护局2017年工作要点", "to_plan": "青岛市生态环境局2020年工作要点"}
        new, dropped = (queries.run(question, again, **both) for question in ("new_between", "dropped_between"))
        assert ([row["standing"] for row in new], [row["standing"] for row in dropped]) == (["new"], ["dropped"]) and "渔业大模型" in new[0]["text"]
        assert any("a body and its successor" in note and "青岛市环境保护局, then 青岛市生态环境局" in note for note in new.basis["notes"])
        assert not any("no issuing body in common" in note for note in new.basis["notes"])
        assert [row["called"] for row in compare(again, **both).parts["summary"].rows] == ["new", "dropped"]
        other = both | {"from_plan": "青岛市水务局2017年工作要点"}  # near miss: a bureau that went on by itself
        assert {row["standing"] for row in queries.run("new_between", again, **other)} == {"not found in the earlier plan"}
        assert {row["called"] for row in compare(again, **other).parts["summary"].rows} == {"not found in the other plan"}
        years = compare(again, 2017, 2020)  # the other bureau is left out where the body's own plan is there
        assert "《青岛市水务局2017年工作要点》" in years.basis["left_out"][-1] and {row["called"] for row in years.parts["summary"].rows} == {"new", "dropped"}


def test_other_issuers_of_one_place_are_told(graph_of):
    """What a city's other bureau took over is not dropped by the city, and compare and the questions say so alike."""
    store = graph_of(written("青岛市水务局", "2020", PORTS, GREEN), written("青岛市体育局", "2021", PORTS, MODEL))
    found = compare(store, 2020, 2021)
    assert {row["called"] for row in found.parts["summary"].rows} == {"not found in the other plan"} and "new:" not in found.summary[0] and "dropped:" not in found.summary[1]
    assert not {row["standing"] for row in found.parts["programmes"].rows} & {"new", "gone"}
    assert standings(store, 2020, 2021) == ["not found in the earlier plan", "not found in the later plan"]
    assert "not the same issuers (青岛市水务局; then 青岛市体育局)" in found.compared[-1] and "may stand in another issuer's" in found.compared[-1]


def test_each_body_is_compared_with_itself(graph_of):
    store = graph_of(*(written(body, year, PORTS, last) for body in ("青岛市水务局", "济南市水务局") for year, last in (("2020", BEACH), ("2021", MODEL))), written("烟台市水务局", "2021", BEACH))
    found = compare(store, 2020, 2021)
    assert {row["bodies"] for row in found.parts["summary"].rows} == {"青岛市水务局", "济南市水务局"} and len(found.parts["summary"].rows) == 4
    assert all(("青岛" in row["later_plan"]) == ("青岛" in row["earlier_plan"]) for row in found.parts["pairs"].rows)
    assert "《烟台市水务局2021年工作要点》" in found.basis["left_out"][-1] and len(found.basis["plans"]) == 4
    alone = compare(store, 2020, 2021, scope="青岛市")
    assert {row["bodies"] for row in alone.parts["tasks"].rows} == {"青岛市水务局"} and alone.compared[0].startswith("earlier")
    assert [row for row in found.parts["tasks"].rows if row["bodies"] == "青岛市水务局"] == alone.parts["tasks"].rows


def test_bodies_of_one_level_are_compared_only_where_they_were_linked(graph_of):
    """Nothing was looked for between them: every task would be new."""
    texts = written("青岛市水务局", "2020", PORTS, BEACH), written("济南市水务局", "2021", PORTS, MODEL)
    store = graph_of(*texts)
    with pytest.raises(NotCompared, match="link --across"):
        compare(store, 2020, 2021)
    store.close()
    with open_store(store.url, "create") as again:
        link_anew(again, Linker(across=True))
    with open_store(store.url) as again:
        found = compare(again, 2020, 2021)
    assert {row["called"] for row in found.parts["summary"].rows} == {"not found in the other plan"}
    assert {row["relation"] for row in found.parts["pairs"].rows} == {"parallel"}


def test_a_plan_that_came_without_across_is_not_compared_with_bodies_of_its_level(graph_of):
    """The others' parallel links say nothing of it: all of its tasks would be "not found"."""
    store = graph_of(written("青岛市水务局", "2020", PORTS, BEACH), written("济南市水务局", "2021", PORTS, MODEL), across=True)
    store.close()
    with open_store(store.url, "create") as more:
        load(more, [bundle_of(record) for record in extract(Source("y.txt", "y", written("烟台市水务局", "2021", PORTS, MODEL)))], Linker())
    with open_store(store.url) as again:
        with pytest.raises(NotCompared, match="link --across"):
            compare(again, from_plan="青岛市水务局2020年工作要点", to_plan="烟台市水务局2021年工作要点")
        found = compare(again, 2020, 2021)
    assert {row["bodies"] for row in found.parts["summary"].rows} == {"青岛市水务局 → 济南市水务局"}
    assert "《青岛市水务局2020年工作要点》 with 《烟台市水务局2021年工作要点》; `policygraph link --across`" in found.basis["left_out"][-1]


def test_links_of_a_judge_and_of_a_person_are_counted(graph_of):
    """A reader would take what a language model decided for what the rules found."""
    store = graph_of(written("青岛市水务局", "2020", PORTS, BEACH), written("青岛市水务局", "2021", PORTS, MODEL))
    tasks = {(row["side"], row["number"]): row["task"] for row in compare(store, 2020, 2021).parts["tasks"].rows}
    plain = queries.run("continued_between", store, from_year=2020, to_year=2021)
    assert {row["method"] for row in plain} == {"rules"} and not any("judge" in note for note in plain.basis["notes"])
    store.close()
    with open_store(store.url, "create") as again:
        link_anew(again, Linker({(tasks["later", 2], tasks["earlier", 2]): Verdict("verdicts.csv", 2, tasks["later", 2], tasks["earlier", 2], "continues")}))
        again.transact(lambda transaction: transaction.run("MATCH (:Task)-[c:CONTINUES]->(:Task) WHERE c.method = 'rules' SET c.method = 'judge'"))
    with open_store(store.url) as again:
        rows = queries.run("continued_between", again, from_year=2020, to_year=2021)
        by_judge = len(rows) - 1
        assert [(row["later_number"], row["earlier_number"]) for row in rows if row["method"] == "hand"] == [(2, 2)] and [row["method"] for row in rows].count("judge") == by_judge >= 1
        assert f"of the {len(rows)} links shown {by_judge} by a judge, a language model and 1 by hand (verdicts.csv)" in rows.basis["notes"]
        notes = compare(again, 2020, 2021).basis["notes"]
    assert any(f"decided by a judge, a language model: {by_judge} of " in note for note in notes) and "ruled to be links by hand (verdicts.csv): 1" in notes


def test_a_verdict_decides(graph_of):
    """What a researcher ruled out is no link, and what one ruled in is one for sure, whatever the scores."""
    store = graph_of(written("青岛市水务局", "2020", PORTS, BEACH), written("青岛市水务局", "2021", PORTS, MODEL))
    tasks = {(row["side"], row["number"]): row["task"] for row in compare(store, 2020, 2021).parts["tasks"].rows}
    ruled = {(tasks["later", 1], tasks["earlier", 1]): "not", (tasks["later", 2], tasks["earlier", 2]): "continues"}
    store.close()
    with open_store(store.url, "create") as again:
        link_anew(again, Linker({pair: Verdict("verdicts.csv", 2, *pair, verdict) for pair, verdict in ruled.items()}))
    with open_store(store.url) as again:
        found = compare(again, 2020, 2021)
    classes = {(row["side"], row["number"]): row["class"] for row in found.parts["tasks"].rows}
    assert classes["later", 2] == classes["earlier", 2] == "continued"
    assert (tasks["later", 1], tasks["earlier", 1]) not in {(row["later"], row["earlier"]) for row in found.parts["pairs"].rows}
    assert {"ruled out by hand (verdicts.csv): 1 pair of tasks", "ruled to be links by hand (verdicts.csv): 1"} <= set(found.basis["notes"])


def test_a_plan_in_force_in_both_years_is_on_neither_side(graph_of):
    long = written("青岛市水务局", "2020", MODEL, BEACH).replace("2020年工作要点", "2020—2022年行动方案", 1)
    store = graph_of(written("青岛市水务局", "2020", PORTS, BEACH), long, written("青岛市水务局", "2021", PORTS, MODEL))
    found = compare(store, 2020, 2021)
    assert [row["plan"] for row in found.parts["compared"].rows] == ["青岛市水务局2020年工作要点", "青岛市水务局2021年工作要点"]
    assert "《青岛市水务局2020—2022年行动方案》" in found.basis["notes"][0]
    named = compare(store, 2020, 2021, from_plan="青岛市水务局2020—2022年行动方案")
    assert [row["plan"] for row in named.parts["compared"].rows] == ["青岛市水务局2020—2022年行动方案", "青岛市水务局2021年工作要点"]


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_both_engines_say_the_same(sample_records, neo4j_address, tmp_path):
    """A published table would depend on where the graph was kept."""
    said = []
    wipe(neo4j_address)
    for url in (str(tmp_path / "graph.lbug"), neo4j_address):
        with open_store(url, "create") as store:
            load(store, [bundle_of(record) for record in sample_records], Linker())
        with open_store(url) as store:
            said.append([compare(store, 2022, 2025).to_dict(), compare(store, from_plan="海岸与渔业部2022年", to_plan="临澜市海洋与渔业局2025年").to_dict()])
    for answers in said:
        for answer in answers:
            del answer["basis"]["graph"]
    assert said[0] == said[1]
