"""The parts of the review page: marks in the text, cards of the record, and the template, style and script that go into it."""
