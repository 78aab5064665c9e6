// Which tasks does a unit own, in which role?
// zh: 某单位承担哪些任务，是牵头还是配合？
// One row: a task. Tasks shared with others are listed too; `units` counts them.
// param department: str                                       id, name or a known spelling
// param year: int = null                                      a year that the plan covers
// param plan: str = null                                      one plan: id, title or number
// param role: lead|responsible|support|implement = null       only tasks in which it has this role
// param code: str = null                                      only tasks with this code; (none): tasks without any
// column plan: str           title of the plan
// column first_year: int     first year that the plan covers
// column number: int         the task's place in its plan
// column role: str           lead, responsible, support, implement
// column role_basis: str     marked (in words), rule (of the plan), none
// column surface: str        the unit as written there
// column units: int          departments that share the task
// column text: str           the task's own words
// column task: str           the task's id
:params {department: "d-", year: null, plan: null, role: null, code: null}
MATCH (p:Plan)-[:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(d:Department)
WHERE d.id = $department
  AND CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $role IS NULL THEN true ELSE r.role = $role END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
MATCH (t)<-[:RESPONSIBLE_FOR]-(other:Department)
WITH p, t, r, count(DISTINCT other) AS units
RETURN p.title AS plan, p.first_year AS first_year, t.position AS number, r.role AS role, r.role_basis AS role_basis,
       r.surface AS surface, units, t.text AS text, t.id AS task
ORDER BY first_year, plan, number, role, surface, task
