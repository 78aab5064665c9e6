// Which units own the most tasks?
// zh: 哪些单位承担的任务最多？
// One row: a department. A shared task counts once for each of its departments; `split` divides it among them.
// `lead` is null, not 0, where none of the plans marks a lead. Collectives (各区政府) stand below the units.
// param year: int = null                                      a year that the plan covers
// param plan: str = null                                      one plan: id, title or number
// param role: lead|responsible|support|implement = null       only tasks in which it has this role
// param level: national|provincial|prefecture|county|township = null   only units of bodies of this tier
// param region: str = null                                    only units of this place or of one in it
// param kind: str = null                                      only units of this kind: government department, inner division, …
// param code: str = null                                      only tasks with this code, of which `share` is then taken; (none): tasks without any
// column department: str     canonical name
// column scope: str          the body or place that it belongs to
// column tasks: int          distinct tasks
// column lead: int           of them as lead (牵头); null where no plan marks leads
// column responsible: int    of them as responsible (负责)
// column support: int        of them in support (配合)
// column implement: int      of them to implement (落实)
// column alone: int          of them with no other department
// column first: int          of them listed first
// column split: float        each task divided by its departments
// column share: float        of the tasks of the plans in which it stands
// column collective: bool    more than one unit under one name
// column id: str             the department's id
:params {year: 2018, plan: null, role: null, level: null, region: null, kind: null, code: null}
MATCH (p:Plan)-[:HAS_TASK]->(every:Task)
WHERE CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END
  AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(every.codes) = 0 ELSE $code IN every.codes END
WITH p, count(every) AS of_plan
MATCH (p)-[:HAS_TASK]->(t:Task)<-[:RESPONSIBLE_FOR]-(other:Department)
WITH p, of_plan, t, count(DISTINCT other) AS departments
MATCH (t)<-[r:RESPONSIBLE_FOR]-(d:Department)
WHERE CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END
  AND CASE WHEN $level IS NULL THEN true ELSE d.level = $level END
  AND CASE WHEN $region IS NULL THEN true ELSE $region IN d.places END
  AND CASE WHEN $kind IS NULL THEN true ELSE d.kind = $kind END
// A unit can stand twice on one task: it counts once, in each of its roles.
WITH p, of_plan, t, departments, d AS unit, min(r.position) AS position,
     max(CASE WHEN r.role = 'lead' THEN 1 ELSE 0 END) AS leads,
     max(CASE WHEN r.role = 'responsible' THEN 1 ELSE 0 END) AS answers,
     max(CASE WHEN r.role = 'support' THEN 1 ELSE 0 END) AS supports,
     max(CASE WHEN r.role = 'implement' THEN 1 ELSE 0 END) AS implements
WHERE CASE WHEN $role IS NULL THEN true WHEN $role = 'lead' THEN leads = 1 WHEN $role = 'responsible' THEN answers = 1
           WHEN $role = 'support' THEN supports = 1 ELSE implements = 1 END
WITH p, of_plan, unit, count(t) AS tasks, sum(leads) AS lead, sum(answers) AS responsible, sum(supports) AS support,
     sum(implements) AS implement, sum(CASE WHEN departments = 1 THEN 1 ELSE 0 END) AS alone,
     sum(CASE WHEN position = 1 THEN 1 ELSE 0 END) AS first, sum(1.0 / departments) AS split
// The millionth keeps both engines from rounding a half to different sides.
WITH unit, sum(tasks) AS tasks, sum(CASE WHEN p.role_scheme = 'flat' THEN 0 ELSE 1 END) AS marked, sum(lead) AS lead,
     sum(responsible) AS responsible, sum(support) AS support, sum(implement) AS implement, sum(alone) AS alone,
     sum(first) AS first, round(sum(split) + 0.000001, 2) AS split, sum(of_plan) AS of_plans
// Matched again by the engine's own number: a name that is asked of `unit` would be carried through every line from the first on.
MATCH (d:Department) WHERE id(d) = id(unit)
RETURN d.name AS department, d.scope AS scope, tasks, CASE WHEN marked = 0 THEN null ELSE lead END AS lead,
       responsible, support, implement, alone, first, split, round(1.0 * tasks / of_plans + 0.000001, 3) AS share,
       d.collective AS collective, d.id AS id
ORDER BY collective, tasks DESC, split DESC, department, scope
