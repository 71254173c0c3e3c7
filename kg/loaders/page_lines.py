"""From lines on pages to paragraphs: what PDF, OFD and scans have in common.

A line goes on in the next where it reaches the right margin and the next one is not indented; the end of a page is no end
of a paragraph. What stands at the same place of most pages is a running header or footer and is left out, as are page
numbers. Tables keep their places between the lines; one that ends a page goes on in one of the same columns that begins
the next.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import TypeVar

from kg.loaders.broken_lines import page_number
from kg.loaders.columns import Columns
from kg.loaders.composing import Composer, Field
from kg.loaders.numbering import number_of
from kg.loaders.positions import Position


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or cell that the file itself tells: its number on the page, and whether parts of it stand on
    other pages."""

    number: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words in its box; y grows downwards, all in one unit (points, millimetres, pixels). `spaced` says whether a
    space stands at its end; `block` is where it belongs by what the file itself says."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    spaced: bool = False
    block: Block | None = None

    @property
    def size(self) -> float:
        """Its height."""
        return max(self.bottom - self.top, 0.1)

    @property
    def blank(self) -> bool:
        """A line has words."""
        return False


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a ruled table with the words in it."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table of a page."""

    boxes: tuple[Box, ...]

    @property
    def blank(self) -> bool:
        """A table is no space."""
        return False

    @property
    def left(self) -> float:
        """The left edge."""
        return min(box.left for box in self.boxes)

    @property
    def right(self) -> float:
        """The right edge."""
        return max(box.right for box in self.boxes)

    @property
    def top(self) -> float:
        """The upper edge."""
        return min(box.top for box in self.boxes)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return max(box.bottom for box in self.boxes)


@dataclass(slots=True)
class Page:
    """A page: its number (from 1), width and height, lines and tables; of a scan also how many stretches of words could not
    be read."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[Ruled] = field(default_factory=list)
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character in its box; `base` is the height of the line that it stands on, `parted` whether the reader of the file
    takes a space to stand before it, if only by the gap; `block` as in a line."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    parted: bool = False
    block: Block | None = None

    @property
    def blank(self) -> bool:
        """Whether it is a space."""
        return self.char == SPACE


SPACE = " "
"""The glyph of a space that stands in the file; only where it begins counts."""
_NUMBERING = re.compile("[\\d.\ue000-\uf8ff]")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from single characters: those of one height, from left to right; a wide gap is a space."""
    every = sorted(glyphs, key=lambda one: (one.base, one.left))
    heights = sorted(one.bottom - one.top for one in every if one.char != SPACE)
    if not heights:
        return []
    usual = median(heights[len(heights) // 3 :])
    rows: list[list[Glyph]] = []
    for glyph in every:
        if rows and glyph.base - rows[-1][-1].base <= 0.3 * usual and glyph.base - rows[-1][0].base <= 0.6 * usual:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    found = [line for row in rows if (line := _line(sorted(row, key=lambda one: one.left)))]
    if sum(line.spaced for line in found) * 2 > len(found):  # the program that made the file ends lines so
        return [replace(line, spaced=False) for line in found]
    return found


def _line(row: Sequence[Glyph]) -> Line | None:
    """The line of characters that stand side by side."""
    signs = [glyph for glyph in row if glyph.char != SPACE]
    if not signs:
        return None
    size = max(one.bottom - one.top for one in signs)
    usual_gap = _usual_gap(signs)
    words: list[str] = []
    last: Glyph | None = None
    spaced = False
    number = True  # whether all of the line so far is the number of a heading or item
    for glyph in row:
        if glyph.char == SPACE:
            spaced = True
            continue
        if last is not None:
            if glyph.char == last.char and glyph.left - last.left < min(0.25 * size, 0.6 * (last.right - last.left)):
                continue  # printed twice to look bold
            gap = glyph.left - last.right
            han = (_HAN.match(last.char) is not None) + (_HAN.match(glyph.char) is not None)
            if glyph.parted:
                wide = (0.2, 0.2 if number else 0.6, min(0.9, usual_gap / size + 0.18))[han]
            else:
                wide = (0.28, 0.6, 0.9)[han]
            if gap > wide * size or (spaced and gap > 0.12 * size):
                words.append(" ")
        words.append(glyph.char)
        number = number and _NUMBERING.match(glyph.char) is not None
        last, spaced = glyph, False
    top, bottom = min(one.top for one in signs), max(one.bottom for one in signs)
    return Line("".join(words), signs[0].left, top, max(one.right for one in signs), bottom, spaced, signs[0].block)


_W = TypeVar("_W", Glyph, Line)


def in_columns(
    page: Page, words: Sequence[_W], lines: Callable[[list[_W]], list[Line]], columns: Columns
) -> list[Page]:
    """The page with its words as lines; where it is set in columns, a page for each part, in reading order, with its lines
    moved to where the first column stands.

    Args:
        page: with its tables; its lines are not looked at.
        words: the characters or stretches of words outside of tables.
        lines: makes lines of some of them.
        columns: of the pages before.
    """
    items: list[_W | Ruled] = list(words)
    items += page.tables
    pages: list[Page] = []
    for part in columns.parts(items):
        inside = lines([item for item in part.items if not isinstance(item, Ruled)])
        moved = [replace(line, left=line.left - part.shift, right=line.right - part.shift) for line in inside]
        tables = [item for item in part.items if isinstance(item, Ruled)]
        pages.append(replace(page, lines=moved, tables=tables, unread=0 if pages else page.unread))
    return pages


def _usual_gap(row: Sequence[Glyph]) -> float:
    """How far apart Chinese characters of a line stand, which a title or a justified line spreads; infinity where there are
    too few to tell."""
    gaps = [b.left - a.right for a, b in pairwise(row) if _HAN.match(a.char) and _HAN.match(b.char)]
    return max(0.0, median(gaps)) if len(gaps) >= 5 else float("inf")


def cell_words(lines: Sequence[Line], left: float, right: float) -> str:
    """The words of a cell: a line goes on in the next where that one's first word had no room in it."""
    if not lines:
        return ""
    padding = min(min(line.left - left, right - line.right) for line in lines)
    inner = right - left - 2 * max(padding, 0)
    words = lines[0].text
    for before, line in zip(lines, lines[1:], strict=False):
        full = before.right - before.left + _room(line.text) * before.size > inner or before.text.endswith(_OPEN)
        closed = re.search("[。；;]$", before.text) and number_of(line.text) is not None
        words += (_joint(before, line) if full and not closed else "\n") + line.text
    return words


def _room(words: str) -> float:
    """How many characters wide the line above would have had to be for the first word of a line."""
    first = re.match(rf"[“‘（《]?(?:[!-~]+|.)[{_NO_START}]*", words)
    wide = sum(1.0 if _HAN.match(char) or char in _NO_START else 0.55 for char in first[0]) if first else 1.0
    return wide + 0.25


_OPEN = ("，", "、")
"""What ends no item: the words go on."""
_NO_START = "、，。；：！？）》”’,.;:!?)"


def _joint(line: Line, after: Line) -> str:
    letters = re.search("[A-Za-z]$", line.text) and re.match("[A-Za-z]", after.text)
    return " " if line.spaced or letters else ""


def compose(composer: Composer, pages: Sequence[Page], notes: list[str]) -> None:
    """Write the paragraphs and tables of pages in their order.

    Args:
        composer: takes the text.
        pages: in order.
        notes: takes what was left out.
    """
    running = _running(pages)
    if running:
        notes.append(f"{len(running)} running headers, footers and page numbers: no text of the plan; not read")
    unread = sum(page.unread for page in pages)
    if unread:
        notes.append(f"{unread} stretches of words read with little confidence: left out; look at the pages")
    lines = [line for page in pages for line in page.lines if (page.number, id(line)) not in running]
    writer = _Writer(composer, _Margins(lines), _always_parted(lines))
    for page in pages:
        kept = [line for line in page.lines if (page.number, id(line)) not in running]
        items: list[Line | Ruled] = sorted([*kept, *page.tables], key=lambda one: one.top)
        for item in items:
            if isinstance(item, Ruled):
                writer.table(item, page.number)
            else:
                writer.line(item, page.number)
    writer.close()


def _running(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """Page numbers, and the lines at the head and foot of pages that stand on most of them."""
    found: set[tuple[int, int]] = set()
    counts: Counter[tuple[str, bool]] = Counter()
    edges: list[tuple[Page, Line, tuple[str, bool]]] = []
    for page in pages:
        for line in page.lines:
            head, foot = line.bottom < 0.1 * page.height, line.top > 0.88 * page.height
            if not (head or foot):
                continue
            if page_number(line.text) and (foot or page.number > 1):
                found.add((page.number, id(line)))
                continue
            key = (re.sub(r"[\d\s]+", "#", line.text), head)
            edges.append((page, line, key))
        counts.update({key for other, _, key in edges if other is page})
    sheets = len({page.number for page in pages})
    for page, line, key in edges:
        if counts[key] >= 3 and counts[key] * 2 > sheets and len(line.text) <= 60:
            found.add((page.number, id(line)))
    return found


_SPACE_BETWEEN = re.compile("([\u4e00-\u9fff]) (?=([\u4e00-\u9fff]))")


def _always_parted(lines: Iterable[Line]) -> set[str]:
    """Pairs of characters that stand in lines more than once, and always with a space between them.

    In a text that has spaces where its full stops were lost (工作 省应急厅), a line may end at such a space, and files do not
    have spaces at the ends of lines.
    """
    text = "\n".join(line.text for line in lines)
    counts = Counter(one + other for one, other in _SPACE_BETWEEN.findall(text))
    return {pair for pair, count in counts.items() if count > 1 and pair not in text}


class _Margins:
    """Where lines of the text begin and end, and how far apart they stand."""

    def __init__(self, lines: Sequence[Line]) -> None:
        long_ = [line for line in lines if len(line.text) >= 12] or list(lines)
        self.size = median(line.size for line in long_) if long_ else 1.0
        step = max(self.size, 0.1)
        lefts = Counter(round(line.left / step * 2) for line in long_)
        common = [place for place, count in lefts.items() if count * 20 >= len(long_)]
        self.left = min(common) * step / 2 if common else 0.0
        rights = sorted(line.right for line in long_)
        self.right = rights[int(len(rights) * 0.95) - 1 if len(rights) > 20 else -1] if rights else 0.0
        indented = sum(self.indent(line) >= 1.2 for line in lines)
        self.indents = indented * 8 > len(lines)
        """Whether paragraphs are told by an indent."""
        gaps = [b.top - a.top for a, b in zip(lines, lines[1:], strict=False) if 0 < b.top - a.top < 4 * self.size]
        self.pitch = median(gaps) if gaps else 1.5 * self.size
        self.apart, self.dense = self._apart(lines)
        """From how far apart two lines are two paragraphs, infinity where that is not known; and whether paragraphs are surely
        no further apart than lines."""

    def _apart(self, lines: Sequence[Line]) -> tuple[float, bool]:
        inside: list[float] = []
        between: list[float] = []
        for one, other in pairwise(lines):
            gap = other.top - one.top
            if not 0 < gap < 4 * self.size:
                continue
            if not self.full(one, other.text):
                between.append(gap)  # surely the end of a paragraph
            elif not re.search(f"[{_CLOSING}]$", one.text):
                inside.append(gap)  # words that go on: surely lines of one paragraph
        if len(inside) < _FEWEST:
            return float("inf"), False
        apart = median(inside) + 0.4 * self.size
        even = sum(abs(gap - median(inside)) < 0.2 * self.size for gap in inside) >= 0.9 * len(inside)
        told = sum(gap > apart for gap in between) * 2 > len(between)
        return apart if even and told else float("inf"), even and not told

    def indent(self, line: Line) -> float:
        """How far a line is indented, in characters."""
        return (line.left - self.left) / self.size

    def full(self, line: Line, following: str) -> bool:
        """Whether a line reaches the right margin: the first word of the next one had no room in it."""
        return self.right - line.right < max(2.6, _room(following) + 1) * max(self.size, min(line.size, 3 * self.size))


_CLOSING = "。；;！？!?：:"
_FEWEST = 8
"""Lines that go on from which the distance of lines is judged."""
_LABEL = re.compile("[\u4e00-\u9fff（）()、]{2,20}[：:]")


class _Writer:
    def __init__(self, composer: Composer, margins: _Margins, parted: Set[str]) -> None:
        self.composer = composer
        self.margins = margins
        self.parted = parted
        self._words = ""
        self._page = 0
        self._last: Line | None = None
        self._last_page = 0
        self._table: list[list[Field]] = []
        self._edges: list[float] = []

    def close(self) -> None:
        """Ends what is being written."""
        self._end_paragraph()
        self._end_table()

    def line(self, line: Line, page: int) -> None:
        """Adds a line to the paragraph, or begins one."""
        self._end_table()
        if self._last is not None and self._goes_on(self._last, line, page):
            parted = self._last.text[-1] + line.text[0] in self.parted
            self._words += (" " if parted else _joint(self._last, line)) + line.text
        else:
            self._end_paragraph()
            self._words, self._page = line.text, page
        self._last, self._last_page = line, page

    def _goes_on(self, last: Line, line: Line, page: int) -> bool:
        margins = self.margins
        if last.block and line.block:
            same_page = page == self._last_page
            if last.block != line.block if same_page else not (last.block.elsewhere and line.block.elsewhere):
                return False
        big = last.size > 1.2 * margins.size and line.size > 1.2 * margins.size
        if big and abs(last.size - line.size) < 0.2 * last.size:
            # A title in two lines; two titles where the second has a number.
            return margins.full(last, line.text) and number_of(line.text) is None
        if abs(last.size - line.size) > 0.45 * margins.size and big:
            return False
        if not margins.full(last, line.text):
            return False
        if page == self._last_page and line.top - last.top > max(
            1.45 * margins.pitch, margins.pitch + 0.9 * margins.size
        ):
            return False
        closed = re.search(f"[{_CLOSING}]$", last.text) is not None
        if margins.indents:
            return margins.indent(line) < 1.2
        if margins.dense and closed and last.text[-1] not in "：:；;":
            return False  # as in a text with broken lines
        if page == self._last_page and line.top - last.top > margins.apart:
            return False
        return not (closed and (number_of(line.text) is not None or _LABEL.match(line.text)))

    def _end_paragraph(self) -> None:
        if self._words:
            self.composer.page = self._page
            self.composer.paragraph(self._words)
        self._words, self._last = "", None

    def table(self, table: Ruled, page: int) -> None:
        """Adds a table, or the rows with which one goes on from the page before."""
        self._end_paragraph()
        rows, edges = _grid(table, page)
        alike = len(edges) == len(self._edges) and all(
            abs(a - b) < 3 * self.margins.size for a, b in zip(edges, self._edges, strict=True)
        )
        if self._table and alike and page == self._page + 1:
            if not _split_row(self._table, rows):
                self._table += rows
            else:
                self._table += rows[1:]
        else:
            self._end_table()
            self._table = rows
        self._edges, self._page = edges, page

    def _end_table(self) -> None:
        if self._table:
            self.composer.page = self._page
            table = self.composer.tables + 1
            rows = [
                [Field(one.words, one.rows, one.columns, _numbered(one.position, table, y + 1)) for one in row]
                for y, row in enumerate(self._table)
            ]
            self.composer.table(
                rows, lambda y, number: rows[y][number].position or Position() if rows[y] else Position()
            )
        self._table, self._edges = [], []


def _numbered(position: Position | None, table: int, row: int) -> Position:
    place = position or Position()
    return Position(page=place.page, table=table, row=row, column=place.column)


def _split_row(above: list[list[Field]], below: list[list[Field]]) -> bool:
    """Whether the first row of a page ends the last one of the page before; if so, its words are put there.

    Told by an empty first cell (the row's number) in a table whose rows have one.
    """
    if not below or not above:
        return False
    first, last = below[0], above[-1]
    plain = all(one.rows == 1 and one.columns == 1 for one in [*first, *last])
    numbered = sum(bool(row and row[0].words.strip()) for row in above)
    if len(first) != len(last) or not plain or first[0].words.strip() or numbered * 4 < len(above) * 3:
        return False
    above[-1] = [
        Field(one.words + more.words, 1, 1, one.position) if more.words else one
        for one, more in zip(last, first, strict=True)
    ]
    return True


def _merged_edges(values: Iterable[float], apart: float) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > apart:
            edges.append(value)
    return edges


def _grid(table: Ruled, page: int) -> tuple[list[list[Field]], list[float]]:
    """Rows of cells from boxes, with what each spans; and the edges of the columns."""
    apart = min(min(box.right - box.left, box.bottom - box.top) for box in table.boxes) / 3
    apart = max(min(apart, 6.0), 0.5)
    columns = _merged_edges((edge for box in table.boxes for edge in (box.left, box.right)), apart)
    rows = _merged_edges((edge for box in table.boxes for edge in (box.top, box.bottom)), apart)

    def index(edges: list[float], value: float) -> int:
        return min(range(len(edges)), key=lambda place: abs(edges[place] - value))

    placed = sorted(
        (index(rows, box.top), index(columns, box.left), index(rows, box.bottom), index(columns, box.right), box.text)
        for box in table.boxes
    )
    grid: list[list[Field]] = [[] for _ in rows[:-1]]
    taken: set[tuple[int, int]] = set()
    by_place = {(y, x): (bottom, right, text) for y, x, bottom, right, text in placed}
    for y in range(len(rows) - 1):
        for x in range(len(columns) - 1):
            if (y, x) in taken:
                continue
            bottom, right, text = by_place.get((y, x), (y + 1, x + 1, ""))
            bottom, right = max(bottom, y + 1), max(right, x + 1)
            spot = Position(page=page, column=x + 1)
            grid[y].append(Field(text, bottom - y, right - x, spot))
            taken.update((below, beside) for below in range(y, bottom) for beside in range(x, right))
    return [row for row in grid if row], columns
