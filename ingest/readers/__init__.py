"""Files in, text out. A format is one row of READERS."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ingest.errors import BadArchive, EmptyFile, InputError, MissingFile, NoFiles, NoRegularFile, OldFormat, UnknownFormat, UnreadableFile
from ingest.readers import archive
from ingest.readers.plain import decode

__all__ = ["READERS", "Source", "check_format", "decode", "hash_file", "iter_files", "kept", "members_of", "read_bytes", "read_regular", "read_source"]


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text as all offsets of its records count it."""

    path: str  # as given; a/b.zip/c.txt for a file inside an archive
    sha256: str  # of the bytes
    text: str  # decoded, without BOM, line ends as they stand
    derived: bool = False  # the text is what the reader yields, not the file itself decoded


def iter_files(paths: Iterable[str | os.PathLike]) -> Iterator[str]:
    """Each file once, folders walked in sorted order, archives after the files beside which they sort, hidden files
    and those of unknown formats left out.

    A file that is named outright is yielded even if it cannot be read, so that its error is told; so are old
    formats and broken archives wherever they are found.
    """
    seen = set()
    for given in paths:
        path = Path(given)
        for file in sorted(_walk(path)) if path.is_dir() else [path]:
            for found in _files_in(file):
                if found not in seen:
                    seen.add(found)
                    yield found


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        walked, told = kept(folders, files)
        folders[:] = [name for name in folders if name in walked]
        for name in told:
            yield Path(root, name)


def kept(folders: Iterable[str], files: Iterable[str]) -> tuple[set[str], list[str]]:
    """Of the names in one folder the folders that are walked, and the files that are read, or refused with advice."""
    files = list(files)
    pages = {Path(name).stem for name in files if Path(name).suffix.lower() in _PAGES}
    # A browser keeps a saved page's pictures and frames in a folder named after it.
    walked = {name for name in folders if not name.startswith(".")
              and not any(name.endswith(tail) and name.removesuffix(tail) in pages for tail in ("_files", ".files"))}
    return walked, [name for name in files if not name.startswith((".", "~$")) and _is_told(name)]  # ~$plan.docx: Word's mark that it has plan.docx open


def _files_in(file: Path) -> list[str]:
    """The file itself, or what an archive holds."""
    if file.suffix.lower() != archive.SUFFIX or not file.is_file():
        return [str(file)]
    return [f"{file}/{name}" for name in members_of(file)] or [str(file)]


def members_of(file: str | os.PathLike) -> list[str]:
    """The names of an archive's files that are read; none of a broken or empty one, which read_source refuses."""
    try:
        return [name for name in archive.member_names(str(file)) if _is_told(name)]
    except InputError:
        return []


def _is_told(name: str) -> bool:
    suffix = Path(name).suffix.lower()
    return suffix in READERS or suffix in REFUSED or suffix == archive.SUFFIX


def read_source(path: str | os.PathLike) -> Source:
    """Read one file; raises an InputError that names it."""
    path = os.fspath(path)
    suffix = Path(path).suffix.lower()
    inside = archive.split(path)
    if suffix == archive.SUFFIX and (inside or Path(path).is_file()):
        _refuse_archive(path, bool(inside))
    return read_bytes(path, _read_bytes(path, inside))


def read_bytes(path: str, data: bytes) -> Source:
    """Read a file of which the bytes are there already; raises an InputError that names it."""
    check_format(path)
    read = READERS[Path(path).suffix.lower()]
    if not data:
        raise EmptyFile(path)
    text = read(path, data)
    if not text.strip():
        raise EmptyFile(path)
    return Source(path, hashlib.sha256(data).hexdigest(), text, derived=read is not decode)


def check_format(path: str, archives: bool = False) -> None:
    """Raises OldFormat or UnknownFormat where a file's name is not that of a format that is read; `archives`: as a folder of files, too."""
    suffix = Path(path).suffix.lower()
    if suffix in REFUSED:
        raise OldFormat(path, REFUSED[suffix])
    if suffix not in READERS and not (archives and suffix == archive.SUFFIX):
        raise UnknownFormat(path, suffix, sorted(READERS))


def hash_file(path: str) -> str:
    """The sha256 that `read_source` gives a file; raises an InputError where its bytes cannot be had."""
    return hashlib.sha256(_read_bytes(path, archive.split(path))).hexdigest()


def _read_bytes(path: str, inside: tuple[str, str] | None) -> bytes:
    if inside:
        return archive.read_member(*inside)
    try:
        return read_regular(path, path)
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFile(path) from None
    except OSError as error:
        raise UnreadableFile(path, error.strerror or error) from None


def read_regular(path: str, source: str) -> bytes:
    """The bytes of a file of this machine; raises an OSError, or NoRegularFile, which calls it `source`."""
    # Not waiting, or to open a pipe would take until somebody writes to it.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NoRegularFile(source)
        return file.read()


def _refuse_archive(path: str, is_inner: bool) -> None:
    """An archive stands for its files and has no text of its own."""
    if is_inner:
        raise BadArchive(path, "an archive inside an archive")
    if names := [name for name in archive.member_names(path) if _is_told(name)]:
        raise BadArchive(path, f"as one document; its {len(names):,} files are read one by one, such as {path}/{names[0]}")
    raise NoFiles([path], sorted(READERS))


def _reader(module: str, name: str) -> Callable[[str, bytes], str]:
    """A reader whose module is imported at its first file: who reads .txt does not wait for the others."""
    def read(path: str, data: bytes) -> str:
        return getattr(import_module(f"ingest.readers.{module}"), name)(path, data)

    return read


_word, _pdf, _web = _reader("word", "read_docx"), _reader("pdf", "read_pdf"), _reader("web", "read_html")
READERS: dict[str, Callable[[str, bytes], str]] = {
    ".txt": decode,
    ".md": decode,
    ".docx": _word,
    ".docm": _word,
    ".pdf": _pdf,
    ".html": _web,
    ".htm": _web,
    ".shtml": _web,
}
_PAGES = (".html", ".htm", ".shtml")
_SAVE_AS = "open it in Word or WPS and save it as .docx, or run `soffice --headless --convert-to docx FILE`"
_UNPACK = "unpack it and give the folder"
REFUSED = {  # formats that plans do come in, and what to do about each
    ".doc": _SAVE_AS,
    ".dot": _SAVE_AS,
    ".wps": _SAVE_AS,
    ".wpt": _SAVE_AS,
    ".rtf": _SAVE_AS,
    ".odt": _SAVE_AS,
    ".ofd": "open it in an OFD reader or WPS and save it as .pdf with its text, or as .docx",
    ".mht": "open it in a browser and save it as .html",
    ".mhtml": "open it in a browser and save it as .html",
    ".rar": _UNPACK,
    ".7z": _UNPACK,
}
