// 问: 一个计划提到哪些灾害,写在哪里?
// Question: Which hazards does a plan name, and where?
// Parameters:
// $plan: id of a plan
// Columns: hazard, number, heading, quote, start, end
MATCH (s:Section)-[m:MENTIONS]->(z:Hazard)
WHERE m.plan = $plan
RETURN z.name AS hazard, s.number AS number, s.heading AS heading, m.quote AS quote, m.span_start AS `start`, m.span_end AS `end`
ORDER BY `start`, `end`, hazard
