// 问: 这些单位属于谁,是谁的办公室,设在哪里,是谁的成员,由谁领导?
// Question: What are these units part of, whose office are they, who hosts them, whose members are they, whom do they lead?
// Parameters:
// $units: ids of units, at least one
// $plan: id of a plan, or '' for all
// Columns: relation, id, unit, other_id, other, plan, quote, start, end, position
MATCH (a:Agency|Committee|Team)-[r:PART_OF]->(b:Agency|Committee|Team)
WHERE ($plan = '' OR r.plan = $plan) AND (a.id IN $units OR b.id IN $units)
RETURN 'PART_OF' AS relation, a.id AS id, a.name AS unit, b.id AS other_id, b.name AS other, r.plan AS plan, r.quote AS quote,
       r.span_start AS `start`, r.span_end AS `end`, r.position AS position
ORDER BY plan, `start`, `end`, unit, other, id, other_id
UNION ALL
MATCH (a:Agency|Committee)-[r:OFFICE_OF]->(b:Committee)
WHERE ($plan = '' OR r.plan = $plan) AND (a.id IN $units OR b.id IN $units)
RETURN 'OFFICE_OF' AS relation, a.id AS id, a.name AS unit, b.id AS other_id, b.name AS other, r.plan AS plan, r.quote AS quote,
       r.span_start AS `start`, r.span_end AS `end`, r.position AS position
ORDER BY plan, `start`, `end`, unit, other, id, other_id
UNION ALL
MATCH (a:Committee)-[r:HOSTED_BY]->(b:Agency|Committee)
WHERE ($plan = '' OR r.plan = $plan) AND (a.id IN $units OR b.id IN $units)
RETURN 'HOSTED_BY' AS relation, a.id AS id, a.name AS unit, b.id AS other_id, b.name AS other, r.plan AS plan, r.quote AS quote,
       r.span_start AS `start`, r.span_end AS `end`, r.position AS position
ORDER BY plan, `start`, `end`, unit, other, id, other_id
UNION ALL
MATCH (a:Agency|Committee|Team|`Group`)-[r:MEMBER_OF]->(b:Committee)
WHERE ($plan = '' OR r.plan = $plan) AND (a.id IN $units OR b.id IN $units)
RETURN 'MEMBER_OF' AS relation, a.id AS id, a.name AS unit, b.id AS other_id, b.name AS other, r.plan AS plan, r.quote AS quote,
       r.span_start AS `start`, r.span_end AS `end`, r.position AS position
ORDER BY plan, `start`, `end`, unit, other, id, other_id
UNION ALL
MATCH (a:Agency|Committee)-[r:LEADS]->(b:Committee)
WHERE ($plan = '' OR r.plan = $plan) AND (a.id IN $units OR b.id IN $units)
RETURN 'LEADS' AS relation, a.id AS id, a.name AS unit, b.id AS other_id, b.name AS other, r.plan AS plan, r.quote AS quote,
       r.span_start AS `start`, r.span_end AS `end`, r.position AS position
ORDER BY plan, `start`, `end`, unit, other, id, other_id
