"""Characters as tokens, as spaCy's blank `zh` has them, made in time linear in the text's length.

spaCy's own character segmenter cuts a copy of the remaining text for each token: a text of a million characters takes
it a minute. The tokens are the same; a test compares them.
"""

from __future__ import annotations

import re
from typing import Any

from spacy.tokens import Doc
from spacy.vocab import Vocab

from ingest.spans import with_text

_BLANK = re.compile(r"(\s+)")


class CharacterTokenizer:
    """A tokenizer for `nlp.tokenizer`: text in, Doc of one token a character out."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for k, part in enumerate(_BLANK.split(text)):
            if k % 2 and words and part[0] == " ":  # one space belongs to the character before it
                spaces[-1], part = True, part[1:]
            words += [part] if k % 2 and part else part
            spaces += [False] * (len(words) - len(spaces))
        return with_text(Doc(self.vocab, words=words, spaces=spaces), text)

    # What spaCy asks of a tokenizer that goes to disk with its pipeline; there is nothing to keep.
    def to_bytes(self, **kwargs: Any) -> bytes:
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> CharacterTokenizer:
        return self

    def to_disk(self, path: Any, **kwargs: Any) -> None:
        return None

    def from_disk(self, path: Any, **kwargs: Any) -> CharacterTokenizer:
        return self
