"""The command line: what each command prints, and that Chinese survives any console."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import kg as package
from kg.cli import main

Run = Callable[..., "subprocess.CompletedProcess[str]"]

WHO = (
    "owner, parent, generic, role, basis, task, status, response_level, plan, section, hazards, deadline, quote, "
    "start, end, position, owner_quote, owner_start, owner_end, owner_position, why"
).split(", ")
SHARED = {
    "tasks": ["owners", "task", "plan", "section", "quote", "start", "end", "position"],
    "pairs": ["owner_a", "owner_b", "tasks", "statements"],
    "load": ["owner", "tasks", "lead", "responsible", "support", "hazards"],
}
GAPS = "ground, item, state, demand, article, searched, plan, section, quote, start, end, why".split(", ")


@pytest.fixture(scope="module")
def store(kg: Run, examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample plans."""
    path = tmp_path_factory.mktemp("samples") / "samples.kg"
    result = kg("build", examples / "plans", "--out", path)
    assert result.returncode == 0, result.stderr
    assert "left out" in result.stderr.splitlines()[-1] and result.stdout == ""
    return path


def rows(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert result.returncode == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_every_sample_plan_is_built(kg: Run, store: Path, examples: Path) -> None:
    listed = rows(kg("plans", "--graph", store, "--format", "json"))
    assert {row["source"] for row in listed} == {path.name for path in (examples / "plans").iterdir()}
    assert all(row["title"] and row["tasks"] > 5 for row in listed)
    assert rows(kg("plans", "--left-out", "--graph", store, "--format", "json")) == []


def test_who(kg: Run, store: Path) -> None:
    found = rows(kg("who", "防汛物资", "--graph", store, "--format", "json"))
    assert found and all(list(row) == WHO for row in found)
    assert any(row["owner"] for row in found)
    unowned = [row["owner"] is None for row in found]
    assert unowned == sorted(unowned), "tasks that name no one come last"


def test_who_finds_nothing(kg: Run, store: Path) -> None:
    result = kg("who", "太空电梯", "--graph", store, "--format", "json")
    assert rows(result) == [] and "太空电梯" in result.stderr


@pytest.mark.parametrize("by", SHARED)
def test_shared(kg: Run, store: Path, by: str) -> None:
    found = rows(kg("shared", "--by", by, "--graph", store, "--format", "json"))
    assert found and all(list(row) == SHARED[by] for row in found)


def test_gaps(kg: Run, store: Path, examples: Path) -> None:
    name = sorted(path.name for path in (examples / "plans").iterdir())[0]
    found = rows(kg("gaps", name, "--graph", store, "--format", "json"))
    assert found and all(list(row) == GAPS for row in found)


def test_gaps_against_other_plans(kg: Run, store: Path) -> None:
    found = rows(
        kg(
            "gaps",
            "yunzhu_2025_yaodian.txt",
            "--against",
            "yunzhu_2024_yaodian.txt",
            "--graph",
            store,
            "--format",
            "json",
        )
    )
    assert {row["ground"] for row in found} >= {"element", "hazard_class", "other_plan"}
    assert all(row["state"] in ("absent", "stated_elsewhere", "cannot_be_judged") and row["why"] for row in found)
    assert kg("gaps", "yunzhu_2025_yaodian.txt", "--against", "2031", "--graph", store).returncode == 2


def test_compare(kg: Run, store: Path) -> None:
    result = kg("compare", "yunzhu_2024_yaodian.txt", "yunzhu_2025_yaodian.txt", "--graph", store, "--format", "json")
    found = rows(result)
    assert {row["change"] for row in found} == {"kept", "changed", "dropped", "new", "target"}
    assert re.match(r"\d+ kept, \d+ changed, \d+ dropped, \d+ new, \d+ target\n", result.stderr)
    text = kg("compare", "yunzhu_2024_yaodian.txt", "yunzhu_2025_yaodian.txt", "--graph", store).stdout
    assert text.split()[:4] == ["change", "what", "task_a", "task_b"]
    assert kg("compare", "yunzhu_2024_yaodian.txt", "yunzhu_2024_yaodian.txt", "--graph", store).returncode == 2


def test_timeline_and_targets(kg: Run, store: Path) -> None:
    found = rows(kg("timeline", "yunzhu_2025_yaodian.txt", "--at", "2025-07-01", "--graph", store, "--format", "json"))
    assert {row["state"] for row in found} == {"due", "overdue", "undated"} and all(row["task"] for row in found)
    assert len(rows(kg("timeline", "--graph", store, "--format", "json"))) > len(found)
    wrong = kg("timeline", "--at", "July", "--graph", store)
    assert wrong.returncode == 2 and "is no date" in wrong.stderr
    found = rows(kg("targets", "yunzhu_2024_yaodian.txt", "--graph", store, "--format", "json"))
    assert any(row["reported"] == 85.7 for row in found) and all(row["measure"] for row in found)


def test_json_and_csv_say_the_same(kg: Run, store: Path) -> None:
    want = rows(kg("who", "防汛", "--graph", store, "--format", "json"))
    text = kg("who", "防汛", "--graph", store, "--format", "csv").stdout
    assert not text.startswith("\ufeff")
    got = list(csv.DictReader(io.StringIO(text)))
    assert [row["owner"] for row in got] == [row["owner"] or "" for row in want]


def test_a_table_is_for_people(kg: Run, store: Path) -> None:
    text = kg("shared", "--by", "pairs", "--graph", store).stdout
    assert text.splitlines()[0].split() == SHARED["pairs"] and "─" in text


def test_cypher_takes_parameters(kg: Run, store: Path) -> None:
    query = "MATCH (p:Plan) WHERE p.kind = $kind RETURN p.title AS title, $n AS n ORDER BY title"
    command = ("cypher", query, "--param", "kind=工作要点", "--param", "n=2", "--graph", store, "--format", "json")
    found = rows(kg(*command))
    assert found and all("工作要点" in row["title"] and row["n"] == 2 for row in found)


def test_exports(kg: Run, store: Path, tmp_path: Path) -> None:
    for form, name in (("csv", "tables"), ("graphml", "graph.graphml"), ("xlsx", "book.xlsx")):
        result = kg("export", "--to", form, tmp_path / name, "--graph", store)
        assert result.returncode == 0, result.stderr
        assert (tmp_path / name).exists() and name in result.stderr
    book = openpyxl.load_workbook(tmp_path / "book.xlsx", read_only=True)
    assert sum(1 for _ in book["任务台账"].iter_rows()) > 100


def test_add_and_remove(kg: Run, store: Path, plan_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.kg"
    copy.write_bytes(store.read_bytes())
    before = kg("plans", "--graph", copy, "--format", "json").stdout
    assert kg("add", plan_file, "--graph", copy).returncode == 0
    assert len(rows(kg("plans", "--graph", copy, "--format", "json"))) == len(json.loads(before)) + 1
    assert kg("add", plan_file, "--graph", copy).returncode == 0
    assert kg("remove", plan_file.name, "--graph", copy).returncode == 0
    assert kg("plans", "--graph", copy, "--format", "json").stdout == before


def test_extract_prints_facts_with_their_places(kg: Run, plan_file: Path) -> None:
    result = kg("extract", plan_file, "--format", "json")
    facts = json.loads(result.stdout)
    source = plan_file.read_text(encoding="utf-8")
    assert facts["plan"]["kind"] == "工作要点" and facts["plan"]["place"] == "云溪区"
    first = facts["tasks"][0]
    assert first["text"] == "汛期前为多灾易灾村配备卫星电话、排水泵"
    assert {owner["name"] for owner in first["owners"]} == {"救援科", "综合科"}
    placed = [*facts["tasks"], *facts["entities"], *facts["relations"]]
    placed += [owner for task in facts["tasks"] for owner in task["owners"]]
    assert placed and all(source[one["start"] : one["end"]] == one["quote"] for one in placed)
    assert kg("extract", plan_file, "--format", "json").stdout == result.stdout


def test_extract_explains_itself(kg: Run, plan_file: Path) -> None:
    plain, explained = (
        kg("extract", plan_file, "--format", "json"),
        kg("extract", plan_file, "--format", "json", "--explain"),
    )
    assert explained.stdout == plain.stdout
    assert "rule" in explained.stderr and "rejected" in explained.stderr


def test_extract_as_a_table(kg: Run, plan_file: Path) -> None:
    found = list(csv.DictReader(io.StringIO(kg("extract", plan_file, "--format", "csv").stdout)))
    assert found[0]["owners"] == "救援科、综合科"
    assert "卫星电话" in kg("extract", plan_file).stdout


def test_eval_of_the_samples(kg: Run, examples: Path) -> None:
    result = kg("eval", examples / "gold")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("plan fields") and any(line.startswith("owners with role") for line in lines)
    assert "F1 by plan" in lines
    figures = json.loads(kg("eval", examples / "gold", "--json").stdout)
    assert set(figures["tasks"]) == {"precision", "recall", "f1", "gold", "out"}
    by_plan = json.loads(kg("eval", examples / "gold", "--json", "--by-plan").stdout)
    assert by_plan["total"] == figures and len(by_plan["plans"]) == len(list((examples / "gold").glob("*.json")))


def test_eval_prints_the_lines_of_the_shared_scorer(kg: Run, shared: Path, tmp_path: Path) -> None:
    gold = shared / "eval" / "gold"
    pairs: list[str] = []
    for path in sorted(gold.glob("*.json")):
        output = tmp_path / path.name
        source = json.loads(path.read_text(encoding="utf-8"))["source"]
        output.write_text(kg("extract", shared / "plans" / source, "--format", "json").stdout, encoding="utf-8")
        pairs += [str(path), str(output)]
    judge = [sys.executable, "-X", "utf8", str(shared / "eval" / "score.py"), *pairs]
    for options in (("--misses",), ("--json",)):
        want = subprocess.check_output([*judge, *options], encoding="utf-8").splitlines()
        got = kg("eval", gold, *options).stdout.splitlines()
        assert got[: len(want)] == want


def test_demo(kg: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "samples.kg").write_bytes(b"of an earlier demo, cut off")
    result = kg("demo", "--out", out)
    assert result.returncode == 0, result.stderr
    assert (out / "samples.xlsx").stat().st_size > 10_000 and (out / "samples.html").stat().st_size > 100_000
    assert all(f"{number}. " in result.stdout for number in (1, 2, 3)) and "samples.xlsx" in result.stdout
    assert len(rows(kg("plans", "--graph", out / "samples.kg", "--format", "json"))) >= 6


def test_main_returns_the_exit_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["plans", "--graph", str(tmp_path / "none.kg")]) == 1
    assert "none.kg" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="pipes as of a POSIX shell")
def test_a_reader_that_goes_away_is_no_error(store: Path) -> None:
    command = f'"{sys.executable}" -m kg.cli who 防汛 --graph "{store}" --format json | head -c 10'
    result = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert result.returncode == 0 and result.stderr == ""


def test_the_version(kg: Run) -> None:
    assert kg("--version").stdout.startswith("kg ")


def test_importing_is_quick() -> None:
    code = "import sys, kg, kg.cli; print(sorted({'pandas', 'ladybug', 'rdflib', 'networkx'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
    assert set(package.__all__) <= set(dir(package))
