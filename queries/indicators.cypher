// Which targets do the plans set?
// zh: 规划提出了哪些量化指标？
// One row: a target. Goals often repeat the targets of tasks: `stated_in` tells them apart, do not add them up.
// param year: int = null      a year that the plan covers
// param plan: str = null      one plan: id, title or number
// param unit: str = null      counter: 个, 门, %
// param object: str = null    words that the object holds
// column plan: str            title
// column object: str          what is counted
// column comparator: str      = >= > < <= ~
// column value: float         万 and 亿 multiplied out
// column unit: str            counter
// column by: int              the year by which
// column change: bool         an increase or decrease
// column quote: str           the words
// column stated_in: str       task or goal
// column owner: str           that task's or goal's id
// column id: str              the indicator's id
:params {year: null, plan: null, unit: null, object: null}
MATCH (p:Plan)-[:HAS_TASK|HAS_GOAL]->(t)-[:HAS_INDICATOR]->(i:Indicator)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $unit IS NULL THEN true ELSE i.unit = $unit END
  AND CASE WHEN $object IS NULL THEN true ELSE i.object CONTAINS $object END
RETURN p.title AS plan, i.object AS object, i.comparator AS comparator, i.value AS value, i.unit AS unit, i.year AS by,
       i.change AS change, i.quote AS quote, CASE WHEN t.id STARTS WITH 't-' THEN 'task' ELSE 'goal' END AS stated_in,
       t.id AS owner, i.id AS id
ORDER BY plan, i.start_char, value, id
