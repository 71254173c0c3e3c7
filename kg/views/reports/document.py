"""The report as a Word document (`python-docx`, extra `reports`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.views.reports.cell_text import shown
from kg.views.reports.content import Content, Table
from kg.views.reports.wording import caption, words

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["write"]

_FONT = {"zh": "微软雅黑", "en": "Calibri"}
_COLUMNS = {  # what fits across a page
    "ledger": ("number", "section", "task", "leads", "responsible", "supports", "hazards", "deadline"),
    "coverage": ("ground", "item", "state", "demand", "article", "why"),
    "timeline": ("date", "deadline", "state", "task", "owners"),
    "targets": ("measure", "comparator", "figure", "unit", "reported", "owners", "quote"),
}
_OWNER = ("number", "section", "task", "role_here", "others", "deadline")
_WIDE = {
    "task": 8.5,
    "quote": 7.0,
    "why": 8.0,
    "item": 6.5,
    "section": 3.6,
    "owners": 4.0,
    "others": 4.5,
    "number": 1.1,
}
_WIDE |= {"measure": 5.0, "article": 3.6, "responsible": 3.2, "state": 1.9, "ground": 2.4, "figure": 1.6, "unit": 1.6}
_WIDTH = 2.2  # centimetres
_PAGE = 25.7  # centimetres between the margins of A4 across
_MATRIX = 14
"""Units of the matrix that fit across a page."""


def write(report: Content, path: Path) -> None:
    """Write the document: A4 across, header rows that repeat on each page. Columns that do not fit (places in the text,
    resources) and units of the matrix beyond those that fit stand in the workbook."""
    try:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt
    except ImportError as error:
        raise UsageError("a report as docx needs python-docx: pip install 'emergency-kg[reports]'") from error

    document = docx.Document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        font: Any = document.styles[name].font
        font.name = _FONT[report.language]
        font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT[report.language])
        if name == "Normal":
            font.size = Pt(9)
    document.core_properties.title = f"{report.title}: {report.plan}"
    document.add_heading(report.title, 0)
    document.add_paragraph(report.plan, style="Subtitle")
    for table in report.tables:
        if table.kind == "corrections":
            continue
        document.add_heading(table.title, 1)
        if table.note:
            document.add_paragraph(table.note)
        left = len(table.rows) - _MATRIX
        if table.kind == "matrix" and left > 0:
            document.add_paragraph(words("matrix_cut", report.language, shown=_MATRIX, left=left))
        _table(document, table, report)
        if table.name == "ledger":
            document.add_heading(words("owner_ledger", report.language), 1)
            for one in report.owners:
                document.add_heading(one.note, 2)
                _table(document, one, report)
    document.save(str(path))


def _table(document: Document, table: Table, report: Content) -> None:
    from docx.shared import Cm

    if not table.rows:
        document.add_paragraph(words("empty", report.language))
        return
    columns, rows, heads = table.columns, table.rows, None
    if table.kind == "matrix":
        columns, rows = columns[: _MATRIX + 1], rows[:_MATRIX]
        heads = [caption("owner", report.language), *columns[1:]]
    elif table.kind == "rows":
        columns = _COLUMNS.get(table.name, _OWNER)
    widths = _widths(columns, table.kind)
    made = document.add_table(rows=1, cols=len(columns), style="Light Grid Accent 1")
    made.autofit = False
    for number, width in enumerate(widths):
        made.columns[number].width = Cm(width)
    _fill(made.rows[0], heads or [caption(column, report.language) for column in columns], widths)
    _repeat(made.rows[0])
    for row in rows:
        values = [shown(column, row.get(column), report.language) for column in columns]
        _fill(made.add_row(), values, widths)


def _widths(columns: tuple[str, ...], kind: str) -> list[float]:
    if kind == "pairs":
        return [5.0, 18.0]
    if kind == "matrix":
        return [4.5, *([1.5] * (len(columns) - 1))]
    wanted = [_WIDE.get(column, _WIDTH) for column in columns]
    return [width * _PAGE / sum(wanted) for width in wanted]


def _fill(row: Any, values: list[Any], widths: list[float]) -> None:
    from docx.shared import Cm, Pt

    for cell, value, width in zip(row.cells, values, widths, strict=True):
        cell.width = Cm(width)
        text = f"{value:g}" if isinstance(value, float) else str(value)
        run = cell.paragraphs[0].add_run(text)
        run.font.size = Pt(8)


def _repeat(row: Any) -> None:
    """Repeat this row at the head of each page, and let no row break across pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
