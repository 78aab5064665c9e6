// Whose workload grew or shrank between two years?
// zh: 两个年份之间，哪些单位的任务增加或减少了？
// One row: a department with tasks on either side. Departments are units of one body: where the two years' plans have
// no body in common, no department can stand on both sides, and the answer says so. Give a year or a plan for each side;
// a side without a plan gives no rows.
// param from_year: int = null     a year that the earlier plan covers
// param to_year: int = null       a year that the later plan covers
// param scope: str = null         only plans of this body or place
// param from_plan: str = null     the earlier plan: id, title or number
// param to_plan: str = null       the later plan: id, title or number
// param successors: bool = false  count a unit that a reform ended under each that took work of it over
// param code: str = null          only tasks with this code, of which the shares are then taken; (none): tasks without any
// column department: str     canonical name
// column scope: str          the body or place that it belongs to
// column before: int         its tasks in the earlier plans
// column after: int          its tasks in the later plans
// column change: int         after less before
// column before_share: float of the earlier plans' tasks
// column after_share: float  of the later plans' tasks
// column collective: bool    more than one unit under one name
// column id: str             the department's id
:params {from_year: 2018, to_year: 2021, scope: null, from_plan: null, to_plan: null, successors: false, code: null}
MATCH (p:Plan)
WHERE CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END
WITH p,
     CASE WHEN $from_year IS NULL THEN true ELSE $from_year IN p.years END AND CASE WHEN $from_plan IS NULL THEN true ELSE p.id = $from_plan END
       AND CASE WHEN $from_year IS NULL AND $from_plan IS NULL THEN false ELSE true END AS earlier,
     CASE WHEN $to_year IS NULL THEN true ELSE $to_year IN p.years END AND CASE WHEN $to_plan IS NULL THEN true ELSE p.id = $to_plan END
       AND CASE WHEN $to_year IS NULL AND $to_plan IS NULL THEN false ELSE true END AS later
WHERE earlier OR later
MATCH (p)-[:HAS_TASK]->(t:Task)
WITH earlier, later, CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END AS asked
WITH sum(CASE WHEN earlier THEN 1 ELSE 0 END) AS any_before, sum(CASE WHEN earlier AND asked THEN 1 ELSE 0 END) AS of_before,
     sum(CASE WHEN later THEN 1 ELSE 0 END) AS any_after, sum(CASE WHEN later AND asked THEN 1 ELSE 0 END) AS of_after
// The same plans again: tasks kept in two lists, as one query would need them, are compared with every task of the graph.
MATCH (p:Plan)
WHERE any_before > 0 AND any_after > 0 AND CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END
WITH of_before, of_after, p,
     CASE WHEN $from_year IS NULL THEN true ELSE $from_year IN p.years END AND CASE WHEN $from_plan IS NULL THEN true ELSE p.id = $from_plan END
       AND CASE WHEN $from_year IS NULL AND $from_plan IS NULL THEN false ELSE true END AS earlier,
     CASE WHEN $to_year IS NULL THEN true ELSE $to_year IN p.years END AND CASE WHEN $to_plan IS NULL THEN true ELSE p.id = $to_plan END
       AND CASE WHEN $to_year IS NULL AND $to_plan IS NULL THEN false ELSE true END AS later
WHERE earlier OR later
MATCH (p)-[:HAS_TASK]->(t:Task)<-[:RESPONSIBLE_FOR]-(own:Department)
WHERE CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
OPTIONAL MATCH (own)-[:SUCCEEDED_BY*1..3]->(heir:Department)
WHERE $successors AND NOT EXISTS { MATCH (heir)-[:SUCCEEDED_BY]->(:Department) }
WITH of_before, of_after, earlier, later, t, CASE WHEN heir.id IS NULL THEN own.id ELSE heir.id END AS counted
MATCH (d:Department) WHERE d.id = counted
WITH d, of_before, of_after, count(DISTINCT CASE WHEN earlier THEN t.id ELSE null END) AS before,
     count(DISTINCT CASE WHEN later THEN t.id ELSE null END) AS after
RETURN d.name AS department, d.scope AS scope, before, after, after - before AS change,
       round(1.0 * before / (CASE WHEN of_before = 0 THEN 1 ELSE of_before END) + 0.000001, 3) AS before_share,
       round(1.0 * after / (CASE WHEN of_after = 0 THEN 1 ELSE of_after END) + 0.000001, 3) AS after_share,
       d.collective AS collective, d.id AS id
ORDER BY collective, abs(change) DESC, after DESC, before DESC, department, scope
