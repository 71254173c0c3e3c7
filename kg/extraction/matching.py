"""Finding the words of vocabularies in a text: one pass of an Aho-Corasick automaton for any number of words.

>>> matcher = Matcher([("消防", "fire"), ("森林消防", "wildfire")])
>>> [(match.start, match.word, match.values) for match in matcher.longest("抓森林消防和消防")]
[(1, '森林消防', ('wildfire',)), (6, '消防', ('fire',))]
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import ahocorasick

Value = TypeVar("Value")


@dataclass(slots=True)
class Dropped:
    """A word at text[start:end] that a rule looked at and did not take; `reason` is a code of the rule's module."""

    start: int
    end: int
    reason: str


class Spans:
    """Stretches of a text that may overlap, asked whether they hold a place.

    >>> spans = Spans([(3, 9), (0, 2)])
    >>> spans.hold(4, 9), spans.hold(1, 4)
    (True, False)
    """

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]
        self._reach: list[int] = []
        reach = 0
        for _, end in self._spans:
            reach = max(reach, end)
            self._reach.append(reach)

    def hold(self, start: int, end: int) -> bool:
        """Whether one of them begins at or before `start` and ends at or after `end`."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._reach[at] >= end

    def touch(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with [start, end)."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._reach[at] > start


class Match(NamedTuple, Generic[Value]):
    """A word found at text[start:end]; `values` are all that the word stands for, in the order given."""

    start: int
    end: int
    word: str
    values: tuple[Value, ...]


class Matcher(Generic[Value]):
    """Many words, each with one or more values, found together."""

    def __init__(self, pairs: Iterable[tuple[str, Value]]) -> None:
        """`pairs` are words with a value; a word may come several times. Empty words are left out."""
        values: dict[str, dict[Value, None]] = {}
        for word, value in pairs:
            if word:
                values.setdefault(word, {})[value] = None
        self._automaton = ahocorasick.Automaton()
        for word, found in values.items():
            self._automaton.add_word(word, (len(word), word, tuple(found)))
        self._automaton.make_automaton()
        self._empty = not values

    def all(self, text: str) -> Iterator[Match[Value]]:
        """Every place of every word, by where it ends; words inside longer words too."""
        if self._empty:
            return
        for last, (length, word, values) in self._automaton.iter(text):
            yield Match(last + 1 - length, last + 1, word, values)

    def longest(
        self,
        text: str,
        closed: Spans | None = None,
        joined: Callable[[Value, Value], Value | None] | None = None,
    ) -> list[Match[Value]]:
        """The places read from left to right, at each the longest word; none overlap, none touches a closed stretch.

        Where a word begins inside the one chosen and ends behind it (`抢险队` in `抢险队伍`), `joined` is asked with the
        first value of each for the value of both together; None leaves the first as it is.
        """
        if self._empty:
            return []
        if closed is None and joined is None:
            return [Match(last + 1 - entry[0], last + 1, entry[1], entry[2]) for last, entry in self._plain(text)]
        found = [(last + 1 - entry[0], -entry[0], entry) for last, entry in self._automaton.iter(text)]
        if closed is not None:
            found = [place for place in found if not closed.touch(place[0], place[0] - place[1])]
        found.sort(key=_place)
        chosen: list[Match[Value]] = []
        free = 0
        for start, negative, entry in found:
            if start >= free:
                free = start - negative
                chosen.append(Match(start, free, entry[1], entry[2]))
            elif joined is not None and start - negative > free:
                last = chosen[-1]
                value = joined(last.values[0], entry[2][0])
                if value is not None:
                    free = start - negative
                    chosen[-1] = Match(last.start, free, text[last.start : free], (value,))
        return chosen

    def _plain(self, text: str) -> list[tuple[int, tuple[int, str, tuple[Value, ...]]]]:
        """`longest` without stretches and joints, as (last character, entry).

        The automaton gives words by where they end: a word takes the place of those that begin with it or inside it,
        unless one that began before it reaches into it.
        """
        chosen: list[tuple[int, tuple[int, str, tuple[Value, ...]]]] = []
        starts: list[int] = []
        free = 0
        for last, entry in self._automaton.iter(text):
            start = last + 1 - entry[0]
            if start < free:
                keep = bisect_left(starts, start)
                if keep and chosen[keep - 1][0] >= start:
                    continue
                del starts[keep:], chosen[keep:]
            free = last + 1
            starts.append(start)
            chosen.append((last, entry))
        return chosen


def _place(found: tuple[int, int, object]) -> tuple[int, int]:
    return found[0], found[1]


def bracketed(text: str, opening: str = "《", closing: str = "》") -> list[tuple[int, int]]:
    """The stretches between a pair of brackets, brackets included, the outermost where they nest."""
    spans: list[tuple[int, int]] = []
    start = text.find(opening)
    while start >= 0:
        depth, at = 1, start + 1
        while depth:
            close = text.find(closing, at)
            if close < 0:
                return spans
            depth += text.count(opening, at, close) - 1
            at = close + 1
        spans.append((start, at))
        start = text.find(opening, at)
    return spans
