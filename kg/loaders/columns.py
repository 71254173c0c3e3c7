"""Pages set in columns, as gazettes set them: what stands in which column, in reading order.

A gutter is an upright band that no word crosses, between lines that fill the columns beside it. Titles and tables that cross
it part the page into zones; zones are read downwards, and the columns of a zone from left to right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Generic, Protocol, TypeVar

__all__ = ["Columns", "Part"]

_LINES = 5
"""So many lines of a zone fill a column at least, and a quarter of all."""
_CHARACTERS = 12
"""And so many characters find room in its width."""


class Placed(Protocol):
    """What stands in a box of a page; y grows downwards."""

    @property
    def left(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def bottom(self) -> float: ...
    @property
    def blank(self) -> bool:
        """Whether it is a space, which may stand in a gutter."""
        ...


T = TypeVar("T", bound=Placed)


@dataclass(frozen=True)
class Part(Generic[T]):
    """What stands in one column of a zone, or across all; `shift` is how far right of the first column it begins."""

    items: list[T]
    shift: float = 0.0


class Columns:
    """The columns of the pages of one document."""

    def __init__(self) -> None:
        self._known: set[float] = set()

    def parts(self, items: Sequence[T]) -> list[Part[T]]:
        """The parts of a page in reading order; a page in one column is one part. Where columns are known to stand, on
        this page or one before, few lines are enough.

        Args:
            items: characters, lines or tables of a page, in any order.
        """
        heights = [item.bottom - item.top for item in items if not item.blank]
        size = max(median(heights), 0.1) if heights else 1.0
        rows = _rows(items, size)
        gutters = [_Gutter(rows, place, size, place in self._known) for place in _places(rows, size) | self._known]
        best = max(gutters, key=lambda one: (one.lines, one.place), default=None)
        if best is None or not best.lines:
            return [Part(list(items))]
        self._known.add(best.place)
        best = _Gutter(rows, best.place, size, known=True)
        found: list[Part[T]] = []
        for zone, apart in best.zones:
            if not apart:
                found.append(Part([item for row in zone for item in row]))
                continue
            for side, shift in ((best.before, 0.0), (best.behind, best.shift)):
                column = [item for row in zone for item in side(row)]
                found += [Part(part.items, part.shift + shift) for part in self.parts(column)]
        return found


def _rows(items: Sequence[T], size: float) -> list[list[T]]:
    """What stands beside one another, downwards."""
    rows: list[list[T]] = []
    last = float("-inf")
    for item in sorted(items, key=lambda one: one.top + one.bottom):
        middle = (item.top + item.bottom) / 2
        if middle - last <= 0.5 * size:
            rows[-1].append(item)
        else:
            rows.append([item])
            last = middle
    return rows


def _places(rows: Sequence[Sequence[Placed]], size: float) -> set[float]:
    """Where a gutter may stand: the middle of each gap of a row that is wide enough for one."""
    found: set[int] = set()
    for row in rows:
        ordered = sorted((item for item in row if not item.blank), key=lambda one: one.left)
        if not ordered:
            continue
        reach = ordered[0].right
        for item in ordered[1:]:
            if item.left - reach >= size:
                found.add(round((reach + item.left) / size))
            reach = max(reach, item.right)
    return {place * size / 2 for place in found}


class _Gutter(Generic[T]):
    """A place where a gutter may stand, and the zones in which it does."""

    def __init__(self, rows: Sequence[list[T]], place: float, size: float, known: bool) -> None:
        self.place, self._known = place, known
        self._low, self._high = place - size / 2, place + size / 2
        runs: list[tuple[list[list[T]], bool]] = []
        for row in rows:
            free = not any(item.left < self._high and item.right > self._low for item in row if not item.blank)
            if not runs or runs[-1][1] != free:
                runs.append(([], free))
            runs[-1][0].append(row)
        self.zones: list[tuple[list[list[T]], bool]] = runs
        self.lines = 0
        self.shift = 0.0
        sides = self._sides([row for zone, free in runs if free for row in zone])
        if not all(sides):
            return
        columns = [(min(low for low, _ in side), max(high for _, high in side)) for side in sides]
        if not known and any(high - low < _CHARACTERS * size for low, high in columns):
            return
        self.shift = columns[1][0] - columns[0][0]
        self.zones = [(zone, free and self._filled(zone, columns)) for zone, free in runs]
        self.lines = sum(len(zone) for zone, apart in self.zones if apart)

    def before(self, row: Sequence[T]) -> list[T]:
        """What of a row stands left of it, with the spaces in it."""
        return [item for item in row if item.right <= self._low or (item.blank and item.left < self._high)]

    def behind(self, row: Sequence[T]) -> list[T]:
        """What of a row stands right of it."""
        return [item for item in row if item.left >= self._high]

    def _sides(self, zone: Sequence[Sequence[T]]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """From where to where each line left of it goes, and each one right of it."""
        found: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
        for row in zone:
            for edges, side in zip(found, (self.before(row), self.behind(row)), strict=True):
                solid = [item for item in side if not item.blank]
                if solid:
                    edges.append((min(item.left for item in solid), max(item.right for item in solid)))
        return found

    def _filled(self, zone: Sequence[Sequence[T]], columns: Sequence[tuple[float, float]]) -> bool:
        """Whether there is running text on both sides: many lines fill their column."""
        for edges, (low, high) in zip(self._sides(zone), columns, strict=True):
            full = sum(right - left >= 0.8 * (high - low) for left, right in edges)
            if not edges or (not self._known and (full < _LINES or full * 4 < len(edges))):
                return False
        return True
