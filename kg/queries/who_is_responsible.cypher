// 问: 谁负责这个主题(灾害、物资、队伍、设施、事项)?每条依据哪句原文?
// Question: Who is responsible for this topic (a hazard, a supply, a team, a facility, an activity), and which words say so?
// Parameters:
// $plan: id of a plan, or '' for all
// $status: planned, reported, duty, or '' for all
// $level: Ⅰ, Ⅱ, Ⅲ, Ⅳ, or '' for all
// $words: words looked for in the task, at least one; '' for every task
// $headings: words looked for in the section's heading, at least one
// $hazards: labels of hazards, at least one
// $names: names or parts of names of teams, supplies, facilities and systems, at least one
// $labels: node labels of resources any of which will do, at least one
// $titles: titles or parts of titles of laws and other papers, at least one
// Columns: plan, plan_title, task_id, task, recovered, status, response_level, deadline, number, heading, quote, start, end, position,
// hazards, resources, cites, owner_id, owner, owner_label, role, basis, owner_quote, owner_start, owner_end, owner_position
MATCH (f:Plan)-[:HAS_TASK]->(t:Task)
WHERE ($plan = '' OR f.id = $plan)
  AND ($status = '' OR t.status = $status)
  AND ($level = '' OR t.response_level = $level)
  AND ('' IN $words OR any(w IN $words WHERE t.text CONTAINS w OR coalesce(t.recovered_text, '') CONTAINS w)
    OR EXISTS { MATCH (t)-[:ADDRESSES]->(z:Hazard) WHERE z.name IN $hazards }
    OR EXISTS { MATCH (t)-[:INVOLVES]->(x:Team|Supply|Facility|System)
                WHERE x.label IN $labels OR any(w IN $names WHERE x.name CONTAINS w OR w IN x.aliases) }
    OR EXISTS { MATCH (c:Section)-[:HAS_TASK]->(t) WHERE any(w IN $headings WHERE c.heading CONTAINS w) }
    OR EXISTS { MATCH (t)-[:CITES]->(g:Regulation) WHERE any(w IN $titles WHERE g.name CONTAINS w) })
OPTIONAL MATCH (t)-[:ADDRESSES|INVOLVES|CITES]->(x:Hazard|Team|Supply|Facility|System|Regulation)
WITH t.id AS met, collect(DISTINCT CASE WHEN x.label = 'Hazard' THEN x.name END) AS hazards,
     collect(DISTINCT CASE WHEN x.label IN ['Team', 'Supply', 'Facility', 'System'] THEN x.label + ' ' + x.name END) AS resources,
     collect(DISTINCT CASE WHEN x.label = 'Regulation' THEN x.name END) AS cites
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task)
WHERE t.id = met
OPTIONAL MATCH (s:Section)-[:HAS_TASK]->(t)
OPTIONAL MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t)
RETURN p.id AS plan, p.title AS plan_title, t.id AS task_id, t.text AS task, t.recovered_text AS recovered, t.status AS status,
       t.response_level AS response_level, t.deadline AS deadline, s.number AS number, s.heading AS heading, h.quote AS quote,
       h.span_start AS `start`, h.span_end AS `end`, h.position AS position, hazards, resources, cites, o.id AS owner_id, coalesce(r.owner_name, o.name) AS owner, o.label AS owner_label,
       r.role AS role, r.basis AS basis, r.quote AS owner_quote, r.span_start AS owner_start, r.span_end AS owner_end, r.position AS owner_position
ORDER BY plan, `start`, `end`, task_id, owner_start, owner_end, owner, owner_id, role
