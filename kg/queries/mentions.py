"""Where things stand in the plans, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.labels import read_label
from kg.queries.plans import resolve_plan

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "LABELS", "mentions"]

COLUMNS = ("label", "name", "plan", "section", "quote", "start", "end", "position", "id")
LABELS = ("Agency", "Committee", "Group", "Team", "Supply", "Facility", "System", "Hazard", "Regulation")


def mentions(
    store: Store, name: str | None = None, *, type: str | None = None, plan: str | None = None
) -> pandas.DataFrame:
    """See `kg.graph.Graph.mentions`."""
    label = read_label(type, LABELS)
    parameters = {
        "plan": resolve_plan(store, plan) if plan else "",
        "label": label or "",
        "name": (name or "").strip(),
    }
    rows = store.run(query("mentions").text, parameters).dicts()
    return frame(({**row, "section": section(row)} for row in rows), COLUMNS)
