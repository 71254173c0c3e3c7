// 问: 一个计划的每项任务由谁负责,以什么角色?
// Question: Who answers for each task of a plan, and in which role?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: task_id, owner_id, owner, owner_label, own_name, role, basis, start, end
MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE $plan = '' OR r.plan = $plan
RETURN t.id AS task_id, o.id AS owner_id, coalesce(r.owner_name, o.name) AS owner, o.label AS owner_label, o.name AS own_name, r.role AS role, r.basis AS basis,
       r.span_start AS `start`, r.span_end AS `end`
ORDER BY `start`, `end`, task_id, owner, owner_id
