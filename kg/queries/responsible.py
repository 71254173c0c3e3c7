"""Who is responsible for a topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.plans import resolve_plan
from kg.queries.response_levels import find_level, read_level
from kg.queries.topics import Term, nearest_topics, read_topic

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "parents", "plans_of", "who_is_responsible"]

COLUMNS = (
    "owner", "parent", "generic", "role", "basis", "task", "status", "response_level", "plan", "section", "hazards",
    "deadline", "quote", "start", "end", "position", "owner_quote", "owner_start", "owner_end", "owner_position", "why",
)  # fmt: skip
ROLES = ("lead", "responsible", "support")
STATUSES = ("planned", "reported", "duty")
_NOTHING = "\ue000"
"""A parameter that matches nothing; the engine takes no empty lists."""
_SHORTEST_TITLE = 4
"""Characters; a shorter word is a topic of its own rather than a part of a law's title."""


def who_is_responsible(
    store: Store,
    topic: str,
    *,
    plan: str | None = None,
    role: str | None = None,
    level: str | None = None,
    status: str | None = None,
    place: str | None = None,
) -> pandas.DataFrame:
    """See `kg.graph.Graph.who_is_responsible`."""
    if role is not None and role not in ROLES:
        raise UsageError(f"no role {role!r}; there are: {', '.join(ROLES)}")
    if status is not None and status not in STATUSES:
        raise UsageError(f"no status {status!r}; there are: {', '.join(STATUSES)}")
    if level is not None:
        level = read_level(level)
    asked, about = find_level(topic, level)
    plans = {"plan": resolve_plan(store, plan) if plan else "", "status": status or "", "level": level or asked or ""}
    within = plans_of(store, place) if place else None
    if asked is not None and asked == plans["level"]:
        rows, ranks = _search(store, about, plans, within) if about else _of_level(store, plans, within)
    else:
        rows, ranks = {}, {}
    in_order = bool(rows) and not about
    if not rows:  # no task of that level: the words themselves
        plans["level"] = level or ""
        rows, ranks = _search(store, topic, plans, within)
    kept = [row for row in rows.values() if role is None or row["role"] == role]
    kept.sort(key=_place if in_order else lambda row: _order(row, ranks[row["task_id"]][0]))
    above = parents(store, [row["owner_id"] for row in kept if row["owner_id"]])
    answer = frame((_shape(row, ranks[row["task_id"]][1], above.get(row["owner_id"])) for row in kept), COLUMNS)
    if not kept:
        answer.attrs["nearest"] = nearest_topics(store, topic)
    return answer


_Rows = dict[tuple[Any, ...], dict[str, Any]]
_Ranks = dict[str, tuple[int, str]]
_KEY = ("task_id", "owner_id", "role", "basis", "owner_start", "owner_end")


def _search(store: Store, topic: str, plans: dict[str, str], within: set[str] | None) -> tuple[_Rows, _Ranks]:
    """Rows that meet the topic, and the rank and reason of each task."""
    read = read_topic(topic)
    ranks: _Ranks = {}
    rows: _Rows = {}
    law = _law(topic)
    for readings in (((law,),), read.readings, read.loose) if law else (read.readings, read.loose):
        if not readings:
            continue
        firsts = [min(reading, key=lambda term: (term.weight, -len(term.word))) for reading in readings]
        for row in store.run(query("who_is_responsible").text, {**plans, **_parameters(firsts, topic)}).dicts():
            if within is not None and row["plan"] not in within:
                continue
            found = [rank for reading in readings if (rank := _rank(row, reading, topic)) is not None]
            if found:
                ranks[row["task_id"]] = min(found)
                rows[tuple(row[name] for name in _KEY)] = row
        if rows:
            break
    return rows, ranks


def _of_level(store: Store, plans: dict[str, str], within: set[str] | None) -> tuple[_Rows, _Ranks]:
    """All that is done when a response level is started."""
    every = {name: [_NOTHING] for name in ("headings", "hazards", "names", "labels", "titles")} | {"words": [""]}
    rows: _Rows = {}
    for row in store.run(query("who_is_responsible").text, {**plans, **every}).dicts():
        if within is None or row["plan"] in within:
            rows[tuple(row[name] for name in _KEY)] = row
    return rows, {row["task_id"]: (0, f"level: {row['response_level']}") for row in rows.values()}


def plans_of(store: Store, place: str) -> set[str]:
    known = store.run(query("plans").text, {"plan": ""}).dicts()
    found = {row["id"] for row in known if any(name and place in name for name in row["places"])}
    if not found:
        places = sorted({name for row in known for name in row["places"] if name})
        raise UsageError(f"no plan of a place named {place!r}; there are: {', '.join(places) or 'none'}")
    return found


def parents(store: Store, owners: list[str]) -> dict[str, str]:
    """The name of the unit that each owner belongs to."""
    units = list(dict.fromkeys(owners))
    if not units:
        return {}
    return {row["id"]: min(row["parents"]) for row in store.run(query("units_above").text, {"units": units}).dicts()}


def _parameters(terms: Sequence[Term], topic: str) -> dict[str, list[str]]:
    """Parameters that find every task that meets one of the terms."""
    lists = {
        "words": [topic.strip(), *(word for term in terms for word in (term.word, *term.synonyms))],
        "headings": [word for term in terms for word in term.headings],
        "hazards": [label for term in terms for label in (*term.hazards, *term.narrower)],
        "names": [word for term in terms for word in term.names],
        "labels": [label for term in terms for label in term.labels],
        "titles": [whole] if len(whole := _title(topic)) >= _SHORTEST_TITLE else [],
    }
    return {name: list(dict.fromkeys(values)) or [_NOTHING] for name, values in lists.items()}


def _rank(row: dict[str, Any], reading: tuple[Term, ...], topic: str) -> tuple[int, str] | None:
    """How well a task meets a reading, the least being best, and why; None where a term is not met."""
    text = row["task"] + "\n" + (row["recovered"] or "")
    whole = topic.strip()
    if whole in text:
        return 0, f"text: {whole}"
    if len(_title(topic)) >= _SHORTEST_TITLE:
        for title in sorted(row["cites"]):
            if _title(topic) in title:
                return 0, f"cites: {title}"
    worst, reasons = 1, []
    for term in reading:
        met = _meets(row, term, text)
        if met is None:
            return None
        worst = max(worst, met[0])
        reasons.append(met[1])
    return worst + (len(reading) > 1), "; ".join(reasons)


def _law(topic: str) -> Term | None:
    """The topic as the name of a law or another paper: then its words do not stand apart."""
    from kg.ontology import vocabulary

    title = _title(topic)
    if len(title) < _SHORTEST_TITLE or not title.endswith(vocabulary("questions").words("paperEnding")):
        return None
    return Term(title, names=(title,), headings=(title,))


def _title(topic: str) -> str:
    """The topic as the title of a law, without 《》."""
    return topic.strip().strip("《》")


def _meets(row: dict[str, Any], term: Term, text: str) -> tuple[int, str] | None:
    if term.word in text:
        return 1, f"text: {term.word}"
    for word in term.synonyms:
        if word in text:
            return 2, f"synonym: {word}"
    for resource in sorted(row["resources"]):
        label, _, name = resource.partition(" ")
        if any(word in name for word in term.names):
            return 2, f"resource: {name}"
        if label in term.labels:
            return 3, f"{label}: {name}"
    named = set(row["hazards"])
    for rank, kind, labels in ((2, "hazard", term.hazards), (4, "narrower hazard", term.narrower)):
        for label in labels:
            if label in named:
                return rank, f"{kind}: {label}"
    for word in term.headings:
        if word in (row["heading"] or ""):
            return 5, f"heading: {word}"
    return None


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    """The order of the plan."""
    at = -1 if row["owner_start"] is None else row["owner_start"]
    return (
        row["plan_title"] or "", row["plan"], row["start"], row["end"], row["task_id"], at, row["owner"] or "",
        row["owner_id"] or "", row["role"] or "",
    )  # fmt: skip


def _order(row: dict[str, Any], rank: int) -> tuple[Any, ...]:
    return (
        row["owner"] is None, rank, row["plan_title"] or "", row["plan"], row["start"], row["end"], row["task_id"],
        -1 if row["owner_start"] is None else row["owner_start"], row["owner"] or "", row["owner_id"] or "",
        row["role"] or "",
    )  # fmt: skip


def _shape(row: dict[str, Any], why: str, parent: str | None) -> dict[str, Any]:
    return {
        **row,
        "parent": parent,
        "generic": None if row["owner"] is None else row["owner_label"] == "Group",
        "section": section(row),
        "hazards": sorted(row["hazards"]),
        "why": why,
    }
