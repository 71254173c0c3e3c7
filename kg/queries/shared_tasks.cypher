// 问: 哪些任务由两个以上单位共同承担?
// Question: Which tasks have two owners or more?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: plan, task_id, task, number, heading, quote, start, end, position, owner_id, owner, owner_start
MATCH (a:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE $plan = '' OR r.plan = $plan
WITH t, count(DISTINCT a.id) AS owners
WHERE owners > 1
MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t)
WITH t, o, min(r.span_start) AS owner_start
MATCH (p:Plan)-[h:HAS_TASK]->(t)
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
RETURN p.id AS plan, t.id AS task_id, t.text AS task, s.number AS number, s.heading AS heading, h.quote AS quote,
       h.span_start AS `start`, h.span_end AS `end`, h.position AS position, o.id AS owner_id, o.name AS owner, owner_start
ORDER BY plan, `start`, `end`, task_id, owner_start, owner, owner_id
