"""Titles in 《》: what a task cites, and which of them are regulations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.ontology.lexicon import compiled

_OPEN = re.compile("《")


@dataclass(frozen=True, slots=True)
class Title:
    """A title without its marks, [start, end) of the words between them, and the 文号 that follows it, if one does."""

    start: int
    end: int
    text: str
    doc_number: str | None


_NUMBER = re.compile(r"\s*[（(]\s*([^（）()《》]{1,16}[〔\[［（(]\d{4}[〕\]］）)]\s*\d{1,4}\s*号)\s*[)）]")


def find_titles(text: str) -> Iterator[Title]:
    """The titles in 《》 of a text, outermost marks only.

    >>> [t.text for t in find_titles("按照《市实施〈条例〉办法》和《防汛预案》执行")]
    ['市实施〈条例〉办法', '防汛预案']
    """
    at = 0
    while mark := _OPEN.search(text, at):
        start, depth = mark.end(), 1
        end = start
        while end < len(text) and depth and text[end] != "\n":
            depth += (text[end] == "《") - (text[end] == "》")
            end += 1
        if depth:
            at = start
            continue
        number = _NUMBER.match(text, end)
        if end - 1 > start:
            yield Title(start, end - 1, text[start : end - 1], number.group(1) if number else None)
        at = end


def is_regulation(title: str) -> bool:
    """Whether a title is that of a law, policy, standard or plan, by its last word.

    >>> is_regulation("服务指引"), is_regulation("灾害救助明白卡")
    (True, False)
    """
    return compiled("expressions", r"{regulation-kinds}(?:[（(].{1,12}[)）])?\s*$").search(title) is not None
