// 问: 单位、队伍、物资、设施、系统、灾害、法规在哪里写到,原文是什么?
// Question: Where do units, teams, supplies, facilities, systems, hazards and regulations stand, in which words?
// Parameters:
// $plan: id of a plan, or '' for all
// $label: Agency, Committee, Group, Team, Supply, Facility, System, Hazard, Regulation, or '' for all
// $name: words of the name, or '' for all
// Columns: label, name, plan, number, heading, quote, start, end, position, id
MATCH (s:Section)-[m:MENTIONS]->(n:Agency|Committee|`Group`|Team|Supply|Facility|System|Hazard|Regulation)
WHERE ($plan = '' OR m.plan = $plan) AND ($label = '' OR n.label = $label)
  AND ($name = '' OR n.name CONTAINS $name OR m.quote CONTAINS $name)
RETURN n.label AS label, n.name AS name, m.plan AS plan, s.number AS number, s.heading AS heading, m.quote AS quote,
       m.span_start AS `start`, m.span_end AS `end`, m.position AS position, n.id AS id
ORDER BY plan, `start`, `end`, label, name, id
