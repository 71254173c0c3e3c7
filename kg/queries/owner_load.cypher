// 问: 每个单位承担多少任务,其中牵头、负责、配合各多少,涉及几种灾害?
// Question: How many tasks has each owner, as lead, responsible and support, and against how many hazards?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: owner, tasks, lead, responsible, support, hazards, id
MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE $plan = '' OR r.plan = $plan
OPTIONAL MATCH (t)-[:ADDRESSES]->(z:Hazard)
RETURN o.name AS owner, count(DISTINCT t.id) AS tasks,
       count(DISTINCT CASE WHEN r.role = 'lead' THEN t.id END) AS lead,
       count(DISTINCT CASE WHEN r.role = 'responsible' THEN t.id END) AS responsible,
       count(DISTINCT CASE WHEN r.role = 'support' THEN t.id END) AS support,
       count(DISTINCT z.id) AS hazards, o.id AS id
ORDER BY tasks DESC, owner, id
