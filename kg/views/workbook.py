"""The graph as one Excel workbook that analysts filter: the task ledger, shared owners, gaps, plans, files left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.views.captions import CODES
from kg.views.captions import COLUMNS as CAPTIONS
from kg.views.cells import neutral, plain_cell, printable
from kg.views.ledger import COLUMNS as LEDGER
from kg.views.ledger import ledger
from kg.views.table import readable_gaps, records, text_width
from kg.views.titles import plan_titles

if TYPE_CHECKING:
    from openpyxl import Workbook

    from kg.graph import Graph

__all__ = ["to_excel"]

_WIDE = {"task": 60, "quote": 60, "why": 48, "message": 60, "title": 44, "plan": 36, "section": 28, "owners": 36}
_WIDE |= {"item": 48, "source": 32, "searched": 28, "article": 24, "hazards": 18, "sha256": 18, "id": 22}
_WIDE["position"] = 16
_UNITS = ("leads", "responsible_units", "supports", "addressed", "resources", "cites", "owner", "owner_a", "owner_b")
_WIDE |= dict.fromkeys(_UNITS, 24)
_WIDTH = 12
_MOST_ROWS = 1_048_575  # of a sheet, below its header
_MOST_CHARACTERS = 32_767  # of a cell
_LINE = 15  # points
_HIGHEST = 409  # points, of a row
_CUT = "…（全文见图谱）"


def to_excel(graph: Graph, path: str | Path) -> Path:
    """Write a workbook with Chinese headers, filters and a frozen header row.

    Sheets: 任务台账 (each task with its owners), 共担任务 (tasks with two owners or more), 共担单位 (pairs of owners),
    单位任务 (tasks of each owner), 未覆盖 (what each plan leaves uncovered), 计划, 未入库文件. Cells that a spreadsheet
    would compute get an apostrophe before them. A sheet with more rows than Excel holds goes on in another one.

    Returns:
        The path of the file.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    plans = graph.plans()
    titles = plan_titles(graph)
    _sheet(book, "任务台账", LEDGER, ledger(graph))
    for name, by in (("共担任务", "tasks"), ("共担单位", "pairs"), ("单位任务", "load")):
        frame = graph.shared_owners(by=by)
        _sheet(book, name, list(frame.columns), _with_titles(records(frame), titles))
    gaps = _gaps(graph, titles)
    _sheet(book, "未覆盖", _GAPS, gaps)
    _sheet(book, "计划", list(plans.columns), records(plans))
    left_out = graph.left_out()
    _sheet(book, "未入库文件", list(left_out.columns), records(left_out))
    target = Path(path)
    book.save(target)
    return target


_GAPS = ("plan", "ground", "item", "state", "demand", "article", "searched", "section", "quote", "start", "end", "why")


def _gaps(graph: Graph, titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for plan in titles:
        yield from _with_titles(records(readable_gaps(graph.uncovered(plan))), titles)


def _with_titles(rows: Iterable[dict[str, Any]], titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield row | {"plan": titles.get(row["plan"], row["plan"])} if "plan" in row else row


def _sheet(book: Workbook, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    rest = iter(rows)
    number = 1
    while True:
        title = name if number == 1 else f"{name} ({number})"
        if not _fill(book, title, columns, rest):
            return
        number += 1


def _fill(book: Workbook, title: str, columns: Sequence[str], rows: Iterator[Mapping[str, Any]]) -> bool:
    """Write one sheet from an iterator; true where the sheet is full and rows may be left."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8  # A3
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, one page wide
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for position, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = _WIDE.get(column, _WIDTH)
    bold, fill = Font(bold=True), PatternFill("solid", start_color="DDE6F0")
    middle, top = Alignment(vertical="center", wrap_text=True), Alignment(vertical="top", wrap_text=True)

    header = []
    for column in columns:
        cell: Any = WriteOnlyCell(sheet, value=CAPTIONS.get(column, column))
        cell.font, cell.fill, cell.alignment = bold, fill, middle
        header.append(cell)
    sheet.append(header)

    count = 0
    for row in rows:
        line, high = [], 1
        for column in columns:
            cell = WriteOnlyCell(sheet, value=_cell(column, row.get(column)))
            cell.alignment = top
            line.append(cell)
            high = max(high, -(-text_width(str(cell.value or "")) // (_WIDE.get(column, _WIDTH) - 1)))
        count += 1
        sheet.row_dimensions[count + 1].height = min(_LINE * high, _HIGHEST)
        sheet.append(line)
        if count == _MOST_ROWS:
            break
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    return count == _MOST_ROWS


def _cell(column: str, value: Any) -> Any:
    codes = CODES.get(column)
    if codes is not None and isinstance(value, str):
        value = codes.get(value, value)
    value = plain_cell(value)
    if not isinstance(value, str):
        return value
    text = str(neutral(printable(value)))
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - len(_CUT)] + _CUT
