// What does a plan set out to do, and who does it?
// zh: 一份规划部署了哪些任务，由谁负责？
// One row: a task, in the plan's order. `units` are the departments in the order of the clause.
// param plan: str            id, title or number
// param part: substantive|safeguard = null     leave out the closing part on safeguards, or all else
// param code: str = null                       only tasks with this code; (none): tasks without any
// column number: int         place in the plan
// column path: list[str]     headings above it
// column text: str           the task's own words
// column clause: str         the responsibility clause, verbatim; null: no unit stated
// column units: list[str]    departments
// column deadline: str       YYYY, YYYY-MM or YYYY-MM-DD
// column part: str           substantive or safeguard
// column task: str           the task's id
:params {plan: "p-", part: null, code: null}
MATCH (p:Plan)-[:HAS_TASK]->(t:Task)
WHERE p.id = $plan AND CASE WHEN $part IS NULL THEN true ELSE t.part = $part END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
OPTIONAL MATCH (t)<-[r:RESPONSIBLE_FOR]-(d:Department)
WITH t, collect(CASE WHEN d.name IS NULL THEN null ELSE {at: r.position, value: d.name} END) AS units
RETURN t.position AS number, t.path AS path, t.text AS text, t.clause AS clause, units, t.deadline AS deadline, t.part AS part, t.id AS task
ORDER BY number, task
