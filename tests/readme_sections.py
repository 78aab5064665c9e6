"""The parts of the README: those that are generated (the questions, the schema, the question file shown whole) and those that tests run.

    python tests/readme_sections.py      # writes README.md anew; a test compares
"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import queries
from graph import model

README = Path(__file__).parent.parent / "README.md"
SHOWN_QUESTION = "search_tasks"


def blocks(text: str, language: str) -> list[str]:
    """What stands in the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def pasted_queries() -> list[str]:
    """The queries that the README gives to paste into Neo4j Browser."""
    section = README.read_text(encoding="utf-8").split("\n## With Neo4j\n")[1].split("\n## ")[0]
    return blocks(section, "cypher")


def question_table() -> str:
    rows = [f"| `{q.name}` | {q.english} | {', '.join(f'`{p.name}`' for p in q.parameters) or '–'} |" for q in queries.load_all()]
    return "\n".join(["| question | asks | parameters |", "|---|---|---|", *rows])


def schema_table() -> str:
    """The nodes and edges as two tables in markdown: the README's schema section."""
    lines = ["| node | what it is | properties |", "|---|---|---|"]
    for kind in model.NODES:
        shown = ", ".join(f"`{f.name}`" for f in fields(kind))
        lines.append(f"| {kind.__name__} | {_first_line(kind)} | {shown} |")
    lines += ["", "| edge | from, to | properties |", "|---|---|---|"]
    for kind in model.EDGES:
        ends = "; ".join(f"{source} → {target}" for source, target in kind.PAIRS)
        shown = ", ".join(f"`{name}`" for name in model.properties(kind)) or "–"
        lines.append(f"| {kind.__name__} | {ends} | {shown} |")
    return "\n".join(lines)


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0].rstrip(".")


def filled(text: str) -> str:
    """The README with its generated parts put in."""
    for name, part in (("questions", question_table()), ("schema", schema_table())):
        text = re.sub(rf"<!-- {name} -->\n.*?<!-- /{name} -->", lambda _, name=name, part=part: f"<!-- {name} -->\n{part}\n<!-- /{name} -->", text, flags=re.DOTALL)
    body = queries.load(SHOWN_QUESTION).path.read_text(encoding="utf-8")
    return re.sub(rf"(`queries/{SHOWN_QUESTION}.cypher`, whole:\n\n```cypher\n).*?(```)", lambda m: m[1] + body + m[2], text, flags=re.DOTALL)


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
