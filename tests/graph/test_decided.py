"""Conditions that the parameters decide are not left to the engine, and nothing else of a question is touched."""

from __future__ import annotations

import pytest

from graph.decided import decide
from queries import load_all

YEAR = "CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END"
CODE = "CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END"
NESTED = "CASE WHEN $a IS NULL THEN false ELSE x = CASE WHEN $b IS NULL THEN true ELSE y = 'END' END END AND z = $a"


@pytest.mark.parametrize(("query", "values", "decided", "taken"), [
    (f"WHERE {YEAR} AND q", {"year": None}, "WHERE true AND q", {}),
    (f"WHERE {YEAR} AND q", {"year": 2021}, "WHERE ($year IN p.years\n) AND q", {"year": 2021}),
    (f"WHERE {CODE}", {"code": None}, "WHERE true", {}),
    (f"WHERE {CODE}", {"code": "a"}, "WHERE CASE WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END", {"code": "a"}),
    (NESTED, {"a": None, "b": None}, "false AND z = $a", {"a": None}),
    (NESTED, {"a": 1, "b": None}, "(x = true\n) AND z = $a", {"a": 1}),
    (NESTED, {"a": 1, "b": 2}, "(x = (y = 'END'\n)\n) AND z = $a", {"a": 1}),
    ("CASE WHEN $a IS NULL THEN true // END\nELSE y = $a END", {"a": 1}, "CASE WHEN $a IS NULL THEN true // END\nELSE y = $a END", {"a": 1}),
    ("CASE WHEN $a IS NULL THEN true ELSE // END\ny END", {"a": 1}, "(// END\ny\n)", {}),
    ("CASE WHEN $a IS NULL THEN true ELSE $a = y // END\nEND AND z", {"a": 1}, "($a = y // END\n) AND z", {"a": 1}),
    ("CASE WHEN $a IS NULL THEN true ELSE $a = y /* to the END */ END AND z", {"a": 1}, "($a = y /* to the END */\n) AND z", {"a": 1}),
    (f"{YEAR} AND {YEAR}", {"year": None}, "true AND true", {}),
    ("CASE WHEN $a IS NULL THEN null ELSE p.x END = $ab", {"a": None, "ab": 1}, "CASE WHEN $a IS NULL THEN null ELSE p.x END = $ab", {"a": None, "ab": 1}),
    ("CASE WHEN p.x IS NULL THEN true ELSE $a END", {"a": None}, "CASE WHEN p.x IS NULL THEN true ELSE $a END", {"a": None}),
])
def test_what_is_decided(query, values, decided, taken):
    """A filter that nobody set would cost more than the answer; one that is set would be lost."""
    assert decide(query, values) == (decided, taken)


@pytest.mark.parametrize("question", [question for question in load_all() if question.is_cypher], ids=lambda question: question.name)
def test_no_question_asks_for_a_parameter_that_is_null_where_it_only_filters(question):
    """Each file's optional filters are of the form that is decided: one that is not would be slow and nobody would see why."""
    values = {parameter.name: None for parameter in question.parameters}
    query, _ = decide(question.body, values)
    assert "IS NULL THEN true" not in "".join(line for line in query.splitlines() if "$" in line)
