// 问: 哪些目标没有责任单位?
// Question: Which targets have no owner?
// Parameters:
// $plan: id of a plan, or '' for all
MATCH (p:Plan)-[:HAS_SECTION|HAS_TASK|HAS_TARGET*1..6]->(g:Target)
WHERE ($plan = '' OR p.id = $plan)
  AND NOT EXISTS { MATCH (g)<-[:HAS_TARGET]-(:Task)<-[:RESPONSIBLE_FOR]-() }
RETURN DISTINCT p.name AS `计划`, g.name AS `目标`, g.value AS `数值`, g.unit AS `单位`
ORDER BY `计划`, `目标`
LIMIT 100
