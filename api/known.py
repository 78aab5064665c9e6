"""Files that a run need not read, because they were read before as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.beside import Beside
from ingest.errors import InputError
from ingest.readers import hash_file
from ingest.reading import Reading

Seen = tuple[str, str]  # sha256 of a file's bytes, hash of the rows by hand that concern it


class Known:
    """Files that need not be read: `held` is source to what was seen of it. A copy of one under a new path need not either,
    where `copies` is true; that holds for the files of the same run too."""

    def __init__(self, held: Mapping[str, Seen], copies: bool = True) -> None:
        self.skipped = 0
        self._held, self._copies = dict(held), copies
        self._times = Counter(self._held.values())
        self._failed: set[Seen] = set()

    def is_new(self, path: str) -> bool:
        """Whether nothing is held of a file."""
        return path not in self._held

    def holds(self, path: str, seen: Seen) -> bool:
        """Whether a file need not be read; one that must is held from now on."""
        # One that changed into another's bytes is still a changed file.
        if self._held.get(path) == seen or self._copies and path not in self._held and self._times[seen] > 0:
            return True
        if self._copies:
            self._let_go(path)
            self._held[path] = seen
            self._times[seen] += 1
        return False

    def failed(self, path: str) -> None:
        """A file that was to be read could not be."""
        if self._copies and (seen := self._let_go(path)):
            self._failed.add(seen)

    def has_failed(self, seen: Seen) -> bool:
        return seen in self._failed

    def _let_go(self, path: str) -> Seen | None:
        if seen := self._held.pop(path, None):
            self._times[seen] -= 1
        return seen


@dataclass(slots=True)
class Skipped(Reading[Any]):
    """A file that need not be read."""

    seen: Seen = ("", "")


def iter_asked(files: Iterable[str], known: Known, beside: Beside) -> Iterator[str | Reading]:
    """Each file, or that it need not be read."""
    for path in files:
        try:
            seen = hash_file(path), beside.rows_of(path).by_hand
        except InputError:  # who reads it says so
            yield path
        else:
            yield Skipped(path, seen=seen) if known.holds(path, seen) else path
