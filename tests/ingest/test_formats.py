"""One plan in every format is one plan; what cannot be read says so; archives are read within limits."""

from __future__ import annotations

import hashlib
import os
import zipfile

import formats
import pytest
from browser import require_browser
from conftest import SAMPLES

from api import jobs
from ingest.errors import ArchiveTooLarge, BadArchive, EmptyFile, EncryptedFile, InputError, MissingFile, NoFiles, NoRegularFile, NotText, OldFormat, UnknownFormat
from ingest.pipeline import extract
from ingest.readers import READERS, archive, hash_file, iter_files, read_source
from ingest.readers.lines import as_text

PLANS = ("ministry-2025", "ministry-2022", "city-compilation")


def read(tmp_path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    return read_source(tmp_path / name)


def told(source) -> list:
    """What a plan says, whatever format it came in."""
    return [{
        "plan": (record.title, record.issuer, record.doc_number, record.signed_on, record.years),
        "tasks": [task.id for task in record.tasks],
        "units": [[(unit.name, unit.role) for unit in task.units] for task in record.tasks],
        "indicators": [(indicator.id, indicator.value, indicator.comparator, indicator.unit, indicator.task) for indicator in record.indicators],
        "goals": [goal.id for goal in record.goals],
    } for record in extract(source) if record.kind == "plan"]


@pytest.fixture(scope="module")
def plain() -> dict[str, list]:
    found = {name: told(read_source(SAMPLES / f"{name}.txt")) for name in PLANS}
    assert [len(plan["tasks"]) for plans in found.values() for plan in plans] == [22, 24, 16]
    return found


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_same_plan_in_every_encoding(tmp_path, plain, name, encoding):
    source = read(tmp_path, "plan.txt", (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").encode(encoding))
    assert told(source) == plain[name] and not source.derived


@pytest.mark.parametrize("name", PLANS)
def test_same_plan_as_markdown(tmp_path, plain, name):
    paragraphs = formats.paragraphs_of(SAMPLES / f"{name}.txt")
    marked = paragraphs[0].startswith("第一篇")  # a compilation's marker stands at the line's beginning
    data = "\n\n".join(paragraphs).encode() if marked else formats.as_markdown(paragraphs)
    source = read(tmp_path, "plan.md", data)
    assert told(source) == plain[name] and not source.derived


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_same_plan_as_a_saved_page(tmp_path, plain, name, encoding):
    source = read(tmp_path, "page.html", formats.as_page(formats.paragraphs_of(SAMPLES / f"{name}.txt"), encoding))
    assert told(source) == plain[name] and source.derived


@pytest.mark.parametrize("name", PLANS)
def test_same_plan_as_a_word_document_that_numbers_by_itself(tmp_path, plain, name):
    data = formats.as_docx(formats.paragraphs_of(SAMPLES / f"{name}.txt"))
    with zipfile.ZipFile(_written(tmp_path, "plan.docx", data)) as package:
        words = package.read("word/document.xml").decode()
    assert "一、" not in words and "（一）" not in words and "(一)" not in words and "3.1.1" not in words and ">1." not in words
    source = read_source(tmp_path / "plan.docx")
    assert told(source) == plain[name] and source.derived


@pytest.mark.slow
@pytest.mark.xdist_group("browser")
def test_same_plan_as_a_printed_pdf(tmp_path, plain):
    pages = {name: formats.paragraphs_of(SAMPLES / f"{name}.txt") for name in PLANS}
    printed = formats.print_pages(require_browser(), {name: formats.as_print(paragraphs, paragraphs[:1]) for name, paragraphs in pages.items()})
    for name, paragraphs in pages.items():
        source = read(tmp_path, f"{name}.pdf", printed[name])
        assert formats.lines_of(source.text) == paragraphs  # no running head, no page number, no line broken
        assert told(source) == plain[name] and source.derived


def test_paragraphs_are_apart_by_a_blank_line_and_rows_of_a_table_are_not():
    table = ["| 任务 | 责任单位 |", "|---|---|", "| 改造管网 | 市水务局 |"]
    assert as_text(["一、任务", *table, *table, "二、要求"]) == "一、任务\n\n" + "\n".join(table) + "\n\n" + "\n".join(table) + "\n\n二、要求\n"
    assert as_text([]) == ""


def test_records_of_other_formats_carry_the_text_that_their_offsets_count_in(tmp_path):
    source = read(tmp_path, "plan.docx", formats.as_docx(formats.paragraphs_of(SAMPLES / "ministry-2025.txt")))
    (record,) = extract(source)
    assert record.source_text == source.text
    assert all(record.source_text[task.start:task.end] == task.text for task in record.tasks)
    assert extract(read_source(SAMPLES / "ministry-2025.txt"))[0].source_text is None


def _written(tmp_path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


@pytest.mark.parametrize(("name", "data", "error", "words"), [
    ("plan.doc", b"\xd0\xcf\x11\xe0", OldFormat, "soffice --headless --convert-to docx"), ("plan.wps", b"x", OldFormat, "save it as .docx"),
    ("plan.ofd", b"PK", OldFormat, "OFD"), ("plan.rar", b"Rar!", OldFormat, "unpack it"), ("plan.xlsx", b"PK", UnknownFormat, ".docx"),
    ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word.Document", OldFormat, "old .doc by another name"),
    ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "password"),
    ("empty.pdf", b"", EmptyFile, "empty"), ("odd.txt", b"\0a\0", NotText, "byte 0")])
def test_file_that_is_not_read_says_what_to_do(tmp_path, name, data, error, words):
    with pytest.raises(error, match=words) as caught:
        read(tmp_path, name, data)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_refused_formats_in_a_folder_are_told_and_unknown_ones_passed_over(tmp_path):
    for name in ("a.txt", "b.doc", "c.wps", "d.ofd", "e.jpg", "f.csv", "~$g.docx", ".h.docx", "page.html", "page_files/frame.html", "sub/i.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [path.removeprefix(f"{tmp_path}/") for path in iter_files([tmp_path])] == ["a.txt", "b.doc", "c.wps", "d.ofd", "page.html", "sub/i.pdf"]


def pack(path, members: dict[str, bytes], **options) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as packed:
        for name, data in members.items():
            packed.writestr(name, data)


def test_files_of_an_archive_are_read_by_their_paths_within_it(tmp_path):
    plan = (SAMPLES / "ministry-2022.txt").read_bytes()
    (tmp_path / "sub").mkdir()
    pack(tmp_path / "sub" / "plans.zip", {
        "2022/a.txt": plan, "2022/b.html": formats.as_page(["标题在此处的通知", "一、做好工作。"]), "c.doc": b"x", "d.jpg": b"x", ".e.txt": b"x", "__MACOSX/a.txt": b"x", "~$f.docx": b"x"})
    (tmp_path / "z.txt").write_text("一、工作")
    found = list(iter_files([tmp_path]))
    assert [path.removeprefix(f"{tmp_path}/") for path in found] == ["sub/plans.zip/2022/a.txt", "sub/plans.zip/2022/b.html", "sub/plans.zip/c.doc", "z.txt"]
    source = read_source(found[0])
    assert (source.path, source.text, source.sha256) == (found[0], plan.decode(), hashlib.sha256(plan).hexdigest())
    assert told(source) == told(read_source(SAMPLES / "ministry-2022.txt"))
    with pytest.raises(OldFormat, match="plans.zip/c.doc"):
        read_source(found[2])
    with pytest.raises(MissingFile, match="plans.zip/2022/none.txt"):
        read_source(tmp_path / "sub" / "plans.zip" / "2022" / "none.txt")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_that_an_archive_does_not_mark_as_unicode(tmp_path, encoding):
    """Chinese Windows writes them in its code page, a Mac in UTF-8; neither says so."""
    stand_in = "x" * len("工作要点/二〇二五年.txt".encode(encoding))
    pack(tmp_path / "a.zip", {stand_in: "一、工作".encode()})
    data = (tmp_path / "a.zip").read_bytes().replace(stand_in.encode(), "工作要点/二〇二五年.txt".encode(encoding))
    (tmp_path / "a.zip").write_bytes(data)
    (found,) = iter_files([tmp_path / "a.zip"])
    assert found == f"{tmp_path}/a.zip/工作要点/二〇二五年.txt" and read_source(found).text == "一、工作"


def test_names_that_lead_out_of_an_archive_stay_in_it(tmp_path):
    pack(tmp_path / "a.zip", {"../../etc/passwd.txt": "一".encode(), "/abs.txt": "二".encode(), "win\\b.txt": "三".encode()})
    assert [path.removeprefix(f"{tmp_path}/") for path in iter_files([tmp_path])] == ["a.zip/abs.txt", "a.zip/etc/passwd.txt", "a.zip/win/b.txt"]
    assert [read_source(path).text for path in iter_files([tmp_path])] == ["二", "一", "三"]
    (tmp_path / "outside.txt").write_text("四")
    with pytest.raises(MissingFile):
        read_source(f"{tmp_path}/a.zip/../outside.txt/")


@pytest.mark.parametrize(("limit", "members", "words"), [
    ("MEMBERS", {f"{n}.txt": b"x" for n in range(4)}, "4 members"), ("MEMBER_BYTES", {"a.txt": bytes(range(256)) * 8}, "'a.txt' is"),
    ("TOTAL_BYTES", {f"{n}.txt": bytes(range(256)) for n in range(3)}, "together")])
def test_archive_beyond_a_limit_is_refused(tmp_path, monkeypatch, limit, members, words):
    pack(tmp_path / "a.zip", members)
    monkeypatch.setattr(archive, limit, {"MEMBERS": 3, "MEMBER_BYTES": 1024, "TOTAL_BYTES": 600}[limit])
    assert list(iter_files([tmp_path])) == [f"{tmp_path}/a.zip"]
    with pytest.raises(ArchiveTooLarge, match=words):
        read_source(tmp_path / "a.zip")


def test_archive_that_unpacks_to_too_much_is_refused(tmp_path):
    pack(tmp_path / "a.zip", {"a.txt": b" " * (3 << 20)})
    with pytest.raises(ArchiveTooLarge, match=r"unpacks to [\d,]+ times its size, more than the 200 times"):
        read_source(tmp_path / "a.zip")
    pack(tmp_path / "b.zip", {"a.txt": "\n".join(["一、工作"] * 1000).encode()})  # as tight, but small
    assert read_source(f"{tmp_path}/b.zip/a.txt").text.startswith("一、工作")


def test_archives_that_cannot_be_read(tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"PK\3\4 and no more")
    pack(tmp_path / "outer.zip", {"inner.zip": b"PK", "a.txt": "一".encode()})
    pack(tmp_path / "pictures.zip", {"a.jpg": b"x"})
    pack(tmp_path / "locked.zip", {"a.txt": b"secret"})
    data = bytearray((tmp_path / "locked.zip").read_bytes())
    data[6] |= 1  # the flag of the file, and of the list of files
    data[data.find(b"PK\1\2") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    pack(tmp_path / "cut.zip", {"a.txt": b"0123456789" * 100})
    data = bytearray((tmp_path / "cut.zip").read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    (tmp_path / "cut.zip").write_bytes(data)
    errors = {}
    for path in iter_files([tmp_path]):
        try:
            read_source(path)
        except InputError as error:
            errors[path.removeprefix(f"{tmp_path}/")] = type(error)
    assert errors == {"broken.zip": BadArchive, "outer.zip/inner.zip": BadArchive, "pictures.zip": NoFiles, "locked.zip/a.txt": EncryptedFile, "cut.zip/a.txt": BadArchive}
    with pytest.raises(BadArchive, match="its 2 files are read one by one, such as"):
        read_source(tmp_path / "outer.zip")


def test_readers_are_named_by_small_suffixes():
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in READERS)


def test_what_is_no_regular_file_is_refused(tmp_path):
    """A pipe waits for ever, and a device fills the memory, without a word."""
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "a.txt").write_text("一、工作")
    (tmp_path / "b.txt").symlink_to("a.txt")
    failures = jobs.Failures()
    records = list(jobs.iter_records(list(iter_files([tmp_path])), failures, lambda path: None))
    assert len(records) == 2 and [line.split(": ")[0] for line in failures.errors] == [f"{tmp_path}/{name}" for name in ("pipe.txt", "pipe.zip", "zero.txt")]
    for name in ("pipe.txt", "pipe.zip", "zero.txt"):
        for read in (read_source, hash_file):
            with pytest.raises(NoRegularFile, match=name):
                read(tmp_path / name if read is read_source else str(tmp_path / name))
