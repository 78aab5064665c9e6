"""What stands around a document: front matter, title, covering notice, addressees, signature, attachments, web chrome."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graph.ids import squeeze
from ingest.layout import BLANK, Paragraph, iter_lines
from ingest.numbering import NUMBER
from ingest.numerals import iso_date
from ingest.titles import COVERING, DRAFT, FORWARDING, ISSUER_IN_TITLE, SAMPLE_TAIL, is_title_end

FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<rows>(?:.*\r?\n)*?)---[ \t]*(?:\r?\n|$)")
FRONT_KEYS = {
    "title": ("标题", "title", "名称"),
    "doc_number": ("文号", "发文字号", "发布文号", "发文文号", "文件编号", "doc_number", "number"),
    "issuer": ("发布单位", "发布机构", "发文机关", "发文单位", "制发机关", "issuer"),
    "published_on": ("发布日期", "发布时间", "公开日期", "published", "published_on", "date"),
    "signed_on": ("成文日期", "发文日期", "印发日期", "signed_on"),
    "url": ("网址", "链接", "原文链接", "来源链接", "url", "source_url"),
    "retrieved_on": ("下载日期", "抓取日期", "抓取时间", "retrieved_on", "retrieved"),
}
_KEY = {name: key for key, names in FRONT_KEYS.items() for name in names}
_NAMES = "|".join("[ \u3000]{0,4}".join(name) if name.isascii() is False else name for name in sorted(_KEY, key=len, reverse=True))  # 文　号 is 文号
_KEY_LINE = re.compile(rf"^【?(?P<name>{_NAMES})\s*[:：】]\s*(?P<value>\S.*)?$", re.I)
_NEXT_KEY = re.compile(rf"(?<=\S)[ \u3000\t]+(?=(?:{_NAMES})[ \u3000]*[:：])", re.I)
_ANY_KEY = re.compile(rf"(?:{_NAMES})(?=[ \u3000]*[:：])", re.I)
_BEFORE_SLASH = re.compile(r"^[\u4e00-\u9fff]{2,4}/(?=文号)")  # 备注/文号：
_BRACKETED_KEY = re.compile(r"[\[【][ \u3000]*(?P<name>[\u4e00-\u9fff ]{2,10}?)[ \u3000]*[\]】][ \u3000\t]*(?P<value>[^\[\]【】]*)")
DOC_NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,14}\s*[〔﹝\[【（(]\s*(?:19|20)\d\d\s*[〕﹞\]】）)]\s*(?:第\s*)?\d{1,4}\s*号")
_DATE_LINE = re.compile(r"^[（(]?\s*(?:(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|[二一][〇零○ＯO一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)\s*(?:印发|发布)?[）)]?$")
# Lines of a web page around the text; the first words say which.
_CHROME = re.compile(
    r"^(?:[^。；]{2,30}[ \u3000]?(?:>|＞|»|›|&gt;)[^。；]{1,60}$|.{0,50}(?:ICP备|网站标识码|公网安备)|[【\[（(]?(?:返回顶部|关闭窗口|打印本页|打印此页|关闭本页|我要纠错)|[\[【][ \u3000]*[\u4e00-\u9fff ]{2,10}[ \u3000]*[\]】][ \u3000\t]|索取号|索\s*引\s*号|载体类型|发布机构|文件编号|记录形式|公开类别|公开属性|公开方式|关\s*键\s*词|内容描述|主题分类|主题词|信息来源|来源\s*[:：]|浏览次数|阅读次数|访问量|"
    r"点击数|字体|字号|【?字体|分享到?|打印|收藏|关闭|返回顶部|上一篇|下一篇|相关(?:链接|附件|文章|解读)|扫一扫|当前位置|首页|网站地图|版权所有|ICP|您所在|附件下载|"
    r"有效性|效力状态|体裁分类|服务对象|发文日期|发布日期|发布时间|成文日期|生效日期|责任编辑|编辑\s*[:：]|审核\s*[:：]|主动公开$|依申请公开$|!\[|\[?下载|https?://|www\.)")
_SET_ASIDE = re.compile(r"^(?:联系(?:人|电话|处室|科室|单位|方式|邮箱)[:：]|特此(?:通知|函告|公告)|此件(?:公开|主动公开|依申请)|[（(]此件|[（(]联系人|[（(]联系电话|抄送|抄报|主送|印送|[\u4e00-\u9fff（）()]{4,40}[ \u3000\t]+(?:19|20)\d\d年\d{1,2}月\d{1,2}日[ \u3000]*印发$|附件\s*[:：\d（(]|附件$|#+\s*附件|附\s*[:：]|附表$|-\s*\[.*\]\(|\[.*\]\(http)")
_ATTACHED = re.compile(r"^(?:#+\s*)?附件?(?:\s*[:：]|（|\()")
_ORGANISATION = re.compile(
    r"^[\u4e00-\u9fffxXａ-ｚ×·（）()]{2,40}(?:委员会|办公室|办公厅|人民政府|政府|局|厅|部|委|办|院|会|署|中心|社|公司|集团|(?<!公)司|处|室|组|大学|学院|党组|银行|指挥部|林场|农场|医院|馆|所|支队|总队|党校)$")
_ADDRESSED = re.compile(r"各|单位|政府|部门|委、办、局|学校|公司")


@dataclass(slots=True)
class Header:
    """What stands before the body; `end` is where the body begins."""

    title: str
    end: int
    front: dict[str, str] = field(default_factory=dict)
    doc_number: str | None = None
    issuer: str | None = None  # from the title or the red head
    issuers: list[str] = field(default_factory=list)  # from the covering notice's signature
    signed_on: str | None = None
    published_on: str | None = None
    addressees: list[str] = field(default_factory=list)
    notice: tuple[int, int] | None = None  # the covering notice's own words
    forwarded_by: str | None = None  # who passes another body's plan on (转发)
    draft: bool = False  # the title, the covering notice's title or a line under it says 征求意见稿


@dataclass(slots=True)
class Footer:
    """What stands behind or between the body's paragraphs and is not of it."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    issuers: list[str] = field(default_factory=list)
    signed_on: str | None = None


def read_header(text: str, start: int, end: int, title_at: int | None) -> Header:
    """Front matter, title and what follows it up to the body's first words."""
    header = Header("", start)
    if match := FRONT_MATTER.match(text, start):
        header.end = match.end()
        for row in match["rows"].splitlines():
            name, _, value = row.partition(":")
            if key := _KEY.get(name.strip().lower()):
                header.front.setdefault(key, value.strip().strip("'\""))
    lines = list(iter_lines(text, max(title_at or 0, header.end), end))
    if not lines:
        header.title = header.front.get("title", "")
        header.end = end
        return header
    first, last = _find_title(text, lines, marked=title_at is not None)
    header.title = _joined(text, lines[first:last])
    header.end = lines[last - 1].end
    if "title" in header.front and not is_title_end(header.title):
        header.title, last = header.front["title"], first
        header.end = lines[first].start
    above = [_words(text, line) for line in lines[:first]]
    last = _skip_repeats(text, lines, header.title, last)
    header.end = max(header.end, lines[last - 1].end) if last else header.end
    rest = lines[last:]
    header.draft = bool(DRAFT.search(header.title))
    covered = COVERING.search(header.title)
    if covered and (found := _find_covered(text, rest, covered["quoted"] or covered["plain"] or covered["asked"])):
        begin, behind = found
        _read_notice(text, header, rest[:begin])
        _read_issuer(header)
        if header.forwarded_by:  # number, signature and date of the notice are the forwarding body's
            header.forwarded_by = next((name for name in header.issuers if name.endswith(header.forwarded_by)), header.forwarded_by)
            header.issuers, header.signed_on, header.doc_number = [], None, None
        header.title = _joined(text, rest[begin:behind])
        header.draft = header.draft or bool(DRAFT.search(header.title))
        header.end = rest[behind - 1].end
        rest = rest[behind:]
        if repeated := _skip_repeats(text, rest, header.title, 0):
            header.end, rest = rest[repeated - 1].end, rest[repeated:]
    else:
        _read_issuer(header)
    _read_below_title(text, header, rest)
    for words in above:  # a red head: 上海市教育委员会文件
        if words.endswith("文件") and _ORGANISATION.match(words[:-2]):
            header.issuer = header.issuer or words[:-2]
        _read_line(header, words)
    return header


def _read_issuer(header: Header) -> None:
    """The body that the title names; of 黄浦区教育局转发市教委关于…的通知 the one whose plan it is."""
    title = header.title
    if forwarding := FORWARDING.match(title):
        header.forwarded_by, title = forwarding["by"], forwarding["rest"]
    if issuer := ISSUER_IN_TITLE.match(title):
        header.issuer = issuer["issuer"]


def _words(text: str, line: Paragraph) -> str:
    return text[line.start:line.end].strip("#*_> " + BLANK)


def _joined(text: str, lines: list[Paragraph]) -> str:
    words = "".join(_words(text, line) for line in lines)
    # 《…》 around all of it goes, 《江西省…规划》重点任务分工方案 keeps its own
    return words[1:-1] if words.startswith("《") and words.find("》") == len(words) - 1 else words


def _is_aside(words: str) -> bool:
    words = re.split(r"[ \u3000\t]{2,}", words)[0]
    return bool(_CHROME.match(words) or _SET_ASIDE.match(words) or _DATE_LINE.match(words) or DOC_NUMBER.fullmatch(words) or re.match(r"附件\s*\d*\s*[:：]?$", words)
                or _KEY_LINE.match(words) or words.endswith("文件") and _ORGANISATION.match(words[:-2]))


def _find_title(text: str, lines: list[Paragraph], marked: bool) -> tuple[int, int]:
    """First and behind the last line of the title. It may run over up to four short lines."""
    if marked:
        return 0, 1
    fallback = None
    for i, line in enumerate(lines[:25]):
        words = _words(text, line)
        if text[line.start] == ">" or _is_aside(words):
            continue
        if text[line.start] == "#" and not NUMBER.match(words):
            return i, i + 1
        if NUMBER.match(words) and not is_title_end(words):
            break
        for j in range(i + 1, min(i + 5, len(lines) + 1)):
            joined = _joined(text, lines[i:j])
            if len(joined) > 90 or re.search(r"[。；：:！？]", joined) or any(_is_aside(_words(text, p)) for p in lines[i + 1:j]):
                break
            if is_title_end(joined) and joined.count("《") == joined.count("》"):
                return i, j
        if fallback is None and len(words) <= 80:
            fallback = i
        if len(words) > 80 or words.endswith(("。", "；")):
            break
    return (fallback, fallback + 1) if fallback is not None else (0, 1)


_TITLE_LIMIT = 400  # characters that a title takes up, its line breaks and indents included


def _skip_repeats(text: str, lines: list[Paragraph], title: str, begin: int) -> int:
    """Behind the lines that give the title again, whole or broken over several."""
    for end in range(min(len(lines), begin + 4), begin, -1):
        if lines[end - 1].end - lines[begin].start > _TITLE_LIMIT:
            continue
        again = SAMPLE_TAIL.sub("", squeeze(_joined(text, lines[begin:end])))
        if again and again == SAMPLE_TAIL.sub("", squeeze(title)):
            return end
    return begin


def _find_covered(text: str, lines: list[Paragraph], title: str) -> tuple[int, int] | None:
    """The lines that are the covered document's own title, perhaps with a body's name before it."""
    wanted = _plain_title(title)
    prefixed = None
    for i in range(len(lines)):
        for j in range(i + 1, min(i + 4, len(lines) + 1)):
            found = _plain_title(_joined(text, lines[i:j]))
            if any(_is_aside(_words(text, line)) for line in lines[i:j]) or NUMBER.match(_words(text, lines[i])):
                break
            if found == wanted:
                return i, j
            if prefixed is None and found.endswith(wanted) and len(found) <= len(wanted) + 15 and "印发" not in found:
                prefixed = i, j
            if len(found) > len(wanted) + 15:
                break
    return prefixed


def _plain_title(words: str) -> str:
    """Without white space and title marks: 〈…〉 stands for 《…》 inside 《…》."""
    return re.sub("[《》〈〉<>]", "", squeeze(words))


def _read_line(header: Header, line: str) -> None:
    """Keys, numbers and dates of a header line; several may stand in it, wide spaces apart."""
    if line.startswith(("[", "【")):  # [ 成文日期 ]	2023-04-17	[ 发布日期 ]	2023-04-28
        line = "　　".join(f"{m['name']}：{m['value'].strip(BLANK)}" for m in _BRACKETED_KEY.finditer(line)) or line
    line = _ANY_KEY.sub(lambda match: "".join(match[0].split()), line)  # 文    号：
    for part in _NEXT_KEY.split(line):
        for words in re.split(r"[ \u3000\t]{2,}|[ \u3000]*[|｜][ \u3000]*", part):
            _read_field(header, _BEFORE_SLASH.sub("", words))


def _read_field(header: Header, words: str) -> None:
    if match := _KEY_LINE.match(words):
        key, value = _KEY["".join(match["name"].lower().split())], (match["value"] or "").strip()
        if value and key in ("published_on", "signed_on") and not getattr(header, key):
            setattr(header, key, iso_date(value))
        elif value and key == "doc_number" and DOC_NUMBER.fullmatch(value):
            header.doc_number = header.doc_number or "".join(value.split())
        elif value and key == "issuer" and "issuer" not in header.front:
            header.front["issuer"] = value
    elif DOC_NUMBER.fullmatch(words):
        header.doc_number = header.doc_number or "".join(words.split())


def _read_notice(text: str, header: Header, lines: list[Paragraph]) -> None:
    """Addressees, signature, number and date of a covering notice."""
    if not lines:
        return
    header.notice = (lines[0].start, lines[-1].end)
    for i, line in enumerate(lines):
        words = _words(text, line)
        _read_line(header, words)
        if not header.addressees and _is_addressed(words):
            header.addressees = split_addressees(words)
        if _DATE_LINE.match(words):
            header.signed_on = iso_date(words)
            header.issuers = _signers(text, lines[:i]) or header.issuers
    if not header.issuers:
        header.issuers = _signers(text, [line for line in lines if not _SET_ASIDE.match(_words(text, line))])


def _read_below_title(text: str, header: Header, lines: list[Paragraph]) -> None:
    """Number, dates, chrome and addressees between a title and its body."""
    behind = 0
    limit = next((i for i, line in enumerate(lines) if NUMBER.match(text, line.start, line.end) and len(line.of(text)) > 3), len(lines))
    for i, line in enumerate(lines[:min(limit, 45)]):
        words = _words(text, line)
        if len(words) > 60 and words[-1] in "。；":
            break  # the body has begun: chrome further down is the page's foot
        _read_line(header, words)
        if _is_addressed(words):
            header.addressees = header.addressees or split_addressees(words)
            behind = i + 1
            break
        if (_DATE_LINE.match(words) and i < 4 and i == behind) or (_is_aside(words) and not _DATE_LINE.match(words)) or text[line.start] == ">":
            behind = i + 1
            if _DATE_LINE.match(words):
                header.signed_on = header.signed_on or iso_date(words)
        elif squeeze(words) == squeeze(header.title):
            behind = i + 1
    if behind:
        header.end = lines[behind - 1].end


def _is_addressed(words: str) -> bool:
    return words.endswith(("：", ":")) and len(words) >= 5 and bool(_ADDRESSED.search(words)) and not re.search(r"[。；]|如下|通知", words) and not NUMBER.match(words)


def split_addressees(words: str) -> list[str]:
    """主送: 各区人民政府，市政府各委、办、局： gives two."""
    return [part.strip(BLANK) for part in re.split(r"[，,；;]", words.rstrip("：:")) if part.strip(BLANK)]


def _signers(text: str, lines: list[Paragraph]) -> list[str]:
    """The bodies on the lines just above the date."""
    found: list[str] = []
    for line in reversed(lines[-15:]):
        words = _words(text, line)
        parts = split_bodies(words)
        if re.search(r"[。，：；、]", words) or not all(_ORGANISATION.match(part) for part in parts):
            break
        found = parts + found
    return found


def split_bodies(words: str) -> list[str]:
    """黄浦区教育局黄浦区文化和旅游局 and `市教育局　市财政局` are two bodies each."""
    # 安　徽　省　财　政　厅 is letter-spaced: single characters in a row are one name
    words = re.sub(r"(?<![^ \u3000\t])(?:[\u4e00-\u9fff][ \u3000\t]+){2,}[\u4e00-\u9fff](?![^ \u3000\t])", lambda m: "".join(m[0].split()), words.strip())
    parts = re.split(r"[ \u3000\t]+", words)
    if len(parts) > 1 and all(len(part) <= 2 for part in parts):
        parts = ["".join(parts)]
    found = []
    for part in parts:
        place = re.match(r"[\u4e00-\u9fff]{2,8}?[省市区县州盟旗]", part)
        found += re.split(rf"(?<=[会局委厅部室院办府处])(?={place[0]})", part) if place else [part]
    return [part for part in found if part]


def read_footer(text: str, paragraphs: list[Paragraph]) -> Footer:
    """Signature, attachments and page chrome among a body's paragraphs."""
    footer = Footer()
    aside = set()
    for i, paragraph in enumerate(paragraphs):
        words = _words(text, paragraph)
        if _CHROME.match(words) and len(words) <= 80:
            aside.add(i)
        elif _DATE_LINE.match(words):
            aside.add(i)
            footer.signed_on = iso_date(words)
            signers = _signers(text, paragraphs[:i])
            footer.issuers = signers or footer.issuers
            aside.update(_lines_of(text, paragraphs[:i], signers))
        elif _SET_ASIDE.match(words) and len(words) <= 400:
            aside.add(i)
            if _ATTACHED.match(words):
                for j in range(i + 1, len(paragraphs)):
                    item = _words(text, paragraphs[j])
                    if not re.match(r"^(?:\d{1,2}[.．、]|-\s*\[)", item) or len(item) > 60 or re.search("[。；]", item):
                        break
                    aside.add(j)
    if not footer.issuers and paragraphs and (signers := _signers(text, paragraphs)) and len(paragraphs) > len(signers):
        footer.issuers = signers
        aside.update(_lines_of(text, paragraphs, signers))
    footer.spans = [(paragraphs[i].start, paragraphs[i].end) for i in sorted(aside)]
    return footer


def _lines_of(text: str, paragraphs: list[Paragraph], signers: list[str]) -> list[int]:
    """Which of the last paragraphs hold the signers."""
    left, found = len(signers), []
    for i in range(len(paragraphs) - 1, -1, -1):
        if left <= 0:
            break
        left -= len(split_bodies(_words(text, paragraphs[i])))
        found.append(i)
    return found
