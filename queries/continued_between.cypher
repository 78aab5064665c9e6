// Which tasks of the earlier plan does the later one carry on?
// zh: 后一份规划延续了前一份的哪些任务？
// One row: a link. A task can carry on several and be carried on by several. `continues` links plans of one body or
// place, `takes_up` a lower body's plan to a higher one's, `passes_up` the reverse.
// param from_year: int = null     a year that the earlier plan covers
// param to_year: int = null       a year that the later plan covers
// param scope: str = null         only plans of this body or place
// param from_plan: str = null     the earlier plan: id, title or number
// param to_plan: str = null       the later plan: id, title or number
// param code: str = null          only links whose later task has this code; (none): has none
// column later_plan: str         title
// column later_number: int       the later task's place in its plan
// column later_text: str         its own words
// column earlier_plan: str       title
// column earlier_number: int     the earlier task's place in its plan
// column earlier_text: str       its own words
// column score: float            0 to 1; a link from the cut of ingest/continuity/weights.tsv on, worth a look below `high`
// column named: bool             both name the same programme, instrument or document
// column relation: str           continues, takes_up, passes_up
// column method: str            rules, judge (a language model decided) or hand (a person ruled)
// column evidence_later: str     the words of the later task that say so
// column evidence_earlier: str   the words of the earlier task that say so
// column later: str              the later task's id
// column earlier: str            the earlier task's id
:params {from_year: 2018, to_year: 2021, scope: null, from_plan: null, to_plan: null, code: null}
MATCH (l:Plan)-[:HAS_TASK]->(lt:Task)-[c:CONTINUES]->(et:Task)<-[:HAS_TASK]-(e:Plan)
WHERE CASE WHEN $from_year IS NULL THEN true ELSE $from_year IN e.years END
  AND CASE WHEN $from_plan IS NULL THEN true ELSE e.id = $from_plan END
  AND CASE WHEN $to_year IS NULL THEN true ELSE $to_year IN l.years END
  AND CASE WHEN $to_plan IS NULL THEN true ELSE l.id = $to_plan END
  AND CASE WHEN $scope IS NULL THEN true ELSE e.issuer = $scope OR e.place = $scope END
  AND CASE WHEN $scope IS NULL THEN true ELSE l.issuer = $scope OR l.place = $scope END
  AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(lt.codes) = 0 ELSE $code IN lt.codes END
RETURN l.title AS later_plan, lt.position AS later_number, lt.text AS later_text,
       e.title AS earlier_plan, et.position AS earlier_number, et.text AS earlier_text,
       c.score AS score, c.named AS named, c.relation AS relation, c.method AS method,
       c.evidence_later AS evidence_later, c.evidence_earlier AS evidence_earlier, lt.id AS later, et.id AS earlier
ORDER BY later_plan, later_number, score DESC, earlier_plan, earlier_number, later, earlier
