"""The sheet on which links are coded: pairs of tasks without a word of what the tool thinks of them, written and read back.

What it thinks, and how often each kind of pair was drawn, goes into a .key beside the sheet. It is kept and not worked out
anew from seed and plans: a pair's chance of being drawn is that of the day it was drawn, whatever the plans, the weights
and the verdicts have become. It is packed, so that who opens it by accident reads nothing.
"""

from __future__ import annotations

import base64
import json
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.errors import CannotWriteFile
from ingest.continuity.link_sample import Drawn, DrawnPair
from ingest.continuity.opinions import Opinion
from ingest.errors import BadCoding, InputError, NoKey, NothingCoded, SheetThere
from ingest.readers import decode
from ingest.sheets import BOM, SheetRow, as_cell, read_sheet, write_sheet

COLUMNS = ("pair", "later_plan", "later_heading", "later_text", "earlier_plan", "earlier_heading", "earlier_text", "continues", "note", "coder")
INSTRUCTIONS = Path(__file__).with_name("link_instructions.txt")
_ANSWERS: dict[str, bool | None] = {word: answer for answer, words in {
    True: ("yes", "y", "是", "延续", "true", "1"), False: ("no", "n", "否", "不是", "不延续", "false", "0"), None: ("unsure", "?", "不确定", "不清楚")}.items() for word in words}
_KEY_HEAD = "Not for coders: what policygraph thinks of the pairs of a coding sheet, packed; `policygraph evaluate` reads it. 编码的人请勿打开。"


@dataclass(frozen=True, slots=True)
class Key:
    """What was known when a sheet was drawn."""

    version: str  # of policygraph
    cut: float
    sizes: dict[str, int]  # pairs in each stratum
    expected: dict[str, float]  # links among them by the scores
    plans: int
    plan_pairs: int
    strata: dict[str, str]  # of each pair that was drawn
    opinions: dict[str, Opinion]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a coder wrote on one pair; `continues` is None where they are unsure."""

    line: int
    row: SheetRow
    continues: bool | None

    @property
    def note(self) -> str:
        return self.row["note"]

    @property
    def coder(self) -> str:
        return self.row["coder"]


@dataclass(frozen=True, slots=True)
class CodedLinks:
    """A sheet read back."""

    path: str
    answers: dict[str, Answer]  # by pair
    coders: list[str]  # as the column `coder` names them; empty: nobody signed


def write_link_sheet(path: str, drawn: Drawn, told: str, version: str, cut: float) -> list[str]:
    """Write the sheet and, beside it, how to fill it in, headed by `told` (what was drawn), and the key; returns the three paths."""
    refuse_written(path)
    sidecar, key = (str(Path(path).with_suffix(suffix)) for suffix in (".instructions.txt", ".key"))
    write_sheet(path, list(COLUMNS), map(_row, drawn.pairs))
    facts = {"version": version, "cut": cut, "sizes": drawn.sizes, "expected": drawn.expected, "plans": drawn.plans, "plan_pairs": drawn.plan_pairs,
             "pairs": {pair.id: [pair.stratum, pair.opinion.is_link, pair.opinion.score] for pair in drawn.pairs}}
    packed = base64.encodebytes(zlib.compress(json.dumps(facts).encode(), 9)).decode()
    for file, text in ((sidecar, f"{BOM}{told}\n\n{INSTRUCTIONS.read_text(encoding='utf-8')}"), (key, f"{_KEY_HEAD}\n{packed}")):
        try:
            Path(file).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CannotWriteFile(file, error.strerror or error) from None
    return [path, sidecar, key]


def refuse_written(path: str) -> None:
    """Raises SheetThere where a sheet or its key is there: it may be somebody's work of days, and worthless without its key."""
    for there in (path, str(Path(path).with_suffix(".key"))):
        if Path(there).exists():
            raise SheetThere(there)


def _row(pair: DrawnPair) -> dict[str, str]:
    found = {"pair": pair.id}
    for side, plan, task in (("later", pair.later_plan, pair.later), ("earlier", pair.earlier_plan, pair.earlier)):
        above = task.path[1:] if task.path[:1] == [plan.title] else task.path
        found |= {f"{side}_plan": as_cell(plan.title), f"{side}_heading": as_cell(" / ".join(above)), f"{side}_text": as_cell(task.text)}
    return found


def is_link_sheet(path: str) -> bool:
    """Whether a file's first line is that of a sheet of links."""
    try:
        head = decode(path, Path(path).read_bytes()).split("\n", 1)[0].lower()
    except (OSError, InputError):
        return False
    return "pair" in head and "continues" in head and "earlier_text" in head


def read_link_sheet(path: str, key: Key) -> CodedLinks:
    """What the coder wrote; raises BadCoding with every cell that cannot be read, NothingCoded where no row is filled in."""
    answers: dict[str, Answer] = {}
    mistakes = []
    for row in read_sheet(path, COLUMNS, needed=("pair", "continues")):
        word = unicodedata.normalize("NFKC", row["continues"]).strip().lower()
        pair = row["pair"]
        if not word:
            continue
        if word not in _ANSWERS:
            mistakes.append((row.line, f"continues is {row['continues']!r}; write yes, no or unsure (是, 否, 不确定)"))
        elif pair not in key.strata:
            mistakes.append((row.line, f"the pair {pair or '(no id)'} is none of those that were drawn; leave the column pair as it was"))
        elif pair in answers:
            mistakes.append((row.line, f"this pair is answered in line {answers[pair].line} already; leave one row"))
        else:
            answers[pair] = Answer(row.line, row, _ANSWERS[word])
    if mistakes:
        raise BadCoding(path, mistakes)
    if not answers:
        raise NothingCoded(path)
    return CodedLinks(path, answers, list(dict.fromkeys(answer.coder for answer in answers.values() if answer.coder)))


def find_key(sheets: Iterable[str]) -> Key:
    """The key of sheets that were drawn together: the .key in the folder of one of them, or here, that knows all their pairs."""
    paths = list(sheets)
    wanted = {row["pair"] for path in paths for row in read_sheet(path, COLUMNS, needed=("pair", "continues"))} - {""}
    folders = list(dict.fromkeys([*(Path(path).parent for path in paths), Path()]))
    best: tuple[int, Key] | None = None
    for file in sorted(file for folder in folders for file in folder.glob("*.key")):
        if key := _read_key(file):
            known = len(wanted & set(key.strata))
            if known and (best is None or known > best[0]):  # a cell that somebody changed is told by its line later
                best = known, key
    if best is None:
        raise NoKey(paths[0], [str(folder) for folder in folders])
    return best[1]


def _read_key(path: Path) -> Key | None:
    """None where it is no key of ours."""
    try:
        head, _, packed = path.read_text(encoding="utf-8").partition("\n")
        if head != _KEY_HEAD:
            return None
        facts = json.loads(zlib.decompress(base64.b64decode(packed)))
    except (OSError, ValueError, zlib.error):
        return None
    return Key(facts["version"], facts["cut"], facts["sizes"], facts["expected"], facts["plans"], facts["plan_pairs"],
               {pair: stratum for pair, (stratum, *_) in facts["pairs"].items()}, {pair: Opinion(is_link, score) for pair, (_, is_link, score) in facts["pairs"].items()})
