"""Finding the words of vocabularies in a text: one pass of an Aho-Corasick automaton for any number of words.

>>> matcher = Matcher([("消防", "fire"), ("森林消防", "wildfire")])
>>> [(match.start, match.word, match.values) for match in matcher.longest("抓森林消防和消防")]
[(1, '森林消防', ('wildfire',)), (6, '消防', ('fire',))]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

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
        self._words = list(values)
        self._values = [tuple(found) for found in values.values()]

    @cached_property
    def _overlapping(self) -> AhoCorasick:
        return AhoCorasick(map(_whole, self._words), matchkind=MatchKind.Standard)

    @cached_property
    def _longest(self) -> AhoCorasick:
        return AhoCorasick(map(_whole, self._words), matchkind=MatchKind.LeftmostLongest)

    def _matches(self, places: Iterable[tuple[int, int, int]]) -> list[Match[Value]]:
        return [Match(start, end, self._words[number], self._values[number]) for number, start, end in places]

    def all(self, text: str) -> list[Match[Value]]:
        """Every place of every word, by where it ends; words inside longer words too."""
        return self._matches(_search(self._overlapping, text, overlapping=True))

    def longest(self, text: str) -> list[Match[Value]]:
        """The places read from left to right, at each the longest word; none overlap."""
        return self._matches(_search(self._longest, text))


def leftmost(
    matches: Iterable[Match[Value]], joined: Callable[[Value, Value], Value | None] | None = None
) -> list[Match[Value]]:
    """Of matches that overlap the ones that `Matcher.longest` takes: the first, and of those the longest.

    Where a word begins inside the one chosen and ends behind it (`抢险队` in `抢险队伍`), `joined` is asked with the
    first value of each for the value of both together; None leaves the first as it is.
    """
    chosen: list[Match[Value]] = []
    free = 0
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if match.start >= free:
            chosen.append(match)
            free = match.end
        elif joined is not None and match.end > free:
            last = chosen[-1]
            value = joined(last.values[0], match.values[0])
            if value is not None:
                chosen[-1] = Match(last.start, match.end, last.word + match.word[free - match.start :], (value,))
                free = match.end
    return chosen


_HALVES = re.compile("[\ud800-\udfff]")


def _whole(text: str) -> str:
    """A text with private characters for the halves of characters, which damaged files hold and UTF-8 cannot."""
    return _HALVES.sub(lambda half: chr(0x100000 + ord(half[0])), text)


def _search(automaton: AhoCorasick, text: str, *, overlapping: bool = False) -> list[tuple[int, int, int]]:
    """The places of words as (number of the word, start, end)."""
    try:
        return automaton.find_matches_as_indexes(text, overlapping=overlapping)
    except UnicodeEncodeError:
        return automaton.find_matches_as_indexes(_whole(text), overlapping=overlapping)


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
