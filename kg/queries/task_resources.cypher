// 问: 每项任务用到哪些队伍、物资、设施、系统?
// Question: Which teams, supplies, facilities and systems does each task involve?
// Parameters:
// $plan: id of a plan, or '' for all
// $label: Team, Supply, Facility, System, or '' for all
// Columns: task_id, id, name, label, plan, deadline, number, heading, quote, start, end, position
MATCH (t:Task)-[r:INVOLVES]->(x:Team|Supply|Facility|System)
WHERE ($plan = '' OR r.plan = $plan) AND ($label = '' OR x.label = $label)
WITH DISTINCT t, x, r.plan AS plan
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
MATCH (:Plan)-[h:HAS_TASK]->(t)
RETURN t.id AS task_id, x.id AS id, x.name AS name, x.label AS label, plan,
       t.deadline AS deadline, s.number AS number, s.heading AS heading, h.quote AS quote, h.span_start AS `start`, h.span_end AS `end`, h.position AS position
ORDER BY plan, `start`, `end`, task_id, name, id
