// Which tasks of the earlier plan does the later one no longer carry on?
// zh: 前一份规划的哪些任务在后一份中不再出现？
// One row: a task of the earlier plan; a plan that covers both years is in force in both, and none of its tasks is dropped.
// `standing` is `dropped` where a later plan of the same issuing body, or of its successor, was compared, else
// `not found in the later plan`: another body's plan cannot show that a task was dropped.
// param from_year: int = null     a year that the earlier plan covers
// param to_year: int = null       a year that the later plan covers
// param scope: str = null         only plans of this body or place
// param from_plan: str = null     the earlier plan: id, title or number
// param to_plan: str = null       the later plan: id, title or number
// param code: str = null          only tasks with this code, which are those of the earlier plan; (none): tasks without any
// column plan: str           title of the earlier plan
// column number: int         the task's place in it
// column text: str           its own words
// column units: list[str]    departments, in the order of the clause
// column standing: str       dropped, or not found in the later plan
// column task: str           the task's id
:params {from_year: 2018, to_year: 2021, scope: null, from_plan: null, to_plan: null, code: null}
MATCH (e:Plan)
WHERE CASE WHEN $from_year IS NULL THEN true ELSE $from_year IN e.years END
  AND CASE WHEN $from_plan IS NULL THEN true ELSE e.id = $from_plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE e.issuer = $scope OR e.place = $scope END
  AND CASE WHEN $to_year IS NULL THEN true ELSE NOT $to_year IN e.years END
MATCH (l:Plan)
WHERE l.id <> e.id AND l.first_year >= e.first_year
  AND CASE WHEN $to_year IS NULL THEN true ELSE $to_year IN l.years END
  AND CASE WHEN $to_plan IS NULL THEN true ELSE l.id = $to_plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE l.issuer = $scope OR l.place = $scope END
WITH e, sum(CASE WHEN e.first_year >= l.first_year THEN 0 WHEN e.issuer = l.issuer THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)-[:SUCCEEDED_BY*1..3]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       ELSE 0 END) AS own
MATCH (e)-[:HAS_TASK]->(et:Task)
WHERE CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(et.codes) = 0 ELSE $code IN et.codes END
// What makes a later plan one that is asked for is said again: pairs of plans carried on to here would be joined with every task.
OPTIONAL MATCH (et)<-[:CONTINUES]-(:Task)<-[:HAS_TASK]-(l:Plan)
WHERE l.id <> e.id AND l.first_year >= e.first_year
  AND CASE WHEN $to_year IS NULL THEN true ELSE $to_year IN l.years END
  AND CASE WHEN $to_plan IS NULL THEN true ELSE l.id = $to_plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE l.issuer = $scope OR l.place = $scope END
WITH e, own, et, count(l) AS links, sum(CASE WHEN e.first_year >= l.first_year THEN 0 WHEN e.issuer = l.issuer THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)-[:SUCCEEDED_BY*1..3]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       ELSE 0 END) AS own_links
WHERE CASE WHEN own > 0 THEN own_links = 0 ELSE links = 0 END
OPTIONAL MATCH (et)<-[r:RESPONSIBLE_FOR]-(d:Department)
WITH e, et, own, collect(CASE WHEN d.name IS NULL THEN null ELSE {at: r.position, value: d.name} END) AS units
RETURN e.title AS plan, et.position AS number, et.text AS text, units,
       CASE WHEN own > 0 THEN 'dropped' ELSE 'not found in the later plan' END AS standing, et.id AS task
ORDER BY plan, number, task
