"""Composing the source text of a file that is no plain text: paragraphs and tables in their order, with their positions.

What is composed suits the cleaning passes, the section tree and the reading of tables: one paragraph a line, a heading
without a number of its own marked by `#`, a table as HTML with one row a line (merged cells by rowspan and colspan).

    >>> text = Composer()
    >>> text.heading("总则", 1)
    >>> text.paragraph("为做好防汛工作，制定本预案。")
    >>> text.table([[Field("任务"), Field("单位")], [Field("清理河道"), Field("区水利局\\n区住建局")]])
    >>> print(text.text())
    # 总则
    为做好防汛工作，制定本预案。
    <table>
    <tr><td>任务</td><td>单位</td></tr>
    <tr><td>清理河道</td><td>区水利局<br>区住建局</td></tr>
    </table>
    >>> str(text.positions().at(45)), str(text.positions().at(87))
    ('table 1 row 1 column 2', 'table 1 row 2 column 2')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kg.loaders.numbering import number_of
from kg.loaders.positions import NOWHERE, Position, Positions

_MARKUP = re.compile(r"&(?=#?\w{1,8};)|<(?=[/!A-Za-z])")
"""What would be read as markup though it is none."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Field:
    """A cell to be written: its words (a newline parts two lines), how many rows and columns it spans, and where it
    stands if that is not its row and column in the table."""

    words: str
    rows: int = 1
    columns: int = 1
    position: Position | None = None


@dataclass(slots=True)
class Composer:
    """A source text in the making; `page` is the page that is being written, None where there are no pages."""

    page: int | None = None
    paragraphs: int = 0
    tables: int = 0
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _starts: list[int] = field(default_factory=list)
    _places: list[Position] = field(default_factory=list)

    def _write(self, words: str, position: Position) -> None:
        if not self._places or self._places[-1] != position:
            self._starts.append(self._length)
            self._places.append(position)
        self._parts.append(words)
        self._length += len(words)

    def paragraph(self, words: str) -> None:
        """Write a paragraph; a newline in it begins a new line of the text. An empty one counts and writes nothing."""
        self.paragraphs += 1
        position = Position(page=self.page, paragraph=self.paragraphs)
        for line in _UNSEEN.sub("", words).split("\n"):
            if line.strip():
                self._write(line.rstrip() + "\n", position)

    def line(self, words: str, position: Position | None = None) -> None:
        """Write a line that is no paragraph: of its place only the page is known, unless `position` says it."""
        if words.strip():
            place = position or (Position(page=self.page) if self.page else NOWHERE)
            self._write(_UNSEEN.sub("", words).rstrip() + "\n", place)

    def heading(self, words: str, level: int) -> None:
        """Write a heading; one without a number gets Markdown's mark."""
        line = " ".join(words.split())
        marked = line and number_of(line) is None and not line.startswith("#")
        self.paragraph(f"{'#' * min(6, max(1, level))} {line}" if marked else line)

    def table(self, rows: Sequence[Sequence[Field]], place: Callable[[int, int], Position] | None = None) -> None:
        """Write a table; a cell that spans several rows or columns is given once, where it begins.

        Args:
            rows: of the cells that begin in them.
            place: the position of a cell by its row and its number in it (from 0); by default table, row, column.
        """
        self.tables += 1
        first = Position(page=self.page, table=self.tables, row=1, column=1)
        self._write("<table>\n", place(0, 0) if place else first)
        empty = [not row for row in rows]  # rows that cells above cover whole: they are no rows for who reads the table
        open_: dict[int, int] = {}  # columns that a cell above still covers, with the rows left
        for y, row in enumerate(rows):
            if empty[y]:
                continue
            x = 0
            at = Position(page=self.page, table=self.tables, row=y + 1, column=1)
            self._write("<tr>", place(y, 0) if place else at)
            for number, one in enumerate(row):
                while open_.get(x, 0) > 0:
                    x += 1
                at = Position(page=self.page, table=self.tables, row=y + 1, column=x + 1)
                position = one.position or (place(y, number) if place else at)
                down = one.rows - sum(empty[y : y + one.rows])
                spans = f' rowspan="{down}"' if down > 1 else ""
                spans += f' colspan="{one.columns}"' if one.columns > 1 else ""
                self._write(f"<td{spans}>{cell_text(one.words)}</td>", position)
                for beside in range(x, x + min(one.columns, 256)):
                    open_[beside] = down
                x += one.columns
            open_ = {column: left - 1 for column, left in open_.items() if left > 1}
            self._write("</tr>\n", self._places[-1])
        self._write("</table>\n", self._places[-1])

    def text(self) -> str:
        """The source text so far."""
        return "".join(self._parts).rstrip("\n")

    def positions(self) -> Positions:
        """The positions of the text so far."""
        return Positions(tuple(self._starts), tuple(self._places))


def cell_text(words: str) -> str:
    """The words of a cell as they stand in the table's HTML.

    >>> cell_text("a<b &nbsp; R&D\\n≥95<br>")
    'a&lt;b &amp;nbsp; R&D<br>≥95&lt;br>'
    """
    escaped = _MARKUP.sub(lambda mark: "&amp;" if mark[0] == "&" else "&lt;", _UNSEEN.sub("", words))
    return "<br>".join(line.strip() for line in escaped.split("\n") if line.strip())
