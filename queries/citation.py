"""How to cite a graph: with what it was read, what was told by hand, and its fingerprint."""

from __future__ import annotations

import hashlib
from typing import Any

from graph.fingerprint import fingerprint
from graph.settings import VERSION
from graph.store import Store

NAME, YEAR = "policygraph", 2026


def cited(store: Store) -> dict[str, Any]:
    """Versions and hashes of what the graph rests on, its size and its fingerprint.

    `manifest`, `corrections` and `codes` are hashes of the rows that were applied, null where none were.
    """
    documents = store.read("MATCH (d:Document) RETURN d.sha256 AS sha256, d.by_hand AS by_hand, d.read_with AS read_with ORDER BY sha256, by_hand, read_with")
    counts = {name: store.read(f"MATCH (n:{kind}) RETURN count(n) AS n")[0]["n"] for name, kind in (("plans", "Plan"), ("tasks", "Task"))}
    told = [part for row in documents for part in row["by_hand"].split()]
    read_with = [row.split() for row in sorted({row["read_with"] for row in documents})]
    return {
        "policygraph": VERSION, "read_with": [row[0] for row in read_with], "rules": [row[1] for row in read_with], "gazetteer": [row[2] for row in read_with],
        "manifest": _hash([part for part in told if part.startswith("m=")]), "corrections": _hash([part for part in told if part.startswith("c=")]),
        "codes": _hash([part for part in told if part.startswith("k=")]),
        "documents": len(documents), **counts,
        "tasks_corrected_by_hand": store.read("MATCH (t:Task) WHERE size(t.corrected) > 0 RETURN count(t) AS n")[0]["n"],
        "corpus": _hash(sorted({row["sha256"] for row in documents})), "graph": fingerprint(store)}


def _hash(parts: list[str]) -> str | None:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12] if parts else None


def sentences(facts: dict[str, Any]) -> list[str]:
    """The citation in English and in Chinese."""
    rules, gazetteer = ("/".join(dict.fromkeys(facts[name])) or "–" for name in ("rules", "gazetteer"))
    by_hand = f"manifest {facts['manifest'] or 'none'}, corrections {facts['corrections'] or 'none'}, codes {facts['codes'] or 'none'} ({facts['tasks_corrected_by_hand']} of {facts['tasks']} tasks corrected by hand)"
    by_hand_zh = f"语料清单 {facts['manifest'] or '无'}，人工更正 {facts['corrections'] or '无'}，任务编码 {facts['codes'] or '无'}（{facts['tasks']} 项任务中 {facts['tasks_corrected_by_hand']} 项经人工更正）"
    return [
        f"Tasks, units and targets were read with {NAME} {facts['policygraph']} (rules {rules}, gazetteer {gazetteer}; {by_hand}) from {facts['documents']} documents "
        f"with {facts['plans']} plans and {facts['tasks']} tasks (files {facts['corpus'] or 'none'}); graph fingerprint {facts['graph']}.",
        f"任务、责任单位和指标由 {NAME} {facts['policygraph']} 读取（规则 {rules}，单位名录 {gazetteer}；{by_hand_zh}），"
        f"共 {facts['documents']} 份文件、{facts['plans']} 份规划、{facts['tasks']} 项任务（文件校验 {facts['corpus'] or '无'}），图谱指纹 {facts['graph']}。"]


def bibtex(facts: dict[str, Any]) -> str:
    """A BibTeX entry for the tool, the graph in its note."""
    return "\n".join([
        f"@software{{{NAME}_{facts['graph']},", f"  title = {{{{{NAME}}}: a knowledge graph of policies, units and targets}},", "  author = {{The policygraph developers}},",
        f"  year = {{{YEAR}}},", f"  version = {{{facts['policygraph']}}},",
        f"  note = {{Graph fingerprint {facts['graph']}; {facts['plans']} plans, {facts['tasks']} tasks, {facts['tasks_corrected_by_hand']} corrected by hand}},", "}"])
