"""Object models over a Neo4j graph with py2neo, for notebooks. Never in the pipeline's way.

py2neo is at the end of its life: prefer the driver (`graph.server`) or `queries.run` where you write something new; take
these where a notebook wants objects that walk from plan to task to unit. Needs pip install '.[py2neo]'.
"""

from __future__ import annotations

from py2neo.ogm import Model, Property, RelatedFrom, RelatedTo


class Department(Model):
    __primarykey__ = "id"
    id = Property()
    name = Property()
    scope = Property()
    kind = Property()
    collective = Property()
    tasks = RelatedTo("Task", "RESPONSIBLE_FOR")


class Task(Model):
    __primarykey__ = "id"
    id = Property()
    position = Property()
    path = Property()
    text = Property()
    clause = Property()
    deadline = Property()
    codes = Property()
    departments = RelatedFrom("Department", "RESPONSIBLE_FOR")
    continues = RelatedTo("Task", "CONTINUES")
    continued_by = RelatedFrom("Task", "CONTINUES")
    plans = RelatedFrom("Plan", "HAS_TASK")


class Plan(Model):
    __primarykey__ = "id"
    id = Property()
    title = Property()
    issuer = Property()
    years = Property()
    tasks = RelatedTo("Task", "HAS_TASK")
