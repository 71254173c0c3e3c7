// 问: 每项任务用到哪些队伍、物资、设施、系统,只看名称?
// Question: Which teams, supplies, facilities and systems does each task involve, by name alone?
// Parameters:
// $plan: id of a plan, or '' for all
// $label: Team, Supply, Facility, System, or '' for all
// Columns: task_id, resources
MATCH (t:Task)-[r:INVOLVES]->(x:Team|Supply|Facility|System)
WHERE ($plan = '' OR r.plan = $plan) AND ($label = '' OR x.label = $label)
RETURN t.id AS task_id, collect(DISTINCT x.name) AS resources
ORDER BY task_id
