"""One sample plan in other formats: a saved government page, a .docx whose numbers Word would write, a page to print;
and files that are hard to come by: scans, locked and hostile ones."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = """<!DOCTYPE html>
<!-- saved from url=(0064)https://www.example.gov.cn/zwgk/tzgg/202502/t20250224_1180.html -->
<html lang="zh-CN"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>{title}_海岸与渔业部门户网站</title>
<meta name="SiteName" content="海岸与渔业部门户网站"><meta name="ColumnName" content="通知公告"><meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="2025-02-24 10:21"><meta name="ContentSource" content="规划司"><script>var a = "正文";</script></head>
<body><div class="top"><a href="/">首页</a><ul class="nav"><li><a href="/a">政务公开</a></li><li><a href="/b">办事服务</a></li><li><a href="/c">互动交流</a></li></ul></div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/a">政务公开</a> &gt; 通知公告</div>
<table class="info"><tr><td><b>索&nbsp;引&nbsp;号：</b></td><td>00001/2025-12</td><td>发文机关：</td><td>海岸与渔业部</td></tr></table>
<h2>{title}</h2><div class="share"><span>发布时间：2025-02-24 10:21</span>&emsp;<span>字体：<a>大</a> <a>中</a> <a>小</a></span> <a>打印</a></div>
<div id="zoom" class="TRS_Editor">{body}</div>
<div class="relate"><h3>相关链接</h3><ul><li><a href="/1">《2024年智慧渔业和海岸保护工作要点》解读之一</a></li><li><a href="/2">《2024年智慧渔业和海岸保护工作要点》解读之二</a></li></ul></div>
<div class="footer">版权所有：海岸与渔业部　网站标识码：bm00000000　<a>网站地图</a></div></body></html>"""

# As offices have it: 16 points FangSong, 28 points a line, two characters' indent, no gap between paragraphs.
PRINTED = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><style>body{{font:16pt/28pt "Noto Serif CJK SC",serif;margin:0;text-align:justify}}
p{{margin:0;text-indent:2em}}h1{{font:bold 22pt/32pt "Noto Sans CJK SC",sans-serif;text-align:center;margin:0}}table{{border-collapse:collapse;width:100%;font-size:12pt;line-height:1.4}}
td,th{{border:1px solid black;padding:2pt 4pt}}</style><body>{body}</body></html>"""


def paragraphs_of(sample: Path) -> list[str]:
    return [line for line in sample.read_text(encoding="utf-8").splitlines() if line.strip()]


def lines_of(text: str) -> list[str]:
    """The lines that a reader yields, without the blank ones between paragraphs."""
    return [line for line in text.splitlines() if line]


def as_markdown(paragraphs: list[str]) -> bytes:
    return "\n\n".join([f"# {paragraphs[0]}", *paragraphs[1:]]).encode()


def as_page(paragraphs: list[str], encoding: str = "gb18030", body: str | None = None) -> bytes:
    """A saved page: the first paragraph is its title, which the article's own element does not hold."""
    body = body or "\n".join(f"<p>　　<span>{html.escape(words)}</span></p>" for words in paragraphs[1:])
    return PAGE.format(charset="gb2312" if encoding == "gb18030" else encoding, title=paragraphs[0], body=body).encode(encoding)


def as_print(paragraphs: list[str], titles: Iterable[str] = ()) -> bytes:
    """A page to print; titles are centred and larger."""
    return PRINTED.format(body="\n".join(f"<h1>{html.escape(words)}</h1>" if words in titles else f"<p>{html.escape(words)}</p>" for words in paragraphs)).encode()


@dataclass
class Level:
    """A level of a list as numbering.xml has it."""

    format: str
    text: str
    extra: str = ""  # further elements: <w:lvlRestart w:val="0"/>, <w:isLgl/>, <w:suff …/>
    start: int = 1


@dataclass
class Lists:
    """What numbering.xml holds: abstract lists, and the lists that use them with the levels that begin anew."""

    abstract: list[list[Level]] = field(default_factory=list)
    used: list[tuple[int, dict[int, int]]] = field(default_factory=list)

    def use(self, abstract: int, restarts: dict[int, int] | None = None) -> int:
        """The numId of a new list."""
        self.used.append((abstract, restarts or {}))
        return len(self.used)

    def write(self, document: Any) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        root = document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for i, levels in enumerate(self.abstract):
            root.append(parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{i}">' + "".join(
                f'<w:lvl w:ilvl="{depth}"><w:start w:val="{level.start}"/><w:numFmt w:val="{level.format}"/>{level.extra}<w:lvlText w:val="{level.text}"/></w:lvl>'
                for depth, level in enumerate(levels)) + "</w:abstractNum>"))
        for i, (abstract, restarts) in enumerate(self.used, 1):
            root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{i}"><w:abstractNumId w:val="{abstract}"/>' + "".join(
                f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>' for depth, start in restarts.items()) + "</w:num>"))


def number_paragraph(paragraph: Any, number: int | None = None, depth: int | None = None) -> Any:
    """Puts a paragraph on a level of a list; python-docx has no word for it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", depth), ("w:numId", number)):
        if value is not None:
            element = OxmlElement(name)
            element.set(qn("w:val"), str(value))
            properties.append(element)
    paragraph._p.get_or_add_pPr().append(properties)
    return paragraph


# The numbers of the samples: a pattern, and the level that makes the same number.
_FORMS = (
    (r"[一二三四五六七八九十]+、", Level("chineseCounting", "%1、")),
    (r"（[一二三四五六七八九十]+）", Level("chineseCountingThousand", "（%1）")),
    (r"\([一二三四五六七八九十]+\)", Level("chineseCountingThousand", "(%1)")),
    (r"\d+\.(?!\d)", Level("decimal", "%1.")),
)
_DECIMAL = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?\s*")


def as_docx(paragraphs: list[str]) -> bytes:
    """A .docx in which Word numbers the headings: 一、, （一）, 1. and 3.2.1 stand in no run.

    3.1 and 3.1.1 are levels of the list whose first level is 三、; a number that begins anew is a list of its own.
    """
    from docx import Document

    document = Document()
    lists = Lists([[level] for _, level in _FORMS])
    lists.abstract.append([Level("chineseCounting", "%1、"), Level("decimal", "%1.%2", "<w:isLgl/>"), Level("decimal", "%1.%2.%3", "<w:isLgl/>")])
    outline = lists.use(len(_FORMS))
    has_outline = any(_DECIMAL.match(words) for words in paragraphs)
    current: dict[int, int] = {}
    for words in paragraphs:
        if decimal := _DECIMAL.match(words):
            number_paragraph(document.add_paragraph(words[decimal.end():]), outline, 2 if decimal[3] else 1)
            continue
        form, match = next(((n, found) for n, (pattern, _) in enumerate(_FORMS) if (found := re.match(pattern, words))), (None, None))
        if form is None or match is None:
            document.add_paragraph(words)
        elif form == 0 and has_outline:
            number_paragraph(document.add_paragraph(words[match.end():]), outline, 0)
        else:
            if form not in current or re.search(r"(?<![十\d])[一1](?![一-十\d])", match[0]):
                current[form] = lists.use(form, {0: 1})
            number_paragraph(document.add_paragraph(words[match.end():]), current[form], 0)
    lists.write(document)
    return saved(document)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def print_pages(browser: str, pages: dict[str, bytes]) -> dict[str, bytes]:
    """Each page as a PDF with a running head and — 3 — at its foot, all printed by one Chromium."""
    import os

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        try:
            tab = chromium.new_page()
            printed = {}
            for name, page in pages.items():
                tab.set_content(page.decode())
                printed[name] = tab.pdf(
                    format="A4", display_header_footer=True, margin={"top": "3.5cm", "bottom": "3.5cm", "left": "2.8cm", "right": "2.6cm"},
                    header_template='<div style="font-size:9pt;width:100%;text-align:center">海岸与渔业部文件汇编</div>',
                    footer_template='<div style="font-size:12pt;width:100%;text-align:center">— <span class="pageNumber"></span> —</div>')
            return printed
        finally:
            chromium.close()


def as_scan(pages: int = 2) -> bytes:
    """A PDF of pictures."""
    from PIL import Image

    buffer = io.BytesIO()
    pictures = [Image.new("L", (620, 877), 200) for _ in range(pages)]
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def as_raw_pdf(*contents: bytes, resources: bytes = b"", others: Iterable[bytes] = (), trailer: bytes = b"") -> bytes:
    """A PDF of one page for each drawing; `others` are further objects, numbered behind the pages'."""
    count = len(contents)
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b"".join(b"%d 0 R " % (3 + 2 * n) for n in range(count)))]
    for n, content in enumerate(contents):
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>%s>>>>" % (4 + 2 * n, resources))
        objects.append(as_stream(content))
    objects += others
    body, places = b"%PDF-1.7\n", []
    for n, thing in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (n, thing)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(body))


def as_stream(data: bytes, entries: bytes = b"") -> bytes:
    import zlib

    packed = zlib.compress(data, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (entries, len(packed), packed)
