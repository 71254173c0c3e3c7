// 问: 这些责任的依据是哪句原文?
// Question: Which words is each responsibility founded on?
// Parameters:
// $words: words looked for in the task, at least one
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task)<-[r:RESPONSIBLE_FOR]-(o)
WHERE any(w IN $words WHERE t.text CONTAINS w)
RETURN o.name AS `单位`, r.role AS `角色`, t.text AS `任务`, r.quote AS `依据`, p.name AS `计划`,
       r.span_start AS `起`, r.span_end AS `止`
ORDER BY `计划`, `起`, `单位`
LIMIT 100
