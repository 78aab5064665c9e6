// Which tasks hold these words?
// zh: 哪些任务提到这些词？
// One row: a task whose heading, text or clause holds the words as they are.
// param q: str                words
// param year: int = null      a year that the plan covers
// param plan: str = null      one plan: id, title or number
// param code: str = null      only tasks with this code; (none): tasks without any
// column plan: str            title
// column first_year: int      first year that the plan covers
// column number: int          the task's place in its plan
// column heading: str         the heading above it
// column text: str            its own words
// column clause: str          the responsibility clause
// column task: str            the task's id
:params {q: "平台", year: null, plan: null, code: null}
MATCH (p:Plan)-[:HAS_TASK]->(t:Task)
WHERE (t.text CONTAINS $q OR coalesce(t.heading, '') CONTAINS $q OR coalesce(t.clause, '') CONTAINS $q)
  AND CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
RETURN p.title AS plan, p.first_year AS first_year, t.position AS number, t.heading AS heading, t.text AS text, t.clause AS clause, t.id AS task
ORDER BY coalesce(first_year, 0), plan, number, task
