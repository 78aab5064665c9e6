"""Object models over a Neo4j graph with py2neo, for notebooks. Never in the pipeline's way.

    from py2neo.ogm import Repository
    from graph.py2neo_models import Plan
    plan = Repository("bolt://localhost:7687", auth=("neo4j", password)).match(Plan).where(title="2025年工作要点").first()
    for task in plan.tasks:
        print(task.text, [(unit.name, task.departments.get(unit, "role")) for unit in task.departments])

py2neo is at the end of its life: prefer the driver (`graph.server`) or `queries.run` where you write something new or count
many nodes; take these where a notebook wants objects that walk from plan to task to unit. They are for reading: py2neo asks the
graph again at each step and keeps one edge of several between two nodes, as where a task cites a policy twice.

Each kind has the properties of graph/model.py. Needs pip install '.[py2neo]'.
"""

from __future__ import annotations

from py2neo.ogm import Model, Property, RelatedFrom, RelatedTo

from graph import model


def _properties(kind: type) -> dict[str, Property]:
    return {name: Property() for name in model.properties(kind)}


class Anything(Model):
    """What an edge leads to that joins several kinds: each node comes as the model of its own kind."""

    @classmethod
    def wrap(cls, node):
        return next(kind for kind in MODELS if node.has_label(kind.__name__)).wrap(node)


class Document(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Document))
    contains = RelatedTo("Anything", "CONTAINS")  # plans and duties
    policies = RelatedTo("Policy", "CITES")
    programmes = RelatedTo("Programme", "NAMES")
    mentions = RelatedTo("Department", "MENTIONS")


class Plan(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Plan))
    documents = RelatedFrom("Document", "CONTAINS")
    issued_by = RelatedTo("Department", "ISSUED_BY")
    goals = RelatedTo("Goal", "HAS_GOAL")
    tasks = RelatedTo("Task", "HAS_TASK")
    policies = RelatedTo("Policy", "CITES")
    cited_as = RelatedFrom("Policy", "IS")


class Goal(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Goal))
    plans = RelatedFrom("Plan", "HAS_GOAL")
    indicators = RelatedTo("Indicator", "HAS_INDICATOR")
    policies = RelatedTo("Policy", "CITES")
    programmes = RelatedTo("Programme", "NAMES")


class Task(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Task))
    plans = RelatedFrom("Plan", "HAS_TASK")
    departments = RelatedFrom("Department", "RESPONSIBLE_FOR")
    indicators = RelatedTo("Indicator", "HAS_INDICATOR")
    policies = RelatedTo("Policy", "CITES")
    programmes = RelatedTo("Programme", "NAMES")
    continues = RelatedTo("Task", "CONTINUES")
    continued_by = RelatedFrom("Task", "CONTINUES")
    resembles = RelatedTo("Task", "RESEMBLES")
    resembled_by = RelatedFrom("Task", "RESEMBLES")


class Department(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Department))
    tasks = RelatedTo("Task", "RESPONSIBLE_FOR")
    duties = RelatedTo("Duty", "HAS_DUTY")
    plans = RelatedFrom("Plan", "ISSUED_BY")
    part_of = RelatedTo("Department", "PART_OF")
    parts = RelatedFrom("Department", "PART_OF")
    succeeded_by = RelatedTo("Department", "SUCCEEDED_BY")
    succeeds = RelatedFrom("Department", "SUCCEEDED_BY")
    counterparts_above = RelatedTo("Department", "COUNTERPART_OF")
    counterparts_below = RelatedFrom("Department", "COUNTERPART_OF")
    mentioned_in = RelatedFrom("Document", "MENTIONS")


class Duty(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Duty))
    documents = RelatedFrom("Document", "CONTAINS")
    departments = RelatedFrom("Department", "HAS_DUTY")


class Indicator(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Indicator))
    owners = RelatedFrom("Anything", "HAS_INDICATOR")  # tasks and goals
    part_of = RelatedTo("Indicator", "PART_OF")
    parts = RelatedFrom("Indicator", "PART_OF")
    repeats = RelatedTo("Indicator", "REPEATS")
    repeated_by = RelatedFrom("Indicator", "REPEATS")


class Policy(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Policy))
    cited_by = RelatedFrom("Anything", "CITES")  # plans, goals, tasks and documents
    plans = RelatedTo("Plan", "IS")


class Programme(Model):
    __primarykey__ = "id"
    vars().update(_properties(model.Programme))
    named_by = RelatedFrom("Anything", "NAMES")  # goals, tasks and documents


MODELS = (Document, Plan, Goal, Task, Department, Duty, Indicator, Policy, Programme)
