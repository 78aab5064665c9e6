"""The figures of coded links as rows, as tables for people, and as a paragraph to paste, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.settings import VERSION
from ingest.continuity.link_figures import Sample, Share, at_most
from ingest.intervals import DRAWS, Interval, kappa, recall_interval

COLUMNS = ["compared", "figure", "value", "low", "high", "yes", "coded", "pairs", "mean_score"]
METHOD = (f"95 % intervals: percentile bootstrap, {DRAWS:,} draws of pairs within their strata, never narrower than Wilson's; each coded pair stands for as many as its "
          "stratum has more pairs than were coded")
_STRATA = {"link": ("links", "已判延续"), "perhaps": ("perhaps", "存疑"), "near": ("near non-links", "接近的非延续"), "far": ("other non-links", "其他非延续")}


@dataclass(frozen=True, slots=True)
class Against:
    """The tool against one coder."""

    coder: str
    sample: Sample
    unsure: int
    drawn: int
    gone: int = 0  # answers on pairs that the corpus no longer has


@dataclass(frozen=True, slots=True)
class Between:
    """Two coders: of each pair that both answered with yes or no, their answers."""

    coders: tuple[str, str]
    answers: list[tuple[bool, bool]]

    @property
    def agreed(self) -> int:
        return sum(a == b for a, b in self.answers)


def rows_of(against: Sequence[Against], between: Sequence[Between]) -> list[dict[str, Any]]:
    """One row a figure: precision, recall, f1; a share a stratum and a bin of scores; agreement and kappa. None: nothing to count."""
    rows = []
    for one in against:
        sample, name = one.sample, f"tool – {one.coder}"
        for figure, share in (("precision", sample.precision()), ("recall", sample.recall()), ("f1", sample.f1())):
            rows.append(_row(name, figure, share))
        rows += [_row(name, f"stratum {stratum}", sample.stratum(stratum), pairs=size) for stratum, size in sample.sizes.items()]
        for bin in sample.calibration():
            rows.append(_row(name, f"score {bin.low:.1f}–{bin.high:.1f}", bin.share) | {"mean_score": bin.mean_score})
    for both in between:
        name, n = " – ".join(both.coders), len(both.answers)
        counts = [(int(a == b), 0, int(a != b)) for a, b in both.answers]
        agreement = Share(both.agreed / n if n else None, recall_interval(counts) if n else None, n, both.agreed)
        value, interval = kappa(both.answers)
        rows += [_row(name, "agreement", agreement, pairs=n), _row(name, "kappa", Share(value, interval, n, both.agreed), pairs=n)]
    return rows


def _row(compared: str, figure: str, share: Share, pairs: int | None = None) -> dict[str, Any]:
    low, high = share.interval or (None, None)
    return {"compared": compared, "figure": figure, "value": share.value, "low": low, "high": high, "yes": share.yes, "coded": share.coded,
            "pairs": round(share.pairs) if pairs is None else pairs, "mean_score": None}


def tables(rows: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]], list[str]]]:
    """Title, rows and columns of three tables: the figures, what was coded, the calibration."""
    lone = ["compared"] if len({row["compared"] for row in rows}) > 1 else []

    def table(title: str, prefix: str, first: str, **named: str) -> tuple[str, list[dict[str, Any]], list[str]]:
        found = [{"compared": row["compared"], first: row["figure"].removeprefix(prefix)} | {shown: _shown(row, name) for shown, name in named.items()}
                 for row in rows if (row["figure"].startswith(prefix) if prefix else " " not in row["figure"])]
        return title, found, [*lone, first, *named]

    return [table("How good the links are", "", "figure", **{"value": "value", "95 %": "", "yes": "yes", "of coded": "coded"}),
            table("What was coded", "stratum ", "stratum", **{"pairs": "pairs", "coded": "coded", "continue": "yes", "share": "value", "95 %": ""}),
            table("Calibration: of pairs with such a score, those that continue", "score ", "score",
                  **{"mean score": "mean_score", "share": "value", "95 %": "", "coded": "coded", "stand for": "pairs"})]


def _shown(row: dict[str, Any], name: str) -> Any:
    if not name:
        return None if row["low"] is None else f"{row['low']:.3f}–{row['high']:.3f}"
    return f"{row[name]:.3f}" if isinstance(row[name], float) else row[name]


def cautions(against: Sequence[Against]) -> list[str]:
    """What must be known of the figures: how little a recall rests on, and what was left out."""
    told = []
    for one in against:
        sample, who = one.sample, one.coder
        if one.unsure:
            told.append(f"{who}: {one.unsure} unsure and not counted")
        if one.gone:
            told.append(f"{who}: {one.gone} pairs are not in this corpus any more and not counted")
        answered = sum(sample.counts.values()) + one.unsure + one.gone
        if answered < one.drawn:
            told.append(f"{who}: {one.drawn - answered} of {one.drawn} pairs are not coded and not counted")
        if sample.uncoded:
            told.append(f"{who}: no recall, F1 or share can be told, as no pair of these was coded: {', '.join(_STRATA[stratum][0] for stratum in sample.uncoded)}")
            continue
        others = [stratum for stratum in sample.sizes if stratum != "link" and sample.sizes[stratum]]
        seen, size = sum(sample.counts[stratum] for stratum in others), sum(sample.sizes[stratum] for stratum in others)
        found = sum(sample.stratum(stratum).yes for stratum in others)
        told.append(f"{who}: recall and F1 are estimates: they rest on {seen} of {size:,} pairs that are no links, of which {found} turned out to continue")
        for stratum in others:
            n = sample.counts[stratum]
            if not sample.stratum(stratum).yes and n < sample.sizes[stratum]:
                told.append(f"{who}: none of the {n} {_STRATA[stratum][0]} that were coded continues; that alone rules out no more than that over {at_most(n):.1%} of all "
                            f"{sample.sizes[stratum]:,} do (95 %). The interval allows for as many as the scores expect there")
    return told


def paragraphs(against: Sequence[Against], between: Sequence[Between], plans: int, plan_pairs: int, thinks: tuple[str, str]) -> tuple[str, str]:
    """A paragraph in English and one in Chinese; `thinks` says in each language whose links they are."""
    english, chinese = [], []
    for k, one in enumerate(against):
        sample = one.sample
        total, coded = sum(sample.sizes.values()), sum(sample.counts.values())
        drawn = [(f"{sample.counts[stratum]} of {size:,} {names[0]}", f"{names[1]} {size:,} 对中的 {sample.counts[stratum]} 对")
                 for stratum, names in _STRATA.items() if (size := sample.sizes[stratum])]
        if k == 0:
            english.append(f"How good the links are was measured on a blind, stratified sample of {one.drawn} of {total:,} pairs of tasks ({plan_pairs} pairs of {plans} plans).")
            chinese.append(f"任务延续关系的质量以盲法分层抽样检验：从 {plans} 份计划（{plan_pairs} 对）的 {total:,} 对任务中抽取 {one.drawn} 对。")
        english.append(f"{one.coder} coded {coded} of them with yes or no ({', '.join(row[0] for row in drawn)}); {thinks[0]} have a precision of {_told(sample.precision())}, "
                       f"an estimated recall of {_told(sample.recall())} and an estimated F1 of {_told(sample.f1(), n=False)}.")
        chinese.append(f"{one.coder}对其中 {coded} 对作了是或否的判断（{'，'.join(row[1] for row in drawn)}）；{thinks[1]}的精确率为 {_zh(sample.precision())}，"
                       f"召回率估计为 {_zh(sample.recall())}，F1 估计为 {_zh(sample.f1(), n=False)}。")
    for both in between:
        value, interval = kappa(both.answers)
        n, who = len(both.answers), " – ".join(both.coders)
        english.append(f"The coders {who} agree on {both.agreed} of {n} pairs" + (f"; Cohen's kappa is {value:.3f}{_between(interval, ' (95% interval {}–{})')}." if value is not None else "."))
        chinese.append(f"两名编码者（{who}）在共同判断的 {n} 对中一致 {both.agreed} 对" + (f"，Cohen's kappa 为 {value:.3f}{_between(interval, '（95%置信区间 {}–{}）')}。" if value is not None else "。"))
    english.append("Recall and F1 are Horvitz–Thompson estimates over the strata: they depend on the few pairs coded that are no links; intervals are bootstrap intervals within the strata "
                   f"({DRAWS:,} draws), widened to Wilson's where that is wider.")
    chinese.append(f"召回率与 F1 为按层加权（Horvitz–Thompson）的估计，取决于已编码的少数未判延续的任务对；置信区间为层内自助抽样 {DRAWS:,} 次，窄于 Wilson 区间时取后者。")
    return " ".join(english), "".join(chinese)


def links_now() -> tuple[str, str]:
    """Whose links are measured where the corpus is given."""
    return f"the links of policygraph {VERSION} as they are now", f"policygraph {VERSION} 目前所判延续关系"


def links_then(version: str) -> tuple[str, str]:
    """Whose links are measured where only the sheet is given."""
    return f"the links of policygraph {version} on the day of the draw", f"抽样时 policygraph {version} 所判延续关系"


def _told(share: Share, n: bool = True) -> str:
    if share.value is None:
        return "no value (nothing to divide by)"
    return f"{share.value:.3f}{_between(share.interval, ' (95% interval {}–{}')}{f'; {share.yes} of {share.coded} coded' if n else ''})"


def _zh(share: Share, n: bool = True) -> str:
    if share.value is None:
        return "—"
    return f"{share.value:.3f}{_between(share.interval, '（95%置信区间 {}–{}')}{f'，{share.coded} 对中 {share.yes} 对' if n else ''}）"


def _between(interval: Interval | None, words: str) -> str:
    return words.format(f"{interval[0]:.3f}", f"{interval[1]:.3f}") if interval else ""
