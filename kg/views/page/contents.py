"""What the page holds: nodes, relationships with their words and places, gaps, and what was left out.

The page reads columns of numbers instead of objects, and every text once, so that 20,000 nodes stay a few megabytes.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.ontology import schema
from kg.views.captions import CODES
from kg.views.cells import json_value
from kg.views.page.marks import COLUMN, HIDDEN, SHAPES

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["MOST_NODES", "Contents", "contents", "find_node", "payload"]

MOST_NODES = 20_000
"""Nodes that a page holds at most; of a larger graph the best connected are kept and the page says what is missing."""

_OWNERS = ("Agency", "Committee", "Group", "Team")
_ENDS = frozenset(
    {"type", "source", "source_label", "target", "target_label", "plan", "span_start", "span_end", "position", "quote"}
)
_NOT_SHOWN = frozenset({"statement", "owner_name"})  # numbers of statements, and what the quote says already
_LISTED = 12  # names in a message

Row = dict[str, Any]


@dataclass(slots=True)
class Contents:
    """The graph of one page. `nodes` are in the order of their labels and ids; `edges` name them by number."""

    nodes: list[Row]
    edges: list[Row]
    gaps: list[Row] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    focus: int | None = None

    def numbers(self) -> dict[str, int]:
        """The number of each node by its id."""
        return {node["id"]: number for number, node in enumerate(self.nodes)}


def contents(
    graph: Graph, *, plan: str | None = None, focus: str | None = None, steps: int | None = None, most: int = MOST_NODES
) -> Contents:
    """Collect a page.

    Args:
        graph: the graph.
        plan: only this plan (id, file name, title, or words of title, place, issuer or period).
        focus: the node on which the page opens: id, name, alias or a part of a name. None: the owner with most tasks.
        steps: with `focus`: keep only what is at most so many relationships away from it; plans, sections and wider
            hazards are kept and not passed through.
        most: nodes that the page may hold.

    Raises:
        UsageError: no or several plans or nodes match.
    """
    from kg.queries.plans import resolve_plan

    identifier = resolve_plan(graph.store, plan) if plan else None
    edges = [edge for edge in graph.relationships() if identifier is None or edge.get("plan") in (identifier, None)]
    nodes = list(graph.nodes())
    if identifier is not None:
        own = {end for edge in edges if edge.get("plan") for end in (edge["source"], edge["target"])} | {identifier}
        nodes = [node for node in nodes if node["id"] in own]
    nodes, edges, beyond = _fewest(nodes, edges, most)
    known = {node["id"]: node for node in nodes}
    centre = find_node(known.values(), focus) if focus else _busiest(known, edges)
    if centre is not None and focus and steps is not None:
        near = _within(centre, edges, known, steps)
        nodes = [node for node in nodes if node["id"] in near]
        edges = [edge for edge in edges if edge["source"] in near and edge["target"] in near]
    one = Contents(nodes, edges, left_out=dict(beyond))
    numbers = one.numbers()
    one.focus = numbers[centre] if centre is not None else None
    sections = _Sections(edges, numbers)
    for edge in one.edges:
        edge["section"] = sections.of(edge)
    plans = [node["id"] for node in nodes if node["label"] == "Plan"]
    one.gaps = [gap for found in plans for gap in _gaps(graph, found, numbers)]
    return one


def find_node(nodes: Iterable[Row], name: str) -> str:
    """The id of the node that is meant by an id, a name, an alias, or a part of a name.

    Raises:
        UsageError: none or several match; the message lists them.
    """
    wanted = _fold(name)
    if not wanted:
        raise UsageError("no focus named; give an id, a name or a part of a name")
    named = [node for node in nodes if node["label"] != "Section"]
    ways: tuple[Callable[[Row], bool], ...] = (
        lambda node: _fold(node["id"]) == wanted,
        lambda node: _fold(node["name"]) == wanted,
        lambda node: any(_fold(alias) == wanted for alias in node.get("aliases") or ()),
        lambda node: wanted in _fold(node["name"]) and node["label"] not in ("Task", "Target"),
        lambda node: wanted in _fold(node["name"]),
    )
    for way in ways:
        found = [node for node in named if way(node)]
        if len(found) == 1:
            return str(found[0]["id"])
        if found:
            listed = "; ".join(f"{node['id']} ({node['name'][:30]})" for node in found[:_LISTED])
            more = f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
            raise UsageError(f"focus {name!r} matches {len(found)} nodes; name one: {listed}{more}")
    raise UsageError(f"no node matches the focus {name!r}; kg entities lists what the graph holds")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _fewest(nodes: list[Row], edges: list[Row], most: int) -> tuple[list[Row], list[Row], Counter[str]]:
    """The best connected nodes, at most `most`, with the relationships between them, and how many of each label not."""
    there = {node["id"] for node in nodes}
    edges = [edge for edge in edges if edge["source"] in there and edge["target"] in there]
    if len(nodes) <= most:
        return nodes, edges, Counter()
    degree: Counter[str] = Counter()
    for edge in edges:
        degree[edge["source"]] += 1
        degree[edge["target"]] += 1
    ranked = sorted(nodes, key=lambda node: (node["label"] in HIDDEN, -degree[node["id"]], node["id"]))
    # Half the room is for tasks: the best connected alone are units and hazards, with nothing between them.
    tasks = [node for node in ranked if node["label"] == "Task"]
    others = [node for node in ranked if node["label"] != "Task"]
    some = most - min(len(tasks), most // 2)
    ranked = others[:some] + tasks + others[some:]
    kept = {node["id"] for node in ranked[:most]}
    beyond = Counter(node["label"] for node in ranked[most:])
    nodes = [node for node in nodes if node["id"] in kept]
    return nodes, [edge for edge in edges if edge["source"] in kept and edge["target"] in kept], beyond


def _busiest(known: Mapping[str, Row], edges: list[Row]) -> str | None:
    """The agency or body with most tasks, else the hazard with most, else what is best connected, else nothing."""
    owners = Counter(edge["source"] for edge in edges if edge["type"] == "RESPONSIBLE_FOR")
    units = {key: number for key, number in owners.items() if known[key]["label"] in ("Agency", "Committee", "Team")}
    hazards = Counter(edge["target"] for edge in edges if edge["type"] == "ADDRESSES")
    ends = Counter(edge[end] for edge in edges for end in ("source", "target"))
    counted = units or hazards or {key: number for key, number in ends.items() if known[key]["label"] not in HIDDEN}
    return min(counted, key=lambda key: (-counted[key], key)) if counted else None


def _within(centre: str, edges: list[Row], known: Mapping[str, Row], steps: int) -> set[str]:
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        beside[edge["source"]].add(edge["target"])
        beside[edge["target"]].add(edge["source"])
    near, border = {centre}, {centre}
    for step in range(steps):
        # Through any node but the centre only tasks lead on: two tasks of one hazard have nothing else in common.
        leading = [key for key in border if step == 0 or known[key]["label"] == "Task"]
        border = {other for key in leading for other in beside[key]} - near
        near |= border
    return near


class _Sections:
    """The section in which a fact stands: the one that holds its task, else the innermost around its words."""

    def __init__(self, edges: list[Row], numbers: Mapping[str, int]) -> None:
        self.numbers = numbers
        self.of_task: dict[str, str] = {}
        spans: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for edge in edges:
            if edge["type"] == "HAS_SECTION":
                spans[edge["plan"]].append((edge["span_start"], -edge["span_end"], edge["target"]))
            elif edge["type"] == "HAS_TASK" and edge["source_label"] == "Section":
                self.of_task[edge["target"]] = edge["source"]
        self.spans = {plan: sorted(set(found)) for plan, found in spans.items()}

    def of(self, edge: Row) -> int | None:
        section = self._named(edge)
        return self.numbers.get(section) if section else None

    def _named(self, edge: Row) -> str | None:
        if edge["source_label"] == "Section":
            return str(edge["source"])
        for end in ("source", "target"):
            if edge[f"{end}_label"] == "Task" and edge[end] in self.of_task:
                return self.of_task[edge[end]]
        if edge.get("span_start") is None or edge["type"] == "HAS_SECTION":
            return None
        found = self.spans.get(edge["plan"], [])
        at = bisect_right(found, (edge["span_start"], 1, ""))  # ends are negative: all that begin here count
        for _start, minus_end, section in reversed(found[:at]):
            if -minus_end >= (edge["span_end"] or 0):
                return section
        return None


def _gaps(graph: Graph, plan: str, numbers: Mapping[str, int]) -> Iterable[Row]:
    """What the plan leaves uncovered, by the node that it is about; wanting deadlines are no gaps of the matrix."""
    hazards = {node["name"]: numbers[node["id"]] for node in graph.nodes("Hazard") if node["id"] in numbers}
    for row in graph.uncovered(plan).to_dict("records"):
        if row["ground"] == "task_without_deadline":
            continue
        node = numbers.get(row["item"], hazards.get(row["item"]))
        if node is not None:
            yield {
                "plan": numbers[plan],
                "ground": row["ground"],
                "node": node,
                "state": row["state"],
                "why": row["why"],
                "section": row["section"],
                "quote": row["quote"],
                "start": json_value(row["start"]),
                "end": json_value(row["end"]),
            }


def _levels() -> dict[str, str]:
    """Chinese names of the levels of agencies, by their codes."""
    from kg.ontology import vocabulary

    names = {concept.id: concept.label for concept in vocabulary("levels")}
    return names | {"country": names["national"]}


class _Texts:
    """Every text once; the page holds their numbers."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._known: dict[str, int] = {}

    def number(self, text: str | None) -> int:
        """The number of a text, -1 for none."""
        if not text:
            return -1
        if text not in self._known:
            self._known[text] = len(self.all)
            self.all.append(text)
        return self._known[text]


def payload(one: Contents, positions: list[tuple[int, int]]) -> Row:
    """The contents as the page reads them: JSON values, columns of numbers, one list of texts."""
    texts = _Texts()
    numbers = one.numbers()
    graph = schema()
    labels = [label.name for label in graph.labels]
    types = [kind.name for kind in graph.relationships]
    properties = {
        prop.name: [prop.zh, prop.en]
        for properties in (one.properties for kinds in (graph.labels, graph.relationships) for one in kinds)
        for prop in properties
    }
    captions = {label.name: label.caption for label in graph.labels}

    def more(row: Row, without: Iterable[str]) -> Row | int:
        kept = {key: json_value(value) for key, value in row.items() if key not in without}
        return {key: value for key, value in kept.items() if value not in (None, [], "")} or 0

    def caption(node: Row) -> str:
        words = node.get(captions[node["label"]]) or node["name"]
        return f"{node['number']} {node['heading'] or ''}".strip() if node.get("number") else str(words)

    return {
        "labels": [
            {
                "name": label.name,
                "zh": label.zh,
                "en": label.en,
                "colour": label.colour,
                "shape": SHAPES.get(label.name, "circle"),
                "column": COLUMN.get(label.name, 4),
                "hidden": label.name in HIDDEN,
                "owner": label.name in _OWNERS,
            }
            for label in graph.labels
        ],
        "types": [{"name": kind.name, "zh": kind.zh, "en": kind.en} for kind in graph.relationships],
        "properties": properties,
        "codes": {name: dict(codes) for name, codes in CODES.items()} | {"level": _levels()},
        "focus": one.focus,
        "leftOut": [[labels.index(name), number] for name, number in sorted(one.left_out.items())],
        "nodes": {
            "id": [node["id"] for node in one.nodes],
            "label": [labels.index(node["label"]) for node in one.nodes],
            "text": [texts.number(caption(node)) for node in one.nodes],
            "more": [more(node, ("id", "name", "label", captions[node["label"]])) for node in one.nodes],
            "x": [x for x, _ in positions],
            "y": [y for _, y in positions],
        },
        "edges": {
            "type": [types.index(edge["type"]) for edge in one.edges],
            "from": [numbers[edge["source"]] for edge in one.edges],
            "to": [numbers[edge["target"]] for edge in one.edges],
            "plan": [numbers.get(edge.get("plan") or "", -1) for edge in one.edges],
            "section": [-1 if edge["section"] is None else edge["section"] for edge in one.edges],
            "start": [-1 if edge.get("span_start") is None else edge["span_start"] for edge in one.edges],
            "end": [-1 if edge.get("span_end") is None else edge["span_end"] for edge in one.edges],
            "quote": [texts.number(edge.get("quote")) for edge in one.edges],
            "position": [texts.number(edge.get("position")) for edge in one.edges],
            "more": [more(edge, _ENDS | _NOT_SHOWN | {"section"}) for edge in one.edges],
        },
        "gaps": one.gaps,
        "texts": texts.all,
    }
