"""What connects documents with each other when they are loaded: continuity of tasks, succession of units."""

from ingest.continuity import link_plans, plan_pairs
from ingest.successions import find_successions

__all__ = ["find_successions", "link_plans", "plan_pairs"]
