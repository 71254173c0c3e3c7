// 问: 图谱中有哪些名称与这些字相近?
// Question: Which names in the graph hold one of these pieces?
// Parameters:
// $pieces: pieces of a word, at least one
// Columns: name, aliases
MATCH (n:Hazard|Supply|Team|Facility|System|Agency|Committee)
WHERE any(piece IN $pieces WHERE n.name CONTAINS piece OR any(form IN n.aliases WHERE form CONTAINS piece))
RETURN DISTINCT n.name AS name, n.aliases AS aliases
ORDER BY name, aliases
LIMIT 2000
