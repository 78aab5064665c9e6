// Which policy documents do the plans rest on, make or revise?
// zh: 规划依据、制定或修订了哪些政策文件？
// One row: a policy in one relation, cited in tasks, goals or the preamble. basis: 落实《…》; produces: 编制《…》; revises: 修订《…》.
// param year: int = null                                    a year that the plan covers
// param plan: str = null                                    one plan: id, title or number
// param relation: basis|produces|revises|other = null       one relation only
// param code: str = null                                    only where tasks with this code cite it; (none): tasks without any; goals and preambles have no codes
// column policy: str       as cited
// column relation: str     basis, produces, revises, other
// column plans: int        plans that cite it so
// column times: int        places where they do
// column id: str           the policy's id
:params {year: null, plan: null, relation: null, code: null}
MATCH (p:Plan)-[:HAS_TASK|HAS_GOAL*0..1]->(t)-[c:CITES]->(o:Policy)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $relation IS NULL THEN true ELSE c.relation = $relation END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
RETURN o.name AS policy, c.relation AS relation, count(DISTINCT p.id) AS plans, count(c) AS times, o.id AS id
ORDER BY times DESC, policy, relation, id
