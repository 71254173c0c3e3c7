"""Commands that ask a graph and print rows."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kg.cli.options import open_graph
from kg.cli.terminal import print_rows, say
from kg.errors import UsageError

if TYPE_CHECKING:
    import pandas

__all__ = [
    "ask", "compare", "cypher", "duties", "entities", "gaps", "mentions", "plans", "relations", "resources", "shared",
    "sparql", "targets", "tasks", "timeline", "who",
]  # fmt: skip

_NOT_IN_A_TABLE = (
    "parent", "generic", "basis", "status", "response_level", "hazards", "resources", "quote", "owner_quote", "owner_start",
    "owner_end", "owner_position", "why", "place", "statement", "alone", "deadline_date", "cites", "id", "searched", "demand", "type",
    "section_a", "section_b", "start_a", "end_a", "start_b", "end_b", "score", "sha256", "doc_number",
)  # fmt: skip
"""Columns that a table of `kg ask` leaves to `--format json`."""


def _nearest(frame: pandas.DataFrame, what: str = "names") -> str:
    """What to try where nothing is found."""
    nearest = frame.attrs.get("nearest") or []
    return f"the nearest {what}: {'、'.join(nearest)}" if nearest else "nothing like it stands in this graph"


def plans(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        if options.left_out:
            print_rows(graph.left_out(), options)
        else:
            columns = ["title", "kind", "issuer", "period_start", "period_end", "source", "tasks", "owned", "id"]
            print_rows(graph.plans(), options, columns)
    return 0


def entities(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.entities(type=options.type, plan=options.plan, ambiguous=options.ambiguous)
        columns = ["label", "name", "place", "reason", "candidates", "mentions", "id"]
        if not options.ambiguous:
            columns = ["label", "name", "aliases", "place", "plans", "mentions", "id"]
        if options.format == "table":
            frame["plans"] = frame["plans"].map(len)
        print_rows(frame, options, columns)
    return 0


def who(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.who_is_responsible(
            options.topic,
            plan=options.plan,
            role=options.role,
            level=options.level,
            status=options.status,
            place=options.place,
        )
        if frame.empty:
            say(f"no task is found for {options.topic!r}; {_nearest(frame, 'topics')}")
        columns = ["owner", "parent", "role", "task", "section", "plan", "deadline", "position", "start", "end"]
        print_rows(frame, options, columns, graph)
    return 0


def duties(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.duties_of(options.agency, plan=options.plan, addressed=options.addressed)
        if frame.empty:
            say(f"no task of {options.agency!r} is found; {_nearest(frame)}")
        columns = [
            "owner", "parent", "role", "task", "others", "deadline", "section", "plan", "position", "start", "end",
        ]  # fmt: skip
        print_rows(frame, options, columns, graph)
    return 0


def tasks(options: argparse.Namespace) -> int:
    owned = {"yes": True, "no": False, None: None}[options.owned]
    with open_graph(options) as graph:
        frame = graph.tasks(plan=options.plan, status=options.status, owned=owned, only_supports=options.only_supports)
        columns = [
            "task",
            "leads",
            "responsible",
            "supports",
            "deadline",
            "section",
            "plan",
            "position",
            "start",
            "end",
        ]
        print_rows(frame, options, columns, graph)
    return 0


def resources(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.resources(options.kind, options.hazard, options.place, plan=options.plan)
        if frame.empty:
            say(f"no such resource is found; {_nearest(frame)}")
        columns = [
            "resource", "kind", "quantity", "unit", "kept_at", "hazards", "managed_by", "used_by", "deadline", "plan",
            "quote", "position", "start", "end",
        ]  # fmt: skip
        print_rows(frame, options, columns, graph)
    return 0


def mentions(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.mentions(options.name, type=options.type, plan=options.plan)
        print_rows(frame, options, ["label", "name", "quote", "section", "plan", "position", "start", "end"], graph)
    return 0


def relations(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.relations_of(options.unit, plan=options.plan)
        print_rows(frame, options, ["unit", "relation", "other", "quote", "plan", "position", "start", "end"], graph)
    return 0


def shared(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.shared_owners(plan=options.plan, by=options.by, owners=options.owner)
        columns = [name for name in frame.columns if name not in ("quote", "section")] if "quote" in frame else None
        print_rows(frame, options, columns, graph)
    return 0


def gaps(options: argparse.Namespace) -> int:
    from kg.views.table import readable_gaps

    with open_graph(options) as graph:
        frame = graph.uncovered(options.plan, options.against)
        if options.format == "table":
            frame = readable_gaps(frame)
        print_rows(frame, options, ["ground", "item", "state", "demand", "section", "start", "end", "why"], graph)
    return 0


def compare(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        frame = graph.compare(options.a, options.b)
        counts = frame["change"].value_counts(sort=False)
        say(", ".join(f"{count} {change}" for change, count in counts.items()) or "neither plan holds a task")
        print_rows(frame, options, ["change", "what", "task_a", "task_b", "score", "why"], graph)
    return 0


def timeline(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        columns = ["date", "deadline", "state", "task", "owners", "plan", "position", "start", "end"]
        print_rows(graph.timeline(options.plan, options.at), options, columns, graph)
    return 0


def targets(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        columns = [
            "measure", "comparator", "value", "unit", "reported", "owners", "section", "plan", "position", "start", "end",
        ]  # fmt: skip
        print_rows(graph.targets(options.plan), options, columns, graph)
    return 0


def ask(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        answer = graph.ask(options.question)
        if answer.declined:
            nearest = "; ".join(answer.nearest)
            raise UsageError(f"not understood: {answer.text}: {answer.reason}; you can ask: {nearest}")
        told = f"{answer.understood}\n{answer.call}\n\n{answer.cypher}\n"
        if options.format == "table":
            print(told)
        else:
            say(told)
        columns = [name for name in answer.frame.columns if name not in _NOT_IN_A_TABLE]
        print_rows(answer.frame, options, columns, graph)
    return 0


def cypher(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        print_rows(graph.cypher(options.query, dict(options.param)), options)
    return 0


def sparql(options: argparse.Namespace) -> int:
    with open_graph(options) as graph:
        print_rows(graph.sparql(options.query, dict(options.param)), options)
    return 0
