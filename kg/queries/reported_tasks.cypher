// 问: 计划报告已经做了什么?
// Question: What do plans report as done?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: plan, plan_name, period_start, period_end, places, task_id, task, quote, start, end
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task)
WHERE ($plan = '' OR p.id = $plan) AND t.status = 'reported'
OPTIONAL MATCH (p)-[:APPLIES_TO]->(l:Place)
RETURN p.id AS plan, p.name AS plan_name, p.period_start AS period_start, p.period_end AS period_end, collect(DISTINCT l.id) AS places,
       t.id AS task_id, t.text AS task, h.quote AS quote, h.span_start AS `start`, h.span_end AS `end`
ORDER BY plan_name, plan, `start`, `end`, task_id
