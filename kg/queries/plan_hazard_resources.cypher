// 问: 一个计划中哪些队伍、物资、设施、系统是为某种灾害准备的?
// Question: Which teams, supplies, facilities and systems of a plan are meant for a hazard?
// Parameters:
// $plan: id of a plan
// Columns: hazard, resource, quote, start, end
MATCH (x:Team|Supply|Facility|System)-[r:FOR_HAZARD]->(z:Hazard)
WHERE r.plan = $plan
RETURN z.name AS hazard, x.name AS resource, r.quote AS quote, r.span_start AS `start`, r.span_end AS `end`
ORDER BY `start`, `end`, hazard, resource
