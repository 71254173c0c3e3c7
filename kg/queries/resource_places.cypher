// 问: 队伍、物资、设施、系统写在哪里?
// Question: Where do teams, supplies, facilities and systems stand?
// Parameters:
// $plan: id of a plan, or '' for all
// $label: Team, Supply, Facility, System, or '' for all
// Columns: id, name, label, plan, number, heading, quote, start, end, position
MATCH (s:Section)-[m:MENTIONS]->(x:Team|Supply|Facility|System)
WHERE ($plan = '' OR m.plan = $plan) AND ($label = '' OR x.label = $label)
RETURN x.id AS id, x.name AS name, x.label AS label, m.plan AS plan, s.number AS number,
       s.heading AS heading, m.quote AS quote, m.span_start AS `start`, m.span_end AS `end`, m.position AS position
ORDER BY plan, `start`, `end`, name, id
