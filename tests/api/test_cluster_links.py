"""`link --cluster` with a real scheduler and workers: the links that `link` finds on one machine."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from commands import COMMAND, refused, run
from conftest import ROOT, SAMPLES
from dask_cluster import cluster, dask_cluster, wait_until  # noqa: F401 (a fixture)
from generated_files import write_plan_files

from api.cluster.linking import LINKS, StoredLink, link_records_of
from api.cluster.rows import iter_rows
from api.jobs import Failures
from graph.records import LinkRecord
from ingest.continuity.links import link_records
from ingest.pipeline import extract
from ingest.readers import iter_files, read_source

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plans(cluster, tmp_path_factory) -> Path:
    """A folder of plans and beside it their records; one plan stands in two files."""
    folder = tmp_path_factory.mktemp("made") / "plans"
    write_plan_files(folder, 40, 10, 10)
    for sample in SAMPLES.glob("*.txt"):
        (folder / sample.name).write_bytes(sample.read_bytes())
    (folder / "twice.txt").write_bytes((SAMPLES / "ministry-2022.txt").read_bytes())
    assert run("extract", "--cluster", cluster.address, folder, "-o", folder.parent / "records", "--partition", 7).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def alone(plans) -> list[LinkRecord]:
    return link_records(record for path in iter_files([plans]) for record in extract(read_source(path)))


def links_in(output: Path) -> list[StoredLink]:
    found = []
    for name in json.loads((output / LINKS).read_text(encoding="utf-8"))["parts"]:
        with open(output / name, "rb") as file:
            found += [StoredLink(**row) for row in iter_rows(file)]
    return found


def as_found(links: list[StoredLink]) -> list[dict]:
    names = [field.name for field in fields(LinkRecord)]
    return [{name: getattr(link, name) for name in names} for link in links]


def parts_in(output: Path) -> set[str]:
    return {path.name for path in output.glob("part-*.parquet")}


def test_the_links_are_those_of_one_machine(cluster, plans, alone, tmp_path):
    """Scores, words, reasons and order, whatever the partitions are; what lies below the cut, too."""
    assert {link.standing for link in alone} == {"link", "perhaps"} and len(alone) > 500
    for size in (20, 10_000):
        made = link_records_of(cluster.address, str(plans.parent / "records"), str(tmp_path / "links"), Failures(), lambda done, of: None, size=size)
        assert as_found(links_in(tmp_path / "links")) == [asdict(link) for link in alone]
        assert made.links == sum(link.standing == "link" for link in alone)
        assert parts_in(tmp_path / "links") == set(json.loads((tmp_path / "links" / LINKS).read_text())["parts"])
    assert made.partitions == 1


@pytest.mark.soak
def test_a_killed_worker_and_a_killed_client_lose_and_double_nothing(plans, alone, tmp_path):
    output = tmp_path / "links"
    command = [*COMMAND[:2], f"from api import cluster; cluster.PAIRS = 1; {COMMAND[2]}", "link", "--from-records", str(plans.parent / "records"), "-o", str(output), "--cluster"]
    with dask_cluster() as cluster:
        client = subprocess.Popen([*command, cluster.address], cwd=ROOT, stderr=subprocess.DEVNULL)
        wait_until(lambda: len(parts_in(output)) >= 3)
        client.kill()
        client.wait()
        wait_until(cluster.is_idle)
        before = {name: (output / name).stat().st_mtime_ns for name in parts_in(output)}
        assert not (output / LINKS).exists()
        client = subprocess.Popen([*command, cluster.address], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: len(parts_in(output)) > len(before))
        assert cluster.kill_one_at_work()
        said = client.communicate(timeout=200)[1]
    assert client.returncode == 0 and f"{len(before)} there already" in said
    assert before.items() <= {name: (output / name).stat().st_mtime_ns for name in parts_in(output)}.items()
    assert as_found(links_in(output)) == [asdict(link) for link in alone]


def test_verdicts_beside_the_files_rule(cluster, plans, alone, tmp_path):
    """Only the partition is made anew in which the task stands on which somebody ruled."""
    records, output = plans.parent / "records", tmp_path / "links"

    def made() -> int:
        result = link_records_of(cluster.address, str(records), str(output), Failures(), lambda done, of: None, size=20)
        return result.partitions - result.there

    assert made() > 10
    link = next(link for link in alone if link.standing == "link")
    sheet = plans / "verdicts.csv"
    sheet.write_text(f"later,earlier,verdict,note,by\n{link.later},{link.earlier},not,另一件事,李\n", encoding="utf-8")
    try:
        assert made() == 1
        (ruled,) = (one for one in links_in(output) if one.method == "hand")
        printed = [json.loads(line) for line in run("link", plans, "--perhaps").stdout.splitlines()]
        assert (ruled.later, ruled.earlier, ruled.standing, ruled.by) == (link.later, link.earlier, "not", "李")
        assert as_found(links_in(output)) == printed
    finally:
        sheet.unlink()


def test_what_is_wrong_is_one_line(cluster, plans, tmp_path):
    records = plans.parent / "records"
    assert "needs -o" in refused(run("link", "--cluster", cluster.address, "--from-records", records), 2)
    assert "records.json is not in it; run `policygraph extract --cluster" in refused(run("link", "--cluster", cluster.address, "--from-records", plans, "-o", tmp_path / "links"), 1)
