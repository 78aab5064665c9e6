// Which targets do the plans set?
// zh: 规划提出了哪些量化指标？
// One row: a target as it is stated. Goals often repeat the targets of tasks, or sum them up: `counts_once` is false there,
// so that adding up the others counts nothing twice.
// param year: int = null      a year that the plan covers
// param plan: str = null      one plan: id, title or number
// param unit: str = null      counter: 个, 门, %
// param object: str = null    words that the object holds
// param code: str = null      only targets of tasks with this code; (none): of tasks without any; goals have no codes
// column plan: str            title
// column object: str          what is counted
// column comparator: str      = >= > < <= ~
// column value: float         万 and 亿 multiplied out
// column unit: str            counter
// column by: int              the year by which
// column change: bool         an increase or decrease
// column quote: str           the words
// column stated_in: str       task or goal
// column counts_once: bool    false where a task's target says the same, or several add up to it
// column owner: str           that task's or goal's id
// column id: str              the indicator's id
:params {year: null, plan: null, unit: null, object: null, code: null}
MATCH (p:Plan)-[:HAS_TASK|HAS_GOAL]->(t)-[:HAS_INDICATOR]->(i:Indicator)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $unit IS NULL THEN true ELSE i.unit = $unit END
  AND CASE WHEN $object IS NULL THEN true ELSE i.object CONTAINS $object END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
RETURN p.title AS plan, i.object AS object, i.comparator AS comparator, i.value AS value, i.unit AS unit, i.year AS by,
       i.change AS change, i.quote AS quote, CASE WHEN t.id STARTS WITH 't-' THEN 'task' ELSE 'goal' END AS stated_in,
       CASE WHEN EXISTS { MATCH (i)-[:REPEATS]->(:Indicator) } OR EXISTS { MATCH (:Indicator)-[:PART_OF]->(i) } THEN false ELSE true END AS counts_once,
       t.id AS owner, i.id AS id
ORDER BY plan, i.start_char, value, id
