"""Where a place of a source text stands in the file it was read from: page, paragraph, or cell of a table.

Plain text has none of these; there `start` and `end` say it. Pages, paragraphs, tables, rows and columns count from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place that a person can find; None where the format has no such thing.

    `sheet` and `cell` (`C5`) are of a spreadsheet; `table`, `row` and `column` of a table within a text.
    """

    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def parts(self) -> dict[str, int | str]:
        """What is known, by name, in a fixed order."""
        names = ("page", "paragraph", "table", "row", "column", "sheet", "cell")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    def __str__(self) -> str:
        """
        >>> str(Position(page=3, table=2, row=4, column=1)), str(Position(sheet="物资", cell="C5"))
        ('page 3, table 2 row 4 column 1', 'sheet 物资 cell C5')
        """
        parts = []
        if self.page is not None:
            parts.append(f"page {self.page}")
        if self.paragraph is not None:
            parts.append(f"paragraph {self.paragraph}")
        if self.table is not None:
            parts.append(f"table {self.table} row {self.row} column {self.column}")
        if self.cell is not None:
            parts.append(f"sheet {self.sheet} cell {self.cell}" if self.sheet else f"cell {self.cell}")
        return ", ".join(parts)

    def in_chinese(self) -> str:
        """The place for people; of a paragraph on a page the page alone, since nobody counts paragraphs over pages.

        >>> Position(page=3, paragraph=40).in_chinese(), Position(paragraph=12).in_chinese()
        ('第3页', '第12段')
        >>> Position(sheet="物资", cell="C5").in_chinese()
        '物资!C5'
        >>> Position(page=3, table=2, row=4, column=1).in_chinese()
        '第3页 表2第4行第1列'
        """
        parts = []
        if self.page is not None:
            parts.append(f"第{self.page}页")
        elif self.paragraph is not None:
            parts.append(f"第{self.paragraph}段")
        if self.table is not None:
            parts.append(f"表{self.table}第{self.row}行第{self.column}列")
        if self.cell is not None:
            parts.append(f"{self.sheet}!{self.cell}" if self.sheet else self.cell)
        return " ".join(parts)


NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of a source text: from `starts[i]` up to the next start stands what `places[i]` says."""

    starts: Sequence[int] = ()
    places: Sequence[Position] = ()

    def at(self, offset: int) -> Position | None:
        """The position of a source offset; None where the format has none."""
        if not self.starts:
            return None
        index = bisect_right(self.starts, offset) - 1
        if index < 0 or self.places[index] == NOWHERE:
            return None
        return self.places[index]
