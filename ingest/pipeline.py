"""The stages, in order: a blank spaCy `zh` pipeline with the components of this folder.

A new stage is one file and one line of STAGES. Add them to a pipeline of your own with `nlp.add_pipe("policy_tasks")`.
"""

from __future__ import annotations

from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from graph.records import DocumentRecord
from ingest import clauses, documents, indicators, mentions, outline, tasks, units  # noqa: F401  each registers its component
from ingest.assemble import records_of
from ingest.beside import FileRows
from ingest.readers import Source
from ingest.tokens import CharacterTokenizer

STAGES = ("policy_documents", "policy_clauses", "policy_outline", "policy_tasks", "policy_units", "policy_indicators", "policy_mentions")


@cache
def build() -> Language:
    """The pipeline; built once a process."""
    nlp = spacy.blank("zh")
    nlp.max_length = 100_000_000  # a guard for parsers, which this pipeline has none of
    nlp.tokenizer = CharacterTokenizer(nlp.vocab)
    for stage in STAGES:
        nlp.add_pipe(stage)
    return nlp


def annotate(text: str) -> Doc:
    """The Doc of one file's text, its results in `doc.spans`."""
    return build()(text)


def extract(source: Source, rows: FileRows | None = None) -> list[DocumentRecord]:
    """The records of one file's documents, put right and coded by the rows of corpus.csv, corrections.csv and codes.csv that concern it."""
    doc = annotate(source.text)
    as_read = records_of(doc, source)
    if rows is None or not rows.by_hand:
        return as_read
    records = records_of(doc, source, rows.told)
    for place, (record, read) in enumerate(zip(records, as_read, strict=True), 1):
        rows.apply(record, read, place, source.text)
    return records
