"""The task ledger (任务台账): each task on one row, with who answers for it, against what, with what, until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["COLUMNS", "ledger"]

COLUMNS = (
    "plan",
    "section",
    "task",
    "status",
    "response_level",
    "leads",
    "responsible_units",
    "supports",
    "addressed",
    "hazards",
    "resources",
    "deadline",
    "deadline_date",
    "cites",
    "start",
    "end",
    "position",
)

_ON_TASK = {"ADDRESSED": "addressed", "ADDRESSES": "hazards", "INVOLVES": "resources", "CITES": "cites"}
_OWNED = {"lead": "leads", "responsible": "responsible_units", "support": "supports"}


def ledger(graph: Graph) -> Iterator[dict[str, Any]]:
    """The rows of the ledger, by plan title, then by place in the text.

    Yields:
        Dictionaries with the keys `COLUMNS`. `plan` is the plan's title, `section` the heading with its number; units,
        hazards and the like are lists of names; `start` and `end` count code points of the plan's source text,
        `position` is the page, paragraph or cell in its file (None in plain text).
    """
    names = {node["id"]: node["name"] for label in _NAMED for node in graph.nodes(label)}
    titles = {node["id"]: node["title"] or node["source"] for node in graph.nodes("Plan")}
    headings = {node["id"]: f"{node['number'] or ''}{node['heading'] or ''}" for node in graph.nodes("Section")}
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for edge in sorted(graph.relationships("RESPONSIBLE_FOR"), key=lambda edge: (edge["span_start"], edge["span_end"])):
        found[edge["target"]][_OWNED[edge["role"]]].append(names[edge["source"]])
    for edge in graph.relationships("ADDRESSED"):
        found[edge["source"]]["addressed"].append(names[edge["target"]])
    for kind in ("ADDRESSES", "INVOLVES", "CITES"):
        for edge in graph.relationships(kind):
            if edge["source_label"] == "Task":
                found[edge["source"]][_ON_TASK[kind]].append(names[edge["target"]])
    places: dict[str, dict[str, Any]] = {}
    for edge in graph.relationships("HAS_TASK"):
        place = places.setdefault(edge["target"], {"section": ""})
        place |= {"plan": edge["plan"], "start": edge["span_start"], "end": edge["span_end"]}
        place["position"] = edge["position"]
        if edge["source_label"] == "Section":
            place["section"] = headings[edge["source"]]
    rows = []
    for task in graph.nodes("Task"):
        place = places[task["id"]]
        units = {name: list(dict.fromkeys(found[task["id"]][name])) for name in (*_OWNED.values(), *_ON_TASK.values())}
        own = {name: task[name] for name in ("status", "response_level", "deadline", "deadline_date")}
        rows.append(place | units | own | {"task": task["text"], "plan": titles[place["plan"]]})
    rows.sort(key=lambda row: (row["plan"], row["start"], row["end"]))
    for row in rows:
        yield {name: row[name] for name in COLUMNS}


_NAMED = ("Agency", "Committee", "Group", "Team", "Supply", "Facility", "System", "Hazard", "Regulation")
