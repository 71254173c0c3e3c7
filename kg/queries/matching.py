"""Which tasks of two plans are the same task, by their words.

Two tasks are as alike as the pairs of neighbouring characters that they share, rare pairs counting more than common ones
(cosine of idf weights). Numbers, enumerators, punctuation and the places' names do not count, so that a task with another
figure, or of the same words at another level, is still the same task.

>>> [(pair.a, pair.b) for pair in pairs(["开展汛前检查", "推广安责险"], ["推广安责险60户", "组织演练"])]
[(1, 0)]
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["SAME", "SIMILAR", "Pair", "figures", "key", "nearest", "pairs", "pieces"]

SAME = 0.6
"""From this likeness on two tasks are held for the same."""
SIMILAR = 0.35
"""From this likeness on a task is named as the nearest one."""

_NOT_WORDS = re.compile(r"[\d\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-—~～至]+\s*(?:19|20)\d\d)?\s*年?(?:度|底|末)?|“?十[三四五六]五”?")
_DATE = re.compile(r"\d{1,2}月(?:\d{1,2}日|底|末|份)?|\d{1,2}日")
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
    return _NOT_WORDS.sub("", _DATE.sub("", _YEAR.sub("", folded)))


def figures(text: str) -> list[str]:
    """The figures of a task with the character behind each, without years and dates.

    >>> figures("2025年6月底前为20个多灾易灾村配备卫星电话,达标率100%")
    ['20个', '100%']
    """
    folded = unicodedata.normalize("NFKC", text)
    return [found[0].replace(" ", "") for found in _FIGURE.finditer(_DATE.sub("", _YEAR.sub("", folded)))]


def pairs(a: Sequence[str], b: Sequence[str], least: float = SAME) -> list[Pair]:
    """The tasks of two lists that belong together, each at most once, the most alike first.

    Args:
        a, b: texts, already without what should not count (`key`) or as they are.
        least: likeness from which two texts are paired.
    """
    scores = _scores(a, b)
    if scores is None:
        return []
    rows, columns = (scores >= least).nonzero()
    found = [Pair(int(i), int(j), float(scores[i, j])) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)]
    found.sort(key=lambda pair: (-round(pair.score, 6), abs(pair.a / len(a) - pair.b / len(b)), pair.a, pair.b))
    chosen: list[Pair] = []
    free_a, free_b = set(range(len(a))), set(range(len(b)))
    for pair in found:
        if pair.a in free_a and pair.b in free_b:
            free_a.remove(pair.a)
            free_b.remove(pair.b)
            chosen.append(pair)
    return chosen


def nearest(a: Sequence[str], b: Sequence[str], least: float = SIMILAR) -> dict[int, Pair]:
    """For each text of `a` the most alike one of `b`, where any is alike enough."""
    scores = _scores(a, b)
    if scores is None:
        return {}
    best = scores.argmax(axis=1)
    return {i: Pair(i, int(j), float(scores[i, j])) for i, j in enumerate(best.tolist()) if scores[i, j] >= least}


def _scores(a: Sequence[str], b: Sequence[str]):  # type: ignore[no-untyped-def]  # a numpy array or None
    """The likeness of every text of `a` with every one of `b`."""
    import numpy

    if not a or not b:
        return None
    counted = [Counter(_pieces(key(text))) for text in (*a, *b)]
    spread = Counter(piece for pieces in counted for piece in pieces)
    weight = {piece: math.log(1 + len(counted) / number) for piece, number in spread.items()}
    holders: tuple[defaultdict[str, list[tuple[int, float]]], ...] = (defaultdict(list), defaultdict(list))
    for number, pieces in enumerate(counted):
        side, index = (0, number) if number < len(a) else (1, number - len(a))
        length = math.sqrt(sum((count * weight[piece]) ** 2 for piece, count in pieces.items()))
        for piece, count in pieces.items():
            holders[side][piece].append((index, count * weight[piece] / length))
    scores = numpy.zeros((len(a), len(b)))
    for piece, left in holders[0].items():
        right = holders[1].get(piece)
        if right is None:
            continue
        rows, values = zip(*left, strict=True)
        columns, others = zip(*right, strict=True)
        scores[numpy.ix_(rows, columns)] += numpy.outer(values, others)
    return scores


def pieces(text: str) -> set[str]:
    """The pairs of neighbouring characters of a text's words."""
    return set(_pieces(key(text)))


def _pieces(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)] or [text or "\0"]
