// Which units of different bodies do the same work at different levels?
// zh: 不同层级的哪些单位职能对应？
// One row: a unit and its counterpart in a body above its own. They are two units and are never counted as one. `gazetteer`:
// their names say so (科技处, 科技司; ingest/counterparts.csv has the words that differ); `lines of work`: their tasks carry
// each other on more often than by chance; `both`. A unit that stands on every task shares no more than chance, however much.
// param department: str = null    only pairs with this one
// param body: str = null          only pairs with a unit that belongs to this body or place
// column unit: str                the lower one
// column unit_scope: str          the body or place that it belongs to
// column unit_level: str          its tier
// column unit_tasks: int          its tasks
// column counterpart: str         the higher one
// column counterpart_scope: str   the body or place that it belongs to
// column counterpart_level: str   its tier
// column counterpart_tasks: int   its tasks
// column function: str            what both are for; null where only lines of work say so
// column basis: str               gazetteer, lines of work, both
// column shared: int              lines of work that both stand on
// column reason: str              why, in words
// column unit_id: str             id of the lower one
// column counterpart_id: str      id of the higher one
:params {department: null, body: null}
MATCH (u:Department)-[r:COUNTERPART_OF]->(v:Department)
WHERE CASE WHEN $department IS NULL THEN true ELSE u.id = $department OR v.id = $department END
  AND CASE WHEN $body IS NULL THEN true ELSE u.scope = $body OR v.scope = $body END
OPTIONAL MATCH (u)-[:RESPONSIBLE_FOR]->(ut:Task)<-[:HAS_TASK]-(:Plan)
WITH u, r, v, count(DISTINCT ut.id) AS unit_tasks
OPTIONAL MATCH (v)-[:RESPONSIBLE_FOR]->(vt:Task)<-[:HAS_TASK]-(:Plan)
WITH u, r, v, unit_tasks, count(DISTINCT vt.id) AS counterpart_tasks
RETURN u.name AS unit, u.scope AS unit_scope, u.level AS unit_level, unit_tasks,
       v.name AS counterpart, v.scope AS counterpart_scope, v.level AS counterpart_level, counterpart_tasks,
       r.function AS function, r.basis AS basis, r.shared AS shared, r.reason AS reason, u.id AS unit_id, v.id AS counterpart_id
ORDER BY counterpart_scope, counterpart, unit_scope, unit, counterpart_id, unit_id
