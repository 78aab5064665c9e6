"""Which element of a page holds its article.

trafilatura finds the main text of any page, but drops what it takes for noise (short lines, headings, tables, text
that only <br> parts), in Chinese pages more than in others. So it says where the article is, and the article is then
read whole: the container that Chinese government pages name, if it holds most of what trafilatura found, else the
smallest element that does.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import trafilatura

from graph.ids import squeeze
from ingest.readers.web_lines import is_seen

# Containers of the article, as the content systems of Chinese governments name them, the surest first.
_CONTAINERS = tuple(re.compile(rf"(?i)(?:^|\s)(?:{names})(?:$|\s)") for names in (
    r"ucap-?content|trs_(?:editor|ueditor|uedit)(?:[\w-]*)|zoom|zoomcon|view\s+trs_\w+|news_?con(?:tent)?|artcon|vsbcontent\w*|ei_p_content",
    r"pages_content|article-?con(?:tent)?|article_con(?:tent)?|content_article|con_article|xxgk_content|info_?content|detail-?content|main-?txt|"
    r"txt_con|text_con|wp_articlecontent|arti_content|entry-content|rich_media_content|j-fontcontent|fontzoom|fontsize_?con\w*|printcontent|"
    r"print-?content|zw_?con\w*|zhengwen|neirong",
    r"article|content|main-?content|con|detail|text|contentbox|conbox|body-?content|view",
))
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs each page that it finds nothing in
_ENOUGH = 120  # characters; a container with fewer is a teaser or an empty frame


def find_body(tree: Any, page: str) -> tuple[Any, bool]:
    """The element that holds the article, and whether it is known to hold nothing else."""
    sizes = _sizes(tree)
    found = _found_paragraphs(tree, page)
    for names in _CONTAINERS:
        named = [element for element in tree.iter("div", "td", "article", "section", "main", "ucapcontent", "form")
                 if element in sizes and names.search(f"{element.get('id', '')} {element.get('class', '')}")]
        if named:
            best = _innermost(max(named, key=lambda element: sizes[element][0]), named, sizes)
            length, linked = sizes[best]
            if length >= _ENOUGH and linked <= length / 2 and _share(found, best) >= 0.5:
                return best, names is not _CONTAINERS[-1]
    body = tree.find("body")
    return _smallest(body if body is not None else tree, found, sizes), False


def _sizes(tree: Any) -> dict[Any, tuple[int, int]]:
    """Of each visible element: characters without white space, and how many of them are links; one pass over the page."""
    sizes: dict[Any, tuple[int, int]] = {}
    for element in reversed([element for element in tree.iter() if isinstance(element.tag, str)]):
        if not is_seen(element):
            continue
        words, linked = _length(element.text), 0
        for child in element:
            inner = sizes.get(child, (0, 0))
            words += inner[0] + _length(child.tail)
            linked += inner[1]
        sizes[element] = (words, words if element.tag == "a" else linked)
    return sizes


def _length(words: str | None) -> int:
    return len("".join(words.split())) if words else 0


def _found_paragraphs(tree: Any, page: str) -> list[str]:
    """The paragraphs that trafilatura takes for the article, without white space; not the links to other pages."""
    try:
        text = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False) or ""
    except (ValueError, TypeError, AttributeError, AssertionError, RecursionError) as error:  # on what is hardly HTML
        logging.getLogger(__name__).debug("trafilatura: %s", error)
        text = ""
    links = {squeeze("".join(link.itertext())) for link in tree.iter("a")}
    paragraphs = [squeeze(re.sub(r"^[-•]\s*|\|", "", line)) for line in text.split("\n")]
    undated = ((words, re.sub(r"[\d\-/.:\[\]()年月日]+$", "", words)) for words in paragraphs)  # lists of news give a date behind each link
    return [words for words, linked in undated if len(words) >= 8 and words not in links and linked not in links]


def _innermost(best: Any, named: list[Any], sizes: dict[Any, tuple[int, int]]) -> Any:
    """A named container within another that holds nearly all of it: the outer one adds tools and links."""
    inner = [element for element in named if best in element.iterancestors() and sizes[element][0] >= 0.9 * sizes[best][0]]
    return min(inner, key=lambda element: sizes[element][0], default=best)


def _share(found: list[str], element: Any) -> float:
    """How much of the paragraphs found stands in the element; all of it where nothing was found."""
    words = squeeze("".join(element.itertext()))
    total = sum(map(len, found))
    return sum(len(paragraph) for paragraph in found if paragraph in words) / total if total else 1.0


def _smallest(element: Any, found: list[str], sizes: dict[Any, tuple[int, int]]) -> Any:
    """Down from the page to the smallest element that still holds nearly all that was found; where nothing was, that
    still holds most of the page's unlinked words."""
    def holds_it(child: Any) -> bool:
        if child.tag in ("p", "ol", "ul", "pre", "a") or sizes[child][0] < 0.5 * len("".join(found)):
            return False
        if sizes[child][0] == sizes[element][0]:  # a wrapper
            return True
        return _share(found, child) >= 0.95 if found else _unlinked(sizes[child]) >= 0.7 * _unlinked(sizes[element])

    while (inner := next((child for child in element if child in sizes and holds_it(child)), None)) is not None:
        element = inner
    while element.tag in ("table", "thead", "tbody", "tr"):  # a table of data is read as a table
        element = element.getparent()
    return element


def _unlinked(size: tuple[int, int]) -> int:
    return size[0] - size[1]
