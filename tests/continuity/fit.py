"""Fit the weights of continuity on annotated pairs, and say how well they do on pairs left out.

    python tests/continuity/fit.py            leave one pair out: F1, average precision, baselines, calibration
    python tests/continuity/fit.py --write    the same, then weights.tsv anew from all pairs

Pairs of tests/data/continuity-2 are never fitted on: they are scored with the shipped weights.
Of each pair thinned versions are fitted on too, with half of the tasks of either side or of both left out: real plans of two
years have fewer tasks in common than pairs that somebody wrote, and by itself a task without a partner is rare in those.
Of plans on two subjects no task continues another; each later plan is put beside two such earlier ones.
Every pair counts the same, however many tasks it has. Baselines are given their own best cut on each pair, with the
annotation in hand: the figure that they could not reach in use.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path[:0] = [str(Path(__file__).parent.parent.parent), str(Path(__file__).parent)]

from annotated import REAL, UNSEEN, WRITTEN, AnnotatedPair, iter_pairs

from ingest.background import character_pairs
from ingest.continuity.likeness import Candidates, compare
from ingest.continuity.plan_index import index_plan
from ingest.continuity.sentences import words_of
from ingest.continuity.weights import PATH, Weights, read_weights

# Ways that can only speak for a link; `phrase` may speak against: what one long phrase makes alike is often a name in passing.
FOR = ("cosine", "grams", "grams_column", "segment", "programme", "unit", "target", "first", "first_column")
WAYS = (*FOR, "phrase", "size")
APART = -4.0  # weight of `apart`, set by hand: no annotated pair is of plans on two subjects, and those that are combined have no link to weigh it by
STRANGERS = (5, 9)  # places further on in the list of pairs from which a plan gets earlier plans that it has nothing to do with
RIDGE = 20.0  # of the standardised weights, against the sum over all pairs; from 1 to 80 the pairs left out differ little, the cut least at 20
CUTS = np.arange(0.10, 0.71, 0.01)
FLAT = 0.015  # of the mean F1: cuts within it of the best are as good
KEPT = [(0.5, 1.0), (1.0, 0.5), (0.5, 0.5)]  # shares of the later and the earlier tasks in thinned versions, each drawn twice
THINNED = 2.0  # what the thinned versions of a pair count together, the pair counting 1
BAND = (0.15, 0.75)  # calibrated scores between which a reader should look


@dataclass(slots=True)
class Example:
    """The candidates of one pair with what the annotation says of each."""

    pair: AnnotatedPair
    real: bool
    found: Candidates
    is_link: np.ndarray
    optional: np.ndarray

    def values(self, ways: Sequence[str]) -> np.ndarray:
        return np.column_stack([self.found.ways[way] for way in ways])


def read_examples(roots: Sequence[Path] = (REAL, WRITTEN)) -> list[Example]:
    return [example_of(pair, root is REAL) for root in roots for pair in iter_pairs(root)]


def example_of(pair: AnnotatedPair, real: bool) -> Example:
    found = compare(index_plan(pair.later), index_plan(pair.earlier))
    keys = list(zip(found.later.tolist(), found.earlier.tolist(), strict=True))
    return Example(pair, real, found, np.array([key in pair.links for key in keys]), np.array([key in pair.optional for key in keys]))


def with_thinned(examples: Sequence[Example]) -> list[list[Example]]:
    """Each example with its thinned versions that keep three links or more."""
    groups = []
    for example in examples:
        versions = [thin(example.pair, *shares, seed) for seed, shares in enumerate(KEPT * 2)]
        groups.append([example, *(example_of(pair, example.real) for pair in versions if len(pair.links) >= 3)])
    return groups


def thin(pair: AnnotatedPair, later: float, earlier: float, seed: int) -> AnnotatedPair:
    """The pair with a share of each side's tasks, drawn by a seed."""
    draw = np.random.RandomState(seed)  # the old generator: its numbers are the same in every numpy
    kept = [sorted(draw.choice(len(plan.tasks), max(4, round(len(plan.tasks) * share)), replace=False).tolist()) for plan, share in ((pair.later, later), (pair.earlier, earlier))]
    places = [{place: k for k, place in enumerate(side)} for side in kept]
    links, optional = ({(places[0][i], places[1][j]) for i, j in listed if i in places[0] and j in places[1]} for listed in (pair.links, pair.optional))
    later_plan, earlier_plan = (replace(plan, tasks=[plan.tasks[k] for k in side]) for plan, side in zip((pair.later, pair.earlier), kept, strict=True))
    return AnnotatedPair(pair.name, later_plan, earlier_plan, links, optional, ([pair.labels[0][k] for k in kept[0]], [pair.labels[1][k] for k in kept[1]]))


def with_strangers(examples: Sequence[Example]) -> dict[str, list[Example]]:
    """By pair, its later plan with the earlier plans of two other pairs: no task of it continues any of theirs, a few by accident apart."""
    found: dict[str, list[Example]] = {}
    for k, example in enumerate(examples):
        ours = example.pair
        others = [examples[(k + step) % len(examples)].pair for step in STRANGERS]
        found[ours.name] = [example_of(AnnotatedPair(f"{ours.name}/{theirs.name}", ours.later, theirs.earlier, set(), set(), (ours.labels[0], theirs.labels[1])), example.real) for theirs in others]
    return found


def fit(groups: Sequence[Sequence[Example]], strangers: dict[str, list[Example]], ways: Sequence[str] = WAYS) -> Weights:
    """Logistic regression with a ridge over pairs, each with its thinned versions and its strangers. The cut is left at 0.5."""
    examples = [example for group in groups for example in group]
    unlike = [example for group in groups for example in strangers[group[0].pair.name]]
    usual_links = np.mean([group[0].is_link.sum() for group in groups])
    kept = [example.values(ways)[~example.optional] for example in examples]
    shares = [share for group in groups for share in shares_of(group)]
    each = np.concatenate([*(np.full(len(rows), share / example.is_link.sum()) for rows, example, share in zip(kept, examples, shares, strict=True)),
                           *(np.full(len(example.found), 1 / len(STRANGERS) / usual_links) for example in unlike)])
    y = np.concatenate([*(example.is_link[~example.optional] for example in examples), *(example.is_link for example in unlike)]).astype(float)
    kept += [example.values(ways) for example in unlike]
    each *= sum(group[0].is_link.sum() for group in groups) / (each * y).sum()
    x = np.vstack(kept)
    usual = np.average(x[y == 0], axis=0)
    scale = x.std(axis=0)
    scale[scale == 0] = 1.0
    z = (x - usual) / scale

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total = z @ w[1:] + w[0]
        wrong = each * (1 / (1 + np.exp(-total)) - y)
        return (each * (np.logaddexp(0, total) - y * total)).sum() + RIDGE * (w[1:] ** 2).sum() / 2, np.concatenate([[wrong.sum()], z.T @ wrong + RIDGE * w[1:]])

    w = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[(None, None), *((0.0 if way in FOR else None, None) for way in ways)]).x
    fitted = {way: (float(a), float(u)) for way, a, u in zip(ways, w[1:] / scale, usual, strict=True)}
    return Weights(fitted | {"apart": (APART, 0.0)}, float(w[0]), 0.5, *BAND)


def f1_at(example: Example, scores: np.ndarray, cut: float) -> tuple[float, float, float]:
    """F1, precision and recall of the links from a cut on; optional ones do not count."""
    given = (scores >= cut) & ~example.optional
    right, wanted = (given & example.is_link).sum(), len(example.pair.links)
    return 2 * right / max(1, given.sum() + wanted), right / max(1, given.sum()), right / wanted


def ranked(example: Example, scores: np.ndarray) -> tuple[float, float]:
    """Average precision over all candidates, and F1 at the best cut of this pair."""
    order = np.argsort(-scores[~example.optional], kind="stable")
    right = np.cumsum(example.is_link[~example.optional][order])
    n = np.arange(1, len(order) + 1)
    hit = example.is_link[~example.optional][order]
    return float((right / n)[hit].sum() / len(example.pair.links)), float((2 * right / (n + len(example.pair.links))).max())


def best_cut(groups: Sequence[Sequence[Example]], weights: Weights) -> float:
    """The middle of the cuts whose mean F1 is the best or hardly less: the curve is flat, and its very top moves with a single link."""
    means = np.zeros(len(CUTS))
    for group in groups:
        for example, share in zip(group, shares_of(group), strict=True):
            scores = weights.score(example.found.ways)
            means += share * np.array([f1_at(example, scores, cut)[0] for cut in CUTS])
    means /= len(groups) * (1 + THINNED)
    return round(float(CUTS[means >= means.max() - FLAT].mean()), 2)


def shares_of(group: Sequence[Example]) -> list[float]:
    """What a pair and its thinned versions count: all pairs the same, the thinned versions of one together THINNED times the pair."""
    return [1.0, *(THINNED / (len(group) - 1) for _ in group[1:])]


def leave_one_out(groups: Sequence[list[Example]], strangers: dict[str, list[Example]], ways: Sequence[str] = WAYS) -> list[tuple[Weights, float]]:
    """For each pair the weights, and the cut, of the other pairs and their thinned versions."""
    found = []
    for k in range(len(groups)):
        others = [*groups[:k], *groups[k + 1:]]
        weights = fit(others, strangers, ways)
        found.append((weights, best_cut(others, weights)))
    return found


def baselines(example: Example) -> dict[str, np.ndarray]:
    """Cosine of character n-gram TF-IDF (1 to 3) and share of character bigrams in common, of the tasks' own words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    sides = [[words_of(task) for task in plan.tasks] for plan in (example.pair.later, example.pair.earlier)]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit(sides[0] + sides[1])
    cosine = (vectors.transform(sides[0]) @ vectors.transform(sides[1]).T).toarray()
    pairs = [[set(character_pairs(words)) for words in side] for side in sides]
    overlap = np.array([[len(a & b) / max(1, min(len(a), len(b))) for b in pairs[1]] for a in pairs[0]])
    return {"TF-IDF": cosine[example.found.later, example.found.earlier], "bigram overlap": overlap[example.found.later, example.found.earlier]}


HEADER = "pair        links  seen |             AP   F1    P     R    cut | its best cut | TF-IDF AP  F1* | bigrams AP  F1*"


def line(example: Example, scores: np.ndarray, cut: float) -> tuple[str, list[float]]:
    """One pair's figures in words, and as numbers: average precision, F1, F1 at its own best cut, then the baselines' average precision and best F1."""
    ap, best = ranked(example, scores)
    f1, precision, recall = f1_at(example, scores, cut)
    base = [figure for values in baselines(example).values() for figure in ranked(example, values)]
    shown = (f"{example.pair.name:11s} {len(example.pair.links):5d} {example.is_link.sum():5d} |         {ap:.3f} {f1:.3f} {precision:.3f} {recall:.3f} {cut:.2f} |"
             f"    {best:.3f}     |   {base[0]:.3f}  {base[1]:.3f} |   {base[2]:.3f}   {base[3]:.3f}")
    return shown, [ap, f1, best, *base]


def mean(name: str, rows: list[list[float]]) -> str:
    ap, f1, best, *base = np.mean(rows, axis=0)
    return f"{name}, mean: AP {ap:.3f} F1 {f1:.3f} (own best cut {best:.3f}); TF-IDF {base[0]:.3f} {base[1]:.3f}; bigrams {base[2]:.3f} {base[3]:.3f}"


def report(groups: list[list[Example]], strangers: dict[str, list[Example]], ways: Sequence[str] = WAYS) -> None:
    """Leave one pair out: a line a pair, means, the means of the thinned versions, calibration."""
    left_out = leave_one_out(groups, strangers, ways)
    print("each pair scored by weights and a cut from the others; baselines at each pair's own best cut (F1*)", HEADER, sep="\n")
    rows: dict[str, list[list[float]]] = {"real pairs": [], "written pairs": [], "real pairs, thinned": [], "written pairs, thinned": []}
    for group, (weights, cut) in zip(groups, left_out, strict=True):
        for k, example in enumerate(group):
            shown, figures = line(example, weights.score(example.found.ways), cut)
            rows[("real pairs" if example.real else "written pairs") + (", thinned" if k else "")].append(figures)
            if not k:
                print(shown)
    for name, listed in rows.items():
        if listed:
            print(mean(name, listed))
    false = [(weights.score(example.found.ways) >= cut).sum() / len(example.pair.later.tasks) for group, (weights, cut) in zip(groups, left_out, strict=True) for example in strangers[group[0].pair.name]]
    print(f"plans that have nothing to do with each other: {np.mean(false):.3f} links a later task, on average over {len(false)} pairs")
    print("calibration of these scores, thinned versions included: from, candidates, mean score, share of links")
    every = [(weights.score(example.found.ways)[~example.optional], example.is_link[~example.optional]) for group, (weights, _) in zip(groups, left_out, strict=True) for example in group]
    scores, truth = (np.concatenate(parts) for parts in zip(*every, strict=True))
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        here = (scores >= low) & (scores < low + 0.2 + (low == 0.8))
        print(f"  {low:.1f}  {here.sum():6d}  {scores[here].mean():.2f}  {truth[here].mean():.2f}")


def report_shipped(name: str, examples: list[Example]) -> None:
    """The shipped weights and cut on some pairs."""
    weights = read_weights()
    lines = [line(example, weights.score(example.found.ways), weights.cut) for example in examples]
    print(f"{name}, by the shipped weights", HEADER, *(shown for shown, _ in lines), mean(name, [figures for _, figures in lines]), sep="\n")


def write(groups: list[list[Example]], strangers: dict[str, list[Example]]) -> None:
    examples = [group[0] for group in groups]
    weights = fit(groups, strangers)
    cut = best_cut(groups, weights)
    real = sum(example.real for example in examples)
    lines = [
        f"# Logistic regression (ridge {RIDGE:g}, every pair of plans the same weight) on {len(examples)} annotated pairs, {real} of real plans and {len(examples) - real}",
        f"# written for the purpose, on versions of them with half of the tasks left out, and on plans that have nothing to do with each other: {sum(len(e.pair.links) for e in examples)} links among {sum(len(e.found) for e in examples)} candidates.",
        f"# Made on {date.today()} by tests/continuity/fit.py.",
        "# way: what is measured (likeness.py); weight: added to the logarithm of the odds a unit over `usual`, the mean of candidates that are no link.",
        "# apart is set by hand; base: the odds of a usual candidate; cut: a link from here, the best mean F1 over all of these; low, high: the band in which a reader should look.",
        "way\tweight\tusual", *(f"{way}\t{a:.4f}\t{u:.4f}" for way, (a, u) in weights.ways.items()),
        f"base\t{weights.base:.4f}\t0", f"cut\t{cut:.2f}\t0", f"low\t{weights.low:.2f}\t0", f"high\t{weights.high:.2f}\t0"]
    PATH.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {PATH.name}: cut {cut:.2f}")
    for way, (a, _) in weights.ways.items():
        print(f"  {way:14s} {a:+.3f}")


if __name__ == "__main__":
    every = read_examples()
    grouped, unlike = with_thinned(every), with_strangers(every)
    report(grouped, unlike)
    if "--write" in sys.argv:
        write(grouped, unlike)
    report_shipped("real pairs, fitted on as well", [group[0] for group in grouped if group[0].real])
    report_shipped("pairs never fitted on", read_examples(UNSEEN))
