"""Tasks by their deadlines: what is due, what is overdue, what has a deadline without a date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.plan_facts import owners_by_task
from kg.queries.plans import resolve_plan

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "timeline"]

COLUMNS = ("date", "deadline", "state", "task", "owners", "plan", "section", "quote", "start", "end", "position")


def timeline(store: Store, plan: str | None = None, at: str | date | None = None) -> pandas.DataFrame:
    """See `kg.graph.Graph.timeline`. Rows stand by date, then by plan and place; those without a date come last."""
    day = _day(at)
    wanted = resolve_plan(store, plan) if plan else ""
    rows = store.run(query("timeline").text, {"plan": wanted}).dicts()
    owners = owners_by_task(store, wanted)
    rows.sort(key=lambda row: (row["date"] is None, row["date"] or ""))
    shaped = (
        {
            **row,
            "state": "undated" if row["date"] is None else "overdue" if row["date"] < day else "due",
            "owners": [one["owner"] for one in owners.get(row["task_id"], ())],
            "section": section(row),
        }
        for row in rows
    )
    return frame(shaped, COLUMNS)


def _day(at: str | date | None) -> str:
    if at is None:
        return date.today().isoformat()
    if isinstance(at, date):
        return at.isoformat()[:10]
    try:
        return date.fromisoformat(at.strip()).isoformat()
    except ValueError:
        raise UsageError(f"{at!r} is no date; write it as 2025-06-30") from None
