// 问: 哪两个单位共同承担的任务最多?
// Question: Which two owners share most tasks and statements (annotations, duty items, sentences)?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: owner_a, owner_b, tasks, statements, id_a, id_b
MATCH (a:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)<-[q:RESPONSIBLE_FOR]-(b:Agency|Committee|Team|`Group`)
WHERE ($plan = '' OR r.plan = $plan) AND (a.name < b.name OR (a.name = b.name AND a.id < b.id))
RETURN a.name AS owner_a, b.name AS owner_b, count(DISTINCT t.id) AS tasks, count(DISTINCT r.statement) AS statements,
       a.id AS id_a, b.id AS id_b
ORDER BY statements DESC, tasks DESC, owner_a, owner_b, id_a, id_b
