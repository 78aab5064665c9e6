"""Counts and intervals of a validation: known answers, the laws, and every figure of the scorer that ships with the annotations."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
import sys
from pathlib import Path

import pytest
from conftest import SAMPLES, records_in

from ingest.annotations import METADATA, Annotation, evaluate_file, pair_files, read_annotations
from ingest.errors import BadAnnotation, NoAnnotations
from ingest.evaluation import FIELDS, SHARES, Comparison, compare
from ingest.intervals import f1_interval, kappa, recall_interval, wilson
from ingest.readers import iter_files, read_source
from ingest.readings import Reading, TargetRead, TaskRead, UnitRead

PLANS = Path(__file__).parent.parent / "data" / "plans"


def place(start: int, end: int) -> str:
    return f"plan.txt, characters {start} to {end}"


# --- known answers ----------------------------------------------------------------------------------

TEXT = "推进平台建设，接入500家以上。培训教师3000人。开展检查。"


def task(key: str, start: int, end: int, *units: tuple[str, str]) -> TaskRead:
    return TaskRead(key, start, end, [UnitRead(*unit) for unit in units])


def counts(wanted: Reading, found: Reading) -> dict[str, tuple[int, int, int]]:
    result = compare(wanted, found, "plan", place)
    return {name: result.total(name) for name in FIELDS}


def test_a_task_found_one_missed_one_invented():
    """Right, too many, missed: what stands in a missed task is missed, in an invented one too much."""
    wanted = Reading(TEXT, [task("a", 0, 16, ("市教委", "lead"), ("市财政局", "support")), task("b", 16, 26, ("市人社局", "lead"))],
                     [TargetRead("a", 500, ">=", "500家以上"), TargetRead("b", 3000, "=", "3000人")])
    found = Reading(TEXT, [task("t1", 1, 16, ("市教委", "lead"), ("市财政局", "lead")), task("t2", 26, 31, ("市城管局", "lead"))],
                    [TargetRead("t1", 500, ">", "500家以上"), TargetRead("t2", 7, "=", "7家", place=(28, 30))])
    assert counts(wanted, found) == {"tasks": (1, 1, 1), "exact": (0, 2, 2), "units": (1, 2, 2), "names": (2, 1, 1), "indicators": (0, 2, 2)}
    lines = [str(miss) for miss in compare(wanted, found, "plan", place).misses]
    assert lines == [
        "plan.txt, characters 0 to 16: exact: expected “推进平台建设，接入500家以上。”, found “进平台建设，接入500家以上。”",
        "plan.txt, characters 0 to 16: units: expected 市财政局=support, found 市财政局=lead",
        "plan.txt, characters 16 to 26: tasks: expected “培训教师3000人。”, found nothing (best overlap 0.00)",
        "plan.txt, characters 16 to 26: units: expected 市人社局=lead, found nothing",
        "plan.txt, characters 26 to 31: tasks: expected no task, found “开展检查。”",
        "plan.txt, characters 26 to 31: units: expected nothing, found 市城管局=lead",
        "plan.txt, characters 0 to 16: indicators: expected >=500 (500家以上), found >500 (500家以上)",
        "plan.txt, characters 16 to 26: indicators: expected =3000 (3000人), found nothing",
        "plan.txt, characters 28 to 30: indicators: expected nothing, found =7 (7家)"]


@pytest.mark.parametrize(("end", "matched"), [(8, True), (7, False)])
def test_overlap_of_four_fifths_is_a_match(end, matched):
    assert counts(Reading(TEXT, [task("a", 0, 10)]), Reading(TEXT, [task("t", 0, end)]))["tasks"] == ((1, 0, 0) if matched else (0, 1, 1))


def test_an_optional_target_is_neither_rewarded_nor_punished():
    wanted = Reading(TEXT, [task("a", 0, 16)], [TargetRead("a", 500, ">=", "500家以上", required=False)])
    for found in ([], [TargetRead("t", 500, ">=", "500家以上")]):
        assert counts(wanted, Reading(TEXT, [task("t", 0, 16)], found))["indicators"] == (0, 0, 0)


def test_a_unit_named_twice_must_be_found_twice():
    wanted = Reading(TEXT, [task("a", 0, 16, ("市教委", "lead"), ("市教委", "support"))])
    assert counts(wanted, Reading(TEXT, [task("t", 0, 16, ("市教委", "lead"))]))["names"] == (1, 0, 1)


# --- intervals --------------------------------------------------------------------------------------

def test_all_right_is_not_certain():
    """The bootstrap of 57 right ones says 1 to 1; Wilson's lower bound for 57 of 57 is 0.937."""
    low, high = f1_interval([(1, 0, 0)] * 57)
    assert (round(low, 3), high) == (0.937, 1.0) and wilson(57, 57)[0] == pytest.approx(low)
    assert f1_interval([(1, 0, 0)] * 570)[0] > low


def test_errors_in_clusters_widen_the_interval():
    """40 errors in one document of ten say less than 4 in each."""
    clustered = f1_interval([(60, 0, 40), *[(100, 0, 0)] * 9])
    spread = f1_interval([(96, 0, 4)] * 10)
    assert clustered[1] - clustered[0] > 1.5 * (spread[1] - spread[0])


def test_intervals_hold_the_value_and_are_the_same_each_time():
    for seed in range(30):
        chance = random.Random(seed)
        rows = [(chance.randrange(9), chance.randrange(4), chance.randrange(4)) for _ in range(chance.randrange(1, 30))]
        right, missed = sum(row[0] for row in rows), sum(row[2] for row in rows)
        if right + missed:
            low, high = recall_interval(rows)
            assert 0 <= low <= right / (right + missed) <= high <= 1 and recall_interval(rows) == (low, high)
    assert f1_interval([]) is None and f1_interval([(0, 0, 0)]) is None


def test_kappa_of_the_textbook():
    """20 both yes, 5 and 10 apart, 15 both no: 0.4 (Cohen's own kind of table)."""
    value, (low, high) = kappa([(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15)
    assert value == pytest.approx(0.4) and low < 0.4 < high
    assert kappa([(True, True), (False, False)]) == (1.0, None)
    assert kappa([(True, True)] * 9) == (None, None) == kappa([])


# --- annotations ------------------------------------------------------------------------------------

def annotation_of(records: list, stem: str) -> Annotation:
    """The tool's own reading, written as an annotation."""
    tasks = [task for record in records for task in record.tasks]
    row = {"tasks": [{"id": task.id, "path": task.path, "starts": task.text, "ends": task.text, "clause": task.clause, "deadline": task.deadline,
                      "units": [{"name": unit.name, "role": unit.role} for unit in task.units]} for task in tasks],
           "indicators": [{"task": i.task, "value": i.value, "comparator": i.comparator, "unit": i.unit, "year": i.year, "change": i.change, "quote": i.quote, "required": True}
                          for record in records for i in record.indicators],
           "documents": [{"title": record.title, "kind": record.kind, "level": record.level, "years": record.years, "issuer": record.issuer,
                          "goals": len(record.goals), "tasks": len(record.tasks), "duties": len(record.duties)} for record in records]}
    return Annotation(f"{stem}.json", stem, json.loads(json.dumps(row)))


def evaluate(path, annotation: Annotation, records: list) -> Comparison:
    return evaluate_file(annotation, str(path), read_source(path).text, records)


@pytest.mark.parametrize("path", [*iter_files([SAMPLES]), *list(iter_files([PLANS / "raw"]))[::5]], ids=lambda path: Path(path).stem)
def test_the_tools_own_reading_as_an_annotation_is_all_right(path):
    """The law of any comparison."""
    records = records_in(path)
    result = evaluate(path, annotation_of(records, "00"), records)
    assert [str(miss) for miss in result.misses] == []
    for name in (*FIELDS, *SHARES, *(f"doc {name}" for name in METADATA)):
        assert result.total(name)[1:] == (0, 0)
    assert result.total("tasks")[0] == sum(len(record.tasks) for record in records)


def test_files_are_paired_by_their_number(tmp_path):
    def stems(*names):
        return [(a.stem, file) for a, file in pair_files([Annotation("gold/06.json", "06", {}), Annotation("gold/1.json", "1", {})], names)]

    assert stems("raw/06_huangpu.txt", "raw/1.md", "raw/11_b.txt", "raw/07_a.txt") == [("06", "raw/06_huangpu.txt"), ("1", "raw/1.md")]
    with pytest.raises(BadAnnotation, match="1.json: no file of its name was given: the text that it annotates is called 1_….txt"):
        stems("raw/06_huangpu.txt", "raw/11_b.txt")
    with pytest.raises(BadAnnotation, match="leave one of them"):
        stems("raw/06_a.txt", "raw/06_b.txt", "raw/1_a.txt")
    with pytest.raises(NoAnnotations, match="no annotations in here"):
        read_annotations(str(tmp_path))


@pytest.mark.parametrize(("change", "said"), [
    (lambda row: row["tasks"][0].update(starts="没有这些字"), "task a: the words '没有这些字' stand nowhere in its text; copy them"),
    (lambda row: row["tasks"][0].update(ends="没有这些字"), "stand nowhere in its text behind the first words"),
    (lambda row: row["tasks"][0].pop("units"), "task a has no `units`"),
    (lambda row: row["tasks"][0].update(units=[{"name": "市教委", "role": "boss"}]), "a role that is none of lead, responsible"),
    (lambda row: row.update(indicators=[{"task": "z", "value": 1, "comparator": "="}]), "belongs to the task 'z', which is not annotated"),
    (lambda row: row.update(indicators=[{"task": "a", "value": 1}]), "indicator 1 has no `comparator`"),
])
def test_a_wrong_annotation_is_named(change, said):
    row = {"tasks": [{"id": "a", "starts": "推进平台", "ends": "家以上。", "units": []}]}
    change(row)
    with pytest.raises(BadAnnotation, match=said):
        evaluate_file(Annotation("gold/06.json", "06", row), "06_a.txt", TEXT, [])


def test_an_annotation_that_is_no_json_is_named(tmp_path):
    (tmp_path / "continues_00.json").write_text("[]")
    for text, said in (("{", "no JSON"), ("[]", "list `tasks` was expected"), ('{"tasks": 3}', "list `tasks` was expected")):
        (tmp_path / "06.json").write_text(text)
        with pytest.raises(BadAnnotation, match=said):
            read_annotations(str(tmp_path))


# --- the scorer that ships with the annotations -----------------------------------------------------

@pytest.fixture(scope="session")
def score(shared):
    path = shared / "tools" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def counts_of_scorer(score, monkeypatch, capsys, gold, raw, records: list, folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every count of score.py: those of a field as it hands them to `prf` for its last line, the shares as it prints them."""
    path = folder / "records.jsonl"
    path.write_text("".join(record.to_json() + "\n" for record in records), encoding="utf-8")
    handed = []
    prf = score.prf
    with monkeypatch.context() as patch:
        patch.setattr(score, "prf", lambda *row: handed.append(row) or prf(*row))
        score.main(gold, raw, path)
    shares = {}
    for part in capsys.readouterr().out.splitlines()[-2].split(", "):
        name, _, share = part.rpartition(" ")
        right, of = map(int, share.split("/"))
        shares[name] = (right, 0, of - right)
    return dict(zip(FIELDS, handed[-len(FIELDS):], strict=True)) | shares


def counts_of_ours(gold, raw, records: list) -> dict[str, tuple[int, int, int]]:
    result = Comparison()
    of_file = {path: [record for record in records if Path(record.source).name == Path(path).name] for path in iter_files([raw])}
    for annotation, path in pair_files(read_annotations(str(gold)), of_file):
        result += evaluate(path, annotation, of_file[path])
    names = {name for tally in result.tallies for name in tally.counts}
    return {name: result.total(name) for name in names | set(FIELDS) if name in FIELDS or any(result.total(name))}


def spoil(records: list, seed: int) -> list:
    """The same records with errors of every kind, so that no figure is 1.0."""
    chance = random.Random(seed)
    records = copy.deepcopy(records)
    for record in records:
        for task in list(record.tasks):
            what = chance.randrange(12)
            if what == 0:
                record.tasks.remove(task)
            elif what == 1:
                task.end = task.start + (task.end - task.start) * chance.randrange(70, 100) // 100
            elif what == 2:
                task.start += 1
            elif what == 3:
                twin = copy.deepcopy(task)
                twin.id += "x"
                record.tasks.insert(chance.randrange(len(record.tasks)), twin)
            elif what == 4:
                task.path = task.path[1:]
            elif what == 5:
                task.clause, task.deadline = None, "2031"
            elif what == 6 and task.units:
                task.units.pop(chance.randrange(len(task.units)))
            elif what == 7 and task.units:
                task.units.append(copy.deepcopy(task.units[0]))
            elif what == 8:
                for unit in task.units:
                    unit.role = "support"
        for indicator in list(record.indicators):
            what = chance.randrange(10)
            if what == 0:
                record.indicators.remove(indicator)
            elif what == 1:
                indicator.comparator = "~"
            elif what == 2:
                indicator.value += 1
            elif what == 3:
                indicator.unit, indicator.year, indicator.change = "块", 1999, not indicator.change
            elif what == 4:
                indicator.task = chance.choice(record.tasks).id if record.tasks else None
            elif what == 5:
                record.indicators.append(copy.deepcopy(indicator))
        if chance.randrange(3) == 0:
            record.title, record.level, record.years, record.issuer, record.doc_number = "别的", None, [1999], None, "无"
        if chance.randrange(4) == 0:
            record.goals = record.goals[1:]
        if chance.randrange(8) == 0:
            record.kind = "other"
    return records


@pytest.mark.slow
@pytest.mark.parametrize("spoiled", [None, 1, 2, 3])
def test_real_documents_count_as_the_scorer_counts_them(score, shared, shared_records, monkeypatch, capsys, tmp_path, spoiled):
    records = shared_records if spoiled is None else spoil(shared_records, spoiled)
    gold, raw = shared / "data" / "gold", shared / "data" / "raw"
    theirs = counts_of_scorer(score, monkeypatch, capsys, gold, raw, records, tmp_path)
    assert counts_of_ours(gold, raw, records) == theirs
    assert len(theirs) >= len(FIELDS) + len(SHARES) + 6
    if spoiled:
        assert all(sum(theirs[name][1:]) for name in (*FIELDS, *SHARES))


@pytest.fixture(scope="module")
def plan_records() -> list:
    return records_in(PLANS / "raw")


@pytest.mark.slow
@pytest.mark.parametrize("spoiled", [None, 1, 2, 3])
def test_written_plans_count_as_the_scorer_counts_them(score, plan_records, monkeypatch, capsys, tmp_path, spoiled):
    records = plan_records if spoiled is None else spoil(plan_records, spoiled)
    theirs = counts_of_scorer(score, monkeypatch, capsys, PLANS / "gold", PLANS / "raw", records, tmp_path)
    assert counts_of_ours(PLANS / "gold", PLANS / "raw", records) == theirs
    if spoiled:
        assert all(sum(theirs[name][1:]) for name in (*FIELDS, *SHARES))
