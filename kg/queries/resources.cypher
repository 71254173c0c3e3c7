// 问: 有哪些队伍、物资、设施、系统,各有多少?
// Question: Which teams, supplies, facilities and systems are there, and how much of each?
// Parameters:
// $label: Team, Supply, Facility, System, or '' for all
// Columns: id, name, label, kind, aliases, quantity, unit, kept_at
MATCH (x:Team|Supply|Facility|System)
WHERE $label = '' OR x.label = $label
RETURN x.id AS id, x.name AS name, x.label AS label, x.kind AS kind, x.aliases AS aliases,
       x.quantity AS quantity, x.unit AS unit, x.kept_at AS kept_at
ORDER BY name, id
