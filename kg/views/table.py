"""DataFrames as text: a table for a terminal, JSON or CSV for programs.

>>> print(text_table([{"owner": "危化科", "tasks": 18}], ["owner", "tasks"], width=40))
owner   tasks
──────  ─────
危化科     18
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.views.cells import json_value, neutral, plain_cell

if TYPE_CHECKING:
    import pandas

__all__ = ["FORMATS", "readable_gaps", "records", "render", "text_table", "text_width"]

FORMATS = ("table", "json", "csv")

_GAP = "  "
_LEAST = 6  # no column is made narrower than this when a table is fitted to the terminal
_WORD = 24  # longer runs without a space (ids, file names) may be broken
_ASCII_RUN = re.compile(r"[!-~]+|.", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def text_width(text: str) -> int:
    """Columns that a text takes in a terminal; Chinese characters take two."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    marks = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - marks


def records(frame: pandas.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON objects with the frame's columns; whole numbers stay whole beside missing ones."""
    names = [str(name) for name in frame.columns]
    rows = []
    for values in frame.itertuples(index=False, name=None):
        rows.append(dict(zip(names, map(json_value, values), strict=True)))
    for name in names:  # pandas turns whole numbers into floats where some of a column are missing
        cells = [row[name] for row in rows]
        if None in cells and all(cell is None or isinstance(cell, float) and cell.is_integer() for cell in cells):
            for row in rows:
                row[name] = None if row[name] is None else int(row[name])
    return rows


def render(frame: pandas.DataFrame, form: str, *, columns: Sequence[str] | None = None, width: int = 120) -> str:
    """A DataFrame as text that ends with a line break.

    Args:
        frame: an answer of a Graph.
        form: `table` (columns aligned, cells wrapped), `json` (a list of objects, all columns) or `csv` (all columns,
            no byte order mark, cells that a spreadsheet would compute neutralised).
        columns: those shown in a table, in this order; all where None.
        width: columns of the terminal that a table is fitted to.
    """
    rows = records(frame)
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    names = [str(name) for name in frame.columns]
    if form == "csv":
        return _csv(rows, names)
    return text_table(rows, list(columns) if columns is not None else names, width=width) + "\n"


def readable_gaps(frame: pandas.DataFrame) -> pandas.DataFrame:
    """The gaps of a plan as people read them: tasks and targets by their words instead of their ids, elements by name."""
    from kg.ontology import vocabulary

    names = {concept.id: f"{concept.id} {concept.label}" for concept in vocabulary("elements")}
    by_id = frame["ground"].str.startswith(("task_", "target_", "other_")) & frame["quote"].notna()
    item = frame["item"].where(~by_id, frame["quote"])
    return frame.assign(item=item.where(frame["ground"] != "element", item.map(names)))


def _csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([neutral(plain_cell(row[name])) for name in names] for row in rows)
    return out.getvalue()


def text_table(rows: Sequence[Mapping[str, Any]], names: Sequence[str], *, width: int) -> str:
    """Rows under their column names, fitted to `width` where words allow; long cells are wrapped, nothing is cut."""
    cells = [[_CONTROL.sub(" ", str(plain_cell(row.get(name)))) for name in names] for row in rows]
    numeric = [
        bool(rows) and all(isinstance(row.get(name), (int, float, type(None))) for row in rows) for name in names
    ]
    natural = [max([text_width(name), *(text_width(row[i]) for row in cells)]) for i, name in enumerate(names)]
    least = [
        min(natural[i], max([_LEAST, text_width(name), *(_longest_word(row[i]) for row in cells)]))
        for i, name in enumerate(names)
    ]
    widths = _fitted(natural, least, width - len(_GAP) * (len(names) - 1))
    lines = _lines(list(names), widths, numeric)
    lines.append(_GAP.join("─" * column for column in widths))
    apart = any(natural[i] > widths[i] for i in range(len(names)))
    for number, row in enumerate(cells):
        if apart and number:
            lines.append("")
        lines += _lines(row, widths, numeric)
    return "\n".join(lines)


def _fitted(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths that fill `room`: narrow columns keep theirs, wide ones share the rest by the root of their width.

    No column gets less than its `least`, so a table of many columns may be wider than `room`.
    """
    widths = list(natural)
    wide = list(range(len(natural)))
    while wide and sum(natural[i] for i in wide) > room:
        total = sum(natural[i] ** 0.5 for i in wide)
        shares = {i: int(room * natural[i] ** 0.5 / total) for i in wide}
        settled = {i: max(least[i], min(natural[i], shares[i])) for i in wide}
        fixed = [i for i in wide if natural[i] <= shares[i] or shares[i] < least[i]]
        for i in fixed or wide:
            widths[i] = settled[i]
        if not fixed:
            break
        wide = [i for i in wide if i not in fixed]
        room -= sum(widths[i] for i in fixed)
    return widths


def _lines(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    wrapped = [_wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max((len(cell) for cell in wrapped), default=0)
    lines = []
    for i in range(height):
        parts = []
        for cell, width, right in zip(wrapped, widths, numeric, strict=True):
            text = cell[i] if i < len(cell) else ""
            pad = " " * (width - text_width(text))
            parts.append(pad + text if right else text + pad)
        lines.append(_GAP.join(parts).rstrip())
    return lines


def _longest_word(text: str) -> int:
    """Width of the longest run without a place to break, as long as it is no longer than a word."""
    return max((len(run) for run in _ASCII_RUN.findall(text) if len(run) <= _WORD), default=1)


def _wrap(text: str, width: int) -> list[str]:
    if text_width(text) <= width:
        return [text]
    lines, line, taken = [], "", 0
    for piece in _ASCII_RUN.findall(text):
        size = text_width(piece)
        parts = [piece] if size <= width else list(piece)
        for part in parts:
            size = text_width(part)
            if taken + size > width and line:
                lines.append(line.rstrip())
                line, taken = "", 0
                if part == " ":
                    continue
            line += part
            taken += size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines
