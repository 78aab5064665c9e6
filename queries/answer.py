"""Asking a question: rows, and the basis that goes with them everywhere."""

from __future__ import annotations

import math
from typing import Any

from graph.decided import decide
from graph.errors import BadQuestionFile, UnknownThing
from graph.model import NO_CODE
from graph.settings import VERSION, read_settings
from graph.store import Store, open_store
from graph.version_file import tag_of
from queries.by_code import check_by_code, check_code, known_codes, notes_on_codes
from queries.question import MEANS, Question, load, module_of
from queries.things import find_thing, nearest_scopes


class Rows(list):
    """A list of dicts with `.columns`, `.types` by column, `.basis` and `.to_frame()`."""

    def __init__(self, rows: list[dict[str, Any]], types: dict[str, str], basis: dict[str, Any]) -> None:
        super().__init__(rows)
        self.types = types
        self.columns = list(types)
        self.basis = basis

    def to_frame(self) -> Any:
        """A pandas DataFrame; needs pandas (pip install '.[notebook]')."""
        try:
            import pandas
        except ModuleNotFoundError:
            raise ModuleNotFoundError("to_frame needs pandas: pip install 'policygraph[notebook]'") from None

        frame = pandas.DataFrame(list(self), columns=self.columns)
        frame.attrs["basis"] = self.basis
        return frame


def run(name: str, store: Store | str | None = None, /, *, by_code: bool = False, **params: Any) -> Rows:
    """Answer a question. `store`: an open store, an address, or None for POLICYGRAPH_STORE. `by_code` asks it once for
    each code of the graph and once for the tasks without any, and puts the column `code` first.

    Raises UsageError where the question or a parameter is unknown, StoreError where the graph cannot be used.
    """
    question = load(name)
    if isinstance(store, Store):
        with store.snapshot() as seen:
            return answer(question, seen, params, by_code)
    values = question.check(params)
    if by_code:
        check_by_code(question, values)
    with open_store(store or read_settings().store) as opened:
        return answer(question, opened, params, by_code)


def answer(question: Question, store: Store, given: dict[str, Any], by_code: bool = False) -> Rows:
    """The rows of a question with their basis."""
    values = question.check(given)
    if by_code:
        check_by_code(question, values)
    for name, value in values.items():
        if value is not None and name in MEANS:
            values[name] = find_thing(store, question.name, name, MEANS[name], value)
    if values.get("scope") and not store.read("MATCH (p:Plan) WHERE p.issuer = $scope OR p.place = $scope RETURN p.id AS id LIMIT 1", scope=values["scope"]):
        raise UnknownThing("body or place", values["scope"], nearest_scopes(store, values["scope"]))
    types = {column.name: column.type for column in question.columns}
    of_codes = by_code or "code" in types and values.get("code") is None  # its rows tell codes apart
    known = known_codes(store) if of_codes or values.get("code") else []
    if values.get("code"):
        check_code(values["code"], known)
    rows: list[dict[str, Any]] = []
    told: list[str] = []
    for code in (*known, NO_CODE) if by_code else (None,):
        found, notes = _rows(question, store, values if code is None else values | {"code": code})
        rows += [row if code is None else {"code": code} | row for row in found]
        told += [note if code is None else f"{code}: {note}" for note in notes]
    basis = basis_of(question, store, values)
    basis["notes"] += told
    if by_code:
        basis["parameters"] = values | {"by_code": True}
    if of_codes or values.get("code"):
        basis["notes"] += notes_on_codes(store, [plan["id"] for plan in basis["plans"]], values, [row["code"] for row in rows] if of_codes else None, known)
    if "counts_once" in types:
        once = {row["id"]: row["counts_once"] for row in rows}  # by code a target may have several rows
        basis["notes"].append(f"{len(once)} targets stated, {sum(once.values())} distinct: the others repeat or add up those of tasks")
    if question.name == "continued_between":
        basis["notes"] += _on_methods(rows)
    return Rows(rows, {"code": "str"} | types if by_code else types, basis)


def _on_methods(rows: list[dict[str, Any]]) -> list[str]:
    """How many of the links shown no rule decided."""
    method = {(row["later"], row["earlier"]): row["method"] for row in rows}  # by code a link may have several rows
    counts = {words: sum(value == name for value in method.values()) for name, words in (("judge", "by a judge, a language model"), ("hand", "by hand (verdicts.csv)"))}
    told = " and ".join(f"{n} {words}" for words, n in counts.items() if n)
    return [f"of the {len(method)} links shown {told}"] if told else []


def _rows(question: Question, store: Store, values: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The columns that the header declares, in its order and of its types; and what a .py question says of them."""
    if question.is_cypher:
        query, taken = decide(question.body, values)
        found = store.read(query, **taken)
    else:
        found = module_of(question).rows(store, **values)
    rows, told = found if isinstance(found, tuple) else (found, [])
    types = {column.name: column.type for column in question.columns}
    if rows and not set(types) <= set(rows[0]):
        raise BadQuestionFile(question.path, 1, f"its rows have {', '.join(rows[0])}, the header declares {', '.join(types)}")
    return [{name: _cell(row[name], kind) for name, kind in types.items()} for row in rows], told


def _cell(value: Any, kind: str) -> Any:
    """A list collected as maps {at, value} comes in the order of `at`: collect() keeps no order on either engine."""
    if kind == "list[str]":
        if value and isinstance(value[0], dict):
            return [item["value"] for item in sorted(value, key=lambda item: (item["at"], item["value"]))]
        return value or []
    if kind == "float" and value is not None:
        return float(value) if math.isfinite(value) else None  # JSON has no other numbers
    if kind == "int" and value is not None:
        return int(value)
    return value


_PLANS = """
MATCH (p:Plan)
RETURN p.id AS id, p.title AS title, p.issuer AS body, p.issuer_inferred AS body_inferred, p.place AS place, p.level AS level, p.years AS years,
       p.years_basis AS years_basis, p.role_scheme AS role_scheme,
       COUNT { MATCH (p)-[:HAS_TASK]->(:Task) } AS tasks,
       COUNT { MATCH (p)-[:HAS_TASK]->(t:Task) WHERE t.clause IS NULL } AS unstated,
       COUNT { MATCH (p)-[:HAS_TASK]->(c:Task) WHERE size(c.corrected) > 0 } AS corrected,
       p.corrected AS metadata_by_hand,
       COUNT { MATCH (p)-[:HAS_TASK]->(:Task)<-[:RESPONSIBLE_FOR]-(:Department) } AS responsibilities,
       p.first_year AS first_year, p.last_year AS last_year
ORDER BY coalesce(p.first_year, 0), title, id"""


def _plans(store: Store, plan: str | None, year: int | None, scope: str | None, since: int | None, until: int | None) -> list[dict[str, Any]]:
    """The plans that a question's parameters choose, with what is counted of each; counted once for a state of the graph."""
    def meets(one: dict[str, Any]) -> bool:
        return ((plan is None or one["id"] == plan) and (year is None or year in (one["years"] or ())) and (scope is None or scope in (one["body"], one["place"]))
                and (since is None or one["last_year"] is not None and one["last_year"] >= since) and (until is None or one["first_year"] is not None and one["first_year"] <= until))

    return [{name: value for name, value in one.items() if name not in ("first_year", "last_year")}
            for one in _all_plans(store) if meets(one)]


def _all_plans(store: Store) -> list[dict[str, Any]]:
    return store.once("plans of a basis", lambda: store.read(_PLANS))


def basis_of(question: Question, store: Store, values: dict[str, Any]) -> dict[str, Any]:
    """What an answer rests on: plans with body, level and years, totals, what was left out, parameters, versions."""
    plans: dict[str, dict[str, Any]] = {}
    if "HAS_TASK" not in question.body:
        return _basis(question, store, values, [], [], [])  # it does not rest on plans
    sides: dict[str, list[dict[str, Any]]] = {}
    scope = values.get("scope")
    for side in ("from", "to") if {"from_year", "to_year"} & set(values) else ("",):
        prefix = f"{side}_" if side else ""
        sides[side] = _plans(store, values.get(f"{prefix}plan"), values.get(f"{prefix}year"), scope, values.get("since"), values.get("until"))
        plans |= {plan["id"]: plan for plan in sides[side]}
    listed = list(plans.values())
    return _basis(question, store, values, listed, _left_out(question, store, values, listed), _notes(question, values, sides, listed, _of_one_issuer(store, sides)))


def _basis(question: Question, store: Store, values: dict[str, Any], listed: list[dict[str, Any]], left_out: list[str], notes: list[str]) -> dict[str, Any]:
    return {
        "question": question.name,
        "parameters": values,
        "plans": listed,
        "tasks": sum(plan["tasks"] for plan in listed),
        "tasks_corrected_by_hand": sum(plan["corrected"] for plan in listed),
        "tasks_without_stated_unit": sum(plan["unstated"] for plan in listed),
        "responsibilities": sum(plan["responsibilities"] for plan in listed),
        "left_out": left_out,
        "notes": notes + store.warnings(),
        "policygraph": VERSION,
        "graph": tag_of(store.meta()),
    }


def _left_out(question: Question, store: Store, values: dict[str, Any], plans: list[dict[str, Any]]) -> list[str]:
    """What the parameters keep out of the answer."""
    every = len(_all_plans(store))
    out = [f"{every - len(plans)} of the graph's {every} plans"] if every > len(plans) else []
    usual = {parameter.name: parameter.default for parameter in question.parameters}
    narrow = [f"{name}={value}" for name, value in values.items()
              if value != usual[name] and not isinstance(value, bool) and name not in ("depth", "top", "cut", "resolution", "node", "year", "since", "until", "plan", "scope") and not name.startswith(("from_", "to_"))]
    return out + ([f"whatever does not meet {', '.join(narrow)}"] if narrow else [])


def _of_one_issuer(store: Store, sides: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str]]:
    """(earlier, later) plans of which one's body may be the other's under another name; empty where the sides have a body in common."""
    if "from" not in sides or {plan["body"] for plan in sides["from"]} & {plan["body"] for plan in sides["to"]}:
        return set()
    from queries.comparison.issuers import pairs_of_one_issuer

    return pairs_of_one_issuer(store, *([plan["id"] for plan in sides[side]] for side in ("from", "to")))


def _notes(question: Question, values: dict[str, Any], sides: dict[str, list[dict[str, Any]]], plans: list[dict[str, Any]], issued: set[tuple[str, str]]) -> list[str]:
    """What a reader must know before quoting the answer; `issued` are the (earlier, later) plans of a body and its successor."""
    notes = []
    if not plans:
        notes.append("no plan of the graph meets these parameters")
    if "from" in sides:
        for side, found in sides.items():
            if plans and not found:
                notes.append(f"no plan of the graph stands on the {'earlier' if side == 'from' else 'later'} side")
        ours, theirs = ({plan["body"] for plan in sides[side]} for side in ("to", "from"))
        if issued:
            body = {plan["id"]: plan["body"] for plan in plans}
            told = sorted({(body[before] or "body unknown", body[after] or "body unknown") for before, after in issued})
            notes.append("a body and its successor, or two names of one: " + "; ".join(f"{before}, then {after}" for before, after in told))
        elif ours and theirs and not ours & theirs:
            notes.append("no issuing body in common: " + ", ".join(bodies_of(sides["from"])) + " against " + ", ".join(bodies_of(sides["to"]))
                         + "; what one does not hold is not found there, neither new nor dropped")
        elif ours and theirs and ours != theirs:
            for word, only in (("later", ours - theirs), ("earlier", theirs - ours)):
                if only:
                    notes.append(f"only the {word} side has plans of " + ", ".join(sorted(body or "body unknown" for body in only)))
        if question.name == "workload_change" and not all(values.get(f"{side}_year") or values.get(f"{side}_plan") for side in ("from", "to")):
            notes.append("give a year or a plan for each side: from_year and to_year")
    flat = [plan for plan in plans if plan["role_scheme"] == "flat"]
    if flat and any(column.name == "lead" for column in question.columns):
        notes.append("no lead is marked in " + ", ".join(f"《{plan['title']}》" for plan in flat) + ": lead is null there, not 0")
    schemes = {plan["role_scheme"] for plan in plans if plan["role_scheme"]}
    if len(schemes) > 1 and any(column.name == "lead" for column in question.columns):
        notes.append("plans that mark leads in different ways are counted together: " + ", ".join(sorted(schemes)))
    years = values.get("from_year"), values.get("to_year")
    if all(years) and years[0] >= years[1]:
        notes.append(f"from_year {years[0]} is not before to_year {years[1]}: links lead from a later plan to an earlier one")
    if len(plans) <= 3 and any(plan["body_inferred"] for plan in plans):
        notes.append("the body is inferred from the text, not stated, for " + ", ".join(f"《{p['title']}》 ({p['body']})" for p in plans if p["body_inferred"]))
    by_hand = [plan for plan in plans if plan["metadata_by_hand"]]
    if by_hand:
        notes.append("told by hand: " + "; ".join(f"{', '.join(plan['metadata_by_hand'])} of 《{plan['title']}》" for plan in by_hand[:5]) + (" …" if len(by_hand) > 5 else ""))
    return notes


def bodies_of(plans: list[dict[str, Any]]) -> list[str]:
    """The bodies of a basis' plans with their levels, in words."""
    return sorted({f"{plan['body'] or 'body unknown'} ({plan['level'] or 'level unknown'})" for plan in plans})
