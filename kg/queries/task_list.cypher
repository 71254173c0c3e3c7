// 问: 有哪些任务,写在哪里?
// Question: Which tasks are there, and where do they stand?
// Parameters:
// $plan: id of a plan, or '' for all
// $status: planned, reported, duty, or '' for all
// Columns: plan, plan_title, task_id, task, recovered, status, response_level, deadline, deadline_date, number, heading, quote, start, end, position
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task)
WHERE ($plan = '' OR p.id = $plan) AND ($status = '' OR t.status = $status)
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
RETURN p.id AS plan, p.title AS plan_title, t.id AS task_id, t.text AS task, t.recovered_text AS recovered, t.status AS status, t.response_level AS response_level,
       t.deadline AS deadline, t.deadline_date AS deadline_date, s.number AS number, s.heading AS heading, h.quote AS quote,
       h.span_start AS `start`, h.span_end AS `end`, h.position AS position
ORDER BY plan_title, plan, `start`, `end`, task_id
