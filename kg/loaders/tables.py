"""The tables that stand in a text: Markdown's pipe tables, and HTML tables as readers of other formats write them.

A cell keeps its place in the cleaned text, so that a fact taken from a table has its quote. A cell that spans several
rows or columns stands in each of them, as the same object.

    >>> (table,) = find_tables("|任务|责任单位|\\n|---|---|\\n|清理河道|区水利局|\\n")
    >>> [[cell.text for cell in row] for row in table.rows]
    [['任务', '责任单位'], ['清理河道', '区水利局']]
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.loaders import document

MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&nbsp;|&emsp;|&ensp;")
"""What stands in a cell and is none of its words."""

MOST_COLUMNS = 256
"""A cell is not repeated beyond this column: no table of a plan is as wide, a wrong `colspan` may be."""
MOST_REPEATED = 200_000
"""Merged cells are repeated so many times in one table; after that each stands once."""

_TAG = re.compile(r"<(/?)(table|tr|td|th)\b([^<>]*)>", re.IGNORECASE)
_OPENING = re.compile(r"(?:<(?:html|body)\b[^<>]*>\s*)+$", re.IGNORECASE)
_CLOSING = re.compile(r"(?:\s*</(?:html|body)\s*>)+", re.IGNORECASE)
_SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?\s*(\d{1,5})", re.IGNORECASE)

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
# Lines that begin with a bar and hold another one; or, beside a rule, lines that hold one anywhere.
_PIPES = re.compile(r"^[ \t]*\|[^\n|]*\|[^\n]*(?:\n[ \t]*\|[^\n|]*\|[^\n]*)+", re.MULTILINE)
_BARE_PIPES = re.compile(
    r"^(?![ \t]*\|)[^\n|]+\|[^\n]*\n[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\n[^\n|]+\|[^\n]*(?:\n[^\n|]+\|[^\n]*)*",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Cell(document.Cell):
    """A cell with its place in the grid: `row` and `column` are those of its upper left corner, counted from 0.

    `text` is its words without markup; text[start:end] of the document is what stands in
    the cell, trimmed, with any markup in it.
    """

    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table(document.Table):
    """A table; [start, end) covers it with its markup. Rows may differ in length; a gap in one is an empty cell."""

    rows: tuple[tuple[Cell, ...], ...]


def find_tables(text: str) -> tuple[Table, ...]:
    """The tables of a text, in order.

    Args:
        text: cleaned text. A table inside a cell is a part of that cell's words.
    """
    found: list[Table] = []
    lowered = "<table" in text or "<TABLE" in text or "<Table" in text
    if lowered:
        found += _html(text)
    if "|" in text:
        taken = [(table.start, table.end) for table in found]
        found += (t for t in _pipes(text) if not any(start <= t.start < end for start, end in taken))
    return tuple(sorted(found, key=lambda table: table.start))


tables = find_tables


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _words(raw: str) -> str:
    """The words of an HTML cell."""
    return html.unescape(MARKUP.sub("", raw)).strip()


# HTML


@dataclass(slots=True)
class _Raw:
    """A cell before it has a place in the grid."""

    start: int
    end: int
    row_span: int
    column_span: int


def _html(text: str) -> Iterator[Table]:
    """Reads tags from left to right; of a nested table nothing but its end is looked at."""
    depth = start = 0
    rows: list[list[_Raw]] = []
    cell: _Raw | None = None
    last = 0
    for tag in _TAG.finditer(text):
        closing, name = tag[1] == "/", tag[2].lower()
        if name == "table":
            if not closing:
                if depth == 0:
                    start, rows, cell = tag.start(), [], None
                depth += 1
            elif depth:
                depth -= 1
                if depth == 0:
                    if cell:
                        cell.end = tag.start()
                    yield from _made(text, start, tag.end(), rows)
                    rows, cell = [], None
            last = tag.end()
            continue
        if depth != 1:
            continue
        last = tag.end()
        if cell:
            cell.end = tag.start()
            cell = None
        if closing:
            continue
        if name == "tr" or not rows:
            rows.append([])
        if name != "tr":
            spans = {kind.lower(): max(1, int(count)) for kind, count in _SPAN.findall(tag[3])}
            cell = _Raw(tag.end(), tag.end(), spans.get("row", 1), spans.get("col", 1))
            rows[-1].append(cell)
    if depth:  # the text ends inside a table: what was read of it counts
        if cell:
            cell.end = last = len(text)
        yield from _made(text, start, last, rows)


def _made(text: str, start: int, end: int, raw: list[list[_Raw]]) -> Iterator[Table]:
    raw = [row for row in raw if row]
    if not raw:
        return
    opening = _OPENING.search(text, max(0, start - 200), start)
    closing = _CLOSING.match(text, end)
    yield Table(opening.start() if opening else start, closing.end() if closing else end, _grid(text, raw))


def _grid(text: str, raw: list[list[_Raw]]) -> tuple[tuple[Cell, ...], ...]:
    """Puts the cells in their rows and columns, those that span several in each of them."""
    grid: list[dict[int, Cell]] = [{} for _ in raw]
    repeated = 0
    for y, row in enumerate(raw):
        x = 0
        for one in row:
            while x in grid[y]:
                x += 1
            down = min(one.row_span, len(raw) - y)
            right = max(1, min(one.column_span, MOST_COLUMNS - x))
            repeated += down * right - 1
            if repeated > MOST_REPEATED:
                down = right = 1
            first, last = _trimmed(text, one.start, one.end)
            cell = Cell(_words(text[first:last]), first, last, y, x, down, right)
            for below in range(y, y + down):
                for beside in range(x, x + right):
                    grid[below].setdefault(beside, cell)
            x += right
    return tuple(tuple(_whole(cells, y, raw[y][-1].end)) for y, cells in enumerate(grid))


def _whole(cells: dict[int, Cell], y: int, at: int) -> Iterator[Cell]:
    for x in range(max(cells) + 1):
        yield cells.get(x) or Cell("", at, at, y, x)


# Markdown


def _pipes(text: str) -> Iterator[Table]:
    for pattern in (_PIPES, _BARE_PIPES):
        for found in pattern.finditer(text):
            rows: list[tuple[Cell, ...]] = []
            at = found.start()
            for line in found.group().split("\n"):
                if not _RULE.fullmatch(line):
                    rows.append(tuple(_piped(text, line, at, len(rows))))
                at += len(line) + 1
            if len(rows) > 1 and max(map(len, rows)) > 1:
                yield Table(*_trimmed(text, found.start(), found.end()), tuple(rows))


def _piped(text: str, line: str, at: int, y: int) -> Iterator[Cell]:
    """The cells of a line; the bars at its ends are no part of it, and a row may lack the last one."""
    first, last = _trimmed(line, 0, len(line))
    bars = [bar.start() for bar in _BAR.finditer(line)]
    edges = [*([] if bars and bars[0] == first else [first - 1]), *bars]
    if edges[-1] != last - 1:
        edges.append(last)
    for x, (left, right) in enumerate(zip(edges, edges[1:], strict=False)):
        start, end = _trimmed(text, at + left + 1, at + right)
        raw = text[start:end]
        yield Cell(_words(raw) if "<" in raw or "&" in raw else raw.replace("\\|", "|"), start, end, y, x)
