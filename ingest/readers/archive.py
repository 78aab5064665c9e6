"""Files inside a .zip, by paths such as `plans.zip/2021/a.docx`. Nothing is unpacked to disk.

Archives come by mail and from the web, so one is looked at before it is read: how many members, how large, how
tightly packed. What zipfile is told is what it reads: it stops at a member's declared size.
"""

from __future__ import annotations

import os
import zlib
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from ingest.errors import ArchiveTooLarge, BadArchive, EncryptedFile, MissingFile, UnreadableFile

SUFFIX = ".zip"
MEMBERS = 10_000
MEMBER_BYTES = 100 << 20
TOTAL_BYTES = 1 << 30
RATIO = 200  # unpacked to packed; text rarely passes 20, a bomb reaches 1,000
RATIO_FROM = 1 << 20  # a small member of blanks may be packed as tightly
_DIRECTORY_BYTES = 20 << 20  # of the list of members, which zipfile reads whole when it opens an archive
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


def split(path: str) -> tuple[str, str] | None:
    """The archive and the member's name within it; None where the path leads into no archive."""
    parts = Path(path).parts if SUFFIX in path.lower() else ()  # of a hundred thousand files, few are in archives
    for i in range(len(parts) - 1, 0, -1):
        archive = Path(*parts[:i])
        if archive.suffix.lower() == SUFFIX and archive.is_file():
            return str(archive), "/".join(parts[i:])
    return None


def member_names(path: str) -> list[str]:
    """The names of an archive's files, sorted; hidden ones and a Mac's own (__MACOSX) are left out."""
    return sorted(_members(path)[1])


def read_member(path: str, name: str) -> bytes:
    """One member's bytes."""
    archive, members = _members(path)
    if name not in members:
        raise MissingFile(f"{path}/{name}")
    member = members[name]
    if member.flag_bits & _ENCRYPTED:
        raise EncryptedFile(f"{path}/{name}")
    try:
        return archive.read(member)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise BadArchive(path, f"{name}: {error}") from None


def check_sizes(path: str, members: list[ZipInfo]) -> None:
    """Refuses a bomb. A .docx is an archive too and comes by here."""
    if len(members) > MEMBERS:
        raise ArchiveTooLarge(path, f"{len(members):,} members", f"{MEMBERS:,}")
    for member in members:
        if member.file_size > MEMBER_BYTES:
            raise ArchiveTooLarge(path, f"{member.filename!r} is {member.file_size >> 20:,} MB", f"{MEMBER_BYTES >> 20:,} MB")
        ratio = member.file_size // max(member.compress_size, 1)
        if member.file_size > RATIO_FROM and ratio > RATIO:
            raise ArchiveTooLarge(path, f"{member.filename!r} unpacks to {ratio:,} times its size", f"{RATIO} times")
    if (total := sum(member.file_size for member in members)) > TOTAL_BYTES:
        raise ArchiveTooLarge(path, f"{total >> 20:,} MB together", f"{TOTAL_BYTES >> 20:,} MB")


def _members(path: str) -> tuple[ZipFile, dict[str, ZipInfo]]:
    try:
        found = os.stat(path)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or error) from None
    return _open(path, found.st_size, found.st_mtime_ns)


# The members of one archive are read one after the other: opening it for each would read its list each time.
@lru_cache(maxsize=1)
def _open(path: str, size: int, changed: int) -> tuple[ZipFile, dict[str, ZipInfo]]:
    if _directory_bytes(path, size) > _DIRECTORY_BYTES:
        raise ArchiveTooLarge(path, "a list of members that is itself huge", f"{MEMBERS:,} members")
    try:
        archive = ZipFile(path)
    except (BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise BadArchive(path, error) from None
    check_sizes(path, archive.infolist())
    members = {name: info for info in archive.infolist() if not info.is_dir() and (name := _name(info)) and not _is_hidden(name)}
    return archive, members


def _directory_bytes(path: str, size: int) -> int:
    """The length of the list of members, as the archive's last record says; 0 where there is no such record."""
    with open(path, "rb") as file:
        file.seek(max(0, size - (1 << 16) - 22))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    return int.from_bytes(tail[at + 12:at + 16], "little") if at >= 0 else 0


def _name(member: ZipInfo) -> str:
    """The member's path with forward slashes, without a way out of the archive.

    Chinese Windows writes names in its own code page and does not say so; a Mac writes UTF-8 and does not say so.
    """
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")  # what zipfile read the bytes as
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding) or name
                break
            except UnicodeDecodeError:
                continue
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in name.split("/"))
