// 问: 每个计划有多少任务,其中多少写明了责任单位?
// Question: How many tasks does each plan hold, and how many of them name an owner?
// Columns: id, tasks, owned
MATCH (p:Plan)-[:HAS_TASK]->(t:Task)
WITH p, t, EXISTS { MATCH (o:Agency|Committee|Team|`Group`)-[:RESPONSIBLE_FOR]->(t) } AS owned
RETURN p.id AS id, count(*) AS tasks, count(CASE WHEN owned THEN 1 END) AS owned
ORDER BY id
