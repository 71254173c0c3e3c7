"""Tasks that name no owner or no deadline, and targets that nobody answers for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from kg.queries.findings import finding, stated
from kg.queries.matching import key, nearest
from kg.queries.plan_facts import PlanFacts, Row

__all__ = ["findings"]

_SAME_TASK = 0.85
"""Likeness of an owned task from which it is taken for the same task said once more."""
_FOLLOWED = re.compile("[应要需须每将负]|[^，,、的]{1,12}[，,]|为|根据|按|在|或|、|和|结合")
"""What follows a class of organisations that acts: `有关部门应…`, not `企业内部隐患排查`."""
_CLAUSES = re.compile(r"[^，,；;：:。]+")
_REACH = 24
"""Characters of a clause in which the name of its agent ends."""
_SENTENCE = 1
"""Most characters between two tasks of one paragraph: the mark that closes the first. A line break is one more."""


def findings(one: PlanFacts) -> Iterator[Row]:
    """The findings about tasks and targets. Reported actions are done: they need neither owner nor deadline."""
    near = _Nearby(one)
    yield from _owners(one, near)
    yield from _deadlines(one)
    yield from _targets(one, near)


def _damaged(task: Row) -> bool:
    return task["recovered"] is not None or "\ufffd" in task["task"]


def _owners(one: PlanFacts, near: _Nearby) -> Iterator[Row]:
    open_tasks = [task for task in one.tasks if not task["owners"] and task["status"] != "reported"]
    owned = [task for task in one.tasks if task["owners"]]
    again = nearest([key(task["task"]) for task in open_tasks], [key(task["task"]) for task in owned], _SAME_TASK)
    for number, task in enumerate(open_tasks):
        state: Row = {"searched": "本句、责任注记、职责清单、同段前句、标题、其他任务", "why": "未写明责任单位"}
        if number in again:
            other = owned[again[number].b]
            names = "、".join(row["owner"] for row in one.owners[other["task_id"]])
            state = stated(other, f"同一任务在此处写明责任单位：{names}")
        elif _damaged(task):
            state = {"state": "cannot_be_judged", "why": "句子有乱码，单位名称可能缺失"}
        else:
            state = near.state(task) or state
        yield finding(one, "task_without_owner", task["task_id"], task, **state)


class _Nearby:
    """Who stands near a task without being found to answer for it: in its sentence, its heading, the sentence before."""

    def __init__(self, one: PlanFacts) -> None:
        self._one = one
        self._addressed: defaultdict[str, set[str]] = defaultdict(set)
        for row in one.rows("plan_addressed"):
            self._addressed[row["task_id"]].add(row["quote"])
        self._starts = [task["start"] for task in one.tasks]
        unowned = [task for task in one.tasks if not task["owners"]]
        named = agents([task["task"] for task in unowned], [self._addressed[task["task_id"]] for task in unowned])
        self._agents = {task["task_id"]: agent for task, agent in zip(unowned, named, strict=True)}
        headed = _units_of([row["heading"] or "" for row in one.sections])
        self._above = [(row, unit) for row, unit in zip(one.sections, headed, strict=True) if unit]

    def state(self, task: Row) -> Row | None:
        """The state of a task that names no owner; None where nothing near it names one."""
        agent = self._agents[task["task_id"]]
        if agent:
            return {"state": "cannot_be_judged", "why": f"句中写到{agent}，是否由其负责须看原文"}
        for heading, unit in reversed(self._above):
            if heading["start"] <= task["start"] and task["end"] <= heading["end"]:
                return stated(_heading(heading), f"标题写明单位：{unit}")
        return self._before(task)

    def _before(self, task: Row) -> Row | None:
        """The state that the sentences right before in the same paragraph give: Chinese names the agent once."""
        number = bisect_right(self._starts, task["start"]) - 1
        while number > 0:
            last, this = self._one.tasks[number - 1], self._one.tasks[number]
            if this["start"] - last["end"] > _SENTENCE:
                return None
            owners = self._one.owners.get(last["task_id"], [])
            if any(row["basis"] in ("subject", "duty_list") for row in owners):
                names = "、".join(row["owner"] for row in owners)
                return stated(last, f"同段前句写明责任单位：{names}")
            agent = self._agents.get(last["task_id"])
            if agent:
                return {"state": "cannot_be_judged", "why": f"同段前句写到{agent}，是否由其负责须看原文"}
            number -= 1
        return None


def agents(sentences: Sequence[str], addressed: Sequence[Collection[str]]) -> list[str | None]:
    """The organisation, or the class of them, that begins a clause of each sentence as its agent may.

    `addressed` are the units of each sentence that are only urged or guided.

    >>> agents(["冬春季节，受灾地方人民政府为受灾人员提供救助", "发挥乡镇人民政府的作用"], [(), ()])
    ['地方人民政府', None]
    """
    from kg.extraction.organisations import find_organisations

    opening, acting = _opening(), _acting()
    lines: list[str] = []
    owners: list[tuple[int, int]] = []
    """Of each line the sentence and the latest place where an agent may begin."""
    for number, sentence in enumerate(sentences):
        for clause in _CLAUSES.findall(sentence):
            front = opening.match(clause)
            latest = front.end() if front else 0
            if not acting.match(clause, latest):
                lines.append(clause[: latest + _REACH])
                owners.append((number, latest))
    text = "\n".join(lines)
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    found: list[str | None] = [None] * len(sentences)
    for mention in find_organisations(text):
        line = bisect_right(starts, mention.start) - 1
        number, latest = owners[line]
        at = mention.start - starts[line]
        if found[number] is not None or mention.form in addressed[number] or at > latest:
            continue
        if not opening.fullmatch(lines[line][:at].strip()):
            continue
        if not mention.generic or _FOLLOWED.match(text, mention.end):
            found[number] = mention.form
    return found


def _units_of(headings: Sequence[str]) -> list[str | None]:
    """The organisation that each heading begins with, where it names one."""
    from kg.extraction.organisations import find_organisations

    text = "\n".join(headings)
    named = {mention.start: mention.form for mention in find_organisations(text) if not mention.generic}
    return [named.get(start) for start in accumulate((len(one) + 1 for one in headings[:-1]), initial=0)][
        : len(headings)
    ]


@cache
def _acting() -> re.Pattern[str]:
    """A verb that begins a clause: what follows is acted upon."""
    from kg.ontology.lexicon import pattern

    return re.compile(pattern("passages", "a-verbs"))


@cache
def _opening() -> re.Pattern[str]:
    """What may stand before an agent at the front of a clause: `必要时`, levels of government, `受灾`."""
    from kg.ontology import vocabulary
    from kg.ontology.lexicon import alternation, words

    levels = vocabulary("levels")
    known = (*words("agents", "before-agent"), *levels.words(), *levels.words("placeSuffix"))
    return re.compile(rf"(?:{alternation(known)}|[各级内设的以上、()（）])*")


def _heading(row: Row) -> Row:
    """A section's heading as words with a place."""
    words = f"{row['number'] or ''}{row['heading'] or ''}"
    return {**row, "quote": words, "end": row["start"] + len(words)}


def _deadlines(one: PlanFacts) -> Iterator[Row]:
    """Planned tasks without a deadline; standing duties need none."""
    from kg.extraction.deadlines import find_deadlines

    header = one.header
    year = header["period_end"] if header["period_start"] == header["period_end"] else None
    dated = [
        (heading, found.text) for heading in one.sections for found in find_deadlines(heading["heading"] or "", year)
    ]
    for task in one.tasks:
        if task["status"] != "planned" or task["deadline"] is not None:
            continue
        state: dict[str, Any] = {"searched": "本句、任务表、上级标题", "why": "未写明完成时限"}
        above = [
            (heading, words)
            for heading, words in dated
            if heading["start"] <= task["start"] and task["end"] <= heading["end"]
        ]
        if above:
            heading, words = above[-1]
            state = stated(_heading(heading), f"标题写明时限：{words}")
        elif _damaged(task):
            state = {"state": "cannot_be_judged", "why": "句子有乱码，日期可能缺失"}
        yield finding(one, "task_without_deadline", task["task_id"], task, **{"demand": "none", **state})


def _targets(one: PlanFacts, near: _Nearby) -> Iterator[Row]:
    tasks = {task["task_id"]: task for task in one.tasks}
    for target in one.targets:
        holder = tasks.get(target["task_id"])
        if holder is not None and (holder["owners"] or holder["status"] == "reported"):
            continue
        where = "提出该目标的任务未写明责任单位" if holder else "该目标不在任何任务中"
        value = f"{target['value']:g}"
        name = f"{target['measure']} {target['comparator']} {value} {target['unit'] or ''}".strip()
        state: Row = {"searched": "本句、责任注记、职责清单、同段前句、标题", "why": f"{name}：{where}"}
        state = (near.state(holder) if holder else None) or state
        yield finding(one, "target_without_owner", target["target_id"], target, **state)
