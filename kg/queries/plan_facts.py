"""What a store holds of one plan, read when asked for: the common ground of coverage and comparison."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.queries import query
from kg.queries.frames import section
from kg.queries.tasks import named_by_task

if TYPE_CHECKING:
    from kg.store.base import Store

__all__ = ["PlanFacts", "Row", "owners_by_task"]

Row = dict[str, Any]


@dataclass(frozen=True)
class PlanFacts:
    """One plan of a store; `plan` is its id. Lists stand in the order of the text."""

    store: Store
    plan: str

    def rows(self, name: str) -> list[Row]:
        """The rows of a saved query about this plan."""
        return self.store.run(query(name).text, {"plan": self.plan}).dicts()

    @cached_property
    def header(self) -> Row:
        """Title, kind, date, years, places, and where the text breaks off."""
        return self.rows("plan_header")[0]

    @property
    def title(self) -> str:
        """The title, or the file's name."""
        return str(self.header["title"] or self.header["name"])

    @cached_property
    def tasks(self) -> list[Row]:
        """Tasks with hazards, resources and the number of owners."""
        rows = self.store.run(query("task_list").text, {"plan": self.plan, "status": ""}).dicts()
        links = {name: named_by_task(self.store, self.plan, name) for name in ("hazards", "resources")}
        for row in rows:
            for name, found in links.items():
                row[name] = found.get(row["task_id"], [])
            row["owners"] = len(self.owners.get(row["task_id"], ()))
        return rows

    @cached_property
    def owners(self) -> dict[str, list[Row]]:
        """The owners of each task, by its id, in the order of the text, each once."""
        return owners_by_task(self.store, self.plan)

    @cached_property
    def targets(self) -> list[Row]:
        """Targets with measure, value and unit, and the task that sets them."""
        return self.rows("targets")

    @cached_property
    def sections(self) -> list[Row]:
        """Headings, with the span of each section."""
        return self.rows("plan_sections")

    def section_at(self, start: int) -> str | None:
        """The innermost heading above a place of the text, with its number."""
        inside = [row for row in self.sections if row["start"] <= start < row["end"]]
        return section(inside[-1]) if inside else None

    @cached_property
    def hazards(self) -> list[Row]:
        """The places where hazards are named."""
        return self.rows("plan_hazards")

    @cached_property
    def resources(self) -> list[Row]:
        """Teams, supplies, facilities and systems that are meant for a hazard."""
        return self.rows("plan_hazard_resources")


def owners_by_task(store: Store, plan: str) -> dict[str, list[Row]]:
    """The owners of each task of a plan (of all plans where it is empty), each once, in the order of the text."""
    found: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in store.run(query("plan_owners").text, {"plan": plan}).dicts():
        found[row["task_id"]].setdefault(row["owner_id"], row)
    return {task: list(rows.values()) for task, rows in found.items()}
