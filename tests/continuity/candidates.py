"""How many annotated links are among the best candidates of their later task: what a judge of links can reach at all.

    python tests/continuity/candidates.py
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent.parent), str(Path(__file__).parent)]

from annotated import REAL, WRITTEN, AnnotatedPair, iter_pairs

from ingest.continuity.links import Linker


def found_among(pair: AnnotatedPair, n: int) -> int:
    """The links of a pair whose earlier task is among the best `n` candidates of the later one; optional links do not count."""
    listed = {(place, candidate) for place, places in Linker().shortlists(pair.later, pair.earlier, n) for candidate in places}
    return len(pair.links & listed)


def candidate_recall(examples: Sequence[AnnotatedPair], n: int) -> float:
    """The share of all annotated links that are among the best `n` candidates."""
    return sum(found_among(pair, n) for pair in examples) / sum(len(pair.links) for pair in examples)


if __name__ == "__main__":
    sizes = (3, 6, 10)
    print("pair         links  " + "  ".join(f"n = {n:2d}" for n in sizes))
    for name, root in (("real", REAL), ("written", WRITTEN)):
        pairs = list(iter_pairs(root))
        for pair in pairs:
            print(f"{pair.name:12s} {len(pair.links):5d}  " + "  ".join(f"{found_among(pair, n) / len(pair.links):6.3f}" for n in sizes))
        print(f"{name:12s} {sum(len(pair.links) for pair in pairs):5d}  " + "  ".join(f"{candidate_recall(pairs, n):6.3f}" for n in sizes))
