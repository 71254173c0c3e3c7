"""The things that a graph holds beside its tasks, and the names among them that could not be settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kg.ontology.lexicon import words
from kg.queries import query
from kg.queries.frames import frame
from kg.queries.labels import read_label
from kg.queries.plans import resolve_plan
from kg.store.places import settle_place
from kg.store.units import REASONS, Names

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "LABELS", "entities"]

COLUMNS = ("id", "label", "name", "aliases", "place", "plans", "mentions", "former_names")
AMBIGUOUS = ("reason", "candidates")
LABELS = ("Agency", "Committee", "Team", "Supply", "Facility", "System", "Hazard", "Regulation", "Place")
_UNITS = ("Agency", "Committee")
_BY_FIELD, _FORMER = "department_by_field", "former_department"
_ORDER = ("city_not_named", *REASONS, _FORMER, _BY_FIELD)

Row = dict[str, Any]


def entities(
    store: Store, *, type: str | None = None, plan: str | None = None, ambiguous: bool = False
) -> pandas.DataFrame:
    """See `kg.graph.Graph.entities`."""
    label = read_label(type, LABELS)
    wanted = resolve_plan(store, plan) if plan else None
    rows = store.run(query("entities").text).dicts()
    for row in rows:
        row["plans"] = sorted({*row.pop("mentioned"), *row.pop("named")})
        row["aliases"] = list(row["aliases"] or ())
        row["former_names"] = list(row["former_names"] or ())
    found = _unsettled(rows) if ambiguous else rows
    kept = [
        row for row in found if (label is None or row["label"] == label) and (wanted is None or wanted in row["plans"])
    ]
    return frame(kept, (*COLUMNS, *AMBIGUOUS) if ambiguous else COLUMNS)


def _unsettled(rows: Sequence[Row]) -> list[Row]:
    """The rows of names that stay apart for want of proof, each with its reason and those that may be the same."""
    units = [row for row in rows if row["label"] in _UNITS]
    keys = {}
    for row in units:
        keys[row["id"]], row["level"] = _key_and_level(row)
    by_field = f":{words('organisations', 'departments-by-field')[0]}"
    branch = f":{words('organisations', 'branch-ends')[0]}"
    alike: dict[tuple[str, str], list[Row]] = defaultdict(list)
    fields: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    bodies: dict[str | None, list[Row]] = defaultdict(list)
    for row in units:
        key = keys[row["id"]]
        if row["unsettled"] is None:
            alike[row["label"], key].append(row)
            if key.startswith("dept:") and not key.endswith((by_field, branch)):
                fields[row["place"], key.split(":")[1]].append(row)
            if key.startswith("body:"):
                bodies[row["place"]].append(row)
    found: list[Row] = []
    for row in rows:
        reason, others = row["unsettled"], []
        if row["label"] == "Place":
            others = _places(row, rows)
        elif row["label"] in _UNITS:
            key = keys[row["id"]]
            if reason == "one_of_several":
                others = [_shown(one) for one in bodies[row["place"]] if _ending(one["name"]) == _ending(row["name"])]
            elif reason is not None:
                others = [_shown(one) for one in alike[row["label"], key] if _may_be(row, one)]
            elif key.startswith("dept:") and key.endswith(by_field):
                others = [_shown(one) for one in fields[row["place"], key.split(":")[1]]]
                reason = _BY_FIELD if others else None
            elif key.startswith("was:"):
                others = [_shown(one) for one in fields[row["place"], key.split(":")[1]]]
                reason = _FORMER if others else None
        if reason is not None and (others or reason != "one_of_several"):
            found.append({**row, "reason": reason, "candidates": others})
    return sorted(found, key=lambda row: (_ORDER.index(row["reason"]), row["label"], row["name"], row["id"]))


def _key_and_level(row: Row) -> tuple[str, str | None]:
    """The key of a unit's name without its place, and the level of the division that it works for."""
    place = settle_place(row["place"]) if row["place"] else None
    unit = Names("", place).unit(row["label"], row["name"])
    return unit.key, row["level"] or unit.level


def _may_be(row: Row, other: Row) -> bool:
    """Whether a settled unit may be the one meant by a name that is not: of its level, and of its place as far as said."""
    if row["id"] == other["id"] or (row["level"] and other["level"] and row["level"] != other["level"]):
        return False
    place = row["place"]
    if not place or not other["place"]:
        return True
    return bool(place == other["place"] or other["place"].endswith(place))


def _places(row: Row, rows: Iterable[Row]) -> list[str]:
    if row["unsettled"] == "ambiguous_place":
        return list(settle_place(row["name"]).candidates)
    if row["unsettled"] is None:
        return []
    return sorted(
        other["name"]
        for other in rows
        if other["label"] == "Place" and other["name"] != row["name"] and other["name"].endswith(row["name"])
    )


def _ending(name: str) -> str:
    return name.removesuffix(words("organisations", "office-ends")[0])[-3:]


def _shown(row: Row) -> str:
    return f"{row['name']} ({row['place'] or 'no place'}) {row['id']}"
