// 问: 每项任务针对哪些灾害?
// Question: Against which hazards is each task?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: task_id, hazards
MATCH (t:Task)-[r:ADDRESSES]->(z:Hazard)
WHERE $plan = '' OR r.plan = $plan
RETURN t.id AS task_id, collect(DISTINCT z.name) AS hazards
ORDER BY task_id
