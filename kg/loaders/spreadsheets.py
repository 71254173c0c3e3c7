"""XLSX: the tables of a workbook's visible sheets, with the names of their cells."""

from __future__ import annotations

import datetime
import io
import re
import warnings
from collections.abc import Iterator
from typing import Any

from kg.errors import UnreadableFile
from kg.loaders.composing import Composer
from kg.loaders.content import Content, Limits, damaged
from kg.loaders.packages import Package
from kg.loaders.sheets import Row, compose_sheet

MOST_EMPTY = 2_000
"""After so many empty rows in a row a sheet is at its end."""
MOST_COLUMNS = 256
MOST_CELLS = 5_000_000


def read(data: bytes, name: str, limits: Limits) -> Content:
    """A workbook; formulas give the values that were saved with them."""
    import openpyxl

    package = Package(data, name, limits)
    package.check_xml()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl does not know hold no cells
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        raise damaged(name, f"an Excel workbook that cannot be read ({type(error).__name__})") from None
    composer = Composer()
    notes: list[str] = []
    sheets = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(f"sheet {sheet.title}: hidden; not read")
            continue
        try:
            merged = _merged(package, sheet)
            rows = list(_rows(sheet, notes))
        except UnreadableFile:
            raise
        except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:
            raise damaged(name, f"its sheet {sheet.title} cannot be read ({type(error).__name__})") from None
        if rows:
            sheets += 1
            compose_sheet(composer, sheet.title, rows, merged)
    book.close()
    if not composer.text():
        raise UnreadableFile(f"{name}: no sheet of this workbook holds a word; nothing to read", "empty")
    what = f"Excel workbook, {sheets} sheet{'s' if sheets != 1 else ''}"
    return Content(composer.text(), "xlsx", what, composer.positions(), tables=composer.tables, notes=tuple(notes))


def _rows(sheet: Any, notes: list[str]) -> Iterator[Row]:
    """The rows that hold words."""
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    empty = cells = 0
    wide = False
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        words = [_words(value) for value in values[:MOST_COLUMNS]]
        wide = wide or any(value is not None for value in values[MOST_COLUMNS:])
        if any(words):
            empty = 0
            cells += len(words)
            yield Row(number, words)
        else:
            empty += 1
        if empty >= MOST_EMPTY:
            notes.append(f"sheet {sheet.title}: {empty:,} empty rows up to row {number:,}; not read further")
            break
        if cells > MOST_CELLS:
            notes.append(f"sheet {sheet.title}: more than {MOST_CELLS:,} cells; not read after row {number:,}")
            break
    if wide:
        notes.append(f"sheet {sheet.title}: columns after the {MOST_COLUMNS}th are not read")


def _words(value: object) -> str:
    """A value as a person reads it.

    >>> _words(12.0), _words(0.5), _words(datetime.datetime(2025, 6, 30)), _words(None)
    ('12', '0.5', '2025-06-30', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


_RANGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")


def _merged(package: Package, sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Rows and columns that the merged cells of a sheet span; openpyxl does not tell it of sheets that it streams."""
    from openpyxl.utils import column_index_from_string as number_of_column

    found = {}
    for left, top, right, bottom in _RANGE.findall(package.read(sheet._worksheet_path.lstrip("/"))):
        x, y = number_of_column(left.decode()) - 1, int(top)
        found[y, x] = (int(bottom) - y + 1, number_of_column(right.decode()) - x)
    return found
