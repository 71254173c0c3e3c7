"""Rows of a spreadsheet to paragraphs and tables: what stands alone above a table is its title, below it a note.

Rows without a word part two tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.loaders.composing import Composer, Field
from kg.loaders.positions import Position
from kg.ontology import lexicon


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number (from 1) and the words of its cells."""

    number: int
    cells: Sequence[str]

    @property
    def filled(self) -> list[int]:
        """The numbers of the cells that hold words."""
        return [x for x, words in enumerate(self.cells) if words.strip()]


def column_name(index: int) -> str:
    """The letters of a column counted from 0.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def compose_sheet(
    composer: Composer, sheet: str | None, rows: Iterable[Row], merged: Mapping[tuple[int, int], tuple[int, int]]
) -> None:
    """Write a sheet.

    Args:
        composer: takes the text.
        sheet: its name; None in a CSV file.
        rows: in order; rows left out are empty.
        merged: rows and columns that a cell spans, by its row (from 1) and column (from 0).
    """
    for block in _blocks(rows, merged):
        _compose_block(composer, sheet, block, merged)


def _blocks(rows: Iterable[Row], merged: Mapping[tuple[int, int], tuple[int, int]]) -> Iterator[list[Row]]:
    """Runs of rows that hold words; a row within a merged cell belongs to it."""
    block: list[Row] = []
    covered = 0
    for row in rows:
        if row.filled:
            if block and row.number > block[-1].number + 1 and row.number > covered + 1:
                yield block
                block = []
            block.append(row)
            for x in row.filled:
                covered = max(covered, row.number + merged.get((row.number, x), (1, 1))[0] - 1)
    if block:
        yield block


def _compose_block(
    composer: Composer, sheet: str | None, block: list[Row], merged: Mapping[tuple[int, int], tuple[int, int]]
) -> None:
    """A block: lines of one cell at its head and end are paragraphs, the rest is a table."""

    def alone(row: Row) -> bool:
        return len(row.filled) == 1 and merged.get((row.number, row.filled[0]), (1, 1))[0] == 1

    first, last = 0, len(block)
    while first < last and alone(block[first]):
        first += 1
    while last > first and alone(block[last - 1]) and _note(block[last - 1]):
        last -= 1
    for row in block[:first]:
        _line(composer, sheet, row)
    body = block[first:last]
    if body:
        left = min(row.filled[0] for row in body)
        width = max(max(x + merged.get((row.number, x), (1, 1))[1] for x in row.filled) for row in body)
        hidden = _hidden(body, merged)
        fields: list[list[Field]] = []
        for place, row in enumerate(body):
            cells = []
            for x in range(left, width):
                if (row.number, x) in hidden:
                    continue
                down, right = merged.get((row.number, x), (1, 1))
                if down > 1:
                    down = sum(1 for other in body[place : place + down] if other.number < row.number + down)
                words = row.cells[x] if x < len(row.cells) else ""
                where = Position(sheet=sheet, cell=f"{column_name(x)}{row.number}")
                cells.append(Field(words, max(1, down), min(right, width - x), where))
            fields.append(cells)
        composer.table(fields, lambda y, number: fields[y][number].position or Position() if fields[y] else Position())
    for row in block[last:]:
        _line(composer, sheet, row)


def _note(row: Row) -> bool:
    """Whether a line below a table is a note to it."""
    words = row.cells[row.filled[0]].strip()
    notes = tuple(lexicon.words("tables", "note"))
    return words.startswith((*notes, "*", "※", "（", "(")) or "：" in words[:8] or len(words) > 30


def _line(composer: Composer, sheet: str | None, row: Row) -> None:
    x = row.filled[0]
    where = Position(sheet=sheet, cell=f"{column_name(x)}{row.number}")
    for line in row.cells[x].split("\n"):
        composer.line(" ".join(line.split()), where)


def _hidden(body: Sequence[Row], merged: Mapping[tuple[int, int], tuple[int, int]]) -> set[tuple[int, int]]:
    """The cells that a merged cell covers, its first one apart."""
    first, last = body[0].number, body[-1].number
    covered: set[tuple[int, int]] = set()
    for (y, x), (down, right) in merged.items():
        if y > last or y + down <= first or (down == 1 and right == 1):
            continue
        covered.update(
            (row, column)
            for row in range(max(y, first), min(y + down, last + 1))
            for column in range(x, x + min(right, 256))
            if (row, column) != (y, x)
        )
    return covered
