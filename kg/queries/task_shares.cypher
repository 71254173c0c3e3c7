// 问: 每项任务由谁承担,是什么角色,出自哪一条责任表述?
// Question: Who has a share in each task, in which role, by which statement?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: plan, task_id, owner_id, owner, role, statement
MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE $plan = '' OR r.plan = $plan
RETURN r.plan AS plan, t.id AS task_id, o.id AS owner_id, o.name AS owner, r.role AS role, r.statement AS statement
ORDER BY plan, r.span_start, r.span_end, task_id, owner, owner_id, role, r.basis
