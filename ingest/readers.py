"""Files in, decoded text out. A format is one row of READERS."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.errors import EmptyFile, MissingFile, NotText, UnknownFormat, UnreadableFile, WrongEncoding


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text as all offsets of its records count it."""

    path: str  # as given
    sha256: str  # of the bytes
    text: str  # decoded, without BOM, line ends as they stand
    derived: bool = False  # the text is what the reader yields, not the file itself decoded


def iter_files(paths: Iterable[str | os.PathLike]) -> Iterator[str]:
    """Each file once, folders walked in sorted order, hidden files and those of unknown formats in folders skipped.

    A file that is named outright is yielded even if it cannot be read, so that its error is told.
    """
    seen = set()
    for given in paths:
        path = Path(given)
        found = sorted(_walk(path)) if path.is_dir() else [path]
        for file in found:
            if str(file) not in seen:
                seen.add(str(file))
                yield str(file)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in READERS:
                yield Path(root, name)


def read_source(path: str | os.PathLike) -> Source:
    """Read one file; raises an InputError that names it."""
    path = os.fspath(path)
    suffix = Path(path).suffix.lower()
    try:
        data = Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFile(path) from None
    except OSError as error:
        raise UnreadableFile(path, error.strerror or error) from None
    if suffix not in READERS:
        raise UnknownFormat(path, suffix, sorted(READERS))
    text = READERS[suffix](path, data)
    if not text.strip():
        raise EmptyFile(path)
    return Source(path, hashlib.sha256(data).hexdigest(), text)


def decode(path: str, data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else GB18030 where that gives Chinese text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise WrongEncoding(path, error.start) from None
    if (zero := data.find(b"\0")) >= 0:
        raise NotText(path, zero)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad_byte = error.start
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise WrongEncoding(path, bad_byte) from None
    if not _is_chinese(text):
        raise WrongEncoding(path, bad_byte)
    return text


def _is_chinese(text: str) -> bool:
    """Whether the characters are mostly the 3,755 common ones of GB 2312's first level.

    UTF-8 with one bad byte, read as GB18030, gives characters too, but rare ones (鏁欒偛 for 教育).
    """
    sample = [c for c in text[:20_000] if "\u4e00" <= c <= "\u9fff"]
    foreign = sum(1 for c in text[:20_000] if ord(c) > 0x7F) - len(sample)
    common = sum(1 for c in sample if 0xB0 <= c.encode("gb18030")[0] <= 0xD7 and len(c.encode("gb18030")) == 2
                 and c.encode("gb18030")[1] >= 0xA1)
    return bool(sample) and common >= 0.85 * len(sample) and foreign <= 2 * len(sample)


READERS: dict[str, Callable[[str, bytes], str]] = {
    ".txt": decode,
    ".md": decode,
}
