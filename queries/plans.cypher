// Which plans does the graph hold?
// zh: 图谱中有哪些规划和要点？
// One row: a plan.
// param year: int = null      a year that the plan covers
// param scope: str = null     issuing body or place
// column title: str           the plan's own title
// column body: str            issuing body; inferred from the text where `inferred`
// column inferred: bool       the text states no issuer
// column place: str           the place that it is for
// column level: str           national, provincial, prefecture, county, township
// column first_year: int      first year that it covers
// column last_year: int       last year that it covers
// column years_basis: str     title, stated, target, issue
// column doc_number: str      文号
// column signed_on: str       成文日期
// column role_scheme: str     flat (no lead marked), marked, positional; null: no clause
// column goals: int           goals
// column tasks: int           tasks
// column indicators: int      targets of its tasks and goals
// column source: str          file that it came from
// column plan: str            the plan's id
:params {year: null, scope: null}
MATCH (x:Document)-[:CONTAINS]->(p:Plan)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END
RETURN p.title AS title, p.issuer AS body, p.issuer_inferred AS inferred, p.place AS place, p.level AS level,
       p.first_year AS first_year, p.last_year AS last_year, p.years_basis AS years_basis, p.doc_number AS doc_number,
       p.signed_on AS signed_on, p.role_scheme AS role_scheme,
       COUNT { MATCH (p)-[:HAS_GOAL]->(:Goal) } AS goals, COUNT { MATCH (p)-[:HAS_TASK]->(:Task) } AS tasks,
       COUNT { MATCH (p)-[:HAS_TASK]->(:Task)-[:HAS_INDICATOR]->(:Indicator) }
       + COUNT { MATCH (p)-[:HAS_GOAL]->(:Goal)-[:HAS_INDICATOR]->(:Indicator) } AS indicators,
       x.source AS source, p.id AS plan
ORDER BY coalesce(first_year, 0), title, plan
