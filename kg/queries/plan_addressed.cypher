// 问: 一个计划的哪些任务只是督促、指导某些单位?
// Question: Which tasks of a plan urge or guide a unit that does not answer for them?
// Parameters:
// $plan: id of a plan
// Columns: task_id, unit, quote, start, end
MATCH (t:Task)-[a:ADDRESSED]->(u:Agency|Committee|Team|`Group`)
WHERE a.plan = $plan
RETURN t.id AS task_id, u.name AS unit, a.quote AS quote, a.span_start AS `start`, a.span_end AS `end`
ORDER BY `start`, `end`, task_id, unit
