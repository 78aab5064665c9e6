"""A perfect coder of the written pairs of plans, and the true figures of links among them."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from annotated import WRITTEN, AnnotatedPair, iter_pairs

from ingest.continuity.link_figures import CodedPair, Sample
from ingest.continuity.link_sample import Drawn
from ingest.continuity.opinions import Opinion, Opinions, pair_id

SMALL = ("68_zeyang-water-2017.txt", "69_zeyang-water-2020.txt")
TWO = (*SMALL, "56_tangling-rural-2022.txt", "57_tangling-rural-2024.txt")
TO_FILL = ("continues", "note", "coder")


@pytest.fixture(scope="module")
def annotated() -> list[AnnotatedPair]:
    """The written pairs, but for those of two levels, which are compared across pairs too and were not annotated so."""
    found = [pair for pair in iter_pairs(WRITTEN) if pair.later.place == pair.earlier.place and pair.later.level == pair.earlier.level != "national"]
    assert len(found) >= 8
    return found


def yes_of(pairs: list[AnnotatedPair]) -> set[str]:
    """What a perfect coder answers with yes, links that a careful reader could deny included."""
    return {pair_id(pair.later.tasks[i].id, pair.earlier.tasks[j].id) for pair in pairs for i, j in pair.links | pair.optional}


@pytest.fixture(scope="module")
def corpus(annotated) -> Opinions:
    found = Opinions(record for pair in annotated for record in (pair.later, pair.earlier))
    assert len(found.pairs) == len(annotated), "every pair of plans that is compared is annotated"
    return found


@pytest.fixture(scope="module")
def small(annotated) -> Opinions:
    pair = next(pair for pair in annotated if pair.name == "68_69")
    return Opinions([pair.later, pair.earlier])


def everything(corpus: Opinions) -> dict[str, Opinion]:
    return {pair_id(*(task.id for task in corpus.tasks(k, cell))): corpus.of(k, cell) for k in range(len(corpus.pairs)) for cell in range(corpus.size(k))}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYGRAPH_STORE", raising=False)
    (tmp_path / "plans").mkdir()
    for name in TWO:
        shutil.copy(WRITTEN / "raw" / name, tmp_path / "plans" / name)
    return tmp_path / "plans"


@pytest.fixture(scope="module")
def answers(annotated) -> set[str]:
    return yes_of(annotated)


def rows_in(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path: str, target: str, coder: str, answers: set[str], other: dict[int, dict[str, str]] | None = None, encoding: str = "utf-8-sig", separator: str = ",") -> None:
    """The sheet as a perfect coder fills it in, but for some cells by row."""
    rows = [row | {"continues": "yes" if row["pair"] in answers else "no", "coder": coder} | (other or {}).get(k, {}) for k, row in enumerate(rows_in(path))]
    with Path(target).open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)


def figures(result) -> dict[tuple[str, str], dict]:
    assert result.exit_code == 0, result.output
    return {(row["compared"], row["figure"]): row for row in json.loads(result.stdout)}


def truth(opinions: dict[str, Opinion], answers: set[str]) -> tuple[float, float]:
    links = {pair for pair, opinion in opinions.items() if opinion.is_link}
    return len(links & answers) / len(links), len(links & answers) / len(answers & set(opinions))


def sample_of(drawn: Drawn, answers: set[str]) -> Sample:
    return Sample([CodedPair(pair.stratum, pair.opinion.is_link, pair.opinion.score, pair.id in answers) for pair in drawn.pairs], drawn.sizes, drawn.expected)
