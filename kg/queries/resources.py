"""Teams, supplies, facilities and systems: who manages and uses them, and what a hazard can draw on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.plans import resolve_plan
from kg.queries.responsible import plans_of
from kg.queries.tasks import named_by_task
from kg.queries.topics import nearest_topics, read_topic

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "LABELS", "resources"]

COLUMNS = (
    "resource", "kind", "type", "quantity", "unit", "kept_at", "hazards", "managed_by", "used_by", "deadline", "tasks",
    "plan", "section", "quote", "start", "end", "position", "why",
)  # fmt: skip
LABELS = ("Team", "Supply", "Facility", "System")
_MANAGED, _OWNED, _USED, _NAMED, _NOWHERE = range(5)

Row = dict[str, Any]


def resources(
    store: Store,
    kind: str | None = None,
    hazard: str | None = None,
    place: str | None = None,
    *,
    plan: str | None = None,
) -> pandas.DataFrame:
    """See `kg.graph.Graph.resources`."""
    label, words = _kind(kind) if kind else ("", ())
    wanted = _hazards(hazard) if hazard else {}
    within = plans_of(store, place) if place else None
    parameters = {"plan": resolve_plan(store, plan) if plan else "", "label": label}
    things = {row["id"]: row for row in store.run(query("resources").text, {"label": label}).dicts()}
    if words:
        things = {key: row for key, row in things.items() if _called(row, words)}
    found: dict[tuple[str, str], Row] = {}
    for row, rank, said in _places(store, parameters, bool(wanted)):
        key = (row["plan"], row["id"])
        if row["id"] not in things or (within is not None and row["plan"] not in within):
            continue
        if key not in found:
            found[key] = _blank(things[row["id"]])
        _join(found[key], row, rank, said)
    kept = [row for row in found.values() if not wanted or _draws(row, wanted)]
    _count(store, kept)
    kept.sort(key=lambda row: (LABELS.index(row["label"]), row["plan"], row["start"], row["end"], row["name"]))
    answer = frame((_shape(row) for row in kept), COLUMNS)
    if not kept:
        answer.attrs["nearest"] = nearest_topics(store, hazard or kind or place or "")
    return answer


def _kind(kind: str) -> tuple[str, tuple[str, ...]]:
    """A label, and the words that names must hold, where a kind is more special than the label (`消防队`)."""
    wanted = kind.strip()
    for label in LABELS:
        if wanted.casefold() in (label.casefold(), f"{label.casefold()}s"):
            return label, ()
    (*_, terms) = read_topic(wanted).readings
    if len(terms) == 1 and len(terms[0].labels) == 1:
        return terms[0].labels[0], ()
    if len(terms) == 1 and not terms[0].hazards:
        return "", terms[0].names
    return "", (wanted,)


def _hazards(hazard: str) -> dict[str, str]:
    """Labels of a hazard and those below it, each with what is said of it.

    Raises:
        UsageError: no hazard is called so.
    """
    from kg.ontology import vocabulary

    hazards = vocabulary("hazards")
    meant = [concept for word, concept in hazards.names() if word == hazard.strip()]
    named = [one for concept in meant for one in (hazards.emitted(concept.id) or (concept,))]
    labels = {one.label: f"hazard: {one.label}" for one in named}
    for one in named:
        for below in hazards.narrower(one.id):
            labels.setdefault(below.label, f"narrower hazard: {below.label}")
    if not labels:
        (reading, *_) = read_topic(hazard).readings
        labels = {label: f"hazard: {label}" for term in reading for label in term.hazards}
        labels |= {label: f"narrower hazard: {label}" for term in reading for label in term.narrower}
    if not labels:
        raise UsageError(f"no hazard {hazard!r}; name one as plans do, or as docs/ontology.md lists them")
    return labels


def _called(row: Row, words: Sequence[str]) -> bool:
    """Whether a name or the kind of a resource holds one of the words."""
    forms = (row["name"], row["kind"] or "", *(row["aliases"] or ()))
    return any(word in form for word in words for form in forms)


def _places(store: Store, parameters: Mapping[str, str], drawn: bool) -> Iterator[tuple[Row, int, Row]]:
    """Each place where a resource stands, how telling it is (the lowest most), and what it says of the resource; where
    it is `drawn` on against a hazard, also what its tasks are against."""
    owners: dict[str, list[str]] = {}
    for task, owner, _ in store.run(query("task_owners").text, {"plan": parameters["plan"]}).rows:
        named = owners.setdefault(task, [])
        if owner not in named:
            named.append(owner)
    hazards = named_by_task(store, parameters["plan"], "hazards") if drawn else {}
    for row in store.run(query("resource_managers").text, parameters).dicts():
        yield row, _MANAGED, {"managed_by": [row["manager"]]}
    for row in store.run(query("task_resources").text, parameters).dicts():
        task = row["task_id"]
        who = owners.get(task, [])
        said = {"used_by": who, "deadline": row["deadline"], "tasks": [task], "addressed": hazards.get(task, ())}
        yield row, _OWNED if who else _USED, said
    for row in store.run(query("resource_hazards").text, parameters).dicts():
        yield row, _NAMED, {"hazards": [row["hazard"]]}
    for row in store.run(query("resource_places").text, parameters).dicts():
        yield row, _NAMED, {}


def _blank(thing: Row) -> Row:
    """A resource of which no place has said anything yet."""
    lists: Row = {"managed_by": [], "used_by": [], "tasks": set(), "hazards": set(), "addressed": set()}
    return thing | lists | {"kept_at": thing["kept_at"] or [], "deadline": None, "section": None, "rank": _NOWHERE}


def _join(one: Row, row: Row, rank: int, said: Row) -> None:
    """Add what a place says; the most telling place gives the words."""
    for name, value in said.items():
        if name == "deadline":
            one[name] = one[name] or value
        elif name in ("managed_by", "used_by"):
            one[name] += [who for who in value if who not in one[name]]
        else:
            one[name].update(value)
    if rank < one["rank"] or (rank == one["rank"] and row["start"] < one["start"]):
        one["rank"] = rank
        for name in ("plan", "quote", "start", "end", "position"):
            one[name] = row[name]
        one["section"] = section(row) if "heading" in row else None
    elif one["section"] is None and "heading" in row and (one["start"], one["end"]) == (row["start"], row["end"]):
        one["section"] = section(row)


def _count(store: Store, rows: Sequence[Row]) -> None:
    """Put what a row's own plan says in its roster or ledger in place of what the plans of a place say together."""
    counted = [row for row in rows if row["quantity"] is not None or row["kept_at"]]
    plans = sorted({row["plan"] for row in counted})
    own = {(plan, thing): said or {} for plan, _, thing, said in store.contributions(plans, LABELS)}
    for row in counted:
        said = own.get((row["plan"], row["id"]), {})
        row |= {"quantity": said.get("quantity"), "unit": said.get("unit"), "kept_at": said.get("kept_at") or []}


def _draws(row: Row, wanted: Mapping[str, str]) -> bool:
    """Whether the resource is meant for one of the hazards, or used in a task against it; notes why."""
    for meant in (True, False):
        for label, why in wanted.items():
            if label in row["hazards" if meant else "addressed"]:
                row["why"] = why if meant else f"task against {why}"
                return True
    return False


def _shape(row: Row) -> Row:
    return row | {
        "resource": row["name"],
        "kind": row["label"],
        "type": row["kind"],
        "hazards": sorted(row["hazards"]),
        "tasks": len(row["tasks"]),
        "why": row.get("why"),
    }
