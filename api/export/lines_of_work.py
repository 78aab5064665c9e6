"""What COUNTERPART_OF rests on, kept in a temporary file: the links between bodies of two levels and the units of every task.

Held in memory they would take some 600 bytes a link. The counterparts of a body rest on its own links alone, so some bodies are
looked at at a time.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from api.cluster.linking import StoredLink
from graph import model
from graph.counterparts import LEVELS, Unit, find_counterparts

_BODIES = 200  # scopes that are looked at at a time
_WORDS = 60  # characters of an example that are kept; a reason shows fewer


class LinesOfWork:
    """The facts of counterparts, added bit by bit; see graph/counterparts.py."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path)
        self._file.executescript("""PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            CREATE TABLE links (later TEXT, earlier TEXT, score REAL, words_later TEXT, words_earlier TEXT); CREATE TABLE standing (unit TEXT, task TEXT);""")
        self._units: dict[str, Unit] = {}
        self._of_scope: dict[str, list[str]] = defaultdict(list)  # units
        self._counts: Counter[str] = Counter()  # tasks by the scope of their units

    def add_link(self, link: StoredLink) -> None:
        if link.standing == "link" and link.relation in ("takes_up", "passes_up"):
            words = (" ".join(words.split())[:_WORDS] for words in (link.evidence_later, link.evidence_earlier))
            self._file.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?)", (link.later, link.earlier, link.score, *words))

    def add_responsible(self, edges: list[model.RESPONSIBLE_FOR], departments: dict[str, model.Department]) -> None:
        """The units of some documents' tasks."""
        pairs = dict.fromkeys((edge.source, edge.target) for edge in edges)
        self._file.executemany("INSERT INTO standing VALUES (?, ?)", pairs)
        self._counts.update(scope for _, scope in {(task, departments[unit].scope) for unit, task in pairs if not departments[unit].collective})

    def counterparts(self, departments: Iterable[model.Department]) -> Iterator[model.COUNTERPART_OF]:
        """The edges among these units, which stand on a task, issue a plan or have duties."""
        self._file.executescript("CREATE INDEX a ON links (later); CREATE INDEX b ON links (earlier); CREATE INDEX c ON standing (task); CREATE INDEX d ON standing (unit);")
        for unit in sorted(departments, key=lambda unit: unit.id):
            if not unit.collective and unit.level in LEVELS and unit.kind != "enterprise":
                self._units[unit.id] = Unit(unit.id, unit.name, unit.scope, unit.level, unit.functions, unit.places)
                self._of_scope[unit.scope].append(unit.id)
        lower = sorted({unit.scope for unit in self._units.values() if unit.level != LEVELS[0]})  # each edge has its lower end in one of these
        found: set[tuple[str, str]] = set()
        for start in range(0, len(lower), _BODIES):
            for pair, edge in sorted(find_counterparts(self, set(lower[start:start + _BODIES])).items()):
                if pair not in found:
                    found.add(pair)
                    yield edge

    def close(self) -> None:
        self._file.close()

    # --- facts ---

    def units(self, about: set[str] | None, linked: set[str]) -> dict[str, Unit]:
        return self._units

    def links(self, about: set[str] | None) -> dict[tuple[str, str], float]:
        units = json.dumps([unit for scope in sorted(about or ()) for unit in self._of_scope[scope]])
        return {(later, earlier): score for end in ("later", "earlier") for later, earlier, score in self._file.execute(
            f"SELECT DISTINCT later, earlier, score FROM standing JOIN links ON {end} = task WHERE unit IN (SELECT value FROM json_each(?)) ORDER BY later, earlier", (units,))}

    def standing(self, tasks: list[str]) -> Iterator[tuple[str, str]]:
        yield from self._file.execute("SELECT unit, task FROM standing WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, unit", (json.dumps(tasks),))

    def counts(self, scopes: list[str]) -> dict[str, int]:
        return {scope: self._counts[scope] for scope in scopes}

    def words(self, links: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
        later = json.dumps(sorted({later for later, _ in links}))
        rows = self._file.execute("SELECT later, earlier, words_later, words_earlier FROM links WHERE later IN (SELECT value FROM json_each(?))", (later,))
        return {(a, b): (x, y) for a, b, x, y in rows if (a, b) in links}
