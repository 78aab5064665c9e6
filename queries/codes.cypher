// How many tasks of which year's plans have which code?
// zh: 各年度规划中，每类（编码）任务有多少？
// One row: a code of codes.csv and a year in which plans begin; `(none)` is tasks without any. A task with several codes
// counts under each, so shares add up to more than 1. A year whose plans have no such task is a row of 0; no row: no plan.
// param year: int = null      a year that the plan covers
// param plan: str = null      one plan: id, title or number
// param scope: str = null     only plans of this body or place
// param code: str = null      only this code; (none): tasks without any
// column code: str            the code, or (none)
// column year: int            first year of the plans
// column plans: int           plans with such a task
// column tasks: int           tasks with the code
// column of_tasks: int        all tasks of that year's plans
// column share: float         tasks of of_tasks
:params {year: null, plan: null, scope: null, code: null}
MATCH (u:Task)
UNWIND CASE WHEN size(u.codes) = 0 THEN ['(none)'] ELSE u.codes END AS code
WITH DISTINCT code
WHERE CASE WHEN $code IS NULL THEN true ELSE code = $code END
MATCH (p:Plan)-[:HAS_TASK]->(t:Task)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END
WITH code, p, t, CASE WHEN code = '(none)' THEN size(t.codes) = 0 ELSE code IN t.codes END AS has
WITH code, p.first_year AS year, count(t) AS of_tasks, count(CASE WHEN has THEN t.id ELSE null END) AS tasks,
     count(DISTINCT CASE WHEN has THEN p.id ELSE null END) AS plans
RETURN code, year, plans, tasks, of_tasks, round(1.0 * tasks / of_tasks + 0.000001, 3) AS share
ORDER BY code, coalesce(year, 0)
