// 问: 一个计划是什么文件,何时印发,管哪一年、哪个地方,文本是否中断,有多少标题?
// Question: What is a plan, when was it issued, for which years and place, does its text break off, how many headings has it?
// Parameters:
// $plan: id of a plan
// Columns: title, name, kind, issued, period_start, period_end, cut_off, places, sections
MATCH (p:Plan)
WHERE p.id = $plan
OPTIONAL MATCH (p)-[:APPLIES_TO]->(l:Place)
WITH p, collect(DISTINCT l.name) AS places
OPTIONAL MATCH (p)-[:HAS_SECTION*1..8]->(s:Section)
RETURN p.title AS title, p.name AS name, p.kind AS kind, p.issued AS issued, p.period_start AS period_start, p.period_end AS period_end,
       p.cut_off AS cut_off, places, count(DISTINCT s.id) AS sections
ORDER BY name
