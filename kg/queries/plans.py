"""The plans of a graph, and how users name one of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "known_plans", "left_out", "plans", "resolve_plan", "resolve_plans"]

COLUMNS = (
    "id",
    "title",
    "kind",
    "issuer",
    "place",
    "doc_number",
    "issued",
    "period_start",
    "period_end",
    "source",
    "sha256",
    "tasks",
    "owned",
)


def plans(store: Store) -> pandas.DataFrame:
    """One row a plan, ordered by title and id; `tasks` is their number, `owned` the number of those with an owner."""
    sizes = {row["id"]: row for row in store.run(query("plan_sizes").text).dicts()}
    rows = []
    for row in known_plans(store):
        size = sizes.get(row["id"], {"tasks": 0, "owned": 0})
        rows.append({**row, "tasks": size["tasks"], "owned": size["owned"]})
    return frame(rows, COLUMNS).astype({"period_start": "Int64", "period_end": "Int64"})


def left_out(store: Store) -> pandas.DataFrame:
    """One row a file that was not built: `source, reason, message`."""
    rows = ({"source": one.source, "reason": one.reason, "message": one.message} for one in store.left_out())
    return frame(rows, ("source", "reason", "message"))


def resolve_plan(store: Store, name: str) -> str:
    """The id of the plan that is meant by an id, a file name, a title, or words that all stand in title, place, issuer
    or period.

    Raises:
        UsageError: none or several match; the message lists what there is.
    """
    return resolve_plans(store, [name])[0]


def resolve_plans(store: Store, names: Sequence[str]) -> list[str]:
    """`resolve_plan` of each name."""
    known = known_plans(store)
    return [_resolve(known, name) for name in names]


def _resolve(known: list[dict[str, Any]], name: str) -> str:
    wanted = _fold(name)
    if not wanted:
        raise UsageError("no plan named; give an id, a file name, a title, or words of title, place, issuer or period")
    for field in ("id", "source", "title"):
        exact = [row for row in known if row[field] and _fold(row[field]) == wanted]
        if len(exact) == 1:
            return str(exact[0]["id"])
        if exact:
            raise UsageError(f"{name!r} is the {field} of {len(exact)} plans; name one by its id: {_list(exact)}")
    words = wanted.split()
    found = [row for row in known if all(word in _described(row) for word in words)]
    if len(found) == 1:
        return str(found[0]["id"])
    if found:
        raise UsageError(f"{name!r} matches {len(found)} plans; name one: {_list(found)}")
    raise UsageError(f"no plan matches {name!r}; there are: {_list(known) or 'none'}")


def known_plans(store: Store) -> list[dict[str, Any]]:
    """The rows of `plans` without numbers of tasks."""
    rows = store.run(query("plans").text, {"plan": ""}).dicts()
    for row in rows:
        row["issuer"] = min((name for name in row.pop("issuers") if name), default=None)
        row["place"] = min((name for name in row.pop("places") if name), default=None)
        del row["name"]
    return rows


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _described(row: dict[str, Any]) -> str:
    period: tuple[int, ...] = ()
    if row["period_start"]:
        period = tuple(range(row["period_start"], (row["period_end"] or row["period_start"]) + 1))
    parts = (
        row["title"],
        row["place"],
        row["issuer"],
        *period,
        f"{row['period_start']}-{row['period_end']}" if period else None,
    )
    return "\n".join(_fold(str(part)) for part in parts if part)


def _list(rows: list[dict[str, Any]], limit: int = 20) -> str:
    shown = "; ".join(f"{row['id']} ({row['title'] or row['source']}, {row['source']})" for row in rows[:limit])
    return shown + (f"; and {len(rows) - limit} more" if len(rows) > limit else "")
