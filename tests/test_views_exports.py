"""A graph as CSV files, GraphML and an Excel workbook."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import networkx
import openpyxl
import pytest

from kg import building
from kg.errors import UsageError
from kg.extraction.facts import (
    Deadline,
    Entity,
    Evidence,
    Facts,
    Mention,
    Named,
    Owner,
    SectionFact,
    Task,
)
from kg.graph import Graph
from kg.loaders.document import PlanMetadata
from kg.loaders.text import REASONS
from kg.ontology import schema
from kg.store.ladybug import LadybugStore
from kg.views import to_csv, to_excel, to_graphml
from kg.views.captions import CODES

TASKS = (
    "=SUM(1)号排水泵配备到村",
    "开展“防汛”检查,\x0b修订预案",
    "没有单位的任务",
)


def facts() -> Facts:
    """Three tasks of one section; two with two owners, one with words that a spreadsheet would compute."""

    def evidence(start: int, words: str) -> Evidence:
        return Evidence(start, start + len(words), words, "by_hand")

    def owners(start: int, names: list[tuple[str, str]]) -> tuple[Owner, ...]:
        return tuple(
            Owner(name, "Agency", role, "annotation", False, evidence(start + i, name))
            for i, (name, role) in enumerate(names)
        )

    pump = Named("排水泵", "Supply", evidence(10, "排水泵"))
    flood = Named("洪涝灾害", "Hazard", evidence(20, "防汛"))
    tasks = (
        Task(
            TASKS[0],
            "planned",
            0,
            evidence(10, TASKS[0]),
            owners=owners(30, [("救援科", "lead"), ("综合科", "support")]),
            resources=(pump,),
            deadline=Deadline("6月底前", "2024-06-30", evidence(15, "6月底前")),
            statement=0,
        ),
        Task(
            TASKS[1],
            "planned",
            0,
            evidence(50, TASKS[1]),
            owners=owners(70, [("救援科", "responsible"), ("综合科", "responsible")]),
            hazards=(flood,),
            statement=1,
        ),
        Task(TASKS[2], "planned", 0, evidence(90, TASKS[2])),
    )
    named = [("Agency", "救援科", 30), ("Agency", "综合科", 31), ("Supply", "排水泵", 10), ("Hazard", "洪涝灾害", 20)]
    return Facts(
        source="plan.txt",
        sha256="0" * 64,
        plan=PlanMetadata(
            title="云溪区2024年工作要点",
            kind="工作要点",
            issuer="云溪区应急管理局",
            place="云溪区",
            period_start=2024,
            period_end=2024,
        ),
        sections=(SectionFact("一、", "防汛", 1, -1, 0, 120),),
        tasks=tasks,
        targets=(),
        cites=(),
        entities=tuple(
            Entity(kind, name, ("防汛",) if kind == "Hazard" else (), (Mention(name, 0, evidence(at, name)),))
            for kind, name, at in named
        ),
        relations=(),
        covers=(),
        rejected=(),
        warnings=(),
        size=120,
    )


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph(LadybugStore.create()) as made:
        made.add_facts([facts()])
        yield made


def test_csv_has_a_file_for_each_label_and_type(graph: Graph, tmp_path: Path) -> None:
    names = [*(one.name for one in schema().labels), *(one.name for one in schema().relationships)]
    written = to_csv(graph, tmp_path / "out")
    assert [path.name for path in written] == [f"{name}.csv" for name in names]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in written)
    assert len({name.lower() for name in names}) == len(names), "two files would be one where case does not count"


def test_csv_has_every_node_and_relationship(graph: Graph, tmp_path: Path) -> None:
    to_csv(graph, tmp_path)

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    assert {row["text"] for row in rows("Task")} == {f"'{TASKS[0]}", *TASKS[1:]}
    assert {(row["source_label"], row["role"]) for row in rows("RESPONSIBLE_FOR")} == {
        ("Agency", "lead"),
        ("Agency", "support"),
        ("Agency", "responsible"),
    }
    assert [row["aliases"] for row in rows("Hazard") if row["name"] == "洪涝灾害"] == ["防汛"]
    assert sum(len(rows(one.name)) for one in schema().labels) == len(list(graph.nodes()))


def test_csv_needs_a_folder(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="give a folder"):
        to_csv(graph, tmp_path / "file")


def test_graphml_is_read_back(graph: Graph, tmp_path: Path) -> None:
    path = to_graphml(graph, tmp_path / "out.graphml")
    read = networkx.read_graphml(path, force_multigraph=True)
    whole = graph.to_networkx()
    assert (read.number_of_nodes(), read.number_of_edges()) == (whole.number_of_nodes(), whole.number_of_edges())
    texts = {data["text"] for _, data in read.nodes(data=True) if data["label"] == "Task"}
    assert texts == {text.replace("\x0b", "\ufffd") for text in TASKS}
    keys = [key for _, _, key in read.edges(keys=True)]
    assert len(keys) == len(set(keys))


def test_excel_is_a_ledger_that_can_be_filtered(graph: Graph, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(to_excel(graph, tmp_path / "out.xlsx"))
    assert book.sheetnames == ["任务台账", "共担任务", "共担单位", "单位任务", "未覆盖", "计划", "未入库文件"]
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref and sheet.column_dimensions["A"].width > 8
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and not str(cell.value or "").startswith(("=", "+", "@"))
    rows = list(book["任务台账"].iter_rows(values_only=True))
    ledger = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [row["任务"] for row in ledger] == [f"'{TASKS[0]}", TASKS[1].replace("\x0b", "\ufffd"), TASKS[2]]
    first = ledger[0]
    assert (first["计划"], first["章节"], first["性质"]) == ("云溪区2024年工作要点", "一、防汛", "计划")
    assert (first["牵头单位"], first["责任单位"], first["配合单位"]) == ("救援科", None, "综合科")
    assert (first["队伍物资设施系统"], first["时限"], first["截止日期"]) == ("排水泵", "6月底前", "2024-06-30")
    assert ledger[1]["责任单位"] == "救援科、综合科" and ledger[1]["灾种"] == "洪涝灾害"
    pairs = list(book["共担单位"].iter_rows(values_only=True))
    assert {pairs[1][0], pairs[1][1]} == {"救援科", "综合科"} and pairs[1][2:] == (2, 2)


def test_a_full_sheet_goes_on_in_another(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.views.workbook._MOST_ROWS", 2)
    book = openpyxl.load_workbook(to_excel(graph, tmp_path / "out.xlsx"))
    assert [book[name].max_row for name in ("任务台账", "任务台账 (2)")] == [3, 2]


def test_every_reason_has_a_caption() -> None:
    """Codes of files left out: those of the loaders, and those that the table of `kg.building` adds."""
    documented = re.findall(r"^\| ([a-z_, …]+?) \|", building.__doc__ or "", re.MULTILINE)
    codes = {code.strip() for row in documented for code in row.split(",")} - {"reason", "…"}
    assert len(codes) > 12 and {*codes, *REASONS} <= set(CODES["reason"])
