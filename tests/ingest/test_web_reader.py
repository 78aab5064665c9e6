"""Saved pages: the article whole, what the page says about it, and nothing of what stands around it."""

from __future__ import annotations

import formats
import pytest
import trafilatura
from conftest import SAMPLES

from ingest.errors import DamagedFile, WrongEncoding
from ingest.pipeline import extract
from ingest.readers import Source
from ingest.readers.web import decode_page, read_html

NAVIGATION = "<ul>" + "".join(f'<li><a href="/{n}">政务公开栏目{n}</a></li>' for n in range(40)) + "</ul>"
NEWS = "<div class='r'><h3>热点新闻</h3><ul>" + "".join(f"<li><a href='/n{n}'>我市召开第{n}次智慧渔业现场推进会部署全年重点工作</a>2025-01-{n:02}</li>" for n in range(1, 20)) + "</ul></div>"


@pytest.fixture(scope="module")
def paragraphs() -> list[str]:
    return formats.paragraphs_of(SAMPLES / "ministry-2025.txt")


def lines(page: str) -> list[str]:
    return formats.lines_of(read_html("a.html", page.encode()))


def article(*blocks: str) -> list[str]:
    """The lines of an article, after one paragraph that is long enough to be one."""
    first = "为做好2025年水务工作，现将重点任务分解如下，请各责任单位按照任务分工抓好落实，确保按期完成。" * 3
    found = lines(f"<body>{NAVIGATION}<div class='TRS_Editor'><p>{first}</p>{''.join(blocks)}</div></body>")
    assert found[0] == first
    return found[1:]


def test_a_page_says_title_dates_and_numbers_as_front_matter(paragraphs):
    found = formats.lines_of(read_html("a.html", formats.as_page(paragraphs)))
    assert found[:10] == [
        "---", f"标题: {paragraphs[0]}", "发文机关: 海岸与渔业部", "发布日期: 2025-02-24", "索引号: 00001/2025-12", "来源: 规划司", "网站: 海岸与渔业部门户网站",
        "栏目: 通知公告", "网址: https://www.example.gov.cn/zwgk/tzgg/202502/t20250224_1180.html", "---"]
    assert found[10:] == paragraphs  # the title once more, since the article's own element lacks it
    (record,) = extract(Source("a.html", "0", "\n".join(found), derived=True))
    assert (record.published_on, record.doc_number, record.title) == ("2025-02-24", "海渔发〔2025〕2号", "2025年智慧渔业和海岸保护工作要点")


def test_the_title_is_not_said_twice(paragraphs):
    body = f"<p align='center'><b>{paragraphs[0][:12]}</b></p><p>{paragraphs[0][12:]}</p>" + "".join(f"<p>{words}</p>" for words in paragraphs[1:])
    found = formats.lines_of(read_html("a.html", formats.as_page(paragraphs, body=body)))
    assert found[found.index("---", 1) + 1:] == [paragraphs[0][:12], paragraphs[0][12:], *paragraphs[1:]]


def test_labels_without_meta_names():
    page = f"<title>某市水务工作要点 - 某市人民政府</title><body>{NAVIGATION}<ul><li>发布机构：<em>某市水务局</em></li><li>文　　号：某水〔2025〕3号</li><li>成文日期：2025年3月1日</li><li>主题分类：</li><li>有效性：有效</li></ul>" \
           f"<div id='zoom'>{'<p>推进供水改造，完成年度任务。</p>' * 12}</div></body>"
    assert lines(page)[:7] == ["---", "标题: 某市水务工作要点", "发文字号: 某水〔2025〕3号", "发文机关: 某市水务局", "成文日期: 2025年3月1日", "有效性: 有效", "---"]


@pytest.mark.parametrize("body", ["paragraphs", "line breaks", "blocks", "pieces", "headings", "layout table", "mixed", "two parts"])
@pytest.mark.parametrize("container", ["id='zoom'", "class='article'", "class='x1'"])
def test_no_paragraph_is_lost_whatever_the_page_is_made_of(paragraphs, body, container):
    made = {
        "paragraphs": "".join(f"<p>　　{words}</p>" for words in paragraphs),
        "line breaks": "<br/>\n　　".join(paragraphs),
        "blocks": "".join(f"<div><span>{words}</span></div>" for words in paragraphs),
        "pieces": "".join(f"<p><font>{words[:5]}</font><b>{words[5:9]}</b>{words[9:]}</p>" for words in paragraphs),
        "headings": "".join(f"<h3>{words}</h3>" if len(words) < 40 else f"<div>{words}</div>" for words in paragraphs),
        "layout table": "<table><tr><td><table>" + "".join(f"<tr><td>{words}</td></tr>" for words in paragraphs) + "</table></td></tr></table>",
        "mixed": "".join(f"<p>{words}</p>" if n % 3 else f"{words}<br>" for n, words in enumerate(paragraphs)),
        "two parts": f"<div><p>{'</p><p>'.join(paragraphs[:20])}</p></div><div class='share'><a>分享</a></div><div><p>{'</p><p>'.join(paragraphs[20:])}</p></div>",
    }[body]
    found = lines(f"<body>{NAVIGATION}<div {container}>{made}</div>{NEWS}<div class='footer'>版权所有</div></body>")
    assert [line for line in found if line != "分享"] == paragraphs


def test_trafilatura_alone_would_lose_text(paragraphs):
    """Why the article is read from its element and not from what trafilatura gives; if this fails, look again."""
    page = f"<body>{NAVIGATION}<div class='x1'>" + "".join(f"<h3>{words}</h3>" if len(words) < 40 else f"<div>{words}</div>" for words in paragraphs) + f"</div>{NEWS}</body>"
    text = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True) or ""
    assert len([words for words in paragraphs if words not in text.splitlines()]) > 5


def test_lists_get_their_numbers_back():
    assert article("<ol><li>推进改革</li><li>开展巡查<ol type='a'><li>水库</li></ol></li></ol><ol start='5'><li>建设泵站</li><li value='9'>培训人员</li><li>总结</li></ol><ul><li>其他</li></ul>") == [
        "1. 推进改革", "2. 开展巡查", "a. 水库", "5. 建设泵站", "9. 培训人员", "10. 总结", "其他"]
    assert article("<ol style='list-style: none'><li>一、推进改革</li></ol>") == ["一、推进改革"]


def test_tables_are_pipe_tables():
    assert article(
        "<table><caption>任务分解表</caption><thead><tr><th>序号</th><th>任务</th><th>责任<br>单位</th></tr></thead><tbody><tr><td>1</td><td>改造|管网</td><td rowspan='2'><p>市水务局</p><p>市财政局</p></td></tr>"
        "<tr><td>2</td><td>建设泵站</td></tr><tr><td colspan='3'>二、综合</td></tr></tbody></table>") == [
        "任务分解表", "| 序号 | 任务 | 责任单位 |", "|---|---|---|", "| 1 | 改造｜管网 | 市水务局 市财政局 |", "| 2 | 建设泵站 | 市水务局 市财政局 |", "| 二、综合 |  |  |"]


def test_spaces_breaks_and_what_is_not_shown():
    assert article("<p>加强&nbsp;监管&emsp;和\n   巡查<sup>1</sup></p><p>一<br>二</p><p style='display: none'>隐</p><p hidden>藏</p><script>x</script><p>责任<a>单位</a>：<b>市水务局</b></p>") == [
        "加强 监管\u3000和巡查1", "一", "二", "责任单位：市水务局"]
    assert article("<p>&nbsp;&nbsp;&nbsp;（一）强化管控&nbsp;&nbsp;&nbsp;推进   改革</p>") == ["（一）强化管控   推进 改革"]


@pytest.mark.parametrize(("data", "words"), [
    ("<meta charset='gb2312'><p>喆鎏</p>".encode("gb18030"), "喆鎏"), ("<meta charset=gbk><p>教育</p>".encode(), "教育"), ("<p>教育</p>".encode("gb18030"), "教育"),
    ("<p>教育</p>".encode("utf-16"), "教育"), ("<meta charset=big5><p>教育</p>".encode("big5"), "教育"), ("<p>教育</p>".encode() * 100 + b"\xff", "教育")])
def test_charset_is_found_although_pages_declare_another(data, words):
    assert words in decode_page("a.html", data)


def test_pages_that_cannot_be_read():
    with pytest.raises(WrongEncoding):
        decode_page("a.html", bytes(range(128, 256)) * 4)
    with pytest.raises(DamagedFile, match="save it from a browser"):
        read_html("a.html", b"<html><body><div id='app'></div><script>load()</script></body></html>")


def test_hostile_pages_take_no_time():
    for page in ("<div>" * 100_000 + "推进改革。" * 50, "<table>" + "<tr><td rowspan=60000 colspan=1000>a</td>" * 2000 + "</table>", "<table><tr><td>" * 300 + "推进改革。" * 50):
        try:
            read_html("a.html", page.encode())
        except DamagedFile:
            pass
