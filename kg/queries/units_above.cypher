// 问: 这些单位属于哪个单位?
// Question: Which units are these units a part of?
// Parameters:
// $units: ids of units, at least one
// Columns: id, parents
UNWIND $units AS unit
MATCH (o:Agency|Committee|Team)-[:PART_OF]->(u:Agency|Committee|Team)
WHERE o.id = unit
RETURN unit AS id, collect(DISTINCT u.name) AS parents
ORDER BY id
