"""Which tasks of two plans are the same task, by their words.

Two tasks are as alike as the pairs of neighbouring characters that they share, rare pairs counting more than common ones
(cosine of idf weights). Numbers, enumerators, punctuation and the places' names do not count, so that a task with another
figure, or of the same words at another level, is still the same task.

>>> [(pair.a, pair.b) for pair in pairs(["开展汛前检查", "推广安责险"], [key("推广安责险60户"), "组织演练"])]
[(1, 0)]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Array = NDArray[numpy.float32]

__all__ = ["SAME", "SIMILAR", "Likeness", "Pair", "figures", "key", "nearest", "pairs", "pieces"]

SAME = 0.6
"""From this likeness on two tasks are held for the same."""
SIMILAR = 0.35
"""From this likeness on a task is named as the nearest one."""

_BLOCK = 1_000_000
"""Pairs of texts with a piece in common that are added at once, about, so that memory is bounded."""
_NOT_WORDS = re.compile(r"[\d\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-—~～至]+\s*(?:19|20)\d\d)?\s*年?(?:度|底|末)?|“?十[三四五六]五”?")
_DATE = re.compile(r"\d{1,2}月(?:\d{1,2}日|底|末|份)?|\d{1,2}日")
_DATED = re.compile(r"\d[月日年-]|\d{4}|十[三四五六]五")
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s*(?:[%‰]|[万亿]?[\u4e00-\u9fff]?)")


@dataclass(frozen=True, slots=True)
class Pair:
    """Task `a` of the one plan and task `b` of the other, by position, with their likeness (0 to 1)."""

    a: int
    b: int
    score: float


def key(text: str, places: Iterable[str] = ()) -> str:
    """The words of a task that are compared.

    >>> key("2024年,为 12 个多灾易灾村配备卫星电话。", ["云渚区"])
    '为个多灾易灾村配备卫星电话'
    """
    folded = unicodedata.normalize("NFKC", text)
    for place in places:
        folded = folded.replace(place, "")
    if _DATED.search(folded):
        folded = _DATE.sub("", _YEAR.sub("", folded))
    return _NOT_WORDS.sub("", folded)


def figures(text: str) -> list[str]:
    """The figures of a task with the character behind each, without years and dates.

    >>> figures("2025年6月底前为20个多灾易灾村配备卫星电话,达标率100%")
    ['20个', '100%']
    """
    folded = unicodedata.normalize("NFKC", text)
    return [found[0].replace(" ", "") for found in _FIGURE.finditer(_DATE.sub("", _YEAR.sub("", folded)))]


class Likeness:
    """How like every text of a list is to every text of another, as they are (see `key`); computed once."""

    def __init__(self, a: Sequence[str], b: Sequence[str]) -> None:
        self._scores = _scores(a, b)

    def pairs(self, least: float = SAME) -> list[Pair]:
        """The texts that belong together from this likeness on, each at most once, the most alike first."""
        scores = self._scores
        if not scores.size:
            return []
        size_a, size_b = scores.shape
        rows, columns = (scores >= least).nonzero()
        found = [Pair(i, j, float(scores[i, j])) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)]
        found.sort(key=lambda pair: (-round(pair.score, 4), abs(pair.a / size_a - pair.b / size_b), pair.a, pair.b))
        chosen: list[Pair] = []
        free_a, free_b = set(range(size_a)), set(range(size_b))
        for pair in found:
            if pair.a in free_a and pair.b in free_b:
                free_a.remove(pair.a)
                free_b.remove(pair.b)
                chosen.append(pair)
        return chosen

    def nearest(self, least: float = SIMILAR) -> dict[int, Pair]:
        """For each text of the first list the most alike one of the second, where any is alike enough."""
        return _best(self._scores, least)

    def nearest_back(self, least: float = SIMILAR) -> dict[int, Pair]:
        """For each text of the second list the most alike one of the first: a pair's `a` is in the second."""
        return _best(self._scores.T, least)


def pairs(a: Sequence[str], b: Sequence[str], least: float = SAME) -> list[Pair]:
    """`Likeness.pairs` of two lists."""
    return Likeness(a, b).pairs(least)


def nearest(a: Sequence[str], b: Sequence[str], least: float = SIMILAR) -> dict[int, Pair]:
    """`Likeness.nearest` of two lists."""
    return Likeness(a, b).nearest(least)


def _best(scores: Array, least: float) -> dict[int, Pair]:
    if not scores.size:
        return {}
    best = scores.argmax(axis=1).tolist()
    return {i: Pair(i, j, float(scores[i, j])) for i, j in enumerate(best) if scores[i, j] >= least}


def _scores(a: Sequence[str], b: Sequence[str]) -> Array:
    """A row a text of `a`, a column a text of `b`: cosine of the idf-weighted counts of their pieces."""
    import numpy

    scores = numpy.zeros((len(a), len(b)), dtype=numpy.float32)
    if not a or not b:
        return scores
    size = len(a) + len(b)
    padded = [text if len(text) > 1 else f"{text}\0\0"[:2] for text in (*a, *b)]
    characters = numpy.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
    lengths = numpy.array([len(text) for text in padded])
    joined = characters[:-1].astype(numpy.int64) << 21 | characters[1:]
    inside = numpy.ones(len(joined), dtype=bool)
    inside[numpy.cumsum(lengths)[:-1] - 1] = False  # pairs of the last character of a text and the first of the next
    _, codes = numpy.unique(joined[inside], return_inverse=True)
    texts = numpy.repeat(numpy.arange(size), lengths - 1)
    known = int(codes.max()) + 1
    both, counts = numpy.unique(texts * known + codes, return_counts=True)
    rows, places = numpy.divmod(both, known)
    raw = counts * numpy.log(1 + size / numpy.bincount(places, minlength=known))[places]
    values = raw / numpy.sqrt(numpy.bincount(rows, weights=raw**2))[rows]
    by_piece = numpy.argsort(places, kind="stable")
    rows, places, values = rows[by_piece], places[by_piece], values[by_piece]
    in_a, in_b = rows < len(a), rows >= len(a)
    rows_a, values_a, rows_b, values_b = rows[in_a], values[in_a], rows[in_b] - len(a), values[in_b]
    first = numpy.searchsorted(places[in_b], numpy.arange(known + 1))  # where each piece begins in `b`
    starts, shared = first[places[in_a]], numpy.diff(first)[places[in_a]]  # and how many texts of `b` have it
    cells = scores.reshape(-1)
    for block in numpy.array_split(numpy.arange(len(rows_a)), 1 + int(shared.sum()) // _BLOCK):
        times = shared[block]
        left = numpy.repeat(block, times)
        right = numpy.repeat(starts[block] + times - numpy.cumsum(times), times) + numpy.arange(len(left))
        products = (values_a[left] * values_b[right]).astype(numpy.float32)
        numpy.add.at(cells, rows_a[left] * len(b) + rows_b[right], products)
    return scores


def pieces(text: str) -> set[str]:
    """The pairs of neighbouring characters of a text's words."""
    words = key(text)
    return {words[at : at + 2] for at in range(len(words) - 1)} or {words}
