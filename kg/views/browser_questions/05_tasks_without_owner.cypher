// 问: 哪些任务没有写明责任单位?(图)
// Question: Which tasks name no owner?
// Parameters:
// $plan: id of a plan, or '' for all
MATCH unowned = (p:Plan)-[:HAS_TASK]->(t:Task)
WHERE ($plan = '' OR p.id = $plan) AND t.status = 'planned' AND NOT EXISTS { MATCH ()-[:RESPONSIBLE_FOR]->(t) }
RETURN unowned
ORDER BY t.id
LIMIT 40
