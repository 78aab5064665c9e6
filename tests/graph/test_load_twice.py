"""Loading, loading again, changing, removing: a researcher repeats `ingest` on a growing folder and trusts what is there."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import SAMPLES
from whole_graph import dump, iter_spans, misplaced

from api import jobs
from graph.embedded_writing import EmbeddedTransaction
from graph.errors import NothingToRemove, WriteMiscounted
from graph.load import WAITING, LoadReport, count_graph, iter_batches, remove
from graph.server import ServerTransaction
from graph.store import is_server, open_store
from ingest.graph_rows import bundle_of

pytestmark = pytest.mark.slow
CITY, DUTIES, EARLIER, LATER = "city-compilation.txt", "duties.txt", "ministry-2022.txt", "ministry-2025.txt"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the samples that a test may change."""
    return Path(shutil.copytree(SAMPLES, tmp_path / "plans"))


def ingest(url: str, *paths: Path, replace: bool = False) -> LoadReport:
    failures = jobs.Failures()
    report = jobs.ingest_files(jobs.list_files(map(str, paths)), url, replace, failures, lambda path: None)
    assert failures.errors == []
    return report


def dump_of(url: str) -> list[str]:
    with open_store(url) as store:
        return dump(store)


def tag_of(url: str) -> str:
    with open_store(url) as store:
        return store.version_tag()


def ids_of(lines: list[str]) -> list[tuple[str, ...]]:
    """What a node or edge is, without what is stored on it."""
    return sorted((kind, *(stored[end] for end in ("id", "source", "target") if end in stored and kind != "Document"), str(stored.get("start_char")))
                  for kind, stored in map(json.loads, lines))


def test_loading_twice_equals_loading_once(empty_url, folder):
    """Running `ingest` again by mistake would double every count."""
    first = ingest(empty_url, folder)
    once, tag = dump_of(empty_url), tag_of(empty_url)
    second = ingest(empty_url, folder)
    assert (first.loaded, first.plans, first.tasks, first.unchanged) == (6, 3, 62, 0)
    assert not second.wrote and second.unchanged == 4 and second.notes == []
    assert dump_of(empty_url) == once
    assert tag_of(empty_url) == tag


def test_a_changed_file_replaces_its_own_plan_and_nothing_else(empty_url, folder):
    """A corrected download would leave tasks of the old text in the graph, or take those of other plans along."""
    ingest(empty_url, folder)
    before = dump_of(empty_url)
    original = (folder / CITY).read_text(encoding="utf-8")
    changed = original.replace("全年更换65万只", "全年更换66万只").replace("新产品10个以上", "新产品11个以上")
    (folder / CITY).write_text(changed, encoding="utf-8")
    report = ingest(empty_url, folder)
    after = dump_of(empty_url)
    assert (report.replaced, report.loaded, report.unchanged) == (1, 3, 3)
    assert not any("65万只" in line for line in after if line.startswith('["Task"'))
    assert sum("66万只" in line for line in after if line.startswith('["Task"')) == 1
    gone, come = set(before) - set(after), set(after) - set(before)
    assert gone and come
    for line in gone | come:
        kind, stored = json.loads(line)
        assert kind not in ("Department", "Policy", "Programme", "ISSUED_BY", "PART_OF", "IS"), line
        assert stored.get("source", CITY).endswith(CITY) or kind != "Document", line
    # The two tasks with their edges are the only ones that change.
    assert sum(line.startswith('["Task"') for line in gone) == 2 == sum(line.startswith('["Task"') for line in come)
    (folder / CITY).write_text(original, encoding="utf-8")
    ingest(empty_url, folder)
    assert dump_of(empty_url) == before


def test_the_order_of_files_does_not_matter(tmp_path, folder):
    """Two colleagues with the same folder could not compare ids, or would get other links."""
    one, other = str(tmp_path / "one.lbug"), str(tmp_path / "other.lbug")
    ingest(one, folder / EARLIER, folder / LATER, folder / CITY, folder / DUTIES)
    for name in (DUTIES, CITY, LATER, EARLIER):
        ingest(other, folder / name)
    assert ids_of(dump_of(one)) == ids_of(dump_of(other))
    assert dump_of(one) == dump_of(other)


def test_a_plan_from_another_source_is_not_loaded_twice(empty_url, folder):
    """A plan saved under a second name (a download with other line ends) would count twice."""
    ingest(empty_url, folder)
    before, tag = dump_of(empty_url), tag_of(empty_url)
    copy = folder / "again.txt"
    copy.write_bytes((folder / LATER).read_bytes().replace(b"\n", b"\r\n"))
    report = ingest(empty_url, copy)
    assert len(report.notes) == 1 and str(folder / LATER) in report.notes[0] and str(copy) in report.notes[0]
    assert not report.wrote
    assert dump_of(empty_url) == before
    assert tag_of(empty_url) == tag, "nothing was written, so what is cached of the graph stays good"


def test_replace_takes_the_plan_from_the_new_source(empty_url, folder):
    """Without it nobody could swap a bad copy of a plan for a good one."""
    ingest(empty_url, folder)
    before = dump_of(empty_url)
    copy = folder / "again.txt"
    copy.write_bytes((folder / LATER).read_bytes().replace(b"\n", b"\r\n"))
    report = ingest(empty_url, copy, replace=True)
    after = dump_of(empty_url)
    assert (report.loaded, report.notes) == (1, [])
    sources = [json.loads(line)[1]["source"] for line in after if line.startswith('["Document"')]
    assert str(copy) in sources and str(folder / LATER) not in sources
    assert [key[:-1] for key in ids_of(after)] == [key[:-1] for key in ids_of(before)]


def test_one_plan_twice_in_one_run_is_loaded_once(empty_url, folder):
    """A folder with a plan and its copy would give it twice, or fail."""
    (folder / "again.txt").write_bytes((folder / LATER).read_bytes().replace(b"\n", b"\r\n"))
    report = ingest(empty_url, folder)
    assert (report.plans, report.tasks, len(report.notes)) == (3, 62, 1)


@pytest.mark.parametrize("taken", [CITY, DUTIES, EARLIER, LATER])
def test_remove_leaves_nothing_behind(empty_url, tmp_path, folder, taken):
    """What was withdrawn from the corpus would go on counting, or its units stand as empty rows."""
    never = str(tmp_path / "never.lbug")
    ingest(never, *(folder / name for name in (CITY, DUTIES, EARLIER, LATER) if name != taken))
    ingest(empty_url, folder)
    with open_store(empty_url, "write") as store:
        titles = remove(store, str(folder / taken))
    assert len(titles) == (3 if taken == CITY else 1)
    assert dump_of(empty_url) == dump_of(never)


def test_removing_everything_leaves_an_empty_graph(empty_url, folder):
    """Shared units, policies and programmes would pile up."""
    ingest(empty_url, folder)
    with open_store(empty_url, "write") as store:
        for name in (LATER, CITY, DUTIES, EARLIER):
            remove(store, str(folder / name))
        assert {kind for kind, n in count_graph(store).items() if n} == {"Meta"}


@pytest.mark.parametrize("said", ["title", "plan", "document"])
def test_remove_takes_a_title_or_an_id(empty_url, folder, said):
    """One plan of a compilation could only be removed with the whole file."""
    ingest(empty_url, folder)
    with open_store(empty_url, "write") as store:
        row = store.read("MATCH (d:Document)-[:CONTAINS]->(p:Plan) WHERE p.first_year = 2022 RETURN d.id AS document, p.id AS plan, p.title AS title")[0]
        assert remove(store, row[said]) == [row["title"]]
        assert count_graph(store)["Plan"] == 2


def test_removing_what_is_not_there_says_what_is(empty_url, folder):
    """A mistyped path would look like a removal."""
    ingest(empty_url, folder)
    before = dump_of(empty_url)
    with open_store(empty_url, "write") as store, pytest.raises(NothingToRemove, match="no-such.txt.*" + CITY):
        remove(store, "no-such.txt")
    assert dump_of(empty_url) == before


def test_every_span_is_verbatim(empty_url, folder):
    """A number could not be led back to its words."""
    ingest(empty_url, folder)
    with open_store(empty_url) as store:
        kinds = {what for what, _, _ in iter_spans(store)}
        assert misplaced(store) == []
    assert kinds >= {"task", "clause", "goal", "unit", "task's indicator", "goal's indicator", "duty", "task's Policy", "plan's Policy",
                     "task's Programme", "evidence, later", "evidence, earlier"}


@pytest.mark.parametrize("counted", ["create_edges", "create_nodes"])
def test_a_failing_write_leaves_the_graph_as_it_was(empty_url, folder, monkeypatch, counted):
    """Half a plan would be in the graph, and every count a little wrong."""
    ingest(empty_url, folder / EARLIER, folder / CITY)
    before, tag = dump_of(empty_url), tag_of(empty_url)
    (folder / CITY).write_text((folder / CITY).read_text(encoding="utf-8").replace("65万只", "66万只"), encoding="utf-8")
    engine = ServerTransaction if is_server(empty_url) else EmbeddedTransaction
    honest = getattr(engine, counted)

    def one_short(self, *given):
        *which, rows = given
        return honest(self, *which, rows[1:])

    with monkeypatch.context() as patch:
        patch.setattr(engine, counted, one_short)
        with pytest.raises(WriteMiscounted, match="the transaction was undone"):
            ingest(empty_url, folder)
    assert dump_of(empty_url) == before
    assert tag_of(empty_url) == tag
    assert ingest(empty_url, folder).loaded == 5


def test_what_is_worked_out_once_is_worked_out_anew_after_a_write(empty_url, folder):
    """Each answer would count all plans again for its basis, or tell of plans that are no longer there."""
    ingest(empty_url, folder / EARLIER)
    asked = []
    with contextlib.closing(open_store(empty_url)) as store:
        def plans() -> int:
            with store.snapshot() as seen:
                return seen.once("plans", lambda: asked.append(1) or seen.read("MATCH (p:Plan) RETURN count(p) AS n")[0]["n"])

        assert (plans(), plans(), len(asked)) == (1, 1, 1)
        ingest(empty_url, folder / LATER)
        assert (plans(), len(asked)) == (2, 2)


def test_what_is_read_slowly_is_loaded_every_few_seconds(monkeypatch, sample_records):
    """A stop of a long reading loses some seconds of it, not all that a large transaction takes."""
    now = [0.0]
    # The module's own name alone: the clock of the process is that of every event loop in it.
    monkeypatch.setattr("graph.load.time", SimpleNamespace(monotonic=lambda: now[0]))

    def read():
        for record in sample_records[:6]:
            now[0] += 0.4 * WAITING
            yield [bundle_of(record)]

    sizes = []
    for batch in iter_batches(read(), 1_000_000):
        sizes.append(len(batch))
        now[0] += 100 * WAITING  # loading it is not reading
    assert sizes == [3, 3]
