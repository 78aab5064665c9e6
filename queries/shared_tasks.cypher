// Which units work together?
// zh: 哪些单位共同承担任务？
// One row: two departments that share tasks, each pair once.
// param year: int = null               a year that the plan covers
// param plan: str = null               one plan: id, title or number
// param department: str = null         only pairs with this one
// param collectives: bool = false      count 各区政府 and the like too
// param code: str = null               only tasks with this code; (none): tasks without any
// column first: str          one department
// column second: str         the other
// column tasks: int          tasks that both stand on
// column first_leads: int    of them with the first as lead
// column second_leads: int   of them with the second as lead
// column first_id: str       id
// column second_id: str      id
:params {year: 2021, plan: null, department: null, collectives: false, code: null}
MATCH (p:Plan)-[:HAS_TASK]->(t:Task)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
MATCH (a:Department)-[x:RESPONSIBLE_FOR]->(t)<-[y:RESPONSIBLE_FOR]-(b:Department)
WHERE a.id < b.id
  AND CASE WHEN $department IS NULL THEN true ELSE a.id = $department OR b.id = $department END
  AND CASE WHEN $collectives THEN true ELSE NOT a.collective AND NOT b.collective END
RETURN a.name AS first, b.name AS second, count(DISTINCT t.id) AS tasks,
       count(DISTINCT CASE WHEN x.role = 'lead' THEN t.id ELSE null END) AS first_leads,
       count(DISTINCT CASE WHEN y.role = 'lead' THEN t.id ELSE null END) AS second_leads, a.id AS first_id, b.id AS second_id
ORDER BY tasks DESC, first, second, first_id, second_id
