// 问: 每项任务由谁承担?
// Question: Who answers for each task, by name and role alone?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: task_id, owner, role
MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE $plan = '' OR r.plan = $plan
RETURN t.id AS task_id, o.name AS owner, r.role AS role
ORDER BY r.plan, r.span_start, r.span_end, task_id, owner, o.id, role, r.basis
