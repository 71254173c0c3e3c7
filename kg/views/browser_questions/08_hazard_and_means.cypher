// 问: 应对这种灾害有哪些任务、队伍、物资、设施和系统?(图)
// Question: Which tasks, teams, supplies, facilities and systems are there against a hazard?
// Parameters:
// $hazards: labels of hazards, at least one
MATCH means = (:Team|Supply|Facility|System)-[:FOR_HAZARD]->(z:Hazard)
WHERE z.name IN $hazards
RETURN means
LIMIT 40
UNION
MATCH means = (z:Hazard)<-[:ADDRESSES]-(:Task)-[:INVOLVES]->(:Team|Supply|Facility|System)
WHERE z.name IN $hazards
RETURN means
LIMIT 20
