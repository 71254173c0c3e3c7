"""The elements that a plan should hold (`kg/ontology/elements.ttl`), with the articles of law that ask for them.

An article binds an 应急预案 issued while it is in force (`must`, `should`); for a plan issued earlier, or undated, and for
other kinds of plan, an element is `expected`: what is lacking is then not mentioned, never a breach. An element that a kind
of plan need not hold cannot be judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.queries.findings import finding, stated
from kg.queries.plan_facts import PlanFacts, Row

if TYPE_CHECKING:
    from kg.ontology import Concept

__all__ = ["demand", "findings"]

_BINDING = "预案"
_REPORT, _WORK = "工作总结", "工作要点"


def findings(one: PlanFacts) -> Iterator[Row]:
    """One finding an element without a section of its own (in 应急预案) or without a task (in other plans)."""
    from kg.ontology import vocabulary

    concepts = vocabulary("elements")
    places: defaultdict[str, list[Row]] = defaultdict(list)
    for row in one.rows("plan_elements"):
        places[row["element"].removeprefix("element-")].append(row)
    tasks = {task["task_id"]: task for task in one.tasks}
    kind = one.header["kind"]
    profile = _WORK if kind == _REPORT and any(task["status"] == "planned" for task in one.tasks) else kind
    searched = f"{len(one.sections)} 个标题、{len(one.tasks)} 项任务及其余正文"
    for concept in concepts:
        if concepts.children(concept.id):
            continue  # its parts are judged
        found = places[concept.id]
        if any(row["rule"] == "element_heading" for row in found):
            continue
        active = [row for row in found if row["rule"] == "element_task" and row["status"] != "reported"]
        if active and profile != _BINDING:
            continue
        words = f"标题、任务和正文中均未见“{concept.label}”的表述（查找词 {len({*concept.forms, *concept.all('taskWord')})} 个）"
        degree, articles, note = demand(concept, profile, one.header["title"] or "", one.header["issued"])
        values: Row = {"demand": degree, "article": "；".join(articles) or None, "searched": searched}
        if found and degree == "none":
            continue  # not asked for, and there
        if found:
            best = min(found, key=lambda row: (row not in active, row["task_id"] is None, _weight(row), row["start"]))
            what = "已做工作" if best["status"] == "reported" else "任务" if best["task_id"] else "正文"
            word = f"“{best['quote']}”" if best["task_id"] else "有关内容"
            values |= stated(tasks.get(best["task_id"], best), f"没有专门章节，{what}中写到{word}")
        elif degree == "none":
            what = f"“{kind}”不要求有此要素" if kind else "文件类型不明"
            values |= {"state": "cannot_be_judged", "why": f"{what}，不判为缺口；{words}"}
        else:
            values["why"] = f"{note}；{words}"
        yield finding(one, "element", concept.id, **values)


def _weight(row: Row) -> int:
    """Longer words show an element more surely; of a whole sentence the length says nothing."""
    return -len(row["quote"]) if row["task_id"] else 0


def demand(concept: Concept, kind: str | None, title: str, issued: str | None) -> tuple[str, list[str], str]:
    """What the law or practice asks of a plan: the degree, the articles behind it, and why, in words.

    Args:
        concept: an element.
        kind: of the plan (预案, 规划, 工作要点, …).
        title: of the plan; some articles bind only plans against one hazard.
        issued: ISO date, None where the plan does not say.
    """
    from kg.ontology import vocabulary

    articles = [vocabulary("articles")[name] for name in concept.all("askedForBy")]
    fitting = [
        article
        for article in articles
        if not article.unverified  # remembered, not read: no answer cites it
        and not concept.unverified
        and article.all("inForceFrom")
        and kind in article.all("bindsKind")
        and (not article.all("bindsTitle") or any(word in title for word in article.all("bindsTitle")))
    ]
    in_force = [article for article in fitting if issued and all(issued >= date for date in article.all("inForceFrom"))]
    for degree in ("must", "should"):
        if kind in concept.all(degree):
            if in_force:
                return degree, [article.label for article in in_force], "印发时有效的法律法规要求写明"
            since = min((date for article in fitting for date in article.all("inForceFrom")), default=None)
            when = "印发日期不明" if not issued else "本文件印发在先"
            note = f"现行法律（{since}起施行）有此要求，{when}，只作参考" if since else "同类文件通常写明"
            return "expected", [article.label for article in fitting], note
    if kind in concept.all("expected"):
        return "expected", [], "同类文件通常写到，未提到不等于违规"
    return "none", [], "无此要求"
