"""Text in, records out: readers, spaCy components, gazetteer, continuity. Knows no database."""
