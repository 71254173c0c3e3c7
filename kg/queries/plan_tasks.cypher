// 问: 一个计划有哪些任务,各由几个单位负责,涉及哪些灾害和资源?
// Question: Which tasks does a plan hold, with how many owners, against which hazards, with which resources?
// Parameters:
// $plan: id of a plan
// Columns: task_id, task, recovered, status, deadline, number, heading, quote, start, end, hazards, resources, owners
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task)
WHERE p.id = $plan
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
OPTIONAL MATCH (t)-[:ADDRESSES|INVOLVES]->(x:Hazard|Team|Supply|Facility|System)
WITH h, t, s, collect(DISTINCT CASE WHEN x.label = 'Hazard' THEN x.name END) AS hazards,
     collect(DISTINCT CASE WHEN x.label <> 'Hazard' THEN x.name END) AS resources
OPTIONAL MATCH (o:Agency|Committee|Team|`Group`)-[:RESPONSIBLE_FOR]->(t)
RETURN t.id AS task_id, t.text AS task, t.recovered_text AS recovered, t.status AS status, t.deadline AS deadline, s.number AS number,
       s.heading AS heading, h.quote AS quote, h.span_start AS `start`, h.span_end AS `end`, hazards, resources,
       count(DISTINCT o.id) AS owners
ORDER BY `start`, `end`, task_id
