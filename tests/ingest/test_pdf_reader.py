"""PDFs: lines into paragraphs, what stands beside the text, ruled tables, and files that cannot be read."""

from __future__ import annotations

import html

import formats
import pytest
from browser import require_browser

from ingest.errors import DamagedFile, EncryptedFile, FileTooLarge, ScannedPdf
from ingest.readers import pdf_layout
from ingest.readers.glyphs import LOOKALIKES
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_margins import without_margins
from ingest.readers.pdf_paragraphs import iter_paragraphs, join_words

SIZE, LEFT, RIGHT = 16.0, 80.0, 528.0  # 28 characters a line


def page(*lines: str, top: float = 120.0, size: float = SIZE) -> list[Line]:
    """Lines 28 points apart; a tab sets one in by a character, > sets it to the right, ^ in the middle, a blank line is a gap."""
    found, y = [], top
    for text in lines:
        words = text.lstrip("\t>^")
        width = size * len(words)
        x = RIGHT - width if text[:1] == ">" else (LEFT + RIGHT - width) / 2 if text[:1] == "^" else LEFT + size * (len(text) - len(words))
        if words:
            found.append(Line(words, x, x + width, y, size, [x + size * n for n in range(len(words))]))
        y += 28
    return found


def paragraphs(*pages: list[Line]) -> list[str]:
    return list(iter_paragraphs([list(lines) for lines in pages], LEFT + RIGHT))


FULL = "推进智慧渔港建设完善视频监控进出港识别渔获物登记等系统功能"[:28]
FIRST = "\t\t" + FULL[:26]


def test_a_full_line_runs_on_and_a_short_one_does_not():
    assert paragraphs(page(FIRST, FULL, "并开展评价。", FIRST, "短。", FIRST, FULL)) == [FULL[:26] + FULL + "并开展评价。", FULL[:26] + "短。", FULL[:26] + FULL]


def test_a_paragraph_runs_over_the_page():
    assert paragraphs(page(FIRST, FULL), page("并开展评价。", FIRST, "短。")) == [FULL[:26] + FULL + "并开展评价。", FULL[:26] + "短。"]
    assert paragraphs(page(FIRST, FULL), page(FIRST, FULL)) == [FULL[:26] + FULL, FULL[:26] + FULL]


def test_what_ends_a_paragraph_whose_last_line_is_full():
    """An indent, a gap, another size, a number behind a stop; near miss: a number in mid-sentence."""
    stop = FULL[:25] + "完成。"
    assert paragraphs(page(FULL, stop, "\t\t" + FULL[:20])) == [FULL + stop, FULL[:20]]
    assert paragraphs(page(FULL, FULL, stop, "", FULL, stop, "短。")) == [FULL + FULL + stop, FULL + stop + "短。"]
    assert paragraphs(page(FULL, stop, "二、加强监管")) == [FULL + stop, "二、加强监管"]
    assert paragraphs(page(FULL, FULL, "2.5万亩。")) == [FULL + FULL + "2.5万亩。"]


def test_a_line_that_could_not_hold_the_next_word_is_full():
    assert paragraphs(page(FULL, FULL[:26], "2025年底前完成。", "短。")) == [FULL + FULL[:26] + "2025年底前完成。", "短。"]


def test_title_signature_and_hanging_numbers():
    title = page("^关于印发工作要点", "^的通知", size=22.0)
    assert paragraphs([*title, *page(FIRST, FULL, "落实。", ">海岸与渔业部", ">2025年2月21日", top=190)]) == ["关于印发工作要点的通知", FULL[:26] + FULL + "落实。", "海岸与渔业部", "2025年2月21日"]
    hanging = page("1." + FULL[:26], "\t\t" + FULL[:26], "\t\t完成。", "2." + FULL[:26], "\t\t完成。")
    assert paragraphs(hanging) == ["1." + FULL[:26] + FULL[:26] + "完成。", "2." + FULL[:26] + "完成。"]


def test_a_page_without_a_full_line():
    assert paragraphs(page("任务清单", "1.改造管网。", "2.建设泵站", "责任单位：市水务局")) == ["任务清单", "1.改造管网。", "2.建设泵站", "责任单位：市水务局"]


def test_only_latin_words_are_joined_by_a_space():
    assert join_words(["推进", "AI", "Agent应用", "2025", "年"]) == "推进AI Agent应用2025年"


def test_page_numbers_and_running_heads_are_left_out():
    texts = [FULL] * 6
    pages = []
    for n, (foot, head) in enumerate(zip(("— 1 —", "第2页", "3", "- 4 -", "5/6", "6"), ("某市人民政府公报", "2025年第3期") * 3, strict=True)):
        pages.append([*page("^" + head, top=50), *page(*texts, f"第{n}页的末行。", top=120), *page(foot, top=800)])
    kept = without_margins(pages, [842.0] * 6)
    assert [[line.text for line in lines] for lines in kept] == [[*texts, f"第{n}页的末行。"] for n in range(6)]


def test_what_only_looks_like_a_page_number_stays():
    """A line of the text that comes again at the same height, and a number that no other page counts on from."""
    pages = [[*page(*[FULL] * 6, "责任单位：市水务局", top=580)], [*page(*[FULL] * 6, "责任单位：市水务局", top=580)], [*page(FULL, "120", top=740)]]
    assert without_margins(pages, [842.0] * 3) == pages


def test_look_alike_characters_are_the_common_ones():
    assert "⼀⼯⽤⼾⺠⻓⻅⻚―〜㬵豈".translate(LOOKALIKES) == "一工用户民长见页—～胶豈"
    assert "１（①％㎡".translate(LOOKALIKES) == "１（①％㎡"


TASKS = [(str(n), f"推进第{n}项老旧供水管网改造，完成改造{n}20公里，漏损率控制在8%以内，建立分区计量体系；完善水质监测网络。", "市水务局、市发展和改革委员会、市自然资源和规划局", "2025年底") for n in range(1, 21)]


def _rows(across: bool) -> str:
    rows = ""
    for n, task in enumerate(TASKS):
        category = f"<td rowspan='5'>第{n // 5 + 1}类</td>" if across and n % 5 == 0 else ""
        rows += f"<tr>{category}{''.join(f'<td>{cell}</td>' for cell in task)}</tr>"
    return rows


@pytest.fixture(scope="module")
def printed():
    """All that Chromium is to print, by one start of it."""
    words = [f"第{n}段：" + FULL * 3 + "。" for n in range(1, 41)]
    header = "<tr><th style='width:8%'>序号</th><th>任务</th><th style='width:24%'>责任<br>单位</th><th style='width:14%'>完成时限</th></tr>"
    open_sides = "<style>td:first-child,th:first-child{border-left:0}td:last-child,th:last-child{border-right:0}</style>"
    columns = "<h1>某市人民政府公报</h1><div style='columns:2;column-gap:2em;font-size:10.5pt;line-height:1.6'>"
    bodies = {
        "table": f"<p>任务分解如下。</p><table><thead>{header}</thead>{_rows(False)}</table><p>由市水务局解释。</p>",
        "merged": f"{open_sides}<p>任务分解如下。</p><table>{header.replace('<tr>', '<tr><th>类别</th>')}{_rows(True)}</table><p>由市水务局解释。</p>",
        "columns": f"{columns}{''.join(f'<p>{line}</p>' for line in words)}</div>",
        "frame": f"<table><tr><td>{'<br>'.join(words[:3])}</td></tr></table>",
        "spaces": f"<p>{html.escape('加强 AI Agent 应用，推进 5G 覆盖。')}</p><p style='white-space:pre'>牵头单位：市水务局　　配合单位：市财政局</p>",
    }
    found = formats.print_pages(require_browser(), {name: formats.PRINTED.format(body=body).encode() for name, body in bodies.items()})
    return {name: formats.lines_of(read_pdf(f"{name}.pdf", data)) for name, data in found.items()} | {"words": words}


@pytest.mark.slow
@pytest.mark.xdist_group("browser")
def test_printed_tables_columns_and_frames(printed):
    expected = ["| " + " | ".join(task) + " |" for task in TASKS]
    assert printed["table"] == ["任务分解如下。", "| 序号 | 任务 | 责任单位 | 完成时限 |", "|---|---|---|---|", *expected, "由市水务局解释。"]
    merged = [f"| 第{n // 5 + 1}类 {row}" for n, row in enumerate(expected)]
    assert printed["merged"] == ["任务分解如下。", "| 类别 | 序号 | 任务 | 责任单位 | 完成时限 |", "|---|---|---|---|---|", *merged, "由市水务局解释。"]
    assert printed["columns"] == ["某市人民政府公报", *printed["words"]]
    head = "海岸与渔业部文件汇编"  # on a single page nothing tells it from text
    assert printed["frame"] == [head, *printed["words"][:3]]
    assert printed["spaces"] == [head, "加强 AI Agent 应用，推进 5G 覆盖。", "牵头单位：市水务局　　配合单位：市财政局"]


@pytest.mark.parametrize("turn", [b"0 1 -1 0 300 100", b"0 -1 1 0 300 700"])
def test_text_printed_sideways_is_read(turn):
    assert formats.lines_of(read_pdf("a.pdf", formats.as_raw_pdf(b"BT /F 9 Tf " + turn + b" Tm (Task 1: renew) Tj 0 -20 Td (Task 2: build a pumping station) Tj ET"))) == ["Task 1: renew", "Task 2: build a pumping station"]


def test_scans_are_refused_with_the_way_to_recognise_them():
    with pytest.raises(ScannedPdf, match=r"2 of its 2 pages are pictures without text \(a scan\).*ocrmypdf -l chi_sim"):
        read_pdf("a.pdf", formats.as_scan())
    with pytest.raises(ScannedPdf, match="no text is on its 1 pages"):
        read_pdf("a.pdf", formats.as_raw_pdf(b""))


def test_fonts_that_name_no_characters_are_refused_as_scans():
    nameless = b"/F2 <</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(X)/Ordering(Y)/Supplement 0>>>>]>>"
    data = formats.as_raw_pdf(b"BT /F2 9 Tf 10 700 Td " + b"<00410042> Tj " * 40 + b"ET").replace(b"/Font<<", b"/Font<<" + nameless)
    with pytest.raises(ScannedPdf, match="fonts do not say which characters"):
        read_pdf("a.pdf", data)


def test_locked_and_damaged_files():
    locked = formats.as_raw_pdf(b"", trailer=b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"00" * 32 + b">/U<" + b"00" * 32 + b">>>")
    with pytest.raises(EncryptedFile, match=r"a\.pdf.*password"):
        read_pdf("a.pdf", locked)
    for data in (b"%PDF-1.7", b"<html>", formats.as_raw_pdf(b"BT (a) Tj ET")[:120]):
        with pytest.raises(DamagedFile, match=r"a\.pdf: this is no PDF"):
            read_pdf("a.pdf", data)


def _forms() -> list[bytes]:
    """Eight forms of which each draws the next thirty times."""
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    return [formats.as_stream(b"/X Do " * 30, entries % (6 + n)) for n in range(8)]


@pytest.mark.parametrize(("data", "words"), [
    (lambda: formats.as_raw_pdf(*[b""] * 30), "over 20 pages"), (lambda: formats.as_raw_pdf(b"/X Do", resources=b"/XObject<</X 5 0 R>>", others=_forms()), "takes over 1 seconds"),
    (lambda: formats.as_raw_pdf(b"q Q " * 3_000_000), "11 MB of commands"), (lambda: formats.as_raw_pdf(b"BT /F 9 Tf " + b"(aaaaaaaaaa) Tj " * 7_000 + b"ET"), "60,000 characters"),
    (lambda: formats.as_raw_pdf(b" " * (9 << 20)), "unpacks to over 8 MB")], ids=["pages", "forms", "commands", "characters", "stream"])
def test_hostile_files_are_given_up(monkeypatch, data, words):
    for name, limit in (("PAGES", 20), ("SECONDS", 0.2), ("UNPACKED_BYTES", 8 << 20 if "unpacks" in words else 512 << 20)):
        monkeypatch.setattr(pdf_layout, name, limit)
    with pytest.raises(FileTooLarge, match=words):
        read_pdf("a.pdf", data())
