"""Hazards that a plan names and gives no task, owner or resource; classes of hazards that it does not name.

The classes are the four of the national master plan and, below those that the plan names, those of GB/T 35561. A plan
against one hazard (its title says which) is not asked about others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from kg.queries.findings import finding, stated
from kg.queries.frames import section
from kg.queries.plan_facts import PlanFacts, Row

if TYPE_CHECKING:
    from kg.ontology import Concept

__all__ = ["findings"]

_ALL = "emergency"
"""The concept above the four classes."""
_STANDARD = "GBT35561-2017"


def findings(one: PlanFacts) -> Iterator[Row]:
    """Findings about hazards named, then about classes not named."""
    yield from _named(one)
    yield from _classes(one)


def _named(one: PlanFacts) -> Iterator[Row]:
    """Hazards that the plan names and gives no task, no owner, or no team, supply, facility or system."""
    first: dict[str, Row] = {}
    for place in one.hazards:
        first.setdefault(place["hazard"], place)
    for task in one.tasks:
        for label in sorted(task["hazards"]):
            first.setdefault(label, task)
    against: defaultdict[str, list[int]] = defaultdict(list)
    for number, task in enumerate(one.tasks):
        for label in task["hazards"]:
            against[label].append(number)

    def meant(labels: set[str]) -> list[Row]:
        """The tasks against any of these hazards, in the order of the text."""
        return [one.tasks[at] for at in sorted({at for label in labels & against.keys() for at in against[label]})]

    headed = {(task["number"], task["heading"]): task for task in reversed(one.tasks) if task["heading"]}
    headings = [
        place
        for place in one.hazards
        if (place["number"], place["heading"]) in headed and place["quote"] and place["quote"] in place["heading"]
    ]
    searched = f"{len(one.tasks)} 项任务、{len({place['start'] for place in one.hazards})} 处灾种表述、{len(one.sections)} 个标题"
    theme = _theme(one)
    general = [task for task in one.tasks if not task["hazards"] and task["resources"]]
    for label, place in first.items():
        scope, over = _scope(label)
        above = {name for name in over if name in theme or _scope(name)[1]}
        tasks = meant(scope)
        under = [
            (heading, headed[heading["number"], heading["heading"]])
            for heading in headings
            if heading["hazard"] in scope
        ]
        broader = meant(above)
        whole = label in theme or bool(over & theme)  # the plan as a whole is against it
        if theme and not _classes_of(theme) & _classes_of({label}):
            beside = {"state": "cannot_be_judged", "demand": "none", "why": f"专项文件只针对{_list(theme)}，不判为缺口"}
        else:
            beside = {}
        if not tasks:
            state: Row = {"searched": searched, "why": f"此处提到{label}，没有任务针对它"}
            if under:
                state = stated(under[0][1], f"任务写在标题“{section(under[0][0])}”之下")
            elif broader:
                state = stated(broader[0], f"有任务针对上位灾种{_names(above, broader[0])}")
            elif whole and one.tasks:
                state = stated(one.tasks[0], "整个预案针对该灾种或其上位灾种")
            yield finding(one, "hazard_without_task", label, place, **(beside or state))
        elif not any(task["owners"] or task["status"] == "reported" for task in tasks):
            state = {"searched": searched, "why": f"{len(tasks)} 项任务针对{label}，均未写明责任单位"}
            owned = next((task for task in broader if task["owners"]), None)
            if owned is not None:
                state = stated(owned, f"针对上位灾种{_names(above, owned)}的任务写明了责任单位")
            yield finding(one, "hazard_without_owner", label, tasks[0], **(beside or state))
        for_it = [row for row in one.resources if row["hazard"] in scope]
        if not for_it and not any(task["resources"] for task in (*tasks, *(task for _, task in under))):
            why = f"没有专门针对{label}的队伍、物资、设施或系统"
            state = {"searched": searched, "why": why}
            kept = next((row for row in one.resources if row["hazard"] in above), None)
            equipped = next((task for task in broader if task["resources"]), None)
            if kept is not None:
                state = stated(kept, f"{why}；{kept['resource']}用于上位灾种{kept['hazard']}")
            elif equipped is not None:
                names = "、".join(sorted(equipped["resources"])[:3])
                state = stated(equipped, f"{why}；针对上位灾种{_names(above, equipped)}的任务写到{names}")
            elif whole and general:
                names = "、".join(sorted(general[0]["resources"])[:3])
                state = stated(general[0], f"{why}；预案统一写明{names}")
            elif general:
                names = "、".join(sorted(general[0]["resources"])[:3])
                state["why"] = f"{why}（未注明灾种的有{names}等）"
            yield finding(one, "hazard_without_resource", label, place, **(beside or state))


@cache
def _scope(label: str) -> tuple[set[str], set[str]]:
    """The labels that a hazard takes in (itself and what is below), and those above it up to one of the four classes."""
    from kg.ontology import vocabulary

    concepts = vocabulary("hazards")
    try:
        concept = concepts.by_label(label)
    except KeyError:
        return {label}, set()
    below = {label, *(one.label for one in concepts.narrower(concept.id))}
    return below, {one.label for one in concepts.ancestors(concept.id) if one.id != _ALL}


def _classes_of(labels: set[str]) -> set[str]:
    """Those of the four classes that hazards belong to."""
    return {name for label in labels for name in {label, *_scope(label)[1]} if not _scope(name)[1]}


def _list(labels: set[str]) -> str:
    return "、".join(sorted(labels))


def _names(above: set[str], task: Row) -> str:
    return _list(above & set(task["hazards"]))


def _theme(one: PlanFacts) -> set[str]:
    """The hazards that the plan's title names; none for a plan against all.

    Longer words first: `森林火灾` in a title is no fire of buildings.
    """
    from kg.ontology import vocabulary

    concepts = vocabulary("hazards")
    title = one.header["title"] or ""
    found: set[str] = set()
    for word, concept in concepts.forms():
        if word in title and concept.id != _ALL:
            found |= {meant.label for meant in concepts.emitted(concept.id)}
            title = title.replace(word, " ")
    return found


def _classes(one: PlanFacts) -> Iterator[Row]:
    """Classes of hazards that the plan does not name."""
    from kg.ontology import vocabulary

    concepts = vocabulary("hazards")
    named = {place["hazard"] for place in one.hazards} | {label for task in one.tasks for label in task["hazards"]}
    elsewhere: defaultdict[str, list[Row]] = defaultdict(list)
    for row in one.rows("place_hazards"):
        elsewhere[row["hazard"]].append(row)
    theme = _theme(one)
    texts = [{**task, "words": task["task"]} for task in one.tasks] + [
        {**place, "quote": place["heading"], "words": place["heading"] or ""} for place in one.sections
    ]
    searched = f"{len({place['start'] for place in one.hazards})} 处灾种表述、{len(one.tasks)} 项任务、{len(one.sections)} 个标题"
    for top in concepts.children(_ALL):
        if not any(code.scheme == _STANDARD and code.code[1:] == "0000" for code in top.codes):
            continue  # a group (三防), no class
        scope, _ = _scope(top.label)
        classes = [top]
        if scope & named:
            classes = [below for below in concepts.narrower(top.id) if _is_class(below)]
        for one_class in classes:
            scope, above = _scope(one_class.label)
            if scope & named or (theme and one_class is not top and not above & theme):
                continue  # a plan against one hazard is asked for the classes of that hazard only
            parts = (one_class.id, *(below.id for below in concepts.narrower(one_class.id)))
            words = _unrecorded(concepts[name] for name in parts)
            said = next((row for row in texts if any(word in row["words"] for word in words)), None)
            values: Row = {"demand": "expected" if one_class is top else "none", "searched": searched}
            others = [row for label in sorted(scope) for row in elsewhere[label]]
            why = f"未提到{one_class.label}及其下位灾种"
            if said is not None:
                values |= stated(said, f"写到{one_class.label}的有关内容")
            elif theme and not theme & (scope | above):
                values |= {
                    "state": "cannot_be_judged",
                    "demand": "none",
                    "why": f"专项文件只针对{_list(theme)}，不判为缺口",
                }
            else:
                if others:
                    values["demand"] = "expected"
                    why += f"；本地《{others[0]['title']}》提到{others[0]['hazard']}"
                related = one_class.all("relatedWord")
                near = next((row for row in texts if any(word in row["words"] for word in related)), None)
                if near is not None:
                    why += f"；最接近的表述：“{near['words'][:40]}”（{near['start']}）"
                values["why"] = why
            yield finding(one, "hazard_class", one_class.label, **values)


def _is_class(concept: Concept) -> bool:
    """Whether a hazard is a class of the standard's second level, and no rest (`其他…`)."""
    return any(
        code.scheme == _STANDARD and code.code[3:] == "00" and code.code[1:3] not in ("00", "99")
        for code in concept.codes
    )


def _unrecorded(concepts: Iterator[Concept]) -> Sequence[str]:
    """The words of those hazards that extraction records as another one or not at all."""
    return [
        word
        for concept in concepts
        if concept.all("emits") or concept.all("extracted") == ("false",)
        for word in (concept.label, *concept.forms)
    ]
