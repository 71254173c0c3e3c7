// 问: 每项任务依据哪些法规文件?
// Question: Which papers does each task cite?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: task_id, cites
MATCH (t:Task)-[r:CITES]->(g:Regulation)
WHERE $plan = '' OR r.plan = $plan
RETURN t.id AS task_id, collect(DISTINCT g.name) AS cites
ORDER BY task_id
