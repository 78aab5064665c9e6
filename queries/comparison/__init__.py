"""The comparison of two plans, or of the plans of two years: what carried on, began and was dropped, and what changed on the way.

    sides        which plans stand on each side, and which may be compared: reads the graph
    issuers      which plans are of one issuing body or its successor: reads the graph
    material     their tasks, links, units, targets and programmes: reads the graph
    classes      continued, perhaps or none, as a band; what would be expected at equal size
    targets      targets that changed
    units        units that joined and left, leads that changed
    strength     stages of work: 探索, 试点, 推广, 全覆盖
    programmes   named programmes that rose and fell
    parts        the parts of the answer and their columns
    words        the answer in sentences
    comparison   all of it together

What is none of `sides`, `issuers` and `material` computes over rows and knows no graph.
"""

from queries.comparison.comparison import compare
from queries.comparison.parts import PARTS, Comparison, Part

__all__ = ["PARTS", "Comparison", "Part", "compare"]
