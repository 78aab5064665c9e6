"""Folders at any address that fsspec knows: what lies in them, in the order in which `extract` reads it, and files put there whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from graph.errors import CannotWriteFolder, PackageMissing, UsageError
from ingest.beside import CODES, CORRECTIONS, MANIFEST, Beside, NamedFiles
from ingest.errors import MissingFile, NoFiles
from ingest.readers import READERS, archive, kept, members_of

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# What a listing says of a file's content, the surest first; the others only change with it most of the time.
_VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "generation")
_TIMES = ("mtime", "LastModified", "last_modified", "updated")


@dataclass(frozen=True, slots=True)
class Listed:
    """One file to read: of an archive each of its members."""

    source: str  # as `extract` names it: FOLDER as it was given, and the way from there
    path: str  # where the file system has it; of a member the archive's
    member: str | None  # its name in the archive
    version: str  # differs when the file's content does


@dataclass(slots=True)
class Listing:
    files: list[Listed] = field(default_factory=list)
    sheets: set[str] = field(default_factory=set)  # corpus.csv, corrections.csv, codes.csv, named as the files are


def is_address(path: str) -> bool:
    return "://" in path


def everywhere(path: str) -> str:
    """An address, or a path that does not depend on where a process was started."""
    return path if is_address(path) else os.path.abspath(path)


def file_system(url: str) -> tuple[AbstractFileSystem, str]:
    """The file system of an address or path, and the path in it; raises UsageError for an address of an unknown kind."""
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError:
        raise PackageMissing("--cluster", "fsspec", "policygraph[cluster]") from None
    try:
        return url_to_fs(everywhere(url))
    except (ValueError, ImportError) as error:  # "Protocol not known", or the package that it needs
        raise UsageError(f"{url}: {error}") from None


def list_folder(url: str) -> Listing:
    """The files of a folder, as `iter_files` yields those of a path; raises MissingFile, NoFiles, UsageError where it is none."""
    system, base = file_system(url)
    if not system.exists(base):
        raise MissingFile(url)
    if not system.isdir(base):
        raise UsageError(f"{url}: --cluster reads one folder; give the folder in which this file lies")
    listing, found = Listing(), []
    for folder, folders, files in system.walk(base, detail=True):
        walked, told = kept(folders, files)
        for name in list(folders):
            if name not in walked or folders[name].get("islink"):
                del folders[name]  # is not walked then
        way = tuple(part for part in folder[len(base):].split("/") if part)
        found += [((*way, name), files[name]) for name in told]
        listing.sheets |= {_named(url, (*way, name)) for name in (MANIFEST, CORRECTIONS, CODES) if name in files}
    for way, info in sorted(found, key=lambda file: file[0]):
        listing.files += _files_of(system, _named(url, way), info)
    if not listing.files:
        raise NoFiles([url], sorted(READERS))
    return listing


def _named(url: str, way: tuple[str, ...]) -> str:
    return "/".join((url.rstrip("/"), *way)) if is_address(url) else str(Path(url, *way))


def _files_of(system: AbstractFileSystem, source: str, info: dict) -> list[Listed]:
    path, version = info["name"], _version_of(info)
    if Path(path).suffix.lower() == archive.SUFFIX:
        with local_copy(system, path) as copy:
            members = members_of(copy)
        if members:
            return [Listed(f"{source}/{name}", path, name, version) for name in members]
    return [Listed(source, path, None, version)]


def _version_of(info: dict) -> str:
    told = next((str(info[name]) for name in _VERSIONS if info.get(name)), None)
    return told or f"{info.get('size')} {next((info[name] for name in _TIMES if info.get(name)), '')}"


def is_of_this_machine(system: AbstractFileSystem) -> bool:
    from fsspec.implementations.local import LocalFileSystem

    return isinstance(system, LocalFileSystem)


@contextmanager
def local_copy(system: AbstractFileSystem, path: str) -> Iterator[str]:
    """A file of this machine with the bytes of another; the file itself where it is one of this machine."""
    if is_of_this_machine(system):
        yield path
        return
    with TemporaryDirectory(prefix="policygraph-") as folder:
        copy = os.path.join(folder, Path(path).name)
        system.get_file(path, copy)
        yield copy


class Output:
    """A folder in which files are whole or not there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.system, self.path = file_system(url)

    def names(self) -> set[str]:
        """Of the files in it; none where the folder is not there."""
        try:
            self.system.invalidate_cache(self.path)
            return {info["name"].rsplit("/", 1)[-1] for info in self.system.ls(self.path, detail=True) if info["type"] == "file"}
        except FileNotFoundError:
            return set()

    def make(self) -> None:
        try:
            self.system.makedirs(self.path, exist_ok=True)
        except OSError as error:
            raise CannotWriteFolder(self.url, error.strerror or error) from None

    def put(self, local: str, name: str) -> None:
        """Put a file of this machine there under a name, in the place of one that is there."""
        writing = f"{self.path}/.{name}.{secrets.token_hex(4)}.writing"
        try:
            self.system.put_file(local, writing)
            self.system.mv(writing, f"{self.path}/{name}")
        except BaseException:
            with suppress(OSError):
                self.system.rm_file(writing)
            raise

    def put_text(self, text: str, name: str) -> None:
        with TemporaryDirectory(prefix="policygraph-") as folder:
            local = Path(folder, name)
            local.write_text(text, encoding="utf-8")
            self.put(str(local), name)

    def remove(self, names: set[str]) -> None:
        for name in sorted(names):
            with suppress(FileNotFoundError):
                self.system.rm_file(f"{self.path}/{name}")

    def open(self, name: str):
        return self.system.open(f"{self.path}/{name}", "rb")


class _SheetsListed(Beside):
    """The sheets beside files at an address: of those that a listing has, up to the folder that was named."""

    def __init__(self, url: str, sheets: set[str]) -> None:
        super().__init__()
        self._url, self._listed = url.rstrip("/"), sheets

    def _nearest(self, path: str, name: str) -> str | None:
        folder = path.rpartition("/")[0]
        if (folder, name) not in self._sheets:
            above = folder
            while f"{above}/{name}" not in self._listed and above != self._url:
                above = above.rpartition("/")[0]
            self._sheets[folder, name] = f"{above}/{name}" if f"{above}/{name}" in self._listed else None
        return self._sheets[folder, name]

    def _all_beside(self, sheet: str, tried: set[str]) -> bool:
        return True  # a listing is of all files


def sheets_beside(url: str, listing: Listing) -> Beside:
    """The sheets beside the files of a folder, as they count for `extract`."""
    return _SheetsListed(url, listing.sheets) if is_address(url) else Beside(NamedFiles([file.source for file in listing.files], [url]))
