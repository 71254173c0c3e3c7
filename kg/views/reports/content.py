"""What a report holds, whatever its format: titled tables of plain rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from kg.views.reports.wording import words
from kg.views.table import readable_gaps, records

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["MOST_OWNERS", "MOST_UNITS", "Content", "Table", "content"]

MOST_OWNERS = 60
"""Owners that have a list of their own; the others stand in the ledger only."""
MOST_UNITS = 30
"""Units of the matrix."""

LEDGER = (
    "number", "section", "task", "status", "response_level", "leads", "responsible", "supports", "hazards", "resources",
    "deadline", "deadline_date", "cites", "position", "start", "end",
)  # fmt: skip
OWNER = (
    "number", "section", "task", "role_here", "others", "status", "hazards", "deadline", "deadline_date", "position", "start", "end",
)  # fmt: skip
COVERAGE = ("ground", "item", "state", "demand", "article", "searched", "section", "quote", "start", "end", "why")
TIMELINE = ("date", "deadline", "state", "task", "owners", "section", "start", "end")
TARGETS = ("measure", "comparator", "figure", "unit", "reported", "owners", "section", "quote", "start", "end")
CORRECTIONS = (
    "decision", "fact", "current", "role", "new_value", "new_role", "note", "task_quote", "quote", "start", "end",
    "task_start", "task_end", "plan",
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `name` is a key of the wording or a unit's name, `title` what people read, `kind` is `rows`, `matrix`
    (first column names, the others numbers), `corrections` or `pairs` (item and content)."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[Row]
    note: str = ""
    kind: str = "rows"


@dataclass(frozen=True, slots=True)
class Content:
    """A report: its title, the plan's title, language and tables; `owners` are the tables of one owner each."""

    title: str
    plan: str
    language: str
    tables: list[Table]
    owners: list[Table] = field(default_factory=list)


def content(graph: Graph, plan: str, language: str, day: date) -> Content:
    """The content of a report on one plan; `day` is the day for which tasks are overdue."""
    from kg.queries.plans import resolve_plan

    identifier = resolve_plan(graph.store, plan)
    about = next(row for row in records(graph.plans()) if row["id"] == identifier)
    tasks = [row | {"number": number} for number, row in enumerate(records(graph.tasks(plan=identifier)), 1)]
    load = records(graph.shared_owners(plan=identifier, by="load"))
    gaps = records(readable_gaps(graph.uncovered(identifier)) if language == "zh" else graph.uncovered(identifier))
    timeline = records(graph.timeline(plan=identifier, at=day))
    targets = [row | {"figure": row["value"]} for row in records(graph.targets(plan=identifier))]
    owners = [_of_owner(row, tasks, language) for row in load[:MOST_OWNERS]]

    def table(name: str, columns: Sequence[str], rows: list[Row], note: str = "", kind: str = "rows") -> Table:
        return Table(name, words(name, language), _columns(columns, rows), rows, note, kind)

    note = words("owners_left", language, all=len(load), shown=len(owners))
    tables = [
        table("overview", ("key", "value"), list(_overview(about, tasks, gaps, timeline, load)), note, "pairs"),
        table("ledger", LEDGER, tasks),
        table("coverage", COVERAGE, gaps, words("coverage_note", language)),
        _matrix(graph, identifier, load, language),
        table("timeline", TIMELINE, timeline, words("timeline_note", language, day=day.isoformat())),
        table("targets", TARGETS, targets),
        table(
            "corrections",
            CORRECTIONS,
            list(_facts(graph, identifier)),
            words("corrections_note", language),
            "corrections",
        ),
        table("sources", ("key", "value"), list(_sources(about, gaps)), words("sources_note", language), "pairs"),
    ]
    return Content(words("report", language), about["title"] or about["source"], language, tables, owners)


def _columns(columns: Sequence[str], rows: list[Row]) -> tuple[str, ...]:
    """The columns without pages, paragraphs and cells where the plan is plain text, which has none."""
    return tuple(name for name in columns if name != "position" or any(row["position"] for row in rows))


def _overview(about: Row, tasks: list[Row], gaps: list[Row], timeline: list[Row], load: list[Row]) -> Iterator[Row]:
    for name in ("title", "kind", "issuer", "place", "doc_number", "issued", "period_start", "period_end"):
        if about[name] is not None:
            yield {"key": name, "value": about[name]}
    yield {"key": "tasks", "value": len(tasks)}
    yield {"key": "owned", "value": about["owned"]}
    yield {"key": "owners", "value": len(load)}
    found: dict[str, int] = defaultdict(int)
    for row in gaps:
        found[row["ground"]] += row["state"] == "absent"
    for ground, count in found.items():
        yield {"key": ("ground", ground), "value": count}
    for state in ("due", "overdue", "undated"):
        yield {"key": ("state", state), "value": sum(row["state"] == state for row in timeline)}


def _of_owner(load: Row, tasks: list[Row], language: str) -> Table:
    name = load["owner"]
    rows = []
    for task in tasks:
        roles = [role for role, column in _ROLES if name in task[column]]
        if roles:
            others = [one for _, column in _ROLES for one in task[column] if one != name]
            rows.append(task | {"role_here": roles[0], "others": others})
    rows = [row | {"number": number} for number, row in enumerate(rows, 1)]
    counts = {role: load[role] for role, _ in _ROLES}
    note = words("tasks_of", language, owner=name, tasks=load["tasks"], **counts)
    return Table(name, name, _columns(OWNER, rows), rows, note)


_ROLES = (("lead", "leads"), ("responsible", "responsible"), ("support", "supports"))


def _matrix(graph: Graph, plan: str, load: list[Row], language: str) -> Table:
    """Tasks that two units share, most loaded units first."""
    units = [row["owner"] for row in load[:MOST_UNITS]]
    shared: dict[tuple[str, str], int] = {(row["owner"], row["owner"]): row["tasks"] for row in load}
    for row in records(graph.shared_owners(plan=plan, by="pairs")):
        for pair in ((row["owner_a"], row["owner_b"]), (row["owner_b"], row["owner_a"])):
            shared[pair] = shared.get(pair, 0) + row["tasks"]
    rows = [{"owner": one, **{other: shared.get((one, other)) for other in units}} for one in units]
    note = words("matrix_note", language, shown=len(units), all=len(load))
    return Table("matrix", words("matrix", language), ("owner", *units), rows, note, "matrix")


def _facts(graph: Graph, plan: str) -> Iterator[Row]:
    """Each fact that can be confirmed, rejected or changed, by place in the text."""
    from kg.queries import query

    run = graph.store.run
    tasks = {row["task_id"]: row for row in run(query("task_list").text, {"plan": plan, "status": ""}).dicts()}
    facts: dict[str, list[Row]] = defaultdict(list)
    for row in run(query("ownership").text, {"plan": plan}).dicts():
        facts[row["task_id"]].append(row | {"fact": "owner", "current": row["owner"]})
    for row in run(query("hazard_places").text, {"plan": plan}).dicts():
        facts[row["task_id"]].append(row | {"fact": "hazard", "current": row["hazard"], "role": None})
    for identifier, task in tasks.items():
        place = {"task_quote": task["quote"], "task_start": task["start"], "task_end": task["end"], "plan": plan}
        own = {"quote": task["quote"], "start": task["start"], "end": task["end"], "role": None}
        found = [own | {"fact": "task", "current": task["status"]}, *facts[identifier]]
        if task["deadline"]:
            found.append(own | {"fact": "deadline", "current": task["deadline"]})
        for row in found:
            blank = dict.fromkeys(("decision", "new_value", "new_role", "note"))
            yield {name: (row | place | blank)[name] for name in CORRECTIONS}


def _sources(about: Row, gaps: list[Row]) -> Iterator[Row]:
    from kg.ontology import NAMESPACE

    for name in ("source", "sha256", "id"):
        yield {"key": name, "value": about[name]}
    yield {"key": "article", "value": sorted({row["article"] for row in gaps if row["article"]})}
    yield {"key": "ontology", "value": NAMESPACE}
