"""Tables in a text: Markdown's pipe tables and HTML tables, as readers of other formats write them into Markdown.

A cell keeps its place in the cleaned text, so that a fact taken from a table has its quote. A cell that spans several
rows or columns stands in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.loaders.document import Cell, Table

_HTML_TABLE = re.compile(r"<table\b[^>]*>(.*?)</table\s*>", re.IGNORECASE | re.DOTALL)
_HTML_ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=</tr\s*>|<tr\b|\Z)", re.IGNORECASE | re.DOTALL)
_HTML_CELL = re.compile(r"<t[dh]\b([^>]*)>(.*?)(?=</t[dh]\s*>|<t[dh]\b|\Z)", re.IGNORECASE | re.DOTALL)
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?(\d{1,3})", re.IGNORECASE)
_PIPE_TABLE = re.compile(r"^\|.*\|[^\S\n]*\n\|[\s:|-]+\|[^\S\n]*(?:\n\|.*\|[^\S\n]*)*$", re.MULTILINE)
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")


def tables(text: str) -> tuple[Table, ...]:
    """The tables of a cleaned text, in order."""
    if "|" not in text and "<" not in text:
        return ()
    found = [*_html(text), *_pipes(text)]
    return tuple(sorted(found, key=lambda table: table.start))


def _cell(text: str, start: int, end: int) -> Cell:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    return Cell(re.sub(r"<[^>]*>", "", words).strip(), start, start + len(words))


def _html(text: str) -> Iterator[Table]:
    for table in _HTML_TABLE.finditer(text):
        grid: list[dict[int, Cell]] = []
        for y, row in enumerate(_HTML_ROW.finditer(text, table.start(1), table.end(1))):
            while len(grid) <= y:
                grid.append({})
            x = 0
            for match in _HTML_CELL.finditer(text, row.start(1), row.end(1)):
                while x in grid[y]:
                    x += 1
                spans = {kind.lower(): max(1, int(n)) for kind, n in _SPAN.findall(match[1])}
                cell = _cell(text, match.start(2), match.end(2))
                for down in range(spans.get("row", 1)):
                    while len(grid) <= y + down:
                        grid.append({})
                    for right in range(spans.get("col", 1)):
                        grid[y + down][x + right] = cell
                x += spans.get("col", 1)
        rows = tuple(tuple(cells[x] for x in sorted(cells)) for cells in grid if cells)
        if rows:
            yield Table(table.start(), table.end(), rows)


def _pipes(text: str) -> Iterator[Table]:
    for table in _PIPE_TABLE.finditer(text):
        rows = []
        at = table.start()
        for line in table[0].split("\n"):
            if not _RULE.fullmatch(line):
                bars = [at + m.start() for m in re.finditer(r"(?<!\\)\|", line)]
                rows.append(tuple(_cell(text, a + 1, b) for a, b in zip(bars, bars[1:], strict=False)))
            at += len(line) + 1
        yield Table(table.start(), table.end(), tuple(rows))
