"""The findings of coverage: their columns, grounds and states."""

from __future__ import annotations

from typing import Any

from kg.queries.frames import section
from kg.queries.plan_facts import PlanFacts, Row

__all__ = ["COLUMNS", "GROUNDS", "finding", "stated"]

COLUMNS = (
    "ground",
    "item",
    "state",
    "demand",
    "article",
    "searched",
    "plan",
    "section",
    "quote",
    "start",
    "end",
    "why",
)
GROUNDS = (
    "task_without_owner", "task_without_deadline", "target_without_owner",
    "hazard_without_task", "hazard_without_owner", "hazard_without_resource",
    "element", "hazard_class", "other_plan",
)  # fmt: skip


def finding(one: PlanFacts, ground: str, item: str, place: Row | None = None, **values: Any) -> Row:
    """A finding of one plan, `absent` and `expected` unless `values` say otherwise.

    `place` is a row with `quote`, `start`, `end` and its section: the words that call for what is lacking. A finding of
    something that nothing in the plan calls for has none. Where a plan's text breaks off nothing is `absent`.
    """
    found: Row = dict.fromkeys(COLUMNS)
    found.update(ground=ground, item=item, state="absent", demand="expected", plan=one.plan)
    if place is not None:
        found.update(_words(place))
    found.update(values)
    if found["section"] is None and found["start"] is not None and found["plan"] == one.plan:
        found["section"] = one.section_at(found["start"])
    broken = one.header["cut_off"]
    if broken and found["state"] == "absent" and ground in ("element", "hazard_class", "other_plan"):
        found.update(state="cannot_be_judged", why=f"文本在此中断，其后内容不明：{broken}")
    return found


def stated(place: Row, why: str) -> Row:
    """The values of a finding whose matter stands elsewhere in the plan: there, in these words."""
    return {"state": "stated_elsewhere", "why": why, "searched": None, **_words(place)}


def _words(place: Row) -> Row:
    named = section(place) if "heading" in place else None
    return {"quote": place["quote"], "start": place["start"], "end": place["end"], "section": named}
