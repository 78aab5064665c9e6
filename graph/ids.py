"""Ids from content: the same plan gives the same ids from any file, format or order.

A kind letter, a hyphen and 12 characters of lower-case base32 (60 bits of SHA-256), as in `t-3kq5h7x2ab4c`.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterable

LETTERS = {
    "Document": "x", "Plan": "p", "Goal": "g", "Task": "t", "Department": "d",
    "Duty": "y", "Indicator": "i", "Policy": "o", "Programme": "r", "Meta": "m",
}
KINDS = {letter: kind for kind, letter in LETTERS.items()}


def content_id(kind: str, *parts: object) -> str:
    """The id of a node of `kind` made of `parts`; None and a missing part differ from the empty string."""
    # The unit separator cannot occur in a document's words, so ("ab", "c") and ("a", "bc") stay apart.
    key = "\x1f".join("\x00" if part is None else str(part) for part in parts)
    digest = hashlib.sha256(f"{kind}\x1e{key}".encode()).digest()
    return f"{LETTERS[kind]}-{base64.b32encode(digest[:10]).decode().lower()[:12]}"


def kind_of(node_id: str) -> str | None:
    """The kind of node that an id names, None where it is no id."""
    return KINDS.get(node_id[0]) if len(node_id) == 14 and node_id[1] == "-" else None


# What Chinese text holds most of that NFKC changes. Each gives way to its own decomposition, which changes nothing in the end;
# most text is then in NFKC already, and that is found out ten times as quickly as it is normalized.
_USUAL = [(mark, unicodedata.normalize("NFKC", mark)) for mark in "，：；（）！？％／．～－\u3000０１２３４５６７８９"]


def squeeze(text: str) -> str:
    """The text in NFKC and without white space: what two copies of one sentence have in common."""
    for mark, plain in _USUAL:
        text = text.replace(mark, plain)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    joined = "".join(text.split())
    # A combining mark behind a space joins its letter only in a second pass.
    return joined if unicodedata.is_normalized("NFKC", joined) else unicodedata.normalize("NFKC", joined).replace(" ", "")


def number_equals(keys: Iterable[tuple]) -> list[int]:
    """For each key its number among the equal ones before it, from 0."""
    seen: dict[tuple, int] = {}
    numbers = []
    for key in keys:
        number = seen.get(key, 0)
        numbers.append(number)
        seen[key] = number + 1
    return numbers
