"""Targets with the figure that was reported for the same measure before them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.matching import Pair, key, nearest, pieces
from kg.queries.plan_facts import Row, owners_by_task
from kg.queries.plans import resolve_plan

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "Figure", "figures_of", "matched", "targets"]

COLUMNS = (
    "measure",
    "comparator",
    "value",
    "unit",
    "reported",
    "task",
    "owners",
    "plan",
    "section",
    "quote",
    "start",
    "end",
    "position",
)

_ALIKE = 0.35
"""Likeness of measures from which a reported figure is held for one of the target's measure."""
_HELD = 0.55
"""Share of a measure's pairs of characters that must stand around a figure of the same, or of the figure's in the task."""
_CLOSE = 0.85
"""A figure belongs to the target that is most like it, and to those nearly as like: a goal said twice."""
_FEW = 6
"""A measure of fewer pairs says too little to be found by them."""
_CLAUSE = re.compile(r"[^，,；;。：:]+")
_PIECE = re.compile(r"[^、]+")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit in a sentence of work done: `words` around it, `context` with the clause before."""

    value: float
    unit: str
    words: str
    context: str
    row: Row


def targets(store: Store, plan: str | None = None) -> pandas.DataFrame:
    """See `kg.graph.Graph.targets`. Rows stand in the order of plans, then of the text."""
    wanted = resolve_plan(store, plan) if plan else ""
    rows = store.run(query("targets").text, {"plan": wanted}).dicts()
    owners = owners_by_task(store, wanted)
    periods = {row["id"]: row for row in store.run(query("plans").text, {"plan": ""}).dicts()}
    by_plan: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_plan[row["plan"]].append(row)
    done: defaultdict[str, list[Row]] = defaultdict(list)
    for row in store.run(query("reported_tasks").text, {"plan": ""}).dicts() if rows else ():
        done[row["plan"]].append(row)
    reported: dict[str, float] = {}
    for identifier, own in by_plan.items():
        earlier = [row for other in _earlier(periods, identifier) for row in done.get(other, ())]
        for target, figure in matched(own, figures_of(earlier)):
            reported[target["target_id"]] = figure.value
    shaped = (
        {
            **row,
            "value": _whole(row["value"]),
            "reported": _whole(reported[row["target_id"]]) if row["target_id"] in reported else None,
            "owners": [one["owner"] for one in owners.get(row["task_id"], ())],
            "section": section(row),
        }
        for row in rows
    )
    return frame(shaped, COLUMNS)


def _earlier(plans: dict[str, Row], plan: str) -> list[str]:
    """The plans that may report figures from before a plan's targets, nearest first: itself (a review with an outlook)
    and plans of the same place whose first year is no later, of the year before at most."""
    own = plans[plan]
    found = [plan]
    year = own["period_start"]
    if year and own["places"]:
        others = [
            row
            for row in plans.values()
            if row["id"] != plan
            and set(row["places"]) & set(own["places"])
            and row["period_start"]
            and year - 1 <= row["period_start"] <= year
        ]
        found += [row["id"] for row in sorted(others, key=lambda row: (-row["period_start"], row["id"]))]
    return found


def figures_of(rows: Sequence[Row]) -> list[Figure]:
    """The figures that sentences of work done state; `rows` have `task`."""
    return [figure for row in rows for figure in _figures(row)]


def _figures(row: Row) -> Iterator[Figure]:
    text = row["task"]
    before = ""
    for clause in _CLAUSE.finditer(text):
        for piece in _PIECE.finditer(clause[0]):
            for found in _number().finditer(piece[0]):
                value = float(found["value"].replace(",", ""))
                yield Figure(value, found["unit"], piece[0], before + piece[0], row)
        before = clause[0]


def matched(targets: Sequence[Row], figures: Sequence[Figure]) -> Iterator[tuple[Row, Figure]]:
    """Pairs of a target and the figure of the same unit whose words are most like its own."""
    units = {target["unit"] for target in targets} & {figure.unit for figure in figures}
    for unit in sorted(unit for unit in units if unit):
        own = [target for target in targets if target["unit"] == unit]
        there = [figure for figure in figures if figure.unit == unit]
        found = list(nearest([key(one["measure"]) for one in own], [key(one.words) for one in there], _ALIKE).values())
        for number, target in enumerate(own):
            asked, around = pieces(target["measure"]), pieces(target["task"] or "")
            for other, figure in enumerate(there):
                told, near = pieces(figure.words), pieces(figure.context)
                share = max(len(asked & near) / max(len(asked), _FEW), len(told & around) / max(len(told), _FEW))
                if share >= _HELD:
                    found.append(Pair(number, other, share))
        best: dict[int, Pair] = {}
        most: dict[int, float] = {}
        for pair in sorted(found, key=lambda pair: (pair.a, -pair.score, pair.b)):
            best.setdefault(pair.a, pair)
            most[pair.b] = max(pair.score, most.get(pair.b, 0.0))
        for pair in best.values():
            if pair.score >= _CLOSE * most[pair.b]:
                yield own[pair.a], there[pair.b]


@cache
def _number() -> re.Pattern[str]:
    """A number with a unit of proportion or counting."""
    from kg.ontology.lexicon import pattern

    units = f"[万亿]?(?:{pattern('expressions', 'units-rate')}|{pattern('expressions', 'units-count')})"
    return re.compile(rf"(?<![\d.第“])(?P<value>\d+(?:,\d{{3}})*(?:\.\d+)?)\s*余?(?P<unit>{units})")


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value
