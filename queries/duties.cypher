// What is a unit there for?
// zh: 某单位的职责是什么？
// One row: a duty of a duty list (工作职责). Duties are not tasks and count as no workload.
// param department: str = null    id, name or a known spelling
// column department: str          the unit
// column scope: str               the body that it belongs to
// column number: str              as written
// column text: str                verbatim
// column source: str              file that it came from
// column id: str                  the duty's id
:params {department: null}
MATCH (d:Department)-[:HAS_DUTY]->(y:Duty)<-[:CONTAINS]-(x:Document)
WHERE CASE WHEN $department IS NULL THEN true ELSE d.id = $department END
RETURN d.name AS department, d.scope AS scope, y.number AS number, y.text AS text, x.source AS source, y.id AS id
ORDER BY department, scope, y.start_char, id
