"""All tasks, with who answers for them, against what, with what, until when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import section, table
from kg.queries.plans import resolve_plan

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "ROLES", "STATUSES", "tasks"]

COLUMNS = (
    "task", "status", "response_level", "leads", "responsible", "supports", "hazards", "resources", "deadline",
    "deadline_date", "cites", "plan", "section", "quote", "start", "end", "position", "id",
)  # fmt: skip
ROLES = {"lead": "leads", "responsible": "responsible", "support": "supports"}
STATUSES = ("planned", "reported", "duty")

Row = dict[str, Any]


def tasks(
    store: Store,
    *,
    plan: str | None = None,
    status: str | None = None,
    owned: bool | None = None,
    only_supports: bool = False,
) -> pandas.DataFrame:
    """See `kg.graph.Graph.tasks`."""
    if status is not None and status not in STATUSES:
        raise UsageError(f"no status {status!r}; there are: {', '.join(STATUSES)}")
    identifier = resolve_plan(store, plan) if plan else ""
    found = _columns(store, identifier, status or "")
    kept: Iterable[int] = range(len(found["id"]))
    if owned is not None:
        kept = [at for at in kept if any(found[name][at] for name in ROLES.values()) is owned]
    if only_supports:
        kept = [at for at in kept if _only_supports({name: values[at] for name, values in found.items()})]
    return table([[found[name][at] for name in COLUMNS] for at in kept], COLUMNS)


def _columns(store: Store, plan: str, status: str) -> dict[str, list[Any]]:
    """The columns of `tasks`, by plan title and place in the text; `plan` is an id, or '' for all."""
    links = {name: named_by_task(store, plan, name) for name in ("hazards", "cites", "resources")}
    owners: dict[str, dict[str, list[str]]] = {name: {} for name in ROLES.values()}
    for task, owner, role in store.run(query("task_owners").text, {"plan": plan}).rows:
        named = owners[ROLES[role]].setdefault(task, [])
        if owner not in named:
            named.append(owner)
    listed = store.run(query("task_list").text, {"plan": plan, "status": status})
    found = {name: listed.column(name) for name in listed.columns}
    found["id"] = found["task_id"]
    found["section"] = [
        section({"number": number, "heading": heading})
        for number, heading in zip(found["number"], found["heading"], strict=True)
    ]
    for name, of in (links | owners).items():
        found[name] = [of.get(task, []) for task in found["id"]]
    return found


def named_by_task(store: Store, plan: str, what: str, label: str = "") -> dict[str, list[str]]:
    """The names of `hazards`, `cites` (regulations) or `resources` (of one label, or '' for all) of each task that has any,
    by the task's id; `plan` is an id, or '' for all."""
    of = {"hazards": "task_hazards", "cites": "task_cites", "resources": "task_resource_names"}[what]
    parameters = {"plan": plan, "label": label} if what == "resources" else {"plan": plan}
    return {row["task_id"]: sorted(row[what]) for row in store.run(query(of).text, parameters).dicts()}


def _only_supports(row: Row) -> bool:
    """Whether the plan's own units only support: they are named so, or the sentence opens with such a word (`配合省…`)."""
    from kg.ontology import vocabulary

    supporting = vocabulary("roles")["support"].forms
    opens = row["task"].startswith(
        tuple(word for word in supporting if word in vocabulary("questions").words("opensSupport"))
    )
    return opens or bool(row["supports"] and not row["leads"] and not row["responsible"])
