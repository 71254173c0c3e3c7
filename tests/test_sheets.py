"""Layouts of tables in spreadsheets, each with the facts expected of it; `^` is merged with the cell above, `<` with the
one on the left. The same layouts as Word tables give the same facts."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from kg.errors import UnreadableFile, UsageError
from kg.extraction import extract
from kg.extraction.facts import Facts
from kg.extraction.mapping import read_mapping
from kg.loaders import load

Run = Callable[..., "subprocess.CompletedProcess[str]"]
FIXTURES = Path(__file__).parent / "fixtures" / "tables" / "sheets.txt"


def layouts() -> Iterator[Any]:
    """The blocks of the fixture: title (with a mapping in JSON), rows, expected lines."""
    for block in re.split(r"^=== ", FIXTURES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, rest = block.split("\n", 1)
        grid, expected = rest.split("---\n")
        mapping = json.loads(title[title.index("{") :]) if "{" in title else None
        rows = [line.split("|") for line in grid.splitlines()]
        yield pytest.param(rows, mapping, expected.splitlines(), id=title.split(" ")[0])


def merges(rows: list[list[str]]) -> Iterator[tuple[int, int, int, int]]:
    """First row and column, last row and column of each merged cell."""
    for y, row in enumerate(rows):
        for x, words in enumerate(row):
            if words in "^<" and words:
                continue
            right = x
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            down = y
            while down + 1 < len(rows) and x < len(rows[down + 1]) and rows[down + 1][x] == "^":
                down += 1
            if (down, right) != (y, x):
                yield y, x, down, right


def lines(facts: Facts) -> list[str]:
    """What the facts say of tasks, resources and who keeps them."""
    found = []
    for task in facts.tasks:
        owners = " ".join(f"{owner.name}({owner.role})" for owner in task.owners if owner.basis == "table")
        found.append(f"task {task.text} | {owners} | {task.deadline.text if task.deadline else None}")
    for entity in facts.entities:
        if entity.quantity is not None:
            found.append(f"{entity.type} {entity.name} {entity.quantity} {entity.unit}")
    for relation in facts.relations:
        if relation.type == "MANAGES" and relation.evidence.rule == "ledger":
            found.append(f"MANAGES {relation.head} -> {relation.tail}")
    return found


def workbook(rows: list[list[str]], path: Path) -> Path:
    book = openpyxl.Workbook()
    for y, row in enumerate(rows, 1):
        for x, words in enumerate(row, 1):
            if words not in ("^", "<", ""):
                book.active.cell(y, x, int(words) if words.isdigit() else words)
    for top, left, bottom, right in merges(rows):
        book.active.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)
    return path


def document(rows: list[list[str]], path: Path) -> Path:
    made = docx.Document()
    table = made.add_table(len(rows), max(map(len, rows)))
    for y, row in enumerate(rows):
        for x, words in enumerate(row):
            if words not in ("^", "<"):
                table.cell(y, x).text = words
    for top, left, bottom, right in merges(rows):
        table.cell(top, left).merge(table.cell(bottom, right))
    made.save(str(path))
    return path


@pytest.mark.parametrize("make", [workbook, document])
@pytest.mark.parametrize(("rows", "mapping", "expected"), list(layouts()))
def test_layout(
    tmp_path: Path,
    make: Callable[[list[list[str]], Path], Path],
    rows: list[list[str]],
    mapping: dict[str, str] | None,
    expected: list[str],
) -> None:
    path = make(rows, tmp_path / ("x.xlsx" if make is workbook else "x.docx"))
    loaded = load(path, columns=mapping)
    facts = extract(loaded)
    assert sorted(lines(facts)) == sorted(expected)
    for task in facts.tasks:
        assert task.evidence.position is not None
    for entity in facts.entities:
        for mention in entity.mentions:
            assert mention.evidence.position is not None


def test_a_ledger_is_built_and_explained(kg: Run, tmp_path: Path) -> None:
    rows = next(iter([p.values[0] for p in layouts() if p.id and p.id.startswith("物资台账，管理单位跨行")]))
    path = workbook(rows, tmp_path / "台账.xlsx")  # type: ignore[arg-type]
    result = kg("extract", path, "--explain", "--format", "json")
    assert result.returncode == 0, result.stderr
    assert "物资名称 = supply" in result.stderr and "管理单位 = manager" in result.stderr
    facts = json.loads(result.stdout)
    boats = next(entity for entity in facts["entities"] if entity["name"] == "冲锋舟")
    assert (boats["quantity"], boats["unit"], boats["sheet"], boats["cell"]) == (10, "艘", "Sheet", "A2")
    assert boats["kept_at"] == ["东港仓库", "西港仓库"]
    assert kg("build", path, "--out", tmp_path / "x.kg").returncode == 0
    query = "MATCH (a:Agency)-[r:MANAGES]->(s:Supply) RETURN a.name AS a, s.name AS s, s.quantity AS q, s.unit AS u"
    found = json.loads(kg("cypher", query, "--graph", tmp_path / "x.kg", "--format", "json").stdout)
    assert {(row["a"], row["s"], row["q"], row["u"]) for row in found} == {
        ("区水利局", "冲锋舟", 10, "艘"), ("区水利局", "编织袋", 5000, "条"), ("区消防救援大队", "冲锋舟", 10, "艘")
    }  # fmt: skip
    shown = json.loads(kg("resources", "--graph", tmp_path / "x.kg", "--format", "json").stdout)
    kept = {row["resource"]: (row["quantity"], row["unit"], row["kept_at"], row["managed_by"]) for row in shown}
    assert kept["冲锋舟"] == (10, "艘", ["东港仓库", "西港仓库"], ["区水利局", "区消防救援大队"])
    assert "东港仓库" in kg("resources", "--graph", tmp_path / "x.kg").stdout


def test_mapping_files(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "columns.yaml"
    path.write_text("columns:\n  所需 东西: supply\n  谁管: manager\n", encoding="utf-8")
    assert read_mapping(path) == {"所需东西": "supply", "谁管": "manager"}
    for words, says in (("columns: [", "line"), ("a: 1", "columns"), ("columns:\n  x: boat", "no kind 'boat'")):
        path.write_text(words, encoding="utf-8")
        with pytest.raises(UsageError, match=says) as caught:
            read_mapping(path)
        assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    with pytest.raises(UnreadableFile):
        read_mapping(tmp_path / "none.yaml")
    sheet = workbook([["所需东西", "几个"], ["冲锋舟", "6"]], tmp_path / "x.xlsx")
    result = kg("build", sheet, "--out", tmp_path / "x.kg", "--mapping", path)
    assert result.returncode == 2 and result.stderr.count("\n") == 1 and "columns.yaml" in result.stderr
