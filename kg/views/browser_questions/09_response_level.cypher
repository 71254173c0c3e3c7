// 问: 启动这一级响应时谁做什么?
// Question: Who does what at this response level?
// Parameters:
// $level: Ⅰ, Ⅱ, Ⅲ, Ⅳ, or '' for all
MATCH (p:Plan)-[h:HAS_TASK]->(t:Task)
WHERE t.response_level = $level OR ($level = '' AND t.response_level IS NOT NULL)
OPTIONAL MATCH (o)-[r:RESPONSIBLE_FOR]->(t)
RETURN t.response_level AS `级别`, p.name AS `计划`, o.name AS `单位`, r.role AS `角色`, t.text AS `任务`
ORDER BY `计划`, `级别`, h.span_start, `单位`
LIMIT 200
