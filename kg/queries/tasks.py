"""All tasks, with who answers for them, against what, with what, until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.queries import query
from kg.queries.frames import frame, section
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
    rows = task_rows(store, identifier, status or "")
    if owned is not None:
        rows = (row for row in rows if any(row[name] for name in ROLES.values()) is owned)
    if only_supports:
        rows = (row for row in rows if _only_supports(row))
    return frame(rows, COLUMNS)


def task_rows(store: Store, plan: str = "", status: str = "") -> Iterator[Row]:
    """The rows of `tasks`, by plan title and place in the text; `plan` is an id, or '' for all."""
    links = {name: named_by_task(store, plan, name) for name in ("hazards", "cites", "resources")}
    owners: dict[str, dict[str, list[str]]] = {}
    for row in store.run(query("task_owners").text, {"plan": plan}).dicts():
        named = owners.setdefault(row["task_id"], {name: [] for name in ROLES.values()})[ROLES[row["role"]]]
        if row["owner"] not in named:
            named.append(row["owner"])
    for row in store.run(query("task_list").text, {"plan": plan, "status": status}).dicts():
        for name, found in links.items():
            row[name] = found.get(row["task_id"], [])
        for name in ROLES.values():
            row[name] = owners.get(row["task_id"], {}).get(name, [])
        row["section"], row["id"] = section(row), row["task_id"]
        yield row


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
