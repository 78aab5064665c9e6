"""What stands on a page beside its text: page numbers, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median

from ingest.readers.pdf_lines import Line

_NUMBER = re.compile(
    r"[-—–－·•~\s]*(?:第?\s*\d{1,4}\s*页?|[ivxlc]{1,7})[-—–－·•~\s]*(?:[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·•~\s]*|Page \d+(?: of \d+)?", re.I)
_BARE = re.compile(r"\d{1,4}|[ivxlc]{1,7}", re.I)
_ZONE = 0.13  # of the page's height, at its head and at its foot
_LINES = 3  # of them at most at either end of a page


def without_margins(pages: list[list[Line]], heights: list[float]) -> list[list[Line]]:
    """The pages' lines without page numbers, and without lines that stand at the same height on most pages with the
    same words, whatever number is in them."""
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    repeated = Counter(key for page in edges for key in {_key(line) for line in page})
    # A third: the heads of left and right pages may differ, and a title page has none.
    often = {key for key, times in repeated.items() if times >= max(min(3, len(pages)), 0.3 * len(pages)) and len(pages) > 1}
    numbers = [(int(match[0]), i) for i, page in enumerate(edges) for line in page
               if _NUMBER.fullmatch(line.text) and (match := re.search(r"\d{1,4}", line.text))]
    counting = {offset for offset, times in Counter(number - i for number, i in numbers).items() if times >= 2}
    kept = []
    for i, (lines, page) in enumerate(zip(pages, edges, strict=True)):
        aside = {id(line) for line in page if _key(line) in often or _is_number(line, i, counting, len(pages))}
        text = [line for line in lines if id(line) not in aside]
        # A line of the text may come again at the same height, too, but then it follows its neighbour closely.
        pitch = median([below.y - above.y for above, below in zip(text, text[1:], strict=False)] or [0.0])
        kept.append([line for line in lines if id(line) not in aside
                     or _key(line) in often and any(abs(line.y - other.y) < 1.15 * pitch for other in text)])
    return kept


def _edges(lines: list[Line], height: float) -> list[Line]:
    head = [line for line in lines[:_LINES] if line.y < _ZONE * height]
    foot = [line for line in lines[-_LINES:] if line.y > (1 - _ZONE) * height]
    return [*head, *(line for line in foot if line not in head)]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", "".join(line.text.split())), round(line.y / 4)


def _is_number(line: Line, page: int, counting: set[int], pages: int) -> bool:
    """- 3 -, 第3页 and 3/9 always; a bare 3 where other pages count on from it, or the document has one page."""
    if not _NUMBER.fullmatch(line.text) or not any(c.isalnum() for c in line.text):
        return False
    if not _BARE.fullmatch(line.text):
        return True
    return pages == 1 or not line.text.isdigit() or int(line.text) - page in counting
