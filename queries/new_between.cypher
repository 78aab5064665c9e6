// Which tasks of the later plan carry on none of the earlier one?
// zh: 后一份规划新增了哪些任务？
// One row: a task of the later plan; a plan that covers both years is in force in both, and none of its tasks is new.
// `standing` is `new` where an earlier plan of the same issuing body, or of one whose work it took over, was compared, else
// `not found in the earlier plan`: another body's plan cannot show that a task is new.
// param from_year: int = null     a year that the earlier plan covers
// param to_year: int = null       a year that the later plan covers
// param scope: str = null         only plans of this body or place
// param from_plan: str = null     the earlier plan: id, title or number
// param to_plan: str = null       the later plan: id, title or number
// param code: str = null          only tasks with this code, which are those of the later plan; (none): tasks without any
// column plan: str           title of the later plan
// column number: int         the task's place in it
// column text: str           its own words
// column units: list[str]    departments, in the order of the clause
// column standing: str       new, or not found in the earlier plan
// column task: str           the task's id
:params {from_year: 2018, to_year: 2021, scope: null, from_plan: null, to_plan: null, code: null}
MATCH (l:Plan)
WHERE CASE WHEN $to_year IS NULL THEN true ELSE $to_year IN l.years END
  AND CASE WHEN $to_plan IS NULL THEN true ELSE l.id = $to_plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE l.issuer = $scope OR l.place = $scope END
  AND CASE WHEN $from_year IS NULL THEN true ELSE NOT $from_year IN l.years END
MATCH (e:Plan)
WHERE e.id <> l.id AND e.first_year <= l.first_year
  AND CASE WHEN $from_year IS NULL THEN true ELSE $from_year IN e.years END
  AND CASE WHEN $from_plan IS NULL THEN true ELSE e.id = $from_plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE e.issuer = $scope OR e.place = $scope END
WITH l, sum(CASE WHEN e.first_year >= l.first_year THEN 0 WHEN e.issuer = l.issuer THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)-[:SUCCEEDED_BY*1..3]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       ELSE 0 END) AS own
MATCH (l)-[:HAS_TASK]->(lt:Task)
WHERE CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(lt.codes) = 0 ELSE $code IN lt.codes END
// What makes an earlier plan one that is asked for is said again: pairs of plans carried on to here would be joined with every task.
OPTIONAL MATCH (lt)-[:CONTINUES]->(:Task)<-[:HAS_TASK]-(e:Plan)
WHERE e.id <> l.id AND e.first_year <= l.first_year
  AND CASE WHEN $from_year IS NULL THEN true ELSE $from_year IN e.years END
  AND CASE WHEN $from_plan IS NULL THEN true ELSE e.id = $from_plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE e.issuer = $scope OR e.place = $scope END
WITH l, own, lt, count(e) AS links, sum(CASE WHEN e.first_year >= l.first_year THEN 0 WHEN e.issuer = l.issuer THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       WHEN EXISTS { MATCH (e)-[x:ISSUED_BY]->(:Department)-[:SUCCEEDED_BY*1..3]->(:Department)<-[y:ISSUED_BY]-(l) WHERE x.position = 1 AND y.position = 1 } THEN 1
       ELSE 0 END) AS own_links
WHERE CASE WHEN own > 0 THEN own_links = 0 ELSE links = 0 END
OPTIONAL MATCH (lt)<-[r:RESPONSIBLE_FOR]-(d:Department)
WITH l, lt, own, collect(CASE WHEN d.name IS NULL THEN null ELSE {at: r.position, value: d.name} END) AS units
RETURN l.title AS plan, lt.position AS number, lt.text AS text, units,
       CASE WHEN own > 0 THEN 'new' ELSE 'not found in the earlier plan' END AS standing, lt.id AS task
ORDER BY plan, number, task
