"""Deeper looks at shared ownership: sets of co-owners, their network, load by hazard and deadline, what hangs on one owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

from kg.queries import query
from kg.queries.frames import section
from kg.queries.tasks import ROLES, named_by_task

if TYPE_CHECKING:
    import networkx

    from kg.store.base import Store

__all__ = ["COLUMNS", "shares"]

_TASK = ("plan", "section", "quote", "start", "end", "position")
COLUMNS = {
    "groups": ("owners", "size", "tasks", "statements"),
    "network": ("owner", "partners", "tasks", "statements", "degree", "betweenness", "community"),
    "communities": ("community", "owners", "size", "tasks"),
    "bridges": ("kind", "owner_a", "owner_b", "statements", "tasks", "parts"),
    "hazards": ("owner", "hazard", "tasks", "lead", "responsible", "support"),
    "deadlines": ("owner", "deadline", "tasks", "lead", "responsible", "support"),
    "single": ("kind", "item", "owner", "tasks", *_TASK),
    "leads": ("leads", "owners", "task", *_TASK),
    "no_lead": ("owners", "task", *_TASK),
}
MANY = 3
"""Owners from which a task has many; with two, neither need be the lead."""

_EXACT, _SAMPLE = 250, 80
"""Owners up to which betweenness is exact, and the number of those from which it is estimated in a larger network."""

Row = dict[str, Any]


def shares(store: Store, by: str, plan: str) -> list[Row]:
    """Rows of `COLUMNS[by]`, ordered; `plan` is an id, or '' for all."""
    owned = store.run(query("task_shares").text, {"plan": plan}).dicts()
    if by in ("hazards", "deadlines"):
        return list(_load(store, by, plan, owned))
    if by == "single":
        return _single(store, plan, owned)
    if by in ("leads", "no_lead"):
        return list(_led(store, by, owned))
    if by == "groups":
        return _groups(owned)
    return _network(by, owned)


def _by_task(owned: Iterable[Row]) -> dict[str, list[Row]]:
    tasks: dict[str, list[Row]] = defaultdict(list)
    for row in owned:
        tasks[row["task_id"]].append(row)
    return tasks


def _names(rows: Iterable[Row]) -> dict[str, str]:
    """Names by id; units of one name get their numbers."""
    return {row["owner_id"]: row["owner"] for row in rows}


def _groups(owned: list[Row]) -> list[Row]:
    """Sets of owners that stand together, as a whole."""
    names = _names(owned)
    tasks: dict[frozenset[str], set[str]] = defaultdict(set)
    statements: dict[frozenset[str], set[str]] = defaultdict(set)
    for task, rows in _by_task(owned).items():
        group = frozenset(row["owner_id"] for row in rows)
        if len(group) > 1:
            tasks[group].add(task)
            statements[group].update(row["statement"] or task for row in rows)
    found = [
        {
            "owners": sorted(names[one] for one in group),
            "size": len(group),
            "tasks": len(ids),
            "statements": len(statements[group]),
        }
        for group, ids in tasks.items()
    ]
    return sorted(found, key=lambda row: (-row["statements"], -row["tasks"], -row["size"], row["owners"]))


def _graph(owned: list[Row]) -> networkx.Graph[str]:
    """Owners joined where a statement names both; each pair with its tasks and statements."""
    import networkx

    pairs: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for task, rows in _by_task(owned).items():
        said = {row["owner_id"]: row["statement"] or task for row in rows}
        for a, b in combinations(sorted(said), 2):
            tasks, statements = pairs[a, b]
            tasks.add(task)
            statements.add(said[a])
    graph: networkx.Graph[str] = networkx.Graph()
    for (a, b), (tasks, statements) in pairs.items():
        graph.add_edge(a, b, tasks=tasks, statements=statements, weight=len(statements))
    return graph


def _network(by: str, owned: list[Row]) -> list[Row]:
    import networkx

    graph, names = _graph(owned), _names(owned)
    if by == "bridges":
        return list(_bridges(graph, names))
    found = networkx.community.louvain_communities(graph, weight="weight", seed=1) if graph.edges else []
    order = sorted(found, key=lambda group: (-len(group), sorted(names[one] for one in group)))
    community = {unit: number for number, group in enumerate(order, 1) for unit in group}
    tasks: dict[str, set[str]] = defaultdict(set)
    for row in owned:
        tasks[row["owner_id"]].add(row["task_id"])
    if by == "communities":
        return [
            {
                "community": number,
                "owners": [names[one] for one in sorted(group, key=lambda one: (-len(tasks[one]), names[one], one))],
                "size": len(group),
                "tasks": len(set().union(*(edge["tasks"] for _, _, edge in graph.subgraph(group).edges(data=True)))),
            }
            for number, group in enumerate(order, 1)
        ]
    degree = networkx.degree_centrality(graph)
    sampled = _SAMPLE if len(graph) > _EXACT else None
    between = networkx.betweenness_centrality(graph, k=sampled, seed=1)
    rows = []
    for unit in graph:
        edges = [edge for _, _, edge in graph.edges(unit, data=True)]
        rows.append(
            {
                "owner": names[unit],
                "partners": len(edges),
                "tasks": len(set().union(*(edge["tasks"] for edge in edges))),
                "statements": len(set().union(*(edge["statements"] for edge in edges))),
                "degree": round(degree[unit], 4),
                "betweenness": round(between[unit], 4),
                "community": community[unit],
                "id": unit,
            }
        )
    return sorted(rows, key=lambda row: (-row["betweenness"], -row["partners"], row["owner"], row["id"]))


def _bridges(graph: networkx.Graph[str], names: Mapping[str, str]) -> Iterator[Row]:
    """Links and units without which the network falls apart: what only they join has no other way to one another."""
    import networkx

    parts: dict[str, int] = defaultdict(int)
    for block in networkx.biconnected_components(graph):
        for member in block:
            parts[str(member)] += 1
    units: list[Row] = []
    for unit in (unit for unit, count in parts.items() if count > 1):
        edges = [edge for _, _, edge in graph.edges(unit, data=True)]
        units.append(
            {
                "kind": "unit",
                "owner_a": names[unit],
                "owner_b": None,
                "statements": len(set().union(*(edge["statements"] for edge in edges))),
                "tasks": len(set().union(*(edge["tasks"] for edge in edges))),
                "parts": parts[unit],
            }
        )
    yield from sorted(units, key=lambda row: (-row["parts"], -row["statements"], row["owner_a"]))
    links: list[Row] = []
    pairs: list[tuple[str, str]] = list(networkx.bridges(graph))  # type: ignore[arg-type]
    for a, b in pairs:
        first, second = sorted((names[a], names[b]))
        edge = graph[a][b]
        links.append(
            {
                "kind": "link",
                "owner_a": first,
                "owner_b": second,
                "statements": len(edge["statements"]),
                "tasks": len(edge["tasks"]),
                "parts": 2,
            }
        )
    yield from sorted(links, key=lambda row: (-row["statements"], row["owner_a"], row["owner_b"]))


def _load(store: Store, by: str, plan: str, owned: list[Row]) -> Iterator[Row]:
    """Tasks of each owner by hazard or by deadline."""
    if by == "hazards":
        of = named_by_task(store, plan, "hazards")
    else:
        dated = store.run(query("timeline").text, {"plan": plan}).dicts()
        of = {row["task_id"]: [row["date"] or row["deadline"]] for row in dated}
    names = _names(owned)
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in owned:
        for one in of.get(row["task_id"], ()):
            found[row["owner_id"], one]["tasks"].add(row["task_id"])
            found[row["owner_id"], one][row["role"]].add(row["task_id"])
    for (unit, one), sets in sorted(
        found.items(), key=lambda item: (-len(item[1]["tasks"]), names[item[0][0]], item[0][1], item[0][0])
    ):
        counts = {name: len(sets[name]) for name in ("tasks", *ROLES)}
        yield {"owner": names[unit], by.removesuffix("s"): one, **counts}


def _single(store: Store, plan: str, owned: list[Row]) -> list[Row]:
    """Hazards and supplies whose tasks are all in one hand; each plan for itself."""
    by_task, names = _by_task(owned), _names(owned)
    items: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for kind, named in (
        ("Hazard", named_by_task(store, plan, "hazards")),
        ("Supply", named_by_task(store, plan, "resources", "Supply")),
    ):
        for task, names_of in named.items():
            if task in by_task:
                for item in names_of:
                    items[by_task[task][0]["plan"], kind, item].append(task)
    hands = {key: {row["owner_id"] for task in ids for row in by_task[task]} for key, ids in items.items()}
    alone = {key: ids for key, ids in items.items() if len(hands[key]) == 1}
    places = {row["task_id"]: row for row in _places(store, [task for ids in alone.values() for task in ids])}
    found = []
    for key, ids in alone.items():
        _, kind, item = key
        first = min((places[task] for task in ids), key=lambda row: (row["start"], row["task_id"]))
        (owner,) = hands[key]
        found.append(
            {**first, "section": section(first), "kind": kind, "item": item, "owner": names[owner], "tasks": len(ids)}
        )
    return sorted(found, key=lambda row: (row["kind"], -row["tasks"], row["plan"], row["start"], row["item"]))


def _places(store: Store, tasks: Iterable[str]) -> list[Row]:
    """Words and place of these tasks, in the order of the plans."""
    wanted = list(dict.fromkeys(tasks))
    return store.run(query("task_places").text, {"tasks": wanted}).dicts() if wanted else []


def _led(store: Store, by: str, owned: list[Row]) -> Iterator[Row]:
    """Tasks with more than one lead, or with many owners and none."""
    found: dict[str, Row] = {}
    for task, rows in _by_task(owned).items():
        owners = list(dict.fromkeys(row["owner"] for row in rows))
        leads = list(dict.fromkeys(row["owner"] for row in rows if row["role"] == "lead"))
        if (len(leads) > 1) if by == "leads" else (len(owners) >= MANY and not leads):
            found[task] = {"leads": leads, "owners": owners}
    for row in _places(store, found):
        yield {**row, "section": section(row), **found[row["task_id"]]}
