"""The questions: one file each, described by its own header.

    import queries
    rows = queries.run("department_workload", year=2018)   # the store of POLICYGRAPH_STORE
    rows.to_frame(); rows.basis["notes"]
"""

from queries.answer import Rows, run
from queries.question import Question, load, load_all, names

__all__ = ["Question", "Rows", "load", "load_all", "names", "run"]
