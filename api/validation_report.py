"""The figures of a validation as rows, and as a paragraph to paste, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from graph.settings import VERSION
from ingest.evaluation import FIELDS, Comparison
from ingest.intervals import DRAWS, Interval, f1_interval, kappa, precision_interval, recall_interval

if TYPE_CHECKING:
    from ingest.coding_sheet import CodedSheet
    from ingest.passages import Passage

COLUMNS = ["compared", "field", "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high", "f1", "f1_low", "f1_high",
           "gold", "found", "right", "share", "share_low", "share_high", "kappa", "kappa_low", "kappa_high"]
SHOWN = ["compared", "field", "precision", "recall", "f1", "95 %", "gold", "found", "right"]
SHARES_SHOWN = ["compared", "field", "share", "95 %", "right", "of"]
_ENOUGH = 10  # documents: from here on they are what is drawn; of fewer, their passages or tasks are
_WORDS = {"tasks": ("tasks", "任务"), "exact": ("their exact borders", "任务的准确边界"), "units": ("units with their roles", "责任单位及其角色"),
          "names": ("unit names alone", "责任单位名称（不计角色）"), "indicators": ("targets", "量化指标")}
_CLUSTERS = {"documents": "文件", "passages": "段落", "tasks": "任务"}


@dataclass(slots=True)
class Compared:
    """One reader against another: the tool against a coder, or two coders."""

    name: str  # tool – 李
    comparison: Comparison
    part: str  # passages or tasks: what a Tally's part is
    coder: str | None = None  # against whom the tool stands, empty for annotations; None between two coders
    holds: list[tuple[bool, bool]] = field(default_factory=list)  # of each passage, whether either coder sees a task in it

    @property
    def clusters(self) -> str:
        return "documents" if len({tally.document for tally in self.comparison.tallies}) >= _ENOUGH else self.part

    def counts(self, *names: str) -> list[list[int]]:
        """Right, too many and missed of some fields together in each cluster."""
        by_document = self.clusters == "documents"
        found: dict[tuple[str, ...], list[int]] = {}
        for tally in self.comparison.tallies:
            rows = [tally.counts[name] for name in names if name in tally.counts]
            if rows or by_document:  # a document without a target is one of the documents drawn all the same
                key = (tally.document,) if by_document else (tally.document, tally.part)
                found[key] = [sum(column) for column in zip(found.get(key, [0, 0, 0]), *rows, strict=True)]
        return list(found.values())

    def agreement(self) -> tuple[float | None, Interval | None]:
        """Cohen's kappa on whether a passage holds a task."""
        return kappa(self.holds)


class Signed(Protocol):
    """A sheet that coders may have signed."""

    @property
    def path(self) -> str: ...

    @property
    def coders(self) -> list[str]: ...


def name_coders(sheets: Sequence[Signed]) -> list[str]:
    """As they signed; the sheet's path where nobody did, or two signed alike."""
    signed = [", ".join(sheet.coders) for sheet in sheets]
    return [name if name and signed.count(name) == 1 else sheet.path for sheet, name in zip(sheets, signed, strict=True)]


def rows_of(compared: Compared) -> list[dict[str, Any]]:
    """One row a field, one a share, and between coders one on whether a passage holds a task. None: nothing to count."""
    rows = []
    names = {name: None for tally in compared.comparison.tallies for name in tally.counts}
    for name in FIELDS:
        right, extra, missed = compared.comparison.total(name)
        counts = compared.counts(name)
        row = _row(compared.name, name, gold=right + missed, found=right + extra, right=right)
        _put(row, "precision", right, right + extra, precision_interval(counts))
        _put(row, "recall", right, right + missed, recall_interval(counts))
        _put(row, "f1", 2 * right, 2 * right + extra + missed, f1_interval(counts))
        rows.append(row)
    for name in [name for name in names if name not in FIELDS and any(compared.comparison.total(name))]:
        right, _, wrong = compared.comparison.total(name)
        row = _row(compared.name, name, gold=right + wrong, right=right)
        _put(row, "share", right, right + wrong, recall_interval(compared.counts(name)))
        rows.append(row)
    if whole := [row for row in rows if row["field"].startswith("doc ")]:
        right, of = sum(row["right"] for row in whole), sum(row["gold"] for row in whole)
        row = _row(compared.name, "metadata", gold=of, right=right)
        _put(row, "share", right, of, recall_interval(compared.counts(*(row["field"] for row in whole))))
        rows.append(row)
    if compared.holds:
        agreed = sum(a == b for a, b in compared.holds)
        value, interval = compared.agreement()
        row = _row(compared.name, "passage holds a task", gold=len(compared.holds), right=agreed)
        _put(row, "share", agreed, len(compared.holds), recall_interval([(a == b, 0, a != b) for a, b in compared.holds]))
        row |= {"kappa": value, "kappa_low": interval[0] if interval else None, "kappa_high": interval[1] if interval else None}
        rows.append(row)
    return rows


def _row(compared: str, name: str, **counts: int) -> dict[str, Any]:
    return dict.fromkeys(COLUMNS) | {"compared": compared, "field": name} | counts


def _put(row: dict[str, Any], name: str, part: int, whole: int, interval: Interval | None) -> None:
    row |= {name: part / whole if whole else None, f"{name}_low": interval[0] if interval else None, f"{name}_high": interval[1] if interval else None}


def shown(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows as two tables for people: fields, and shares of right values."""
    fields = [{column: _figure(row.get(column)) for column in SHOWN} | {"95 %": _interval(row, "f1")} for row in rows if row["found"] is not None]
    shares = [{column: _figure(row.get(column)) for column in SHARES_SHOWN} | {"95 %": _interval(row, "share"), "of": row["gold"]} for row in rows if row["found"] is None]
    return fields, shares


def _figure(value: Any) -> Any:
    return f"{value:.3f}" if isinstance(value, float) else value


def _interval(row: dict[str, Any], name: str) -> str | None:
    return None if row[f"{name}_low"] is None else f"{row[f'{name}_low']:.3f}–{row[f'{name}_high']:.3f}"


def method_of(compared: Compared) -> str:
    """How the intervals were made, for a note under the table."""
    return f"95 % intervals: percentile bootstrap, {DRAWS:,} draws of {compared.clusters}, never narrower than Wilson's"


def paragraphs(compared: list[Compared], basis: tuple[str, str]) -> tuple[str, str]:
    """A paragraph in English and one in Chinese. `basis` says in each language what was coded, as one sentence."""
    english, chinese = [basis[0]], [basis[1]]
    for one in compared:
        rows = {row["field"]: row for row in rows_of(one)}
        listed = [name for name in FIELDS if rows[name]["f1"] is not None]
        if one.coder is not None:
            english.append(f"Against {one.coder or 'the annotations'}, policygraph {VERSION} finds {_listed(rows, listed, _english)}.")
            chinese.append(f"与{one.coder or '标注'}对照，policygraph {VERSION} 的结果为：{_listed(rows, listed, _chinese)}。")
        else:
            value, interval = one.agreement()
            told = f"; on whether a passage holds a task Cohen's kappa is {value:.3f}{_between(interval, ' (95% interval {}–{})')}" if value is not None else ""
            zh = f"；段落是否含任务的 Cohen's kappa 为 {value:.3f}{_between(interval, '（95%置信区间 {}–{}）')}" if value is not None else ""
            english.append(f"The coders {one.name} agree on {len(one.holds)} passages that both coded with F1 {_listed(rows, listed, _english_f1)}{told}.")
            chinese.append(f"两名编码者（{one.name}）在共同编码的 {len(one.holds)} 段上的一致性（F1）为：{_listed(rows, listed, _chinese_f1)}{zh}。")
    clusters = compared[0].clusters
    english.append(f"Intervals are 95% percentile bootstrap intervals ({DRAWS:,} draws of {clusters}), widened to Wilson's where that is wider.")
    chinese.append(f"置信区间以{_CLUSTERS[clusters]}为单位自助抽样 {DRAWS:,} 次（百分位法），窄于 Wilson 区间时取后者。")
    return " ".join(english), "".join(chinese)


def basis_of_sheets(sheets: list[CodedSheet], passages: list[Passage]) -> tuple[str, str]:
    """What was coded, of which corpus and by whom."""
    coded = {coded.passage.id: coded for sheet in reversed(sheets) for coded in sheet.coded}
    held = [coded.reading for coded in coded.values()]
    drawn = max(sheet.drawn for sheet in sheets)
    documents = {coded.passage.record.id: coded.passage.record.kind for coded in coded.values()}
    if set(documents.values()) == {"plan"}:  # else the sheet was drawn with --all-documents
        passages = [passage for passage in passages if passage.record.kind == "plan"]
    of_corpus = len({passage.record.id for passage in passages})
    tasks, units = sum(len(one.tasks) for one in held), sum(len(task.units) for one in held for task in one.tasks)
    targets = sum(len(one.targets) for one in held)
    coders = list(dict.fromkeys(coder for sheet in sheets for coder in sheet.coders))
    who = " and ".join(coders) or "a coder"
    return (f"How well the plans are read was measured on a blind sample: {who} coded {len(coded)} of {drawn} passages drawn from {len(passages):,} in {of_corpus} documents "
            f"(those coded stand in {len(documents)}) without sight of what was extracted; the coding holds {tasks} tasks, {units} responsibilities and {targets} targets.",
            f"为检验抽取质量，{'、'.join(coders) or '编码者'}在不知道抽取结果的情况下，对从 {of_corpus} 份文件共 {len(passages):,} 个段落中抽取的 {drawn} 段里的 {len(coded)} 段"
            f"（分布于 {len(documents)} 份文件）作了人工编码，共得任务 {tasks} 项、责任关系 {units} 条、量化指标 {targets} 个。")


def basis_of_annotations(files: int, comparison: Comparison) -> tuple[str, str]:
    """What was annotated."""
    tasks, units, targets = (sum(comparison.total(name)[::2]) for name in ("tasks", "units", "indicators"))
    return (f"How well the plans are read was measured on {files} annotated documents, which hold {tasks} tasks, {units} responsibilities and {targets} targets.",
            f"抽取质量以 {files} 份有标注的文件检验，其中任务 {tasks} 项、责任关系 {units} 条、量化指标 {targets} 个。")


def _listed(rows: dict[str, dict[str, Any]], names: list[str], words: Callable[[str, dict[str, Any]], str]) -> str:
    joint = "；" if words in (_chinese, _chinese_f1) else "; "
    return joint.join(words(name, rows[name]) for name in names) or ("无可比较" if joint == "；" else "nothing to compare")


def _english(name: str, row: dict[str, Any]) -> str:
    return f"{_WORDS[name][0]} with {_rate('precision', row)}, {_rate('recall', row)} and F1 {row['f1']:.3f} (95% interval {_interval(row, 'f1')}; n = {row['gold']})"


def _chinese(name: str, row: dict[str, Any]) -> str:
    precision, recall = ("—" if row[key] is None else f"{row[key]:.3f}" for key in ("precision", "recall"))
    return f"{_WORDS[name][1]}精确率 {precision}，召回率 {recall}，F1 {row['f1']:.3f}（95%置信区间 {_interval(row, 'f1')}，n = {row['gold']}）"


def _english_f1(name: str, row: dict[str, Any]) -> str:
    return f"{row['f1']:.3f} on {_WORDS[name][0]} ({_interval(row, 'f1')})"


def _chinese_f1(name: str, row: dict[str, Any]) -> str:
    return f"{_WORDS[name][1]} {row['f1']:.3f}（{_interval(row, 'f1')}）"


def _rate(name: str, row: dict[str, Any]) -> str:
    return f"{name} {row[name]:.3f}" if row[name] is not None else f"no {name} (nothing to divide by)"


def _between(interval: Interval | None, words: str) -> str:
    return words.format(f"{interval[0]:.3f}", f"{interval[1]:.3f}") if interval else ""
