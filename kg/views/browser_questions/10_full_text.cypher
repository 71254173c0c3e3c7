// 问: 原文中哪里写到这些字?(全文检索)
// Question: Where do these words stand? (full-text search)
// Parameters:
// $search: words to search for; in double quotes as they stand
CALL db.index.fulltext.queryNodes('kg_texts', $search) YIELD node, score
RETURN node.label AS `类别`, coalesce(node.text, node.name) AS `原文`, score AS `相关度`
ORDER BY score DESC, node.id
LIMIT 50
