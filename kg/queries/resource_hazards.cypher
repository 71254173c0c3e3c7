// 问: 队伍、物资、设施、系统针对什么灾害?
// Question: Which hazards are teams, supplies, facilities and systems meant for?
// Parameters:
// $plan: id of a plan, or '' for all
// $label: Team, Supply, Facility, System, or '' for all
// Columns: id, name, label, hazard, plan, quote, start, end, position
MATCH (x:Team|Supply|Facility|System)-[f:FOR_HAZARD]->(z:Hazard)
WHERE ($plan = '' OR f.plan = $plan) AND ($label = '' OR x.label = $label)
RETURN x.id AS id, x.name AS name, x.label AS label, z.name AS hazard, f.plan AS plan,
       f.quote AS quote, f.span_start AS `start`, f.span_end AS `end`, f.position AS position
ORDER BY plan, `start`, `end`, name, id, hazard
