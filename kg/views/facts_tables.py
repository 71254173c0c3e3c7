"""The tasks of one plan as a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from kg.extraction.facts import Facts

__all__ = ["tasks_frame"]


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
