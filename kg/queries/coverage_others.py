"""What other plans assign and this one does not: of the level above, of the year before, of peers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.queries.findings import finding, stated
from kg.queries.matching import SAME, SIMILAR, key, nearest
from kg.queries.plan_facts import PlanFacts, Row

__all__ = ["findings"]


def findings(one: PlanFacts, others: Sequence[PlanFacts]) -> Iterator[Row]:
    """One finding a task (planned or a duty) of another plan to which no task of this plan is alike.

    From the likeness `SAME` on two tasks are the same and there is no finding; from `SIMILAR` on the matter stands
    elsewhere, in the words of the nearest task; below that it is absent. Reported actions are passed over in the other
    plan; in this one they count.
    """
    for other in others:
        if other.plan == one.plan:
            continue
        places = [*one.header["places"], *other.header["places"]]
        own = [key(task["task"], places) for task in one.tasks]
        assigned = [task for task in other.tasks if task["status"] != "reported"]
        near = nearest([key(task["task"], places) for task in assigned], own, SIMILAR)
        for number, task in enumerate(assigned):
            found = near.get(number)
            if found is not None and found.score >= SAME:
                continue
            units = "、".join(row["owner"] for row in other.owners.get(task["task_id"], ())) or "未写明责任单位"
            asked = f"《{other.title}》（{units}）"
            values: Row = {"plan": other.plan, "searched": f"本计划 {len(own)} 项任务", "demand": "none"}
            if found is not None:
                like = one.tasks[found.b]
                values |= {
                    "plan": one.plan,
                    **stated(like, f"{asked}的任务“{task['task']}”与此相近（{found.score:.2f}）"),
                }
            else:
                values["why"] = f"{asked}有此任务，本计划没有相近的任务"
            yield finding(one, "other_plan", task["task_id"], task, **values)
