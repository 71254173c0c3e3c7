"""The Document: what every loader returns and extraction reads.

A Document holds the source text (the decoded file), the cleaned text, and the map between their offsets. Offsets count
Unicode code points. All positions in sections and facts' drafts are in the cleaned text; `Document.span` turns them
into positions of the source text, which are the ones that users see.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.loaders.positions import Position, Positions


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something that a reader of the text should know: `code` (lost_characters, …), where (source offsets), words."""

    code: str
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What source[start:end] said before it was damaged; `how` is lost_byte or recognition_slip.

    `text` is in the script of the source.
    """

    start: int
    end: int
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text below it.

    `start`/`end` are cleaned offsets of the whole section (heading and subsections included), `body` where the text
    after the heading begins. `number` is as written (`一、`, `(一)`, `1.1`, `第三条`, or empty), `heading` without it.
    `parent` is an index into `Document.sections`, -1 at the top. `run_in` is true where the heading opens a paragraph
    that goes on.
    """

    number: str
    heading: str
    level: int
    start: int
    body: int
    end: int
    parent: int
    run_in: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its words (without markup) and its cleaned offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with cleaned offsets; the first row is its head. A spanning cell stands in each row and column."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class PlanMetadata:
    """What the document says of itself; None where it does not say. Years are integers, `issued` is YYYY-MM-DD;
    `index_number` is the 索引号 of a government page, `validity` its 有效性."""

    title: str | None = None
    kind: str | None = None
    issuer: str | None = None
    place: str | None = None
    doc_number: str | None = None
    issued: str | None = None
    period_start: int | None = None
    period_end: int | None = None
    index_number: str | None = None
    validity: str | None = None


@dataclass(frozen=True, slots=True)
class HowRead:
    """How a file was read: `format` for people (`PDF, text`), its pages (0 where it has none) and tables, and notes on
    what was left out of the text and why."""

    format: str = "text"
    pages: int = 0
    tables: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Cleaned offsets to source offsets.

    The cleaned text is a row of pieces; piece i begins at `cleaned[i]` and was made from the source text beginning at
    `starts[i]` and ending at `ends[i]`. A piece is either copied (as long as its source) or rewritten (of any length).
    """

    cleaned: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    copied: Sequence[bool]

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """The smallest source span whose cleaned form is cleaned[start:end] (start < end)."""
        first = bisect_right(self.cleaned, start) - 1
        last = bisect_right(self.cleaned, end - 1) - 1
        begin = self.starts[first] + (start - self.cleaned[first] if self.copied[first] else 0)
        finish = self.starts[last] + (end - self.cleaned[last]) if self.copied[last] else self.ends[last]
        return begin, finish


@dataclass(frozen=True, slots=True)
class Document:
    """A plan's text, ready for extraction."""

    name: str
    """File name without folders; `source` of the Plan."""
    source: str
    """The decoded text: BOM kept, CRLF and CR read as one LF."""
    text: str
    """The cleaned text."""
    offsets: OffsetMap
    sections: tuple[Section, ...]
    metadata: PlanMetadata
    sha256: str
    """Of the file's bytes."""
    encoding: str
    passes: tuple[str, ...]
    """The names of the cleaning passes that this text called for, in order."""
    warnings: tuple[Warning_, ...] = ()
    damage: tuple[Reading, ...] = ()
    """Damage of the source text that can be undone, in order."""
    excluded: tuple[tuple[int, int, str], ...] = field(default=())
    """Parts of the cleaned text that are no content of the plan (start, end, reason): page header, table of contents,
    the transmitting notice. They stay in the text so that nothing is lost; extraction takes no tasks from them."""
    tables: tuple[Table, ...] = ()
    positions: Positions = Positions()
    """Pages, paragraphs and cells of the source text."""
    reading: HowRead = HowRead()
    columns: Mapping[str, str] = field(default_factory=dict)
    """What columns of tables hold, by the words of their heads, as the user settled it."""

    def position(self, start: int) -> Position | None:
        """Page, paragraph or cell of a source offset; None for plain text."""
        return self.positions.at(start)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of cleaned[start:end]."""
        return self.offsets.to_source(start, end)
