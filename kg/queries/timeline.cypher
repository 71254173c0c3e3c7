// 问: 哪些任务写明了时限,由谁在何时之前完成?
// Question: Which tasks have a deadline, who answers for them, and until when?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: plan, plan_name, task_id, task, status, date, deadline, number, heading, quote, start, end, position
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task)
WHERE ($plan = '' OR p.id = $plan) AND t.deadline IS NOT NULL
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
RETURN p.id AS plan, p.name AS plan_name, t.id AS task_id, t.text AS task, t.status AS status, t.deadline_date AS date, t.deadline AS deadline,
       s.number AS number, s.heading AS heading, h.quote AS quote, h.span_start AS `start`, h.span_end AS `end`, h.position AS position
ORDER BY plan_name, plan, `start`, `end`, task_id
