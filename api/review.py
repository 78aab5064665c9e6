"""The review page: one file's text with all that was read of it, to be checked and put right in a browser.

One self-contained page: no network, no third-party script, its own style and script named by their hashes in a
Content-Security-Policy. What is shown beside the text is built here; the scripts in `review_page/` move between both
and turn corrections into rows of corrections.csv.
"""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections.abc import Sequence
from pathlib import Path
from string import Template

from api.review_page.cards import goals_of, others_of, tasks_of
from api.review_page.facts import KINDS, counts_of, metadata_of, span_of, warnings_of
from api.review_page.markup import escaped, label
from api.review_page.marks import marked_text, marks_of
from graph.errors import CannotWriteFile, UsageError
from graph.records import DocumentRecord
from graph.settings import VERSION

PARTS = Path(__file__).parent / "review_page"
SUFFIX = ".review.html"
GENERATOR = '<meta name="generator" content="policygraph review">'
# What the legend offers, in its order: the class of the marks and its words.
LEGEND = (
    ("task", "Task"), ("heading", "Heading"), ("clause", "Clause"), ("lead", "Lead"), ("responsible", "Responsible"), ("support", "Support"),
    ("implement", "Implement"), ("indicator", "Target"), ("goal", "Goal"), ("duty", "Duty"), ("mention", "Named"), ("warned", "Warning"), ("unread", "Not read"))


def review_page(records: Sequence[DocumentRecord], places: Sequence[int] | None = None, save: tuple[str, str] | None = None) -> str:
    """The page of one file's documents. `places` says the how-manieth of the file each is, where some are left out. `save` is
    where a served page sends its rows, and the id of its document; without it the page loads nothing and sends nothing."""
    style, script = _part("review.css"), read_script()
    sending = (f' data-save="{escaped(save[0])}" data-of="{escaped(save[1])}"' if save else "")
    source = records[0].source
    keys = [f"d{n}" for n in places or range(1, len(records) + 1)]
    alone = keys == ["d1"]
    return Template(_part("template.html")).substitute(
        generator=GENERATOR, version=escaped(VERSION), policy=policy_of(sends=save is not None), style=style, script=script, file=escaped(Path(source).name),
        sending=sending, save="" if save else "hidden", state=escaped(f"{records[0].sha256} {records[0].by_hand}"), command=escaped(f"policygraph ingest {shlex.quote(source)}"),
        documents="".join(_entry(record, key) for record, key in zip(records, keys, strict=True)),
        sections="".join(_document(record, key, alone) for record, key in zip(records, keys, strict=True)))


def read_script() -> str:
    """The page's one script; what the parts declare they share, and `review.js` sets all going."""
    return '"use strict";\n' + "\n".join(_part(f"{name}.js") for name in ("words", "sides", "rows", "editors", "review"))


def _part(name: str) -> str:
    return (PARTS / name).read_text(encoding="utf-8")


def policy_of(sends: bool = False) -> str:
    """Nothing may be loaded or, but from a served page to its own service, sent; only the page's own style and script run."""
    style, script = _part("review.css"), read_script()

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    sent = "connect-src 'self'; " if sends else ""
    return f"default-src 'none'; style-src {hashed(style)}; script-src {hashed(script)}; img-src data:; {sent}base-uri 'none'; form-action 'none'"


def _entry(record: DocumentRecord, document: str) -> str:
    """The document's line in the list at the top."""
    said = [label(KINDS[record.kind]), escaped(span_of(record.years)), escaped(record.issuer or record.body or ""), counts_of(record)]
    return f'<li><a href="#{document}"><b lang="zh">{escaped(record.title)}</b><small>{" · ".join(filter(None, said))}</small></a></li>'


def _document(record: DocumentRecord, document: str, alone: bool) -> str:
    name = Path(record.source).name
    marks = marks_of(record, document)
    parts = (warnings_of(record, document), metadata_of(record, document), goals_of(record, document), tasks_of(record, document), others_of(record, document))
    return Template(_part("document.html")).substitute(
        id=document, name=escaped(name if alone else f"{name}#{document[1:]}"), title=escaped(record.title), kind=record.kind, legend=_legend(name for mark in marks for name in mark.css.split()),
        text=marked_text(record.text, marks), record="".join(parts), filter="" if record.tasks else "hidden")


def _legend(found) -> str:
    """A toggle for each kind of mark that the text has."""
    here = set(found)
    return "".join(
        f'<button type="button" class="toggle" data-toggle="{name}" aria-pressed="true"><span class="swatch {name}"></span>{label(words)}</button>'
        for name, words in LEGEND if name in here)


def read_places(records: Sequence[DocumentRecord]) -> list[int]:
    """Which document of its file each record is, as corrections.csv counts them: corpus.csv may have left some out."""
    from ingest.documents import find_borders
    from ingest.readers import read_source

    starts = [start for start, _ in find_borders(read_source(records[0].source).text)]
    return [starts.index(record.start) + 1 for record in records]


def place_pages(files: Sequence[str], paths: Sequence[str], output: str | None) -> list[Path]:
    """Where the page of each file goes: -o names a page for one file, a folder for several or a folder's.

    Raises UsageError where anything but an older review page is there already, before any file is read.
    """
    folder_wanted = len(files) > 1 or any(Path(path).is_dir() for path in paths)
    if output and not folder_wanted and not output.endswith(("/", "\\")) and not Path(output).is_dir():
        found = {Path(output): None}
    elif output and Path(output).is_file():
        raise UsageError(f"{output} is a file, and the pages of several files need a folder; name one with -o")
    else:
        found = {}
        for file in files:
            page, n = Path(output or ".", Path(file).stem + SUFFIX), 1
            while page in found:  # plans of one name in two folders
                n += 1
                page = page.with_name(f"{Path(file).stem}-{n}{SUFFIX}")
            found[page] = None
    for page in found:
        _check_free(page)
    return list(found)


def _check_free(page: Path) -> None:
    if page.is_file():
        with page.open("rb") as there:
            if GENERATOR.encode() in there.read(2000):
                return
    if page.exists():
        raise UsageError(f"{page}: is there already and is no review page; name another file with -o")


def write_page(path: Path, page: str) -> None:
    """Write a page, over an older one too; raises UsageError rather than overwrite anything else."""
    _check_free(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="")
    except OSError as error:
        raise CannotWriteFile(path, error.strerror or error) from None
