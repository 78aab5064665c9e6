"""Question files that are wrong say where; parameters that are wrong say what was expected; things are found by any name."""

from __future__ import annotations

import pytest
from cases import CITY_PLAN, MINISTRY, PLAN_2022, PLAN_2025

import queries
from graph.errors import AmbiguousParameter, BadParameter, BadQuestionFile, MissingParameter, UnknownParameter, UnknownQuestion, UnknownThing
from queries.lint import FORMS, lint
from queries.question import parse

HEADER = """// Which plans are there?
// zh: 有哪些规划？
// One row: a plan.
// param year: int = null      a year that the plan covers
// column title: str           its title
"""
BODY = """:params {year: 2018}
MATCH (p:Plan)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
RETURN p.title AS title
ORDER BY title
"""


def write(tmp_path, text: str, name: str = "some_plans.cypher"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", queries.names())
def test_every_shipped_question_loads(name):
    """A question would be missing from every list, form and page."""
    question = queries.load(name)
    assert question.english.endswith("?") and question.chinese.endswith("？") and question.notes
    assert question.columns and all(column.says for column in question.columns)
    assert all(parameter.says for parameter in question.parameters)


def test_a_right_file_loads(tmp_path):
    """The example of the documentation must work as it stands."""
    question = parse(write(tmp_path, HEADER + BODY))
    assert (question.name, question.english, question.chinese, question.notes) == ("some_plans", "Which plans are there?", "有哪些规划？", "One row: a plan.")
    assert [(p.name, p.type, p.default, p.says) for p in question.parameters] == [("year", "int", None, "a year that the plan covers")]
    assert [(c.name, c.type, c.says) for c in question.columns] == [("title", "str", "its title")]
    assert ":params" not in question.body


WRONG = {
    "undeclared parameter": (HEADER.replace("// param year: int = null      a year that the plan covers\n", ""), BODY, 7, "'year' is used but not declared"),
    "unused parameter": (HEADER.replace("year: int", "yaer: int") + "// param year: int = null   covers\n", BODY, 4, "'yaer' is declared but not used; did you mean 'year'?"),
    "parameter of no type": (HEADER.replace("int = null", "number = null"), BODY, 4, "expected `param name: type"),
    "parameter without a type": (HEADER.replace("year: int = null", "year"), BODY, 4, "expected `param name: type"),
    "column missing in RETURN": (HEADER + "// column place: str   its place\n", BODY, 10, "RETURN gives title; the header declares title, place"),
    "column missing in the header": (HEADER, BODY.replace("AS title", "AS title, p.place AS place", 1), 9, "RETURN gives title, place; the header declares title"),
    "columns in another order": (HEADER.replace("// column title", "// column place: str  its place\n// column title"),
                                 BODY.replace("AS title", "AS title, p.place AS place", 1), 10, "RETURN gives title, place; the header declares place, title"),
    "no Chinese": (HEADER.replace("// zh: 有哪些规划？\n", ""), BODY, 1, "zh"),
    "no order": (HEADER, BODY.replace("ORDER BY title\n", ""), 9, "ORDER BY"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_says_where_and_what(tmp_path, case):
    """Who adds a question would have to read the loader to find the slip."""
    header, body, line, said = WRONG[case]
    path = write(tmp_path, header + body)
    with pytest.raises(BadQuestionFile) as raised:
        parse(path)
    message = str(raised.value)
    assert message.startswith(f"{path}:{line}: "), message
    assert said in message and "\n" not in message


# One line of Cypher for each form that the two engines do not share.
REFUSED = {
    "null or": "WHERE $year IS NULL OR $year IN p.years",
    "substring": "WITH p, substring(p.title, 0, 4) AS y",
    "list index": "WITH p, p.years[0] AS y",
    "labels": "WHERE 'Plan' IN labels(p)",
    "any": "WHERE any(y IN p.years WHERE y = $year)",
    "comprehension": "WITH p, [y IN p.years | y + 1] AS ys",
    "map projection": "WITH p, p {.title} AS m",
    "call": "CALL { MATCH (q:Plan) RETURN q }",
    "case in a case": "WHERE CASE WHEN CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END THEN true ELSE false END",
    "functions": "WITH p, toString(p.first_year) AS y",
    "properties": "WITH p, properties(p) AS all_of_it",
    "length of a list": "MATCH (a:Task)-[r:CONTINUES*1..3]->(b:Task) WITH p, length(r) AS n",
    "edge between hops": "MATCH (p)-[:HAS_TASK]->(l)-[c:CONTINUES]->(e)<-[:HAS_TASK]-(q:Plan) WHERE c.score > 0.5",
    "write": "SET p.title = ''",
}


@pytest.mark.parametrize("form", [name for name, _, _ in FORMS])
def test_a_form_of_one_engine_is_refused_by_name(tmp_path, form):
    """A question would answer one thing on a laptop and another on the server."""
    line = REFUSED[form]
    path = write(tmp_path, HEADER + BODY.replace("MATCH (p:Plan)\n", f"MATCH (p:Plan)\n{line}\nWITH p\n"))
    problem = next(problem for name, _, problem in FORMS if name == form)
    with pytest.raises(BadQuestionFile) as raised:
        parse(path)
    assert str(raised.value) == f"{path}:8: {problem}"


@pytest.mark.parametrize("line", [
    "RETURN 'CALL labels(p)' AS title ORDER BY title",
    "MATCH (p)-[:HAS_TASK]->(l)-[c:CONTINUES]->(e)<-[:HAS_TASK]-(q) WITH p, q, c WHERE c.score > 0.5 RETURN p ORDER BY p",
    "MATCH (p)-[:HAS_TASK]->(l)-[c:CONTINUES]->(e)<-[:HAS_TASK]-(q) WHERE q.first_year = 2022 RETURN c.score AS score ORDER BY score",
    "RETURN ['a', 'b'] AS title ORDER BY title", "MATCH (a:Task)-[:CONTINUES*1..2]->(b) RETURN a ORDER BY a",
    "RETURN collect({at: 1, value: p.title}) AS title ORDER BY title", "WHERE $year IN p.years RETURN p ORDER BY p"])
def test_near_misses_are_let_through(line):
    """A right question would be refused for a word in a text."""
    assert lint(line) == []


def test_words_of_a_comment_are_let_through(tmp_path):
    """A comment that says why a form is not used would be refused."""
    commented = BODY.replace("RETURN", "// not $x IS NULL OR labels(p)[0], nor $other\nRETURN")
    assert parse(write(tmp_path, HEADER + commented)).name == "some_plans"


def test_a_union_is_refused():
    """Its ORDER BY orders the last branch only."""
    assert "UNION" in str(lint("MATCH (p:Plan) RETURN p.title AS title UNION ALL MATCH (p:Plan) RETURN p.title AS title ORDER BY title"))


def test_a_python_question_without_a_header_is_refused(tmp_path):
    """It would stand in the list with no words."""
    with pytest.raises(BadQuestionFile, match=r"other\.py:1: .*docstring"):
        parse(write(tmp_path, "def rows(store):\n    return []\n", "other.py"))


@pytest.mark.parametrize(("name", "hint"), [("department_workloads", "did you mean 'department_workload'?"), ("workload", "did you mean"), ("qqq", "known are codes, continued_between")])
def test_an_unknown_question_names_the_nearest(name, hint):
    """A slip of one letter would cost a look into the documentation."""
    with pytest.raises(UnknownQuestion) as raised:
        queries.load(name)
    assert hint in str(raised.value) and raised.value.status == 404 and raised.value.exit_code == 2


@pytest.mark.parametrize(("question", "given", "error", "said"), [
    ("department_workload", {"yaer": 2018}, UnknownParameter, "did you mean 'year'?"),
    ("department_workload", {"year": "last"}, BadParameter, "year is 'last', expected a whole number"),
    ("department_workload", {"year": 2018.5}, BadParameter, "a whole number"),
    ("department_workload", {"year": True}, BadParameter, "a whole number"),
    ("department_workload", {"role": "boss"}, BadParameter, "one of lead, responsible, support, implement"),
    ("shared_tasks", {"collectives": "maybe"}, BadParameter, "true or false"),
    ("search_tasks", {}, MissingParameter, "needs the parameter 'q'"),
    ("department_tasks", {"year": 2022}, MissingParameter, "needs the parameter 'department'"),
])
def test_a_wrong_parameter_says_what_was_expected(question, given, error, said):
    """A misspelt year would be left out in silence, and the table be that of all years."""
    with pytest.raises(error) as raised:
        queries.load(question).check(given)
    assert said in str(raised.value) and question in str(raised.value)
    assert raised.value.status == 400 and raised.value.exit_code == 2


def test_words_of_the_command_line_become_values():
    """Everything arrives as text there."""
    check = queries.load("shared_tasks").check
    assert check({"year": "2022", "collectives": "yes"}) == {"year": 2022, "plan": None, "department": None, "collectives": True, "code": None}
    assert check({}) == {"year": None, "plan": None, "department": None, "collectives": False, "code": None}


@pytest.mark.parametrize("value", [PLAN_2025, "海渔发〔2025〕2号", "2022年智慧渔业", PLAN_2022])
def test_a_plan_is_found_by_title_number_or_words(store, value):
    """Nobody knows ids by heart."""
    rows = queries.run("plan_tasks", store, plan=value)
    title = rows.basis["plans"][0]["title"]
    assert len(rows.basis["plans"]) == 1 and ("2022" in title) == ("2022" in value)
    assert list(queries.run("plan_tasks", store, plan=rows.basis["parameters"]["plan"])) == list(rows)


@pytest.mark.parametrize("value", ["海岸处", "临澜市海洋与渔业局海岸处"])
def test_a_department_is_found_by_name_or_with_its_body(store, value):
    """The same."""
    rows = queries.run("department_tasks", store, department=value)
    assert [row["number"] for row in rows] == [7, 9, 10]
    assert list(queries.run("department_tasks", store, department=rows.basis["parameters"]["department"])) == list(rows)


def test_a_department_is_found_by_a_spelling_of_the_text(store):
    """The spelling in the plan is what a reader has before the eyes: 青屿县渔业主管部门 is 县渔业主管部门 of 青屿县."""
    assert [row["surface"] for row in queries.run("department_tasks", store, department="青屿县渔业主管部门")] == ["青屿县渔业主管部门"]


def test_a_task_is_found_by_its_first_words(store):
    """A task has no name."""
    rows = queries.run("task_history", store, task="联合保险机构开发")
    assert [row["number"] for row in rows if row["step"] == 0] == [17]


@pytest.mark.parametrize(("question", "given", "labels"), [
    ("plan_tasks", {"plan": "智慧渔业和海岸保护工作要点"}, [PLAN_2022, CITY_PLAN]),
    ("department_tasks", {"department": "县渔业主管部门"}, ["青屿县", "石梁县"]),
    ("task_history", {"task": "启动"}, [PLAN_2022]),
])
def test_a_name_of_several_lists_them(store, question, given, labels):
    """The first of two would be taken, and the answer be about another city's unit."""
    with pytest.raises(AmbiguousParameter) as raised:
        queries.run(question, store, **given)
    assert all(label in str(raised.value) for label in labels) and "give the id of one" in str(raised.value)


@pytest.mark.parametrize(("question", "given", "said"), [
    ("plan_tasks", {"plan": "海岸与渔业部2023年智慧渔业和海岸保护工作要点"}, PLAN_2022),
    ("department_tasks", {"department": "海岸局"}, "海岸司"),
    ("department_tasks", {"department": "d-aaaaaaaaaaaa"}, "no department 'd-aaaaaaaaaaaa'"),
    ("task_history", {"task": "没有这样的任务"}, "no task"),
    ("neighbours", {"node": "海岸司"}, "no node"),
])
def test_what_is_not_there_names_the_nearest(store, question, given, said):
    """An empty table would be read as "no tasks"."""
    with pytest.raises(UnknownThing) as raised:
        queries.run(question, store, **given)
    assert said in str(raised.value) and raised.value.status == 404


def test_a_kind_of_edge_that_there_is_not(store):
    """The kinds are listed where one is wrong."""
    node = queries.run("plans", store, scope=MINISTRY)[0]["plan"]
    with pytest.raises(BadParameter, match="RESPONSIBLE_FOR"):
        queries.run("neighbours", store, node=node, edge="OWNS")
