// 问: 一个计划是什么文件,何时印发,管哪一年、哪个地方,文本是否中断?
// Question: What is a plan, when was it issued, for which years and place, does its text break off?
// Parameters:
// $plan: id of a plan
// Columns: title, name, kind, issued, period_start, period_end, cut_off, places
MATCH (p:Plan)
WHERE p.id = $plan
OPTIONAL MATCH (p)-[:APPLIES_TO]->(l:Place)
RETURN p.title AS title, p.name AS name, p.kind AS kind, p.issued AS issued, p.period_start AS period_start, p.period_end AS period_end,
       p.cut_off AS cut_off, collect(DISTINCT l.name) AS places
ORDER BY name
