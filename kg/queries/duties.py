"""The whole duty of one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.plans import resolve_plan
from kg.queries.responsible import parents
from kg.queries.topics import nearest_topics
from kg.queries.units import find_units

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "duties_of"]

COLUMNS = (
    "owner", "parent", "place", "role", "basis", "task", "status", "response_level", "hazards", "resources", "deadline",
    "deadline_date", "others", "alone", "statement", "plan", "section", "quote", "start", "end", "position",
    "owner_quote", "owner_start", "owner_end", "owner_position",
)  # fmt: skip


def duties_of(store: Store, agency: str, *, plan: str | None = None, addressed: bool = False) -> pandas.DataFrame:
    """See `kg.graph.Graph.duties_of`."""
    units = [row["id"] for row in find_units(store, agency)]
    if not units:
        answer = frame((), COLUMNS)
        answer.attrs["nearest"] = nearest_topics(store, agency)
        return answer
    parameters = {"units": units, "plan": resolve_plan(store, plan) if plan else ""}
    rows = store.run(query("agency_duties").text, parameters).dicts()
    if addressed:
        for row in store.run(query("agency_addressed").text, parameters).dicts():
            rows.append({**row, "role": "addressed", "basis": None, "statement": None})
    above = parents(store, units)
    return frame((_shape(row, above.get(row["owner_id"])) for row in rows), COLUMNS)


def _shape(row: dict[str, Any], parent: str | None) -> dict[str, Any]:
    return {
        **row,
        "parent": parent,
        "section": section(row),
        "hazards": sorted(row["hazards"]),
        "resources": sorted(row["resources"]),
        "others": sorted(row["owners"]),
        "alone": not row["owners"] and row["role"] != "addressed",
    }
