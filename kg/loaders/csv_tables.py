"""CSV: one table. The sign between cells is found by the text."""

from __future__ import annotations

import csv
import io

from kg.errors import UnreadableFile
from kg.loaders.composing import Composer
from kg.loaders.content import Content, Limits, damaged
from kg.loaders.sheets import Row, compose_sheet

_SIGNS = ",\t;|"


def read(data: bytes, name: str, limits: Limits) -> Content:
    """A CSV file; rows and cells are named as a spreadsheet names them (`C5`)."""
    from kg.loaders.text import _plain

    text, encoding = _plain(data, name)
    lines = [line for line in text.lstrip("\ufeff").splitlines()[:50] if line.strip()]
    sign = max(_SIGNS, key=lambda one: sum(line.count(one) for line in lines))
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=sign))
    except csv.Error as error:
        raise damaged(name, f"a CSV table that cannot be read ({error})") from None
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise UnreadableFile(f"{name}: a table of empty cells; nothing to read", "empty")
    composer = Composer()
    compose_sheet(composer, None, [Row(number, row) for number, row in enumerate(rows, 1)], {})
    return Content(composer.text(), encoding, f"CSV ({encoding})", composer.positions(), tables=composer.tables)
