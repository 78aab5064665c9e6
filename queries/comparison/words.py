"""A comparison in sentences: what is compared, how many tasks carried on, and what to know before quoting it."""

from __future__ import annotations

from queries.comparison.classes import DRAWS, Count
from queries.comparison.material import Comparands
from queries.comparison.sides import Plan

_UNREAD = 0.05  # of a plan's characters, from which it must be said that they were not read


def say_compared(found: Comparands, several: bool) -> list[str]:
    """The plans of both sides with their sizes, and how their bodies stand to each other."""
    lines = [found.group.bodies + ":"] if several else []
    for side, plans in (("earlier", found.group.earlier), ("later", found.group.later)):
        lines += [f"{side:<7}  {_plan(plan)}" for plan in plans]
    return [*lines, found.group.why[0].upper() + found.group.why[1:] + "."]


def _plan(plan: Plan) -> str:
    row = plan.row
    body = f"{plan.body or 'body unknown'}{' (inferred)' if row['body_inferred'] else ''}, {plan.level or 'level unknown'}, {_span(plan.years)}"
    return (f"《{plan.title}》 {body}: {_counted(row['tasks'], 'task')}, {_counted(row['numbered_items'], 'numbered item')}, {_counted(row['sentences'], 'sentence')}, "
            f"{_counted(row['characters'], 'character')}")


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _span(years: list[int]) -> str:
    return "year unknown" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def say_counts(found: Comparands, counts: list[Count], several: bool) -> list[str]:
    """One sentence a side, the later first."""
    said = [_say(found, count) for count in counts]
    return [f"{found.group.bodies}, {words}" if several else words[0].upper() + words[1:] for words in said]


def _say(found: Comparands, count: Count) -> str:
    if not count.tasks:
        return f"{count.side} side: no task."
    verb = "continue an earlier one" if count.side == "later" else "are continued"
    words = (f"{count.side} side: of {_counted(count.tasks, 'task')} {count.continued} {verb} for sure, {count.perhaps} perhaps, {count.none} not; "
             f"{found.group.called(count.side)}: {_band(count.none, count.most)} of {count.tasks} ({_percent(count.none / count.tasks, count.most / count.tasks)})")
    equal = count.equal
    if equal is None:
        return words + ", both sides being of equal size."
    return (words + f"; at equal size, {_counted(equal.tasks, 'task')} a side, {_percent(equal.least, equal.most)} would be expected "
            f"(95 % of {DRAWS} draws: {_percent(equal.low, equal.high)}).")


def _band(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _percent(low: float, high: float) -> str:
    a, b = round(100 * low), round(100 * high)
    return f"{a} %" if a == b else f"{a}–{b} %"


def notes_on_links(found: list[Comparands], counts: list[Count], low: float, high: float) -> list[str]:
    """What to know of the classes."""
    links = [link for each in found for link in each.links]
    between = sum(link.standing == "perhaps" and link.kept for link in links)
    notes = [f"continued is a link from score {high:g}, or one that a person ruled to be one; perhaps is a best score from {low:g} to {high:g}; "
             f"for these plans continued_between gives {sum(link.kept for link in links)} links, of which {between} are only perhaps one here"]
    rows = [sum(count.without_kept for count in counts if count.side == side) for side in ("later", "earlier")]
    notes.append(f"for these plans new_between gives {_counted(rows[0], 'task')} of the later side and dropped_between {rows[1]} of the earlier one: those without a link at the cut, "
                 "a number within the band: all of those with none, and of those with perhaps one the tasks whose best link lies below the cut")
    if any(count.equal for count in counts):
        notes.append("at equal size: a task finds fewer partners in a shorter plan, whatever the plans say; the larger side is drawn down to the smaller one's number of tasks, "
                     f"{DRAWS} times with one seed, the links keeping their scores")
    if ruled_out := sum(each.ruled_out for each in found):
        notes.append(f"ruled out by hand (verdicts.csv): {_counted(ruled_out, 'pair')} of tasks")
    if by_hand := sum(link.method == "hand" for link in links):
        notes.append(f"ruled to be links by hand (verdicts.csv): {by_hand}")
    if by_judge := sum(link.method == "judge" for link in links):
        notes.append(f"decided by a judge, a language model: {by_judge} of {_counted(len(links), 'link')} shown")
    for plan in {plan.id: plan for each in found for plan in each.group.earlier + each.group.later}.values():
        share = plan.row["uncovered"] / max(1, plan.row["characters"])
        if share >= _UNREAD:
            notes.append(f"{share:.0%} of the characters of 《{plan.title}》 were not read (see coverage): what stands there cannot be found")
        if not plan.row["tasks"]:
            notes.append(f"《{plan.title}》 has no task")
    return notes
