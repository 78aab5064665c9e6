"""A folder as researchers have them: plans of every kind, all sheets beside them, and files that cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import ROOT, SAMPLES


def write_mixed_folder(folder: Path) -> Path:
    """Samples and written plans with every kind of sheet beside them, and files that cannot be read."""
    shutil.copytree(SAMPLES, folder)
    for path in sorted((ROOT / "tests" / "data" / "plans" / "raw").iterdir())[:12]:
        shutil.copy(path, folder)
    (folder / "empty.txt").touch()
    (folder / "later-empty.txt").touch()
    (folder / "torn.docx").write_bytes(b"PK\3\4 torn")
    (folder / "corpus.csv").write_text("file,document,include,years\ncity-compilation.txt,1,no,\nministry-2022.txt,1,yes,2023\n", encoding="utf-8")
    (folder / "corrections.csv").write_text(
        "document,quote,field,value\nministry-2025.txt,words that no task has,deadline,2025-06\nministry-2025.txt,,level,national\nnobody.txt,x,deadline,2025\n海岸与渔业部的计划,,level,national\n", encoding="utf-8")
    (folder / "codes.csv").write_text("code,words,unless,unit,document,task,note\n平台,平台,,,,,\n无,没有哪份计划会有的词,,,,,\n渔,渔,,,ministry-2022.txt,,\n", encoding="utf-8")
    return folder
