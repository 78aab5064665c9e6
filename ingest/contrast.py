"""How strongly each word tells two sets of texts apart: weighted log-odds with an informative Dirichlet prior.

B. L. Monroe, M. P. Colaresi and K. M. Quinn: Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the
Content of Political Conflict. Political Analysis 16 (2008), 372–403. For a word w, with e and l for the two sides,

    y_w   the texts of a side that hold w; a text counts a word once, however often it repeats it
    n     = sum of y_v over all words v of the side
    a_0   = PRIOR · (n_e + n_l), the weight of the prior
    a_w   = a_0 · (y_w_e + y_w_l) / (n_e + n_l), the prior's share for w: its frequency in both sides together
    delta = ln((y_w_l + a_w) / (n_l + a_0 − y_w_l − a_w)) − ln((y_w_e + a_w) / (n_e + a_0 − y_w_e − a_w))
    var   ≈ 1 / (y_w_l + a_w) + 1 / (y_w_e + a_w)
    z     = delta / sqrt(var)

delta is above 0 for a word of the later side. The prior draws both sides towards what they have in common, the more the
rarer a word is, so that words of one or two texts do not head the list. n counts what a side says, not its texts: a side of
longer texts holds nearly every word in a larger share of them, and would else be told by nearly every word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

# The prior weighs a fifth of what was counted. Were it much lighter, or a fixed number of words, a word of twenty texts against
# none would come after one of twenty against two: the variance of the side without it is 1 / a_w, which then goes out of all
# proportion. At a fifth and sides of one size no word gains by being found on the other side.
PRIOR = 0.2
# With fewer texts a side, z is not given: it takes the log-odds for normally distributed, which they are where counts are large.
TEXTS_FOR_Z = 30
# A word of fewer texts of its side tells a text from others, not a side.
TEXTS_OF_A_WORD = 3


@dataclass(frozen=True, slots=True)
class Contrast:
    """One word with the texts that hold it on each side."""

    word: str
    earlier: int
    later: int
    log_odds: float  # delta, to three places: what is shown is what words are ordered by, on every machine
    z: float | None  # to two places; None where a side has fewer than TEXTS_FOR_Z texts


def contrasts(earlier: Mapping[str, int], later: Mapping[str, int], texts: tuple[int, int]) -> tuple[list[Contrast], list[Contrast]]:
    """The words that speak for the earlier side and those that speak for the later, each from the strongest on.

    `earlier`, `later`: word to the texts of that side that hold it. `texts`: how many texts each side has. Strength is z, or
    log_odds where there is no z; among equals the word of more texts comes first. A word that both sides hold alike
    speaks for neither, nor does one that fewer than TEXTS_OF_A_WORD texts of its side hold.
    """
    totals, words = (sum(earlier.values()), sum(later.values())), earlier.keys() | later.keys()
    sides: tuple[list[Contrast], list[Contrast]] = [], []
    for word in words if len(words) > 1 else ():  # the odds of a word are against the others
        found = _contrast(word, earlier.get(word, 0), later.get(word, 0), totals, min(texts) >= TEXTS_FOR_Z)
        is_later = found.log_odds > 0
        if found.log_odds and (found.later if is_later else found.earlier) >= TEXTS_OF_A_WORD:
            sides[is_later].append(found)
    for side in sides:
        side.sort(key=lambda row: (-abs(row.log_odds if row.z is None else row.z), -(row.earlier + row.later), row.word))
    return sides


def _contrast(word: str, earlier: int, later: int, totals: tuple[int, int], has_z: bool) -> Contrast:
    of_earlier, of_later = totals
    prior, share = PRIOR * (of_earlier + of_later), PRIOR * (earlier + later)  # a_0 and a_w
    log_odds = math.log((later + share) / (of_later + prior - later - share)) - math.log((earlier + share) / (of_earlier + prior - earlier - share))
    z = log_odds / math.sqrt(1 / (later + share) + 1 / (earlier + share)) if has_z else None
    return Contrast(word, earlier, later, round(log_odds, 3), None if z is None else round(z, 2))
