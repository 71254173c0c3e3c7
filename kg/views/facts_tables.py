"""The facts of one plan as DataFrames: the tasks, and what each rule made and rejected."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from kg.extraction.facts import Evidence, Facts

__all__ = ["rejected_frame", "rules_frame", "tasks_frame"]


def tasks_frame(facts: Facts) -> pandas.DataFrame:
    """One row a task, in the order of the text.

    Columns: `task, status, owners, roles, basis` (lists of equal length), `hazards, resources` (lists of names),
    `deadline, deadline_date, response_level, section, start, end, quote, rule`.
    """
    import pandas

    rows: list[dict[str, Any]] = []
    for task in facts.tasks:
        section = facts.sections[task.section] if task.section >= 0 else None
        rows.append(
            {
                "task": task.text,
                "status": task.status,
                "owners": [owner.name for owner in task.owners],
                "roles": [owner.role for owner in task.owners],
                "basis": [owner.basis for owner in task.owners],
                "hazards": list(dict.fromkeys(hazard.name for hazard in task.hazards)),
                "resources": list(dict.fromkeys(resource.name for resource in task.resources)),
                "deadline": task.deadline.text if task.deadline else None,
                "deadline_date": task.deadline.date if task.deadline else None,
                "response_level": task.response_level,
                "section": f"{section.number}{section.heading}" if section else None,
                "start": task.evidence.start,
                "end": task.evidence.end,
                "quote": task.evidence.quote,
                "rule": task.evidence.rule,
            }
        )
    return pandas.DataFrame(rows, columns=_TASK_COLUMNS)


_TASK_COLUMNS = [
    "task", "status", "owners", "roles", "basis", "hazards", "resources", "deadline", "deadline_date", "response_level",
    "section", "start", "end", "quote", "rule",
]  # fmt: skip


def _evidences(facts: Facts) -> Iterator[tuple[str, Evidence]]:
    """Every fact's kind and evidence."""
    for task in facts.tasks:
        yield "task", task.evidence
        yield from (("owner", owner.evidence) for owner in task.owners)
        yield from (("addressed", unit.evidence) for unit in task.addressed)
        yield from (("task hazard", hazard.evidence) for hazard in task.hazards)
        yield from (("task resource", resource.evidence) for resource in task.resources)
        yield from (("target", target.evidence) for target in task.targets)
        yield from (("citation", citation.evidence) for citation in task.cites)
        if task.deadline:
            yield "deadline", task.deadline.evidence
    yield from (("target", target.evidence) for target in facts.targets)
    yield from (("citation", citation.evidence) for citation in facts.cites)
    for entity in facts.entities:
        yield from ((f"mention of {entity.type}", mention.evidence) for mention in entity.mentions)
    yield from ((relation.type, relation.evidence) for relation in facts.relations)
    yield from (("element", cover.evidence) for cover in facts.covers)


def rules_frame(facts: Facts) -> pandas.DataFrame:
    """What each rule did: `rule, made, facts` (kinds with numbers), `rejected, reasons` (codes with numbers)."""
    import pandas

    made: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rejected: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, evidence in _evidences(facts):
        made[evidence.rule][kind] += 1
    for one in facts.rejected:
        rejected[one.rule][one.reason] += 1
    rows = [
        {
            "rule": rule,
            "made": made[rule].total(),
            "facts": _counted(made[rule]),
            "rejected": rejected[rule].total(),
            "reasons": _counted(rejected[rule]),
        }
        for rule in sorted({*made, *rejected})
    ]
    return pandas.DataFrame(rows, columns=["rule", "made", "facts", "rejected", "reasons"])


def _counted(counter: Counter[str]) -> list[str]:
    return [f"{name} {count}" for name, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))]


def rejected_frame(facts: Facts) -> pandas.DataFrame:
    """What rules dropped or merged, in the order of the text: `rule, reason, start, end, quote`."""
    import pandas

    rows = [
        (one.rule, one.reason, one.start, one.end, one.quote)
        for one in sorted(facts.rejected, key=lambda one: (one.start, one.end, one.rule, one.reason))
    ]
    return pandas.DataFrame(rows, columns=["rule", "reason", "start", "end", "quote"])
