"""Ids of a plan's tasks, goals and targets, from their content, and what refers to them."""

from __future__ import annotations

from graph.ids import content_id, number_equals, squeeze
from graph.records import DocumentRecord
from graph.stored import plan_id


def give_ids(record: DocumentRecord) -> dict[str, str]:
    """Give a record's tasks, goals and targets the ids that their content makes; returns old id to new id.

    Whatever changes a title, a border or a value calls it again: ids follow from content alone.
    """
    plan = plan_id(record)
    ids: dict[str, str] = {}
    for kind, things in (("Task", record.tasks), ("Goal", record.goals)):
        texts = [squeeze(thing.text) for thing in things]
        for thing, text, n in zip(things, texts, number_equals([(text,) for text in texts]), strict=True):
            old, thing.id = thing.id, content_id(kind, plan, text, n)
            ids[old] = thing.id
    for mention in record.mentions:
        mention.task, mention.goal = ids.get(mention.task or "", mention.task), ids.get(mention.goal or "", mention.goal)
    for indicator in record.indicators:
        indicator.task, indicator.goal = ids.get(indicator.task or "", indicator.task), ids.get(indicator.goal or "", indicator.goal)
    keys = [(i.task or i.goal, i.value, i.comparator, i.unit) for i in record.indicators]
    renamed: dict[str, str] = {}
    for indicator, key, n in zip(record.indicators, keys, number_equals(keys), strict=True):
        owner, value, comparator, unit = key
        old, indicator.id = indicator.id, content_id("Indicator", owner, float(value), comparator, unit, n)
        renamed[old] = indicator.id
    for indicator in record.indicators:
        indicator.repeats, indicator.part_of = renamed.get(indicator.repeats or "", indicator.repeats), renamed.get(indicator.part_of or "", indicator.part_of)
    return ids | renamed
