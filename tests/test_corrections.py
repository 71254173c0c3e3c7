"""Corrections: decisions on facts, taken back from a workbook or CSV file, kept by plan and quote."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import kg
from kg.errors import InputError
from kg.graph import Graph
from kg.store.corrections import HEADERS, Corrections, is_corrections, read_corrections

SENTENCE = "开展危险化学品企业专项检查"


def sheet(graph: Graph, path: Path, language: str = "zh") -> Path:
    plan = str(graph.plans().id.item())
    return graph.to_report(plan, path, "xlsx", language=language)


def fill(path: Path, decide: Any) -> int:
    """Let `decide` change rows (by column code) of the sheet of corrections; returns how many it changed."""
    book = openpyxl.load_workbook(path)
    names = {caption: name for name, captions in HEADERS.items() for caption in captions}
    (found,) = (one for one in book.worksheets if one.title in ("核对", "Corrections"))
    header = [names[cell.value] for cell in found[1]]
    changed = 0
    for cells in found.iter_rows(min_row=2):
        row = {name: cell.value for name, cell in zip(header, cells, strict=True)}
        for name, value in (decide(row) or {}).items():
            cells[header.index(name)].value = value
            changed += 1
    book.save(path)
    return changed


def owners(graph: Graph, words: str) -> dict[str, str]:
    rows = graph.who_is_responsible(words).dropna(subset="owner")
    return dict(zip(rows.owner, rows.role, strict=True))


@pytest.fixture
def store(plan_file: Path, tmp_path: Path) -> Path:
    out = tmp_path / "plans.kg"
    kg.build(plan_file, out=out).close()
    return out


def rules(graph: Graph) -> set[tuple[str, str]]:
    rows = graph.cypher("MATCH (o)-[r:RESPONSIBLE_FOR]->(t:Task) RETURN o.name AS owner, r.rule AS rule")
    return set(rows.itertuples(index=False, name=None))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_confirm_reject_change_and_add_survive_a_rebuild(
    store: Path, plan_file: Path, tmp_path: Path, language: str
) -> None:
    book = tmp_path / "corrections.xlsx"
    say = {"zh": ("确认", "否决", "修改", "增加", "牵头"), "en": ("confirm", "reject", "change", "add", "lead")}[
        language
    ]

    def decide(row: dict[str, Any]) -> dict[str, str] | None:
        if row["fact"] in ("责任单位", "owner") and SENTENCE in row["task_quote"]:
            if row["current"] == "危化科":
                return {"decision": say[2], "new_value": "基础科", "new_role": say[4]}
            return {"decision": say[0]}
        if row["fact"] in ("责任单位", "owner") and row["current"] == "救援科":
            return {"decision": say[1]}
        if row["fact"] in ("任务", "task") and "应急预案" in row["task_quote"]:
            return {"decision": say[3], "fact": "owner", "new_value": "法规科"}
        return None

    with kg.open(store) as graph:
        assert fill(sheet(graph, book, language), decide) >= 6
        report = graph.add(book)
        assert report.corrected == 4 and not report.warnings and not report.built
        wanted = {"综合科": "responsible", "基础科": "lead"}
        assert owners(graph, SENTENCE) == wanted
        assert owners(graph, "修订生产安全事故应急预案") == {"法规科": "responsible"}
        assert "救援科" not in owners(graph, "卫星电话")
        assert {("综合科", "manual"), ("基础科", "manual"), ("法规科", "manual")} <= rules(graph)
        assert graph.check().query("severity == 'violation'").empty
        kept = [*graph.nodes(), *graph.relationships()]
    with kg.open(store) as graph:
        graph.add(plan_file)
        assert [*graph.nodes(), *graph.relationships()] == kept
    with kg.build(plan_file, out=store, replace=True) as graph:
        assert graph.report.corrected == 4
        assert [*graph.nodes(), *graph.relationships()] == kept
    with kg.build([plan_file, book]) as graph:
        assert [*graph.nodes(), *graph.relationships()] == kept


def test_tasks_hazards_and_deadlines(store: Path, plan_file: Path, tmp_path: Path) -> None:
    book = tmp_path / "corrections.xlsx"

    def decide(row: dict[str, Any]) -> dict[str, str] | None:
        if row["fact"] == "任务" and SENTENCE in row["task_quote"]:
            return {"decision": "否决"}
        if row["fact"] == "时限" and row["current"] == "5月底前":
            return {"decision": "修改", "new_value": "2024-04-30"}
        if row["fact"] == "灾种" and row["current"] == "山洪灾害":
            return {"decision": "修改", "new_value": "地质灾害"}
        return None

    with kg.open(store) as graph:
        fill(sheet(graph, book), decide)
        assert graph.add(book).corrected == 3
        assert SENTENCE not in graph.tasks().task.tolist()
        one = graph.tasks().query("deadline == '2024-04-30'").iloc[0]
        assert one.deadline_date == "2024-04-30" and one.hazards == ["地质灾害"]
        assert graph.add(book).corrected == 0  # the same once more says nothing new


def test_what_no_longer_fits_its_text_is_reported(store: Path, plan_file: Path, tmp_path: Path) -> None:
    book = tmp_path / "corrections.xlsx"
    with kg.open(store) as graph:
        fill(sheet(graph, book), lambda row: {"decision": "确认"} if SENTENCE in row["task_quote"] else None)
        count = graph.add(book).corrected
        assert count >= 3
    text = plan_file.read_text(encoding="utf-8")
    plan_file.write_text("\n" + text.replace("专项检查", "专项整治"), encoding="utf-8")
    with kg.open(store) as graph:
        report = graph.add(plan_file)
        assert report.corrected == 0 and len([one for one in report.warnings if "no longer fits" in one]) == count
    plan_file.write_text("\n\n" + text, encoding="utf-8")  # the words have moved, and are found again
    with kg.open(store) as graph:
        assert graph.add(plan_file).corrected == count


def csv_file(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, list(HEADERS))
        writer.writeheader()
        writer.writerows(rows)
    return path


ROW = {"plan": "plan-1", "task_quote": SENTENCE, "task_start": "3", "fact": "owner", "current": "危化科"}


def test_a_csv_file_does_too(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "c.csv", ROW | {"decision": "reject"}, ROW | {"decision": ""})
    assert is_corrections(path)
    (one,) = read_corrections(path).rows
    assert (one.decision, one.current, one.task_start) == ("reject", "危化科", 3)
    assert Corrections.from_json(read_corrections(path).to_json()) == read_corrections(path)


def test_corrections_for_a_plan_that_is_not_there_are_kept(store: Path, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "c.csv", ROW | {"decision": "reject"})
    with kg.open(store) as graph:
        report = graph.add(path)
        assert "plan-1" in report.warnings[0] and "kept" in report.warnings[0]
        assert len(graph.store.corrections().rows) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"decision": "maybe"}, "row 2: 'maybe' is no decision"),
        ({"decision": "change"}, "without a new value"),
        ({"decision": "add", "fact": "task", "new_value": "duty"}, "can be added"),
        ({"decision": "add", "fact": "hazard", "new_value": "外星人"}, "no hazard"),
        ({"decision": "reject", "plan": ""}, "no plan"),
        ({"decision": "reject", "task_start": "x"}, "is no number"),
    ],
)
def test_a_row_that_cannot_be_is_named(tmp_path: Path, row: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_corrections(csv_file(tmp_path / "c.csv", ROW | row))


def test_other_tables_are_no_corrections(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert not is_corrections(path)
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"no workbook")
    assert not is_corrections(broken)
    with pytest.raises(InputError, match="cannot be read"):
        read_corrections(broken)


@pytest.mark.parametrize("fault", ["format", "foreign"])
def test_replacing_a_store_that_cannot_be_opened_says_what_is_not_kept(
    store: Path, plan_file: Path, tmp_path: Path, fault: str
) -> None:
    book = tmp_path / "corrections.xlsx"
    with kg.open(store) as graph:
        fill(sheet(graph, book), lambda row: {"decision": "确认"} if SENTENCE in row["task_quote"] else None)
        assert graph.add(book).corrected
        graph.store.run("MATCH (s:StoreInfo {id: 'format'}) SET s.value = '99'")
    if fault == "foreign":
        store.write_text("no store", encoding="utf-8")
    with kg.build(plan_file, out=store, replace=True) as graph:
        assert graph.report.corrected == 0
        (line,) = graph.report.warnings
    reason = {"format": "has format 99", "foreign": "is not a store of plans"}[fault]
    assert line.startswith(f"{store}: {reason}") and "corrections and aliases that it held are not kept" in line


def test_replacing_a_store_says_which_aliases_are_not_kept(plan_file: Path, tmp_path: Path) -> None:
    aliases, store = tmp_path / "aliases.csv", tmp_path / "plans.kg"
    aliases.write_text("name,place,same_as\n市三防办,宁波市,宁波市防汛防台抗旱指挥部办公室\n", encoding="utf-8")
    kg.build(plan_file, out=store, aliases=aliases).close()
    with kg.build(plan_file, out=store, aliases=aliases, replace=True) as graph:
        assert graph.report.warnings == []
    with kg.build(plan_file, out=store, replace=True) as graph:
        assert [line for line in graph.report.warnings if "1 of the aliases that it held are not kept" in line]
