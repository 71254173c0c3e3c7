"""What a plan leaves uncovered.

"The plan lacks X" is a claim about its whole text, so each finding has a state: `absent` (with what was searched),
`stated_elsewhere` (with the words), or `cannot_be_judged` (with why). Only the first is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.queries import query
from kg.queries.frames import frame, section
from kg.queries.plans import resolve_plan

if TYPE_CHECKING:
    import pandas

    from kg.store.base import Store

__all__ = ["COLUMNS", "GROUNDS", "uncovered"]

COLUMNS = (
    "ground",
    "item",
    "state",
    "demand",
    "article",
    "searched",
    "plan",
    "section",
    "quote",
    "start",
    "end",
    "why",
)
GROUNDS = (
    "task_without_owner", "task_without_deadline", "target_without_owner",
    "hazard_without_task", "hazard_without_owner", "hazard_without_resource",
)  # fmt: skip

Row = dict[str, Any]


def uncovered(store: Store, plan: str) -> pandas.DataFrame:
    """See `kg.graph.Graph.uncovered`. Rows stand in the order of `GROUNDS`, then of the text."""
    one = _Plan.read(store, resolve_plan(store, plan))
    findings = [*_tasks(one), *_targets(one), *_hazards(one)]
    findings.sort(key=lambda row: (GROUNDS.index(row["ground"]), row["start"], row["end"], row["item"]))
    return frame(findings, COLUMNS)


@dataclass(frozen=True, slots=True)
class _Plan:
    plan: str
    tasks: list[Row]
    targets: list[Row]
    hazards: list[Row]
    resources: list[Row]

    @classmethod
    def read(cls, store: Store, plan: str) -> _Plan:
        names = ("plan_tasks", "plan_targets", "plan_hazards", "plan_hazard_resources")
        return cls(plan, *(store.run(query(name).text, {"plan": plan}).dicts() for name in names))

    def finding(self, ground: str, item: str, place: Row, **values: Any) -> Row:
        found = dict.fromkeys(COLUMNS)
        found.update(ground=ground, item=item, state="absent", demand="expected", plan=self.plan)
        found.update(quote=place["quote"], start=place["start"], end=place["end"])
        found["section"] = place["section"] if "section" in place else section(place)
        found.update(values)
        return found


def _damaged(task: Row) -> bool:
    return task["recovered"] is not None or "\ufffd" in task["task"]


def _tasks(one: _Plan) -> Iterator[Row]:
    """Tasks that name no owner, and planned tasks without a deadline. Reported actions are done: they need neither."""
    owned = {task["task"]: task for task in one.tasks if task["owners"]}
    for task in one.tasks:
        if task["status"] == "reported":
            continue
        if not task["owners"]:
            elsewhere = owned.get(task["task"])
            state: Row = {"searched": "本句、责任注记、职责清单", "why": "未写明责任单位"}
            if elsewhere is not None:
                state = {
                    "state": "stated_elsewhere",
                    "why": f"同一任务在 {elsewhere['start']} 处写明责任单位：{elsewhere['quote']}",
                }
            elif _damaged(task):
                state = {"state": "cannot_be_judged", "why": "句子有乱码，单位名称可能缺失"}
            yield one.finding("task_without_owner", task["task_id"], task, **state)
        if task["status"] == "planned" and task["deadline"] is None:
            state = {"searched": "本句", "why": "未写明完成时限"}
            if _damaged(task):
                state = {"state": "cannot_be_judged", "why": "句子有乱码，日期可能缺失"}
            yield one.finding("task_without_deadline", task["task_id"], task, demand="none", **state)


def _targets(one: _Plan) -> Iterator[Row]:
    tasks = {task["task_id"]: task for task in one.tasks}
    for target in one.targets:
        holder = tasks.get(target["holder"])
        if holder is not None and (holder["owners"] or holder["status"] == "reported"):
            continue
        where = "提出该目标的任务未写明责任单位" if holder else "该目标不在任何任务中"
        state = {"searched": "本句、责任注记、职责清单", "why": f"{target['target']}：{where}"}
        yield one.finding("target_without_owner", target["target_id"], target, **state)


def _hazards(one: _Plan) -> Iterator[Row]:
    """Hazards that the plan names and gives no task, no owner, or no team, supply, facility or system."""
    from kg.ontology import vocabulary

    concepts = vocabulary("hazards")
    first: dict[str, Row] = {}
    for place in one.hazards:
        first.setdefault(place["hazard"], place)
    for task in one.tasks:
        for label in sorted(task["hazards"]):
            first.setdefault(label, task)
    headings = [place for place in one.hazards if place["quote"] and place["quote"] in (place["heading"] or "")]
    headed = {task["heading"] for task in one.tasks if task["heading"]}
    searched = f"{len(one.tasks)} 项任务、{len({place['start'] for place in one.hazards})} 处灾种表述"
    for label, place in first.items():
        try:
            concept = concepts.by_label(label)
            scope = {label, *(below.label for below in concepts.narrower(concept.id))}
            parents = {
                concepts[above].label
                for above in concept.broader
                if concepts[above].broader and _specific(concepts[above].label)
            }
        except KeyError:
            scope, parents = {label}, set()
        tasks = [task for task in one.tasks if scope & set(task["hazards"])]
        broader = [task for task in one.tasks if parents & set(task["hazards"])]
        if not tasks:
            state: Row = {"searched": searched, "why": f"此处提到{label}，没有任务针对它"}
            heading = next((one_ for one_ in headings if one_["hazard"] in scope and one_["heading"] in headed), None)
            if heading is not None:
                state = {
                    "state": "stated_elsewhere",
                    "why": f"任务写在标题「{section(heading)}」之下",
                    "quote": heading["quote"],
                }
            elif broader:
                state = {
                    "state": "stated_elsewhere",
                    "why": f"有任务针对上位灾种{'、'.join(sorted(parents))}：{broader[0]['quote']}",
                }
            yield one.finding("hazard_without_task", label, place, **state)
        elif not any(task["owners"] or task["status"] == "reported" for task in tasks):
            state = {"searched": searched, "why": f"{len(tasks)} 项任务针对{label}，均未写明责任单位"}
            owned = next((task for task in broader if task["owners"]), None)
            if owned is not None:
                state = {
                    "state": "stated_elsewhere",
                    "why": f"针对上位灾种{'、'.join(sorted(parents))}的任务写明了责任单位：{owned['quote']}",
                }
            yield one.finding("hazard_without_owner", label, tasks[0], **state)
        for_it = [row for row in one.resources if row["hazard"] in scope]
        if not for_it and not any(task["resources"] for task in tasks):
            state = {"searched": searched, "why": f"没有针对{label}的队伍、物资、设施或系统"}
            above = next((row for row in one.resources if row["hazard"] in parents), None)
            if above is not None:
                state = {
                    "state": "stated_elsewhere",
                    "why": f"{above['resource']}用于上位灾种{above['hazard']}：{above['quote']}",
                }
            yield one.finding("hazard_without_resource", label, place, **state)


def _specific(label: str) -> bool:
    """Whether a hazard is below the four classes (自然灾害, 事故灾难, 公共卫生事件, 社会安全事件)."""
    from kg.ontology import vocabulary

    concepts = vocabulary("hazards")
    return len(concepts.ancestors(concepts.by_label(label).id)) >= 2
