"""Cypher that runs on both engines and does not mean the same, or runs on one only: refused by name.

Each row was seen on real engines (ladybug 0.22, Neo4j 5.26); a test runs each on both, so that a new version that
changes one is noticed.
"""

from __future__ import annotations

import re

FORMS: tuple[tuple[str, re.Pattern, str], ...] = (
    ("null or", re.compile(r"\$\w+ IS NULL OR", re.I), "`$x IS NULL OR …` fails in ladybug when null is given: write CASE WHEN $x IS NULL THEN true ELSE … END"),
    ("substring", re.compile(r"\bsubstring\s*\(", re.I), "substring counts from 1 in ladybug and from 0 in Neo4j"),
    ("list index", re.compile(r"(?<=[\w)\]])\[\s*-?\d+\s*\]"), "list index counts from 1 in ladybug and from 0 in Neo4j"),
    ("labels", re.compile(r"\blabels\s*\(", re.I), "labels() is a string in ladybug: take the kind from the id's letter"),
    ("any", re.compile(r"\b(?:any|all|none|single)\s*\(\s*\w+\s+IN\b", re.I), "any(x IN list …) with a parameter inside fails in ladybug: write `$y IN list`"),
    ("comprehension", re.compile(r"\[\s*\w+\s+IN\b", re.I), "ladybug has no list comprehension"),
    ("map projection", re.compile(r"\b\w+\s*\{\s*\.", re.I), "ladybug has no map projection: collect a map with named values"),
    ("call", re.compile(r"\bCALL\b", re.I), "CALL differs between the engines"),
    ("case in a case", re.compile(r"\bWHEN\s*\(?\s*CASE\b", re.I), "CASE WHEN CASE … is false in ladybug whatever it holds: give the inner one a name in a WITH before"),
    ("functions", re.compile(r"\b(?:toString|toFloat|head|last|reduce|shortestPath|startNode|endNode|elementId)\s*\(", re.I), "this function is missing in ladybug"),
    ("properties", re.compile(r"\bproperties\s*\(", re.I), "properties() of an unlabelled node gives every kind's fields in ladybug: name the ones you want"),
    ("length of a list", re.compile(r"-\[(?P<r>\w+):\w+\*[^\]]*\].*length\s*\(\s*(?P=r)\s*\)", re.I | re.S), "length() of relationships fails in Neo4j: name the path"),
    ("edge between hops", re.compile(
        r"\]-[>]?\([^()]*\)<?-\[(?P<r>\w+)(?::[^\]]*)?\]->?\([^()]*\)<?-\[[^\]]*\]-(?:(?!\b(?:WITH|RETURN)\b).)*?\bWHERE\b(?:(?!\b(?:WITH|RETURN)\b).)*?\b(?P=r)\.\w", re.S),
     "a filter on an edge's property with hops on both sides gives wrong rows in ladybug once the edges came in more than one batch: WITH the edge first, then WHERE"),
    ("write", re.compile(r"\b(?:CREATE|MERGE|DELETE|SET|REMOVE|DROP|COPY|LOAD|DETACH|ALTER|INSTALL|ATTACH|EXPORT|IMPORT)\b"), "a question only reads"),
)


def lint(body: str) -> list[tuple[int, str]]:
    """(line, problem) for each refused form; a question without UNION must end in an ORDER BY."""
    code = re.sub(r"'[^']*'|\"[^\"]*\"", "''", body)
    found = [(code[:match.start()].count("\n") + 1, problem) for _, pattern, problem in FORMS for match in pattern.finditer(code)]
    last = code.rfind("RETURN")
    if "ORDER BY" not in code[last:]:
        found.append((code[:last].count("\n") + 1, "the last RETURN has no ORDER BY; rows must have one order on both engines"))
    if re.search(r"\bUNION\b", code):
        found.append((1, "ORDER BY after UNION orders the last branch only: put the question in a .py file"))
    return sorted(found)
