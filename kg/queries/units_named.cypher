// 问: 哪些单位、队伍或类称叫这个名字,或名字中含有这些字?
// Question: Which units, teams or groups bear one of these names, or hold such words in their names?
// Parameters:
// $names: names, or words of them, at least one
// Columns: id, name, label, place, aliases, written
UNWIND $names AS wanted
MATCH (o:Agency|Committee|Team|`Group`)
WHERE o.name CONTAINS wanted OR any(form IN o.aliases WHERE form CONTAINS wanted)
   OR EXISTS { MATCH (o)-[r:RESPONSIBLE_FOR]->(:Task) WHERE r.owner_name = wanted }
OPTIONAL MATCH (o)-[r:RESPONSIBLE_FOR]->(:Task)
RETURN o.id AS id, o.name AS name, o.label AS label, o.place AS place, o.aliases AS aliases, collect(DISTINCT r.owner_name) AS written
ORDER BY name, id
