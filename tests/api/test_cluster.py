"""`extract --cluster` with a real scheduler and workers: the records that `extract` makes, whoever dies on the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import pytest
from commands import COMMAND, refused, run
from conftest import ROOT, SAMPLES
from dask_cluster import cluster, dask_cluster, wait_until  # noqa: F401 (a fixture)
from generated_files import write_plan_files
from mixed_folder import write_mixed_folder

from api.cluster import extraction, folders, partitions, scheduler
from api.cluster.extraction import RECORDS
from api.cluster.rows import iter_rows, read_metadata
from graph.records import DocumentRecord
from graph.settings import VERSION
from ingest.errors import NoRegularFile
from ingest.readers import iter_files
from ingest.rules import read_with

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plans(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "plans"
    write_plan_files(folder, 60, 12, 10)
    return folder


def mixed(folder: Path) -> Path:
    """The mixed folder with an archive, a torn one, a saved page with its pictures and hidden files."""
    write_mixed_folder(folder)
    with ZipFile(folder / "more.zip", "w") as archive:
        archive.write(SAMPLES / "ministry-2025.txt", "2025/again.txt")
        archive.writestr("2025/empty.txt", "")
    (folder / "torn.zip").write_bytes(b"PK\3\4 torn")
    (folder / "page_files").mkdir()
    (folder / "page.html").write_text("<html><body><p>网页</p></body></html>", encoding="utf-8")
    (folder / "page_files" / "frame.html").write_text("<html></html>", encoding="utf-8")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "plan.txt").write_text("隐藏", encoding="utf-8")
    (folder / "a").mkdir()
    shutil.copy(SAMPLES / "ministry-2022.txt", folder / "a" / "ministry-2022.txt")
    (folder / "a-b.txt").write_text("排在文件夹之后", encoding="utf-8")
    return folder


def extracted(cluster, folder, output, *options: object):
    return run("extract", "--cluster", cluster.address, folder, "-o", output, *options)


def parts_in(output: Path) -> list[Path]:
    return sorted(output.glob("part-*.parquet"))


def records_in(output: Path) -> list[DocumentRecord]:
    """In the order of the partitions."""
    names = json.loads((output / RECORDS).read_text(encoding="utf-8"))["parts"]
    found = []
    for name in names:
        with open(output / name, "rb") as file:
            found += [DocumentRecord.from_row(row) for row in iter_rows(file)]
    return found


def assert_extracted(output: Path, folder: Path) -> None:
    """The records are those of the folder, each once, in the order of the files."""
    assert [json.loads(record.to_json()) for record in records_in(output)] == [json.loads(line) for line in run("extract", folder, "--jobs", 1).stdout.splitlines()]


def told(result) -> list[str]:
    """Warnings and errors."""
    return [line for line in result.stderr.splitlines() if line.startswith(("warning: ", "error: "))]


def test_the_records_are_those_of_extract(cluster, tmp_path, monkeypatch):
    """Ids, corrections, codes, metadata, documents left out, archives, and what is told of files that cannot be read."""
    mixed(tmp_path / "plans")
    monkeypatch.chdir(tmp_path)
    alone, result = run("extract", "plans", "--jobs", 1), extracted(cluster, "plans", "records", "--partition", 7)
    assert alone.exit_code == result.exit_code == 1
    lines = alone.stdout.splitlines()
    assert [json.loads(record.to_json()) for record in records_in(tmp_path / "records")] == [json.loads(line) for line in lines]
    assert any(record.by_hand for record in records_in(tmp_path / "records")) and {record.text != "" for record in records_in(tmp_path / "records")} == {True}
    assert told(result) == told(alone) and len(told(alone)) > 10
    again = extracted(cluster, "plans", "records", "--partition", 7)
    assert told(again) == told(alone) and again.exit_code == 1
    assert f"of {len(list(iter_files(['plans'])))} files in records: 4 partitions, 4 there already" in again.stderr


def test_an_address_gives_the_same(cluster, tmp_path, monkeypatch):
    """What is at an address is reached through fsspec alone, sheets too; names are the address's."""
    mixed(tmp_path / "plans")
    monkeypatch.chdir(tmp_path)
    alone = run("extract", tmp_path / "plans", "--jobs", 1)
    place = f"file://{tmp_path}"
    result = extracted(cluster, f"{place}/plans", f"{place}/records", "--partition", 7)
    expected = alone.stdout.replace(str(tmp_path), place).splitlines()
    assert [json.loads(record.to_json()) for record in records_in(tmp_path / "records")] == [json.loads(line) for line in expected]
    assert [line.replace(str(tmp_path), place).replace("plans/corpus", f"{place}/plans/corpus") for line in told(alone) if "plans/co" not in line] == \
        [line for line in told(result) if "plans/co" not in line]
    assert [line.rpartition("/")[2] for line in told(alone) if "plans/co" in line] == [line.rpartition("/")[2] for line in told(result) if "plans/co" in line]


def test_an_object_store_is_listed_as_a_folder_is(tmp_path):
    """fsspec's memory has no folders of its own and says no time of changes that a copy has."""
    from fsspec import filesystem

    mixed(tmp_path / "plans")
    memory = filesystem("memory")
    memory.put(str(tmp_path / "plans"), "/corpus", recursive=True)
    try:
        listing = folders.list_folder("memory://corpus")
        assert [file.source.removeprefix("memory://corpus/") for file in listing.files] == [str(Path(path).relative_to(tmp_path / "plans")) for path in iter_files([tmp_path / "plans"])]
        assert listing.sheets == {f"memory://corpus/{name}" for name in ("corpus.csv", "corrections.csv", "codes.csv")}
        rows = folders.sheets_beside("memory://corpus", listing).rows_of("memory://corpus/a/ministry-2022.txt")
        assert rows.by_hand and {row.sheet for row in rows.corrections} == {"memory://corpus/corrections.csv"}
        place = folders.Output("memory://records")
        (tmp_path / "whole").write_text("1")
        place.put(str(tmp_path / "whole"), "part")
        assert place.names() == {"part"} and place.open("part").read() == b"1"
    finally:
        memory.rm("/", recursive=True)


def extracting(cluster, plans: Path, output: Path) -> subprocess.Popen[str]:
    """A client at work, two files a partition."""
    return subprocess.Popen([*COMMAND, "extract", "--cluster", cluster.address, str(plans), "-o", str(output), "--partition", "2"],
                            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_worker_killed_with_partitions_in_hand_loses_and_doubles_nothing(plans, tmp_path):
    output = tmp_path / "records"
    with dask_cluster() as cluster:
        client = extracting(cluster, plans, output)
        wait_until(lambda: len(parts_in(output)) >= 4)
        assert cluster.kill_one_at_work() and len(parts_in(output)) < 30
        said = client.communicate(timeout=200)[1]
        assert client.returncode == 0 and "60 files" in said and "30 partitions, 0 there already" in said, said
    assert len(parts_in(output)) == 30 and not list(output.glob(".*"))
    assert_extracted(output, plans)


def test_a_report_that_dies_with_its_worker_is_asked_for_again():
    """A worker keeps what it tells of a partition until the client takes it; to take its loss for the scheduler's ends the run."""
    names = [f"part {n}" for n in range(8)]
    with dask_cluster() as cluster, scheduler.connect(cluster.address) as client:
        reports = scheduler.iter_done(client, cluster.address, lambda name: (lambda name: (time.sleep(1), name.upper())[1], name), names)
        first = next(reports)
        wait_until(lambda: not any(client.processing().values()))
        assert all(client.has_what().values())
        cluster.workers[0].kill()
        wait_until(lambda: len(client.scheduler_info(n_workers=-1)["workers"]) == 1)
        assert dict([first, *reports]) == {name: name.upper() for name in names}


def test_a_restart_after_the_clients_death_makes_only_what_is_missing(plans, tmp_path):
    output = tmp_path / "records"
    with dask_cluster() as cluster:
        client = extracting(cluster, plans, output)
        wait_until(lambda: len(parts_in(output)) >= 5)
        client.kill()
        client.communicate()
        wait_until(cluster.is_idle)
        before = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in parts_in(output)}
        assert 5 <= len(before) < 30 and not (output / RECORDS).exists()
        result = extracted(cluster, plans, output, "--partition", 2)
        assert f"30 partitions, {len(before)} there already" in result.stderr
    after = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in parts_in(output)}
    assert len(after) == 30 and before.items() <= after.items()
    assert_extracted(output, plans)


def test_only_what_has_changed_is_made_anew(cluster, plans, tmp_path):
    """A changed file, a row about one file, another size of partitions, a file that is gone: what was made from them before goes."""
    folder, output = Path(shutil.copytree(plans, tmp_path / "plans")), tmp_path / "records"
    files = sorted(folder.iterdir())

    def made(*options) -> int:
        result = extracted(cluster, folder, output, *options)
        assert result.exit_code == 0, result.stderr
        assert_extracted(output, folder)
        assert {path.name for path in parts_in(output)} == set(json.loads((output / RECORDS).read_text())["parts"])
        return len(parts_in(output)) - int(result.stderr.rsplit("partitions, ", 1)[1].split()[0])

    assert made("--partition", 10) == 6
    assert made("--partition", 10) == 0
    files[15].write_text(files[15].read_text(encoding="utf-8").replace("，", "，进一步", 1), encoding="utf-8")
    assert made("--partition", 10) == 1
    (folder / "corrections.csv").write_text(f"document,quote,field,value\n{files[30].name},,level,national\n{files[31].name},,level,national\n", encoding="utf-8")
    assert made("--partition", 10) == 1
    files[-1].unlink()
    assert made("--partition", 10) == 1
    assert made("--partition", 20) == 3
    with open(parts_in(output)[0], "rb") as file:
        assert read_metadata(file)["read_with"].startswith(f"{VERSION} ")


def test_what_is_wrong_is_one_line(cluster, plans, tmp_path, monkeypatch):
    def said(*arguments, code: int = 1) -> str:
        return refused(run("extract", *arguments), code)

    out = tmp_path / "records"
    assert "needs -o" in said("--cluster", cluster.address, plans, code=2)
    assert "--jobs" in said("--cluster", cluster.address, plans, "-o", out, "--jobs", 2, code=2)
    assert "one folder" in said("--cluster", cluster.address, next(plans.iterdir()), "-o", out, code=2)
    assert "no such file or folder" in said("--cluster", cluster.address, tmp_path / "nowhere", "-o", out)
    assert "nosuch" in said("--cluster", cluster.address, "nosuch://plans", "-o", out, code=2)
    monkeypatch.setattr(scheduler, "_SECONDS", 1)
    assert "no scheduler answers" in said("--cluster", "tcp://127.0.0.1:9", plans, "-o", out)
    with dask_cluster(workers=0) as empty:
        assert "no workers" in said("--cluster", empty.address, plans, "-o", out)
    monkeypatch.setattr(scheduler, "read_with", lambda: "0.0.9 aaaaaaaaaaaa bbbbbbbbbbbb")
    assert f"this worker has policygraph {read_with()}, expected policygraph 0.0.9" in said("--cluster", cluster.address, plans, "-o", tmp_path / "other")
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'policygraph[cluster]'" in said("--cluster", cluster.address, plans, "-o", tmp_path / "other")


def test_a_partition_of_which_workers_die_is_named(plans, tmp_path, monkeypatch):
    """One hostile file must not end the run, nor take all workers with it."""
    with dask_cluster(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as cluster:
        with scheduler.connect(cluster.address) as client:
            ((_, died),) = scheduler.iter_done(client, cluster.address, lambda name: (os._exit, 1), ["a"])
            assert list(scheduler.iter_done(client, cluster.address, lambda name: (abs, -7), ["b"])) == [("b", 7)]
        monkeypatch.setattr(partitions, "iter_done", lambda client, address, ask, names: ((name, died) for name in names))
        result = extracted(cluster, plans, tmp_path / "records")
    files = sorted(plans.iterdir())
    assert result.exit_code == 1 and f"(60 files, {files[0]} to {files[-1]}) is not written: worker after worker died of it" in result.stderr
    assert not (tmp_path / "records" / RECORDS).exists()


@pytest.mark.soak
def test_a_lost_scheduler_is_told_and_the_next_run_goes_on(plans, tmp_path):
    output = tmp_path / "records"
    with dask_cluster() as cluster:
        client = extracting(cluster, plans, output)
        wait_until(lambda: len(parts_in(output)) >= 3)
        cluster.scheduler.kill()
        said = client.communicate(timeout=200)[1]
    assert client.returncode == 1 and "the scheduler went away after" in said and "Traceback" not in said
    assert 3 <= len(parts_in(output)) < 30 and not (output / RECORDS).exists()


def test_what_is_no_regular_file_is_not_read(tmp_path):
    """A worker would wait for a pipe for ever, or fill its memory from a device."""
    from fsspec.implementations.local import LocalFileSystem

    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "plan.txt").write_text("一、工作")
    (tmp_path / "link.txt").symlink_to("plan.txt")

    def read(name: str):
        return extraction._read_file(folders.Listed(name, str(tmp_path / name), None, ""), LocalFileSystem())

    for name in ("pipe.txt", "zero.txt"):
        with pytest.raises(NoRegularFile, match=name):
            read(name)
    assert read("plan.txt").text == read("link.txt").text == "一、工作"
