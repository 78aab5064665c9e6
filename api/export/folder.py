"""An export in a folder of the user's: new, empty, or an earlier export."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.export import MARKER, write_export
from graph.errors import CannotWriteFolder, FolderTaken
from graph.store import Store


_REPORT = "import.report"  # neo4j-admin writes it where it is run


def check_folder(path: str) -> None:
    """Raises FolderTaken where a folder holds anything that no export wrote, CannotWriteFolder where it is none."""
    folder = Path(path)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise CannotWriteFolder(path, "it is a file")
    try:
        ours = {*json.loads((folder / MARKER).read_text(encoding="utf-8"))["files"], _REPORT}
    except (OSError, ValueError, KeyError, TypeError):
        ours = set()
    folders = {parent.as_posix() for name in ours for parent in Path(name).parents}
    for found in sorted(folder.rglob("*")):
        name = found.relative_to(folder).as_posix()
        if name not in (folders if found.is_dir() else ours):
            raise FolderTaken(path, name)


def export_folder(store: Store, format: str, path: str) -> dict[str, Any]:
    """Write an export to a folder; returns what its marker says. Raises FolderTaken, CannotWriteFolder, a StoreError."""
    return write_folder(path, lambda folder: write_export(store, format, folder))


def write_folder(path: str, write: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """What `write` makes in an empty folder, in the place of an earlier export; returns what it returns."""
    check_folder(path)
    try:
        with _new_folder(Path(path).resolve()) as folder:
            return write(folder)
    except OSError as error:
        raise CannotWriteFolder(path, error.strerror or error) from None


@contextmanager
def _new_folder(place: Path) -> Iterator[Path]:
    """A folder beside `place` that takes it over when all is written."""
    mark = secrets.token_hex(4)
    writing, before = place.with_name(f".{place.name}.{mark}.writing"), place.with_name(f".{place.name}.{mark}.before")
    writing.mkdir(parents=True)
    try:
        yield writing
        if place.exists():
            place.rename(before)
        try:
            writing.rename(place)
        except OSError:
            if before.exists():
                before.rename(place)
            raise
        shutil.rmtree(before, ignore_errors=True)
    finally:
        shutil.rmtree(writing, ignore_errors=True)
