"""Word documents as they show: the numbers that Word writes, tables, and what does not count as text."""

from __future__ import annotations

import io
import zipfile

import docx
import docx.enum.style
import pytest
from formats import Level, Lists, lines_of, number_paragraph, saved

from ingest.errors import ArchiveTooLarge, DamagedFile
from ingest.readers.word import read_docx
from ingest.readers.word_numbering import spell


def numbered(levels: list[Level], items: str, lists: Lists | None = None) -> list[str]:
    """The labels of paragraphs at depths such as "0 1 1 0", or "2:0" for the first level of list 2."""
    document = docx.Document()
    lists = lists or Lists([levels], [(0, {})])
    for item in items.split():
        number, _, depth = item.rpartition(":")
        number_paragraph(document.add_paragraph("词"), int(number or 1), int(depth))
    lists.write(document)
    return [line.removesuffix("词").strip() for line in lines_of(read_docx("a.docx", saved(document)))]


OUTLINE = [Level("chineseCounting", "%1、"), Level("chineseCountingThousand", "（%2）"), Level("decimal", "%3．")]


def test_levels_count_and_begin_anew_under_the_next_heading():
    assert numbered(OUTLINE, "0 1 2 2 1 2 0 1") == ["一、", "（一）", "1．", "2．", "（二）", "1．", "二、", "（一）"]


def test_a_level_that_is_not_to_begin_anew_goes_on():
    levels = [*OUTLINE[:2], Level("decimal", "%3.", '<w:lvlRestart w:val="0"/>')]
    assert numbered(levels, "0 1 2 1 2 0 2") == ["一、", "（一）", "1.", "（二）", "2.", "二、", "3."]
    after_first = [Level("chineseCounting", "%1、"), Level("decimal", "%2."), Level("decimal", "（%3）", '<w:lvlRestart w:val="1"/>')]
    assert numbered(after_first, "0 1 2 1 2 0 1 2") == ["一、", "1.", "（1）", "2.", "（2）", "二、", "1.", "（1）"]


def test_decimal_levels_show_those_above_them():
    levels = [Level("chineseCounting", "%1、"), Level("decimal", "%1.%2", "<w:isLgl/>"), Level("decimal", "%1.%2.%3", "<w:isLgl/>")]
    assert numbered(levels, "0 0 0 1 2 2 1 2") == ["一、", "二、", "三、", "3.1", "3.1.1", "3.1.2", "3.2", "3.2.1"]


def test_a_level_without_those_above_it_shows_their_first_number():
    assert numbered([Level("decimal", "%1"), Level("decimal", "%1.%2"), Level("decimal", "%1.%2.%3")], "2 2 1") == ["1.1.1", "1.1.2", "1.2"]


def test_lists_that_share_a_definition_count_on_unless_one_begins_anew():
    assert numbered([], "1:0 2:0 3:0 3:0 1:0", Lists([OUTLINE], [(0, {}), (0, {}), (0, {0: 1})])) == ["一、", "二、", "一、", "二、", "三、"]
    assert numbered([], "1:0 1:1 2:1 2:1", Lists([OUTLINE], [(0, {}), (0, {1: 5})])) == ["一、", "（一）", "（五）", "（六）"]


def test_a_start_other_than_one():
    assert numbered([Level("decimal", "%1.", start=6)], "0 0") == ["6.", "7."]


@pytest.mark.parametrize(("form", "spelt"), [
    ("chineseCounting", "一 十 十一 二十 九十九 一○五"), ("chineseCountingThousand", "一 十 十一 二十 九十九 一百零五"), ("taiwaneseCounting", "一 十 十一 二十 九十九 一○五"),
    ("ideographDigital", "一 一〇 一一 二〇 九九 一〇五"), ("japaneseCounting", "一 十 十一 二十 九十九 百五"), ("chineseLegalSimplified", "壹 壹拾 壹拾壹 贰拾 玖拾玖 壹佰零伍"),
    ("decimal", "1 10 11 20 99 105"), ("decimalFullWidth", "１ １０ １１ ２０ ９９ １０５"), ("decimalEnclosedCircle", "① ⑩ ⑪ ⑳ 99 105"), ("decimalZero", "01 10 11 20 99 105"),
    ("upperLetter", "A J K T UUUU AAAAA"), ("lowerLetter", "a j k t uuuu aaaaa"), ("upperRoman", "I X XI XX XCIX CV"), ("lowerRoman", "i x xi xx xcix cv"),
    ("ideographTraditional", "甲 癸 11 20 99 105"), ("none", "     "), ("hebrew1", "1 10 11 20 99 105")])
def test_forms_of_numbers(form, spelt):
    assert " ".join(spell(number, form) for number in (1, 10, 11, 20, 99, 105)) == spelt


def test_what_parts_a_number_from_the_words():
    document = docx.Document()
    lists = Lists([[Level("chineseCounting", "第%1章")], [Level("decimal", "%1.")], [Level("chineseCounting", "%1、")], [Level("decimal", "%1", '<w:suff w:val="nothing"/>')]], [(n, {}) for n in range(4)])
    for n in range(4):
        number_paragraph(document.add_paragraph("总则"), n + 1, 0)
    lists.write(document)
    assert lines_of(read_docx("a.docx", saved(document))) == ["第一章 总则", "1. 总则", "一、总则", "1总则"]


def test_bullets_show_only_where_they_are_dashes_that_number():
    document = docx.Document()
    Lists([[Level("bullet", "\uf0b7")], [Level("bullet", "——")]], [(0, {}), (1, {})]).write(document)
    for number in (1, 2):
        number_paragraph(document.add_paragraph("推进绿化"), number, 0)
    assert lines_of(read_docx("a.docx", saved(document))) == ["推进绿化", "——推进绿化"]


def test_numbers_of_styles_and_of_those_that_they_are_based_on():
    document = docx.Document()
    lists = Lists([[Level("chineseCounting", "%1、", '<w:pStyle w:val="Heading1"/>'), Level("chineseCounting", "（%2）", '<w:pStyle w:val="Heading2"/>')]], [(0, {})])
    lists.write(document)
    for style, number, depth in (("Heading 1", 1, None), ("Heading 2", 1, 0)):  # ilvl of a style is not what counts: pStyle is
        number_paragraph(_StyleParagraph(document.styles[style]), number, depth)
    document.styles["Heading 3"].base_style = document.styles["Heading 1"]
    for style in ("Heading 1", "Heading 2", "Heading 3", "Normal"):
        document.add_paragraph(style, style=style)
    number_paragraph(document.add_paragraph("none", style="Heading 1"), 0, 0)
    assert lines_of(read_docx("a.docx", saved(document))) == ["一、Heading 1", "（一）Heading 2", "二、Heading 3", "Normal", "none"]


class _StyleParagraph:
    """A style, where number_paragraph expects a paragraph."""

    def __init__(self, style):
        self._p = style.element


def test_an_empty_numbered_paragraph_counts_but_is_no_line():
    document = docx.Document()
    Lists([OUTLINE], [(0, {})]).write(document)
    for words in ("甲", "", "乙"):
        number_paragraph(document.add_paragraph(words), 1, 0)
    assert lines_of(read_docx("a.docx", saved(document))) == ["一、甲", "三、乙"]


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'


def body(xml: str) -> list[str]:
    """The lines of a document whose body is this."""
    from docx.oxml import parse_xml

    document = docx.Document()
    for element in reversed(parse_xml(f"<w:body {W}>{xml}</w:body>")):
        document.element.body.insert(0, element)
    return lines_of(read_docx("a.docx", saved(document)))


def run(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r>"


@pytest.mark.parametrize(("xml", "lines"), [
    (f"<w:p>{run('甲')}<w:ins>{run('乙')}</w:ins><w:del><w:r><w:delText>丙</w:delText></w:r></w:del><w:moveFrom>{run('丁')}</w:moveFrom><w:moveTo>{run('戊')}</w:moveTo></w:p>", ["甲乙戊"]),
    ("<w:p>" + run("甲") + run("乙", "<w:vanish/>") + run("丙", "<w:vanish w:val='0'/>") + "</w:p>", ["甲丙"]),
    ("<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:softHyphen/><w:noBreakHyphen/><w:t>丁\u00ad</w:t></w:r></w:p>", ["甲", "乙\t丙-丁"]),
    (f"<w:p><w:hyperlink>{run('甲')}</w:hyperlink><w:sdt><w:sdtContent>{run('乙')}</w:sdtContent></w:sdt><w:fldSimple w:instr='PAGE'>{run('丙')}</w:fldSimple></w:p>", ["甲乙丙"]),
    (f"<w:sdt><w:sdtContent><w:p>{run('甲')}</w:p></w:sdtContent></w:sdt><w:p>{run('乙')}</w:p>", ["甲", "乙"]),
    (f"<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK x</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('甲')}</w:p>", ["甲"]),
    (f"<w:p>{run('文')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent><w:p>{run('红头文件')}</w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
     f"<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p>{run('红头文件')}</w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('号')}</w:p>", ["红头文件", "文号"]),
    (f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('甲')}</w:p><w:p>{run('乙')}</w:p>", ["甲乙"]),
    (f"<w:p><w:pPr><w:rPr><w:vanish/><w:specVanish/></w:rPr></w:pPr>{run('（一）强化监管。')}</w:p><w:p>{run('开展巡查。')}</w:p>", ["（一）强化监管。开展巡查。"]),
    (f"<w:p><w:ruby><w:rt>{run('jia')}</w:rt><w:rubyBase>{run('甲')}</w:rubyBase></w:ruby></w:p>", ["甲"]),
    ("<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>一、总体要求1</w:t></w:r></w:p></w:sdtContent></w:sdt>"
     "<w:p><w:r><w:t>一、总体要求</w:t></w:r></w:p>", ["一、总体要求"]),
], ids=["tracked", "hidden", "breaks", "inline", "content control", "field", "text box once", "deleted end", "style separator", "ruby", "contents"])
def test_what_counts_as_text(xml, lines):
    assert body(xml) == lines


def test_hidden_by_a_style_and_headers_left_out():
    document = docx.Document()
    style = document.styles.add_style("Hidden", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    paragraph = document.add_paragraph("甲")
    paragraph.add_run("乙", style="Hidden")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    assert read_docx("a.docx", saved(document)) == "甲\n"


def test_footnotes_stand_at_the_end():
    document = docx.Document()
    document.add_paragraph("一、总体要求")
    notes = f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p>{run("----")}</w:p></w:footnote><w:footnote w:id="2"><w:p>{run("指2024年数。")}</w:p></w:footnote></w:footnotes>'
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    part = Part(PackURI("/word/footnotes.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml", notes.encode(), document.part.package)
    document.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes")
    assert lines_of(read_docx("a.docx", saved(document))) == ["一、总体要求", "注1：指2024年数。"]


def table(rows: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]] = ()) -> list[str]:
    document = docx.Document()
    made = document.add_table(len(rows), len(rows[0]))
    for row, words in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    for first, last in merged:
        words = made.cell(*first).text
        made.cell(*first).merge(made.cell(*last)).text = words
    return lines_of(read_docx("a.docx", saved(document)))


def test_table_of_tasks_is_a_pipe_table():
    assert table([["序号", "任务", "责任单位", "完成时限"], ["1", "推进供水|排水改造", "市水务局\n市财政局", "2025年底"], ["2", "开展巡查，\n建立台账", "市水务局", "长期"]]) == [
        "| 序号 | 任务 | 责任单位 | 完成时限 |", "|---|---|---|---|", "| 1 | 推进供水｜排水改造 | 市水务局 市财政局 | 2025年底 |", "| 2 | 开展巡查，建立台账 | 市水务局 | 长期 |"]


def test_merged_cells_repeat_downwards_and_stand_once_across():
    rows = [["类别", "任务", "责任单位", ""], ["", "", "牵头", "配合"], ["供水", "改造管网", "甲局", "乙局"], ["", "建设泵站", "丙局", ""], ["综合", "", "", ""]]
    assert table(rows, [((0, 2), (0, 3)), ((0, 0), (1, 0)), ((0, 1), (1, 1)), ((2, 0), (3, 0)), ((4, 0), (4, 3))]) == [
        "| 类别 | 任务 | 牵头 | 配合 |", "|---|---|---|---|", "| 供水 | 改造管网 | 甲局 | 乙局 |", "| 供水 | 建设泵站 | 丙局 |  |", "| 综合 |  |  |  |"]


def test_a_table_s_own_title_stands_above_it():
    assert table([["重点任务分解表", ""], ["任务", "责任单位"], ["改造管网", "甲局"]], [((0, 0), (0, 1))])[:2] == ["重点任务分解表", "| 任务 | 责任单位 |"]


@pytest.mark.parametrize("rows", [[["甲"], ["乙"]], [["索引号：", "001"], ["发文机关：", "甲局"]], [["推进供水改造。完成120公里。", "甲局"], ["开展巡查。", "乙局"]], [["甲", "乙"]]])
def test_tables_that_only_lay_out_are_paragraphs(rows):
    assert table(rows) == [cell for row in rows for cell in row]


def test_numbers_that_word_writes_into_a_column():
    document = docx.Document()
    Lists([[Level("decimal", "%1")]], [(0, {})]).write(document)
    made = document.add_table(3, 2)
    for row, words in zip(made.rows, (("序号", "任务"), ("", "改造管网"), ("", "建设泵站")), strict=True):
        row.cells[0].text, row.cells[1].text = words
    for row in made.rows[1:]:
        number_paragraph(row.cells[0].paragraphs[0], 1, 0)
    assert lines_of(read_docx("a.docx", saved(document))) == ["| 序号 | 任务 |", "|---|---|", "| 1 | 改造管网 |", "| 2 | 建设泵站 |"]


def test_damaged_documents_are_refused():
    whole = saved(docx.Document())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    for data in (b"x", whole[:500], packed.getvalue()):
        with pytest.raises(DamagedFile, match=r"a\.docx: this is no Word document"):
            read_docx("a.docx", data)


def test_a_document_that_unpacks_to_too_much_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (30 << 20))
    with pytest.raises(ArchiveTooLarge, match="unpacks to"):
        read_docx("a.docx", packed.getvalue())
