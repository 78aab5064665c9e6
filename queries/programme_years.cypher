// Which named programmes run through which years?
// zh: 哪些专项、工程、平台在哪些年份出现？
// One row: a programme in plans that begin in one year. Slogans in quotation marks are read as programmes at times.
// param name: str = null      words that the programme's name holds
// param scope: str = null     only plans of this body or place
// param code: str = null      only where tasks with this code name it; (none): tasks without any; goals have no codes
// column programme: str       its name, without quotation marks
// column year: int            first year of the plans
// column plans: int           plans that name it
// column tasks: int           tasks that name it
// column id: str              the programme's id
:params {name: null, scope: null, code: null}
MATCH (p:Plan)-[:HAS_TASK|HAS_GOAL]->(t)-[:NAMES]->(r:Programme)
WHERE CASE WHEN $name IS NULL THEN true ELSE r.name CONTAINS $name END
  AND CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
RETURN r.name AS programme, p.first_year AS year, count(DISTINCT p.id) AS plans, count(DISTINCT CASE WHEN t.id STARTS WITH 't-' THEN t.id ELSE null END) AS tasks, r.id AS id
ORDER BY programme, coalesce(year, 0), id
