"""Which tasks share owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.plans import resolve_plan
from kg.queries.sharing import COLUMNS as DEEPER
from kg.queries.sharing import shares
from kg.queries.units import find_units

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "shared_owners"]

COLUMNS = {
    "tasks": ("owners", "task", "plan", "section", "quote", "start", "end", "position"),
    "pairs": ("owner_a", "owner_b", "tasks", "statements"),
    "load": ("owner", "tasks", "lead", "responsible", "support", "hazards"),
    **DEEPER,
}


def shared_owners(
    store: Store, *, plan: str | None = None, by: str = "tasks", owners: Sequence[str] = ()
) -> pandas.DataFrame:
    """See `kg.graph.Graph.shared_owners`."""
    if by not in COLUMNS:
        raise UsageError(f"shared owners by {by!r}? by is one of: {', '.join(COLUMNS)}")
    parameters = {"plan": resolve_plan(store, plan) if plan else ""}
    if owners and by != "tasks":
        raise UsageError(f"owners name who shares the tasks; by={by!r} takes none")
    if by in DEEPER:
        return frame(shares(store, by, parameters["plan"]), COLUMNS[by])
    if by == "tasks":
        wanted = [{row["id"] for row in find_units(store, owner)} for owner in owners]
        rows = _tasks(store.run(query("shared_tasks").text, parameters).dicts())
        rows = [row for row in rows if all(units & row["ids"] for units in wanted)]
    else:
        rows = store.run(query("shared_pairs" if by == "pairs" else "owner_load").text, parameters).dicts()
    return frame(rows, COLUMNS[by])


def _tasks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a task, its owners in the order of the text."""
    tasks: dict[str, dict[str, Any]] = {}
    for row in rows:
        task = tasks.get(row["task_id"])
        if task is None:
            task = tasks[row["task_id"]] = {**row, "owners": [], "ids": set(), "section": section(row)}
        task["owners"].append(row["owner"])
        task["ids"].add(row["owner_id"])
    return list(tasks.values())
