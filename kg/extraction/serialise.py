"""Facts as plain JSON values: what `kg extract --format json` prints, and what `kg eval` compares.

The form is that of docs/annotating.md. Beside it, everything has `start` and `end` (code points of the source text,
end excluded), `quote` (the cleaned form of source[start:end]) and `rule` (what made it); where the file is no plain text
also its place in it, of `page`, `paragraph`, `table`, `row`, `column`, `sheet`, `cell` those that the format has.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from kg.extraction.facts import Evidence, Facts, Owner, TableFact, Target, Task

__all__ = ["to_json", "to_plain"]


def _place(evidence: Evidence) -> dict[str, Any]:
    row: dict[str, Any] = {
        "start": evidence.start, "end": evidence.end, "quote": evidence.quote, "rule": evidence.rule
    }  # fmt: skip
    return row | (evidence.position.parts() if evidence.position else {})


def _owner(owner: Owner) -> dict[str, Any]:
    row: dict[str, Any] = {"name": owner.name, "role": owner.role, "basis": owner.basis}
    if owner.generic:
        row["generic"] = True
    if owner.resolved is not None:
        row["resolved"] = owner.resolved
    return row | {"label": owner.label} | _place(owner.evidence)


def _target(target: Target) -> dict[str, Any]:
    return {
        "measure": target.measure,
        "comparator": target.comparator,
        "value": target.value,
        "unit": target.unit,
    } | _place(target.evidence)


def _distinct(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _task(task: Task, facts: Facts) -> dict[str, Any]:
    section = facts.sections[task.section] if task.section >= 0 else None
    return {
        "text": task.text,
        "status": task.status,
        "owners": [_owner(owner) for owner in task.owners],
        "hazards": _distinct([hazard.name for hazard in task.hazards]),
        "resources": _distinct([resource.name for resource in task.resources]),
        "deadline": task.deadline.text if task.deadline else None,
        "deadline_date": task.deadline.date if task.deadline else None,
        "targets": [_target(target) for target in task.targets],
        "cites": _distinct([citation.title for citation in task.cites]),
        "recovered_text": task.recovered_text,
        "response_level": task.response_level,
        "statement": task.statement if task.statement >= 0 else None,
        "section": f"{section.number}{section.heading}" if section else None,
        "addressed": [
            {"name": unit.name, "label": unit.label, "generic": unit.generic} | _place(unit.evidence)
            for unit in task.addressed
        ],
        "hazard_mentions": [{"name": hazard.name} | _place(hazard.evidence) for hazard in task.hazards],
        "resource_mentions": [
            {"name": resource.name, "type": resource.label} | _place(resource.evidence) for resource in task.resources
        ],
        "deadline_mention": _place(task.deadline.evidence) if task.deadline else None,
        "cite_mentions": [
            {"title": citation.title, "doc_number": citation.doc_number} | _place(citation.evidence)
            for citation in task.cites
        ],
    } | _place(task.evidence)


def _table(table: TableFact) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kinds": list(table.kinds),
        "columns": [{"head": head, "holds": kind or None} for head, kind in table.columns],
        "reason": table.reason or None,
        "start": table.start,
        "end": table.end,
    }
    return row | (table.position.parts() if table.position else {})


def to_plain(facts: Facts) -> dict[str, Any]:
    """One plan's facts as dictionaries, lists, strings and numbers.

    Returns:
        The keys of an annotation (`source, scope, plan, tasks, targets, entities, relations`), then `sections, cites,
        covers, rejected, tables, reading, warnings, sha256, size`. An entity's `start` and `end` are those of its first mention;
        `mentions` has them all. `covers` names a section or task by its index.
    """
    return {
        "source": facts.source,
        "scope": [],
        "plan": asdict(facts.plan),
        "tasks": [_task(task, facts) for task in facts.tasks],
        "targets": [_target(target) for target in facts.targets],
        "entities": [
            {"type": entity.type, "name": entity.name, "aliases": list(entity.aliases)}
            | ({"quantity": entity.quantity, "unit": entity.unit} if entity.quantity is not None else {})
            | ({"kept_at": list(entity.kept_at)} if entity.kept_at else {})
            | (_place(entity.mentions[0].evidence) if entity.mentions else {})
            | {"mentions": [{"form": mention.form} | _place(mention.evidence) for mention in entity.mentions]}
            for entity in facts.entities
        ],
        "relations": [
            {
                "head": relation.head,
                "type": relation.type,
                "tail": relation.tail,
                "head_type": relation.head_type,
                "tail_type": relation.tail_type,
            }
            | _place(relation.evidence)
            for relation in facts.relations
        ],
        "sections": [asdict(section) for section in facts.sections],
        "cites": [
            {"title": citation.title, "doc_number": citation.doc_number} | _place(citation.evidence)
            for citation in facts.cites
        ],
        "covers": [
            {
                "element": cover.element,
                "section": cover.section if cover.section >= 0 else None,
                "task": cover.task if cover.task >= 0 else None,
            }
            | _place(cover.evidence)
            for cover in facts.covers
        ],
        "rejected": [asdict(rejected) for rejected in facts.rejected],
        "tables": [_table(table) for table in facts.tables],
        "reading": asdict(facts.reading),
        "warnings": list(facts.warnings),
        "sha256": facts.sha256,
        "size": facts.size,
    }


def to_json(facts: Facts, *, indent: int | None = 1) -> str:
    """The facts as JSON text, Chinese written as it is; the same facts give the same text."""
    return json.dumps(to_plain(facts), ensure_ascii=False, indent=indent)
