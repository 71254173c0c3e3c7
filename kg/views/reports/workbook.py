"""The report as an Excel workbook: a sheet a table, one an owner, a heat map, and a sheet to correct facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from kg.views.cells import neutral
from kg.views.reports.cell_text import shown
from kg.views.reports.content import Content, Table
from kg.views.reports.wording import caption, code, words
from kg.views.table import text_width

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["DECISIONS", "FACT_ROLES", "write"]

DECISIONS = ("confirm", "reject", "change", "add")
FACT_ROLES = ("lead", "responsible", "support")

_WIDTHS = {
    "task": 58, "quote": 46, "task_quote": 46, "why": 46, "section": 26, "leads": 20, "responsible": 24, "supports": 20,
    "others": 30, "owners": 30, "hazards": 18, "resources": 24, "deadline": 14, "deadline_date": 12, "cites": 26,
    "item": 42, "searched": 24, "article": 24, "measure": 34, "current": 24, "new_value": 22, "note": 20, "plan": 24,
    "value": 80, "key": 22, "number": 6, "start": 8, "end": 8, "task_start": 9, "task_end": 9, "ground": 16, "date": 12,
    "position": 14,
}  # fmt: skip
_WIDTH = 11
_LINE, _HIGHEST = 15, 409  # points
_LONGEST = 32_767  # characters of a cell
_FONT = {"zh": "微软雅黑", "en": "Calibri"}
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


def write(report: Content, path: Path) -> None:
    """Write the workbook. No cell holds a formula: all text is written as text, and what a spreadsheet might still
    compute gets an apostrophe before it."""
    from openpyxl import Workbook
    from openpyxl.workbook.properties import CalcProperties

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    book.properties.title = f"{report.title}: {report.plan}"
    book.calculation = CalcProperties(fullCalcOnLoad=False)
    names: set[str] = set()
    order = [*report.tables[:2], *report.owners, *report.tables[2:]]
    for table in order:
        sheet = book.create_sheet(_sheet_name(table.title, names))
        {"matrix": _matrix, "pairs": _pairs}.get(table.kind, _rows)(sheet, table, report)
        _page(sheet)
    book.save(path)


_known: WeakKeyDictionary[Any, dict[int, tuple[Any, Any]]] = WeakKeyDictionary()
"""The finished styles of each workbook that is being written."""


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel takes: 31 characters, none of []:*?/\\, each once."""
    plain = _NOT_IN_TITLES.sub("_", title).strip("'")[:31] or "_"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain[:27]}({number})", number + 1
    taken.add(name.casefold())
    return name


def _page(sheet: Worksheet) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, one page wide
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    footer: Any = sheet.oddFooter
    footer.center.text = "&P / &N"


def _put(sheet: Worksheet, row: int, column: int, value: Any, style: Mapping[str, Any]) -> None:
    cell: Any = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        value = str(neutral(value))[:_LONGEST]
        cell.value = value
        cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    else:
        cell.value = value
    known = _known.setdefault(sheet.parent, {})
    if id(style) in known:  # sharing a finished style is ten times as fast as setting it anew
        cell._style = copy(known[id(style)][0])
        return
    for name, one in style.items():
        setattr(cell, name, one)
    known[id(style)] = (copy(cell._style), style)


@cache
def _styles(language: str) -> dict[str, dict[str, Any]]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    font = _FONT[language]
    line = Side(style="thin", color="C9D3DE")
    border = Border(left=line, right=line, top=line, bottom=line)
    return {
        "head": {
            "font": Font(name=font, size=10, bold=True, color="FFFFFF"),
            "fill": PatternFill("solid", start_color="2F5D8A"),
            "alignment": Alignment(vertical="center", horizontal="center", wrap_text=True),
            "border": border,
        },
        "cell": {
            "font": Font(name=font, size=10),
            "alignment": Alignment(vertical="top", wrap_text=True),
            "border": border,
        },
        "middle": {
            "font": Font(name=font, size=9),
            "alignment": Alignment(vertical="center", horizontal="center"),
            "border": border,
        },
        "turned": {
            "font": Font(name=font, size=9, bold=True),
            "alignment": Alignment(text_rotation=90, horizontal="center", vertical="bottom", wrap_text=True),
            "border": border,
        },
        "title": {"font": Font(name=font, size=14, bold=True, color="2F5D8A")},
        "note": {
            "font": Font(name=font, size=9, italic=True, color="5B6770"),
            "alignment": Alignment(vertical="top", wrap_text=True),
        },
        "edit": {
            "font": Font(name=font, size=10),
            "fill": PatternFill("solid", start_color="FFF8DC"),
            "alignment": Alignment(vertical="top", wrap_text=True),
            "border": border,
        },
    }


def _rows(sheet: Worksheet, table: Table, report: Content) -> None:
    """A header in row 1, so that filters and other programs find it; the note stands in a comment of the first cell."""
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter

    style = _styles(report.language)
    editable = {"decision", "new_value", "new_role", "note"} if table.kind == "corrections" else set()
    for number, column in enumerate(table.columns, 1):
        _put(sheet, 1, number, caption(column, report.language), style["head"])
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column, _WIDTH)
    sheet.row_dimensions[1].height = 30
    if table.note:
        sheet["A1"].comment = Comment(table.note, "kg", height=120, width=360)
    for at, row in enumerate(table.rows, 2):
        high = 1
        for number, column in enumerate(table.columns, 1):
            value = shown(column, row.get(column), report.language)
            _put(sheet, at, number, value if value != "" else None, style["edit" if column in editable else "cell"])
            for line in str(value).split("\n"):
                high = max(high, -(-text_width(line) // (_WIDTHS.get(column, _WIDTH) - 1)))
        sheet.row_dimensions[at].height = min(_LINE * high + 3, _HIGHEST)
    if not table.rows:
        _put(sheet, 2, 1, words("empty", report.language), style["note"])
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    if table.kind == "corrections":
        _choices(sheet, table, report.language)


def _choices(sheet: Worksheet, table: Table, language: str) -> None:
    """Lists to choose from, a hundred rows beyond the last for facts to add."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, codes in (("decision", DECISIONS), ("new_role", FACT_ROLES)):
        choices = ",".join(code(column, one, language) for one in codes)
        rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True, showErrorMessage=True)
        letter = get_column_letter(table.columns.index(column) + 1)
        rule.add(f"{letter}2:{letter}{len(table.rows) + 101}")
        sheet.add_data_validation(rule)


def _pairs(sheet: Worksheet, table: Table, report: Content) -> None:
    style = _styles(report.language)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    _put(sheet, 1, 1, f"{table.title} · {report.plan}", style["title"])
    for at, row in enumerate(table.rows, 3):
        value = shown("value", row["value"], report.language)
        _put(sheet, at, 1, shown("key", row["key"], report.language), style["cell"])
        _put(sheet, at, 2, value, style["cell"])
        sheet.cell(row=at, column=2).alignment = _left()
        sheet.row_dimensions[at].height = min(_LINE * max(1, -(-text_width(str(value)) // 88)) + 3, _HIGHEST)
    last = len(table.rows) + 4
    sheet.merge_cells(start_row=last, end_row=last, start_column=1, end_column=2)
    _put(sheet, last, 1, table.note, style["note"])
    sheet.row_dimensions[last].height = 32


def _left() -> Any:
    from openpyxl.styles import Alignment

    return Alignment(horizontal="left", vertical="top", wrap_text=True)


def _matrix(sheet: Worksheet, table: Table, report: Content) -> None:
    """A heat map: the more tasks two units share, the darker; each unit's own number of tasks stands apart in grey."""
    from openpyxl.formatting.rule import ColorScaleRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    style = _styles(report.language)
    grey = PatternFill("solid", start_color="E3E7EB")
    _put(sheet, 1, 1, caption("owner", report.language), style["head"])
    sheet.column_dimensions["A"].width = 30
    units = table.columns[1:]
    longest = max((text_width(one) for one in units), default=0)
    sheet.row_dimensions[1].height = min(max(60, longest * 5.5), 220)
    for number, unit in enumerate(units, 2):
        _put(sheet, 1, number, unit, style["turned"])
        sheet.column_dimensions[get_column_letter(number)].width = 5
    for at, row in enumerate(table.rows, 2):
        _put(sheet, at, 1, row["owner"], style["cell"])
        for number, unit in enumerate(units, 2):
            _put(sheet, at, number, row[unit], style["middle"])
            if number == at:
                sheet.cell(row=at, column=number).fill = grey
    for at in range(2, len(table.rows) + 2):  # the diagonal has another measure, so it takes no part in the colours
        for first, last in ((2, at - 1), (at + 1, len(units) + 1)):
            if first <= last:
                where = f"{get_column_letter(first)}{at}:{get_column_letter(last)}{at}"
                high = max((row[unit] or 0 for row in table.rows for unit in units if unit != row["owner"]), default=1)
                scale = ColorScaleRule(  # type: ignore[no-untyped-call]
                    start_type="num", start_value=0, start_color="FFFFFF", end_type="num", end_value=max(high, 1),
                    end_color="D9480F",
                )  # fmt: skip
                sheet.conditional_formatting.add(where, scale)
    _put(sheet, len(table.rows) + 3, 1, table.note, style["note"])
    sheet.merge_cells(
        start_row=len(table.rows) + 3, end_row=len(table.rows) + 3, start_column=1, end_column=max(2, len(units) + 1)
    )
    sheet.row_dimensions[len(table.rows) + 3].height = 32
    sheet.freeze_panes = "B2"
