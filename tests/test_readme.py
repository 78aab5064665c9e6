"""What the READMEs show is true: commands print it, files say it, every name is in it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import readme_sections
from conftest import ROOT, SAMPLES
from readme_sections import blocks

import queries
from api.cli import app
from graph.settings import VERSION

TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")}


def shown_commands(text: str) -> list[tuple[str, list[str]]]:
    """Each command of a console block with the lines of output shown under it."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line)
    return found


def check_shown(shown: list[str], printed: str) -> None:
    """Every line shown stands in what was printed, in this order; … stands for any lines, at a line's end for its rest."""
    lines = [line.strip() for line in printed.splitlines()]
    at = 0
    for line in (line.strip() for line in shown):
        if line in ("…", ""):
            continue
        start = line.removesuffix(" …")
        found = next((k for k in range(at, len(lines)) if lines[k] == line or line.endswith(" …") and lines[k].startswith(start)), None)
        assert found is not None, f"not printed (in this order): {line!r}\n{printed}"
        at = found + 1


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(SAMPLES, folder / "plans")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_commands_print_what_is_shown(name, workplace):
    """The `make` lines are run by the project's CI: here the command that each one calls, and its output, is checked."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "160"}
    environment.pop("POLICYGRAPH_STORE", None)
    ran = 0
    for command, shown in shown_commands(TEXTS[name]):
        command = {"make demo": "policygraph demo"}.get(command, command)
        if not command.startswith("policygraph"):
            continue
        done = subprocess.run(shlex.split(command), cwd=workplace, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        check_shown(shown, done.stdout)
        ran += 1
    assert ran >= 2


@pytest.mark.slow
def test_python_shown_runs(workplace, monkeypatch):
    monkeypatch.chdir(workplace)
    subprocess.run([Path(sys.executable).with_name("policygraph"), "ingest", "plans/", "--store", "my.lbug"], check=True, capture_output=True)
    for block in blocks(TEXTS["README.md"], "python"):
        exec(compile(block, "README.md", "exec"), {})


def test_generated_parts_are_those_of_today():
    assert readme_sections.filled(TEXTS["README.md"]) == TEXTS["README.md"], "run python tests/readme_sections.py"


def test_every_question_command_and_setting_is_named():
    text = TEXTS["README.md"]
    commands = [command.name or command.callback.__name__ for command in app.registered_commands]
    settings = re.findall(r"POLICYGRAPH_\w+", (ROOT / "graph" / "settings.py").read_text(encoding="utf-8"))
    for name in (*queries.names(), *(f"policygraph {command}" for command in commands), *settings):
        assert name in text, f"{name} is not in the README"


def test_places_named_for_changes_exist():
    for path, name in re.findall(r"`?(?:`(\w+)`)? of `((?:ingest|queries|graph)/[\w.]+)`", TEXTS["README.md"]):
        assert path in (ROOT / name).read_text(encoding="utf-8")
    for name in re.findall(r"`((?:ingest|queries|graph)/[\w./]+\.\w+)`", TEXTS["README.md"]):
        assert (ROOT / name).exists(), name


def test_both_readmes_have_the_same_first_screen():
    first = [text.split("\n## ")[0] for text in TEXTS.values()]
    assert blocks(first[0], "console") == blocks(first[1], "console")


def test_the_assistants_configuration_starts_a_command_that_there_is():
    (shown,), (other,) = (blocks(text, "json") for text in TEXTS.values())
    assert shown == other
    server = json.loads(shown)["mcpServers"]["policygraph"]
    assert Path(server["command"]).name == "policygraph" and server["args"][:2] == ["mcp", "--store"]
    assert "mcp" in [command.name or command.callback.__name__ for command in app.registered_commands]


def test_both_readmes_have_the_same_queries_to_paste():
    """The Browser is tried with those of README.md: the others must be no others."""
    pasted = [[block for block in blocks(text, "cypher") if ":params" not in block] for text in TEXTS.values()]
    assert pasted[0] == pasted[1] == readme_sections.pasted_queries()


def test_limits_are_those_of_the_code():
    """Who runs the service for others plans by them."""
    from api import edit_routes, limits, serving, upload_routes, worker
    from ingest.readers import archive, pdf_layout

    table = {row.split(" | ")[0]: row for row in TEXTS["README.md"].split("| limit | value | error |")[1].split("\n\n")[0].splitlines() if " | " in row}

    def says(name: str, *values: str) -> None:
        assert table[f"| {name}"].split(" | ")[1] == "; ".join(values), name

    says("body of a request; of an upload", f"{limits.BYTES >> 20} MB", f"{limits.UPLOAD_BYTES >> 20} MB")
    says("a file; an upload; files in it", f"{upload_routes.BYTES >> 20} MB", f"{upload_routes.WHOLE >> 20} MB", f"{upload_routes.FILES}")
    says("uploads that wait", f"{upload_routes.WAITING}")
    says("a body's arrival; an upload's; silence in it", f"{limits.SECONDS:g} s", f"{limits.UPLOAD_SECONDS:g} s", f"{limits.SILENCE:g} s")
    says("headers: size; arrival", f"{serving.HEAD_BYTES >> 10} KB", f"{serving.HEAD_SECONDS:g} s")
    says("connections at once", f"{serving.CONNECTIONS}")
    says("an upload's reading; a correction's", f"{upload_routes.SECONDS:,} s", f"{edit_routes.SECONDS:,} s")
    says("memory of the reading process", f"{worker.MEMORY >> 20:,} MB")
    says("an archive, and a .docx: members; one unpacked; all; ratio", f"{archive.MEMBERS:,}", f"{archive.MEMBER_BYTES >> 20} MB", f"{archive.TOTAL_BYTES >> 30} GB", f"{archive.RATIO}")
    says("a PDF: pages; time; one part unpacked; characters and commands of a page", f"{pdf_layout.PAGES:,}", f"{pdf_layout.SECONDS:g} s and {pdf_layout.PAGE_SECONDS:g} s a page",
         f"{pdf_layout.UNPACKED_BYTES >> 20} MB", f"{pdf_layout.PAGE_GLYPHS:,} and {pdf_layout.PAGE_BYTES >> 20} MB")


def test_version_is_one():
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
