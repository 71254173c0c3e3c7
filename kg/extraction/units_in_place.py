"""Units that are known by where they stand: in a list of units, behind 由, or in front of an action."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from kg.extraction.bodies import label_of
from kg.extraction.names import (
    HAN,
    SCHEME,
    OrganisationMention,
    any_of,
    front_pattern,
    left_boundary,
    may_begin,
    stop_words_pattern,
)
from kg.ontology.lexicon import alternation, compiled, words


def units_in_place(text: str, masked: str, found: Sequence[OrganisationMention]) -> Iterator[OrganisationMention]:
    """Units that are known by where they stand, whatever they are named after, wherever the text has them.

    `县水利局、云溪河务局、县气象局`, `由云溪河务局牵头`: a river, a scenic spot or a railway is in no table of places.
    """
    agencies = {mention.start: mention.end for mention in found if mention.label == "Agency" and not mention.generic}
    known = {(mention.start, mention.end) for mention in found}
    placed = {mention.end for mention in found if _placed(masked, mention.start)}
    ends = set(agencies.values())
    names: set[str] = set()

    def is_unit(item: re.Match[str], *, enclosed: bool = False) -> bool:
        start, end = item.span("unit")
        return (
            (start, end) not in known
            and left_boundary(text, start, item.start("head")) == start
            and not text.endswith(words(SCHEME, "no-organs"), start, end)
            and (
                enclosed
                or _placed(masked, start)
                or not text.endswith(words(SCHEME, "heads-after-a-place"), start, end)
            )
            and not any_of("common-fronts").fullmatch(text, start, item.start("head"))
            and not _action().match(text, start, end)
            and not (start in agencies and _action().match(text, agencies[start], end))  # 区卫健委|组织学校
        )

    for acting in _section_in_place().finditer(text):
        if _is_section(text, *acting.span("unit"), known):
            names.add(acting.group("unit"))
            ends.add(acting.end("unit"))
    for mark in re.finditer("、", text):
        item = _item().match(text, mark.end())
        beside = mark.start() in ends
        before_one = item is not None and text.startswith("、", item.end()) and item.end() + 1 in agencies
        if item and (beside or before_one) and is_unit(item, enclosed=beside and before_one):
            ends.add(item.end())
            names.add(item.group())
        section = _section().match(text, mark.end()) if beside and not item else None
        if section and _is_section(text, *section.span(), known):
            ends.add(section.end())
            names.add(section.group())
    for place in _in_place_of_a_unit().finditer(text):
        common = place.group("unit") and place.group("head") in words(SCHEME, "common-heads")
        if common and not _placed(masked, place.start("unit")):
            continue  # 保险公司, 受灾学校: any
        if place.group("unit") and place.end("unit") not in placed and is_unit(place):
            names.add(place.group("unit"))
    if names:
        for named in re.finditer(rf"{alternation(names)}(?![面部势限长员])", text):
            if may_begin(text, named.start()):
                yield OrganisationMention(
                    *named.span(), named.group(), (named.group(),), label_of(named.group()), False
                )


_UNIT = r"(?P<unit>[\u4e00-\u9fff（）()]{2,24}?(?P<head>{heads-in-a-list}))"
"""A name by its ending alone, whatever it is made of."""


def _item() -> re.Pattern[str]:
    """An item of a list that ends like a unit, up to what closes it."""
    return compiled(SCHEME, rf"{_UNIT}(?=[、，,。；;\n（(]|{{stop-words}}|$)")


def _in_place_of_a_unit() -> re.Pattern[str]:
    """What stands where only a unit can: after 由 or 会同 or at the front of a sentence, and then an action."""
    return compiled(
        SCHEME,
        r"(?:由|{agents/together-with+helping}|(?:^|(?<=[。；;\n]))(?:\s*[（(]?[\d一二三四五六七八九十]{1,3}[)）.．、])?\s*由?)"
        rf"(?:{{own-unit}})?+(?:{{class-scopes}}|{_UNIT}(?={{passages/a-verbs}}|{{passages/a-adverbs}}{{passages/a-verbs}}|{{stop-words}}))",
    )


_SECTION = rf"(?:[局厅委]机关|[局厅])?{HAN}{{0,12}}?(?:{{section-stems}}{{section-heads}}|(?<=[局厅]){HAN}{{2,10}}中心)"
_INSIDE_SECTIONS = ("和", "与", "及")


def _section_in_place() -> re.Pattern[str]:
    """A section of the issuer that acts: `由防汛抗旱科为…`, `救援协调和预案管理科修订…`."""
    return compiled(
        SCHEME,
        rf"(?:由|{{agents/together-with}}|(?:^|(?<=[，。；;\n]))(?:\s*[（(]?[\d一二三四五六七八九十]{{1,3}}[)）.．、])?\s*由?)"
        rf"(?:{{own-unit}})?+(?P<unit>{_SECTION})(?=[、，\d]|{{agents/leading-a-group}}|{{passages/a-verbs}}|{{stop-words}})",
    )


def _section() -> re.Pattern[str]:
    return compiled(SCHEME, _SECTION)


def _is_section(text: str, start: int, end: int, known: Collection[tuple[int, int]]) -> bool:
    """Whether a stretch that ends like a section holds no word that no name contains, 和 inside it apart."""
    return (
        (start, end) not in known
        and all(
            found.group() in _INSIDE_SECTIONS
            for found in stop_words_pattern().finditer(text, start, end)
            if found.group("stop")
        )
        and not text.startswith((*words(SCHEME, "levels"), *_INSIDE_SECTIONS), start)
    )


def _action() -> re.Pattern[str]:
    return compiled("passages", "{a-verbs}")


def _placed(masked: str, start: int) -> bool:
    """Whether a place or a level stands there, in masked text."""
    return front_pattern().match(masked, start) is not None
