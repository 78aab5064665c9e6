"""Short names that a document sets up, and which of their uses count."""

from __future__ import annotations

from ingest.pipeline import extract
from ingest.readers import Source


def mentions(body: str):
    text = f"某市2025年教育信息化工作要点\n\n{body}"
    (record,) = extract(Source("a.txt", "0", text))
    return [(mention.kind, mention.name, text[mention.start:mention.end], mention.relation) for mention in record.mentions]


def test_a_policy_under_its_short_title():
    assert mentions("根据《市教育数字化规划》（某教〔2021〕3号）（以下简称《规划》），制定本要点。\n一、任务\n1.落实《规划》要求。修订《规划》。（责任单位：科技处）\n") == [
        ("policy", "市教育数字化规划", "《市教育数字化规划》", "basis"), ("policy", "市教育数字化规划", "《规划》", "basis"), ("policy", "市教育数字化规划", "《规划》", "revises")]


def test_a_platform_under_its_short_name_but_not_the_common_word():
    found = mentions("一、任务\n1.完善国家教育资源公共服务平台（以下简称“国家平台”）。依托国家平台开展活动。（责任单位：科技处）\n2.建设平台。（责任单位：科技处）\n")
    assert [(name, words) for kind, name, words, _ in found if kind == "programme"] == [
        ("国家教育资源公共服务平台", "国家教育资源公共服务平台"), ("国家教育资源公共服务平台", "国家平台")]


def test_names_in_a_bracket_belong_to_the_programme():
    found = mentions("一、任务\n1.推进“三个课堂”（专递课堂、名师课堂、名校网络课堂）建设。（责任单位：科技处）\n2.拓展专递课堂应用。（责任单位：科技处）\n")
    assert [(name, words) for kind, name, words, _ in found if kind == "programme"] == [
        ("三个课堂", "“三个课堂”"), ("三个课堂", "专递课堂"), ("三个课堂", "名师课堂"), ("三个课堂", "名校网络课堂"), ("三个课堂", "专递课堂")]


def test_a_bracket_with_other_things_makes_no_alias():
    found = mentions("一、任务\n1.落实“双减行动”（作业、校外培训）要求，减轻作业负担。（责任单位：科技处）\n2.规范校外培训。（责任单位：科技处）\n")
    assert [name for kind, name, words, _ in found if words == "校外培训"] == []


def test_an_alias_holds_from_where_it_is_set_up():
    found = mentions("一、任务\n1.落实《规划》。（责任单位：科技处）\n2.编制《市教育数字化规划》（以下简称《规划》）。（责任单位：科技处）\n3.宣传《规划》。（责任单位：科技处）\n")
    assert [name for kind, name, words, _ in found if words == "《规划》"] == ["规划", "市教育数字化规划"]
