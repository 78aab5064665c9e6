"""Partitions of work and the files that they become: what is there is kept, what is missing is made, and a list says when all is there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from api.cluster.folders import Output
from api.cluster.rows import RowFile, read_metadata
from api.cluster.scheduler import Advance, connect, iter_done
from graph.errors import PolicygraphError, Unfinished
from graph.settings import VERSION
from ingest.rules import read_with

_PART = re.compile(r"part-\d{5,}-[0-9a-f]{12}\.parquet|\.part-.*\.writing")
READING = 16  # files of which something is read at a time: an object store answers each after a while


@dataclass(slots=True)
class Job:
    """A partition of work, all of which goes to a worker."""

    name: str  # of the file that it becomes; says what it was made from
    output: str
    read_with: str


@dataclass(slots=True)
class Report:
    """What came of a partition; it stands in the metadata of its file."""

    read_with: str
    passing: bool = False  # something could not be reached, which may be otherwise next time: the partition is made again


Asked = TypeVar("Asked", bound=Job)
Told = TypeVar("Told", bound=Report)


def part_name(k: int, digest: str) -> str:
    """The name of the k-th partition's file; `digest` is of all that decides what is in it."""
    return f"part-{k:05}-{digest[:12]}.parquet"


def iter_made(address: str, place: Output, sizes: Mapping[str, int], ask: Callable[[str], Asked], work: Callable[[Asked], Told], kind: type[Told],
              advance: Advance) -> Iterator[tuple[str, Told | Exception, bool]]:
    """Of each partition by its file's name what came of it, and whether it was there before; those that are there come first.

    `ask` gives what is sent to a worker, which does `work` with it. `advance` is called with how much is done, of the sum of `sizes`.
    """
    place.make()
    there = place.names()
    done, missing = 0, dict.fromkeys(sizes)
    for name, report in _read_reports(place, [name for name in sizes if name in there], kind):
        done += sizes[name]
        del missing[name]
        yield name, report, True
    if not missing:
        return
    with connect(address) as client:
        advance(done, sum(sizes.values()))
        for name, report in iter_done(client, address, lambda name: (work, ask(name)), missing):
            done += sizes[name]
            advance(done, sum(sizes.values()))
            yield name, report, False


def _read_reports(place: Output, names: list[str], kind: type[Told]) -> Iterator[tuple[str, Told]]:
    def read(name: str) -> tuple[str, Told]:
        with place.open(name) as file:
            return name, kind(**read_metadata(file))

    with ThreadPoolExecutor(READING) as threads:
        for name, report in threads.map(read, names):
            if not report.passing:
                yield name, report


@contextmanager
def writing(job: Job, kind: type, report: Report) -> Iterator[RowFile]:
    """On a worker: the rows of a partition, put where they belong with their report when the block has ended."""
    if (here := read_with()) != job.read_with:  # a worker that came later
        raise PolicygraphError(f"a worker has policygraph {here}, expected {job.read_with} as here")
    with TemporaryDirectory(prefix="policygraph-") as folder:
        local = str(Path(folder, job.name))
        with RowFile(local, kind) as rows:
            yield rows
            rows.metadata = asdict(report)
        Output(job.output).put(local, job.name)


def why(error: Exception) -> str:
    """In a line, why a partition was not made."""
    if isinstance(error, PolicygraphError):
        return str(error)
    if type(error).__name__ == "KilledWorker":
        return "worker after worker died of it, most often because memory ran out"
    return " ".join(f"{type(error).__name__}: {error}".split())


def finish(place: Output, listed: str, told: dict[str, Any], parts: list[str]) -> None:
    """Write the list of all that is there, and take away what was made of other files."""
    place.put_text(json.dumps({"policygraph": VERSION} | told | {"parts": parts}, ensure_ascii=False, indent=1) + "\n", listed)
    place.remove({name for name in place.names() if _PART.fullmatch(name)} - set(parts))


def read_list(place: Output, listed: str, command: str) -> dict[str, Any]:
    """What `finish` wrote; raises Unfinished where it is not there, or one of its files is not."""
    try:
        with place.open(listed) as file:
            told = json.load(file)
    except FileNotFoundError:
        raise Unfinished(place.url, f"{listed} is not in it", command) from None
    if gone := set(told["parts"]) - place.names():
        raise Unfinished(place.url, f"{len(gone)} of the {len(told['parts'])} files in {listed} are gone", command)
    return told
