// 问: 有哪些目标,数值和单位各是多少,写在哪项任务或哪个章节?
// Question: Which targets are set, with which value and unit, in which task or section?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: plan, plan_name, target_id, measure, comparator, value, unit, task_id, task, number, heading, quote, start, end, position
MATCH (a:Plan|Section|Task)-[r:HAS_TARGET]->(g:Target)
WHERE $plan = '' OR r.plan = $plan
MATCH (p:Plan)
WHERE p.id = r.plan
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(:Task)-[:HAS_TARGET]->(g)
RETURN p.id AS plan, p.name AS plan_name, g.id AS target_id, g.measure AS measure, g.comparator AS comparator, g.value AS value, g.unit AS unit,
       CASE WHEN a.label = 'Task' THEN a.id END AS task_id, CASE WHEN a.label = 'Task' THEN a.text END AS task,
       CASE WHEN a.label = 'Section' THEN a.number ELSE s.number END AS number,
       CASE WHEN a.label = 'Section' THEN a.heading ELSE s.heading END AS heading,
       r.quote AS quote, r.span_start AS `start`, r.span_end AS `end`, r.position AS position
ORDER BY plan_name, plan, `start`, `end`, target_id
