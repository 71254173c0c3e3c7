// 问: 一个计划有哪些目标,分别写在哪里?
// Question: Which targets does a plan set, and in which task or section do they stand?
// Parameters:
// $plan: id of a plan
// Columns: target_id, target, holder, holder_label, section, quote, start, end
MATCH (a:Plan|Section|Task)-[r:HAS_TARGET]->(g:Target)
WHERE r.plan = $plan
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(:Task)-[:HAS_TARGET]->(g)
RETURN g.id AS target_id, g.name AS target, a.id AS holder, a.label AS holder_label,
       CASE WHEN a.label = 'Section' THEN a.name ELSE s.name END AS section, r.quote AS quote, r.span_start AS `start`, r.span_end AS `end`
ORDER BY `start`, `end`, target_id
