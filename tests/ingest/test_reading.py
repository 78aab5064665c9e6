"""Many files read in several processes: the same as in one, whatever happens to one of them."""

from __future__ import annotations

import errno
import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLES
from generated_files import iter_plan_files, write_plan_files
from generated_series import generate
from mixed_folder import write_mixed_folder

from api import jobs
from api.extraction import lines_of
from api.known import Known
from graph.fingerprint import fingerprint
from graph.store import Store, open_store
from ingest import processes, reading
from ingest.beside import Beside
from ingest.pipeline import build, extract
from ingest.readers import Source, hash_file
from ingest.reading import Reading, iter_readings, read_file

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Other processes read from the first file on."""
    monkeypatch.setattr(reading, "ALONE", 0.0)


@pytest.fixture
def folder(tmp_path) -> Path:
    return write_mixed_folder(tmp_path / "plans")


def told(files, processes: int, known: Known | None = None):
    failures, seen = jobs.Failures(), []
    made = list(jobs.iter_records(files, failures, seen.append, known, make=lines_of, processes=processes))
    return made, failures.warnings, failures.errors, seen


@pytest.mark.parametrize("known", [lambda: None, lambda: Known({})], ids=["all", "those that are not known"])
def test_several_processes_give_what_one_gives(folder, known):
    """Order, content, every warning (rows of sheets that met nothing among them) and every failure."""
    files = jobs.list_files([str(folder)])
    alone, together = told(files, 1, known()), told(files, 2, known())
    assert alone == together
    made, warnings, errors, seen = alone
    assert len(made) == 16 and seen == files
    assert [line.split(":")[0].split("/")[-1] for line in errors] == ["empty.txt", "later-empty.txt", "torn.docx"]
    for row in ("corrections.csv:2", "corrections.csv:4", "corrections.csv:5", "codes.csv:3"):
        assert any(f"{row}: not applied" in line for line in warnings), row
    assert not any(f"{row}: " in line for line in warnings for row in ("corrections.csv:3", "codes.csv:2", "codes.csv:4"))


def lines_or_death(records):
    """In a process that reads: killed, as by a system that is out of memory, at two of the files."""
    if "2012" in records[0].source:
        os.kill(os.getpid(), signal.SIGKILL)
    return lines_of(records)


def test_a_file_whose_process_is_killed_is_named_and_the_others_done(tmp_path):
    """One monster of a file would cost the night's run, or a run would wait for it for ever."""
    files = write_plan_files(tmp_path, 20, tasks=4)
    failures = jobs.Failures()
    made = list(jobs.iter_records(files, failures, lambda path: None, make=lines_or_death, processes=2))
    dead = [path for path in files if "2012" in path]
    assert len(dead) == 2 and len(made) == 18
    assert [line.startswith(f"{path}: the process that worked on this was killed by signal 9") for path, line in zip(dead, failures.errors, strict=True)] == [True, True]


def test_a_file_whose_process_cannot_start_is_named(tmp_path, monkeypatch):
    """Where memory is short the run would end with a traceback."""
    def die(*_):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(processes._Process, "__init__", die)
    files = write_plan_files(tmp_path, 2, tasks=4)
    _, _, errors, _ = told(files, 2)
    assert [line.startswith(f"{path}: the process that worked on this could not start") for path, line in zip(files, errors, strict=True)] == [True, True]


def read_by(records):
    return os.getpid()


def test_of_much_nothing_is_read_here(tmp_path, monkeypatch):
    """The first file could end the run, and both would load what reads it. Of what is known already nothing need be read."""
    monkeypatch.setattr(reading, "ALONE", 1e9)
    files = write_plan_files(tmp_path, 6, tasks=4)
    monkeypatch.setattr(reading, "MUCH", os.path.getsize(files[0]) + 1)

    def readers(known=None) -> set[int]:
        return set(jobs.iter_records(files, jobs.Failures(), lambda path: None, known, make=read_by, processes=2))

    held = {path: (hash_file(path), "") for path in files[1:]}
    assert os.getpid() not in readers() | readers(Known({}))
    assert readers(Known(held)) == {os.getpid()}


def test_a_run_that_leaves_its_files_to_others_does_not_load_what_reads_them(tmp_path):
    """Each process of spaCy takes 70 MB and most of a second: the one that only asks has no need of it."""
    write_plan_files(tmp_path / "plans", 12, tasks=4)
    code = "from ingest import reading; reading.MUCH = 0; import sys; from api.cli import app; app(standalone_mode=False); print('spacy' in sys.modules, file=sys.stderr)"
    for asked in (["extract", str(tmp_path / "plans")], ["ingest", str(tmp_path / "plans"), "--store", str(tmp_path / "graph.lbug")]):
        run = subprocess.run([sys.executable, "-c", code, *asked, "--jobs", "2"], capture_output=True, text=True, check=True, cwd=ROOT)
        assert run.stderr.splitlines()[-1] == "False", asked


def test_what_a_process_keeps_does_not_grow_with_its_files(tmp_path):
    """A night's run would end where memory does: of a file nothing is to stay but what is kept of its names."""
    files, kept = write_plan_files(tmp_path, 90, tasks=10), []
    beside = Beside(files)
    for some in (files[:30], files[30:60], files[60:]):
        for path in some:
            read_file(path, beside, lines_of)
        gc.collect()
        kept.append((len(gc.get_objects()), len(build().vocab.strings)))
    (objects, strings), (more_objects, more_strings) = kept[1:]
    assert more_objects - objects < 5 * 30 and more_strings - strings < 5 * 30, kept


def test_few_files_wait_however_many_there_are(tmp_path):
    """Memory would grow with the number of files: where records are taken slowly, no more may be read."""
    files = write_plan_files(tmp_path, 60, tasks=2)
    asked: list[str] = []

    def ask():
        for path in files:
            asked.append(path)
            yield path

    ahead = []
    for taken, _ in enumerate(iter_readings(ask(), jobs.Beside(files), len, 2), 1):
        ahead.append(len(asked) - taken)
    assert len(ahead) == 60 and max(ahead) < reading.AHEAD * 2 < 30


def test_what_is_no_path_keeps_its_place(tmp_path):
    """A file that need not be read is told in its turn, and starts no process."""
    files = write_plan_files(tmp_path, 4, tasks=2)
    asked = [Reading("first"), *files[:2], Reading("between"), *files[2:], Reading("last")]
    found = [one.path for one in iter_readings(iter(asked), jobs.Beside(files), len, 2)]
    assert found == ["first", *files[:2], "between", *files[2:], "last"]


def test_copies_of_a_file_that_cannot_be_read_are_all_named(tmp_path):
    """Ten failed downloads are the same page of excuses: to name one and call nine unchanged would hide them."""
    for n in range(3):
        (tmp_path / f"{n}.pdf").write_bytes(b"<html>404</html>")
        (tmp_path / f"plan-{n}.txt").write_text((SAMPLES / "ministry-2025.txt").read_text(encoding="utf-8"), encoding="utf-8")
    files = jobs.list_files([str(tmp_path)])
    for processes in (1, 2):
        known = Known({})
        made, _, errors, _ = told(files, processes, known)
        assert (len(made), len(errors), known.skipped) == (1, 3, 2)


def children_of(process: int) -> list[int]:
    """Those that it started, and those that they started."""
    own = [int(child) for thread in Path(f"/proc/{process}/task").iterdir() for child in (thread / "children").read_text().split()]
    return own + [child for started in own for child in children_of(started)]


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_process_behind(tmp_path, stop):
    """Ctrl-C, which the terminal sends to all of them, or a kill: readers would go on for nobody, or for ever."""
    write_plan_files(tmp_path, 200, tasks=30)
    code = "from ingest import reading; reading.ALONE = 0.0; from api.cli import app; app()"
    run = subprocess.Popen([sys.executable, "-c", code, "extract", str(tmp_path), "--jobs", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, cwd=ROOT)
    assert run.stdout.readline()
    readers = children_of(run.pid)
    assert len(readers) >= 3  # what reads, what that is a copy of, and Python's tracker of resources
    if stop is signal.SIGINT:
        os.killpg(run.pid, stop)
    else:
        run.kill()
    words = run.communicate()[1].decode()
    assert run.returncode in (130, -signal.SIGKILL) and "Traceback" not in words
    end = time.monotonic() + 20
    while any(map(is_running, readers)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(is_running, readers))


def test_an_ingest_that_was_stopped_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """After Ctrl-C in the third hour the first three hours would be done again, or the graph would differ."""
    files, read = write_plan_files(tmp_path / "plans", 40, tasks=5), []
    monkeypatch.setattr(Store, "tasks_at_once", 50)
    load = jobs.load

    def load_two(*arguments, **options):
        read.append(len(arguments[1]))
        if len(read) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return load(*arguments, **options)

    stopped, undisturbed = str(tmp_path / "stopped.lbug"), str(tmp_path / "undisturbed.lbug")
    monkeypatch.setattr(jobs, "load", load_two)
    with pytest.raises(KeyboardInterrupt):
        jobs.ingest_files(files, stopped, False, jobs.Failures(), lambda path: None, processes=2)
    monkeypatch.setattr(jobs, "load", load)
    report = jobs.ingest_files(files, stopped, False, jobs.Failures(), lambda path: None, processes=2)
    assert report.unchanged == sum(read[:2]) > 10 and report.loaded + report.unchanged == 40
    jobs.ingest_files(files, undisturbed, False, jobs.Failures(), lambda path: None)
    with open_store(stopped) as one, open_store(undisturbed) as other:
        assert fingerprint(one) == fingerprint(other)


def test_made_up_plans_are_read_as_they_were_made():
    """Bodies, years and words (of which the ids are), and whoever is named in which role, clauses in all wordings. What
    carries on is known by the same ids."""
    corpus = generate(8, years=3, tasks=10)
    plans = list(iter_plan_files(corpus))
    assert plans == list(iter_plan_files(generate(8, years=3, tasks=10)))
    known = set()
    for plan in plans:
        (record,) = extract(Source(plan.name, "0", plan.text))
        assert {task.id: [(unit.surface, unit.role) for unit in task.units] for task in record.tasks} == plan.units
        known.update(plan.units)
    assert len(plans) == 24 and len(corpus.links) > 100 and all(later in known and earlier in known for later, earlier, _ in corpus.links)
