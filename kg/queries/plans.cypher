// 问: 图谱中有哪些计划?
// Question: Which plans does the graph hold?
// Parameters:
// $plan: id of a plan, or '' for all
// Columns: id, title, name, kind, issuers, places, doc_number, issued, period_start, period_end, source, sha256
MATCH (p:Plan)
WHERE $plan = '' OR p.id = $plan
OPTIONAL MATCH (p)-[:ISSUED_BY]->(u:Agency|Committee)
OPTIONAL MATCH (p)-[:APPLIES_TO]->(l:Place)
RETURN p.id AS id, p.title AS title, p.name AS name, p.kind AS kind, collect(DISTINCT u.name) AS issuers,
       collect(DISTINCT l.name) AS places, p.doc_number AS doc_number, p.issued AS issued,
       p.period_start AS period_start, p.period_end AS period_end, p.source AS source, p.sha256 AS sha256
ORDER BY name, id
