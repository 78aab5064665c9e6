// How much of each plan was read, and what was not?
// zh: 每份规划的文本读取了多少，哪些没有读取？
// One row: a plan. Compare tasks with numbered items: few tasks for many items mean that something was missed.
// param year: int = null           a year that the plan covers
// param plan: str = null           one plan: id, title or number
// column title: str                the plan's title
// column tasks: int                tasks
// column numbered_items: int       items of its outline that carry a number
// column sentences: int            sentences
// column characters: int           characters without white space
// column without_unit: int         tasks with no stated unit
// column uncovered: int            characters in no task, goal, clause, heading or known chrome
// column uncovered_share: float    of all characters
// column unread: list[str]         those stretches, verbatim
// column warnings: list[str]       what was doubtful
// column plan: str                 the plan's id
:params {year: null, plan: null}
MATCH (p:Plan)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
RETURN p.title AS title, COUNT { MATCH (p)-[:HAS_TASK]->(:Task) } AS tasks, p.numbered_items AS numbered_items,
       p.sentences AS sentences, p.characters AS characters,
       COUNT { MATCH (p)-[:HAS_TASK]->(t:Task) WHERE t.clause IS NULL } AS without_unit, p.uncovered AS uncovered,
       round(1.0 * p.uncovered / (CASE WHEN p.characters = 0 THEN 1 ELSE p.characters END) + 0.000001, 3) AS uncovered_share,
       p.unread AS unread, p.warnings AS warnings, p.id AS plan
ORDER BY title, plan
