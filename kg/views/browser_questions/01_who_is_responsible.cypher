// 问: 谁负责防汛?(图)
// Question: Who is responsible for 防汛?
// Parameters:
// $hazards: labels of hazards, at least one
// $words: words looked for in the task, at least one
MATCH who = (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task)
WHERE EXISTS { MATCH (t)-[:ADDRESSES]->(z:Hazard) WHERE z.name IN $hazards } OR any(w IN $words WHERE t.text CONTAINS w)
WITH t, collect(who) AS who
ORDER BY size(who) DESC, t.id
LIMIT 12
OPTIONAL MATCH against = (t)-[:ADDRESSES]->(z:Hazard)
WHERE z.name IN $hazards
RETURN who, collect(against) AS against
