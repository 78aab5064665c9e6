"""The review page: the text stays what it is, every mark leads somewhere, every button makes the row that it says."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import re
import shutil
from copy import deepcopy
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from commands import refused, run
from conftest import SAMPLES, records_in
from hypothesis import given
from hypothesis import strategies as st

from api.review import PARTS, read_script, review_page, write_page
from api.review_page.cards import number_of
from api.review_page.facts import CORRECTED_BY_ROW, span_of
from api.review_page.marks import Mark, iter_segments, marked_text, marks_of, unread_places
from graph.records import DocumentRecord
from ingest.correction_sheet import COLUMNS, FIELDS
from ingest.told import METADATA

PLAN = """临澜市2025年试验工作要点
一、总体要求
以服务为本，<script>alert("x & y")</script>深入推进，建成2个基地。
二、重点任务
（一）推进“数字渔港”建设。2025年底前建成3个平台，产值翻一番，力争投诉零新增。（责任单位：市渔业局、市财政局
（二）完善设施。新建泊位120个以上，覆盖率达到80%以上、投资3.5亿元。（责任单位：市建委）
（三）做好保障。6月底前完成培训5场次。（牵头单位：市教委；配合单位：市财政局、各区政府）
有些话没有读到，写在这里，没有条款，也没有编号，只是一段说明文字而已。
"""


class _Page(HTMLParser):
    """What a browser would make of the page, as far as these tests ask."""

    VOID = {"meta", "link", "input", "br"}

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.attributes: list[dict[str, str]] = []
        self.tags: list[str] = []
        self._depth = 0  # inside an element of class text
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.append({name: value or "" for name, value in attributes})
        if self._depth and tag not in self.VOID:
            self._depth += 1
        elif ("class", "text") in attributes:
            self.texts.append("")
            self._depth = 1

    def handle_endtag(self, tag):
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data):
        if self._depth:
            self.texts[-1] += data


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("review") / "试验.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def record(plan_file):
    (found,) = records_in(plan_file)
    return found


# --- the marked text ---------------------------------------------------------------------------------

@st.composite
def texts_with_marks(draw):
    text = draw(st.text(alphabet="甲乙\r\n <>&\"'𠀀a\u3000", max_size=40))
    places = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
    spans = sorted({(a, b) for a, b in places if a < b <= len(text)}, key=lambda span: (span[0], -span[1]))
    return text, [Mark(f"d1t{n}", "task", a, b) for n, (a, b) in enumerate(spans)]


@given(texts_with_marks())
def test_segments_cover_the_text_and_name_every_mark(example):
    """Nested and overlapping spans: no character is lost or doubled, and each knows all that covers it."""
    text, marks = example
    segments = list(iter_segments(text, marks))
    assert "".join(text[start:end] for start, end, _ in segments) == text
    assert all(a[1] == b[0] for a, b in pairwise(segments))
    for start, end, covering in segments:
        assert covering == [mark for mark in marks if mark.start <= start and end <= mark.end]
    assert html.unescape(re.sub("<[^>]*>", "", marked_text(text, marks))) == text


def test_text_is_verbatim(sample_records):
    """A researcher copies from this page: its text must be the file's."""
    for record in sample_records:
        assert _Page(review_page([record])).texts == [record.text]


def test_line_ends_of_windows_stay(tmp_path):
    path = tmp_path / "crlf.txt"
    path.write_bytes(PLAN.replace("\n", "\r\n").encode())
    (record,) = records_in(path)
    assert "\r\n" in record.text and _Page(review_page([record])).texts == [record.text]


def test_every_mark_leads_to_a_card(sample_records, record):
    """A click in the text must always have somewhere to go."""
    for number, one in enumerate([*sample_records, record], 1):
        page = _Page(review_page([one], [number]))
        cards = {attributes["data-k"] for attributes in page.attributes if "data-k" in attributes}
        marked = {key for attributes in page.attributes for key in attributes.get("data-s", "").split()}
        assert {re.sub(r"[hc](\d+)$", r"t\1", key) for key in marked} <= cards
        assert cards <= marked, "a card without words in the text"
        ids = [attributes["id"] for attributes in page.attributes if "id" in attributes]
        assert len(ids) == len(set(ids))


def test_marks_stand_where_the_record_says(record):
    """Offsets of the record count in the file, those of the marks in the document's text."""
    words = {mark.key: record.text[mark.start:mark.end] for mark in marks_of(record, "d1")}
    assert [words[f"d1t{n}"] for n in (1, 2, 3)] == [task.text for task in record.tasks]
    assert words["d1u3.1"] == "市教委" and words["d1i2"] == "3个" and words["d1h1"].startswith("（一）")


def test_unread_stretches_are_found_behind_words_that_were_read(record):
    """The record holds only their words, and a task may have the same."""
    (place,) = unread_places(record)
    assert record.text[slice(*place)] == record.coverage.unread[0] and record.coverage.unread[0].startswith("有些话")
    twice = deepcopy(record)
    twice.text = twice.text[:-1] + record.tasks[0].text + "\n"
    twice.coverage.unread = [record.tasks[0].text]  # the same words again where nothing was read
    assert unread_places(twice) == [(len(record.text) - 1, len(twice.text) - 1)]


# --- the page ----------------------------------------------------------------------------------------

def test_a_script_in_a_plan_is_text(record):
    page = review_page([record])
    assert "<script>alert" not in page and page.count("<script>") == 1
    assert _Page(page).tags.count("script") == 1


def test_policy_names_the_style_and_script_that_are_there(record):
    """Were a hash wrong, the browser would show a bare page; were an attribute inline, it would be dropped."""
    page = review_page([record])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    for kind in ("style", "script"):
        inside = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.S)[1]
        assert base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "*" not in policy
    for attributes in _Page(page).attributes:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert not re.match(r"(https?:)?//", attributes.get("href", "") + attributes.get("src", ""))


def test_fields_are_those_of_corrections():
    """What the page writes, ingest must read."""
    script = read_script()
    assert set(CORRECTED_BY_ROW) <= set(METADATA)
    assert re.search(r"COLUMNS = \[(.*?)\]", script)[1].replace('"', "").split(", ") == list(COLUMNS)
    assert set(re.findall(r'"((?:unit|target)\.[a-z]+)"', script)) <= set(FIELDS)


def test_what_was_put_right_by_hand_is_marked(record):
    put_right = deepcopy(record)
    put_right.tasks[0].corrected.append("deadline")
    put_right.corrected.append("title")
    assert review_page([record]).count('class="hand"') == 0
    assert review_page([put_right]).count('class="hand"') == 2


def test_numbers_and_years_in_words():
    assert [number_of(n) for n in (500, 0.5, 1e9, 2.25)] == ["500", "0.5", "1000000000", "2.25"]
    assert number_of(35000000, ",") == "35,000,000"
    assert [span_of(years) for years in ([], [2025], [2024, 2025, 2026], [2021, 2023])] == ["", "2025", "2024–2026", "2021、2023"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_readable_on_their_grounds(scheme):
    """WCAG AA asks for 4.5 to 1."""
    style = (PARTS / "review.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.S)
    tones = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", blocks[["light", "dark"].index(scheme)]))
    grounds = ("panel", "ground", "task", "task-here", "goal", "duty", "clause", "lead-ground", "responsible-ground", "support-ground", "implement-ground", "target-ground", "warn-ground", "accent-ground")
    pairs = [("ink", ground) for ground in grounds] + [(role, f"{role}-ground") for role in ("lead", "responsible", "support", "implement", "target", "warn", "accent")]
    pairs += [("dim", ground) for ground in ("panel", "ground", "accent-ground")] + [("on-accent", "accent"), ("panel", "number"), ("danger", "panel"), ("hand", "panel"), ("hand", "accent-ground")]
    assert {pair: contrast for pair in pairs if (contrast := _contrast(tones[pair[0]], tones[pair[1]])) < 4.5} == {}


def _contrast(a: str, b: str) -> float:
    def luminance(tone: str) -> float:
        digits = tone[1:] if len(tone) == 7 else "".join(c * 2 for c in tone[1:])
        parts = [int(digits[k:k + 2], 16) / 255 for k in (0, 2, 4)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


# --- the command -------------------------------------------------------------------------------------

def test_review_writes_one_page_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("review", SAMPLES / "city-compilation.txt")
    assert (result.exit_code, result.stdout) == (0, "") and "wrote city-compilation.review.html: 3 documents, 16 tasks" in result.stderr
    assert len(_Page(Path("city-compilation.review.html").read_text(encoding="utf-8")).texts) == 3
    assert run("review", SAMPLES / "city-compilation.txt").exit_code == 0, "an older review page is written over"
    run("review", SAMPLES, "-o", "pages")
    assert sorted(path.name for path in Path("pages").iterdir()) == [f"{path.stem}.review.html" for path in sorted(SAMPLES.iterdir())]


def test_review_keeps_pages_of_one_name_apart(tmp_path, plan_file):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        shutil.copy(plan_file, tmp_path / folder / "plan.txt")
    run("review", tmp_path / "a", tmp_path / "b", "-o", tmp_path / "pages")
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["plan-2.review.html", "plan.review.html"]


def test_review_overwrites_nothing_else(tmp_path, plan_file):
    """-o with the plan's own name must not cost the plan."""
    mine = Path(shutil.copy(plan_file, tmp_path / "plan.txt"))
    assert "is no review page" in refused(run("review", mine, "-o", mine), 2)
    assert mine.read_text(encoding="utf-8") == PLAN
    assert "need a folder" in refused(run("review", mine, plan_file, "-o", mine), 2)


def test_review_of_a_missing_file(tmp_path, plan_file):
    """The others are still done."""
    result = run("review", plan_file, tmp_path / "none.txt", "-o", tmp_path / "pages")
    assert result.exit_code == 1 and "none.txt" in result.stderr and (tmp_path / "pages" / "试验.review.html").exists()


def test_write_page_makes_its_folder(tmp_path, record):
    write_page(tmp_path / "a" / "b.html", review_page([record]))
    assert (tmp_path / "a" / "b.html").stat().st_size > 50_000


def test_documents_keep_their_place_in_the_file(tmp_path, monkeypatch):
    """Where corpus.csv leaves the first document out, rows on the second must still say so."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLES / "city-compilation.txt", "city.txt")
    Path("corpus.csv").write_text("file,document,include\ncity.txt,1,no\n", encoding="utf-8")
    result = run("review", "city.txt")
    assert result.exit_code == 0, result.stderr
    page = Path("city.review.html").read_text(encoding="utf-8")
    assert re.findall(r'data-document="(.*?)"', page) == ["city.txt#2", "city.txt#3"]


# --- in a browser ------------------------------------------------------------------------------------

in_browser = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


class Reader:
    """A person at the page, and all that the browser complains of."""

    def __init__(self, browser, path: Path, **options) -> None:
        self.context = browser.new_context(**({"viewport": {"width": 1360, "height": 860}, "locale": "en-GB"} | options))
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.add_init_script("addEventListener('securitypolicyviolation', event => console.error('policy: ' + event.violatedDirective))")
        self.page.goto(path.as_uri())

    def select(self, words: str) -> None:
        """Drag the mouse over words of the text that is shown."""
        places = self.page.evaluate("""(words) => {
          const text = document.querySelector('.document:not([hidden]) .text'), at = text.textContent.indexOf(words);
          const place = (offset) => { const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT); let node;
            while ((node = walker.nextNode()) && node.length < offset) offset -= node.length;
            const range = document.createRange(); range.setStart(node, offset - 1); range.setEnd(node, offset);
            node.parentElement.scrollIntoView({block: 'center'}); return range; };
          const [a, b] = [place(at + 1), place(at + words.length)].map(range => range.getBoundingClientRect());
          return [a.left + 1, a.top + a.height / 2, b.right - 1, b.top + b.height / 2];
        }""", words)
        mouse = self.page.mouse
        mouse.move(*places[:2])
        mouse.down()
        mouse.move(*places[2:], steps=4)
        mouse.up()
        self.page.wait_for_selector(".picked:not([hidden])")

    def download(self) -> str:
        with self.page.expect_download() as waited:
            self.page.click('[data-act="download"]')
        assert waited.value.suggested_filename == "corrections.csv"
        return Path(waited.value.path()).read_bytes().decode()

    def rows(self) -> list[dict[str, str]]:
        text = self.download()
        assert text.startswith("\ufeff" + ",".join(COLUMNS) + "\r\n") and text.count("document,quote") == 1
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    def chip(self, name: str):
        return self.page.locator(f'.document:not([hidden]) .chip[data-name="{name}"]')

    def stop_clock(self) -> None:
        """What flashes for a moment stays: on a busy machine it would be over before it is looked at."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(1)

    def in_view(self, selector: str) -> bool:
        return self.page.locator(selector).first.evaluate("""element => { const box = element.getBoundingClientRect(),
          pane = element.closest('.text, .record').getBoundingClientRect(); return box.top >= pane.top - 1 && box.top < pane.bottom; }""")


@pytest.fixture
def read(browser, tmp_path):
    """Opens the review page of a file for a reader; in the end nothing may have been complained of or fetched."""
    readers = []

    def opened(path: Path, **options) -> Reader:
        page = tmp_path / f"{len(readers)}.review.html"
        run("review", path, "-o", page)
        readers.append(Reader(browser, page, **options))
        return readers[-1]

    yield opened
    for reader in readers:
        reader.context.close()
        assert reader.complaints == []
        assert [url for url in reader.requests if not url.startswith(("file:", "blob:", "data:"))] == []
        assert len([url for url in reader.requests if url.startswith("file:")]) == 1


class TestInBrowser:
    pytestmark = in_browser

    def test_opens_in_peace_with_the_text_as_it_is(self, read, plan_file, record):
        """No error, nothing against the policy, no request: `read` asks for that in the end."""
        reader = read(plan_file)
        assert reader.page.evaluate("document.querySelector('.text').textContent") == record.text
        assert reader.page.evaluate("document.querySelectorAll('.text script').length") == 0
        for document in (read(SAMPLES / "city-compilation.txt"), read(SAMPLES / "ministry-2025.txt")):
            assert document.page.locator(".document:not([hidden]) .card.task").count() >= 16

    def test_warnings_come_first_and_lead_to_their_words(self, read, plan_file, record):
        reader = read(plan_file, reduced_motion="reduce")
        assert reader.page.evaluate("document.querySelector('.record section').className") == "warnings"
        assert reader.page.locator(".warnings > .places li").count() == len(record.warnings) == 3
        reader.stop_clock()
        reader.page.locator(".warnings .go").nth(1).click()
        assert "翻一番" in "".join(reader.page.locator(".text .flash").all_text_contents()) and reader.in_view(".text .flash")

    def test_a_wrong_role_is_one_row(self, read, plan_file, record):
        reader = read(plan_file)
        reader.page.fill("#by", "王")
        reader.page.fill("#reason", '原文写"配合", 非牵头')
        reader.chip("市教委").click()
        reader.page.click('.editor [data-act="unit.role"][value="support"]')
        today = reader.page.evaluate("new Date().toLocaleDateString('sv')")
        assert reader.rows() == [{
            "document": "试验.txt", "quote": f"{record.tasks[2].id} {record.tasks[2].text[:40]}", "field": "unit.role", "value": "市教委=support",
            "reason": '原文写"配合", 非牵头', "by": "王", "date": today}]
        reader.page.click('.editor [data-act="unit.role"][value="lead"]')
        assert reader.rows() == [], "the role as it was read takes the row away"

    def test_selected_words_make_a_task(self, read, plan_file):
        reader = read(plan_file)
        words = "有些话没有读到，写在这里，没有条款"
        reader.select(words)
        reader.page.click('.picked [data-act="task.add"]')
        (row,) = reader.rows()
        assert (row["quote"], row["field"], row["value"]) == (words, "task", "add")
        assert not reader.page.locator(".picked").is_visible()

    def test_task_and_text_show_each_other(self, read):
        reader = read(SAMPLES / "city-compilation.txt", reduced_motion="reduce")
        page = reader.page
        reader.stop_clock()
        page.locator('.card[data-k="d2t12"] .text-of').click()
        assert reader.in_view('[data-s~="d2t12"]') and page.locator('.text [data-s~="d2t12"].flash.here').count() > 0
        page.locator('.text [data-s="d2t2"]').first.click()
        assert reader.in_view('.card[data-k="d2t2"]') and page.locator(".card.here").get_attribute("data-k") == "d2t2"

    def test_keys(self, read, plan_file):
        reader = read(plan_file)
        page = reader.page
        for key in "jjjk":
            page.keyboard.press(key)
        assert page.locator(".card.here").get_attribute("data-k") == "d1t2"
        reader.stop_clock()
        page.keyboard.press("w")
        assert page.locator('.text [data-s~="d1w1"].flash').count() > 0
        page.keyboard.press("/")
        page.keyboard.type("培训")
        assert page.locator(".card.task:visible").count() == 1
        page.keyboard.press("Escape")
        assert page.locator(".card.task:visible").count() == 3
        page.click(".help summary")
        page.uncheck("#keys")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        assert page.locator(".card.here").get_attribute("data-k") == "d1t2", "keys that are off do nothing"

    def test_a_toggle_takes_a_kind_of_mark_away(self, read, plan_file):
        page = read(plan_file).page
        ground = "element => getComputedStyle(element).backgroundColor"
        target = page.locator(".text .indicator.task").first
        before = target.evaluate(ground)
        page.click('[data-toggle="indicator"]')
        assert target.evaluate(ground) == page.locator('.text [data-s="d1t1"]').first.evaluate(ground) != before
        page.click('[data-toggle="indicator"]')
        assert target.evaluate(ground) == before

    def test_a_phone_scrolls_one_way(self, read):
        """At 390 pixels nothing may be wider than the screen, with everything open too."""
        page = read(SAMPLES / "city-compilation.txt", viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce").page
        wide = "[document.documentElement, ...document.querySelectorAll('.text, .record, #tray-rows')].filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.className)"
        assert page.evaluate("innerWidth") == 390 and page.evaluate(wide) == []
        for opener in ('.card[data-k="d2t1"] [data-open="task"]', '.chip[data-k="d2u2.1"]', '.chip[data-k="d2i7"]', '#d2 [data-fact="level"] [data-open]'):
            page.click(opener)
            assert page.evaluate(wide) == [], opener
        page.locator("#d2 .editor select").select_option("county")
        page.click("#d2 .editor button:not([type])")
        page.click('[data-act="tray"]')
        assert page.locator("#tray-rows tbody tr").count() == 1 and page.evaluate(wide) == []

    def test_every_word_is_in_chinese_too(self, read, plan_file):
        """The default follows the browser's language."""
        for path in (plan_file, SAMPLES / "city-compilation.txt", SAMPLES / "ministry-2022.txt"):
            page = read(path, locale="zh-CN").page
            assert page.evaluate("document.documentElement.lang") == "zh-CN"
            left = page.evaluate("""[document, ...[...document.querySelectorAll('template')].map(one => one.content)].flatMap(root => [...root.querySelectorAll('[data-t], [data-message], [data-ta]')])
              .flatMap(one => [one.dataset.ta ? one.getAttribute(one.dataset.ta) : '', 't' in one.dataset || 'message' in one.dataset ? one.textContent : '']).filter(words => /[A-Za-z]{2}/.test(words.replace('corrections.csv', '')))""")
            assert [words for words in left if f'"{words}": "' not in read_script()] == []
        page.click('[data-language="en"]')
        assert page.locator("#tray-title").inner_text().startswith("0 corrections")

    def test_every_row_is_understood_when_the_plan_is_read_again(self, read, tmp_path, monkeypatch):
        """The whole way: look, correct, download, put beside the plan, read again."""
        plan = tmp_path / "plans" / "plan.txt"
        plan.parent.mkdir()
        plan.write_text(PLAN, encoding="utf-8")
        reader = read(plan)
        page = reader.page

        def put_right(field: str, value: str) -> None:
            page.click(f'[data-fact="{field}"] [data-open]')
            page.locator(".editor [name=value]").fill(value) if field != "level" else page.locator(".editor select").select_option(value)
            page.click(".editor button:not([type])")

        for field, value in {"issuer": "临澜市海洋与渔业局", "years": "2025-2026", "level": "county", "signed_on": "2025-03-01"}.items():
            put_right(field, value)
        page.click('.card[data-k="d1t1"] [data-open="task"]')
        page.fill(".editor [name=deadline]", "2025-11")
        page.locator(".editor [name=part]").select_option("safeguard")
        page.click('.editor [data-form="task"] button')
        page.fill(".editor [name=name]", "市商务局")
        page.locator('.editor [data-form="unit.add"] [name=role]').select_option("lead")
        page.click('.editor [data-form="unit.add"] button')
        reader.select("建成3个平台，产值翻一番")
        page.click('.editor [data-act="text"]')
        reader.chip("市建委").click()
        page.fill(".editor [name=name]", "市建设委员会")
        page.click('.editor [data-form="unit.name"] button')
        reader.chip("市财政局").last.click()
        page.click('.editor [data-act="unit.remove"]')
        page.click('.chip[data-k="d1i3"]')
        page.fill(".editor [name=value]", "150")
        page.locator(".editor [name=comparator]").select_option(">")
        page.fill(".editor [name=object]", "渔船泊位")
        page.click('.editor [data-form="target"] button')
        page.click('.chip[data-k="d1i4"]')
        page.click('.editor [data-act="target.remove"]')
        reader.select("有些话没有读到，写在这里")
        page.click('.picked [data-act="task.add"]')
        rows = reader.rows()
        assert len(rows) == 15

        (plan.parent / "corrections.csv").write_text(reader.download(), encoding="utf-8", newline="")
        monkeypatch.chdir(plan.parent)
        result = run("extract", "plan.txt")
        assert "not applied" not in result.stderr and result.exit_code == 0, result.stderr
        again = DocumentRecord.from_json(result.stdout)
        assert (again.issuer, again.years, again.level, again.signed_on) == ("临澜市海洋与渔业局", [2025, 2026], "county", "2025-03-01")
        first, second, third, added = again.tasks
        assert (first.text, first.deadline, first.part) == ("建成3个平台，产值翻一番", "2025-11", "safeguard")
        assert ("市商务局", "lead", "hand") in [(unit.name, unit.role, unit.role_basis) for unit in first.units]
        assert [unit.name for unit in second.units] == ["市建设委员会"] and "市财政局" not in [unit.name for unit in third.units]
        assert [(i.value, i.comparator, i.object) for i in again.indicators if i.quote == "120个以上"] == [(150, ">", "渔船泊位")]
        assert not [i for i in again.indicators if "80%" in i.quote] and added.text == "有些话没有读到，写在这里"

    def test_rows_last_and_can_be_taken_back(self, read, plan_file):
        """An hour's work must outlive a reload."""
        reader = read(plan_file)
        page = reader.page
        page.click('.card[data-k="d1t2"] [data-open="task"]')
        page.click('.editor [data-act="task.remove"]')
        assert page.locator("#tray-title").inner_text().startswith("1 correction")
        reader.requests.clear()
        page.reload()
        assert page.locator("#tray-title").inner_text().startswith("1 correction")
        page.click('[data-act="tray"]')
        assert "Task 2" in page.locator("#tray-rows tbody").inner_text()
        page.fill("#tray-rows tbody input", "重复")
        assert reader.rows()[0]["reason"] == "重复"
        page.click('[data-act="row.delete"]')
        assert reader.rows() == []

    def test_copied_rows_have_no_header(self, read, plan_file):
        reader = read(plan_file, permissions=["clipboard-read", "clipboard-write"])
        reader.chip("市建委").click()
        reader.page.click('.editor [data-act="unit.remove"]')
        reader.page.click('[data-act="copy"]')
        reader.page.wait_for_function("document.querySelector('.said').textContent === 'rows copied'")
        (row,) = csv.reader(io.StringIO(reader.page.evaluate("navigator.clipboard.readText()"), newline=""))
        assert row[2:4] == ["unit.remove", "市建委"]
