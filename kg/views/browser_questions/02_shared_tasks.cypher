// 问: 哪些任务由几个单位共同承担?(图)
// Question: Which tasks share owners?
// Parameters:
// $plan: id of a plan, or '' for all
MATCH shared = (:Agency|Committee|Team)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE $plan = '' OR r.plan = $plan
WITH t, collect(shared) AS shared
WHERE size(shared) > 1
RETURN shared
ORDER BY size(shared) DESC, t.id
LIMIT 15
