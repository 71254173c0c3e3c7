"""Page, paragraph or cell of a fact: from the file into the graph, its answers, and RDF and back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import office_files as files
import openpyxl
import pytest

import kg as package
from kg.graph import Graph
from kg.loaders.positions import Position

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def word(folder: Path) -> Path:
    """A plan with one task in a paragraph and one in a table."""
    document = docx.Document()
    document.add_paragraph("云渚区2026年防汛工作要点")
    document.add_paragraph("一、备足物资")
    document.add_paragraph("汛期前储备防汛编织袋5万条。（责任单位：区水利局）")
    table = document.add_table(2, 3)
    for y, words in enumerate((("重点任务", "牵头单位", "时限"), ("检查全区堤防", "区农业农村局", "4月底前"))):
        for x, cell in enumerate(words):
            table.cell(y, x).text = cell
    path = folder / "plan.docx"
    document.save(str(path))
    return path


def sheet(folder: Path) -> Path:
    """A list of tasks and a ledger of supplies."""
    book = openpyxl.Workbook()
    tasks = book.active
    assert tasks is not None
    tasks.title = "任务分工"
    for row in (
        ("序号", "重点任务", "牵头单位"),
        (1, "修订森林防火预案", "区林业局"),
        (2, "检查消防栓", "区消防救援大队"),
    ):
        tasks.append(row)
    supplies = book.create_sheet("物资台账")
    for row in (("物资名称", "数量", "单位", "管理单位"), ("防汛沙袋", 3000, "条", "区水利局")):
        supplies.append(row)
    path = folder / "ledger.xlsx"
    book.save(path)
    return path


def places(graph: Graph, topic: str) -> list[tuple[str, str | None, str | None]]:
    found = graph.who_is_responsible(topic)
    return list(zip(found["owner"], found["position"], found["owner_position"], strict=True))


def test_paragraph_and_cell_of_a_document(tmp_path: Path) -> None:
    graph = package.build(word(tmp_path))
    assert places(graph, "编织袋") == [("区水利局", "第3段", "第3段")]
    assert places(graph, "堤防") == [("区农业农村局", "表1第2行第1列", "表1第2行第2列")]
    sections = [edge["position"] for edge in graph.relationships("HAS_SECTION")]
    assert "第2段" in sections
    assert "表1第2行第1列" in list(graph.tasks()["position"])


def test_every_answer_with_words_has_their_position(tmp_path: Path) -> None:
    document = docx.Document(str(word(tmp_path)))
    document.add_paragraph("推进防汛演练，力争参演率达到95%。（责任单位：区水利局、区教育局、区民政局）")
    document.add_paragraph("加固水库大坝。（牵头单位：区水利局、区住建局）")
    document.add_paragraph("区应急管理局督促区教育局开展校园地震演练。")
    document.add_paragraph("成立区防汛指挥部，区水利局为成员单位。")
    path = tmp_path / "more.docx"
    document.save(str(path))
    graph = package.build(path)
    answers = {
        "duties": graph.duties_of("区教育局", addressed=True),
        "timeline": graph.timeline(at="2026-01-01"),
        "targets": graph.targets(),
        "mentions": graph.mentions("编织袋"),
        "relations": graph.relations_of("区水利局"),
        **{by: graph.shared_owners(by=by) for by in ("tasks", "single", "leads", "no_lead")},
    }
    for name, answer in answers.items():
        assert len(answer) and answer["position"].notna().all(), (name, answer)
    duties = answers["duties"]
    assert set(duties["role"]) == {"responsible", "addressed"}
    assert duties["owner_position"].tolist() == duties["position"].tolist() == ["第4段", "第6段"]
    assert answers["timeline"]["position"].tolist() == ["表1第2行第1列", "第3段"]
    assert answers["leads"]["position"].tolist() == ["第5段"]


def test_cells_of_a_workbook_and_of_its_supplies(tmp_path: Path) -> None:
    graph = package.build(sheet(tmp_path))
    assert places(graph, "森林防火") == [("区林业局", "任务分工!B2", "任务分工!C2")]
    (supply,) = graph.resources("Supply").to_dict("records")
    assert (supply["resource"], supply["position"]) == ("防汛沙袋", "物资台账!A2")


def test_pages_of_a_pdf(examples: Path, tmp_path: Path) -> None:
    plan = examples / "plans" / "yunzhu_fangxun_yuan.txt"
    pdf = files.printed(files.web_page(plan, tmp_path), tmp_path)
    (pages,) = {facts.reading.pages for facts in [package.extract(pdf)]}
    seen = {edge["position"] for edge in package.build(pdf).relationships("HAS_TASK")}
    numbers = {int(one.split(" ")[0].removeprefix("第").removesuffix("页")) for one in seen}
    assert len(numbers) > 2 and numbers <= set(range(1, pages + 1)) and max(numbers) > pages // 2


@pytest.mark.parametrize("form", ["ttl", "trig", "jsonld", "nt"])
def test_rdf_and_back(tmp_path: Path, form: str) -> None:
    graph = package.build([word(tmp_path), sheet(tmp_path)])
    path = tmp_path / f"plans.{form}"
    graph.to_rdf(path)
    again = package.build(path)
    assert list(again.relationships()) == list(graph.relationships())
    assert sum(edge["position"] is not None for edge in again.relationships() if "position" in edge) > 10


def test_what_people_see(kg: Run, tmp_path: Path, plan_file: Path) -> None:
    graph = tmp_path / "x.kg"
    assert kg("build", word(tmp_path), "--out", graph).returncode == 0
    table = kg("who", "编织袋", "--graph", graph).stdout
    assert "position" in table and "第3段" in table
    (row,) = json.loads(kg("who", "编织袋", "--graph", graph, "--format", "json").stdout)
    assert row["position"] == row["owner_position"] == "第3段"
    found = kg("sparql", "who_is_responsible", "--graph", graph, "--param", "words=编织袋", "--format", "json")
    assert {one["position"] for one in json.loads(found.stdout)} == {"第3段"}, found.stderr
    page = tmp_path / "x.html"
    assert kg("export", "--graph", graph, "--to", "html", page).returncode == 0
    assert "表1第2行第2列" in page.read_text(encoding="utf-8")

    plain = tmp_path / "plain.kg"
    assert kg("build", plan_file, "--out", plain).returncode == 0
    assert "position" not in kg("who", "防汛", "--graph", plain).stdout


def test_a_position_for_people() -> None:
    assert Position(page=3, table=2, row=4, column=1).in_chinese() == "第3页 表2第4行第1列"
    assert Position(cell="B7").in_chinese() == "B7"
