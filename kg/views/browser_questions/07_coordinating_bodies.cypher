// 问: 有哪些议事协调机构,办公室设在哪里,谁牵头,有哪些成员?(图)
// Question: Which coordinating bodies are there, with which office, host, leader and members?
MATCH body = (c:Committee)-[:OFFICE_OF|HOSTED_BY|MEMBER_OF|LEADS|PART_OF]-(:Agency|Committee|Team|`Group`)
RETURN body
ORDER BY c.id
LIMIT 60
