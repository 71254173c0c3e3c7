"""Reports on a plan, read back: workbook, page, document; and how LibreOffice and a browser open them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from handmade import facts

import kg as package
from kg.errors import UsageError
from kg.graph import Graph
from kg.store.ladybug import LadybugStore
from kg.views.reports.content import MOST_UNITS
from kg.views.reports.workbook import _sheet_name

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PLAN = "yunzhu_2024_yaodian.txt"
SHEETS = ["概览", "任务台账", "覆盖检查", "共担矩阵", "时间表", "目标", "核对", "来源"]
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def samples(examples: Path) -> Iterator[Graph]:
    with package.build([examples / "plans" / PLAN, examples / "plans" / "yunzhu_2025_yaodian.txt"]) as graph:
        yield graph


@pytest.fixture(scope="module")
def hostile() -> Iterator[Graph]:
    """A plan whose words spreadsheets and browsers might run."""
    graph = Graph(LadybugStore.create())
    graph.add_facts(
        [
            facts(
                f"{FORMULA} | 综合/科* | 洪涝灾害 | 排水泵 | +1 | ",
                "<script>alert(1)</script>\x0b | @科 | | | | ",
                title="=1+1",
            )
        ]
    )
    yield graph
    graph.close()


@pytest.fixture(scope="module")
def book(samples: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "报告.xlsx"
    return samples.to_report(PLAN, path, at=date(2024, 10, 1))


def test_the_workbook_has_a_sheet_for_all_tasks_and_one_for_each_owner(samples: Graph, book: Path) -> None:
    read = openpyxl.load_workbook(book)
    assert [name for name in read.sheetnames if name in SHEETS] == SHEETS
    load = samples.shared_owners(plan=PLAN, by="load")
    assert read.sheetnames[2:-6] == [_sheet_name(owner, set()) for owner in load.owner]
    assert read["任务台账"].max_row - 1 == len(samples.tasks(plan=PLAN))
    for row in load.itertuples():
        sheet = read[_sheet_name(row.owner, set())]
        assert sheet.max_row - 1 == row.tasks
    timeline = samples.timeline(plan=PLAN, at="2024-10-01")
    shown = [cell.value for cell in read["时间表"]["C"][1:]]
    assert shown.count("逾期") == (timeline.state == "overdue").sum() > 0
    assert read["覆盖检查"].max_row - 1 == len(samples.uncovered(PLAN))


def test_sheets_have_filters_a_frozen_header_widths_and_a_chinese_font(book: Path) -> None:
    read = openpyxl.load_workbook(book)
    for sheet in read.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        if sheet.title in ("概览", "来源", "共担矩阵"):
            continue
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
        head = sheet["A1"]
        assert head.font.bold and head.font.name == "微软雅黑" and not re.search(r"[a-z]", str(head.value))
        assert all(not re.fullmatch(r"[a-z_]+", str(cell.value)) for cell in sheet[1]), sheet.title
        assert all(sheet.column_dimensions[cell.column_letter].width >= 5 for cell in sheet[1])


def test_the_matrix_is_that_of_the_pairs_and_coloured(samples: Graph, book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["共担矩阵"]
    names = [cell.value for cell in sheet[1]][1:]
    values = {
        row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows(min_row=2, max_row=len(names) + 1)
    }
    for row in samples.shared_owners(plan=PLAN, by="pairs").itertuples():
        if row.owner_a in names and row.owner_b in names:
            assert values[row.owner_a][names.index(row.owner_b)] == row.tasks
            assert values[row.owner_b][names.index(row.owner_a)] == row.tasks
    assert len(sheet.conditional_formatting) >= len(names)
    assert {sheet.cell(row=at, column=at).fill.start_color.rgb for at in range(2, len(names) + 2)} == {"00E3E7EB"}


def test_english_captions_on_demand(samples: Graph, tmp_path: Path) -> None:
    read = openpyxl.load_workbook(samples.to_report(PLAN, tmp_path / "r.xlsx", language="en"))
    assert {
        "Overview",
        "All tasks",
        "Coverage",
        "Shared owners",
        "Timeline",
        "Targets",
        "Corrections",
        "Sources",
    } <= set(read.sheetnames)
    heads = [str(cell.value) for sheet in ("All tasks", "Coverage", "Timeline") for cell in read[sheet][1]]
    assert not any(re.search("[\u4e00-\u9fff]", head) for head in heads)
    assert {cell.value for cell in read["All tasks"]["D"][1:]} <= {"planned", "reported", "duty"}


def test_no_formula_of_a_text_runs(hostile: Graph, tmp_path: Path) -> None:
    read = openpyxl.load_workbook(hostile.to_report("2024", tmp_path / "r.xlsx"))
    cells = [cell for sheet in read.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert f"'{FORMULA}" in texts and not [text for text in texts if text.startswith(("=", "@", "+"))]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_nothing_and_escapes_all(samples: Graph, hostile: Graph, tmp_path: Path) -> None:
    page = samples.to_report(PLAN, tmp_path / "r.html").read_text(encoding="utf-8")
    reader = _Reader()
    reader.feed(page)
    assert not [tag for tag, attributes in reader.tags if tag == "link" or "src" in attributes]
    assert "url(" not in page and [tag for tag, _ in reader.tags].count("script") == 1
    assert all(task in reader.text for task in samples.tasks(plan=PLAN).task)
    bad = hostile.to_report("2024", tmp_path / "h.html").read_text(encoding="utf-8")
    assert "<script>alert" not in bad and "&lt;script&gt;alert(1)" in bad


def test_the_document_holds_all_tasks(samples: Graph, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document(str(samples.to_report(PLAN, tmp_path / "r.docx")))
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"][:3] == [
        "概览",
        "任务台账",
        "责任清单",
    ]
    shown = {row.cells[2].text for row in document.tables[1].rows[1:]}
    assert shown == set(samples.tasks(plan=PLAN).task)
    assert 'w:tblHeader w:val="true"' in document.tables[1].rows[0]._tr.xml


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_says_which_units_its_matrix_leaves_out(
    samples: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    docx = pytest.importorskip("docx")

    def matrix() -> tuple[int, str]:
        document = docx.Document(str(samples.to_report(PLAN, tmp_path / "r.docx", language=language)))
        (note,) = [one.text for one in document.paragraphs if {"zh": "对角线", "en": "diagonal"}[language] in one.text]
        text = "\n".join(one.text for one in document.paragraphs)
        (table,) = [one for one in document.tables if len(one.columns) == len(one.rows)]
        return len(table.rows) - 1, text[text.index(note) + len(note) :].strip().splitlines()[0]

    units = min(len(samples.shared_owners(plan=PLAN, by="load")), MOST_UNITS)
    shown, following = matrix()
    assert shown < units and "--to xlsx" in following
    assert [int(one) for one in re.findall(r"\d+", following)] == [shown, units - shown]
    monkeypatch.setattr("kg.views.reports.document._MATRIX", units)
    shown, following = matrix()
    assert shown == units and "--to xlsx" not in following


def test_wrong_calls_are_usage_errors(samples: Graph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no report as 'pdf'"):
        samples.to_report(PLAN, tmp_path / "r.pdf")
    with pytest.raises(UsageError, match="no language 'fr'"):
        samples.to_report(PLAN, tmp_path / "r.html", language="fr")
    with pytest.raises(UsageError, match="no plan matches"):
        samples.to_report("火星", tmp_path / "r.html")
    assert not list(tmp_path.iterdir())


def test_names_of_sheets_are_such_as_excel_takes() -> None:
    taken: set[str] = set()
    names = [_sheet_name(name, taken) for name in ("综合/科*", "综合/科*", "很" * 40, "很" * 40, "'a'", "")]
    assert names == ["综合_科_", "综合_科_(2)", "很" * 31, "很" * 27 + "(2)", "a", "_"]


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        reason = f"{program} is not installed"
        if os.environ.get("KG_REQUIRE_SOFFICE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def test_libreoffice_opens_the_workbook(samples: Graph, book: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"  # the second sheet, UTF-8
    command = [_found("soffice"), profile, "--headless", "--convert-to", form]
    subprocess.run([*command, "--outdir", str(tmp_path), str(book)], check=True, capture_output=True, timeout=240)
    (made,) = tmp_path.glob("*.csv")
    text = made.read_text(encoding="utf-8")
    assert text.startswith("序号,章节,任务") and all(task in text for task in samples.tasks(plan=PLAN).task[:5])


def test_the_command_writes_and_says_so(kg: Run, samples: Any, examples: Path, tmp_path: Path) -> None:
    store, target = tmp_path / "s.kg", tmp_path / "r.html"
    assert kg("build", examples / "plans" / PLAN, "--out", store).returncode == 0
    done = kg("report", PLAN, "--graph", store, "--to", "html", target, "--language", "en", "--at", "2024-10-01")
    assert done.returncode == 0 and "written" in done.stderr and 'lang="en"' in target.read_text(encoding="utf-8")
    bad = kg("report", PLAN, "--graph", store, "--to", "html", tmp_path / "no" / "r.html")
    assert bad.returncode == 2 and "folder does not exist" in bad.stderr and "Traceback" not in bad.stderr
    asked = kg("ask", "危化科负责哪些任务?", "--graph", store)
    assert asked.returncode == 0 and "graph.duties_of('危化科')" in asked.stdout and "MATCH" in asked.stdout
    assert kg("ask", "危化科负责哪些任务?", "--graph", store, "--format", "json").stdout.startswith("[")
    declined = kg("ask", "明天天气怎么样?", "--graph", store)
    assert declined.returncode == 2 and "not understood" in declined.stderr and "谁" in declined.stderr
