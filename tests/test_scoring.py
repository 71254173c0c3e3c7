"""Scoring gives the figures of the judge's own scorer, and counts what docs/annotating.md says."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError
from kg.extraction.scoring import compare, most_specific, read_gold, score

TEXT = "一、防汛\n汛期前配备排水泵。(责任单位:救援科、综合科)\n开展防汛检查;修订防汛预案。\n"


def gold(**changes: Any) -> dict[str, Any]:
    annotation: dict[str, Any] = {
        "source": "plan.txt",
        "plan": {"title": "工作要点", "kind": "工作要点", "period_start": 2024},
        "tasks": [
            {
                "text": "汛期前配备排水泵",
                "status": "planned",
                "owners": [
                    {"name": "救援科", "role": "responsible", "basis": "annotation"},
                    {"name": "综合科", "role": "responsible", "basis": "annotation"},
                ],
                "hazards": ["洪涝灾害"],
                "resources": ["排水泵"],
                "deadline": "汛期前",
            },
            {"text": "开展防汛检查", "status": "planned", "owners": [{"name": "有关部门", "generic": True}]},
        ],
        "entities": [{"type": "Agency", "name": "救援科", "aliases": ["救援科室"]}],
        "relations": [],
    }
    return annotation | changes


def figures(expected: dict[str, Any], output: dict[str, Any], measure: str) -> tuple[float, float, float]:
    return compare(expected, output, TEXT)[measure].figures()[:3]


def test_an_annotation_agrees_with_itself() -> None:
    assert {tally.figures().f1 for tally in compare(gold(), gold(), TEXT).values()} == {1.0}


def test_a_missed_task_costs_its_owners() -> None:
    output = gold(tasks=gold()["tasks"][1:])
    assert figures(gold(), output, "tasks") == (1.0, 0.5, pytest.approx(2 / 3))
    assert figures(gold(), output, "owners") == (0.0, 0.0, 0.0)


def test_generic_owners_are_ignored() -> None:
    output = gold()
    output["tasks"][1] = output["tasks"][1] | {"owners": [{"name": "各单位", "generic": True}]}
    assert figures(gold(), output, "owners")[2] == 1.0


def test_an_alias_reaches_its_unit() -> None:
    output = gold(entities=[{"type": "Agency", "name": "救援科室"}])
    output["tasks"][0] = copy.deepcopy(output["tasks"][0])
    output["tasks"][0]["owners"][0]["name"] = "救援科室"
    assert figures(gold(), output, "owners")[2] == figures(gold(), output, "entity Agency")[2] == 1.0


def test_the_narrower_hazard_counts() -> None:
    assert most_specific(["自然灾害", "洪涝灾害", "地震灾害", "水旱灾害"]) == ["洪涝灾害", "地震灾害"]


def test_only_the_scope_counts() -> None:
    expected = gold(scope=[["汛期前", "综合科)"]], tasks=gold()["tasks"][:1])
    assert figures(expected, gold(), "tasks")[0] == 1.0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not readable as JSON"),
        ("[]", "needs the keys source and plan"),
        ('{"source": "a.txt", "plan": {}, "tasks": [{}]}', "tasks[0] lacks the text text"),
        ('{"source": "a.txt", "plan": {}, "tasks": [{"text": "x", "owners": ["某局"]}]}', "owners[0] is not an object"),
        ('{"source": "a.txt", "plan": {}, "scope": [["a"]]}', "scope[0] is not a pair"),
    ],
)
def test_a_malformed_annotation_is_named(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_gold(tmp_path)
    assert words in str(caught.value) and "a.json" in str(caught.value) and "\n" not in str(caught.value)


def test_a_scope_that_is_not_in_the_text_is_named() -> None:
    with pytest.raises(InputError, match="does not stand in the text"):
        compare(gold(scope=[["没有这句", "综合科"]]), gold(), TEXT)


def test_an_empty_gold_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no annotations"):
        read_gold(tmp_path)


def damaged(annotation: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The annotation with every kind of fault that an output can have."""
    output = copy.deepcopy(annotation)
    output["tasks"] = [task for task in output["tasks"] if chance.random() < 0.8]
    for task in output["tasks"]:
        if chance.random() < 0.2:
            task["text"] = task["text"][: chance.randint(1, len(task["text"]))]
        if chance.random() < 0.2:
            task["owners"] = [*task["owners"][1:], {"name": "某局", "role": "lead"}]
        if chance.random() < 0.3:
            task["hazards"] = [*(task.get("hazards") or []), "自然灾害", "洪涝灾害"]
        if chance.random() < 0.1:
            task["deadline"] = "年底前"
        if chance.random() < 0.1:
            task["targets"] = [{"measure": "x", "comparator": ">=", "value": "90", "unit": "%"}]
    output["tasks"].append({"text": "不在文中的任务", "status": "planned"})
    output["entities"] = output["entities"][::2] + [{"type": "Team", "name": "某队", "aliases": ["队"]}]
    output["relations"] = output["relations"][1:] + [{"head": "甲", "type": "PART_OF", "tail": "乙"}]
    output["plan"] = output["plan"] | {"title": "别的题目", "issued": None}
    return output


def test_figures_and_misses_are_those_of_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    folder = shared / "eval" / "gold"
    golds = read_gold(folder)
    outputs = {one["source"]: damaged(one, random.Random(number)) for number, one in enumerate(golds)}
    pairs: list[str] = []
    for path in sorted(folder.glob("*.json")):
        output = tmp_path / path.name
        source = json.loads(path.read_text(encoding="utf-8"))["source"]
        output.write_text(json.dumps(outputs[source], ensure_ascii=False), encoding="utf-8")
        pairs += [str(path), str(output)]
    judge = [sys.executable, str(shared / "eval" / "score.py"), *pairs]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    want = json.loads(subprocess.check_output([*judge, "--json"], encoding="utf-8", env=environment))
    misses = subprocess.check_output([*judge, "--misses"], encoding="utf-8", env=environment)

    scores = score(golds, lambda source: (outputs[source], ""), folder / "text")
    assert {name: tally.figures()._asdict() for name, tally in scores.total.items()} == want
    ours = [f"    - {item}" for tally in scores.total.values() for item in tally.missed]
    ours += [f"    + {item}" for tally in scores.total.values() for item in tally.wrong]
    assert sorted(ours) == sorted(line for line in misses.splitlines() if line.startswith("    "))
