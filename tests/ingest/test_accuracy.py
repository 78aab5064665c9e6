"""What the README says of accuracy stays true: on the real documents, and on plans written for the tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import records_in

sys.path.insert(0, str(Path(__file__).parent))
from scoring import Scores, score_file

PLANS = Path(__file__).parent.parent / "data" / "plans"


@pytest.mark.slow
def test_real_documents_score_as_the_readme_says(shared, shared_records, tmp_path):
    """The figures come from the scorer that ships with the annotations, not from ours."""
    records = tmp_path / "records.jsonl"
    records.write_text("".join(record.to_json() + "\n" for record in shared_records), encoding="utf-8")
    data = shared / "data"
    shown = subprocess.run([sys.executable, shared / "tools" / "score.py", data / "gold", data / "raw", records], capture_output=True, text=True, check=True).stdout
    figures = {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", shown.splitlines()[-1])}
    assert figures["tasks"] == figures["exact"] == figures["units"] == figures["names"] == figures["metadata"] == 1.0
    assert figures["indicators"] >= 0.97


@pytest.mark.slow
def test_continuity_scores_as_the_readme_says(shared, shared_records, tmp_path):
    """First form of continuity: F1 of both annotated pairs, by the scorer that ships with them."""
    from ingest.continuity import link_records

    records, links = tmp_path / "records.jsonl", tmp_path / "links.jsonl"
    records.write_text("".join(record.to_json() + "\n" for record in shared_records), encoding="utf-8")
    links.write_text("".join(link.to_json() + "\n" for link in link_records(shared_records)), encoding="utf-8")
    data = shared / "data"
    shown = subprocess.run([sys.executable, shared / "tools" / "score_continues.py", data / "gold", data / "raw", records, links], capture_output=True, text=True, check=True).stdout
    f1 = {line.split(":")[0]: float(re.search(r"all P [\d.]+ R [\d.]+ F ([\d.]+)", line)[1]) for line in shown.splitlines()}
    assert f1["continues_00"] >= 0.75 and f1["continues_09_10"] >= 0.55


@pytest.mark.slow
def test_written_plans_keep_their_scores():
    """Plans of every custom that the guide names; a rule that helps one and hurts the rest shows here."""
    scores = Scores()
    for gold in sorted((PLANS / "gold").glob("*.json")):
        path = next((PLANS / "raw").glob(f"{gold.stem}_*"))
        score_file(scores, gold, path.read_bytes().decode("utf-8-sig"), records_in(path))
    shown = "\n".join(scores.misses)
    assert scores.tasks.wanted > 300
    assert scores.tasks.f1 >= 0.99 and scores.exact.f1 >= 0.96, shown
    assert scores.units.f1 >= 0.99 and scores.indicators.f1 >= 0.98 and scores.paths.f1 >= 0.95, shown
