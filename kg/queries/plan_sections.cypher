// 问: 一个计划有哪些标题?
// Question: Which headings does a plan have?
// Parameters:
// $plan: id of a plan
// Columns: number, heading, start, end
MATCH (a:Plan|Section)-[h:HAS_SECTION]->(s:Section)
WHERE h.plan = $plan
RETURN s.number AS number, s.heading AS heading, h.span_start AS `start`, h.span_end AS `end`
ORDER BY `start`, `end` DESC, number
