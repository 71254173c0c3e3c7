"""What other plans assign and this one does not: of the level above, of the year before, of peers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.queries.findings import finding, stated
from kg.queries.matching import SAME, Pair, key, nearest
from kg.queries.plan_facts import PlanFacts, Row

__all__ = ["findings"]

_STATED = 0.5
"""Likeness of two clauses from which the matter stands in this plan too."""
_NEAR = 0.2
"""Likeness of two clauses from which nobody can say without reading both that the matter is absent."""
_LEAST, _LONG = 5, 8
"""Characters of a clause that says something, and of one that says what is to be done."""
_CLAUSE = re.compile(r"[^，,；;。：:]+")


def findings(one: PlanFacts, others: Sequence[PlanFacts]) -> Iterator[Row]:
    """One finding a task (planned or a duty) of another plan to which no task of this plan is the same.

    Tasks that are alike as wholes (`SAME`) give none. Else the clauses of both are compared: the matter is stated
    elsewhere in the words of the clause most alike, cannot be judged where words only resemble, or is absent. Reported
    actions are passed over in the other plan; in this one they count.
    """
    for other in others:
        if other.plan == one.plan:
            continue
        places = [*one.header["places"], *other.header["places"]]
        own = [key(task["task"], places) for task in one.tasks]
        assigned = [task for task in other.tasks if task["status"] != "reported"]
        same = nearest([key(task["task"], places) for task in assigned], own, SAME)
        rest = [task for number, task in enumerate(assigned) if number not in same]
        near = _nearest_clauses(rest, other, one, places)
        for number, task in enumerate(rest):
            units = "、".join(row["owner"] for row in other.owners.get(task["task_id"], ())) or "未写明责任单位"
            asked = f"《{other.title}》（{units}）"
            values: Row = {"plan": other.plan, "searched": f"本计划 {len(own)} 项任务及其分句", "demand": "none"}
            pair = near.get(number)
            if pair is None:
                values["why"] = f"{asked}有此任务，本计划没有相近的任务"
            elif pair.score >= _STATED:
                why = f"{asked}的任务“{task['task']}”与此相近（{pair.score:.2f}）"
                values |= {"plan": one.plan, **stated(one.tasks[pair.b], why)}
            else:
                like = one.tasks[pair.b]
                values |= {
                    "state": "cannot_be_judged",
                    "why": f"{asked}有此任务，本计划用词相近的是“{like['task'][:60]}”（{like['start']}），须对照原文",
                }
            yield finding(one, "other_plan", task["task_id"], task, **values)


def _nearest_clauses(tasks: Sequence[Row], other: PlanFacts, one: PlanFacts, places: Sequence[str]) -> dict[int, Pair]:
    """For each task of the other plan the task of this one that has the clause most like one of its clauses, where any is near."""
    left, right = (
        [
            (number, words)
            for number, task in enumerate(rows)
            for words in _clauses(task["task"], [row["owner"] for row in plan.owners.get(task["task_id"], ())], places)
        ]
        for plan, rows in ((other, tasks), (one, one.tasks))
    )
    found: dict[int, Pair] = {}
    for pair in nearest([words for _, words in left], [words for _, words in right], _NEAR).values():
        number = left[pair.a][0]
        score = pair.score
        if min(len(left[pair.a][1]), len(right[pair.b][1])) < _LONG:
            if score < _STATED:
                continue
            score = _STATED - 0.01  # so few words (危化品领域) say no more than that it is near
        if number not in found or score > found[number].score:
            found[number] = Pair(number, right[pair.b][0], score)
    return found


def _clauses(text: str, units: Sequence[str], places: Sequence[str]) -> list[str]:
    """The clauses of a task that say something, and the whole, without the names of its owners: who does it is another
    matter."""
    for unit in sorted(units, key=len, reverse=True):
        text = text.replace(unit, "")
    found = [words for clause in _CLAUSE.findall(text) if len(words := key(clause, places)) >= _LEAST]
    return [*found, key(text, places)] if len(found) != 1 else found
