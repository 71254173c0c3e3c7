// 问: 哪两个单位共同承担的任务最多?
// Question: Which two units share most tasks?
// Parameters:
// $plan: id of a plan, or '' for all
MATCH (a:Agency|Committee|Team)-[r:RESPONSIBLE_FOR]->(t:Task)<-[:RESPONSIBLE_FOR]-(b:Agency|Committee|Team)
WHERE ($plan = '' OR r.plan = $plan) AND a.id < b.id
RETURN a.name AS `单位甲`, b.name AS `单位乙`, count(DISTINCT t) AS `任务`, count(DISTINCT r.statement) AS `陈述`
ORDER BY `陈述` DESC, `任务` DESC, `单位甲`, `单位乙`
LIMIT 25
