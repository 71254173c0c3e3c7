// 问: 每项任务针对哪些灾害,写在哪里?
// Question: Against which hazards is each task, and which words say so?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: task_id, hazard, quote, start, end
MATCH (t:Task)-[r:ADDRESSES]->(z:Hazard)
WHERE $plan = '' OR r.plan = $plan
RETURN t.id AS task_id, z.name AS hazard, r.quote AS quote, r.span_start AS `start`, r.span_end AS `end`
ORDER BY task_id, `start`, `end`, hazard
