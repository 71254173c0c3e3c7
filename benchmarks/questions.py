"""The time of each question beside the same question over a plain pandas scan.

The scan holds all tasks, owners and resources as DataFrames in memory and answers by filters, joins and groups; it does
without what the queries add (synonyms, narrower concepts, ranks, evidence), so it says what the bare look-up costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pandas

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["lines", "times"]

LIMIT = 0.2
"""Seconds in which each question is to be answered."""


def _cases(graph: Graph) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    """Name, the question, the scan."""
    tasks = graph.cypher(
        "MATCH (p:Plan)-[h:HAS_TASK]->(t:Task) RETURN p.id AS plan, t.id AS task, t.text AS text, t.status AS status, "
        "t.response_level AS level, t.deadline AS deadline, h.span_start AS first, h.span_end AS last, h.quote AS quote"
    )
    owners = graph.cypher(
        "MATCH (o:Agency|Committee|Team|`Group`)-[r:RESPONSIBLE_FOR]->(t:Task) RETURN t.id AS task, o.id AS owner_id, "
        "coalesce(r.owner_name, o.name) AS owner, r.role AS role, r.statement AS statement, r.plan AS plan"
    )
    things = graph.cypher(
        "MATCH (t:Task)-[:INVOLVES]->(x:Team|Supply|Facility|System) RETURN t.id AS task, x.id AS id, x.name AS name, x.label AS label"
    )
    hazards = graph.cypher("MATCH (t:Task)-[:ADDRESSES]->(z:Hazard) RETURN t.id AS task, z.name AS hazard")
    named = graph.cypher(
        "MATCH (s:Section)-[m:MENTIONS]->(n:Committee|Agency|Hazard) RETURN n.label AS label, n.name AS name, m.plan AS plan, m.quote AS quote"
    )
    most = str(owners["owner"].value_counts().index[0])
    unit, other = (str(name) for name in graph.shared_owners(by="pairs").iloc[0][["owner_a", "owner_b"]])

    def who(words: str, level: str = "") -> Callable[[], object]:
        def scan() -> object:
            found = tasks[tasks["text"].str.contains(words, regex=False)]
            found = tasks[tasks["level"] == level] if level else found
            return found.merge(owners, on="task", how="left")

        return scan

    def pairs() -> pandas.DataFrame:
        both = owners.merge(owners, on="task")
        both = both[both["owner_id_x"] < both["owner_id_y"]]
        return both.groupby(["owner_id_x", "owner_id_y"])[["task", "statement_x"]].nunique()

    def single() -> object:
        joined = hazards.merge(owners, on="task").groupby(["plan", "hazard"])["owner_id"].nunique()
        return joined[joined == 1]

    def drawn() -> object:
        near = hazards[hazards["hazard"].isin(["洪涝灾害", "山洪灾害"])]
        return things[things["task"].isin(near["task"])].merge(owners, on="task", how="left")

    by_owner = owners.groupby("task")["owner"]
    yield "who 防汛物资", lambda: graph.who_is_responsible("防汛物资"), who("防汛")
    yield "who 安全生产", lambda: graph.who_is_responsible("安全生产"), who("安全生产")
    yield "who 启动Ⅲ级响应", lambda: graph.who_is_responsible("启动Ⅲ级响应"), who("", "Ⅲ")
    yield "duties", lambda: graph.duties_of(most), lambda: owners[owners["owner"] == most].merge(tasks, on="task")
    yield "tasks", graph.tasks, lambda: tasks.merge(by_owner.agg(list).rename("owners"), on="task", how="left")
    yield "resources", graph.resources, lambda: things.merge(owners, on="task", how="left").groupby("id").agg(list)
    yield "resources --hazard 防汛", lambda: graph.resources(hazard="防汛"), drawn
    yield "mentions", lambda: graph.mentions(type="Committee"), lambda: named[named["label"] == "Committee"]
    yield "relations", lambda: graph.relations_of(most), lambda: named[named["name"] == most]
    for by in ("tasks", "groups", "leads", "no_lead"):
        yield f"shared --by {by}", _shared(graph, by), lambda: by_owner.agg(frozenset).loc[lambda row: row.map(len) > 1]
    for by in ("pairs", "network", "communities", "bridges"):
        yield f"shared --by {by}", _shared(graph, by), pairs
    yield "shared --by load", _shared(graph, "load"), lambda: owners.groupby("owner")["task"].nunique()
    yield (
        "shared --by hazards",
        _shared(graph, "hazards"),
        lambda: owners.merge(hazards, on="task").groupby(["owner", "hazard"]).size(),
    )
    yield (
        "shared --by deadlines",
        _shared(graph, "deadlines"),
        lambda: owners.merge(tasks.dropna(subset=["deadline"]), on="task").groupby(["owner", "deadline"]).size(),
    )
    yield "shared --by single", _shared(graph, "single"), single
    yield (
        "shared --owner (two)",
        lambda: graph.shared_owners(owners=[unit, other]),
        lambda: owners[owners["owner"].isin([unit, other])].groupby("task")["owner"].nunique(),
    )
    yield "ask 谁负责防汛物资?", lambda: graph.ask("谁负责防汛物资?"), who("防汛")


def _shared(graph: Graph, by: str) -> Callable[[], object]:
    return lambda: graph.shared_owners(by=by)


def times(graph: Graph, best: Callable[[Callable[[], object], int], float], runs: int) -> dict[str, dict[str, float]]:
    """Seconds of each question and of its scan, the best of some runs."""
    return {name: {"query": best(ask, runs), "scan": best(scan, runs)} for name, ask, scan in _cases(graph)}


def lines(found: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Lines for people: milliseconds of question and scan; those above the limit are marked."""
    yield f"  {'question':28s}{'query':>10s}{'pandas scan':>14s}"
    for name, row in found.items():
        mark = f"  above {LIMIT * 1000:.0f} ms" if row["query"] > LIMIT else ""
        yield f"  {name:28s}{row['query'] * 1000:7.1f} ms{row['scan'] * 1000:11.1f} ms{mark}"
