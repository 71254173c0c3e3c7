"""Units by the names that people write, and how they belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame
from kg.queries.plans import resolve_plan

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["RELATIONS", "find_units", "unit_relations"]

RELATIONS = ("unit", "relation", "other", "plan", "quote", "start", "end", "position")


def find_units(store: Store, name: str) -> list[dict[str, Any]]:
    """The units, teams and groups that bear a name: as their own, as an alias or as a plan writes it. Where none does,
    those whose names hold it. Dictionaries of `id, name, label, place, aliases, written`.

    Raises:
        UsageError: no name is given.
    """
    wanted = name.strip()
    if not wanted:
        raise UsageError("no unit named; give the name of an agency, a committee, a section or a team")
    rows = store.run(query("units_named").text, {"names": [wanted]}).dicts()
    exact = [row for row in rows if wanted in (row["name"], *(row["aliases"] or ()), *row["written"])]
    return exact or rows


def unit_relations(store: Store, unit: str, *, plan: str | None = None) -> pandas.DataFrame:
    """See `kg.graph.Graph.relations_of`."""
    parameters = {
        "units": [row["id"] for row in find_units(store, unit)] or [""],
        "plan": resolve_plan(store, plan) if plan else "",
    }
    rows = store.run(query("unit_relations").text, parameters).dicts()
    rows.sort(key=lambda row: (row["plan"], row["start"], row["end"], row["relation"], row["unit"], row["other"]))
    return frame(rows, RELATIONS)
