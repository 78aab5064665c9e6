"""What a file holds: its documents, their kinds, titles, issuers, dates and years; and files that cannot be read."""

from __future__ import annotations

import pytest

from ingest.errors import EmptyFile, MissingFile, NotText, UnknownFormat, WrongEncoding
from ingest.numbering import match_number
from ingest.numerals import chinese_number, iso_date
from ingest.pipeline import extract
from ingest.readers import Source, iter_files, read_source

BODY = "一、重点任务\n（一）加强管护。每季度巡查河道。（责任单位：市水务局）\n（二）更新泵站。更新老旧泵站。（责任单位：市城管局）\n"


def read(text: str):
    return extract(Source("a.txt", "0", text))


@pytest.mark.parametrize(("title", "years", "basis"), [
    ("某市2025年水务工作要点", [2025], "title"), ("某市水务行动方案（2024—2026年）", [2024, 2025, 2026], "title"), ("某市“十四五”水务发展规划", [2021, 2022, 2023, 2024, 2025], "title"),
    ("某市水务三年行动计划（2024-2026年）", [2024, 2025, 2026], "title"), ("某市水务工作要点", [], None)])
def test_years_come_from_the_title(title, years, basis):
    (record,) = read(f"{title}\n{BODY}")
    assert (record.years, record.years_basis) == (years, basis)


def test_years_reach_from_issue_to_the_last_target():
    (record,) = read(f"某市海绵城市建设实施意见\n某府发〔2024〕3号\n一、工作目标\n到2026年底，建成区40%以上达标。\n{BODY.replace('一、', '二、')}")
    assert (record.years, record.years_basis, record.doc_number) == ([2024, 2025, 2026], "target", "某府发〔2024〕3号")


def test_joint_issue_names_every_issuer_and_the_fuller_name():
    (record,) = read(
        "---\n标题: 关于印发《某区行动方案》的通知\n发布单位: 上海市黄浦区水务局\n发布日期: 2025-02-24\n---\n# 关于印发《黄浦区水务行动方案》的通知\n\n各街道：\n\n现印发给你们。\n\n"
        "黄浦区水务局黄浦区教育局\n\n黄　浦　区　财　政　局\n\n2025年2月20日\n\n黄浦区水务行动方案\n" + BODY)
    assert record.issuers == ["上海市黄浦区水务局", "黄浦区教育局", "黄浦区财政局"]
    assert (record.title, record.level, record.place) == ("黄浦区水务行动方案", "county", "上海市黄浦区")
    assert (record.signed_on, record.published_on, record.genre) == ("2025-02-20", "2025-02-24", "行动方案")


@pytest.mark.parametrize(("text", "kinds"), [
    ("第一篇:规划处工作职责\n1.编制规划。\n2.统计汇总。\n第二篇:某市2025年水务工作要点\n" + BODY, ["duties", "plan"]),
    ("某市2025年水务工作要点\n某市2025年水务工作要点\n" + BODY + "规划处工作职责\n规划处工作职责\n1.编制规划。\n", ["plan", "duties"]),
    ("我市召开河湖长制工作会议\n6月27日，我市召开会议，总结上半年工作。\n", ["news"]),
    ("关于召开全市水务工作会议的通知\n各区水务局：\n一、会议时间\n2月14日。\n二、会议地点\n市会议中心。\n", ["other"]),
    ("某市河道管理办法\n第一条 为加强管理，制定本办法。\n第二条 本办法适用于本市。\n", ["other"]),
])
def test_kinds_of_documents(text, kinds):
    assert [record.kind for record in read(text)] == kinds


def test_signature_attachments_and_chrome_are_no_task():
    (record,) = read("某市2025年水务工作要点\n" + BODY + "联系人：水务科，电话：0512-50000000。\n某市水务局\n2025年1月26日\n附件：1.任务表\n2.联系表\n收藏\n打印本页\n")
    assert [task.text for task in record.tasks] == ["每季度巡查河道。", "更新老旧泵站。"]
    assert record.issuer == "某市水务局" and record.signed_on == "2025-01-26"
    assert record.coverage.uncovered == 0


def test_lines_broken_at_a_fixed_width_are_one_paragraph():
    words = "每季度对全市骨干河道及其支流开展一次全覆盖巡查并建立问题台账，对发现的问题限期整改并组织复查，整改情况纳入年度考核，结果向社会公开。"
    lines = "　　（一）加强管护。" + words + "责任单位：市水务局、市城市管理局\n"
    text = "某市2025年水务工作要点\n　　一、重点任务\n" + "".join(
        "\n".join(block[i:i + 28] for i in range(0, len(block), 28)) for block in [lines, lines.replace("（一）", "（二）").replace("每季度", "每个月"), lines.replace("（一）", "（三）").replace("每季度", "每半年")])
    (record,) = read(text)
    assert ["".join(task.text.split()) for task in record.tasks] == [words, words.replace("每季度", "每个月"), words.replace("每季度", "每半年")]
    assert [[unit.name for unit in task.units] for task in record.tasks] == [["市水务局", "市城市管理局"]] * 3


@pytest.mark.parametrize(("words", "form", "value"), [
    ("一、总体要求", "chinese", 1), ("（十二）优化", "chinese_bracket", 12), ("(三)建设", "chinese_bracket", 3), ("1.强化", "arabic", 1), ("12．推动", "arabic", 12), ("3、落实", "arabic", 3),
    ("3.2.1推动", "decimal3", 1), ("3.1 加强", "decimal2", 1), ("（2）建设", "arabic_bracket", 2), ("行动一：提升", "named", 1), ("——任务1：提升", "named", 1), ("第二章 任务", "part", 2),
    ("③提升", "circled", 3), ("## 一、目标", "chinese", 1), ("**2.强化**", "arabic", 2)])
def test_number_is_read(words, form, value):
    number = match_number(words, 0, len(words))
    assert number is not None and (number.form, number.value) == (form, value)


@pytest.mark.parametrize("words", ["2018年工作", "1.5亿元投资", "3个方面", "一是加强", "一体化推进", "2.0版平台"])
def test_near_miss_is_no_number(words):
    assert match_number(words, 0, len(words)) is None


def test_numerals_and_dates():
    assert [chinese_number(text) for text in ("二十三", "两百", "三千万", "一亿二千万", "二〇二四", "十")] == [23, 200, 30_000_000, 120_000_000, 2024, 10]
    assert iso_date("二〇二四年二月四日") == iso_date("2024年2月4日") == iso_date("2024-02-04") == "2024-02-04"
    assert iso_date("2024年13月4日") is None


@pytest.mark.parametrize(("name", "data", "error", "words"), [
    ("empty.txt", b"", EmptyFile, "empty"), ("blank.txt", b" \n\n", EmptyFile, "empty"), ("binary.txt", b"\x89PNG\x00\x00abc", NotText, "byte 4"),
    ("broken.txt", "教育部门要加强管理".encode()[:-1] + b"\xff\xff", WrongEncoding, "neither UTF-8 nor GB18030"), ("plan.xlsx", b"PK", UnknownFormat, ".xlsx")])
def test_file_that_cannot_be_read_says_what_and_what_to_do(tmp_path, name, data, error, words):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=words) as caught:
        read_source(tmp_path / name)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(MissingFile, match="nothing.txt"):
        read_source(tmp_path / "nothing.txt")


def test_folders_are_walked_without_hidden_files(tmp_path):
    for name in ("b.txt", "a.md", ".hidden.txt", "c.xlsx", "sub/d.txt", ".git/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.removeprefix(f"{tmp_path}/") for path in iter_files([tmp_path])] == ["a.md", "b.txt", "sub/d.txt"]


def test_a_list_of_contents_is_no_document_and_marks_may_stand_before_a_part():
    """A compilation often names its parts first, and in markdown each is a heading."""
    parts = [record for record in read("第一篇：规划处工作职责\n第二篇：某市2025年水务工作要点\n\n# 第一篇：规划处工作职责\n1.编制规划。\n2.统计汇总。\n# 第二篇：某市2025年水务工作要点\n" + BODY)]
    assert [(record.kind, record.title) for record in parts if record.kind != "other"] == [("duties", "规划处工作职责"), ("plan", "某市2025年水务工作要点")]


def test_a_clause_line_without_a_stop_is_not_joined_with_what_follows():
    (record,) = read("某市2025年水务工作要点\n一、重点任务\n（一）加强管护。每季度巡查河道，建立台账。\n责任单位：市水务局、市城市管理行政执法局、市住房和城乡建设管理委员会、各区人民政府\n推进河道保洁，确保河面整洁。\n责任单位：市城管局\n")
    assert [[unit.name for unit in task.units][-1] for task in record.tasks] == ["各区人民政府", "市城管局"]


def test_a_heading_with_a_colon_is_one_heading():
    """The words behind it would be read as nothing. Near miss: 1.建设目标：到2025年建成30个, whose words are the task."""
    text = ("某市2024年数字政府工作要点\n一、办事更省心：以“高效办成一件事”为牵引优化政务服务\n（一）推进集成办理。推动13个事项一次办，压减材料。（责任单位：市政务局）\n"
            "二、重点任务\n1.建设驿站：到2025年建成30个驿站。（责任单位：市民政局）\n")
    (record,) = extract(Source("a.txt", "0", text))
    assert [task.path[0] for task in record.tasks] == ["一、办事更省心：以“高效办成一件事”为牵引优化政务服务", "二、重点任务"]
    assert "建成30个驿站" in record.tasks[1].text


def test_items_that_say_what_is_used_or_covered_are_tasks():
    text = ("某市2024年扬尘整治工作要点\n一、整治内容\n（一）围挡设置。施工单位应沿四周连续设置硬质围挡，高度不低于2.5米。\n"
            "（二）裸土覆盖。闲置三个月以上的裸露地面采用六针以上密目网覆盖。\n（三）联系方式。电话12345678。\n")
    (record,) = extract(Source("a.txt", "0", text))
    assert [task.path[-1] for task in record.tasks] == ["（一）围挡设置。", "（二）裸土覆盖。"]


def test_a_title_that_ends_in_who_does_what_is_a_plan():
    (record,) = extract(Source("a.txt", "0", "某市2021年妇女儿童工作要点及分工\n一、重点任务\n（一）开展培训。培训200人次，发放证书。（责任单位：市妇联）\n"))
    assert record.kind == "plan" and record.genre == "工作要点" and len(record.tasks) == 1
