"""What a page says about its article, as front matter: <meta> names of Chinese government pages and the table of
索引号, 发文机关, 成文日期 above the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from graph.ids import squeeze
from ingest.readers.web_lines import is_seen

# <meta name=…>, as the standard for government pages has them, and the key that each becomes
_META = {
    "articletitle": "标题",
    "pubdate": "发布日期",
    "contentsource": "来源",
    "sitename": "网站",
    "columnname": "栏目",
    "url": "网址",
    "keywords": "关键词",
}
_LABELS = {
    "标题": ("标题", "名称", "信息名称", "文件名称"),
    "发文字号": ("发文字号", "文号", "发布文号", "发文文号", "文件编号"),
    "发文机关": ("发文机关", "发布机构", "发布单位", "发文单位", "制发机关", "发布机关"),
    "成文日期": ("成文日期", "发文日期", "印发日期"),
    "发布日期": ("发布日期", "发布时间", "公开日期", "公开时间"),
    "索引号": ("索引号", "索取号"),
    "主题分类": ("主题分类",),
    "有效性": ("有效性", "效力状态"),
}
_KEY = {label: key for key, labels in _LABELS.items() for label in labels}
_SPACED = "|".join(r"\s*".join(label) for label in sorted(_KEY, key=len, reverse=True))  # 索  引  号
_LABEL = re.compile(rf"【?({_SPACED})\s*[:：】]\s*")
_ORDER = (  # of the rows
    "标题", "发文字号", "发文机关", "成文日期", "发布日期", "索引号", "主题分类", "有效性", "来源", "网站", "栏目", "关键词", "网址")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
_SITE = re.compile(r"\s*(?:[_|]|\s[-—–]+\s|[-—–]{1,2}(?=[^-—–]*(?:网|门户|政府|平台)[^-—–]*$)).*$")  # behind a page's title
_VALUE_LIMIT = 120
_NEAR = 12  # lines within which the article gives its own title


def front_matter(tree: Any, body: Any, lines: list[str]) -> tuple[str, list[str]]:
    """Front matter, empty where the page says nothing, and the title as a line where the article's own lines lack it."""
    said = _labelled(tree, body)
    for key, value in _named(tree).items():
        said.setdefault(key, value)
    title = said.get("标题") or _heading(tree)
    if title:
        said["标题"] = title
    rows = "".join(f"{key}: {said[key]}\n" for key in _ORDER if said.get(key))
    is_lacking = bool(title) and squeeze(title) not in squeeze("".join(lines[:_NEAR]))
    return f"---\n{rows}---\n\n" if rows else "", [title] if is_lacking else []


def _named(tree: Any) -> dict[str, str]:
    """What <meta> says, and the address, of which the one that the browser saved is the surest."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        key = _META.get((element.get("name") or "").strip().lower())
        if key and (value := _one_line(element.get("content") or "")):
            found.setdefault(key, value)
    saved = [match[1] for comment in tree.getroottree().xpath("//comment()") if (match := _SAVED_FROM.search(comment.text or ""))]
    canonical = [link.get("href") or "" for link in tree.iter("link") if link.get("rel") == "canonical"]
    addresses = [address for address in (*saved, *canonical, found.pop("网址", "")) if re.match(r"https?://", address)]
    return {**found, "网址": addresses[0]} if addresses else found


def _labelled(tree: Any, body: Any) -> dict[str, str]:
    """Labels and values outside the article: 发布日期：2025-02-24 in one piece of text, or the value in the next."""
    found: dict[str, str] = {}
    texts = list(_texts_outside(tree, body))
    for (words, in_cell), (following, _) in zip(texts, [*texts[1:], ("", False)], strict=False):
        matches = list(_LABEL.finditer(words))
        if not matches and in_cell and "".join(words.split()) in _KEY and not _LABEL.search(following):
            found.setdefault(_KEY["".join(words.split())], following[:_VALUE_LIMIT])
        for match, behind in zip(matches, [*matches[1:], None], strict=False):
            value = words[match.end():behind.start() if behind else len(words)]
            value = re.split(r"\s{2,}|\s(?=[^\s:：]{2,6}[:：])", value.strip())[0]
            if not value and not behind and not _LABEL.search(following):
                value = following
            if value and len(value) <= _VALUE_LIMIT:
                found.setdefault(_KEY["".join(match[1].split())], value)
    return found


def _texts_outside(tree: Any, body: Any) -> Iterator[tuple[str, bool]]:
    """Each piece of visible text that is not in the article, and whether it stands in a table's cell or a term of a list."""
    for text in tree.xpath("./body//text()[normalize-space()]"):
        parent = text.getparent()
        above = [*([parent] if text.is_text else []), *parent.iterancestors()]
        if body not in above and all(is_seen(element) for element in above if element.tag not in ("html", "body")):
            yield re.sub(r"[\u3000\xa0]", " ", text).strip(), any(element.tag in ("td", "th", "dt") for element in above)


def _heading(tree: Any) -> str:
    """The page's heading, where its <title> has the same words; else the <title> without the site's name."""
    title = _one_line(tree.findtext("head/title") or "")
    for heading in tree.iter("h1", "h2", "h3", "ucaptitle"):
        words = _one_line("".join(heading.itertext()))
        if is_seen(heading) and len(words) >= 6 and squeeze(words) in squeeze(title):
            return words
    title = _SITE.sub("", title)
    return title if len(title) >= 6 else ""


def _one_line(words: str) -> str:
    return " ".join(words.replace("\u3000", " ").split()).strip("\"'")
