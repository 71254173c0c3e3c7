// 问: 这些任务写在哪里?
// Question: Where do these tasks stand?
// Parameters:
// $tasks: ids of tasks, at least one
// Columns: plan, plan_title, task_id, task, number, heading, quote, start, end, position
UNWIND $tasks AS task
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task {id: task})
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
RETURN p.id AS plan, p.title AS plan_title, t.id AS task_id, t.text AS task, s.number AS number, s.heading AS heading, h.quote AS quote,
       h.span_start AS `start`, h.span_end AS `end`, h.position AS position
ORDER BY plan_title, plan, `start`, `end`, task_id
