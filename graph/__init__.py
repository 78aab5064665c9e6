"""The shared words: model, records, ids, errors, settings, and the store with its two engines."""
