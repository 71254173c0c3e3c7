// 问: 每项任务由谁承担,各是什么角色?
// Question: Who answers for each task, in which role?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: plan, task_id, owner_id, owner, owner_label, role, basis, statement, quote, start, end
MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE $plan = '' OR r.plan = $plan
RETURN r.plan AS plan, t.id AS task_id, o.id AS owner_id, o.name AS owner, o.label AS owner_label, r.role AS role, r.basis AS basis,
       r.statement AS statement, r.quote AS quote, r.span_start AS `start`, r.span_end AS `end`
ORDER BY plan, `start`, `end`, task_id, owner, owner_id, role, basis
