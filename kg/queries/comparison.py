"""Two plans side by side: which tasks are kept, changed, dropped, new, and what becomes of the targets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.queries.frames import frame, section
from kg.queries.matching import SAME, SIMILAR, Likeness, Pair, figures, key, pairs
from kg.queries.plan_facts import PlanFacts, Row
from kg.queries.plans import resolve_plans
from kg.queries.targets import Figure, figures_of, matched

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["CHANGES", "COLUMNS", "compare"]

COLUMNS = (
    "change", "what", "task_a", "task_b", "owners_a", "owners_b", "deadline_a", "deadline_b", "section_a", "section_b",
    "start_a", "end_a", "start_b", "end_b", "score", "why",
)  # fmt: skip
CHANGES = ("kept", "changed", "dropped", "new", "target")

_YEAR = re.compile(r"(?:(?:19|20)\d\d|[今本])年度?")


def compare(store: Store, a: str, b: str) -> pandas.DataFrame:
    """See `kg.graph.Graph.compare`. Rows stand in the order of `CHANGES`, then of the text of `a`, then of `b`."""
    left, right = (PlanFacts(store, identifier) for identifier in resolve_plans(store, (a, b)))
    if left.plan == right.plan:
        raise UsageError(f"{a!r} and {b!r} are the same plan; name two")
    places = sorted({*left.header["places"], *right.header["places"]}, key=len, reverse=True)
    rows = [*_tasks(left, right, places), *_targets(left, right, places)]
    rows.sort(key=lambda row: CHANGES.index(row["change"]))
    return frame(rows, COLUMNS)


def _tasks(left: PlanFacts, right: PlanFacts, places: Sequence[str]) -> Iterator[Row]:
    keys_a = [key(task["task"], places) for task in left.tasks]
    keys_b = [key(task["task"], places) for task in right.tasks]
    likeness = Likeness(keys_a, keys_b)
    found = {pair.a: pair for pair in likeness.pairs(SAME)}
    taken = {pair.b for pair in found.values()}
    near_a, near_b = likeness.nearest(SIMILAR), likeness.nearest_back(SIMILAR)
    one_place = bool(set(left.header["places"]) & set(right.header["places"]))
    for number, task in enumerate(left.tasks):
        pair = found.get(number)
        if pair is not None:
            yield _pair(left, right, task, right.tasks[pair.b], pair, places if not one_place else None)
    for number, task in enumerate(left.tasks):
        if number not in found:
            yield _alone("dropped", left, task, right, near_a.get(number))
    for number, task in enumerate(right.tasks):
        if number not in taken:
            yield _alone("new", right, task, left, near_b.get(number))


def _pair(a: PlanFacts, b: PlanFacts, left: Row, right: Row, pair: Pair, places: Sequence[str] | None) -> Row:
    """A task that both plans have; `places` are given where the plans are of different places, so that units are compared
    by what they are."""
    what, why = [], []
    owners_a, owners_b = a.owners.get(left["task_id"], []), b.owners.get(right["task_id"], [])
    units_a, units_b = ({_unit(row, places): row["owner"] for row in rows} for rows in (owners_a, owners_b))
    if units_a.keys() != units_b.keys():
        gone = [name for unit, name in units_a.items() if unit not in units_b]
        come = [name for unit, name in units_b.items() if unit not in units_a]
        what.append("owner")
        why.append(
            "责任单位" + "".join((f"减{'、'.join(gone)}" if gone else "", f"增{'、'.join(come)}" if come else ""))
        )
    elif {_role(row, places) for row in owners_a} != {_role(row, places) for row in owners_b}:
        what.append("owner")
        why.append("责任单位相同，牵头或配合的角色不同")
    dates = [_YEAR.sub("", task["deadline"] or "") for task in (left, right)]
    if dates[0] != dates[1]:
        what.append("deadline")
        why.append(f"时限{left['deadline'] or '无'}→{right['deadline'] or '无'}")
    counts = [Counter(figures(row["task"])) for row in (left, right)]
    if counts[0] != counts[1]:
        gone, come = list((counts[0] - counts[1]).elements()), list((counts[1] - counts[0]).elements())
        what.append("target")
        why.append(f"数字{'、'.join(gone) or '无'}→{'、'.join(come) or '无'}")
    if left["status"] != right["status"]:
        why.append(f"{_STATUS[left['status']]}→{_STATUS[right['status']]}")
    if pair.score < _WORDS:
        why.append("文字有改动")
    return {
        **_sides(a, left, b, right),
        "change": "changed" if what else "kept",
        "what": "、".join(what) or None,
        "score": round(pair.score, 3),
        "why": "；".join(why) or "文字、责任单位、时限、数字相同",
    }


_WORDS = 0.999
"""Likeness below which the words of two tasks differ."""
_STATUS = {"planned": "计划", "reported": "已做", "duty": "职责"}


def _unit(row: Row, places: Sequence[str] | None) -> str:
    """What two plans' owners are compared by: the unit, in different places its name without place and level; a class of
    units (`有关部门`) by its name."""
    from kg.store.names import key_of

    if places is None:
        return str(row["own_name"]) if row["owner_label"] == "Group" else str(row["owner_id"])
    name = str(row["own_name"])
    for place in places:
        name = name.replace(place, "")
    return key_of(row["owner_label"], _level().sub("", name))


def _role(row: Row, places: Sequence[str] | None) -> tuple[str, str]:
    return _unit(row, places), row["role"]


@cache
def _level() -> re.Pattern[str]:
    """The word of its level at the front of a unit's name (`市水利局`)."""
    from kg.ontology import vocabulary
    from kg.ontology.lexicon import alternation

    return re.compile(rf"^{alternation(vocabulary('levels').words('placeSuffix'))}(?=..)")


def _alone(change: str, one: PlanFacts, task: Row, other: PlanFacts, near: Pair | None) -> Row:
    """A task that only one of the plans has, with the nearest one of the other."""
    sides = _sides(one, task, None, None) if change == "dropped" else _sides(None, None, one, task)
    why = "另一计划没有相近的任务"
    if near is not None:
        like = other.tasks[near.b]
        why = f"最相近的任务（{near.score:.2f}）：{like['task'][:60]}（{like['start']}）"
    return {**sides, "change": change, "what": None, "score": round(near.score, 3) if near else None, "why": why}


def _sides(a: PlanFacts | None, left: Row | None, b: PlanFacts | None, right: Row | None) -> Row:
    row: Row = {}
    for side, one, task in (("a", a, left), ("b", b, right)):
        here = one is not None and task is not None
        row |= {
            f"task_{side}": task["task"] if here and task else None,
            f"owners_{side}": [unit["owner"] for unit in one.owners.get(task["task_id"], [])] if one and task else None,
            f"deadline_{side}": task["deadline"] if here and task else None,
            f"section_{side}": section(task) if here and task else None,
            f"start_{side}": task["start"] if here and task else None,
            f"end_{side}": task["end"] if here and task else None,
        }
    return row


def _targets(left: PlanFacts, right: PlanFacts, places: Sequence[str]) -> Iterator[Row]:
    """The targets of both plans, those of the same measure and unit side by side; beside a target of `a` that `b` does
    not set again stands the figure that `b` reports for it."""
    met: set[int] = set()
    units = sorted({target["unit"] or "" for target in left.targets})
    chosen: dict[str, Row | Figure] = {}
    for unit in units:
        own = [target for target in left.targets if (target["unit"] or "") == unit]
        there = [n for n, target in enumerate(right.targets) if (target["unit"] or "") == unit and n not in met]
        keys = (
            [key(target["measure"], places) for target in own],
            [key(right.targets[n]["measure"], places) for n in there],
        )
        for pair in pairs(*keys, SAME):
            met.add(there[pair.b])
            chosen[own[pair.a]["target_id"]] = right.targets[there[pair.b]]
    rest = [target for target in left.targets if target["target_id"] not in chosen]
    for target, figure in matched(rest, figures_of([task for task in right.tasks if task["status"] == "reported"])):
        chosen[target["target_id"]] = figure
    for target in left.targets:
        yield _target(left, target, right, chosen.get(target["target_id"]))
    for number, target in enumerate(right.targets):
        if number not in met:
            yield _target(left, None, right, target)


def _target(a: PlanFacts, left: Row | None, b: PlanFacts, right: Row | Figure | None) -> Row:
    row = _sides(None, None, None, None) | {"change": "target", "score": None}
    row["what"] = left["measure"] if left else right["measure"] if isinstance(right, dict) else None
    values = []
    for side, one, target in (("a", a, left), ("b", b, right)):
        if isinstance(target, Figure):
            values.append(f"报告{target.value:g}{target.unit}")
            place, words, holder = target.row, target.words, target.row["task_id"]
        elif target is not None:
            values.append(f"{target['comparator']} {target['value']:g} {target['unit'] or ''}".strip())
            place, words, holder = target, f"{target['measure']} {values[-1]}", target["task_id"]
        else:
            values.append("无")
            continue
        row |= {
            f"task_{side}": words,
            f"owners_{side}": [unit["owner"] for unit in one.owners.get(holder, [])],
            f"section_{side}": section(place),
            f"start_{side}": place["start"],
            f"end_{side}": place["end"],
        }
    row["why"] = " → ".join(values)
    return row
