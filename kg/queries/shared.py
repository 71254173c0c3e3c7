"""Which tasks share owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.plans import resolve_plan

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "shared_owners"]

COLUMNS = {
    "tasks": ("owners", "task", "plan", "section", "quote", "start", "end"),
    "pairs": ("owner_a", "owner_b", "tasks", "statements"),
    "load": ("owner", "tasks", "lead", "responsible", "support", "hazards"),
}


def shared_owners(store: Store, *, plan: str | None = None, by: str = "tasks") -> pandas.DataFrame:
    """See `kg.graph.Graph.shared_owners`."""
    if by not in COLUMNS:
        raise UsageError(f"shared owners by {by!r}? by is one of: {', '.join(COLUMNS)}")
    parameters = {"plan": resolve_plan(store, plan) if plan else ""}
    if by == "tasks":
        rows = _tasks(store.run(query("shared_tasks").text, parameters).dicts())
    else:
        rows = store.run(query("shared_pairs" if by == "pairs" else "owner_load").text, parameters).dicts()
    return frame(rows, COLUMNS[by])


def _tasks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a task, its owners in the order of the text."""
    tasks: dict[str, dict[str, Any]] = {}
    for row in rows:
        task = tasks.setdefault(row["task_id"], {**row, "owners": [], "section": section(row)})
        task["owners"].append(row["owner"])
    return list(tasks.values())
