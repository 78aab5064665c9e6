"""How the components hand results on: named span groups of the Doc, each span with its facts in `span._`.

One Doc is one file. `doc.spans["policy_documents"]` holds its documents; the other groups hold what stands in them.
The facts of a span of group G are `span._.G`, a dataclass of the component that wrote it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from spacy.attrs import IDX
from spacy.tokens import Doc, Span, SpanGroup

from ingest.layout import Paragraph

GROUPS = ("policy_documents", "policy_clauses", "policy_outline", "policy_tasks", "policy_units", "policy_indicators", "policy_mentions")

_TEXT, _STARTS = "policy_text", "policy_token_starts"


def _facts_of(group: str) -> Callable[[Span], Any]:
    """What `span._.G` gives: the facts by the span's place and label. Kept by group, since spaCy keeps attributes by
    offsets alone and a goal and its paragraph have the same; looked up when asked, since most spans never are."""
    return lambda span: span.doc.user_data.get(f"{group} facts", {}).get((span.start, span.end, span.label))


for _group in GROUPS:
    if not Span.has_extension(_group):
        Span.set_extension(_group, getter=_facts_of(_group))


def with_text(doc: Doc, text: str) -> Doc:
    """The doc, told the text that it was made of: joining its tokens again takes as long as making them."""
    doc.user_data[_TEXT] = text
    return doc


def text_of(doc: Doc) -> str:
    """doc.text, put together at most once."""
    if _TEXT not in doc.user_data:
        doc.user_data[_TEXT] = doc.text
    return doc.user_data[_TEXT]


def write_spans(doc: Doc, group: str, found: Iterable[tuple[int, int, str, Any]]) -> Doc:
    """Set doc.spans[group] from (start, end, label, facts), offsets in characters; returns the doc."""
    rows = [row for row in found if row[0] < row[1]]
    spans, index, facts_by_place = [], [], {}
    # All places in one call: char_span looks for each of them anew.
    begins = _tokens(doc).searchsorted([row[0] for row in rows], "right") - 1
    ends = _tokens(doc).searchsorted([row[1] - 1 for row in rows], "right")
    for (start, _, label, facts), a, b in zip(rows, begins.tolist(), ends.tolist(), strict=True):
        span = Span(doc, a, b, label=label)
        facts_by_place.setdefault((a, b, span.label), facts)
        spans.append(span)
        index.append((start, label, facts))
    doc.spans[group] = SpanGroup(doc, name=group, spans=spans)
    doc.user_data[f"{group} facts"] = facts_by_place
    # The same, sorted by place: walking a span group makes its spans anew each time.
    doc.user_data[group] = sorted(index, key=lambda row: row[0])
    return doc


def _tokens(doc: Doc) -> Any:
    """Where each token begins; a token is one character, or several of white space."""
    if _STARTS not in doc.user_data:
        doc.user_data[_STARTS] = doc.to_array(IDX).astype("int64")
    return doc.user_data[_STARTS]


def facts_in(doc: Doc, group: str, start: int, end: int, label: str | None = None) -> list[Any]:
    """The facts of a group's spans that begin between two character offsets, in the order of the text."""
    index = doc.user_data[group]
    first = bisect_left(index, start, key=lambda row: row[0])
    last = bisect_left(index, end, key=lambda row: row[0])
    return [facts for _, name, facts in index[first:last] if label is None or name == label]


def documents_of(doc: Doc) -> list[Any]:
    """The facts of a file's documents, in order."""
    return [facts for _, _, facts in doc.user_data["policy_documents"]]


def body_paragraphs(doc: Doc) -> Iterator[tuple[Any, list[Paragraph]]]:
    """Each document's facts with the paragraphs of its body (without front matter, notice and chrome)."""
    for document in documents_of(doc):
        yield document, document.body
