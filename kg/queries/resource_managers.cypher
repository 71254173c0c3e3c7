// 问: 队伍、物资、设施、系统由谁管理?
// Question: Who manages the teams, supplies, facilities and systems?
// Parameters:
// $plan: id of a plan, or '' for all
// $label: Team, Supply, Facility, System, or '' for all
// Columns: id, name, label, manager, plan, quote, start, end, position
MATCH (o:Agency|Committee|Team|`Group`)-[m:MANAGES]->(x:Team|Supply|Facility|System)
WHERE ($plan = '' OR m.plan = $plan) AND ($label = '' OR x.label = $label)
RETURN x.id AS id, x.name AS name, x.label AS label, o.name AS manager, m.plan AS plan,
       m.quote AS quote, m.span_start AS `start`, m.span_end AS `end`, m.position AS position
ORDER BY plan, `start`, `end`, name, id, manager
