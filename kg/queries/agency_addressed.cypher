// 问: 哪些任务督促、指导这个单位,而不由它负责?
// Question: In which tasks is this unit urged or guided, without being responsible?
// Parameters:
// $units: ids of units, at least one
// $plan: id of a plan, or '' for all
// Columns: plan, plan_title, task_id, task, status, response_level, deadline, deadline_date, number, heading, quote, start, end, position,
// hazards, resources, owners, owner_id, owner, owner_label, place, owner_quote, owner_start, owner_end, owner_position
UNWIND $units AS unit
MATCH (o:Agency|Committee|Team|`Group`)<-[r:ADDRESSED]-(t:Task)<-[h:HAS_TASK]-(p:Plan)
WHERE o.id = unit AND ($plan = '' OR p.id = $plan)
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
OPTIONAL MATCH (t)-[:ADDRESSES]->(z:Hazard)
WITH o, r, t, h, p, s, collect(DISTINCT z.name) AS hazards
OPTIONAL MATCH (t)-[:INVOLVES]->(x:Team|Supply|Facility|System)
WITH o, r, t, h, p, s, hazards, collect(DISTINCT x.name) AS resources
OPTIONAL MATCH (other:Agency|Committee|Team|`Group`)-[q:RESPONSIBLE_FOR]->(t)
RETURN p.id AS plan, p.title AS plan_title, t.id AS task_id, t.text AS task, t.status AS status, t.response_level AS response_level,
       t.deadline AS deadline, t.deadline_date AS deadline_date, s.number AS number, s.heading AS heading, h.quote AS quote,
       h.span_start AS `start`, h.span_end AS `end`, h.position AS position, hazards, resources, collect(DISTINCT coalesce(q.owner_name, other.name)) AS owners,
       o.id AS owner_id, o.name AS owner, o.label AS owner_label, o.place AS place,
       r.quote AS owner_quote, r.span_start AS owner_start, r.span_end AS owner_end, r.position AS owner_position
ORDER BY plan_title, plan, `start`, `end`, task_id, owner_start, owner_end, owner_id
