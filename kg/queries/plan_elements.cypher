// 问: 一个计划含有哪些预案要素,写在哪个标题、任务或句子里?
// Question: Which elements of plans does a plan hold, and in which heading, task or sentence?
// Parameters:
// $plan: id of a plan
// Columns: element, rule, task_id, status, number, heading, quote, start, end
MATCH (a:Section|Task)-[c:COVERS]->(e:Element)
WHERE c.plan = $plan
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(a)
RETURN e.id AS element, c.rule AS rule, CASE WHEN a.label = 'Task' THEN a.id END AS task_id, a.status AS status,
       CASE WHEN a.label = 'Section' THEN a.number ELSE s.number END AS number,
       CASE WHEN a.label = 'Section' THEN a.heading ELSE s.heading END AS heading,
       c.quote AS quote, c.span_start AS `start`, c.span_end AS `end`
ORDER BY element, `start`, `end`, rule
