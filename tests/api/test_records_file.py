"""`extract -o FILE`: a long run that is stopped goes on in its file, which ends as if nothing had happened."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import refused, run
from conftest import SAMPLES

from ingest import pipeline


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(SAMPLES, tmp_path / "plans"))


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The names of the files that are read, in order."""
    names: list[str] = []
    extract = pipeline.extract

    def noted(source, rows=None):
        names.append(Path(source.path).name)
        return extract(source, rows)

    monkeypatch.setattr(pipeline, "extract", noted)
    return names


def extracted(folder, output):
    result = run("extract", folder, "-o", output, "--jobs", "1")
    assert result.exit_code == 0 and result.stdout == ""
    return result.stderr


def test_the_file_holds_what_would_be_printed(folder, tmp_path):
    words = extracted(folder, tmp_path / "out.jsonl")
    assert f"6 documents written to {tmp_path / 'out.jsonl'}; 0 files in it already" in words
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == run("extract", folder).stdout


@pytest.mark.parametrize("kept", [0.1, 0.4, 0.7, 0.98, 1])
def test_a_run_that_was_stopped_goes_on(folder, tmp_path, read, kept):
    """A half line, or half of a file's documents, would make the file useless or count tasks that are not there."""
    output = tmp_path / "out.jsonl"
    extracted(folder, output)
    whole = output.read_bytes()
    ends = [k + 1 for k, byte in enumerate(whole) if byte == ord("\n")]
    sources = [Path(json.loads(line)["source"]).name for line in whole.splitlines()]
    cut = round(kept * len(whole))
    output.write_bytes(whole[:cut])
    read.clear()
    extracted(folder, output)
    assert output.read_bytes() == whole
    standing = sources[:sum(end <= cut for end in ends)]
    files = list(dict.fromkeys(sources))
    assert read == (files[files.index(standing[-1]):] if standing else files)  # the last file that stood there, too


def test_a_file_that_has_changed_is_read_again_and_its_old_lines_go(folder, tmp_path, read):
    output = tmp_path / "out.jsonl"
    extracted(folder, output)
    before = output.read_text(encoding="utf-8").splitlines()
    (folder / "duties.txt").write_text((folder / "duties.txt").read_text(encoding="utf-8").replace("海岸司", "海洋司"), encoding="utf-8")
    (folder / "corrections.csv").write_text("document,quote,field,value\nministry-2022.txt,,years,2023\n", encoding="utf-8")
    read.clear()
    extracted(folder, output)
    assert read == ["duties.txt", "ministry-2022.txt", "ministry-2025.txt"]
    after = output.read_text(encoding="utf-8").splitlines()
    assert sorted(after) == sorted(run("extract", folder).stdout.splitlines()) and len(after) == len(before) and after[:3] == before[:3]
    assert not Path(f"{output}.new").exists()


def test_lines_of_other_files_stay(folder, tmp_path):
    """A second folder, read into the same file."""
    output = tmp_path / "out.jsonl"
    extracted(folder / "ministry-2022.txt", output)
    extracted(folder / "duties.txt", output)
    assert [Path(json.loads(line)["source"]).name for line in output.read_text(encoding="utf-8").splitlines()] == ["ministry-2022.txt", "duties.txt"]


def test_a_file_of_something_else_is_left_as_it_is(folder, tmp_path):
    """Naming one's notes by mistake must not cost them."""
    notes = tmp_path / "notes.txt"
    for words in ("my notes\n", '{"a": 1}\n', "my notes"):
        notes.write_text(words)
        assert f"{notes}:1: this is no record" in refused(run("extract", folder, "-o", notes), 1)
        assert notes.read_text() == words


def test_what_cannot_be_written_is_refused(folder, tmp_path):
    assert "-o writes JSON lines" in refused(run("extract", folder, "-o", tmp_path / "a.csv", "--format", "csv"), 2)
    assert "cannot be written" in refused(run("extract", folder, "-o", tmp_path / "none" / "a.jsonl"), 1)
    assert "'--jobs'" in run("extract", folder, "--jobs", "0").stderr
