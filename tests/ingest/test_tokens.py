"""Our tokens are spaCy's: who adds the components to a pipeline of their own gets the same spans."""

from __future__ import annotations

import spacy
from conftest import SAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pipeline import STAGES, build
from ingest.tokens import CharacterTokenizer

blank = spacy.blank("zh")


def shape(doc):
    return [(token.text, token.whitespace_, token.idx) for token in doc]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("建设 \n\r\t\u3000\u00a0\u2028a1（。😀\u0301"), min_size=1, max_size=40))
def test_tokens_are_those_of_the_blank_pipeline(text):
    ours = CharacterTokenizer(blank.vocab)(text)
    assert ours.text == text and shape(ours) == shape(blank(text))


def test_spans_are_the_same_in_a_pipeline_of_ones_own():
    other = spacy.blank("zh")
    for stage in STAGES:
        other.add_pipe(stage)
    text = (SAMPLES / "ministry-2022.txt").read_text(encoding="utf-8")
    a, b = build()(text), other(text)
    for group in a.spans:
        assert [(span.text, span.label_) for span in a.spans[group]] == [(span.text, span.label_) for span in b.spans[group]]
    assert a.spans["policy_tasks"] and a.text == b.text == text
