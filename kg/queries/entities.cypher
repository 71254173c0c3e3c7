// 问: 图谱中有哪些单位、队伍、物资、设施、系统、灾害、法规和地方?各在哪些计划中出现几处?
// Question: Which units, teams, supplies, facilities, systems, hazards, regulations and places does the graph hold, and in which plans do they stand how often?
// Columns: id, label, name, aliases, former_names, place, level, unsettled, mentioned, named, mentions
MATCH (n:Agency|Committee|Team|Supply|Facility|System|Hazard|Regulation|Place)
OPTIONAL MATCH (:Section)-[m:MENTIONS]->(n)
WITH n, collect(DISTINCT m.plan) AS mentioned, count(m) AS mentions
OPTIONAL MATCH (p:Plan)-[:ISSUED_BY|APPLIES_TO]->(n)
WITH n, mentioned, mentions, collect(DISTINCT p.id) AS named
RETURN n.id AS id, n.label AS label, n.name AS name, n.aliases AS aliases, n.former_names AS former_names, n.place AS place,
       n.level AS level, n.unsettled AS unsettled, mentioned, named, mentions
ORDER BY label, name, id
