"""`sample` and `evaluate`: from a corpus to a blind sheet, and from the coded sheet to figures that can be published."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from commands import refused, run
from conftest import SAMPLES, records_in

from graph.settings import VERSION
from ingest.passages import split_passages
from ingest.readings import read_passage

FIELDS = ("tasks", "exact", "units", "names", "indicators")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYGRAPH_STORE", raising=False)
    return Path(shutil.copytree(SAMPLES, tmp_path / "plans"))


@pytest.fixture
def graph(folder, tmp_path) -> str:
    url = str(tmp_path / "graph.lbug")
    assert run("ingest", folder, "--store", url).exit_code == 0
    return url


def rows_in(path) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path, target, coder: str, wrong: dict[int, dict[str, str]] | None = None, leave: tuple[int, ...] = ()) -> None:
    """The sheet coded as the tool reads it, but for `wrong` cells and passages that are left empty, by number."""
    known = {passage.id: passage for record in records_in("plans") for passage in split_passages(record)}
    filled = []
    for k, row in enumerate(rows_in(path)):
        passage, reading = known[row["passage"]], read_passage(known[row["passage"]])
        answers = [{"task": passage.text[task.start:task.end].replace("\n", " "), "units": "；".join(f"{unit.name}={unit.role}" for unit in task.units),
                    "targets": "；".join(f"{target.comparator}{target.value}" for target in reading.targets if target.task == task.id)} for task in reading.tasks]
        outside = "；".join(f"{target.comparator}{target.value}" for target in reading.targets if target.task is None)
        answers = answers + [{"no_task": "x", "targets": outside}] if outside or not answers else answers
        if k in leave:
            filled.append(row)
        else:
            filled += [row | {"coder": coder} | (wrong or {}).get(k, answer) for answer in answers]
    with Path(target).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(filled[0]))
        writer.writeheader()
        writer.writerows(filled)


def figures(result) -> dict[tuple[str, str], dict]:
    assert result.exit_code == 0, result.output
    return {(row["compared"], row["field"]): row for row in json.loads(result.stdout)}


# --- sample -----------------------------------------------------------------------------------------

def test_sample_writes_a_sheet_and_how_to_fill_it_in(folder):
    result = run("sample", folder, "--n", 12)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"drew 12 of 60 passages of 3 documents, --n 12 --by plan --seed 1, policygraph {VERSION}" in result.stderr
    assert "3 documents not taken for a plan left out" in result.stderr and "wrote coding.csv and coding.instructions.txt" in result.stderr
    assert len(rows_in("coding.csv")) == 12 and {row["document"].split(" ")[0] for row in rows_in("coding.csv")} == {"ministry-2022.txt", "ministry-2025.txt", "city-compilation.txt"}
    assert "warning" not in result.stderr, "a doubt about a plan tells the coder what was read"


def test_sample_never_overwrites_a_sheet(folder):
    Path("coding.csv").write_text("the work of three days")
    assert "coding.csv: this file is there already and may hold somebody's coding" in refused(run("sample", folder), 1)
    assert Path("coding.csv").read_text() == "the work of three days"
    assert run("sample", folder, "-o", "other.csv").exit_code == 0 and Path("other.instructions.txt").exists()


@pytest.mark.slow
def test_the_same_seed_draws_the_same_from_files_in_any_order_and_from_the_graph(folder, graph):
    files = sorted(folder.iterdir())
    for k, arguments in enumerate(([folder], files[::-1], ["--store", graph])):
        assert run("sample", *arguments, "--n", 15, "--seed", 3, "-o", f"{k}.csv").exit_code == 0
    sheets = [Path(f"{k}.csv").read_bytes() for k in range(3)]
    assert sheets[0] == sheets[1] == sheets[2]
    run("sample", folder, "--n", 15, "--seed", 4, "-o", "4.csv")
    assert Path("4.csv").read_bytes() != sheets[0]


def test_documents_that_were_not_taken_for_plans_can_be_drawn_from(folder, graph):
    """Else the recall of a corpus in which plans are taken for something else would be told too high."""
    for k, arguments in enumerate(([folder], ["--store", graph])):
        assert "of 6 documents" in run("sample", *arguments, "--n", 500, "--all-documents", "-o", f"{k}.csv").stderr
        assert any("duties.txt" in row["document"] for row in rows_in(f"{k}.csv"))
    assert Path("0.csv").read_bytes() == Path("1.csv").read_bytes()


def test_nothing_to_draw_from(folder, tmp_path):
    assert "no plan to draw passages from; --all-documents draws from what was not taken for one (1)" in refused(run("sample", folder / "duties.txt"), 1)
    assert "there is no graph here" in refused(run("sample", "--store", tmp_path / "no.lbug"), 1)
    assert not Path("coding.csv").exists()
    assert run("sample", folder, "--n", 0).exit_code == 2 and run("sample", folder, "--by", "moon").exit_code == 2


def test_a_file_that_cannot_be_read_is_told_and_the_others_drawn_from(folder):
    (folder / "empty.txt").touch()
    result = run("sample", folder, "--n", 5)
    assert result.exit_code == 1 and "empty.txt: the file is empty" in result.stderr and len(rows_in("coding.csv")) == 5


# --- evaluate a sheet -------------------------------------------------------------------------------

@pytest.mark.slow
def test_a_sheet_coded_as_it_is_read_is_all_right_in_files_and_graph(folder, graph):
    """The law: and 1.000 is not told as certain."""
    run("sample", folder, "--n", 40)
    fill("coding.csv", "coded.csv", "李")
    for arguments in ([folder], ["--store", graph]):
        found = figures(run("evaluate", "coded.csv", *arguments, "--format", "json"))
        assert set(found) == {("tool – 李", name) for name in FIELDS}
        for row in found.values():
            assert row["precision"] == row["recall"] == row["f1"] == row["f1_high"] == 1.0 and 0.5 < row["f1_low"] < 1.0
            assert row["gold"] == row["found"] == row["right"] > 5


def test_what_is_wrong_is_counted_told_and_put_into_words(folder):
    run("sample", folder, "--n", 30)
    number = next(k for k, row in enumerate(rows_in("coding.csv")) if "责任单位：" in row["text"])
    row = rows_in("coding.csv")[number]
    fill("coding.csv", "coded.csv", "李", {number: {"no_task": "x"}}, leave=(28, 29))
    result = run("evaluate", "coded.csv", folder, "--detail")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert any(line.startswith(f"coded.csv:{number + 2}: {folder}") and "tasks: expected no task, found “" in line and row["document"].split(" ")[0] in line for line in lines)
    assert "coded.csv: 2 of 30 passages are not coded and do not count" in result.stdout
    assert "95 % intervals: percentile bootstrap, 1,000 draws of passages, never narrower than Wilson's" in result.stdout
    english, chinese = [line for line in lines if line][-2:]
    assert english.startswith("How well the plans are read was measured on a blind sample: 李 coded 28 of 30 passages drawn from 60 in 3 documents")
    assert f"Against 李, policygraph {VERSION} finds tasks with precision 0.9" in english and "(95% interval 0." in english
    assert chinese.startswith("为检验抽取质量，李在不知道抽取结果的情况下，对从 3 份文件共 60 个段落中抽取的 30 段里的 28 段") and "召回率 1.000" in chinese


def test_rows_as_csv_have_all_intervals_and_words_go_to_stderr(folder):
    run("sample", folder, "--n", 12)
    fill("coding.csv", "coded.csv", "李")
    result = run("evaluate", "coded.csv", folder, "--format", "csv", "--detail")
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [row["field"] for row in rows] == list(FIELDS) and all(row["recall_low"] and row["precision_high"] for row in rows)
    assert "no misses" in result.stderr and "Against 李" in result.stderr and "与李对照" in result.stderr


@pytest.mark.slow
def test_two_coders(folder):
    """The tool against each, one against the other, and kappa on whether a passage holds a task."""
    run("sample", folder, "--n", 30)
    rows = rows_in("coding.csv")
    number = next(k for k, row in enumerate(rows) if "责任单位：" in row["text"])
    fill("coding.csv", "li.csv", "李", leave=(0 if number else 1,))
    fill("coding.csv", "wang.csv", "王", {number: {"no_task": "x"}})
    found = figures(run("evaluate", "li.csv", "wang.csv", folder, "--format", "json"))
    assert found["tool – 李", "tasks"]["f1"] == 1.0 and found["tool – 王", "tasks"]["precision"] < 1.0
    both = found["李 – 王", "tasks"]
    assert both["recall"] < 1.0 and both["precision"] == 1.0
    held = found["李 – 王", "passage holds a task"]
    assert held["gold"] == 29 and held["right"] == 28 and 0 < held["kappa_low"] < held["kappa"] < 1
    result = run("evaluate", "li.csv", "wang.csv", folder)
    assert "The coders 李 – 王 agree on 29 passages that both coded with F1 0.9" in result.stdout and "Cohen's kappa is 0." in result.stdout
    assert "两名编码者（李 – 王）在共同编码的 29 段上的一致性" in result.stdout


@pytest.mark.parametrize(("cells", "said"), [
    ({"task": "没有这话…也没有。"}, "the task's first words '没有这话' stand nowhere in the passage; copy them from the column text"),
    ({"task": "", "units": "科技司=lead"}, "units or targets without a task"), ({"no_task": "perhaps"}, "no_task is 'perhaps'; write x")])
def test_a_coders_mistake_is_one_line(folder, cells, said):
    run("sample", folder, "--n", 10)
    fill("coding.csv", "coded.csv", "李", {0: cells})
    told = run("evaluate", "coded.csv", folder)
    assert (told.exit_code, told.stdout) == (1, "") and "error: coded.csv" in told.stderr and f":2: {said}" in told.stderr


def test_an_empty_sheet_and_a_strange_corpus_are_refused(folder, tmp_path):
    run("sample", folder / "ministry-2022.txt", "--n", 10)
    assert "coding.csv: no row is filled in" in refused(run("evaluate", "coding.csv", folder / "ministry-2022.txt"), 1)
    fill("coding.csv", "coded.csv", "李")
    told = run("evaluate", "coded.csv", folder / "city-compilation.txt")
    assert told.exit_code == 1 and "10 cells to put right; nothing was counted" in told.stderr and "stands in no document given" in told.stderr
    assert "there is no graph here" in refused(run("evaluate", "coded.csv", "--store", tmp_path / "no.lbug"), 1)
    assert "no such file" in refused(run("evaluate", "no.csv", folder / "ministry-2022.txt"), 1)


def test_a_reading_put_right_by_hand_is_said_to_be(folder):
    """Figures of a corrected corpus are not those of the tool."""
    run("sample", folder, "--n", 60)
    fill("coding.csv", "coded.csv", "李")
    (folder / "corpus.csv").write_text("file,level\nministry-2022.txt,national\n", encoding="utf-8")
    assert "1 document put right by hand in corpus.csv or corrections.csv" in run("evaluate", "coded.csv", folder).stdout


# --- evaluate annotations ---------------------------------------------------------------------------

def annotate(folder: Path, source: Path) -> None:
    (records,) = [[record for record in records_in(source) if record.kind == "plan"]]
    tasks = [{"id": task.id, "path": task.path, "starts": task.text, "ends": task.text, "clause": task.clause, "deadline": task.deadline,
              "units": [{"name": unit.name, "role": unit.role} for unit in task.units]} for record in records for task in record.tasks]
    tasks[0]["units"][0]["role"] = "implement"
    folder.mkdir(exist_ok=True)
    (folder / f"{source.stem}.json").write_text(json.dumps({"tasks": tasks, "title": records[0].title}, ensure_ascii=False), encoding="utf-8")


def test_a_folder_of_annotations(folder):
    source = folder / "ministry-2022.txt"
    annotate(Path("gold"), source)
    found = figures(run("evaluate", "gold", folder, "--format", "json"))
    units, title = found["tool – annotations", "units"], found["tool – annotations", "doc title"]
    assert units["gold"] - units["right"] == 1 and units["f1"] < 1 and (title["share"], title["gold"]) == (1.0, 1)
    result = run("evaluate", "gold", folder, "--detail")
    assert f"{source}, characters" in result.stdout and "units: expected " in result.stdout and "=implement, found " in result.stdout
    assert "3 files without an annotation did not count" in result.stdout and "on 1 annotated documents" in result.stdout and "以 1 份有标注的文件检验" in result.stdout
    assert "draws of tasks" in result.stdout


def test_annotations_that_cannot_be_used(folder):
    source = folder / "ministry-2022.txt"
    assert "no annotations in here" in refused(run("evaluate", folder, folder), 1)
    annotate(Path("gold"), source)
    assert "name the files that they annotate behind it" in refused(run("evaluate", "gold"), 2)
    assert "no file of its name was given" in refused(run("evaluate", "gold", folder / "ministry-2025.txt"), 1)


@pytest.mark.slow
def test_the_real_documents_as_the_readme_says(shared, folder):
    found = figures(run("evaluate", shared / "data" / "gold", shared / "data" / "raw", "--format", "json"))
    assert all(found["tool – annotations", name]["f1"] >= 0.97 for name in FIELDS)
    assert found["tool – annotations", "metadata"]["share"] == 1.0 and found["tool – annotations", "tasks"]["f1_low"] < 0.98


@pytest.mark.slow
def test_the_graph_gives_back_what_the_files_say(empty_url, folder):
    """Passages, tasks and targets are the same on each engine; units are the same Departments."""
    from api.corpus_records import records_of_graph

    assert run("ingest", folder, "--store", empty_url).exit_code == 0
    of_files, of_graph = ({passage.id: read_passage(passage) for record in records for passage in split_passages(record)}
                          for records in (records_in(folder), records_of_graph(empty_url)))
    assert set(of_files) == set(of_graph)
    for key, ours in of_files.items():
        theirs = of_graph[key]
        assert theirs.text == ours.text
        assert [(task.id, task.start, task.end, [(unit.role, unit.surface, unit.department) for unit in task.units]) for task in theirs.tasks] == [
            (task.id, task.start, task.end, [(unit.role, unit.surface, unit.department) for unit in task.units]) for task in ours.tasks]
        assert sorted((target.place, target.key(), target.task or "") for target in theirs.targets) == sorted((target.place, target.key(), target.task or "") for target in ours.targets)
