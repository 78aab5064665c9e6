"""Weighted log-odds: against numbers worked out on paper, against a slow reckoning, and what must hold for any counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contrast import PRIOR, TEXTS_FOR_Z, contrasts

MANY = (TEXTS_FOR_Z, TEXTS_FOR_Z)
COUNTS = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.integers(1, 40), min_size=1)


def by_word(earlier: dict, later: dict, texts=MANY) -> dict:
    sides = contrasts(earlier, later, texts)
    return {row.word: row for side in sides for row in side}


def test_the_numbers_on_paper():
    """A slip in the formula would be published with every table.

    n_e = 9 + 1 + 10 = 20, n_l = 3 + 7 = 10, a_0 = 0.2 · 30 = 6.
    甲: a = 0.2 · 12 = 2.4. Later (3 + 2.4) / (10 + 6 − 3 − 2.4) = 5.4 / 10.6 = 0.50943; earlier (9 + 2.4) / (20 + 6 − 9 − 2.4) = 11.4 / 14.6 =
        0.78082; delta = ln(0.50943 / 0.78082) = ln 0.65243 = −0.427; var = 1 / 5.4 + 1 / 11.4 = 0.27290; z = −0.42705 / 0.52240 = −0.82.
    乙: a = 1.6. Later 8.6 / 7.4 = 1.16216; earlier 2.6 / 23.4 = 0.11111; delta = ln 10.45946 = 2.348;
        var = 1 / 8.6 + 1 / 2.6 = 0.50089; z = 2.34751 / 0.70774 = 3.32.
    丙: a = 2. Later 2 / 14; earlier 12 / 14; delta = ln(1 / 6) = −1.792; var = 1 / 2 + 1 / 12 = 0.58333; z = −1.79176 / 0.76376 = −2.35.
    """
    assert PRIOR == 0.2, "the numbers above are for this prior"
    found = by_word({"甲": 9, "乙": 1, "丙": 10}, {"甲": 3, "乙": 7})
    assert {word: (row.log_odds, row.z) for word, row in found.items()} == {"甲": (-0.427, -0.82), "乙": (2.348, 3.32), "丙": (-1.792, -2.35)}
    assert [(row.earlier, row.later) for row in found.values()] == [(10, 0), (9, 3), (1, 7)]


@given(COUNTS, COUNTS)
def test_a_slow_reckoning_agrees(earlier, later):
    """The same by way of shares and odds, as the paper puts it in words: the posterior share of a word on each side, its odds, their ratio."""
    def odds(counts: dict, word: str) -> tuple[float, float]:
        pseudo = {each: PRIOR * (earlier.get(each, 0) + later.get(each, 0)) for each in {*earlier, *later}}
        seen = {each: counts.get(each, 0) + pseudo[each] for each in pseudo}
        share = seen[word] / sum(seen.values())
        return share / (1 - share) if share < 1 else math.inf, seen[word]

    if len({*earlier, *later}) < 2:
        return  # one word alone has no odds
    for word, row in by_word(earlier, later).items():
        (at_first, seen_first), (then, seen_then) = odds(earlier, word), odds(later, word)
        assert row.log_odds == pytest.approx(math.log(then / at_first), abs=0.001)
        assert row.z == pytest.approx(math.log(then / at_first) * (1 / seen_first + 1 / seen_then) ** -0.5, abs=0.01)


@given(COUNTS, COUNTS)
def test_swapping_the_sides_flips_the_sign(earlier, later):
    """What speaks for 2021 against 2018 must speak as strongly against 2018 the other way round."""
    one, other = contrasts(earlier, later, MANY), contrasts(later, earlier, MANY)
    for ours, theirs in ((one[0], other[1]), (one[1], other[0])):
        assert [(row.word, row.earlier, row.later, row.log_odds, row.z) for row in ours] == [
            (row.word, row.later, row.earlier, -row.log_odds, -row.z) for row in theirs]
    assert all(row.log_odds < 0 for row in one[0]) and all(row.log_odds > 0 for row in one[1])


@given(COUNTS, st.integers(1, 9))
def test_words_of_equal_rates_speak_for_neither_side(counts, times):
    """The larger side would be told by words that both use alike."""
    if len(counts) > 1:
        assert contrasts(counts, {word: n * times for word, n in counts.items()}, MANY) == ([], [])


@pytest.mark.parametrize("n", [5, 20, 100])
def test_a_word_of_one_side_comes_before_one_that_the_other_side_has_too(n):
    """With a lighter prior the order turns round, and what is wholly new would stand below what is half new."""
    rest = {f"词{k}": 20 for k in range(1000)}
    later = contrasts(rest | {"有一": 1, "有二": 2}, rest | {"全新": n, "有一": n, "有二": n}, (500, 500))[1]
    assert [row.word for row in later[:3]] == ["全新", "有一", "有二"]
    assert later[0].z > later[1].z > later[2].z


def test_no_z_under_thirty_texts_a_side():
    """A z of eighteen tasks would be quoted as if it were one of a thousand."""
    counts = {"甲": 9, "乙": 1, "丙": 10}, {"甲": 3, "乙": 7}
    for texts, has_z in (((30, 30), True), ((29, 1000), False), ((1000, 29), False)):
        rows = by_word(*counts, texts)
        assert {row.z is not None for row in rows.values()} == {has_z}
    # Then log-odds say what comes first: 丙 with −1.792 before 甲 with −0.427.
    assert [row.word for row in contrasts(*counts, (29, 29))[0]] == ["丙", "甲"]


def test_words_of_one_or_two_texts_are_left_out():
    """A list would be headed by whatever a single task happens to say."""
    rest = {"甲": 50, "乙": 50}
    earlier, later = contrasts(rest | {"一": 1, "二": 2, "三": 3, "多": 2}, rest | {"多": 1, "四": 2}, MANY)
    assert {row.word for row in [*earlier, *later]} == {"甲", "乙", "三"}, "多 stands in three texts, but in two of the side that it would speak for"


def test_the_order_does_not_hang_on_the_order_of_counting():
    """Two runs would print two tables: equals go by texts, then by the word."""
    earlier = {"丙": 5, "甲": 5, "乙": 9, "丁": 5}
    found = contrasts(earlier, {"戊": 9}, (20, 20))
    assert found == contrasts(dict(reversed(earlier.items())), {"戊": 9}, (20, 20))
    assert [row.word for row in found[0]] == ["乙", "丁", "丙", "甲"]


def test_a_side_that_says_nothing_is_no_comparison():
    """Nothing to compare with must not be an error of arithmetic."""
    assert contrasts({}, {}, (0, 0)) == ([], [])
    assert contrasts({"甲": 5}, {}, (5, 0)) == ([], [])
    assert contrasts({"甲": 5, "乙": 3}, {}, (5, 0)) == ([], [])
