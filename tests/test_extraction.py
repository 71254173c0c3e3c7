"""Extraction from fixture texts: `fixtures/extraction/*.md`, a file a form.

A block begins with `=== title`; settings may follow, a line each. Then come the excerpt and, after a line of `---`, the
expected rows; indented ones belong to the task above:

    planned | the task's words               a task with its status
      owner: 水利局 lead annotation           name, role, basis (+ `generic`, `= resolved name`), in this order
      addressed: 各镇                          (+ `generic`)
      hazard: 洪涝灾害   resource: Supply 沙袋   deadline: 6月底前 2025-06-30   target: 达标率 >= 60 %
      cites: 防汛条例    level: Ⅲ
    rejected: goal goal | words              a sentence that is none: rule, reason
    dropped: hazard in_organ_name | 消防      a word that a vocabulary has and that names nothing there
    loose-target: …   loose-cites: …         those that stand in no task
    entity: Agency 省水利厅 = 水利厅            a type, a name and its aliases
    relation: A OFFICE_OF B
    plan: title …                             a field of the plan

Tasks are compared always, and owners, addressed, deadlines, targets and citations on them (`only: owner` narrows that);
the other kinds where the block has such a row or names the kind (`also: entity`). `xfail: reason` below the title marks
a defect; when it is mended, the test fails until the line goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.extraction import extract
from kg.extraction.facts import Facts, Target, Task
from kg.extraction.tasks import RULES
from kg.loaders import load_text

FOLDER = Path(__file__).parent / "fixtures" / "extraction"
ON_TASK = ("owner", "addressed", "hazard", "resource", "deadline", "target", "cites", "level")
LOOSE = ("rejected", "dropped", "loose-target", "loose-cites", "entity", "relation", "plan")
SENTENCE_RULES = {rule.__name__ for rule in RULES}
NOT_DEFAULT = ("hazard", "resource", "level", *LOOSE)
"""Kinds that are compared only in blocks that have or name them."""


def blocks() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*.md")):
        for block in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            title, rest = block.split("\n", 1)
            text, _, expected = rest.partition("\n---\n")
            settings: dict[str, str] = {}
            while found := re.match(r"(xfail|only|also|name): *(.*)\n", text):
                settings[found[1]] = found[2]
                text = text[found.end() :]
            marks = [pytest.mark.xfail(strict=True, reason=settings["xfail"])] if "xfail" in settings else []
            yield pytest.param(settings, text.strip("\n"), expected, id=f"{path.stem}: {title}", marks=marks)


def number(value: float | int) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def target_row(target: Target) -> str:
    return f"{target.measure} {target.comparator} {number(target.value)} {target.unit}"


def task_rows(task: Task) -> Iterator[tuple[str, str]]:
    yield "task", f"{task.status} | {re.sub(chr(10), '⏎', task.text)}"
    for owner in task.owners:
        more = " generic" if owner.generic else ""
        more += f" = {owner.resolved}" if owner.resolved else ""
        yield "owner", f"{owner.name} {owner.role} {owner.basis}{more}"
    for unit in task.addressed:
        yield "addressed", unit.name + (" generic" if unit.generic else "")
    for hazard in dict.fromkeys(hazard.name for hazard in task.hazards):
        yield "hazard", hazard
    for label, name in dict.fromkeys((resource.label, resource.name) for resource in task.resources):
        yield "resource", f"{label} {name}"
    if task.deadline:
        yield "deadline", f"{task.deadline.text} {task.deadline.date or '-'}"
    for target in task.targets:
        yield "target", target_row(target)
    for citation in task.cites:
        yield "cites", citation.title + (f" ({citation.doc_number})" if citation.doc_number else "")
    if task.response_level:
        yield "level", task.response_level


def rows(facts: Facts) -> Iterator[tuple[str, str]]:
    """The facts as (kind, row), in the form of the fixtures."""
    for task in facts.tasks:
        yield from task_rows(task)
    for one in facts.rejected:
        yield ("rejected" if one.rule in SENTENCE_RULES else "dropped"), f"{one.rule} {one.reason} | {one.quote}"
    for target in facts.targets:
        yield "loose-target", target_row(target)
    for citation in facts.cites:
        yield "loose-cites", citation.title + (f" ({citation.doc_number})" if citation.doc_number else "")
    for entity in facts.entities:
        yield "entity", f"{entity.type} {entity.name}" + (f" = {'、'.join(entity.aliases)}" if entity.aliases else "")
    for relation in facts.relations:
        yield "relation", f"{relation.head} {relation.type} {relation.tail}"
    for name in ("title", "kind", "issuer", "place", "doc_number", "issued", "period_start", "period_end"):
        if getattr(facts.plan, name) is not None:
            yield "plan", f"{name} {getattr(facts.plan, name)}"


def written(found: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> list[str]:
    """Rows as they stand in a fixture."""
    return [
        row if kind == "task" else f"  {kind}: {row}" if kind in ON_TASK else f"{kind}: {row}" for kind, row in found
    ]


def kind_of(line: str) -> str:
    if re.match(r"(planned|reported|duty) \|", line):
        return "task"
    return line.split(":", 1)[0].strip()


@pytest.mark.parametrize(("settings", "text", "expected"), list(blocks()))
def test_extraction(settings: dict[str, str], text: str, expected: str) -> None:
    wanted = [line.rstrip() for line in expected.splitlines() if line.strip()]
    kinds = {kind_of(line) for line in wanted}
    assert kinds <= {"task", *ON_TASK, *LOOSE}, kinds
    only, also = (
        {kind.strip() for kind in settings.get(key, "").split(",") if kind.strip()} for key in ("only", "also")
    )
    compared = kinds | also | {"task"} | (only or {*ON_TASK} - set(NOT_DEFAULT))
    facts = extract(load_text(text, settings.get("name", "plan.txt")))
    got = [line for line in written(list(rows(facts))) if kind_of(line) in compared]
    assert "\n".join(got) == "\n".join(wanted)
