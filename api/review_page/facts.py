"""What the record says of a document as a whole: warnings, metadata, what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.review_page.markup import counted, escaped, label, listed
from api.review_page.marks import key_of, unread_places
from graph.records import DocumentRecord, WarningRecord

# The fields of a document that a row of corrections.csv can put right.
CORRECTED_BY_ROW = ("title", "genre", "issuer", "issuers", "place", "level", "doc_number", "signed_on", "published_on", "years")
KINDS = {"plan": "plan", "duties": "duty list", "news": "news", "other": "other"}
SEPARATOR = "；"  # between the items of one cell, as in every CSV that the commands write


def warnings_of(record: DocumentRecord, document: str) -> str:
    """The doubts, each a button that leads to its words; then the stretches that were not read."""
    places = unread_places(record)
    unread = [_place("n", document, n, record.text[start - record.start:end - record.start]) for n, (start, end) in enumerate(places, 1)]
    doubts = [_doubt(warning, key_of(document, "w", n), record.text[warning.start - record.start:warning.end - record.start]) for n, warning in enumerate(record.warnings, 1)]
    none = "" if doubts else f'<p class="dim">{label("No warnings.")}</p>'
    rest = f'<details><summary>{counted(len(unread), "stretch not read", "stretches not read")}</summary>{listed(unread, "places")}</details>' if unread else ""
    return (f'<section class="warnings" id="{document}-warnings"><h3>{label("Warnings")} <span class="n">{len(doubts)}</span></h3>'
            f'{none}{listed(doubts, "places")}{rest}</section>')


def _doubt(warning: WarningRecord, key: str, words: str) -> str:
    quote = "" if words in warning.message else f" {_quote(words)}"
    return f'<li><button type="button" class="go" data-k="{key}" data-go><span data-message>{escaped(warning.message)}</span>{quote}</button></li>'


def _place(letter: str, document: str, n: int, words: str) -> str:
    return f'<li><button type="button" class="go" data-k="{key_of(document, letter, n)}" data-go>{_quote(words)}</button></li>'


def _quote(words: str, most: int = 60) -> str:
    words = " ".join(words.split())
    return f'<q lang="zh">{escaped(words[:most])}{"…" if len(words) > most else ""}</q>'


def metadata_of(record: DocumentRecord, document: str) -> str:
    """The metadata as a table; each row that a correction can put right has a button for it."""
    rows = "".join(_row(record, document, name, words, shown) for name, words, shown in _facts(record))
    return f'<section id="{document}-metadata"><h3>{label("Metadata")}</h3><table class="facts"><tbody>{rows}</tbody></table></section>'


def _row(record: DocumentRecord, document: str, name: str, words: str, shown: str) -> str:
    head = f'<th scope="row" id="{document}-row-{name}">{label(words)}</th><td>{shown}{hand_mark(record, name)}</td>'
    if name not in CORRECTED_BY_ROW:
        return f"<tr>{head}<td></td></tr>"
    return (f'<tr class="fact" data-fact="{name}" data-value="{escaped(_cell(getattr(record, name)))}">{head}<td><button type="button" class="quiet fix" data-open="fact"'
            f' aria-expanded="false" aria-describedby="{document}-row-{name}">{label("Correct")}</button></td></tr>')


def _facts(record: DocumentRecord) -> Iterator[tuple[str, str, str]]:
    """Field, its words on the page, its value as HTML; what the text does not say is left out unless it can be put right."""
    yield "title", "Title", _value(record.title)
    yield "kind", "Kind", label(KINDS[record.kind])
    yield "genre", "Genre", _value(record.genre)
    yield "issuer", "Issuer", _value(record.issuer)
    if record.issuer_inferred:
        yield "body", "Body", f"{_value(record.body)} {_small('inferred from the text')}"
    yield "issuers", "All issuers", _value("、".join(record.issuers))
    if forwarded := getattr(record, "forwarded_by", None):
        yield "forwarded_by", "Forwarded by", _value(forwarded)
    yield "place", "Place", _value(record.place)
    yield "level", "Level", label(record.level) if record.level else _value(None)
    yield "doc_number", "Number", _value(record.doc_number)
    yield "signed_on", "Signed on", _value(record.signed_on)
    yield "published_on", "Published on", _value(record.published_on)
    basis = f" {_small('known from: ' + record.years_basis)}" if record.years_basis else ""
    yield "years", "Years", f"{_value(span_of(record.years))}{basis}"
    if getattr(record, "draft", False):
        yield "draft", "Draft", label("yes")
    if record.kind != "plan":
        return
    yield "lead_rule", "Rule on who leads", _value(record.lead_rule)
    yield "role_scheme", "Roles", label(record.role_scheme) if record.role_scheme else _value(None)
    yield "counts", "Counts", counts_of(record)
    if record.coverage and record.coverage.characters:
        share = 1 - record.coverage.uncovered / record.coverage.characters
        # Rounded down: 100 % is said only where all was read.
        yield "coverage", "Read", f'{int(share * 1000) / 10:g} % {_small("of the characters")}'


def counts_of(record: DocumentRecord) -> str:
    """How many of each kind the document holds; a plan's tasks are counted even where there are none."""
    counts = ((len(record.tasks), "task", None), (sum(len(task.units) for task in record.tasks), "unit", None), (len(record.indicators), "target", None),
              (len(record.goals), "goal", None), (len(record.duties), "duty", "duties"), (len(record.warnings), "warning", None))
    return " · ".join(f'<span class="count">{counted(n, one, many)}</span>' for n, one, many in counts if n or one == "task" and record.kind == "plan")


def span_of(years: Iterable[int]) -> str:
    """2024–2026 for years in a row, else each."""
    found = sorted(years)
    if len(found) > 1 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}–{found[-1]}"
    return "、".join(map(str, found))


def hand_mark(thing: object, *names: str) -> str:
    """A small mark where one of these fields of a record was put right by hand; without names, where any was."""
    corrected = getattr(thing, "corrected", [])
    return f' <span class="hand">{label("corrected by hand")}</span>' if corrected and (not names or set(names) & set(corrected)) else ""


def _value(words: str | None) -> str:
    return f'<span lang="zh">{escaped(words)}</span>' if words else f'<span class="dim">{label("not stated")}</span>'


def _small(english: str) -> str:
    return f'<small class="dim">{label(english)}</small>'


def _cell(value: object) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(map(str, value))
    return "" if value is None else str(value)
