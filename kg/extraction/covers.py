"""The elements of plans (组织指挥、预警、物资…, `kg/ontology/elements.ttl`) that a plan's text holds, and where.

Three rules. `element_heading`: a section whose heading names the element and under which something stands.
`element_task`: a task whose words show it. `element_text`: a sentence outside both, or with words of the other kind, once a section
and element; it holds the element only in passing, but who says that a plan lacks an element must have looked there. The
words found stand in the evidence; of `element_text` the whole sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kg.extraction.matching import Matcher, Spans, bracketed
from kg.loaders.document import Document
from kg.ontology import vocabulary

__all__ = ["DraftCover", "find_covers"]

_STOP = re.compile(r"[。;；\n]")
_REPORTED = frozenset({"review", "achievements", "background"})
_SHORT = 2
_ASIDE = frozenset({"purpose", "classification", "definitions"})
"""Kinds of sections whose sentences hold no element: 紧急转移安置10万人以上 there is a condition."""


@dataclass(slots=True)
class DraftCover:
    """An element found at text[start:end]; exactly one of `section` and `task` is an index >= 0."""

    element: str
    section: int
    task: int
    start: int
    end: int
    rule: str


def find_covers(
    document: Document,
    tasks: Sequence[tuple[int, int]],
    kinds: Sequence[str],
    units: Iterable[tuple[int, int]],
    section_of: Callable[[int], int],
) -> list[DraftCover]:
    """The elements that a document holds, in the order of its text.

    Args:
        document: the plan.
        tasks: where its tasks stand, in order.
        kinds: what each section holds (`kg.extraction.zones`); headings of what was done in the past hold no element.
        units: where names of organisations stand: a word inside a name shows nothing in a sentence.
        section_of: the innermost section that holds a position, -1 outside all.
    """
    text = document.text
    closed = Spans([*((start, end) for start, end, _ in document.excluded), *bracketed(text)])
    headings = [(section.start, section.body) for section in document.sections]
    in_heading, in_task, in_unit = Spans(headings), Spans(tasks), Spans(units)
    starts = [start for start, _ in tasks]
    found: dict[tuple[int, int, str], DraftCover] = {}
    words = [match for match in _words().all(text) if not closed.touch(match.start, match.end)]
    shadows = _Shadows(text)
    for match in sorted(words, key=lambda match: (match.start, -match.end)):
        section = section_of(match.start)
        for element, heading_word, task_word in match.values:
            if shadows.hold(element, match.start, match.end):
                continue
            if heading_word and in_heading.touch(match.start, match.end):
                group = text.startswith(
                    "组", match.end
                )  # 物资保障组 is a working group, not where supplies are dealt with
                if section >= 0 and not group and _holds(document, section, kinds):
                    cover = DraftCover(element, section, -1, match.start, match.end, "element_heading")
                    found.setdefault((section, -1, element), cover)
                continue
            if task_word and in_task.touch(match.start, match.end):
                task = bisect_right(starts, match.start) - 1
                cover = DraftCover(element, -1, task, match.start, match.end, "element_task")
                held = found.setdefault((-1, task, element), cover)
                if match.end - match.start > held.end - held.start:  # 抢险救援 shows more than 转移
                    found[-1, task, element] = cover
                continue
            if section < 0 or kinds[section] in _ASIDE or in_unit.touch(match.start, match.end):
                continue
            if not task_word and len(match.word) <= _SHORT:
                continue  # 分级, 补偿: they say something in a heading only
            if (section, -2, element) not in found:
                start, end = _sentence(text, match.start, match.end)
                found[section, -2, element] = DraftCover(element, section, -1, start, end, "element_text")
    return sorted(found.values(), key=lambda cover: (cover.start, cover.end, cover.element))


def _holds(document: Document, section: int, kinds: Sequence[str]) -> bool:
    """Whether something stands under a heading, and not what was done in the past."""
    one = document.sections[section]
    return kinds[section] not in _REPORTED and bool(document.text[one.body : one.end].strip(" \t\n\u3000。：:"))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    begin = max((stop.end() for stop in _STOP.finditer(text, max(0, start - 300), start)), default=max(0, start - 300))
    stop = _STOP.search(text, end, end + 300)
    return begin, stop.start() if stop else min(len(text), end + 300)


class _Shadows:
    """Longer phrases in which a word does not show its element (`kg:notIn`)."""

    def __init__(self, text: str) -> None:
        found: dict[str, list[tuple[int, int]]] = {}
        for match in _blocked().all(text):
            for element in match.values:
                found.setdefault(element, []).append((match.start, match.end))
        self._spans = {element: Spans(spans) for element, spans in found.items()}

    def hold(self, element: str, start: int, end: int) -> bool:
        """Whether the word stands inside such a phrase."""
        spans = self._spans.get(element)
        return spans is not None and spans.hold(start, end)


def _pairs() -> Iterator[tuple[str, tuple[str, bool, bool]]]:
    for concept in vocabulary("elements"):
        shown = set(concept.all("taskWord"))
        for word in dict.fromkeys((*concept.forms, *concept.all("taskWord"))):
            yield word, (concept.id, word in concept.forms, word in shown)


@cache
def _words() -> Matcher[tuple[str, bool, bool]]:
    return Matcher(_pairs())


@cache
def _blocked() -> Matcher[str]:
    return Matcher((phrase, concept.id) for concept in vocabulary("elements") for phrase in concept.all("notIn"))
