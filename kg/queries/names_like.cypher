// 问: 图谱中有哪些名称与这些字相近?
// Question: Which names in the graph hold one of these pieces?
// Parameters:
// $pieces: pieces of a word, at least one
// Columns: name, aliases, id, pieces
UNWIND $pieces AS piece
MATCH (n:Hazard|Supply|Team|Facility|System|Agency|Committee)
WHERE n.name CONTAINS piece OR any(form IN n.aliases WHERE form CONTAINS piece)
RETURN n.name AS name, n.aliases AS aliases, n.id AS id, count(*) AS pieces
ORDER BY pieces DESC, name, id
LIMIT 1000
