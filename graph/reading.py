"""What a query of the user's own may hold: an allow-list, over which the engine's own gate stands.

The engines refuse writes to a graph that is open for reading, and yet read and write files and ask servers:

    LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row        Neo4j
    COPY (MATCH (n) RETURN n) TO '/tmp/out.csv'                 ladybug

So every word in the place of a clause, an operator or a function must be a known one. A name may be any word:
`MATCH (call:Task) RETURN call.load` reads, and `CALL` before a name does not.
"""

from __future__ import annotations

import re

from graph.errors import NotReading

STARTS = frozenset("MATCH OPTIONAL WITH UNWIND RETURN".split())
# Words that can follow what has a value; what is not here (CALL, LOAD, COPY, USE, SET, FOREACH, …) is refused there.
KEYWORDS = STARTS | frozenset(
    "WHERE ORDER BY SKIP OFFSET LIMIT UNION ALL DISTINCT AS AND OR XOR NOT IN IS STARTS ENDS CONTAINS CASE WHEN THEN ELSE END ASC ASCENDING DESC DESCENDING "
    "SHORTEST ACYCLIC TRAIL".split())
FUNCTIONS = frozenset(
    "count collect sum avg min max stdev stdevp percentilecont percentiledisc coalesce nullif size length nodes relationships rels labels label type id elementid properties "
    "keys startnode endnode head last tail range reverse reduce all any none single exists isempty abs ceil ceiling floor round sign sqrt exp log log10 cast tostring tointeger "
    "tofloat toboolean substring left right split string_split replace trim ltrim rtrim tolower toupper lower upper starts_with ends_with contains regexp_matches char_length "
    "list_contains list_concat list_sort list_distinct list_len len array_length date datetime year shortestpath allshortestpaths".split())
# An engine's parser goes as deep as a query does, and ends the process where there is no more room for that.
LONG = 10_000  # words, values and signs of a query
DEEP = 40  # brackets within each other
CASES = 12  # within each other: with each the time to parse them doubles
_TOKEN = re.compile(r"""
    (?P<space>  [ \t\r\n]+ | //[^\r\n]* | /\*(?s:.*?)\*/ )
  | (?P<value>  '(?:[^'\\]|\\(?s:.))*' | "(?:[^"\\]|\\(?s:.))*" | \d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w) | \$\w+ )
  | (?P<quoted> `[^`]*` )
  | (?P<word>   [^\W\d]\w* )
  | (?P<sign>   [()\[\]{}.,:|<>=+\-*%^!&~] | /(?!\*) )
    """, re.VERBOSE)


def check_reading(query: str) -> None:
    """Raises NotReading, which names the word, for what is not known to read the graph and nothing else."""
    tokens = _tokens(query)
    first = tokens[0][1] if tokens else "nothing"
    if first.upper() not in STARTS:
        raise NotReading(f"a query begins with {', '.join(sorted(STARTS))}, not with {first}")
    if len(tokens) > LONG:
        raise NotReading(f"it has {len(tokens):,} words, values and signs; {LONG:,} are read")
    depth = cases = 0
    before, has_value = "", False  # the token before, and whether it ends something that has a value
    for (kind, token), (_, after) in zip(tokens, [*tokens[1:], ("", "")], strict=True):
        is_name = kind == "word" and (before in (".", ":") or after in (".", ":"))  # a property, a kind, a variable with either, a key
        word = token.upper() if kind == "word" and not is_name else ""
        if has_value and word not in KEYWORDS and kind != "sign":
            raise NotReading(f"it holds {token.upper()} behind {before}")
        depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
        cases = max(0, cases + _of_case(token, kind, before, after))
        if depth > DEEP or cases > CASES:
            raise NotReading(f"more than {DEEP} brackets or {CASES} CASEs lie within each other")
        if word == "CALL":  # CALL { … } has no name behind it
            raise NotReading("it holds CALL")
        if after == "(" and kind in ("word", "quoted") and token.upper() not in KEYWORDS and (before == "." or token.lower() not in FUNCTIONS):
            raise NotReading(f"{token}(…) is no function that is known to read the graph alone")
        has_value = kind != "sign" and word not in KEYWORDS - {"END"} or token in (")", "]", "}")
        before = token


def _of_case(token: str, kind: str, before: str, after: str) -> int:
    """1 for a CASE that begins, -1 for its END, also where they are the value of a map; a kind of that name counts, too."""
    if kind != "word" or before == "." or after in (".", ":"):
        return 0
    return {"CASE": 1, "END": -1}.get(token.upper(), 0)


def _tokens(query: str) -> list[tuple[str, str]]:
    """Kind and text of each token but white space and comments."""
    if re.search(r"\\u", query, re.I):
        # Neo4j puts the character in before it reads the query, also into a comment or a text, which it can so end.
        raise NotReading("it holds \\u; write the character itself")
    found, at = [], 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise NotReading(f"{query[at]!r} is not known there")
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match[0]))
        at = match.end()
    return found
