// 问: 同一地方的其他计划提到哪些灾害?
// Question: Which hazards do the other plans of the same place name?
// Parameters:
// $plan: id of a plan
// Columns: hazard, plan, title, mentions
MATCH (p:Plan)-[:APPLIES_TO]->(l:Place)<-[:APPLIES_TO]-(o:Plan)
WHERE p.id = $plan AND o.id <> $plan
WITH DISTINCT o
MATCH (o)-[:HAS_SECTION*1..8]->(s:Section)-[m:MENTIONS]->(z:Hazard)
RETURN z.name AS hazard, o.id AS plan, o.name AS title, count(m) AS mentions
ORDER BY hazard, title, plan
